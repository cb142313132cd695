import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { installed } from "../../support/kit/installation/installation.ts";
import { perform } from "../../support/kit/installation/in-process.ts";
import { ledgerOf, openPortal } from "../../support/kit/installation/portal.ts";
import { invoicesIn, keptForEver, OUT, tool, WINNERS, won } from "../../support/kit/jobs/winners.ts";
import { expectIntact } from "../../support/kit/record/record.ts";
import { resultOf } from "../../support/kit/record/result.ts";
import { EVERY_TEST } from "../../support/every-test.ts";

const portal = await openPortal();
afterAll(() => portal.close());
afterEach(() => portal.show("current"));

const DESIGNS = EVERY_TEST ? (["current", "classic"] as const) : (["current"] as const);

const run = (at: Awaited<ReturnType<typeof installed>>) =>
  perform(at, { flow: "fetch-winning-list", input: { period: OUT } });

const downloads = (ubn: string): string[] => ledgerOf(portal, "winning-download", ubn).map(({ name }) => name);

describe("取得中獎清冊", () => {
  test.for(DESIGNS)(
    "each list of the period is downloaded, opened and written as tables, and who won is masked (%s)",
    async (design) => {
      portal.show(design);
      const at = await installed({ portal, companies: [{ portal: won }], settings: tool });
      const done = await run(at);
      expect(done).toMatchObject({ outcome: "done", failure: null });
      const names = [`A_${at.ubn}_${OUT}_20260928.bin`, `Y_${at.ubn}_${OUT}_20260928.bin`];
      expect(downloads(at.ubn)).toEqual(names);
      expect(resultOf(done)?.winning).toEqual([
        { list: names[0], winners: 2, prizeSum: 1_200 },
        { list: names[1], winners: 1, prizeSum: 200 },
      ]);
      const files = done.result?.files ?? [];
      expect(files.map(({ name }) => name.replace(/.*\./, ""))).toEqual(["bin", "bin", "csv", "xlsx", "csv", "xlsx"]);
      expect(await invoicesIn(files[2]?.path ?? "")).toEqual(["AB00000001", "AB00000007"]);
      const told = JSON.stringify([
        done.result?.notes,
        await readFile(join(done.folder ?? "", "events.jsonl"), "utf8"),
      ]);
      expect(told).toContain("AB-00000001");
      expect(told).toContain("2026-10-05");
      expect(told).not.toMatch(/ABC1234|member-7788/);
      expect(await keptForEver(done)).toEqual([]);
      await expectIntact(done);

      const again = await run(at);
      expect(again).toMatchObject({ outcome: "already-done", failure: null });
      expect(again.result?.files).toHaveLength(6);
    },
  );

  test.runIf(EVERY_TEST)("a list that the portal has changed is read anew", async () => {
    const password = "Winners-1";
    const at = await installed({ portal, companies: [{ portal: won, password }], settings: tool });
    expect(await run(at)).toMatchObject({ outcome: "done" });
    const company = { ban: at.ubn, name: "試作商行", taxId: `3${at.ubn}`, accounts: [{ id: at.ubn, password }] };
    const winning = [{ period: OUT, list: "A", winners: WINNERS.slice(1) }];
    const body = JSON.stringify({ ...company, winning });
    expect((await fetch(new URL("/company", portal.controlUrl), { method: "POST", body })).ok).toBe(true);
    const again = await run(at);
    expect(again).toMatchObject({ outcome: "done" });
    expect(resultOf(again)?.winning?.[0]?.winners).toBe(1);
  });

  test("nobody has won: it says so, and is done", async () => {
    const at = await installed({ portal, settings: tool });
    const done = await run(at);
    expect(done).toMatchObject({ outcome: "done", failure: null });
    expect(done.result?.notes?.[0]).toContain("沒有列出檔案");
  });

  test("without the ministry's tool a person opens the lists; what is not there yet is asked for again", async () => {
    const at = await installed({ portal, companies: [{ portal: won }] });
    const asked: string[] = [];
    const done = await perform(at, { flow: "fetch-winning-list", input: { period: OUT } }, {}, ({ text }) => {
      asked.push(text);
      return asked.length < 3 ? "opened" : "keep";
    });
    expect(asked).toHaveLength(3);
    expect(asked[0]).toContain(`A_${at.ubn}_${OUT}_20260928.txt`);
    expect(done).toMatchObject({ outcome: "done" });
    expect(done.result?.files?.map(({ name }) => name.replace(/.*\./, ""))).toEqual(["bin", "bin"]);
    expect(done.result?.notes?.join()).toContain("原檔已保留");

    for (const { name, path } of done.result?.files ?? []) {
      const place = join(at.config.winningList.opened, name.replace(/bin$/, "txt"));
      await mkdir(dirname(place), { recursive: true });
      await writeFile(
        place,
        (await readFile(path)).subarray(8).map((byte) => byte ^ 0x5a),
      );
    }
    const opened = await run(at);
    expect(opened).toMatchObject({ outcome: "done" });
    expect(resultOf(opened)?.winning?.map(({ winners }) => winners)).toEqual([2, 1]);
  });
});
