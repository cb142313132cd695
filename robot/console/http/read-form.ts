import type { Context } from "hono";

/** Fields of a form; one that a form holds several times is a list. */
export type Form = Readonly<Record<string, string | File | (string | File)[]>>;

/** How much of a body is read (bytes), and how long it is waited for (milliseconds). */
export interface BodyLimits {
  readonly most: number;
  /** Between two pieces. */
  readonly stall: number;
  /** For all of it. */
  readonly whole: number;
}

/** Of a person who is not signed in: a name and a password. */
export const STRANGER_LIMITS: BodyLimits = { most: 16 * 1024, stall: 5_000, whole: 10_000 };
/** Of a person who is: fields that people fill in. */
export const FIELD_LIMITS: BodyLimits = { most: 1024 * 1024, stall: 15_000, whole: 60_000 };
/** With files: an invoice ledger of some hundred thousand rows. */
export const FILE_LIMITS: BodyLimits = { most: 64 * 1024 * 1024, stall: 15_000, whole: 5 * 60_000 };

const WORDS = {
  400: "這個要求不完整，或格式不對，沒有執行。",
  408: "這個要求傳到一半就停了，沒有執行。",
  413: "送來的內容太大，沒有執行。",
} as const;

/** A body that is not taken: it is broken, too slow or too large. Nothing of it was carried out. */
export class BodyRefused extends Error {
  readonly status: keyof typeof WORDS;
  /** For people. */
  readonly words: string;

  constructor(status: keyof typeof WORDS) {
    super(`body refused: ${status}`);
    this.status = status;
    this.words = WORDS[status];
  }
}

/**
 * Reads a form as browsers send it. Never more than the limit is held in memory, whatever the request says of its length.
 * @throws BodyRefused
 */
export async function readForm(c: Context, limits: BodyLimits): Promise<Form> {
  const type = c.req.header("content-type") ?? "";
  const bytes = await readBody(c, limits);
  if (bytes.length === 0) return {};
  if (!/^(?:application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type)) throw new BodyRefused(400);
  const parsed = await new Response(bytes, { headers: { "Content-Type": type } }).formData().catch(() => {
    throw new BodyRefused(400);
  });
  return fieldsOf(parsed);
}

async function readBody(c: Context, { most, stall, whole }: BodyLimits): Promise<Uint8Array<ArrayBuffer>> {
  const announced = Number(c.req.header("content-length") ?? "0");
  if (announced > most) throw new BodyRefused(413);
  const reader = c.req.raw.body?.getReader();
  if (!reader) return new Uint8Array();
  const until = performance.now() + whole;
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read(), Math.min(stall, until - performance.now()));
      if (done) break;
      size += value.length;
      if (size > most) throw new BodyRefused(413);
      pieces.push(value);
    }
  } catch (error) {
    void reader.cancel().catch(() => undefined);
    // What else is thrown here is the connection's: it was cut.
    throw error instanceof BodyRefused ? error : new BodyRefused(400);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

async function inTime<T>(read: Promise<T>, milliseconds: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new BodyRefused(408)), Math.max(0, milliseconds));
  // A read that is given up may fail later, when nobody waits for it any more.
  read.catch(() => undefined);
  try {
    return await Promise.race([read, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function fieldsOf(data: FormData): Form {
  const fields = new Map<string, string | File | (string | File)[]>();
  for (const [name, value] of data) {
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]);
  }
  return Object.fromEntries(fields);
}
