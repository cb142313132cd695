import { PROBLEMS, type Problem } from "./problem-list.ts";

/** Closed list of problem codes. */
export type ProblemCode = keyof typeof PROBLEMS;

/** One thing wrong at one place of a file. */
export type Fault = {
  readonly code: ProblemCode;
  /** 1-based line of the file; 0 when the whole file is meant. */
  readonly line: number;
  /** The column's name; empty when the row or the file is meant. */
  readonly column: string;
  /** The text that was seen. */
  readonly value: string;
  readonly wanted: string;
  /** What is wrong, in Traditional Chinese: what it is, what it should be, what was seen. */
  readonly message: string;
  /** What to do, in Traditional Chinese. */
  readonly remedy: string;
  readonly english: string;
};

/** Where in a file a fault is; leave out what does not apply. */
export type Place = { readonly line?: number; readonly column?: string; readonly value?: string };

/** Longest piece of a value repeated in a message; a whole web page in a sentence helps nobody. */
const SHOWN = 60;

function shorten(text: string): string {
  const line = text.replaceAll(/\s*[\r\n]\s*/g, " ");
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}

function describe(problem: Problem, wanted: string, seen: string): string {
  return `${problem.what}。應該是：${wanted}；看到的是${seen === "" ? "空白" : `「${shorten(seen)}」`}。`;
}

/** Makes the fault `code` at a place of a file; `wanted` replaces the general wording by the concrete value. */
export function fault(code: ProblemCode, place: Place, wanted?: string): Fault {
  const problem = PROBLEMS[code];
  const value = place.value ?? "";
  const expected = wanted ?? problem.wanted;
  return {
    code,
    line: place.line ?? 0,
    column: place.column ?? "",
    value,
    wanted: expected,
    message: describe(problem, expected, value),
    remedy: problem.remedy,
    english: problem.english,
  };
}

/** One value that this domain refuses: says what was wanted, what was seen and what to do. */
export class DomainError extends Error {
  readonly code: ProblemCode;
  readonly wanted: string;
  readonly seen: string;
  readonly remedy: string;
  readonly english: string;

  constructor(code: ProblemCode, seen: string, wanted?: string) {
    const problem = PROBLEMS[code];
    const expected = wanted ?? problem.wanted;
    super(`${describe(problem, expected, seen)}${problem.remedy}`);
    this.name = "DomainError";
    this.code = code;
    this.wanted = expected;
    this.seen = seen;
    this.remedy = problem.remedy;
    this.english = problem.english;
  }
}
