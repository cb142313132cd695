import { describe, expect, test } from "vitest";
import { teachingAnswer, understoodLedger } from "../../../flows/shared/ledger-teaching.ts";
import { fileOfBytes } from "../../../robot/invoicing/reading/table.ts";
import { readLedger } from "../../../robot/invoicing/ledger/read-ledger.ts";
import type { ReadingReport } from "../../../robot/invoicing/ledger/reading-report.ts";
import type { LedgerTeaching } from "../../../robot/invoicing/ledger/teaching.ts";
import type { FilledAnswer, FlowPorts, KnownTeaching, Question } from "../../../robot/engine/flow.ts";

const FILE = { name: "明細.csv", path: "明細.csv", sha256: "0".repeat(64) };
const WORDS = "發票號碼,發票日期,狀態,賣方統編\nAB00000000,2026/09/01,已結案,12345675\n";
const STRANGE = "單子,那天,怎樣,誰\nAB00000000,2026/09/01,已結案,12345675\nAB00000001,2026/09/02,開立,12345675\n";

describe("a ledger that the robot does not understand", () => {
  test("its unknown word is asked, kept for this company and layout, and read with the answer", async () => {
    const office = ports([{ answer: "teach", values: { 已結案: "issued" } }]);
    const { teaching, report } = await understoodLedger(office.ports, FILE, reading(WORDS));
    expect(teaching.statuses).toEqual({ 已結案: "issued" });
    expect(report.understood).toBe(true);
    expect(office.asked).toMatchObject([{ topic: "ledger-words", form: { fields: [{ id: "已結案" }] } }]);
    expect(office.kept).toHaveLength(1);
    // The next time it applies without a question, and it is told.
    const again = ports([], office.kept);
    const known = await understoodLedger(again.ports, FILE, reading(WORDS));
    expect(known.report.understood).toBe(true);
    expect(again.asked).toEqual([]);
    expect(known.notes).toEqual([expect.stringMatching(/^沿用 2026\/11\/30 陳小姐 的設定：已結案＝開立/)]);
  });

  test("its unknown columns are asked with the first rows, then what is still unknown", async () => {
    const columns = { number: "單子", track: "none", date: "那天", status: "怎樣", seller: "誰" };
    const office = ports([
      { answer: "teach", values: columns },
      { answer: "teach", values: { 已結案: "blank" } },
    ]);
    const { teaching, report } = await understoodLedger(office.ports, FILE, reading(STRANGE));
    expect(report.understood).toBe(true);
    expect(teaching).toEqual({
      columns: { number: "單子", track: null, date: "那天", status: "怎樣", seller: "誰" },
      statuses: { 已結案: "blank" },
    });
    expect(office.asked.map(({ topic }) => topic)).toEqual(["ledger-columns", "ledger-words"]);
    expect(JSON.stringify(office.asked[0]?.context)).toContain("單子");
    // Both answers are found again by the layout as it was when nothing was known of it.
    const again = ports([], office.kept);
    expect((await understoodLedger(again.ports, FILE, reading(STRANGE))).report.understood).toBe(true);
  });

  test("what another company's people said is offered in the form and never applied unasked", async () => {
    const other = ports([{ answer: "teach", values: { 已結案: "voided" } }]);
    await understoodLedger(other.ports, FILE, reading(WORDS));
    const theirs = other.kept.map((one) => ({ ...one, ubn: "04595257" }));
    const office = ports([{ answer: "teach", values: { 已結案: "issued" } }], theirs);
    const { teaching } = await understoodLedger(office.ports, FILE, reading(WORDS));
    expect(office.asked[0]).toMatchObject({ form: { fields: [{ value: "voided" }] } });
    expect(teaching.statuses).toEqual({ 已結案: "issued" });
  });

  test("what the command line says answers the question, if all of it is said; other questions it does not touch", async () => {
    const office = ports([{ answer: "teach", values: { 已結案: "issued" } }]);
    await understoodLedger(office.ports, FILE, reading(WORDS));
    const [asked] = office.asked;
    const question = { topic: asked?.topic ?? null, form: asked?.form ?? null };
    const said: LedgerTeaching = { columns: {}, statuses: { 已結案: "voided" } };
    expect(teachingAnswer(question, said)).toEqual({ answer: "teach", values: { 已結案: "voided" } });
    expect(teachingAnswer(question, { columns: {}, statuses: { 存查: "voided" } })).toBeNull();
    expect(teachingAnswer({ ...question, topic: "approval" }, said)).toBeNull();
    const strange = ports([{ answer: "refuse", values: {} }]);
    await understoodLedger(strange.ports, FILE, reading(STRANGE)).catch(() => undefined);
    const [columns] = strange.asked;
    const named = { number: "單子", date: "那天", status: "怎樣", seller: null };
    expect(
      teachingAnswer({ topic: "ledger-columns", form: columns?.form ?? null }, { columns: named, statuses: {} }),
    ).toEqual({ answer: "teach", values: { ...named, seller: "none" } });
  });

  test("a person who does not say ends it; a row that nobody can explain stops with its line", async () => {
    const office = ports([{ answer: "refuse", values: {} }]);
    await expect(understoodLedger(office.ports, FILE, reading(WORDS))).rejects.toMatchObject({ code: "person-needed" });
    expect(office.kept).toEqual([]);
    const broken = WORDS.replace("AB00000000", "1.23457E+09").replace("已結案", "開立");
    await expect(understoodLedger(ports([]).ports, FILE, reading(broken))).rejects.toMatchObject({
      code: "file-invalid",
      detail: { seen: expect.stringContaining("第 2 行") },
    });
  });
});

type Kept = KnownTeaching & { readonly layout: string };

function ports(answers: readonly Pick<FilledAnswer, "answer" | "values">[], kept: readonly Kept[] = []) {
  const asked: Question[] = [];
  const all = [...kept];
  const rest = [...answers];
  const used: Pick<FlowPorts<unknown>, "step" | "personsForm" | "record" | "ledgerTeachings"> = {
    step: (_id, _title, work) => work(),
    personsForm: (_id, _title, question) => {
      asked.push(question);
      const answer = rest.shift();
      if (answer === undefined) throw new Error(`Nobody answers ${question.text}`);
      return Promise.resolve({ ...answer, by: "陳小姐", at: "2026-11-30T02:00:00.000Z" });
    },
    record: () => Promise.resolve(),
    ledgerTeachings: {
      find: (layout) => {
        const same = all.filter((one) => one.layout === layout);
        const own = same.findLast(({ ubn }) => ubn === "12345675") ?? null;
        return Promise.resolve({ own, others: same.filter(({ ubn }) => ubn !== "12345675") });
      },
      keep: (layout, teaching, by) => {
        const before = all.findIndex((one) => one.layout === layout && one.ubn === "12345675");
        if (before >= 0) all.splice(before, 1);
        all.push({ layout, ubn: "12345675", teaching, by, at: "2026-11-30T02:00:00.000Z" });
        return Promise.resolve();
      },
    },
  };
  return { ports: used, asked, kept: all };
}

function reading(text: string) {
  return async (_file: unknown, teaching: LedgerTeaching): Promise<ReadingReport> => {
    const reports: ReadingReport[] = [];
    const source = fileOfBytes(FILE.name, new TextEncoder().encode(text));
    const options = { ...teaching, onFault: () => undefined, onReport: (one: ReadingReport) => void reports.push(one) };
    for await (const _entry of readLedger(source, options));
    const [report] = reports;
    if (report === undefined) throw new Error("no report");
    return report;
  };
}
