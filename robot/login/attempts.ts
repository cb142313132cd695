import { randomUUID } from "node:crypto";
import { holderAccount } from "../config/secret-names.ts";
import { Failure } from "../failures/failure.ts";
import type { Question } from "../engine/flow.ts";
import { type Assistance, PRESENCE_MS } from "../engine/people/assistance.ts";
import { type AnsweredQuestion, type Asking, askPerson, closeQuestions } from "../engine/people/questions.ts";
import { now, type Store } from "../store/store.ts";
import { masked } from "../invoicing/values/masking.ts";

/** Durable knowledge of an account's sign-ins, over all processes: a robot that forgets how often it tried locks accounts. */
export interface Attempts {
  /**
   * @throws Failure `account-disabled` after the portal has refused its password, `account-locked` after it has locked the account; `sign-in-unanswered` where the verdict on an earlier submit is
   *   not known and the password was never proved right; `password-change-forced` until a person has stored the new password
   */
  assertEnabled(): Promise<void>;
  /**
   * Writes a submit down before it is made.
   * @param readBy who read the captcha; null where there is none
   * @returns what to call with its result
   */
  begin(readBy: ReadBy | null): Promise<(result: string) => Promise<void>>;
  /** Whether a person's help is over: a sign-in has worked since, or it was so long ago that nobody will be there any more. */
  isOver(help: Assistance): Promise<boolean>;
  /** Submits of this run since its last success, or since a person allowed more; those of unknown result included. */
  made(): Promise<number>;
  /** Switches the account off until a person acts, and asks whether it may be used again. */
  disable(code: Refusal): Promise<void>;
  /** The stored password will not do any more: the account is off until another one is stored. */
  outdated(): Promise<void>;
}

/** Why an account is off: the portal said so, of its password and of nothing else. */
type Refusal = "credentials-rejected" | "account-locked";
/** What a submit came to that was never made. */
const NOT_SUBMITTED = "not-submitted";
/** Results that say nothing of the password. */
const OPEN_RESULTS: readonly (string | null)[] = [null, "unknown", "not-understood"];
/** Why an account is off whose password has to be changed, or was changed by hand. */
const OUTDATED = "password-change-forced";
const LOCKED = "account-locked";
const IN = "signed-in";
/** Who read the captcha of a submit. */
export type ReadBy = "machine" | "person";

/**
 * @param since when a person allowed as many submits again, UTC in ISO 8601; null when nobody did
 * @param asking of whom and how long it is asked whether a refused account shall be used again
 */
export function attemptsOf(
  store: Store,
  account: string,
  runId: string,
  asking: Asking,
  since: string | null = null,
): Attempts {
  const switchOff = async (code: string): Promise<void> => {
    const state = { disabled_code: code, disabled_at: now() };
    await store
      .insertInto("accounts")
      .values({ account, vouched_at: null, ...state })
      .onConflict((oc) => oc.column("account").doUpdateSet(state))
      .execute();
  };
  const disable = async (code: Refusal): Promise<void> => {
    await switchOff(code);
    await askPerson(store, runId, `${ABOUT_ACCOUNT}${account}`, mayBeUsedAgain(account, code), asking);
  };
  return {
    async assertEnabled() {
      const row = await store.selectFrom("accounts").selectAll().where("account", "=", account).executeTakeFirst();
      if (row?.disabled_code === OUTDATED) {
        throw new Failure(OUTDATED, { wanted: account, seen: "還沒有用 credentials set 存入新密碼" });
      }
      if (row?.disabled_code === LOCKED) {
        // A lock is no refusal of the password: anyone who reads it must not go and look for another one.
        throw new Failure(LOCKED, { wanted: account, seen: `${row.disabled_at ?? ""} 平台這樣說；這次沒有嘗試登入` });
      }
      if (row?.disabled_code) {
        throw new Failure("account-disabled", {
          wanted: account,
          seen: `${row.disabled_at ?? ""} ${row.disabled_code}`,
        });
      }
      if (await isUnanswered(store, account, row?.vouched_at ?? "")) {
        await askPerson(store, runId, `${ABOUT_ACCOUNT}${account}`, mayBeUsedAgain(account, "unanswered"), asking);
        throw new Failure("sign-in-unanswered", { wanted: account });
      }
    },
    async begin(readBy) {
      const id = randomUUID();
      await store
        .insertInto("sign_ins")
        .values({ id, account, run_id: runId, at: now(), result: null, read_by: readBy })
        .execute();
      return async (result) => {
        await store.updateTable("sign_ins").set({ result }).where("id", "=", id).execute();
      };
    },
    async isOver({ by, since: from }) {
      if (by !== "having-done" && Date.now() - Date.parse(from) > PRESENCE_MS) return true;
      const success = await store
        .selectFrom("sign_ins")
        .select("id")
        .where("account", "=", account)
        .where("at", ">", from)
        .where("result", "=", IN)
        .executeTakeFirst();
      return success !== undefined;
    },
    async made() {
      const rows = await store
        .selectFrom("sign_ins")
        .select("result")
        .where("account", "=", account)
        .where("run_id", "=", runId)
        .where((eb) => eb.or([eb("result", "is", null), eb("result", "!=", NOT_SUBMITTED)]))
        .$if(since !== null, (query) => query.where("at", ">", since ?? ""))
        .orderBy("at", "desc")
        .execute();
      const success = rows.findIndex(({ result }) => result === IN);
      return success < 0 ? rows.length : success;
    },
    disable,
    outdated: () => switchOff(OUTDATED),
  };
}

/** What a question about an account begins with. */
const ABOUT_ACCOUNT = "account ";
const ENABLE = "enable";
/** What stands as the answer where a person has seen to the account without being asked. */
const SEEN_TO = "seen-to";

/**
 * Whether the newest submit has no known answer, and no submit of this password was ever right: then it may have been wrong, and a wrong
 * password is submitted once. Anyone who asks holds the account's lease, so nobody is waiting for that answer any more.
 */
async function isUnanswered(store: Store, account: string, vouchedAt: string): Promise<boolean> {
  const rows = await store
    .selectFrom("sign_ins")
    .select(["result", "at"])
    .where("account", "=", account)
    // A submit that was right counts also in the very millisecond in which a person has vouched for the password.
    .where("at", ">=", vouchedAt)
    .where((eb) => eb.or([eb("result", "is", null), eb("result", "!=", NOT_SUBMITTED)]))
    .orderBy("at", "desc")
    .execute();
  const [newest] = rows;
  const isOpen = newest !== undefined && newest.at > vouchedAt && OPEN_RESULTS.includes(newest.result);
  return isOpen && !rows.some(({ result }) => result === IN);
}

function mayBeUsedAgain(account: string, why: Refusal | "unanswered"): Question {
  const of = describeAccount(account);
  if (why === LOCKED) {
    return {
      text: `平台說 ${account} 已被鎖定，先停用了。請依平台的指示解除鎖定（客服 0800-521-988），再到主控台的 設定 › 密碼（或執行 credentials set）存入密碼，就不用再回答；若已解除、存的也沒有錯，可以恢復使用。`,
      choices: { [ENABLE]: "已解除鎖定，存的沒有錯，恢復使用", keep: "先不要用" },
    };
  }
  const happened =
    why === "unanswered"
      ? `送出 ${of} 之後沒有看到平台說對或錯。為免再錯一次，先不再送出。`
      : `平台拒絕了 ${of}，先停用了。`;
  return {
    text: `${happened}存錯了請到主控台的 設定 › 密碼（或執行 credentials set）存入對的，就不用再回答；若您確認存的沒有錯，可以恢復使用。`,
    choices: { [ENABLE]: "存的沒有錯，恢復使用", keep: "先不要用" },
  };
}

/** Which secret it was, for anyone who is asked; of a holder no more than tells them apart. */
function describeAccount(account: string): string {
  const [, phone = ""] = account.split("/");
  return account === holderAccount(phone) ? `手機條碼 ${masked(phone)} 的驗證碼` : `${account} 的密碼`;
}

/** What a person's answer does to the account that it is about, if it is about one. */
export async function applyAccountAnswer(store: Store, question: AnsweredQuestion): Promise<void> {
  const { kind, answer, by } = question;
  if (answer === ENABLE && kind.startsWith(ABOUT_ACCOUNT)) {
    await enableAccount(store, kind.slice(ABOUT_ACCOUNT.length), by);
  }
}

/**
 * A person has seen to the account: it may be used again, and anyone who was asked about it need not answer any more.
 * @param by who it was, or by which command
 */
export async function enableAccount(store: Store, account: string, by: string): Promise<void> {
  const state = { disabled_code: null, disabled_at: null, vouched_at: now() };
  await store
    .insertInto("accounts")
    .values({ account, ...state })
    .onConflict((oc) => oc.column("account").doUpdateSet(state))
    .execute();
  await closeQuestions(store, `${ABOUT_ACCOUNT}${account}`, SEEN_TO, by);
}
