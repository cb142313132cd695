import { randomUUID } from "node:crypto";
import { Failure } from "../failures.ts";
import type { Question } from "../engine/flow.ts";
import { type Asking, askPerson } from "../engine/questions.ts";
import { now, type Store } from "../engine/store.ts";

/** Durable knowledge of an account's sign-ins, over all processes: a robot that forgets how often it tried locks accounts. */
export interface Attempts {
  /** @throws Failure `account-disabled` */
  assertEnabled(): Promise<void>;
  /** Writes a submit down before it is made. Returns what to call with its result. */
  begin(): Promise<(result: string) => Promise<void>>;
  /** Submits of this run since its last success, those of unknown result included. */
  made(): Promise<number>;
  /** Switches the account off until a person acts. */
  disable(code: string): Promise<void>;
}

/** @param asking of whom and how long it is asked whether a refused account shall be used again */
export function attemptsOf(store: Store, account: string, runId: string, asking: Asking): Attempts {
  return {
    async assertEnabled() {
      const row = await store.selectFrom("accounts").selectAll().where("account", "=", account).executeTakeFirst();
      if (row?.disabled_code) {
        throw new Failure("account-disabled", {
          wanted: account,
          seen: `${row.disabled_at ?? ""} ${row.disabled_code}`,
        });
      }
    },
    async begin() {
      const id = randomUUID();
      await store.insertInto("sign_ins").values({ id, account, run_id: runId, at: now(), result: null }).execute();
      return async (result) => {
        await store.updateTable("sign_ins").set({ result }).where("id", "=", id).execute();
      };
    },
    async made() {
      const rows = await store
        .selectFrom("sign_ins")
        .select("result")
        .where("account", "=", account)
        .where("run_id", "=", runId)
        .orderBy("at", "desc")
        .execute();
      const success = rows.findIndex(({ result }) => result === "signed-in");
      return success < 0 ? rows.length : success;
    },
    async disable(code) {
      const state = { disabled_code: code, disabled_at: now() };
      await store
        .insertInto("accounts")
        .values({ account, ...state })
        .onConflict((oc) => oc.column("account").doUpdateSet(state))
        .execute();
      await askPerson(store, runId, `${ABOUT_ACCOUNT}${account}`, mayBeUsedAgain(account), asking);
    },
  };
}

/** What a question about an account begins with. */
const ABOUT_ACCOUNT = "帳號 ";
const ENABLE = "enable";

function mayBeUsedAgain(account: string): Question {
  return {
    text: `平台拒絕了 ${account} 的登入，這個帳號已停用。密碼錯了請執行 credentials set；若您確認存的密碼沒有錯，可以恢復使用。`,
    choices: { [ENABLE]: "密碼沒有錯，恢復使用", keep: "先不要用" },
  };
}

/** What a person's answer does to the account that it is about, if it is about one. */
export async function heedAnswer(store: Store, question: { kind: string; answer: string }): Promise<void> {
  if (question.answer !== ENABLE || !question.kind.startsWith(ABOUT_ACCOUNT)) return;
  await enableAccount(store, question.kind.slice(ABOUT_ACCOUNT.length));
}

/** A person has seen to the account: it may be used again. */
export async function enableAccount(store: Store, account: string): Promise<void> {
  await store.deleteFrom("accounts").where("account", "=", account).execute();
}
