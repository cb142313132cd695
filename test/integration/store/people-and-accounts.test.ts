import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  answerQuestion,
  askDigits,
  type Asking,
  askPerson,
  forgetPictures,
  openQuestions,
  readAnswer,
  takeDigits,
} from "../../../robot/engine/people/questions.ts";
import { openStore, type Store, type StoreConfig } from "../../../robot/store/store.ts";
import { attemptsOf, enableAccount, type ReadBy } from "../../../robot/login/attempts.ts";
import { requireCaptchaAccuracy } from "../../../robot/login/captcha-accuracy.ts";
import { databases, titleOf } from "../../support/store/store-databases.ts";

const asking = (timeout: number): Asking => ({ timeout, answerers: [] });

describe.for(databases())("the store", (database) => {
  describe.skipIf(database.missing !== null)(`on ${titleOf(database)}`, () => {
    let config: StoreConfig;
    let store: Store;
    let other: Store;
    beforeEach(async () => {
      config = await database.empty();
      [store, other] = await Promise.all([openStore(config), openStore(config)]);
    });
    afterEach(async () => {
      await Promise.all([store.destroy(), other.destroy()]);
    });

    describe("a question", () => {
      const question = { text: "有沒有成功？", choices: { yes: "有", no: "沒有" } };

      it("is asked once however often the step is repeated, and its first answer counts", async () => {
        const asked = await Promise.all([
          askPerson(store, "run-1", "查證", question, asking(60_000)),
          askPerson(other, "run-1", "查證", question, asking(90_000)),
        ]);
        expect(asked[0]).toEqual(asked[1]);
        const { id } = asked[0];
        expect(await openQuestions(store, "run-1")).toMatchObject([{ id, ...question }]);
        expect(await readAnswer(store, id)).toBeNull();

        const answers = await Promise.allSettled([
          answerQuestion(store, { id, answer: "yes", by: "甲" }),
          answerQuestion(other, { id, answer: "no", by: "乙" }),
        ]);
        expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
        const first = answers[0]?.status === "fulfilled" ? { answer: "yes", by: "甲" } : { answer: "no", by: "乙" };
        expect(await readAnswer(other, id)).toMatchObject(first);
        expect(await openQuestions(store)).toEqual([]);
      });

      it("that has expired is open no more and takes no answer", async () => {
        const { id } = await askPerson(store, "run-1", "查證", question, asking(-1));
        expect(await openQuestions(store)).toEqual([]);
        await expect(answerQuestion(store, { id, answer: "yes", by: "甲" })).rejects.toMatchObject({
          code: "question-expired",
        });
        expect(await readAnswer(store, id)).toBeNull();
      });

      it("names who may answer it, and takes nobody else's answer", async () => {
        const only = { timeout: 60_000, answerers: ["甲", "丙"] };
        const { id } = await askPerson(store, "run-1", "查證", question, only);
        expect(await openQuestions(other)).toMatchObject([{ id, version: 1, answerers: ["甲", "丙"], free: null }]);
        await expect(answerQuestion(other, { id, answer: "yes", by: "乙" })).rejects.toMatchObject({
          code: "wrong-use",
        });
        await answerQuestion(other, { id, answer: "no", by: "丙" });
        expect(await readAnswer(store, id)).toMatchObject({ answer: "no", by: "丙" });
      });

      it("about a picture takes digits for the picture that is shown, and keeps neither when it is over", async () => {
        const about = { text: "五個數字？", choices: { another: "換一張" } };
        const show = (picture: Uint8Array) =>
          askDigits(store, "run-1", "驗證碼", { ...about, picture }, asking(60_000));
        const kept = () => store.selectFrom("questions").select(["answer", "picture"]).executeTakeFirstOrThrow();
        const old = await show(Uint8Array.of(1, 2, 3));
        const shown = await show(Uint8Array.of(4, 5, 6));
        expect([shown.id, old.version, shown.version]).toEqual([old.id, 1, 2]);
        const [open] = await openQuestions(other, "run-1");
        expect(open).toMatchObject({ version: 2, free: "captcha", ...about });
        expect([...(open?.picture ?? [])]).toEqual([4, 5, 6]);

        const { id } = shown;
        await expect(answerQuestion(other, { id, answer: "1234", by: "甲" })).rejects.toMatchObject({
          code: "wrong-use",
        });
        await expect(answerQuestion(other, { id, answer: "12345", by: "甲", version: 1 })).rejects.toMatchObject({
          code: "question-expired",
        });
        expect(await takeDigits(store, shown)).toBeNull();
        await answerQuestion(other, { id, answer: "01234", by: "甲", version: 2 });
        expect((await kept()).picture).toBeNull();
        expect(await takeDigits(store, old)).toBeNull();
        expect(await takeDigits(store, shown)).toBe("01234");
        expect(JSON.stringify(await kept())).not.toContain("01234");

        // Of a process that was killed both stay until the next one begins to work.
        await show(Uint8Array.of(7));
        await answerQuestion(other, { id, answer: "43210", by: "甲" });
        await store.updateTable("questions").set({ expires_at: "2026-01-01T00:00:00.000Z" }).execute();
        await forgetPictures(other);
        expect(await kept()).toEqual({ answer: "taken", picture: null });
      });
    });

    it("counts an account's sign-ins since the last success, and keeps it switched off until somebody acts", async () => {
      const attempts = attemptsOf(store, "12345675/user", "run-1", asking(60_000));
      await (await attempts.begin("machine"))("signed-in");
      await store.updateTable("sign_ins").set({ at: "2026-01-01T00:00:00.000Z" }).execute();
      await attempts.begin("machine");
      await (await attempts.begin("machine"))("captcha-rejected");
      expect(await attempts.made()).toBe(2);
      await attempts.disable("credentials-rejected");
      await attempts.disable("credentials-rejected");
      const elsewhere = attemptsOf(other, "12345675/user", "run-2", asking(60_000));
      await expect(elsewhere.assertEnabled()).rejects.toMatchObject({ code: "account-disabled" });
      await enableAccount(other, "12345675/user", "credentials set");
      expect(await openQuestions(store)).toEqual([]);
      await attempts.assertEnabled();
    });

    it("asks nobody any more about an account that somebody has seen to, and still about every other", async () => {
      const only = { timeout: 60_000, answerers: ["甲"] };
      const [account, similar] = ["12345675/user", "12345675/user2"];
      for (const [name, run] of [
        [account, "run-1"],
        [account, "run-2"],
        [similar, "run-3"],
      ] as const) {
        await attemptsOf(store, name, run, only).disable("credentials-rejected");
      }
      const [first] = await openQuestions(store, "run-1");
      await enableAccount(other, account, "credentials set");
      expect(await openQuestions(store)).toMatchObject([{ runId: "run-3" }]);
      expect(await readAnswer(store, first?.id ?? "")).toMatchObject({ answer: "seen-to", by: "credentials set" });
      const late = answerQuestion(store, { id: first?.id ?? "", answer: "keep", by: "甲" });
      await expect(late).rejects.toMatchObject({ code: "question-expired" });
      await expect(attemptsOf(store, similar, "run-3", only).assertEnabled()).rejects.toMatchObject({
        code: "account-disabled",
      });
    });

    it("lets a password that was never proved right be submitted no more once its answer was lost", async () => {
      const account = "12345675/user";
      const before = attemptsOf(store, account, "run-1", asking(60_000));
      // The process dies between the submit and its answer.
      await before.begin("machine");
      const after = attemptsOf(other, account, "run-2", asking(60_000));
      await expect(after.assertEnabled()).rejects.toMatchObject({ code: "sign-in-unanswered" });
      expect(await openQuestions(store, "run-2")).toMatchObject([{ choices: { enable: expect.any(String) } }]);
      // Nobody refused it, so that it is not switched off and nobody is told that it was.
      expect(await store.selectFrom("accounts").select("disabled_code").execute()).toEqual([]);
      await enableAccount(other, account, "甲");
      await after.assertEnabled();
      // A password that was right stays right when an answer is lost.
      await (await after.begin("machine"))("signed-in");
      await after.begin("machine");
      await after.assertEnabled();
    });

    it("is not kept from a sign-in by one that was never submitted, or that ended before the password was looked at", async () => {
      const account = "12345675/user";
      const attempts = attemptsOf(store, account, "run-1", asking(60_000));
      await (await attempts.begin("machine"))("session-expired");
      await attempts.assertEnabled();
      expect(await attempts.made()).toBe(1);
      await (await attempts.begin("machine"))("not-submitted");
      await attempts.assertEnabled();
      expect(await attempts.made()).toBe(1);
      // What the portal said may have been about the password, in words that nobody knows.
      await (await attempts.begin("machine"))("not-understood");
      await expect(attempts.assertEnabled()).rejects.toMatchObject({ code: "sign-in-unanswered" });
      // A later submit that was not made takes nothing away from that.
      await (await attempts.begin("machine"))("not-submitted");
      await expect(attempts.assertEnabled()).rejects.toMatchObject({ code: "sign-in-unanswered" });
    });

    it("gives the captcha to a person when fewer than 16 of the machine's last 20 submits were right, until one lets it try again", async () => {
      const read = { text: "01234", confidence: 1, refused: false };
      const reader = requireCaptchaAccuracy({ read: () => Promise.resolve(read) }, store);
      const submit = async (by: ReadBy, results: readonly string[]): Promise<void> => {
        for (const [index, result] of results.entries()) {
          const account = `account-${index}`;
          await (await attemptsOf(other, account, "run-1", asking(60_000)).begin(by))(result);
        }
      };
      const times = (count: number, result: string): string[] => Array.from({ length: count }, () => result);
      await submit("machine", [...times(5, "captcha-rejected"), ...times(14, "signed-in")]);
      // These say nothing of how well the machine reads.
      await submit("machine", times(5, "portal-down"));
      await submit("person", times(20, "captcha-rejected"));
      expect(await reader.read(Uint8Array.of())).toEqual(read);
      await submit("machine", ["captcha-rejected"]);
      const refused = reader.read(Uint8Array.of());
      await expect(refused).rejects.toMatchObject({
        code: "captcha-rejected",
        detail: { seen: expect.stringContaining("14 次") },
      });

      const failure = { code: "captcha-rejected" };
      const question = { text: "？", choices: { again: "再試" }, context: { failure } };
      const { id } = await askPerson(store, "run-1", "登入：請人處理", question, asking(60_000));
      await expect(reader.read(Uint8Array.of())).rejects.toMatchObject({ code: "captcha-rejected" });
      await answerQuestion(other, { id, answer: "again", by: "甲" });
      expect(await reader.read(Uint8Array.of())).toEqual(read);
      await submit("machine", times(20, "captcha-rejected"));
      await expect(reader.read(Uint8Array.of())).rejects.toMatchObject({ code: "captcha-rejected" });
    });
  });
});
