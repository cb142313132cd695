import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import type { Json } from "../lib/json.ts";
import { Failure } from "../failures/failure.ts";
import { sha256 } from "../lib/hash.ts";

const json: z.ZodType<Json> = z.json();

/**
 * What the console writes. `robot.config.ts` is a program that people edit, and no program can change it without risking what they
 * wrote; so the console's settings are a JSON file beside it, laid over it: each of these keys that is there wins. See
 * docs/decisions/0013.
 */
const settingsSchema = z.strictObject({
  companies: z.array(json).optional(),
  schedules: z.array(json).optional(),
  mailbox: json.optional(),
  /** Single settings of the portal; the others stay as they are in the configuration. */
  portal: z.record(z.string(), json).optional(),
  recordings: z.record(z.string(), json).optional(),
});

export type Settings = z.infer<typeof settingsSchema>;

/** Settings as they were read, and the mark by which a later change is known not to undo someone else's. */
export interface ReadSettings {
  readonly settings: Settings;
  readonly version: string;
}

/** `robot.settings.json` beside `robot.config.ts`; for another name of the configuration accordingly. */
export function settingsPath(configFile: string): string {
  const name = basename(configFile).replace(/(?:\.config)?\.\w+$/, "");
  return join(dirname(configFile), `${name}.settings.json`);
}

/** @throws Failure `config-invalid` when it is no JSON, or holds what it may not */
export async function readSettings(configFile: string): Promise<ReadSettings> {
  const path = settingsPath(configFile);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new Failure("config-invalid", { wanted: `讀取 ${path}`, seen: String(error) }, { cause: error });
  });
  if (text === null) return { settings: {}, version: "" };
  const parsed = settingsSchema.safeParse(jsonOf(text));
  if (!parsed.success) {
    const seen = parsed.error.issues.map((issue) => `${issue.path.join(".")}：${issue.message}`).join("；");
    throw new Failure("config-invalid", { wanted: path, seen });
  }
  return { settings: parsed.data, version: sha256(text) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The configuration with the settings laid over it; what is no object is for the schema to refuse. */
export function withSettings(config: unknown, { portal, recordings, ...whole }: Settings): unknown {
  if (config === null || typeof config !== "object") return config;
  const over = (key: string, part: object | undefined): object => {
    if (part === undefined) return {};
    const own: unknown = Reflect.get(config, key);
    return { [key]: own !== null && typeof own === "object" ? { ...own, ...part } : part };
  };
  return { ...config, ...whole, ...over("portal", portal), ...over("recordings", recordings) };
}

/** Replaces the file as a whole, and keeps what it held before beside it. */
export async function writeSettings(configFile: string, settings: Settings, before: Settings): Promise<void> {
  const path = settingsPath(configFile);
  const text = `${JSON.stringify(settings, null, 2)}\n`;
  // Written first, and good only for this very text: a process that dies in between leaves one that is never offered.
  await replaceFile(previousPath(path), `${JSON.stringify({ followedBy: sha256(text), settings: before }, null, 2)}\n`);
  await replaceFile(path, text);
}

/** What the settings were before the last change; null where there was none, or where the file was changed by hand since. */
export async function readPreviousSettings(configFile: string, version: string): Promise<Settings | null> {
  const text = await readFile(previousPath(settingsPath(configFile)), "utf8").catch(() => null);
  const read = previousSchema.safeParse(text === null ? null : jsonOf(text));
  return read.success && read.data.followedBy === version ? read.data.settings : null;
}

const previousSchema = z.strictObject({ followedBy: z.string(), settings: settingsSchema });

function previousPath(path: string): string {
  return path.replace(/\.json$/, ".previous.json");
}

async function replaceFile(path: string, text: string): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  try {
    await writeFile(part, text, { mode: 0o600 });
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}
