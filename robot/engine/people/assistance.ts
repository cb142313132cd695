import { z } from "zod";
import {
  type FailureCode,
  type FailureData,
  failureData,
  type FailureDetail,
  failureKind,
  isFailureCode,
} from "../../failures/failure.ts";
import type { HelpKind } from "../../failures/kind.ts";
import type { Question } from "../flow.ts";
import type { Json } from "../../lib/json.ts";

/** How a person who is there helps with the next sign-in. */
export type Assistance = {
  /** Types the captcha of a fresh page; or acts in the browser's window; or has done already what was wanted. */
  readonly by: HelpKind;
  /** When the person said so, UTC in ISO 8601: from then on this many submits are allowed again. */
  readonly since: string;
};

/** Milliseconds for which a person who said to be there is taken to be. */
export const PRESENCE_MS = 60 * 60_000;

/** The answer of a person who is there now. */
export const PERSON_PRESENT = "here";
/** The answer that ends the run. */
export const END_RUN = "stop";

/** What a person is asked after this failure; null where nobody can help while the run waits. */
export function questionAboutFailure(failure: FailureData): Question | null {
  const { assist } = failureKind(failure.code);
  if (!assist) return null;
  const choices = Object.entries(assist.choices).map(([answer, { means }]): [string, string] => [answer, means]);
  return {
    text: assist.ask,
    choices: { ...Object.fromEntries(choices), [END_RUN]: "不要再試，結束這次執行" },
    context: { failure: { code: failure.code, ...detailOf(failure) } },
  };
}

function detailOf({ code: _code, message: _message, next: _next, en: _en, ...detail }: FailureData): FailureDetail {
  return detail;
}

/** What the answer to that question means for the next sign-in. */
export function assistanceAfter(code: FailureCode, { answer, at }: { answer: string; at: string }): Assistance | null {
  const choice = failureKind(code).assist?.choices[answer];
  return choice ? { by: choice.help, since: at } : null;
}

/** The failure that a question is about; null where it is about something else. */
export function failureInQuestion(context: Json): FailureData | null {
  const read = aboutFailure.safeParse(context);
  if (!read.success) return null;
  const { code = "", ...detail } = read.data.failure;
  return isFailureCode(code) ? failureData(code, detail) : null;
}

const aboutFailure = z.object({ failure: z.record(z.string(), z.string()) });
