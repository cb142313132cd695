import { createHash } from "node:crypto";
import { describe, expect, type TestContext, test, vi } from "vitest";
import { z } from "zod";
import { deletionFields } from "../../../robot/invoicing/blank-numbers/deletion.ts";
import { parsePeriod } from "../../../robot/invoicing/values/period.ts";
import { monitorDialogs } from "../../../selectors/dom/windows/dialogs.ts";
import type { BlankNumbersPage, BlankRow, UploadForm, UploadRequest } from "../../../selectors/pages.ts";
import { pressOnce } from "../../../selectors/submit/press-once.ts";
import { SignedInPortal } from "../../../selectors/portal/signed-in-portal.ts";
import { openPortal, stopClock } from "../../support/kit/installation/portal.ts";
import type { PortalConfigInput } from "../../portal/config.ts";
import type { CompanyInput } from "../../portal/model/company.ts";
import type { FaultInput } from "../../portal/model/faults.ts";
import type { LedgerEntry } from "../../portal/model/ledger.ts";
import type { PracticePortal } from "../../portal/portal.ts";
import { signIn } from "../../portal/visitor.ts";
import { keptBrowser } from "../../support/kit/kept-browser.ts";
import { quickBrowser } from "../../support/kit/quick-browser.ts";
import { signInClassic } from "../../portal/visitor-classic.ts";

const UBN = "12345675";
const BRANCH = "24681353";
/** By the portal's clock it is November 2026: this is the period that has just ended, and the one before it. */
const ENDED = parsePeriod("11510");
const BEFORE = parsePeriod("11508");
const ACCOUNT = { id: UBN, password: "Blank-right-1" };

// Each visit waits more than it works.
vi.setConfig({ maxConcurrency: 2 });

const host = keptBrowser({ headless: true, executable: quickBrowser() });
const office = {
  ban: UBN,
  name: "晨光小舖有限公司",
  taxId: "351020001",
  accounts: [ACCOUNT],
  branches: [BRANCH],
  taken: [{ period: "previous", books: 4 }],
} satisfies CompanyInput;

/** Runs of ten numbers each, the first with leading zeros. */
function runs(count: number): NonNullable<CompanyInput["blank"]> {
  return Array.from({ length: count }, (_, index) => ({
    period: "previous" as const,
    track: "AB",
    begin: String(50 + index * 100).padStart(8, "0"),
    end: String(59 + index * 100).padStart(8, "0"),
    ...(index === 1 ? { branch: BRANCH } : {}),
  }));
}

/** What differs in the designs: their own questions, which may repeat what is asked, and addresses for ordering faults. */
const DESIGNS = [
  {
    design: "current" as const,
    signIn,
    upload: (period: string, name: string) => ({ 字軌期別: period, 檔案上傳路徑: name }),
    deletion: (rows: number) => ({ 刪除筆數: String(rows) }),
    pages: "/btb/api/blank",
    query: "/btb/api/blank/query",
  },
  {
    design: "classic" as const,
    signIn: signInClassic,
    upload: () => ({}),
    deletion: () => ({}),
    pages: "/APBTB/blank",
    query: "/APBTB/blank/list",
  },
];

describe.concurrent.for(DESIGNS)("blank numbers in the $design design:", (look) => {
  interface Visit {
    readonly portal: PracticePortal;
    readonly blanks: BlankNumbersPage;
  }

  /** A portal with one company, which is signed in there. */
  async function visit(
    { onTestFinished }: Pick<TestContext, "onTestFinished">,
    blank: CompanyInput["blank"] = [],
    config: PortalConfigInput = {},
  ): Promise<Visit> {
    const portal = await openPortal({ ...config, design: look.design, companies: [{ ...office, blank }] });
    onTestFinished(() => portal.close());
    const opened = await host.newContext();
    onTestFinished(() => opened.close());
    const page = await opened.context.newPage();
    const dialogs = monitorDialogs(page);
    await look.signIn(portal, page, { ban: UBN, account: ACCOUNT.id, password: ACCOUNT.password });
    const shell = await SignedInPortal.enter(look.design, { page, dialogs });
    return { portal, blanks: await shell.blankNumbers() };
  }

  function ledger<Type extends LedgerEntry["type"]>(portal: PracticePortal, type: Type) {
    return portal.ledger().filter((line): line is Extract<LedgerEntry, { type: Type }> => line.type === type);
  }

  const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

  describe("the list of blank numbers", () => {
    test("is read through all of its pages, as text and with whose numbers they are", async (context) => {
      const { blanks } = await visit(context, runs(32));
      const rows = await blanks.list(ENDED);
      expect(rows.map(({ begin, end }) => [begin, end])).toEqual(runs(32).map(({ begin, end }) => [begin, end]));
      expect(rows.slice(0, 2)).toEqual([
        {
          ubn: UBN,
          period: ENDED,
          category: "07",
          categoryText: "一般稅額計算",
          track: "AB",
          begin: "00000050",
          end: "00000059",
        },
        expect.objectContaining({ ubn: BRANCH, begin: "00000150" }),
      ]);
    });

    test("is empty where the portal says so, and is asked for anew each time", async (context) => {
      const { blanks } = await visit(context, runs(1));
      expect(await blanks.list(BEFORE)).toEqual([]);
      expect(await blanks.list(ENDED)).toHaveLength(1);
      expect(await blanks.list(BEFORE)).toEqual([]);
    });

    test("prints a category that has no code, and a period that is not offered is none to search", async (context) => {
      const { blanks } = await visit(context, runs(1), { blank: { categoryWord: "triplicate" } });
      expect(await blanks.list(ENDED)).toMatchObject([{ category: null, categoryText: "三聯式發票" }]);
      await expect(blanks.list(parsePeriod("11402"))).rejects.toMatchObject({ state: "not-in-window" });
    });
  });

  describe("a file of blank numbers", () => {
    const BYTES = Buffer.from(`\uFEFF00001,${UBN},11510,AB,00000050,00000099,07\r\n`);
    const request = { period: ENDED, file: { name: "11510 空白.csv", bytes: BYTES } };
    const wanted = { 字軌期別: ENDED, 檔案上傳路徑: request.file.name, "檔案 SHA-256": sha256(BYTES) };

    async function filled(blanks: BlankNumbersPage, asked: UploadRequest): Promise<UploadForm> {
      const form = await blanks.uploadForm();
      await form.fill(asked);
      return form;
    }

    test("is read back out of the page, shown once more, and sent when that is agreed to", async (context) => {
      const { portal, blanks } = await visit(context);
      const form = await filled(blanks, request);
      expect(await form.offeredPeriods()).toEqual([ENDED, "11512"]);
      expect(await form.readBack()).toEqual(wanted);
      await pressOnce(form.submit);
      const confirmation = await form.confirmation();
      expect(confirmation?.shows).toEqual(look.upload(ENDED, request.file.name));
      expect(ledger(portal, "blank-upload")).toEqual([]);
      if (confirmation) await pressOnce(confirmation.confirm);
      expect(await form.answer()).toMatchObject({ kind: "accepted", words: expect.stringContaining("上傳成功") });
      expect(ledger(portal, "blank-upload")).toMatchObject([
        { accepted: true, period: ENDED, originalName: request.file.name, sha256: sha256(BYTES) },
      ]);
    });

    test("is not sent where the question is answered with no", async (context) => {
      const { portal, blanks } = await visit(context);
      const form = await filled(blanks, request);
      await pressOnce(form.submit);
      await (await form.confirmation())?.withdraw();
      expect(ledger(portal, "blank-upload")).toEqual([]);
      expect(await form.readBack()).toEqual(wanted);
    });

    test("is refused with the portal's words, also where it asks nothing first", async (context) => {
      const { portal, blanks } = await visit(context, [], { blank: { confirmUpload: false } });
      const form = await filled(blanks, { ...request, file: { ...request.file, name: "blank.txt" } });
      await pressOnce(form.submit);
      expect(await form.confirmation()).toBeNull();
      expect(await form.answer()).toMatchObject({
        kind: "refused",
        words: expect.stringContaining(".csv"),
        reason: "other",
      });
      expect(ledger(portal, "blank-upload")).toMatchObject([{ accepted: false }]);
    });

    test("can't be filled in for a period that the form does not offer", async (context) => {
      const { blanks } = await visit(context);
      await expect(filled(blanks, { ...request, period: BEFORE })).rejects.toMatchObject({ state: "not-in-window" });
    });

    test("has a sample and a guide to it", async (context) => {
      const { portal, blanks } = await visit(context);
      const files = [await blanks.sample(), await blanks.guide()];
      expect(files.map(({ name, bytes }) => [name, sha256(bytes)])).toEqual(
        ledger(portal, "blank-download").map(({ what, ...line }) => [
          what === "sample" ? "blank_sample.csv" : "blank_guide.txt",
          line.sha256,
        ]),
      );
      expect(files).toHaveLength(2);
    });
  });

  describe("the list of uploads", () => {
    const stateSchema = z.object({
      companies: z.array(z.object({ entries: z.array(z.object({ runs: z.array(z.record(z.string(), z.string())) })) })),
    });

    async function upload(portal: PracticePortal, file: string): Promise<void> {
      const body = JSON.stringify({ ban: UBN, file });
      await fetch(new URL("/someone-else-uploads", portal.controlUrl), { method: "POST", body });
    }

    async function goodFile(portal: PracticePortal): Promise<string> {
      const state = stateSchema.parse(await (await fetch(new URL("/state", portal.controlUrl))).json());
      const [run] = state.companies[0]?.entries[0]?.runs ?? [];
      return `00001,${UBN},11510,${run?.["track"]},${run?.["begin"]},${run?.["end"]},07\r\n`;
    }

    test("is read through all of its pages, newest first, with what became of each file", async (context) => {
      const { portal, blanks } = await visit(context, [], { blank: { rowsPerPage: 2, waitingWord: "排程中" } });
      stopClock(portal);
      expect(await blanks.uploads()).toEqual([]);
      await upload(portal, "no such file\r\n");
      await upload(portal, await goodFile(portal));
      portal.clock.advance(60);
      await upload(portal, "yet another\r\n");
      const names = ledger(portal, "blank-upload").map((line) => line.upload);
      const uploads = await blanks.uploads();
      expect(uploads.map(({ fileName }) => fileName)).toEqual(names.toReversed());
      expect(uploads.map(({ state, stateText }) => [state, stateText])).toEqual([
        ["waiting", "排程中"],
        ["done", "已完成"],
        ["failed", "處理失敗"],
      ]);
      expect(uploads[0]?.importedAt).toMatch(/^2026-11-\d\d \d\d:\d\d:\d\d$/);

      const [, , failed] = uploads;
      const details = await blanks.failureDetails(failed?.fileName ?? "");
      expect(ledger(portal, "blank-download")).toMatchObject([{ what: "details", sha256: sha256(details.bytes) }]);
      await expect(blanks.failureDetails("other.csv")).rejects.toMatchObject({ state: "page-changed" });
    });
  });

  describe("a deletion", () => {
    async function pressed(blanks: BlankNumbersPage, rows: readonly BlankRow[]) {
      const { form, fill } = await blanks.deletion(ENDED, rows);
      await fill();
      expect(await form.readBack()).toEqual(deletionFields(rows));
      await pressOnce(form.submit);
      const confirmation = await form.confirmation();
      expect(confirmation?.shows).toEqual(look.deletion(rows.length));
      return { form, confirmation };
    }

    test("takes exactly the ticked rows, of whatever page of the list, once that is agreed to", async (context) => {
      const { portal, blanks } = await visit(context, runs(20));
      const all = await blanks.list(ENDED);
      const chosen = [16, 18].flatMap((index) => all[index] ?? []);
      const { form, confirmation } = await pressed(blanks, chosen);
      expect(ledger(portal, "blank-deleted")).toEqual([]);
      if (confirmation) await pressOnce(confirmation.confirm);
      expect(await form.answer()).toMatchObject({ kind: "accepted", words: expect.stringContaining("刪除成功") });
      const [deleted, ...others] = ledger(portal, "blank-deleted");
      expect(others).toEqual([]);
      expect(deleted?.runs.map(({ begin }) => begin)).toEqual(chosen.map(({ begin }) => begin));
      expect(await blanks.list(ENDED)).toEqual(all.filter((row) => !chosen.includes(row)));
    });

    test("that is withdrawn deletes nothing", async (context) => {
      const { portal, blanks } = await visit(context, runs(2));
      const { confirmation } = await pressed(blanks, (await blanks.list(ENDED)).slice(0, 1));
      await confirmation?.withdraw();
      expect(ledger(portal, "blank-deleted")).toEqual([]);
    });

    test("of rows that stand on several pages, or that are not listed, is not even begun", async (context) => {
      const { blanks } = await visit(context, runs(20));
      const all = await blanks.list(ENDED);
      const far = [all[0], all[19]].filter((row) => row !== undefined);
      await expect(blanks.deletion(ENDED, far)).rejects.toMatchObject({ seen: expect.stringContaining("第 1、2 頁") });
      const gone = far.map((row) => ({ ...row, ubn: row.ubn === all[0]?.ubn ? (all[1]?.ubn ?? row.ubn) : row.ubn }));
      await expect(blanks.deletion(ENDED, gone)).rejects.toMatchObject({ seen: expect.stringContaining("找不到") });
    });

    test("takes one of two equal rows where one is wanted", async (context) => {
      const { portal, blanks } = await visit(context, [...runs(1), ...runs(1)]);
      const [row] = await blanks.list(ENDED);
      if (!row) throw new Error("The list is empty.");
      const { form, confirmation } = await pressed(blanks, [row]);
      if (confirmation) await pressOnce(confirmation.confirm);
      expect(await form.answer()).toMatchObject({ kind: "accepted" });
      expect(ledger(portal, "blank-deleted").flatMap((line) => line.runs)).toHaveLength(1);
      expect(await blanks.list(ENDED)).toEqual([row]);
    });
  });

  const ODDITIES: readonly { readonly name: string; readonly faults: readonly FaultInput[] }[] = [
    {
      name: "cover, swallow and undo what is done",
      faults: [
        { name: "announcement", times: 2 },
        { name: "menu-covers-table", times: "always" },
        { name: "two-clicks", on: "query", times: 1 },
        { name: "two-clicks", on: "menu", times: 1 },
        { name: "tick-undone", real: true, times: "always" },
      ],
    },
    {
      name: "take their time",
      faults: [
        { name: "late-render", ms: 1000, times: "always" },
        { name: "slow", ms: 700, path: look.pages, times: "always" },
      ],
    },
  ];

  describe("pages of blank numbers", () => {
    test.for(ODDITIES)("that $name stop nobody", async ({ faults }, context) => {
      const { portal, blanks } = await visit(context, runs(17));
      for (const fault of faults) portal.order(fault);
      const all = await blanks.list(ENDED);
      expect(all).toHaveLength(17);
      const { form, fill } = await blanks.deletion(ENDED, all.slice(15));
      await fill();
      expect(await form.readBack()).toEqual(deletionFields(all.slice(15)));
      expect((await (await blanks.uploadForm()).offeredPeriods()).length).toBeGreaterThan(0);
      expect(await blanks.uploads()).toEqual([]);
      for (const { name } of faults)
        expect(portal.ledger()).toContainEqual(expect.objectContaining({ type: "fault", name }));
    });

    test("whose session is dead tell it", async (context) => {
      const { portal, blanks } = await visit(context, runs(1));
      portal.order({ name: "session-expired", path: look.query });
      await expect(blanks.list(ENDED)).rejects.toMatchObject({ state: "session-expired" });
    });
  });
});
