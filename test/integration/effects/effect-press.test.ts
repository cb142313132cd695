import { describe, expect, test } from "vitest";
import { Failure } from "../../../robot/failures/failure.ts";
import { EFFECT_TRANSITIONS } from "../../../robot/engine/effects/effect-table.ts";
import { aimAt, pressOnce } from "../../../selectors/submit/press-once.ts";
import { irreversible, NotPressed } from "../../../selectors/submit/irreversible.ts";
import { effectBench } from "./effect-bench.ts";

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

  test("is filled in when the page has come to rest: what it writes late is no change of ours", async () => {
    const bench = await effectBench();
    bench.portal.late = () => (bench.portal.others = [{ name: "備註", value: "頁面自己寫的", asked: null }]);
    expect(await bench.advance()).toMatchObject({ state: "done" });
    expect(bench.portal.rows).toEqual([6]);
  });

  test("is compared when the page has come to rest: a figure that is written over late is not even intended", async () => {
    const bench = await effectBench();
    bench.portal.on.fill = () => (bench.portal.late = () => (bench.portal.books = "4"));
    await expect(bench.advance()).rejects.toMatchObject({
      code: "form-mismatch",
      detail: { seen: expect.stringContaining("要「6」，頁面是「4」") },
    });
    expect(bench.portal.log).toEqual([]);
    expect(await bench.statuses()).toEqual([]);
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

  test("may show fields of its own for what was chosen, and change what it was asked to set", async () => {
    const bench = await effectBench();
    bench.portal.others = [
      { name: "發票期別", value: "", asked: null },
      { name: "發票類別", value: "全部", asked: "sets" },
    ];
    bench.portal.on.fill = () =>
      (bench.portal.others = [
        { name: "發票期別", value: "11512", asked: "sets" },
        { name: "發票類別", value: "07", asked: null },
      ]);
    expect(await bench.advance()).toMatchObject({ state: "done" });
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

  test("is not what any other trouble is called by which the outcome could not be written down", async () => {
    const bench = await effectBench({
      record: (event) => {
        if (event === "effect.confirmed") throw new Failure("store-unavailable");
      },
    });
    await expect(bench.advance()).rejects.toEqual(failed("store-unavailable"));
    expect(bench.portal.rows).toEqual([6]);
  });

  test("before it has sent nothing", async () => {
    const bench = await effectBench(fullAt("effect.intended"));
    await expect(bench.advance()).rejects.toEqual(failed("disk-full"));
    expect(bench.portal.log).toEqual([]);
  });
});
