import { z } from "zod";
import { canonicalText, type Json } from "../../lib/json.ts";
import { FORMAT } from "./chain.ts";
import { sha256 } from "../../lib/hash.ts";

/** What is known of a run when it begins. Strings as people and the portal write them; `startedAt` is UTC, ISO 8601. */
export interface RunHeader {
  readonly runId: string;
  readonly flow: string;
  readonly flowVersion: string;
  /** What people call the job, for example 取號. */
  readonly title: string;
  readonly company: { readonly name: string; readonly ubn: string };
  readonly input: Json;
  /** A person, `schedule`, or whatever else began it. */
  readonly startedBy: string;
  readonly startedAt: string;
  /** Versions of what took part: robot, browser, selectors, Node. */
  readonly versions: Readonly<Record<string, string>>;
}

export interface RecordedOutcome {
  readonly outcome: string;
  readonly failure?: { readonly code: string; readonly message: string; readonly next: string } | null | undefined;
  readonly summary?: Json | undefined;
}

const headerSchema = z.strictObject({
  runId: z.string(),
  flow: z.string(),
  flowVersion: z.string(),
  title: z.string(),
  company: z.strictObject({ name: z.string(), ubn: z.string() }),
  input: z.json(),
  startedBy: z.string(),
  startedAt: z.iso.datetime(),
  versions: z.record(z.string(), z.string()),
});

const endedSchema = z.strictObject({
  outcome: z.string(),
  // With whatever else is known: what was wanted and seen, the page and its own words.
  failure: z.object({ code: z.string(), message: z.string(), next: z.string() }).catchall(z.json()).nullable(),
  summary: z.json(),
  quarantined: z.boolean(),
});

const startedSchema = z.strictObject({ format: z.literal(FORMAT), header: headerSchema });

const runSchema = z.strictObject({
  format: z.literal(FORMAT),
  header: headerSchema,
  ended: endedSchema.extend({ at: z.iso.datetime(), event: z.int().positive() }).nullable(),
});

/** A file with its hash, as events and documents name it. */
export const fileSchema = z.strictObject({ path: z.string(), sha256: z.string(), bytes: z.int().nonnegative() });

const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  runId: z.string(),
  chain: z.strictObject({ events: z.int().positive(), head: z.string() }),
  files: z.array(fileSchema),
  writtenAt: z.iso.datetime(),
  hash: z.string(),
});

export type Started = z.infer<typeof startedSchema>;
export type Ended = z.infer<typeof endedSchema>;
/** `run.json` */
export type RunDocument = z.infer<typeof runSchema>;
export type FileEntry = z.infer<typeof fileSchema>;
/** `manifest.json` */
export type Manifest = z.infer<typeof manifestSchema>;

const anyFormat = z.object({ format: z.int().gt(FORMAT) });

/**
 * A folder of a later format is neither right nor wrong; it is for a later program.
 * @param first data of the first event
 * @throws Error naming the format
 */
export function assertKnownFormat(first: Json): void {
  const later = anyFormat.safeParse(first).data;
  if (!later) return;
  throw new Error(
    `This record has format ${later.format}, and this program reads formats up to ${FORMAT}. Use a newer version of it.`,
  );
}

/** The data of the events that the recorder itself writes, as far as something depends on them. */
export const readStarted = (data: Json): Started | null => startedSchema.safeParse(data).data ?? null;
export const readEnded = (data: Json): Ended | null => endedSchema.safeParse(data).data ?? null;
export const readFileEntry = (data: Json): FileEntry | null => fileSchema.strip().safeParse(data).data ?? null;

/** Whether an event is about a file that names people. */
export const isPersonal = (data: Json): boolean => z.object({ personal: z.literal(true) }).safeParse(data).success;

/** The manifest with its own hash, which makes every change of it visible. */
export function sealManifest(open: Omit<Manifest, "hash">): Manifest {
  return { ...open, hash: sha256(canonicalText({ ...open })) };
}

/** Documents are written for people to read: indented, always in the same form. */
export function documentText(document: RunDocument | Manifest | Json): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** A document read back, or null when it is not exactly what was once written. */
export function readRun(text: string): RunDocument | null {
  const run = runSchema.safeParse(parsed(text)).data;
  return run && documentText(run) === text ? run : null;
}

/** A manifest read back, or null when it is not exactly what was once written. */
export function readManifest(text: string): Manifest | null {
  const manifest = manifestSchema.safeParse(parsed(text)).data;
  if (!manifest || documentText(manifest) !== text) return null;
  const { hash, ...open } = manifest;
  return sealManifest(open).hash === hash ? manifest : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
