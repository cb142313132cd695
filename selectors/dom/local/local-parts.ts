import { readFileSync } from "node:fs";
import { z } from "zod";
import { candidateSchema, type LocalCandidate } from "./candidate.ts";

/** What a person who showed where a part is now has said, and when. */
const pickSchema = z.strictObject({
  by: z.string().min(1),
  /** UTC, ISO 8601. */
  at: z.iso.datetime(),
  /** As what the person said so: a button that changes the portal is taken from a person with 管理 only. */
  role: z.enum(["operate", "manage"]),
  /** What it was called until then, and what the person pointed at. */
  was: z.string(),
  now: z.string(),
  /** What the part is called by people. */
  name: z.string(),
  /** When it was found again after the page had been opened once more; null while nobody has looked. */
  verified: z.iso.datetime().nullable(),
  /** A look at the pages has to find it before it is pressed. */
  awaitsCheck: z.boolean(),
});

const candidates = z.array(candidateSchema).min(1);

const entrySchema = z.union([
  /** Written by hand. */
  candidates,
  z.strictObject({
    candidates,
    picked: pickSchema,
    /** What stood here before, to go back to. */
    before: z.unknown().optional(),
  }),
]);

/** `selectors/local.json`. */
export const localFileSchema = z.record(z.string(), entrySchema);

export type LocalFile = z.infer<typeof localFileSchema>;
export type LocalEntry = LocalFile[string];
export type Pick = z.infer<typeof pickSchema>;

/** What is wrong with such a file, for anyone who has written it. */
export function faultsIn(error: z.ZodError): string {
  const places = [...new Set(error.issues.map(({ path }) => path.join(".")))];
  return `看不懂「${places.join("」「")}」；每個部分是一串找法，一種找法是 role 加 name、text、label、offers 或 id 其中之一`;
}

let parts: LocalFile = {};
let from: string | null = null;

/**
 * Reads what this installation says of parts; from now on it counts before what the robot knows itself.
 * @param file `selectors/local.json`; none is no fault
 * @throws Error when the file is there and can't be understood: half-read words must not steer clicks
 */
export function useLocalParts(file: string): void {
  from = file;
  parts = readLocalParts(file);
}

/** Reads it once more, where a person has just changed it. */
export function rereadLocalParts(): void {
  if (from !== null) parts = readLocalParts(from);
}

/** @throws Error when the file is there and can't be understood */
export function readLocalParts(file: string): LocalFile {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error(`${file}：不是 JSON`);
  }
  const parsed = localFileSchema.safeParse(json);
  if (!parsed.success) throw new Error(`${file}：${faultsIn(parsed.error)}`);
  return parsed.data;
}

/**
 * This installation's own ways to find a part, to be tried one after the other before ours. A button that changes the portal is found only by
 * what a person with 管理 has agreed to: what is written by hand is signed by nobody.
 */
export function localCandidates(partId: string, changesPortal: boolean): readonly LocalCandidate[] {
  const entry = parts[partId];
  if (entry === undefined) return [];
  if (!("picked" in entry)) return changesPortal ? [] : entry;
  return changesPortal && entry.picked.role !== "manage" ? [] : entry.candidates;
}

/** What this installation says that a word over a column is. */
export function localWords(partId: string): readonly string[] {
  return localCandidates(partId, false).flatMap((one) => ("text" in one ? [one.text] : []));
}

/** Whether a person has picked it, and a look at the pages has to find it again before it may be pressed. */
export function awaitsCheck(partId: string): boolean {
  const entry = parts[partId];
  return entry !== undefined && "picked" in entry && entry.picked.awaitsCheck && entry.picked.verified === null;
}

/** Which parts were picked by a person and were not found again yet. */
export function unverifiedPicks(): readonly string[] {
  return Object.entries(parts).flatMap(([id, entry]) =>
    "picked" in entry && entry.picked.verified === null ? [id] : [],
  );
}
