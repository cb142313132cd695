import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { holderAccount } from "../../../robot/config/secret-names.ts";
import { PRESENCE_MS } from "../../../robot/engine/people/assistance.ts";
import { answerQuestion, type AnsweredQuestion, openQuestions } from "../../../robot/engine/people/questions.ts";
import { type Attempts, attemptsOf, enableAccount, applyAccountAnswer } from "../../../robot/login/attempts.ts";
import { openStore, type Store } from "../../../robot/store/store.ts";
import { databases } from "../../support/store/store-databases.ts";

/** Passwords that are tried once too often are locked out: what is remembered of sign-ins, and what is allowed after each. */

const [sqlite] = databases();
const ACCOUNT = "12345675/user";
const ASKING = { timeout: 60_000, answerers: ["王會計"] };

let store: Store;
beforeEach(async () => {
  store = await openStore(await sqlite.empty());
  onTestFinished(() => store.destroy());
});

const of = (account = ACCOUNT, run = "run-1", since: string | null = null): Attempts =>
  attemptsOf(store, account, run, ASKING, since);
/** A submit with its result; without one the process died before the answer. */
async function submit(result: string | null, by = of()): Promise<void> {
  const told = await by.begin("machine");
  if (result !== null) await told(result);
}
const enabled = (by = of(ACCOUNT, "run-2")): Promise<string> =>
  by.assertEnabled().then(
    () => "enabled",
    (error: unknown) => String(error instanceof Error && "code" in error ? error.code : error),
  );
const asked = async (): Promise<
  readonly { kind: string; text: string; choices: object; answerers: readonly string[] }[]
> => (await openQuestions(store)).map(({ kind, text, choices, answerers }) => ({ kind, text, choices, answerers }));

describe("a submit", () => {
  test("is written down before it is made, with whose run it was and who read the captcha", async () => {
    const told = await of().begin("person");
    const rows = () => store.selectFrom("sign_ins").select(["account", "run_id", "read_by", "result"]).execute();
    expect(await rows()).toEqual([{ account: ACCOUNT, run_id: "run-1", read_by: "person", result: null }]);
    await of(ACCOUNT, "run-2").begin(null);
    await told("signed-in");
    expect(await rows()).toEqual([
      { account: ACCOUNT, run_id: "run-1", read_by: "person", result: "signed-in" },
      { account: ACCOUNT, run_id: "run-2", read_by: null, result: null },
    ]);
  });

  test("counts for its own run and account only, since the last that was right; one of no known result counts, one never made does not", async () => {
    expect(await of().made()).toBe(0);
    await submit("captcha-rejected");
    await submit("captcha-rejected", of(ACCOUNT, "run-2"));
    await submit("captcha-rejected", of("12345675/other"));
    await submit(null);
    await submit("not-submitted");
    expect(await of().made()).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 2));
    await submit("signed-in");
    expect(await of().made()).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 2));
    await submit("captcha-rejected");
    expect(await of().made()).toBe(1);
  });

  test("counts from the moment on at which a person allowed more", async () => {
    await submit("captcha-rejected");
    const before = new Date(Date.now() - 60_000).toISOString();
    const after = new Date(Date.now() + 60_000).toISOString();
    expect(await of(ACCOUNT, "run-1", before).made()).toBe(1);
    expect(await of(ACCOUNT, "run-1", after).made()).toBe(0);
  });
});

describe("a password that the portal has refused", () => {
  test.for([
    [
      "credentials-rejected",
      "account-disabled",
      /T.* credentials-rejected$/,
      /^平台拒絕了 12345675\/user 的密碼，先停用了。存錯了請到主控台的 設定 › 密碼/,
    ],
    [
      "account-locked",
      "account-locked",
      /T.* 平台這樣說；這次沒有嘗試登入$/,
      /^平台說 12345675\/user 已被鎖定，先停用了。/,
    ],
  ] as const)(
    "is off (%s): for every run and process, until a person acts; who that may be is asked, once for each run",
    async ([refusal, code, seen, text]) => {
      await of().disable(refusal);
      await of().disable(refusal);
      await of(ACCOUNT, "run-2").disable(refusal);
      const error: unknown = await of(ACCOUNT, "run-3")
        .assertEnabled()
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code, detail: { wanted: ACCOUNT, seen: expect.stringMatching(seen) } });
      expect(await enabled(of("12345675/user2"))).toBe("enabled");
      const questions = await asked();
      expect(questions).toHaveLength(2);
      const [question] = questions;
      expect(question).toMatchObject({ kind: `account ${ACCOUNT}`, answerers: ["王會計"] });
      expect(question?.text).toMatch(text);
      expect(Object.keys(question?.choices ?? {})).toEqual(["enable", "keep"]);
      expect(/拒絕|存錯/.test(question?.text ?? "")).toBe(refusal === "credentials-rejected");
    },
  );

  test("is used again after 「恢復使用」, and after nothing else that anybody answers anywhere", async () => {
    await of().disable("credentials-rejected");
    const answered = (answer: string, kind = `account ${ACCOUNT}`): AnsweredQuestion => ({
      kind,
      answer,
      by: "王會計",
    });
    await applyAccountAnswer(store, answered("keep"));
    await applyAccountAnswer(store, answered("enable", "登入：請人處理"));
    await applyAccountAnswer(store, answered("enable", `account 12345675/user2`));
    expect(await enabled()).toBe("account-disabled");
    await applyAccountAnswer(store, answered("enable"));
    expect(await enabled()).toBe("enabled");
    expect(await asked()).toEqual([]);
  });

  test("is used again once somebody has seen to it by command, and who was asked need not answer", async () => {
    await of().disable("credentials-rejected");
    await of("12345675/user2").disable("credentials-rejected");
    const [question] = await openQuestions(store);
    await enableAccount(store, ACCOUNT, "credentials set");
    expect([await enabled(), await enabled(of("12345675/user2"))]).toEqual(["enabled", "account-disabled"]);
    expect(await asked()).toMatchObject([{ kind: "account 12345675/user2" }]);
    const closed = await store
      .selectFrom("questions")
      .select(["answer", "answered_by"])
      .where("id", "=", question?.id ?? "")
      .executeTakeFirstOrThrow();
    expect(closed).toEqual({ answer: "seen-to", answered_by: "credentials set" });
    const late = answerQuestion(store, { id: question?.id ?? "", answer: "keep", by: "王會計" });
    await expect(late).rejects.toMatchObject({ code: "question-expired" });
  });

  test("of a holder's barcode is told apart without telling it", async () => {
    await of(holderAccount("0912345678")).disable("credentials-rejected");
    const [question] = await asked();
    expect(question?.text).toMatch(/手機條碼 .*的驗證碼/);
    expect(question?.text).not.toContain("0912345678");
  });
});

test("a password that must be changed is off until another is stored, and nobody is asked twice", async () => {
  await of().outdated();
  const error: unknown = await of()
    .assertEnabled()
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: "password-change-forced",
    detail: { wanted: ACCOUNT, seen: "還沒有用 credentials set 存入新密碼" },
  });
  expect(await asked()).toEqual([]);
  await enableAccount(store, ACCOUNT, "credentials set");
  expect(await enabled()).toBe("enabled");
});

describe("a submit whose answer nobody knows", () => {
  test.for([null, "unknown", "not-understood"])("(%s) is the last one, until a person says so", async (result) => {
    await submit(result);
    const by = of(ACCOUNT, "run-2");
    await expect(by.assertEnabled()).rejects.toMatchObject({ code: "sign-in-unanswered", detail: { wanted: ACCOUNT } });
    expect(await asked()).toMatchObject([
      {
        kind: `account ${ACCOUNT}`,
        text: expect.stringMatching(/^送出 12345675\/user 的密碼 之後沒有看到平台說對或錯。/),
      },
    ]);
    expect(await store.selectFrom("accounts").selectAll().execute()).toEqual([]);
    expect(await enabled(of("12345675/user2"))).toBe("enabled");
    await enableAccount(store, ACCOUNT, "王會計");
    expect(await enabled()).toBe("enabled");
  });

  test("is no danger where the same password was right before, is where it was right before somebody changed it", async () => {
    await submit("signed-in");
    await submit(null);
    expect(await enabled()).toBe("enabled");
    await new Promise((resolve) => setTimeout(resolve, 2));
    await enableAccount(store, ACCOUNT, "credentials set");
    await new Promise((resolve) => setTimeout(resolve, 2));
    await submit(null);
    expect(await enabled()).toBe("sign-in-unanswered");
  });

  test.for(["captcha-rejected", "session-expired", "portal-down"])(
    "is over once a later one was answered (%s)",
    async (later) => {
      await submit(null);
      await new Promise((resolve) => setTimeout(resolve, 2));
      await submit(later);
      expect(await enabled()).toBe("enabled");
      await new Promise((resolve) => setTimeout(resolve, 2));
      // One that was never made says nothing.
      await submit("not-submitted");
      expect(await enabled()).toBe("enabled");
    },
  );
});

describe("a person's help", () => {
  const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();

  test("is over after an hour where the person has to be there, and not where it was done before", async () => {
    for (const by of ["typing", "acting"] as const) {
      expect(await of().isOver({ by, since: ago(PRESENCE_MS - 5_000) })).toBe(false);
      expect(await of().isOver({ by, since: ago(PRESENCE_MS + 5_000) })).toBe(true);
    }
    expect(await of().isOver({ by: "having-done", since: ago(PRESENCE_MS + 5_000) })).toBe(false);
  });

  test("is over once a sign-in of that account has worked since", async () => {
    const help = { by: "typing", since: ago(5_000) } as const;
    await submit("captcha-rejected");
    await submit("signed-in", of("12345675/user2"));
    expect(await of().isOver(help)).toBe(false);
    await submit("signed-in", of(ACCOUNT, "run-9"));
    expect(await of().isOver(help)).toBe(true);
    expect(await of().isOver({ by: "typing", since: new Date(Date.now() + 5_000).toISOString() })).toBe(false);
  });
});
