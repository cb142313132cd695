import { afterAll, describe, expect, test } from "vitest";
import { allocatedRuns, ENDED, listedRuns, putFile, type Run } from "../../support/kit/jobs/blanks.ts";
import { type Installation, installed } from "../../support/kit/installation/installation.ts";
import { BEFORE_THE_TENTH, ledgerOf, openPortal } from "../../support/kit/installation/portal.ts";
import { recorded } from "../../support/kit/record/record.ts";
import { envelopeOf, robot, runDataSchema } from "../../support/kit/installation/robot-process.ts";
import { runsOf } from "../../support/kit/installation/runs.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

const portal = await openPortal(BEFORE_THE_TENTH);
afterAll(() => portal.close());

async function office(): Promise<{ readonly at: Installation; readonly runs: readonly Run[] }> {
  const at = await installed({ portal, companies: [{ portal: { taken: [{ period: "previous", books: 1 }] } }] });
  return { at, runs: await allocatedRuns(at) };
}

/** The first `count` numbers of each run over the whole period, as an invoice program exports them; the first of all was voided. */
function ledger(ubn: string, runs: readonly Run[], count: number): string {
  const rows = runs.flatMap(({ track, begin }, index) =>
    Array.from({ length: count }, (_, nth) => {
      const number = `${track}${String(Number(begin) + nth).padStart(8, "0")}`;
      return [number, dayOf(nth, count), index + nth === 0 ? "作廢" : "開立", ubn].join(",");
    }),
  );
  return `${["發票號碼,發票日期,狀態,賣方統編", ...rows].join("\r\n")}\r\n`;
}

/** From the first to the last day of the period. */
function dayOf(nth: number, count: number): string {
  const day = new Date(Date.UTC(2026, 8, 1 + Math.floor((nth / Math.max(1, count - 1)) * 60)));
  return day.toISOString().slice(0, 10).replaceAll("-", "/");
}

async function upload(at: Installation, text: string): Promise<ReturnType<typeof robot>> {
  const { path } = await putFile(at, text, "發票明細.csv");
  return robot(at, [
    "run",
    "upload-blank-numbers",
    "--company",
    at.ubn,
    "--period",
    ENDED,
    "--invoices",
    path,
    "--json",
  ]);
}

describe("from the invoice ledger alone", () => {
  test("the blank numbers are computed, uploaded and proved; a voided number is not blank", async () => {
    const { at, runs } = await office();
    const ended = await upload(at, ledger(at.ubn, runs, 30));
    const blank = runs.map((run) => ({ ...run, begin: String(Number(run.begin) + 30).padStart(8, "0") }));
    expectExit(ended, 0);
    expect(runDataSchema.parse(envelopeOf(ended).data)).toMatchObject({ outcome: "done", blanks: blank });
    expect(await listedRuns(at)).toEqual(blank);
    const [run] = await runsOf(at);
    if (run === undefined) throw new Error("The run is gone.");
    expect(recorded(run, "file").map(({ data }) => data)).toContainEqual(expect.objectContaining({ direction: "out" }));
  });

  test("nothing is uploaded where every number was used", async () => {
    const { at, runs } = await office();
    const all = runs.map(({ begin, end }) => Number(end) - Number(begin) + 1);
    expect(new Set(all).size).toBe(1);
    const ended = await upload(at, ledger(at.ubn, runs, all[0] ?? 0));
    expect(envelopeOf(ended).data).toMatchObject({ outcome: "already-done", blanks: [] });
    expect(ledgerOf(portal, "blank-upload", at.ubn)).toEqual([]);
  });

  test("nothing is uploaded where a number can't be read: it might be one that was used", async () => {
    const { at, runs } = await office();
    const text = ledger(at.ubn, runs, 30).replace(/^[A-Z]{2}\d{8},/m, "1.23457E+09,");
    const ended = await upload(at, text);
    expectExit(ended, 1);
    expect(envelopeOf(ended).failure).toMatchObject({ code: "file-invalid", seen: expect.stringContaining("第 2 行") });
    expect(ledgerOf(portal, "blank-upload", at.ubn)).toEqual([]);
  });
});
