import { failureInQuestion } from "../engine/people/assistance.ts";
import type { Store } from "../store/store.ts";
import { Failure } from "../failures/failure.ts";
import type { CaptchaReader } from "./captcha/reader.ts";
import type { SignInContext } from "./sign-in.ts";

/** This many of the machine's submits are looked at. */
const WINDOW = 20;
/** This many of them have to be right. */
const FEWEST_RIGHT = 16;
/** Results of a submit that tell whether the captcha was right: all but this one say that it was. */
const WRONG = "captcha-rejected";
const TELLING = [WRONG, "signed-in", "credentials-rejected", "password-change-forced"];
/** A person's answer to a captcha that was not read or rejected: let the machine try again. */
const AGAIN = "again";

/** A person at this machine who reads: always trusted. */
export function personReader(person: Pick<CaptchaReader, "read">): SignInContext["captcha"] {
  return { by: "person", read: (picture) => person.read(picture) };
}

/** The machine's reader as a sign-in may use it: while it is trusted. */
export function requireCaptchaAccuracy(reader: Pick<CaptchaReader, "read">, store: Store): SignInContext["captcha"] {
  return {
    by: "machine",
    async read(picture) {
      await assertReaderTrusted(store);
      return reader.read(picture);
    },
  };
}

/**
 * Pictures change, and a reader that was good at the old ones guesses at the new ones. Of all accounts together the machine's last 20
 * submits count; below 80 % a person reads instead, until one of them lets the machine try again: from then on it is counted again.
 * @throws Failure `captcha-rejected`, after which a person is asked
 */
async function assertReaderTrusted(store: Store): Promise<void> {
  const rows = await store
    .selectFrom("sign_ins")
    .select("result")
    .where("read_by", "=", "machine")
    .where("result", "in", TELLING)
    .where("at", ">", await lastAllowed(store))
    .orderBy("at", "desc")
    .limit(WINDOW)
    .execute();
  const right = rows.filter(({ result }) => result !== WRONG).length;
  if (rows.length < WINDOW || right >= FEWEST_RIGHT) return;
  throw new Failure("captcha-rejected", {
    wanted: "由機器人判讀圖形驗證碼",
    seen: `最近 ${WINDOW} 次只對了 ${right} 次，不到八成；平台的圖可能改了`,
  });
}

/** When a person last let the machine try again, UTC in ISO 8601; empty when nobody ever did. */
async function lastAllowed(store: Store): Promise<string> {
  const answered = await store
    .selectFrom("questions")
    .select(["answered_at", "context"])
    .where("answer", "=", AGAIN)
    .orderBy("answered_at", "desc")
    .execute();
  const about = answered.find(({ context }) => {
    const code = context === null ? null : failureInQuestion(JSON.parse(context))?.code;
    return code === "captcha-rejected" || code === "captcha-unreadable";
  });
  return about?.answered_at ?? "";
}
