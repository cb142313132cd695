import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { download, perform } from "../../support/kit/installation/in-process.ts";
import { installed } from "../../support/kit/installation/installation.ts";
import {
  ledgerOf,
  letTimePass,
  NEXT,
  openPortal,
  takeBackFaults,
  THIS,
} from "../../support/kit/installation/portal.ts";
import { expectExplained, expectIntact, folderOf, recorded } from "../../support/kit/record/record.ts";
import { resultOf } from "../../support/kit/record/result.ts";
import { EVERY_TEST } from "../../support/every-test.ts";

const portal = await openPortal();
afterAll(() => portal.close());
afterEach(() => takeBackFaults(portal));

const keptSchema = z.looseObject({ path: z.string(), sha256: z.string() });

describe("a broken download", () => {
  const kinds = ["truncated", "html", "wrong-company"] as const;
  test.each(EVERY_TEST ? kinds : kinds.slice(-1))(
    "(%s) is called broken, and its bytes are kept untouched",
    async (kind) => {
      const office = await installed({ portal, companies: [{ portal: { taken: [{ period: "this", books: 3 }] } }] });
      portal.order({ name: "download-broken", kind, ban: office.ubn });
      const run = await perform(office, download(THIS));
      expect(run.outcome).toBe("failed");
      await expectExplained(run, "download-broken");
      const [broken] = ledgerOf(portal, "download", office.ubn);
      expect(broken?.broken).toBe(kind);
      const kept = recorded(run, "file").map(({ data }) => keptSchema.parse(data));
      expect(kept).toMatchObject([{ sha256: broken?.sha256 }]);
      const bytes = await readFile(join(folderOf(run), kept[0]?.path ?? ""));
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(broken?.sha256);
    },
  );

  test("is never taken for the file: the next try fetches it anew", async () => {
    const office = await installed({ portal, companies: [{ portal: { taken: [{ period: "this", books: 3 }] } }] });
    portal.order({ name: "download-broken", kind: "truncated", ban: office.ubn });
    await perform(office, download(THIS));
    const again = await perform(office, download(THIS));
    expect(again).toMatchObject({ outcome: "done", failure: null });
    const [broken, whole] = ledgerOf(portal, "download", office.ubn);
    expect([broken?.broken, whole?.broken]).toEqual(["truncated", null]);
    expect(again.result?.files).toMatchObject([{ sha256: whole?.sha256 }]);
  });
});

describe("what the portal has allocated, whoever asked for it", () => {
  test.runIf(EVERY_TEST)("of a whole year: every file, and what is missing is named", async () => {
    const taken = [
      { period: "11504", books: 2 },
      { period: "11508", books: 1, by: "someone-else" as const },
      { period: "11508", category: "08" as const, books: 1 },
      { period: "this" as const, books: 3, extraBooks: 1, by: "automatic" as const },
    ];
    const office = await installed({ portal, companies: [{ portal: { taken } }] });
    const run = await perform(office, download("11502", "11512"));
    expect(run).toMatchObject({ outcome: "done", failure: null });
    const { tracks = [], files = [], notes = [] } = resultOf(run) ?? {};
    expect(files.map(({ sha256 }) => sha256)).toEqual(
      ledgerOf(portal, "download", office.ubn).map(({ sha256 }) => sha256),
    );
    expect(files).toHaveLength(4);
    const booksOf = (period: string, category: string): number =>
      tracks
        .filter((track) => track.period === period && track.category === category)
        .reduce((sum, track) => sum + track.books, 0);
    expect([
      booksOf("11504", "07"),
      booksOf("11508", "07"),
      booksOf("11508", "08"),
      booksOf("11512", "07"),
      tracks.reduce((sum, track) => sum + track.books, 0),
    ]).toEqual([2, 1, 1, 4, 8]);
    for (const missing of ["115年01-02月", "115年05-06月", "115年09-10月"]) {
      expect(notes).toContain(`${missing}：平台上沒有配號`);
    }
    await expectIntact(run);

    expect(await perform(office, download("11502", "11512"))).toMatchObject({ outcome: "already-done" });
    expect(ledgerOf(portal, "download", office.ubn)).toHaveLength(4);
  });

  test("and not yet opened: what is ready is downloaded, what is still checked is told", async () => {
    const office = await installed({ portal, companies: [{ portal: { taken: [{ period: "this", books: 2 }] } }] });
    portal.order({ name: "allocation-stuck", ban: office.ubn });
    await fetch(new URL("/someone-else", portal.controlUrl), {
      method: "POST",
      body: JSON.stringify({ ban: office.ubn, period: NEXT, books: 2 }),
    });
    letTimePass(portal, 60);
    const run = await perform(office, download(THIS, NEXT));
    expect(run).toMatchObject({ outcome: "done", result: { files: [{}] } });
    expect(run.result?.notes?.join()).toContain("已配號，檢核中");

    const alone = await perform(office, download(NEXT));
    expect(alone.outcome).toBe("failed");
    await expectExplained(alone, "nothing-allocated", /配號清單/);
  });

  test("by the platform itself on the 18th, which nobody asked for", async () => {
    const office = await installed({ portal, companies: [{ portal: { taken: [{ period: "this", books: 2 }] } }] });
    expect(await perform(office, download(NEXT))).toMatchObject({ failure: { code: "nothing-allocated" } });
    portal.clock.set(Date.parse("2026-12-18T00:30:00+08:00"));
    letTimePass(portal, 60);
    const run = await perform(office, download(NEXT));
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(resultOf(run)?.tracks?.reduce((books, track) => books + track.books, 0)).toBe(2);
    expect(ledgerOf(portal, "take-submitted", office.ubn)).toEqual([]);
  });
});
