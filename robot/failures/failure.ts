import { blanks } from "./blanks.ts";
import { carriers } from "./carriers.ts";
import type { FailureKind } from "./kind.ts";
import { machine } from "./machine.ts";
import { mail } from "./mail.ts";
import { platform } from "./platform.ts";
import { portal } from "./portal.ts";
import { running } from "./running.ts";
import { signingIn } from "./signing-in.ts";
import { tracks } from "./tracks.ts";
import { winners } from "./winners.ts";

/**
 * The closed list of what can go wrong, with the words for people. One place for worker, store, command line and console.
 * A code is added to one of the subjects, or nowhere: everything that switches over codes is checked for completeness by the compiler.
 */
const kinds = {
  ...signingIn,
  ...portal,
  ...tracks,
  ...blanks,
  ...carriers,
  ...platform,
  ...winners,
  ...mail,
  ...running,
  ...machine,
};

export type FailureCode = keyof typeof kinds;
export type Language = "zh" | "en";

/** Whether a text, for example out of the store, is one of the codes of this list. */
export function isFailureCode(text: string): text is FailureCode {
  return Object.hasOwn(kinds, text);
}

/** Explanation, next step and what the machine may do, for one code. */
export function failureKind(code: FailureCode): FailureKind {
  return kinds[code];
}

/** The codes of what may be over a little later by itself. */
export function passingFailures(): FailureCode[] {
  return failureCodes().filter((code) => failureKind(code).passing === true);
}

/** Every code, in the order of the list; for documentation and completeness tests. */
export function failureCodes(): FailureCode[] {
  return Object.keys(kinds).filter(isFailureCode);
}

/** What is known about one failure besides its code. All of it is shown to people, so nothing secret belongs here. */
export type FailureDetail = {
  /** What the robot was about to do or looked for. */
  readonly wanted?: string;
  /** What was there instead. */
  readonly seen?: string;
  /** The page's own words. */
  readonly pageSays?: string;
  /** Where: the page's name as people know it. */
  readonly page?: string;
  /** `wanted` and `seen` in English, where they are words of ours and no data. */
  readonly en?: { readonly wanted?: string; readonly seen?: string };
};

/** What a run had done at the portal before it failed, and what the portal lacks now because the rest was not done. */
export type DoneBefore = {
  /** Each act that was proved, in words. */
  readonly done: readonly string[];
  readonly missing?: string;
  /** The last day on which it may be made up for, `2027-01-10`, Taipei. */
  readonly until?: string;
};

/** JSON form of a failure: what is stored, recorded and put into the command line's envelope. */
export type FailureData = FailureDetail &
  Partial<DoneBefore> & {
    readonly code: FailureCode;
    readonly message: string;
    readonly next: string;
  };

/** How many acts a message names; the data has them all. */
const MOST_DONE = 5;

/** A failure as people have to know it: what was done before it comes first, and what is missing now. */
export function afterDone(failure: FailureData, before: DoneBefore, language: Language = "zh"): FailureData {
  if (before.done.length === 0) return failure;
  return { ...failure, ...before, message: `${doneFirst(before, language)}${failure.message}` };
}

function doneFirst({ done, missing, until }: DoneBefore, language: Language): string {
  const names = done.slice(0, MOST_DONE).join(language === "zh" ? "、" : ", ");
  const isMore = done.length > MOST_DONE;
  if (language === "en") {
    const lacks = missing === undefined ? "" : ` Missing at the portal now: ${missing}`;
    const by = missing === undefined || until === undefined ? "" : `, to be made up for by ${until}`;
    const more = isMore ? ` … ${done.length} in all` : "";
    return `Already done: ${names}${more}.${lacks}${lacks === "" ? "" : `${by}.`} Then: `;
  }
  const by = until === undefined ? "" : `，最晚 ${until} 前要補上`;
  const lacks = missing === undefined ? "" : `平台上現在缺：${missing}${by}。`;
  return `已經做了：${names}${isMore ? `…共 ${done.length} 項` : ""}。${lacks}之後：`;
}

/** A failure that was written down in Chinese, in another language. */
export function failureIn(failure: FailureData, language: Language): FailureData {
  if (language === "zh" || !isFailureCode(failure.code)) return failure;
  const { code, message: _zh, next: _also, done = [], missing, until, ...detail } = failure;
  const told = failureData(code, detail, language);
  const before = { done, ...(missing === undefined ? {} : { missing }), ...(until === undefined ? {} : { until }) };
  return afterDone(told, before, language);
}

/** An expected failure: one of the list, with what was wanted and seen. Anything else that is thrown is a fault of the program. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: FailureCode;
  readonly detail: FailureDetail;

  constructor(code: FailureCode, detail: FailureDetail = {}, options?: ErrorOptions) {
    super(failureMessage(code, detail, "zh"), options);
    this.code = code;
    this.detail = detail;
  }

  /** The failure as data, in one language. */
  toData(language: Language = "zh"): FailureData {
    return failureData(this.code, this.detail, language);
  }
}

/** The failure as data for people: explanation with the details, and the next step. */
export function failureData(code: FailureCode, detail: FailureDetail, language: Language = "zh"): FailureData {
  return { code, message: failureMessage(code, detail, language), next: kinds[code].next[language], ...detail };
}

function failureMessage(code: FailureCode, detail: FailureDetail, language: Language): string {
  const labels =
    language === "zh"
      ? { pageSays: "平台訊息", wanted: "要", seen: "看到", page: "頁面", colon: "：" }
      : { pageSays: "The page says", wanted: "Wanted", seen: "Seen", page: "Page", colon: ": " };
  const shown = language === "zh" ? detail : { ...detail, ...detail.en };
  const parts: string[] = [kinds[code].explain[language]];
  for (const key of ["pageSays", "wanted", "seen", "page"] as const) {
    const value = shown[key];
    if (value) parts.push(`${labels[key]}${labels.colon}${value}`);
  }
  return parts.join(" ");
}
