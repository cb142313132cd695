import { describe, expect, test } from "vitest";
import { Failure } from "../../../robot/failures/failure.ts";
import { EFFECT_TRANSITIONS } from "../../../robot/engine/effects/effect-table.ts";
import { aimAt, pressOnce } from "../../../selectors/submit/press-once.ts";
import { irreversible, NotPressed } from "../../../selectors/submit/irreversible.ts";
import type { EffectSpec } from "../../../robot/engine/flow.ts";
import { effectBench, type Listed, type SmallPortal } from "./effect-bench.ts";

const failed = (code: string) => expect.objectContaining({ code });

describe("an irreversible button", () => {
  test("is pressed once: a second press is refused and clicks nothing", async () => {
    let clicks = 0;
    const button = irreversible("送出", async () => async () => void clicks++);
    await pressOnce(button);
    await expect(pressOnce(button)).rejects.toThrow("pressed once");
    expect(clicks).toBe(1);
  });

  test("is spent by a press that went wrong, too", async () => {
    let clicks = 0;
    const button = irreversible("送出", async () => async () => {
      clicks++;
      throw new Error("cut");
    });
    await expect(pressOnce(button)).rejects.toThrow("cut");
    await expect(pressOnce(button)).rejects.toThrow("pressed once");
    expect(clicks).toBe(1);
  });

  test("of two that press at the same moment clicks once", async () => {
    let clicks = 0;
    const button = irreversible("送出", async () => async () => void clicks++);
    const tries = await Promise.allSettled([pressOnce(button), pressOnce(button)]);
    expect(tries.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(clicks).toBe(1);
  });

  test("is aimed at without being pressed, and that is where a missing one shows", async () => {
    let clicks = 0;
    const button = irreversible("送出", async () => async () => void clicks++);
    await aimAt(button);
    await aimAt(button);
    expect(clicks).toBe(0);
    const missing = irreversible("送出", () => Promise.reject(new Error("not there")));
    await expect(aimAt(missing)).rejects.toThrow("not there");
    await expect(pressOnce(missing)).rejects.toBeInstanceOf(NotPressed);
  });
});

test("an effect changes its status in these ways and no other: nothing leads from what is not known back to a press", () => {
  expect(EFFECT_TRANSITIONS).toEqual({
    new: ["intended", "already-done"],
    intended: ["confirmed", "refused", "withdrawn", "unknown", "done-differently", "released"],
    unknown: ["confirmed", "done-differently", "released"],
    "done-differently": ["confirmed", "released"],
    refused: ["intended", "already-done"],
    withdrawn: ["intended", "already-done"],
    released: ["intended", "already-done"],
    confirmed: ["released", "done-differently"],
    "already-done": ["intended", "already-done"],
  });
});

describe("what is pressed", () => {
  test("is what was asked, proved by the portal's own row", async () => {
    const bench = await effectBench();
    expect(await bench.advance()).toMatchObject({
      state: "done",
      result: { status: "confirmed", proof: "取號成功", before: { rows: [] } },
    });
    expect(bench.portal.rows).toEqual([6]);
    expect(bench.portal.log).toEqual(["aim", "click"]);
    expect(await bench.statuses()).toEqual(["intended", "confirmed"]);
    expect(bench.recorded).toEqual(["effect.looked", "effect.compared", "effect.intended", "effect.confirmed"]);
  });

  test("is not pressed where the page changes the figure in the last moment", async () => {
    const bench = await effectBench();
    bench.portal.on.aim = () => (bench.portal.books = "4");
    await expect(bench.advance()).rejects.toEqual(failed("form-mismatch"));
    expect(bench.portal.rows).toEqual([]);
    expect(bench.portal.log).toEqual(["aim"]);
    expect(await bench.statuses()).toEqual(["intended", "withdrawn"]);
    expect(await bench.evidence()).toMatchObject({ difference: expect.stringContaining("要「6」，頁面是「4」") });
  });

  test("is not pressed where the page changes something else in the last moment", async () => {
    const bench = await effectBench();
    bench.portal.on.aim = () => (bench.portal.others = [{ name: "備註", value: "改了", asked: null }]);
    await expect(bench.advance()).rejects.toEqual(failed("form-mismatch"));
    expect(await bench.statuses()).toEqual(["intended", "withdrawn"]);
  });

  test("is not even intended where the form does not hold what was asked", async () => {
    const bench = await effectBench();
    bench.portal.on.fill = () => (bench.portal.books = "7");
    await expect(bench.advance()).rejects.toMatchObject({
      code: "form-mismatch",
      detail: { seen: expect.stringContaining("7") },
    });
    expect(await bench.statuses()).toEqual([]);
    expect(bench.portal.log).toEqual([]);
  });

  test("overwrites nothing of others: not a field that filling changes, nor one that goes away, nor one that held something", async () => {
    for (const others of [[{ name: "備註", value: "空了", asked: null }], []] as const) {
      const bench = await effectBench();
      bench.portal.on.fill = () => (bench.portal.others = others);
      await expect(bench.advance()).rejects.toMatchObject({
        code: "form-mismatch",
        detail: { seen: expect.stringContaining("別人的") },
      });
      expect(await bench.statuses()).toEqual([]);
    }
    const bench = await effectBench();
    bench.portal.occupied = "someone@office.test";
    bench.portal.on.fill = () => bench.portal.log.push("typed");
    await expect(bench.advance()).rejects.toMatchObject({
      code: "form-mismatch",
      detail: { seen: expect.stringContaining("someone@office.test") },
    });
    expect(bench.portal.log).toEqual([]);
  });

  test("is begun only where every later page of the job is known", async () => {
    const later = new Failure("page-changed", { wanted: "匯入字軌" });
    const bench = await effectBench({ spec: { laterPages: () => Promise.reject(later) } });
    await expect(bench.advance()).rejects.toBe(later);
    expect(bench.portal.log).toEqual([]);
    expect(await bench.statuses()).toEqual([]);
  });

  test("is not pressed where it may not be", async () => {
    const bench = await effectBench({
      mayPress: () => {
        throw new Failure("live-not-confirmed");
      },
    });
    await expect(bench.advance()).rejects.toEqual(failed("live-not-confirmed"));
    expect(bench.portal.log).toEqual([]);
    expect(await bench.statuses()).toEqual([]);
  });
});

describe("only a click that was begun is a press", () => {
  test.for(["aim", "click"] as const)(
    "what fails at the %s has pressed nothing, and nobody is asked",
    async (moment) => {
      const bench = await effectBench();
      bench.portal.on[moment] = () => {
        throw moment === "aim" ? new Error("covered") : new NotPressed("提交取號", new Error("covered"));
      };
      await expect(bench.advance()).rejects.toThrow("covered");
      expect(bench.portal.rows).toEqual([]);
      expect(await bench.statuses()).toEqual(["intended", "withdrawn"]);
    },
  );

  test("what fails before the page is even asked to send has pressed nothing", async () => {
    const bench = await effectBench({
      sendOnce: () => {
        throw new Error("page closed");
      },
    });
    await expect(bench.advance()).rejects.toThrow("page closed");
    expect(await bench.statuses()).toEqual(["intended", "withdrawn"]);
  });

  test("a click that failed after it was begun may have worked: it is looked for, and not made again", async () => {
    const bench = await effectBench();
    bench.portal.on.click = () => {
      throw new Error("connection reset");
    };
    expect(await bench.advance()).toEqual({ state: "look-again", after: 11 });
    expect(bench.left()).toBe(1);
    bench.portal.rows.push(6);
    expect(await bench.advance()).toMatchObject({ state: "done", result: { status: "confirmed" } });
    expect(bench.portal.log).toEqual(["aim"]);
    expect(await bench.statuses()).toEqual(["intended", "unknown", "confirmed"]);
  });

  test("may be tried again afterwards, and is then pressed once", async () => {
    const bench = await effectBench();
    bench.portal.on.aim = () => {
      throw new Error("covered");
    };
    await expect(bench.advance()).rejects.toThrow("covered");
    delete bench.portal.on.aim;
    expect(await bench.advance()).toMatchObject({ state: "done" });
    expect(bench.portal.rows).toEqual([6]);
  });
});

describe("the portal's own question", () => {
  test("is agreed to where it asks for the same", async () => {
    const bench = await effectBench();
    bench.portal.confirmation = {};
    expect(await bench.advance()).toMatchObject({ state: "done", result: { status: "confirmed" } });
    expect(bench.portal.log).toEqual(["aim", "click", "confirm"]);
  });

  test.for([
    { what: "something else", has: { shows: { 取用本數: "4" } }, code: "form-mismatch" },
    { what: "the password", has: { asksPassword: true }, code: "password-asked" },
  ] as const)("is left where it asks for $what", async ({ has, code }) => {
    const bench = await effectBench();
    bench.portal.confirmation = has;
    await expect(bench.advance()).rejects.toEqual(failed(code));
    expect(bench.portal.log).toEqual(["aim", "click", "withdraw"]);
    expect(bench.portal.rows).toEqual([]);
    expect(await bench.statuses()).toEqual(["intended", "withdrawn"]);
  });

  test("is agreed to where it repeats only a part of what was asked", async () => {
    const bench = await effectBench();
    bench.portal.confirmation = { shows: {} };
    expect(await bench.advance()).toMatchObject({ state: "done", result: { status: "confirmed" } });
    expect(bench.portal.log).toEqual(["aim", "click", "confirm"]);
  });

  test("that has to say something and does not is left", async () => {
    const bench = await effectBench({ spec: { confirmed: () => ({ 載具編號: "AB1" }) } });
    bench.portal.confirmation = {};
    await expect(bench.advance()).rejects.toEqual(failed("form-mismatch"));
    expect(bench.portal.log).toEqual(["aim", "click", "withdraw"]);
  });

  test("whose 確認 was not clicked has sent nothing, even where its way out can't be found", async () => {
    const bench = await effectBench();
    bench.portal.confirmation = {};
    bench.portal.on.confirm = () => {
      throw new NotPressed("確定", new Error("covered"));
    };
    bench.portal.on.withdraw = () => {
      throw new Error("no 取消 here");
    };
    await expect(bench.advance()).rejects.toThrow("covered");
    expect(await bench.statuses()).toEqual(["intended", "withdrawn"]);
  });

  test("is left where pressing is no longer allowed", async () => {
    let asked = 0;
    const bench = await effectBench({
      mayPress: () => {
        if (++asked > 1) throw new Failure("lease-lost");
      },
    });
    bench.portal.confirmation = {};
    await expect(bench.advance()).rejects.toEqual(failed("lease-lost"));
    expect(bench.portal.log).toEqual(["aim", "click", "withdraw"]);
    expect(await bench.statuses()).toEqual(["intended", "withdrawn"]);
  });

  test("whose 確認 failed after it was clicked may have worked", async () => {
    const bench = await effectBench();
    bench.portal.confirmation = {};
    bench.portal.on.confirm = () => {
      throw new Error("connection reset");
    };
    expect(await bench.advance()).toMatchObject({ state: "look-again" });
    expect(await bench.statuses()).toEqual(["intended", "unknown"]);
  });
});

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

describe("a disk that fills up", () => {
  const fullAt = (type: string) => ({
    record: (event: string) => {
      if (event === type) throw new Failure("disk-full");
    },
  });

  test("after the press is never told as 「nothing was sent」", async () => {
    const bench = await effectBench(fullAt("effect.confirmed"));
    await expect(bench.advance()).rejects.toEqual(failed("outcome-unknown"));
    expect(bench.portal.rows).toEqual([6]);
  });

  test("before it has sent nothing", async () => {
    const bench = await effectBench(fullAt("effect.intended"));
    await expect(bench.advance()).rejects.toEqual(failed("disk-full"));
    expect(bench.portal.log).toEqual([]);
  });
});

describe("an act that is done already", () => {
  test("is not pressed", async () => {
    const bench = await effectBench();
    bench.portal.rows.push(6);
    expect(await bench.advance()).toMatchObject({ state: "done", result: { status: "already-done" } });
    expect(bench.portal.log).toEqual([]);
    expect(await bench.statuses()).toEqual(["already-done"]);
  });

  test("in an earlier run and is still there is not begun anew, and what judges it is told that it was proved once", async () => {
    const told: boolean[] = [];
    const judge: EffectSpec<Listed, SmallPortal>["judge"] = ({ rows }, wasConfirmed) => {
      told.push(wasConfirmed);
      return rows.includes(6) ? { already: "已取號" } : { go: true };
    };
    const bench = await effectBench({ spec: { judge } });
    await bench.advance();
    await bench.store.updateTable("effect_events").set({ run_id: "run-0" }).execute();
    expect(await bench.advance()).toMatchObject({ state: "done", result: { status: "already-done", proof: "已取號" } });
    expect(told).toEqual([false, true]);
    expect(await bench.statuses()).toEqual(["intended", "confirmed"]);
    expect(bench.recorded.at(-1)).toBe("effect.already-done");
  });

  test("in this run goes on from what is there now where another version of the flow had looked before", async () => {
    const bench = await effectBench();
    await bench.advance();
    await bench.store.updateTable("runs").set({ flow_version: 2 }).execute();
    expect(await bench.advance()).toMatchObject({ state: "done", result: { before: { rows: [6] } } });
  });

  test("in an earlier run and is no longer to be seen is done again on a person's word only", async () => {
    const bench = await effectBench();
    await bench.advance();
    bench.portal.rows = [];
    await bench.store.updateTable("effect_events").set({ run_id: "run-0" }).execute();
    expect(await bench.advance()).toMatchObject({ state: "ask", question: { choices: { again: expect.anything() } } });
    expect(bench.portal.rows).toEqual([]);
    await bench.answer("again");
    await bench.answer("again");
    expect(await bench.advance()).toMatchObject({ state: "done" });
    expect(bench.portal.rows).toEqual([6]);
  });

  test("in this run, and is not to be seen yet, is done", async () => {
    const bench = await effectBench({ spec: { listed: "later" } });
    bench.portal.shows = () => [];
    await bench.advance();
    expect(await bench.advance()).toMatchObject({ state: "done", result: { status: "confirmed" } });
    expect(bench.portal.rows).toEqual([6]);
  });

  test("in this run is not judged by what stands there now: a person's 「已成功」 is the last word, and what was there before stays known", async () => {
    const judge: EffectSpec<Listed, SmallPortal>["judge"] = ({ rows }) =>
      rows.length > 0 ? { refuse: "file-invalid", detail: {} } : { go: true };
    for (const recur of [{}, { mayRecur: true } as const]) {
      const bench = await effectBench({ giveUp: 0, spec: { ...recur, judge } });
      bench.portal.said = { kind: "silent", words: "" };
      // Ours and another's: nothing tells which is which.
      bench.portal.enters = (asked) => [asked, 3];
      await bench.advance();
      expect(await bench.advance()).toMatchObject({ state: "ask" });
      await bench.answer("happened");
      const result = { status: "confirmed", proof: "這次執行裡已確認成功", before: { rows: [] } };
      expect(await bench.advance()).toEqual({ state: "done", result });
      // It was looked at for the record.
      expect(bench.recorded.at(-1)).toBe("effect.looked");
      // Neither is it pressed again where the list shows nothing of it.
      bench.portal.rows = [];
      expect(await bench.advance()).toEqual({ state: "done", result });
      expect(bench.portal.log).toEqual(["aim", "click"]);
    }
  });

  test("in an earlier run and undone since is done again by itself where it may recur", async () => {
    const bench = await effectBench({ spec: { mayRecur: true } });
    await bench.advance();
    bench.portal.rows = [];
    await bench.store.updateTable("effect_events").set({ run_id: "run-0" }).execute();
    expect(await bench.advance()).toMatchObject({ state: "done", result: { status: "confirmed" } });
    expect(await bench.statuses()).toEqual(["intended", "confirmed", "released", "intended", "confirmed"]);
  });

  test("or can't be done is not begun", async () => {
    const bench = await effectBench({ spec: { judge: () => ({ refuse: "quota-exceeded", detail: {} }) } });
    await expect(bench.advance()).rejects.toEqual(failed("quota-exceeded"));
    expect(await bench.statuses()).toEqual([]);
  });
});
