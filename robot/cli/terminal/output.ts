import { failureIn } from "../../failures/failure.ts";
import { type Failure, type FailureData, failureData, failureKind, type Language } from "../../failures/failure.ts";
import type { English } from "../../english/english.ts";
import { robotEnglish } from "../../english/english.ts";
import { isList, type Json } from "../../lib/json.ts";
import type { Outcome } from "../../engine/runs/runs.ts";

/** What every command answers with, one shape for all. */
export interface Envelope {
  readonly ok: boolean;
  readonly command: string;
  readonly data: Json;
  readonly failure: FailureData | null;
}

/** Exit codes: 0 done · 1 failed · 2 wrong use or configuration · 3 a person is needed · 4 outcome unknown. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

/** What a command did: data for machines, lines for people, and how the process ends. */
export interface Answer {
  readonly data: Json;
  readonly lines: readonly string[];
  readonly failure?: FailureData | null;
  readonly exit: ExitCode;
}

/** Where a command's words go. With `--json` nothing but the envelope is on stdout. */
export class Output {
  readonly json: boolean;
  readonly language: Language;
  readonly #tty = process.stderr.isTTY;
  readonly #english: English | null;
  #progress = "";

  constructor(options: { json: boolean; language: Language }) {
    this.json = options.json;
    this.language = options.language;
    this.#english = options.language === "en" ? robotEnglish() : null;
  }

  /** The text in the person's language. */
  say(zh: string, en: string): string {
    return this.language === "zh" ? zh : en;
  }

  /** What was said in Chinese, such as a question or a step's title, in the person's language. */
  words(said: string): string {
    return this.#english?.of(said) ?? said;
  }

  /** A line of progress: replaced by the next on a terminal, a plain line when piped. Always on stderr. */
  progress(said: string): void {
    const line = this.words(said);
    if (line === this.#progress) return;
    this.#progress = line;
    if (this.#tty) process.stderr.write(`\r\u001B[2K${line}`);
    else process.stderr.write(`${line}\n`);
  }

  /** Ends the line of progress, so that what follows starts on its own. */
  settle(): void {
    if (this.#tty && this.#progress !== "") process.stderr.write("\n");
    this.#progress = "";
  }

  answer(command: string, answer: Answer): ExitCode {
    this.settle();
    const failure = answer.failure ? failureIn(this.#failure(answer.failure), this.language) : null;
    if (this.json) {
      const envelope: Envelope = { ok: answer.exit === 0, command, data: this.#data(answer.data), failure };
      process.stdout.write(`${JSON.stringify(envelope)}\n`);
      return answer.exit;
    }
    for (const line of answer.lines) process.stdout.write(`${this.words(line)}\n`);
    if (failure) {
      process.stderr.write(`✗ ${failure.message}\n`);
      process.stderr.write(`→ ${failure.next}\n`);
    }
    return answer.exit;
  }

  /** What was wanted and seen, where no English was written beside it. */
  #failure(failure: FailureData): FailureData {
    if (this.#english === null) return failure;
    const { wanted, seen, page, done, missing, en } = failure;
    return {
      ...failure,
      ...(wanted === undefined ? {} : { wanted: en?.wanted ?? this.words(wanted) }),
      ...(seen === undefined ? {} : { seen: en?.seen ?? this.words(seen) }),
      ...(page === undefined ? {} : { page: this.words(page) }),
      ...(missing === undefined ? {} : { missing: this.words(missing) }),
      ...(done === undefined ? {} : { done: done.map((act) => this.words(act)) }),
    };
  }

  /** The texts for people in what machines are given. */
  #data(data: Json): Json {
    return this.#english === null ? data : inEnglish(data, this.#english, false);
  }
}

/** What in an envelope's data is said to people; all else is data. */
const FOR_PEOPLE = new Set([
  "notes",
  "text",
  "progress",
  "message",
  "next",
  "seen",
  "wanted",
  "lines",
  "line",
  "title",
  "choices",
]);

function inEnglish(data: Json, english: English, isForPeople: boolean): Json {
  if (typeof data === "string") return isForPeople ? english.of(data) : data;
  if (data === null || typeof data !== "object") return data;
  if (isList(data)) return data.map((one) => inEnglish(one, english, isForPeople));
  const entries = Object.entries(data).map(([key, value]): [string, Json | undefined] => [
    key,
    value === undefined ? value : inEnglish(value, english, isForPeople || FOR_PEOPLE.has(key)),
  ]);
  return Object.fromEntries(entries);
}

/** The answer of a command that could not do its work. */
export function failed(error: Failure, language: Language): Answer {
  const failure = failureData(error.code, error.detail, language);
  return { data: null, lines: [], failure, exit: failureKind(error.code).exit ?? 1 };
}

export function exitOfOutcome(outcome: Outcome): ExitCode {
  switch (outcome) {
    case "done":
    case "already-done":
      return 0;
    case "failed":
      return 1;
    // A run that waits and whose process ends needs someone, or `serve`, to start it again.
    case "waiting":
    case "needs-person":
      return 3;
    case "unknown":
      return 4;
  }
}
