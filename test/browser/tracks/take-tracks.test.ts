import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { RunRow } from "../../../robot/engine/runs/runs.ts";
import { download, perform, take } from "../../support/kit/installation/in-process.ts";
import { install, type Installation, installed, NOTICE_ADDRESS } from "../../support/kit/installation/installation.ts";
import { ledgerOf, letTimePass, NEXT, openPortal, stopClock, THIS } from "../../support/kit/installation/portal.ts";
import { expectExplained, expectIntact, recorded, stepsDone } from "../../support/kit/record/record.ts";
import { untilWaiting } from "../../support/kit/installation/runs.ts";
import { resultOf } from "../../support/kit/record/result.ts";

const portal = await openPortal();
afterAll(() => portal.close());

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("a company that has taken nothing yet", () => {
  let office: Installation;
  let run: RunRow;
  beforeAll(async () => {
    office = await install({ portal });
    stopClock(portal);
    const running = perform(office, take(NEXT, 15));
    await untilWaiting(office);
    letTimePass(portal, 60);
    run = await running;
  });
  afterAll(() => office.close());

  test("gets from nothing to the file: listed for notices, one submit, the mail, the portal's own bytes", async () => {
    const { ubn } = office;
    expect(run).toMatchObject({ state: "ended", outcome: "done", failure: null });
    expect(ledgerOf(portal, "mailbox-list", ubn)).toMatchObject([{ action: "add", address: NOTICE_ADDRESS }]);
    expect(ledgerOf(portal, "take-submitted", ubn)).toMatchObject([
      { period: NEXT, category: "07", books: 15, extraBooks: 0, accepted: true },
    ]);
    const [allocation] = ledgerOf(portal, "allocation", ubn);
    const tracks = resultOf(run)?.tracks ?? [];
    expect(tracks.map(({ track, begin, end }) => ({ track, begin, end }))).toEqual(allocation?.runs);
    expect(tracks.map(({ begin, end }) => [begin, end]).flat()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^0{3}\d{5}$/)]),
    );
    expect(tracks.reduce((books, track) => books + track.books, 0)).toBe(15);

    const [file, ...others] = run.result?.files ?? [];
    const [download, ...moreDownloads] = ledgerOf(portal, "download", ubn);
    expect([others, moreDownloads]).toEqual([[], []]);
    expect(file?.sha256).toBe(download?.sha256);
    expect(sha256(await readFile(file?.path ?? ""))).toBe(download?.sha256);

    expect(stepsDone(run)).toEqual(expect.arrayContaining(["登錄通知信箱", "提交取號", `下載 ${NEXT} 期的字軌檔`]));
    expect(recorded(run, "effect.confirmed").map(({ data }) => data)).toMatchObject([
      { effect: "登錄通知信箱" },
      { effect: "提交取號" },
    ]);
    expect(recorded(run, "wait.looked").at(-1)?.data).toMatchObject({
      source: "mail",
      answer: { subject: "電子發票配號結果通知" },
    });
    await expectIntact(run);
    // Each visit was a sign-in that was signed out again, and none was open while it waited.
    expect(ledgerOf(portal, "sign-out", ubn)).toHaveLength(2);

    const again = await perform(office, take(NEXT, 15));
    expect(again).toMatchObject({ outcome: "already-done", result: { tracks, files: [file] } });
    expect(ledgerOf(portal, "take-submitted", ubn)).toHaveLength(1);
    expect(ledgerOf(portal, "download", ubn)).toHaveLength(1);
  });

  test("each step at the portal leaves a picture, and a step that takes its own no other", () => {
    expect(run.outcome).toBe("done");
    const pictured = new Map<string, number>();
    let step = "";
    for (const { type, data } of recorded(run, "step.started", "picture", "effect.looked")) {
      if (type === "step.started") step = z.object({ step: z.string() }).parse(data).step;
      else if (type === "picture") pictured.set(step, (pictured.get(step) ?? 0) + 1);
    }
    // Holding what was read against the request is done without the portal.
    const atPortal = stepsDone(run).filter((name) =>
      /^(?:登錄通知信箱|提交取號|看配號狀態|下載)(?!.*清單核對)/.test(name),
    );
    expect(atPortal.filter((name) => !pictured.has(name))).toEqual([]);
    expect([...pictured].filter(([name]) => name.startsWith("看配號狀態")).map(([, count]) => count)).toEqual(
      expect.arrayContaining([1]),
    );
  });

  test("gets it in a browser with a window too, which the portal demands", async () => {
    const strict = await openPortal({ signIn: { refuseHeadless: true } });
    try {
      const setup = { portal: strict, companies: [{ portal: { taken: [{ period: "this" as const, books: 2 }] } }] };
      const headless = await installed(setup);
      await expectExplained(await perform(headless, download(THIS), {}, () => "stop"), "access-challenged");
      const headed = await installed({ ...setup, settings: { browser: { headless: false } } });
      expect(await perform(headed, download(THIS))).toMatchObject({ outcome: "done" });
    } finally {
      await strict.close();
    }
  });
});

describe("a period that is taken already", () => {
  test("with the same books: nothing is submitted, the file is fetched once", async () => {
    const office = await installed({ portal, companies: [{ portal: { taken: [{ period: "next", books: 5 }] } }] });
    const first = await perform(office, take(NEXT, 5));
    expect(first).toMatchObject({ outcome: "already-done", failure: null });
    const [download] = ledgerOf(portal, "download", office.ubn);
    expect(first.result?.files).toMatchObject([{ sha256: download?.sha256 }]);
    expect(resultOf(first)?.tracks?.reduce((books, track) => books + track.books, 0)).toBe(5);

    const second = await perform(office, take(NEXT, 5));
    expect(second).toMatchObject({ outcome: "already-done", result: { files: first.result?.files } });
    expect(ledgerOf(portal, "download", office.ubn)).toHaveLength(1);
    expect(ledgerOf(portal, "take-submitted", office.ubn)).toEqual([]);
    await expectIntact(second);
  });

  test("with other books: stops and says so, nothing is submitted", async () => {
    const office = await installed({ portal, companies: [{ portal: { taken: [{ period: "next", books: 4 }] } }] });
    const run = await perform(office, take(NEXT, 5));
    expect(run.outcome).toBe("needs-person");
    await expectExplained(run, "books-differ");
    expect(run.failure).toMatchObject({ wanted: "5 本", seen: "4 本" });
    expect(ledgerOf(portal, "take-submitted", office.ubn)).toEqual([]);
  });
});
