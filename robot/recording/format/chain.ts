import { z } from "zod";
import { canonicalText, type Json } from "../../lib/json.ts";
import { sha256 } from "../../lib/hash.ts";

/** Version of the folder format that is written. `recordings/README.md` describes it field by field. */
export const FORMAT = 1;

/** What the first event of a chain names as its predecessor. */
export const GENESIS = "0".repeat(64);

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

const eventLine = z.strictObject({
  seq: z.int().positive(),
  time: z.iso.datetime({ precision: 3 }),
  type: z.string(),
  data: z.json(),
  prevHash: sha256Hex,
  hash: sha256Hex,
});

/** One event as it stands in `events.jsonl`. `time` is UTC, ISO 8601, milliseconds; hashes are SHA-256 in lower-case hexadecimal. */
export interface EventLine {
  readonly seq: number;
  readonly time: string;
  readonly type: string;
  readonly data: Json;
  readonly prevHash: string;
  readonly hash: string;
}

/** The end of a chain: how many events, and the hash of the last one. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

export const NO_EVENTS: Head = { seq: 0, hash: GENESIS };

/** Adds an event to the chain that ends in `head`. */
export function nextEvent(head: Head, time: Date, type: string, data: Json): EventLine {
  const open = { seq: head.seq + 1, time: time.toISOString(), type, data, prevHash: head.hash };
  return { ...open, hash: eventHash(open) };
}

/** The time of an event that follows another: where the clock was set back meanwhile, that of the one before. */
export function notBefore(now: Date, last: Pick<EventLine, "time"> | undefined): Date {
  const before = last ? new Date(last.time) : now;
  return now < before ? before : now;
}

/** The line of an event in `events.jsonl`, with its line feed. */
export function lineOf(event: EventLine): string {
  return `${canonicalText({ ...event })}\n`;
}

export type ParsedLine = { readonly ok: true; readonly event: EventLine } | { readonly ok: false };

/** Reads one line for showing it, whether or not its hashes hold. Null when it is no event at all. */
export function readLine(line: string): EventLine | null {
  try {
    return eventLine.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/** Reads one line back. Anything but the exact bytes that were once written is not an event. */
export function parseLine(line: string): ParsedLine {
  const event = readLine(line);
  if (event === null) return { ok: false };
  try {
    const { hash, ...open } = event;
    return hash === eventHash(open) && lineOf(event) === `${line}\n` ? { ok: true, event } : { ok: false };
  } catch {
    // Nested deeper than it can be written again.
    return { ok: false };
  }
}

/** Splits the bytes of `events.jsonl`: whole lines, and what a writer that was cut off left after the last line feed. */
export function splitLines(bytes: Buffer): { readonly lines: readonly string[]; readonly torn: Buffer } {
  const end = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.subarray(0, end).toString("utf8").split("\n");
  return { lines: lines.slice(0, -1), torn: bytes.subarray(end) };
}

/** Whether an event is the next one of the chain that ends in `head`. */
export function follows(event: EventLine, head: Head): boolean {
  return event.seq === head.seq + 1 && event.prevHash === head.hash;
}

function eventHash(open: Omit<EventLine, "hash">): string {
  return sha256(canonicalText({ ...open }));
}
