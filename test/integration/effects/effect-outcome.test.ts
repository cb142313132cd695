import { describe, expect, test } from "vitest";
import { Failure } from "../../../robot/failures/failure.ts";
import { effectBench } from "./effect-bench.ts";

describe("an act that the portal did otherwise", () => {
  test("is told at once with both figures, whatever the page says, and is never done", async () => {
    for (const kind of ["accepted", "silent"] as const) {
      const bench = await effectBench();
      bench.portal.enters = () => [4];
      bench.portal.said = { kind, words: "取號成功" };
      const progress = await bench.advance();
      expect(progress).toMatchObject({
        state: "ask",
        question: {
          text: expect.stringContaining("取用本數 要 6，平台上是 4"),
          context: {
            failure: { code: "done-differently", wanted: "提交取號：取用本數 6", seen: "平台上是 取用本數 4" },
          },
        },
        otherwise: { code: "done-differently" },
      });
      expect(await bench.statuses()).toEqual(["intended", "done-differently"]);
      // Asked for as long as nobody has decided; nothing is pressed again.
      expect(await bench.advance()).toMatchObject({ state: "ask", otherwise: { code: "done-differently" } });
      expect(bench.portal.log).toEqual(["aim", "click"]);
    }
  });

  test("stays so where a person says so", async () => {
    const bench = await effectBench();
    bench.portal.enters = () => [4];
    await bench.advance();
    expect(await bench.answer("as-it-is")).toBe("confirmed");
    expect(await bench.answer("as-it-is")).toBe("confirmed");
    expect(await bench.advance()).toMatchObject({
      state: "done",
      result: { proof: expect.stringContaining("由人決定") },
    });
    expect(await bench.hold({ rows: [4] })).toBeNull();
    expect(bench.portal.rows).toEqual([4]);
    expect(await bench.statuses()).toEqual(["intended", "done-differently", "confirmed"]);
  });

  test("is looked at again once a person has mended it at the portal", async () => {
    const bench = await effectBench();
    bench.portal.enters = () => [4];
    await bench.advance();
    expect(await bench.answer("mended")).toBe("look-again");
    expect(await bench.advance()).toMatchObject({ state: "ask" });
    bench.portal.rows = [6];
    expect(await bench.advance()).toMatchObject({ state: "done", result: { status: "confirmed" } });
    expect(bench.portal.log).toEqual(["aim", "click"]);
  });

  test("and undone at the portal is done again only where a person says so", async () => {
    const bench = await effectBench();
    bench.portal.enters = () => [4];
    await bench.advance();
    bench.portal.rows = [];
    expect(await bench.advance()).toMatchObject({ state: "ask", question: { choices: { again: expect.anything() } } });
    bench.portal.enters = null;
    expect(await bench.answer("again")).toBe("released");
    expect(await bench.advance()).toMatchObject({ state: "done" });
    expect(bench.portal.rows).toEqual([6]);
  });

  test("is believed at the second look only: a list may be half drawn", async () => {
    const bench = await effectBench();
    let looks = 0;
    bench.portal.shows = (rows) => (++looks === 2 ? rows.map(() => 4) : rows);
    expect(await bench.advance()).toMatchObject({ state: "done", result: { status: "confirmed" } });
  });

  test("is found out where its row comes late", async () => {
    const bench = await effectBench({ spec: { listed: "later" } });
    bench.portal.shows = () => [];
    expect(await bench.advance()).toMatchObject({ state: "done" });
    expect(await bench.hold({ rows: [] })).toBeNull();
    expect(await bench.hold({ rows: [6] })).toBeNull();
    expect(await bench.hold({ rows: [4] })).toMatchObject({ state: "ask", otherwise: { code: "done-differently" } });
    expect(await bench.statuses()).toEqual(["intended", "confirmed", "done-differently"]);
    expect(await bench.hold({ rows: [4] })).toMatchObject({ state: "ask" });
    expect(await bench.answer("as-it-is")).toBe("confirmed");
    expect(await bench.hold({ rows: [4] })).toBeNull();
  });

  test("and is right at the second look after a death was half drawn at the first", async () => {
    const bench = await effectBench();
    bench.portal.on.answer = () => {
      throw new Error("cut");
    };
    await bench.advance();
    let looks = 0;
    bench.portal.shows = (rows) => (++looks === 1 ? [4] : rows);
    expect(await bench.advance()).toMatchObject({
      state: "done",
      result: { status: "confirmed", before: { rows: [] } },
    });
    expect(looks).toBe(2);
    expect(await bench.statuses()).toEqual(["intended", "unknown", "confirmed"]);
    expect(bench.recorded).toContain("effect.reconciled");
  });

  test("is found out after a death between the press and the proof as well", async () => {
    const bench = await effectBench({
      at: (point) => {
        if (point === "intended") throw new Error("killed");
      },
    });
    await expect(bench.advance()).rejects.toThrow("killed");
    bench.portal.rows.push(4);
    expect(await bench.advance()).toMatchObject({ state: "ask", otherwise: { code: "done-differently" } });
    expect(await bench.statuses()).toEqual(["intended", "unknown", "done-differently"]);
  });
});

describe("the portal's word", () => {
  test("is not enough where its list shows at once that it is not so", async () => {
    const bench = await effectBench({ giveUp: 0 });
    bench.portal.enters = () => [];
    expect(await bench.advance()).toEqual({ state: "look-again", after: 11 });
    expect(await bench.statuses()).toEqual(["intended", "unknown"]);
    // And who is asked then is told what the portal said.
    expect(await bench.advance()).toMatchObject({
      state: "ask",
      question: { text: expect.stringContaining("取號成功") },
    });
  });

  test("is taken where the list may show it later", async () => {
    const bench = await effectBench({ spec: { listed: "later" } });
    bench.portal.enters = () => [];
    expect(await bench.advance()).toMatchObject({ state: "done", result: { status: "confirmed", proof: "取號成功" } });
  });

  test("is not taken where the list shows more than one new row", async () => {
    const bench = await effectBench({ spec: { listed: "later" } });
    bench.portal.enters = (asked) => [asked, asked];
    expect(await bench.advance()).toMatchObject({ state: "look-again" });
    expect(await bench.advance()).toMatchObject({ state: "ask", otherwise: { code: "person-needed" } });
  });

  test.for([
    { reason: "quota", rows: [], end: "quota-exceeded", statuses: ["intended", "refused"] },
    { reason: "other", rows: [], end: "take-refused", statuses: ["intended", "refused"] },
    { reason: "already", rows: [], end: "look-again", statuses: ["intended", "unknown"] },
    // Refused because of what somebody else took.
    { reason: "already", rows: [4], end: "books-differ", statuses: ["intended", "refused"] },
    // The refusal of a request that the browser sent a second time.
    { reason: "already", rows: [6], end: "done", statuses: ["intended", "confirmed"] },
    { reason: "other", rows: [6], end: "done", statuses: ["intended", "confirmed"] },
    { reason: "other", rows: [4], end: "ask", statuses: ["intended", "done-differently"] },
  ] as const)(
    "that refuses ($reason) is held against the list ($rows): $end",
    async ({ reason, rows, end, statuses }) => {
      const bench = await effectBench();
      bench.portal.enters = () => rows;
      bench.portal.said = { kind: "refused", words: "不行", reason };
      const came = await bench.advance().then(
        ({ state }) => state,
        (error: unknown) => (error instanceof Failure ? error.code : String(error)),
      );
      expect(came).toBe(end);
      expect(await bench.statuses()).toEqual(statuses);
    },
  );

  test("and what was there instead are both told where it refuses because of it", async () => {
    const bench = await effectBench();
    bench.portal.enters = () => [4];
    bench.portal.said = { kind: "refused", words: "這一期已取號", reason: "already" };
    await expect(bench.advance()).rejects.toMatchObject({
      code: "books-differ",
      detail: { pageSays: "這一期已取號", wanted: "取用本數 6", seen: "取用本數 4" },
    });
  });
});

describe("what is not known", () => {
  test("is looked for as long as the portal may need, and then a person is asked", async () => {
    const bench = await effectBench({ giveUp: 60_000 });
    bench.portal.enters = () => [];
    // What stands on the page is nothing that the portal says of the act.
    bench.portal.said = { kind: "silent", words: "財政部電子發票整合服務平台" };
    expect(await bench.advance()).toEqual({ state: "look-again", after: 11 });
    // Nobody waits with the page open.
    expect(bench.left()).toBe(1);
    expect(await bench.advance()).toEqual({ state: "look-again", after: 22 });
    await bench.store.updateTable("effects").set({ intended_at: "2020-01-01T00:00:00.000Z" }).execute();
    expect(await bench.advance()).toMatchObject({
      state: "ask",
      question: { text: expect.stringContaining("沒有得到平台的回覆"), choices: { happened: expect.anything() } },
    });
    expect(bench.portal.log).toEqual(["aim", "click"]);
  });

  test("is settled by a person: that it happened, or that it did not and may be tried again", async () => {
    for (const [answer, settled] of [
      ["happened", "confirmed"],
      ["not-happened", "released"],
    ] as const) {
      const bench = await effectBench({ giveUp: 0 });
      bench.portal.enters = () => [];
      bench.portal.said = { kind: "silent", words: "" };
      await bench.advance();
      expect(await bench.answer(answer)).toBe(settled);
      expect(await bench.answer(answer)).toBe(settled);
      expect(await bench.statuses()).toEqual(["intended", "unknown", settled]);
      bench.portal.enters = null;
      expect(await bench.advance()).toMatchObject({ state: "done" });
      expect(bench.portal.rows).toEqual(answer === "happened" ? [] : [6]);
    }
  });

  test("is not judged by what another version of the flow looked at", async () => {
    const bench = await effectBench();
    bench.portal.on.answer = () => {
      throw new Error("cut");
    };
    await bench.advance();
    await bench.store.updateTable("runs").set({ flow_version: 2 }).execute();
    expect(await bench.advance()).toMatchObject({ state: "ask", otherwise: { code: "person-needed" } });
  });
});
