import { describe, expect, test } from "vitest";
import { NotPressed } from "../../../selectors/submit/irreversible.ts";
import { type EffectBench, effectBench } from "./effect-bench.ts";

/** 驗證密碼: a portal that wants the account's password once more before it does what was asked. A wrong one counts like a sign-in. */

const failed = (code: string) => expect.objectContaining({ code });

interface Vouching {
  readonly bench: EffectBench;
  /** What became of each password that was typed. */
  readonly ended: string[];
}

async function vouching(types = true): Promise<Vouching> {
  const ended: string[] = [];
  const bench = await effectBench({
    typePassword: async () => {
      if (!types) return null;
      bench.portal.log.push("typed");
      return { ended: async (how) => void ended.push(how) };
    },
  });
  bench.portal.confirmation = { asksPassword: true };
  return { bench, ended };
}

describe("a portal that asks for the password before an act", () => {
  test("gets it typed once, before 確認 is pressed once", async () => {
    const { bench, ended } = await vouching();
    expect(await bench.advance()).toMatchObject({ state: "done", result: { status: "confirmed" } });
    expect(bench.portal.log).toEqual(["aim", "click", "typed", "confirm"]);
    expect(bench.portal.rows).toEqual([6]);
    expect(ended).toEqual(["accepted"]);
    expect(bench.recorded).toContain("effect.password-typed");
  });

  test("in a box of its own after its question gets it there, and only there", async () => {
    const { bench, ended } = await vouching();
    bench.portal.confirmation = {};
    bench.portal.box = {};
    expect(await bench.advance()).toMatchObject({ state: "done", result: { status: "confirmed" } });
    expect(bench.portal.log).toEqual(["aim", "click", "confirm", "typed", "confirm"]);
    expect([bench.portal.rows, ended]).toEqual([[6], ["accepted"]]);
  });

  test("is asked for no second box where its question held the password already", async () => {
    const { bench, ended } = await vouching();
    bench.portal.box = {};
    await bench.advance();
    expect(bench.portal.log).toEqual(["aim", "click", "typed", "confirm"]);
    expect(ended).toEqual(["accepted"]);
  });

  test("gets nothing where it asks for something else in the same breath", async () => {
    const { bench, ended } = await vouching();
    bench.portal.confirmation = { asksPassword: true, shows: { 取用本數: "4" } };
    await expect(bench.advance()).rejects.toEqual(failed("form-mismatch"));
    expect([bench.portal.log, ended]).toEqual([["aim", "click", "withdraw"], []]);
  });

  test("gets nothing where there is no password of ours for it", async () => {
    const { bench, ended } = await vouching(false);
    await expect(bench.advance()).rejects.toEqual(failed("password-asked"));
    expect([bench.portal.log, ended]).toEqual([["aim", "click", "withdraw"], []]);
    expect(await bench.statuses()).toEqual(["intended", "withdrawn"]);
  });

  test.for(["密碼錯誤，請重新輸入", "The password is incorrect", "未取得授權"])(
    "and refuses it (%s): the act was not done, and the refusal is written down before anything else",
    async (words) => {
      const { bench, ended } = await vouching();
      bench.portal.enters = () => [];
      bench.portal.said = { kind: "refused", words, reason: "other" };
      await expect(bench.advance()).rejects.toMatchObject({ code: "password-refused", detail: { pageSays: words } });
      expect(ended).toEqual(["refused"]);
      expect(await bench.statuses()).toEqual(["intended", "refused"]);
    },
  );

  test("and refuses the act itself: that says nothing of the password, and is told as what it is", async () => {
    const { bench, ended } = await vouching();
    bench.portal.enters = () => [];
    bench.portal.said = { kind: "refused", words: "超過可取用本數", reason: "quota" };
    await expect(bench.advance()).rejects.toEqual(failed("quota-exceeded"));
    expect(ended).toEqual(["unknown"]);
  });

  test("and says nothing, or can't be read any more: what became of the password is not known, and the act is looked for", async () => {
    const silent = await vouching();
    silent.bench.portal.said = { kind: "silent", words: "" };
    silent.bench.portal.enters = () => [];
    expect(await silent.bench.advance()).toMatchObject({ state: "look-again" });
    const gone = await vouching();
    gone.bench.portal.on.answer = () => {
      throw new Error("page closed");
    };
    expect(await gone.bench.advance()).toMatchObject({ state: "look-again" });
    for (const { bench, ended } of [silent, gone]) {
      expect(ended).toEqual(["unknown"]);
      expect(await bench.statuses()).toEqual(["intended", "unknown"]);
    }
  });

  test("whose 確認 was not clicked has got none", async () => {
    const { bench, ended } = await vouching();
    bench.portal.on.confirm = () => {
      throw new NotPressed("確定", new Error("covered"));
    };
    await expect(bench.advance()).rejects.toThrow("covered");
    expect(ended).toEqual(["not-sent"]);
    expect(await bench.statuses()).toEqual(["intended", "withdrawn"]);
  });
});
