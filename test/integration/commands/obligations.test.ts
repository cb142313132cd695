import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { obligationTable } from "../../../robot/engine/runs/obligations.ts";
import { taipeiDay } from "../../../robot/invoicing/values/day.ts";
import {
  obligationsAt,
  obligationsOf,
  type RunFacts,
  type ObligationStatus,
  stateOf,
} from "../../../robot/invoicing/deadlines/obligations.ts";
import { FLOWS } from "../../../flows/index.ts";
import { parsePeriod } from "../../../robot/invoicing/values/period.ts";
import { type ConsoleOffice, openOffice } from "../../support/kit/console/console.ts";
import { enterRuns, type MadeUpRun, officeCompanies } from "../../support/kit/console/office.ts";
import { command } from "../../support/kit/installation/command.ts";
import { envelopeOf } from "../../support/kit/installation/robot-process.ts";

const P11512 = parsePeriod("11512");
const day = (text: string) => taipeiDay(new Date(`${text}T12:00:00+08:00`));

describe("what is to be done for a period", () => {
  it("has the dates of the law: blank numbers of 115/11-12 by Sunday 2027-01-10, which moves for no holiday", () => {
    expect(obligationsOf(P11512, FLOWS)).toMatchObject([
      { id: "take", about: "11602", from: "2026-11-01", by: "2026-12-18" },
      { id: "download", about: "11602", from: "2026-12-18", by: "2026-12-31" },
      { id: "blanks", about: "11512", from: "2027-01-01", by: "2027-01-10", movesOnHoliday: false },
      { id: "verify", about: "11512", from: "2027-01-01", by: "2027-01-10", movesOnHoliday: false },
      { id: "winning", about: "11512", from: "2027-01-28", by: "2027-02-04" },
    ]);
    expect(obligationsOf(P11512, FLOWS, { allocationDay: 20 })[0]).toMatchObject({ by: "2026-12-20" });
  });

  it("is, on a day, what falls into its two months, whichever period it is of", () => {
    const found = obligationsAt(day("2026-11-21"), FLOWS).map(({ id, about, by }) => [id, about, by]);
    expect(found).toEqual([
      ["blanks", "11510", "2026-11-10"],
      ["verify", "11510", "2026-11-10"],
      ["winning", "11510", "2026-12-05"],
      ["take", "11602", "2026-12-18"],
      ["download", "11602", "2026-12-31"],
    ]);
  });
});

describe("how a duty stands", () => {
  const nothing: RunFacts = { doneOn: null, latest: null };
  const status = (
    obligation: string,
    on: string,
    facts: Partial<RunFacts> = {},
    byOther = false,
  ): [ObligationStatus, number | null] => {
    const found = obligationsOf(P11512, FLOWS).find((one) => one.id === obligation);
    if (!found) throw new Error(obligation);
    const state = stateOf(found, { ...nothing, ...facts }, day(on), byOther);
    return [state.status, state.daysLeft];
  };

  it.each([
    ["blanks", "2026-12-31", "later", 10],
    ["blanks", "2027-01-01", "open", 9],
    ["blanks", "2027-01-05", "due", 5],
    ["blanks", "2027-01-10", "due", 0],
    ["blanks", "2027-01-11", "overdue", -1],
    ["take", "2026-12-19", "passed", null],
    ["download", "2027-01-01", "overdue", -1],
    ["winning", "2027-01-27", "later", 8],
  ] as const)("%s on %s: %s", (obligation, on, wanted, left) => {
    expect(status(obligation, on)).toEqual([wanted, left]);
  });

  it("is settled by what had done it, but not while a person has to look", () => {
    const doneOn = day("2027-01-02");
    expect(status("blanks", "2027-02-01", { doneOn })).toEqual(["done", null]);
    expect(status("blanks", "2027-02-01", { doneOn, latest: "failed" })).toEqual(["done", null]);
    expect(status("blanks", "2027-02-01", { doneOn, latest: "needs-person" })).toEqual(["person", -22]);
    expect(status("blanks", "2027-02-01", { latest: "unknown" })[0]).toBe("unknown");
    expect(status("blanks", "2027-02-01", { latest: "failed" })[0]).toBe("failed");
    expect(status("blanks", "2027-01-20", {}, true)).toEqual(["other", null]);
    expect(status("verify", "2027-01-20", {}, true)).toEqual(["overdue", -10]);
  });
});

describe("the table of companies and duties", () => {
  let office: ConsoleOffice;
  const companies = officeCompanies(5);
  const [first, second] = companies;
  beforeAll(async () => {
    office = await openOffice(companies);
    const run = (
      of: typeof first,
      flow: string,
      period: string,
      at: string,
      more: Partial<MadeUpRun> = {},
    ): MadeUpRun => ({
      flow,
      ubn: of?.ubn ?? "",
      company: of?.name ?? "",
      period,
      at: new Date(at),
      ...more,
    });
    await enterRuns(office.assembled.store, [
      run(first, "upload-blank-numbers", "11510", "2026-11-05T17:00:00Z"),
      run(first, "download-tracks", "11602", "2026-11-06T01:00:00Z", { outcome: "already-done" }),
      run(first, "download-tracks", "11602", "2026-11-07T01:00:00Z", { outcome: "failed", failure: "portal-down" }),
      run(second, "upload-blank-numbers", "11510", "2026-11-05T01:00:00Z", {
        outcome: "failed",
        failure: "portal-down",
      }),
      run(second, "take-tracks", "11602", "2026-11-20T01:00:00Z", { state: "waiting" }),
      // Another period's success is none of this one's.
      run(second, "upload-blank-numbers", "11508", "2026-11-06T01:00:00Z"),
    ]);
  });
  afterAll(() => office.close());

  it("takes an upload as proof of its verification, in Taipei's days, and keeps what was done when a repetition fails", async () => {
    const today = day("2026-11-21");
    const rows = await obligationTable(
      office.assembled.store,
      office.config.companies,
      obligationsAt(today, FLOWS),
      FLOWS,
      today,
    );
    const of = (ubn: string | undefined) =>
      Object.fromEntries(rows.find((row) => row.ubn === ubn)?.cells.map((cell) => [cell.obligation, cell]) ?? []);
    expect(of(first?.ubn)).toMatchObject({
      blanks: { status: "done", doneOn: "2026-11-06" },
      verify: { status: "done" },
      take: { status: "done" },
      download: { status: "done" },
    });
    expect(of(second?.ubn)).toMatchObject({
      blanks: { status: "failed", daysLeft: -11 },
      verify: { status: "overdue" },
      take: { status: "waiting" },
      download: { status: "later" },
    });
    expect(rows.map(({ ubn }) => ubn)).toEqual(companies.map(({ ubn }) => ubn));
  });

  it("is printed by `status`, with the deadlines of the period", async () => {
    const ended = await command(office, ["status", "--period", "11512", "--json"]);
    const { data, command: said } = envelopeOf(ended);
    expect([ended.code, said]).toEqual([0, "status"]);
    const schema = z.looseObject({
      period: z.literal("11512"),
      deadlines: z.array(z.looseObject({ duty: z.string(), by: z.string().nullable(), movesOnHoliday: z.boolean() })),
      companies: z.array(z.looseObject({ ubn: z.string(), duties: z.array(z.looseObject({ duty: z.string() })) })),
    });
    const { deadlines, companies: rows } = schema.parse(data);
    expect(deadlines).toContainEqual(
      expect.objectContaining({ duty: "blank-numbers", by: "2027-01-10", movesOnHoliday: false }),
    );
    expect(rows).toHaveLength(5);
    expect(rows[0]?.duties.map(({ duty }) => duty)).toEqual(
      expect.arrayContaining(["take", "download", "blanks", "verify"]),
    );
    const wrong = await command(office, ["status", "--period", "11513", "--json"]);
    expect([wrong.code, envelopeOf(wrong).failure?.code]).toEqual([2, "wrong-use"]);
  });
});
