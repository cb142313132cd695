import { afterAll, afterEach, describe, expect, test } from "vitest";
import { type CompanySetup, installed, type InstallationOptions } from "../../support/kit/installation/installation.ts";
import { perform } from "../../support/kit/installation/in-process.ts";
import { openPortal, takeBackFaults, THIS } from "../../support/kit/installation/portal.ts";
import { expectIntact } from "../../support/kit/record/record.ts";
import type { FaultInput } from "../../portal/model/faults.ts";
import { invoicesIn, OUT, tool, WINNERS, won } from "../../support/kit/jobs/winners.ts";
import { resultOf } from "../../support/kit/record/result.ts";

const portal = await openPortal();
afterAll(() => portal.close());
afterEach(async () => {
  portal.show("current");
  await takeBackFaults(portal);
});

/** Longer ago than the portal's page goes back. */
const OLD = "10902";

describe("取得中獎清冊 in spite of", () => {
  const habits: readonly (readonly [name: string, fault: FaultInput, design: "current" | "classic"])[] = [
    ["a 查詢 that swallows the first press", { name: "two-clicks", on: "query" }, "current"],
    ["a 查詢 that swallows the first press", { name: "two-clicks", on: "query" }, "classic"],
    ["a menu that swallows the first press", { name: "two-clicks", on: "menu" }, "current"],
    ["a page that is drawn late", { name: "late-render", ms: 3_000 }, "current"],
    ["a session that has ended", { name: "session-expired", path: "winning" }, "current"],
  ];

  test.for(habits)("%s (%o, %s)", async ([, fault, design]) => {
    portal.show(design);
    const settings = { ...tool, portal: { retry: { times: 1, after: "100ms" } } };
    const at = await installed({ portal, companies: [{ portal: won }], settings });
    portal.order({ ...fault, ban: at.ubn });
    const run = await perform(at, { flow: "fetch-winning-list", input: { period: OUT } });
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(resultOf(run)?.winning?.map(({ winners }) => winners)).toEqual([2, 1]);
  });
});

describe("取得中獎清冊 is refused with its own reason:", () => {
  const cases: readonly {
    readonly what: string;
    readonly code: string;
    readonly seen: string;
    readonly period?: string;
    readonly company?: CompanySetup["portal"];
    readonly broken?: "html" | "wrong-company";
    readonly settings?: InstallationOptions["settings"];
  }[] = [
    { what: "before the 28th", code: "winning-list-early", seen: "今天是", period: THIS },
    { what: "a period that the portal no longer offers", code: "not-in-window", seen: "可選的是", period: OLD },
    { what: "a web page instead of the file", code: "winning-list-broken", seen: "網頁", broken: "html" },
    { what: "another company's list", code: "winning-list-broken", seen: "55667783", broken: "wrong-company" },
    {
      what: "a list that is not what its last line says",
      code: "winning-list-broken",
      seen: "每一行都在",
      company: { winning: [{ period: OUT, winners: WINNERS, says: { count: 3 } }] },
    },
    {
      what: "a tool that can't open it",
      code: "decrypt-failed",
      seen: "找不到這個程式",
      settings: { winningList: { decrypt: { command: "/nowhere/tool", args: ["{in}", "{out}"] } } },
    },
  ];

  test.for(cases)("$what: $code", async ({ code, seen, period, company, broken, settings }) => {
    const at = await installed({ portal, companies: [{ portal: company ?? won }], settings: settings ?? tool });
    if (broken) portal.order({ name: "download-broken", at: "winning", kind: broken, ban: at.ubn });
    const failed = await perform(at, { flow: "fetch-winning-list", input: { period: period ?? OUT } });
    expect(failed).toMatchObject({ state: "ended", failure: { code } });
    expect(failed.outcome).toBe(code === "decrypt-failed" ? "needs-person" : "failed");
    expect(failed.failure?.seen).toContain(seen);
    await expectIntact(failed);
  });

  test("what is broken is written line by line all the same", async () => {
    const says = { winning: [{ period: OUT, winners: WINNERS, says: { sum: 7 } }] };
    const at = await installed({ portal, companies: [{ portal: says }], settings: tool });
    const { failure } = await perform(at, { flow: "fetch-winning-list", input: { period: OUT } });
    const [, path = ""] = /（每一行都在 (.+?\.csv)/.exec(failure?.seen ?? "") ?? [];
    expect(await invoicesIn(path)).toEqual(["AB00000001", "AB00000007"]);
  });
});
