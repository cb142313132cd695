import { z } from "zod";
import {
  type FailureCode,
  type FailureData,
  failureData,
  type FailureDetail,
  isFailureCode,
} from "../../failures/failure.ts";
import type { Question } from "../flow.ts";
import type { Json } from "../../lib/json.ts";

/** How a person who is there helps with the next sign-in. */
export type Help = {
  /** Types the captcha of a fresh page; or acts in the browser's window; or has done already what was wanted. */
  readonly by: "typing" | "acting" | "having-done";
  /** When the person said so, UTC in ISO 8601: from then on so many submits are allowed again. */
  readonly since: string;
};

/** Milliseconds for which somebody who said to be there is taken to be. */
export const THERE_MS = 60 * 60_000;

interface Trouble {
  readonly ask: string;
  readonly choices: { readonly [answer: string]: { readonly means: string; readonly help: Help["by"] } };
}

/** The answer of somebody who is there now. */
export const HERE = "here";
/** The answer that ends the run. */
export const STOP = "stop";

const CAPTCHA: Trouble["choices"] = {
  [HERE]: { means: "我在電腦前：開新的登入頁，我看圖輸入", help: "typing" },
  again: { means: "讓機器人自己再試一次", help: "having-done" },
};

/** What keeps the robot from signing in and only a person can take away. The run waits for that person and then goes on. */
const TROUBLES: { readonly [code in FailureCode]?: Trouble } = {
  "captcha-unreadable": {
    ask: "圖形驗證碼看不清楚。您在電腦前時請回答，機器人會開新的登入頁，給您一張新的圖，請在幾分鐘內輸入。",
    choices: CAPTCHA,
  },
  "captcha-rejected": {
    ask: "圖形驗證碼連續被平台退回，為免帳號被鎖先停下來。您在電腦前時請回答，機器人會開新的登入頁，給您一張新的圖，請在幾分鐘內輸入。",
    choices: CAPTCHA,
  },
  "access-challenged": {
    ask: "平台要確認是真人在操作。請在執行機器人的電腦前回答，再到跳出來的瀏覽器視窗完成驗證，機器人會接著做。",
    choices: {
      [HERE]: { means: "我在執行機器人的電腦前，會在瀏覽器視窗完成驗證", help: "acting" },
      again: { means: "驗證應該已經不見了，再試一次", help: "having-done" },
    },
  },
  "password-change-forced": {
    ask: "平台要求變更密碼。請用瀏覽器登入平台變更，到主控台的 設定 › 密碼（或執行 credentials set）存入新密碼，再回答這個問題，機器人會接著做。",
    choices: { changed: { means: "已變更，也已存入新密碼", help: "having-done" } },
  },
};

/** What a person is asked after this failure; null where nobody can help while the run waits. */
export function questionAfter(failure: FailureData): Question | null {
  const trouble = TROUBLES[failure.code];
  if (!trouble) return null;
  const choices = Object.entries(trouble.choices).map(([answer, { means }]): [string, string] => [answer, means]);
  return {
    text: trouble.ask,
    choices: { ...Object.fromEntries(choices), [STOP]: "不要再試，結束這次執行" },
    context: { failure: { code: failure.code, ...detailOf(failure) } },
  };
}

function detailOf({ code: _code, message: _message, next: _next, ...detail }: FailureData): FailureDetail {
  return detail;
}

/** What the answer to that question means for the next sign-in. */
export function helpAfter(code: FailureCode, { answer, at }: { answer: string; at: string }): Help | null {
  const choice = TROUBLES[code]?.choices[answer];
  return choice ? { by: choice.help, since: at } : null;
}

/** The failure that a question is about; null where it is about something else. */
export function failureOf(context: Json): FailureData | null {
  const read = aboutFailure.safeParse(context);
  if (!read.success) return null;
  const { code = "", ...detail } = read.data.failure;
  return isFailureCode(code) ? failureData(code, detail) : null;
}

const aboutFailure = z.object({ failure: z.record(z.string(), z.string()) });
