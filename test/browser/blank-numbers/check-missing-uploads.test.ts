import { afterAll, describe, expect, test } from "vitest";
import { ENDED, putFile } from "../../support/kit/jobs/blanks.ts";
import { type CompanySetup, installed } from "../../support/kit/installation/installation.ts";
import { perform } from "../../support/kit/installation/in-process.ts";
import { openPortal } from "../../support/kit/installation/portal.ts";
import { expectIntact } from "../../support/kit/record/record.ts";
import { notice, PORTAL } from "../../support/servers/mails.ts";
import { resultOf } from "../../support/kit/record/result.ts";
import { EVERY_TEST } from "../../support/every-test.ts";

const portal = await openPortal();
afterAll(() => portal.close());

const lacks: CompanySetup["portal"] = {
  taken: [{ period: "previous", books: 1 }],
  missing: ["AB00000001", "AB00000007"].map((number) => ({ period: ENDED, number, day: "2026/09/05" })),
};
const DESIGNS = EVERY_TEST ? (["current", "classic"] as const) : (["current"] as const);

describe("漏上傳檢核", () => {
  test.for(DESIGNS)("names each invoice that the portal lacks, and where the ledger has it (%s)", async (design) => {
    portal.show(design);
    const at = await installed({ portal, companies: [{ portal: lacks }] });
    const ledger = "發票號碼,發票日期,狀態\r\nAB00000001,2026/09/05,開立\r\nAB00000002,2026/09/05,開立\r\n";
    const run = await perform(at, {
      flow: "check-missing-uploads",
      input: { period: ENDED, invoices: await putFile(at, ledger, "發票明細.csv") },
    });
    portal.show("current");
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(resultOf(run)?.lacked).toEqual([
      { number: "AB00000001", known: "issued" },
      { number: "AB00000007", known: null },
    ]);
    expect(run.result?.files).toHaveLength(2);
    await expectIntact(run);
  });

  test("a word that nobody knows is asked about, and what could not be read reaches the person with its line", async () => {
    const at = await installed({ portal, companies: [{ portal: lacks }] });
    const ledger = "發票號碼,發票日期,狀態\r\nAB00000001,2026/09/05,已結案\r\nAB00000007,########,開立\r\n";
    const invoices = await putFile(at, ledger, "發票明細.csv");
    const job = { flow: "check-missing-uploads", input: { period: ENDED, invoices } };
    const asked: string[] = [];
    const run = await perform(at, job, {}, ({ topic }) => {
      asked.push(topic ?? "");
      return { answer: "teach", values: { 已結案: "voided" } };
    });
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(new Set(asked)).toEqual(new Set(["ledger-words"]));
    expect(resultOf(run)?.lacked).toEqual([
      { number: "AB00000001", known: "voided" },
      { number: "AB00000007", known: "issued" },
    ]);
    expect(run.result?.notes?.join("\n")).toMatch(/發票明細第 3 行：.*########/);
    const again = await perform(at, {
      ...job,
      input: { period: ENDED, invoices: await putFile(at, `${ledger}AB00000002,2026/09/05,開立\r\n`, "再一次.csv") },
    });
    expect(again.result?.notes?.join("\n")).toContain("沿用");
  });

  test("says so where the portal lists nothing", async () => {
    const at = await installed({ portal });
    const run = await perform(at, { flow: "check-missing-uploads", input: { period: ENDED } });
    expect(run).toMatchObject({ outcome: "done" });
    expect(run.result?.notes?.[0]).toContain("沒有列出");
  });

  test("finds the reminders of the portal and of the value-added centre in the mailbox, and says what they ask for", async () => {
    const at = await installed({ portal, settings: { centreSenders: ["centre@example.tw"] } });
    const subjects = ["尚有電子發票未上傳", "【空白發票通知】11510 期"] as const;
    const mails = [
      { subject: subjects[0], text: `營業人 ${at.ubn} 尚有電子發票未上傳` },
      { from: "centre@example.tw", subject: subjects[1], text: "" },
      { subject: "尚有電子發票未上傳（別家）", text: "營業人 12345675 尚有電子發票未上傳" },
      { subject: "電子發票配號結果通知", text: `營業人 ${at.ubn}` },
    ];
    for (const [index, mail] of mails.entries()) {
      const letter = notice({ id: `reminder-${index}`, from: PORTAL, ...mail });
      await portal.mailbox.deliver("robot@office.test", Buffer.from(letter));
    }
    const run = await perform(at, { flow: "check-missing-uploads", input: { period: ENDED } });
    const notes = run.result?.notes?.join("\n") ?? "";
    for (const subject of subjects) expect(notes).toContain(subject);
    expect(notes).not.toMatch(/配號結果|別家/);
  });
});
