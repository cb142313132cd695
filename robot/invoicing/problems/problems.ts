import { CARRIER_PROBLEMS } from "./carrier-problems.ts";
import { FILE_PROBLEMS } from "./file-problems.ts";
import { RECIPIENT_PROBLEMS } from "./recipient-problems.ts";
import { VALUE_PROBLEMS } from "./value-problems.ts";

/** A text for people, in Traditional Chinese and in English. */
export type Words = { readonly zh: string; readonly en: string };

/** What is wrong, what it should be unless the caller knows better, and what to do. */
export type Problem = { readonly what: Words; readonly wanted: Words; readonly remedy: Words };

/**
 * The closed list of everything this domain can object to, with the words a book-keeper reads.
 * Errors (one value given to the robot) and faults (one place in a file) share it, so the same mistake reads the same everywhere.
 */
const PROBLEMS = { ...VALUE_PROBLEMS, ...FILE_PROBLEMS, ...CARRIER_PROBLEMS, ...RECIPIENT_PROBLEMS };

/** Closed list of problem codes. */
export type ProblemCode = keyof typeof PROBLEMS;

/** One thing wrong at one place of a file. Texts are in Traditional Chinese, `english` has them in English. */
export type Fault = {
  readonly code: ProblemCode;
  /** 1-based line of the file; 0 when the whole file is meant. */
  readonly line: number;
  /** The column's name; empty when the row or the file is meant. */
  readonly column: string;
  /** The text that was seen. */
  readonly value: string;
  readonly wanted: string;
  /** What is wrong: what it is, what it should be, what was seen. */
  readonly message: string;
  /** What to do. */
  readonly remedy: string;
  readonly english: { readonly wanted: string; readonly message: string; readonly remedy: string };
};

/** Where in a file a fault is; leave out what does not apply. */
export type FaultPlace = { readonly line?: number; readonly column?: string; readonly value?: string };

/** Longest piece of a value repeated in a message; a whole web page in a sentence helps nobody. */
const SHOWN = 60;

function shorten(text: string): string {
  const head = text.slice(0, 20 * SHOWN);
  const line = head.replaceAll(/\s*[\r\n]\s*/g, " ");
  return line.length > SHOWN || head.length < text.length ? `${line.slice(0, SHOWN)}…` : line;
}

function describe({ what }: Problem, wanted: Words, seen: string): Words {
  const quoted = shorten(seen);
  return {
    zh: `${what.zh}。應該是：${wanted.zh}；看到的是${seen === "" ? "空白" : `「${quoted}」`}。`,
    en: `${what.en}. Expected: ${wanted.en}; seen: ${seen === "" ? "nothing" : `"${quoted}"`}.`,
  };
}

/** A plain string is a value that reads the same in both languages. */
export function inBoth(text: string | Words): Words {
  return typeof text === "string" ? { zh: text, en: text } : text;
}

/**
 * Makes the fault `code` at a place of a file; `wanted` replaces the general wording by the concrete value, `remedy` the general advice
 * by the very step that helps here.
 */
export function fault(code: ProblemCode, place: FaultPlace, wanted?: string | Words, remedy?: Words): Fault {
  const problem: Problem = PROBLEMS[code];
  const advice = remedy ?? problem.remedy;
  const value = place.value ?? "";
  const expected = inBoth(wanted ?? problem.wanted);
  const message = describe(problem, expected, value);
  return {
    code,
    line: place.line ?? 0,
    column: place.column ?? "",
    value,
    wanted: expected.zh,
    message: message.zh,
    remedy: advice.zh,
    english: { wanted: expected.en, message: message.en, remedy: advice.en },
  };
}

/** One value that this domain refuses: says what was wanted, what was seen and what to do. */
export class DomainError extends Error {
  readonly code: ProblemCode;
  readonly wanted: Words;
  readonly seen: string;
  /** The message in English. */
  readonly english: string;

  constructor(code: ProblemCode, seen: string, wanted?: string | Words) {
    const problem: Problem = PROBLEMS[code];
    const expected = inBoth(wanted ?? problem.wanted);
    const message = describe(problem, expected, seen);
    super(`${message.zh}${problem.remedy.zh}`);
    this.name = "DomainError";
    this.code = code;
    this.wanted = expected;
    this.seen = seen;
    this.english = `${message.en} ${problem.remedy.en}`;
  }
}

/** Faults in bounded memory, in the order in which they were found. */
export type FaultList = {
  readonly add: (fault: Fault) => void;
  readonly faults: readonly Fault[];
  /** How many more there were, beyond what is kept of one kind. */
  readonly omitted: () => number;
};

/** More of one kind than anybody mends by hand; the wrong column of a large ledger would otherwise fill memory with them. */
const KEPT_PER_CODE = 10_000;

export function faultList(): FaultList {
  const faults: Fault[] = [];
  const counts = new Map<ProblemCode, number>();
  let omitted = 0;
  return {
    faults,
    omitted: () => omitted,
    add(fault) {
      const count = (counts.get(fault.code) ?? 0) + 1;
      counts.set(fault.code, count);
      if (count <= KEPT_PER_CODE) faults.push(fault);
      else omitted += 1;
    },
  };
}
