import { setTimeout as delay } from "node:timers/promises";
import { Interrupted } from "../lib/interrupted.ts";
import { askDigits, type AskedDigits, type Asking, takeDigits, withdrawDigits } from "../engine/people/questions.ts";
import { updateRun } from "../engine/runs/runs.ts";
import type { Store } from "../store/store.ts";
import { Failure } from "../failures/failure.ts";
import type { SignInContext } from "./sign-in.ts";

/** Milliseconds between two looks for the answer. */
const LOOK_MS = 300;
/** Name of the question in its run; each picture is a new version of it. */
const KIND = "圖形驗證碼";
/** The answer that wants another picture. */
export const ANOTHER = "another";
const QUESTION = {
  text: "請在期限內輸入圖中的五個數字。登入頁正開著等您。",
  choices: { [ANOTHER]: "看不清楚，換一張" },
};

/**
 * A person who is somewhere else reads the captchas: the picture is put into the store as a question, and the digits come back from
 * the console or the command line. The page stays open meanwhile, so the question lives for minutes only.
 * @param asking of whom, and how long a picture is good for
 * @throws Failure `captcha-unreadable` when nobody answers in that time
 * @throws Interrupted when the process is to end; the step is done again by the process that goes on
 */
export function remoteCaptchaReader(
  store: Store,
  runId: string,
  asking: Asking,
  isStopping: () => boolean,
): SignInContext["captcha"] {
  const answerTo = async (asked: AskedDigits): Promise<string> => {
    for (;;) {
      const typed = await takeDigits(store, asked);
      if (typed !== null) return typed;
      if (isStopping()) throw new Interrupted();
      if (Date.now() >= Date.parse(asked.expiresAt)) {
        const seen = `${Math.round(asking.timeout / 1000)} 秒內沒有人輸入`;
        throw new Failure("captcha-unreadable", { wanted: "請人輸入圖形驗證碼", seen });
      }
      await delay(LOOK_MS);
    }
  };
  return {
    by: "person",
    async read(picture) {
      const asked = await askDigits(store, runId, KIND, { ...QUESTION, picture }, asking);
      try {
        const waitingUntil = new Date(asked.expiresAt);
        await updateRun(store, runId, { state: "needs-person", progress: QUESTION.text, waitingUntil });
        const typed = await answerTo(asked);
        await updateRun(store, runId, { state: "running", progress: "登入", waitingUntil: null });
        return typed === ANOTHER
          ? { text: "", confidence: 0, refused: true }
          : { text: typed, confidence: 1, refused: false };
      } finally {
        await withdrawDigits(store, asked);
      }
    },
  };
}
