import { z } from "zod";
import { deletionFields } from "../robot/invoicing/blank-numbers/deletion.ts";
import { compareWithList } from "../robot/invoicing/blank-numbers/portal-list.ts";
import { formatPeriod, type Period } from "../robot/invoicing/values/period.ts";
import { overlaps } from "../robot/invoicing/values/track.ts";
import { writeUploadFile } from "../robot/invoicing/blank-numbers/upload-file.ts";
import type { BlankRow } from "../selectors/pages.ts";
import { formatBlanks } from "../robot/invoicing/blank-numbers/odd/anomalies.ts";
import {
  type AgreedAct,
  defineFlow,
  type EffectSpec,
  Failure,
  type FlowPorts,
  type FlowResult,
  periodField,
  refusedAs,
} from "../robot/engine/flow.ts";
import { CORRECTION_RIGHTS } from "./ports.ts";
import { reportedBlanks, type ReportedBlanks } from "./shared/facts.ts";
import { blankFile, checkedFile, type CheckedFile, listedBlanks, formatRanges } from "./shared/blank-numbers.ts";
import { assertUploadable, notListedYet, uploaded, uploading } from "./upload-blank-numbers.ts";

/**
 * 更正空白號碼: makes the portal's list what the corrected file says. Rows that are wrong are deleted, numbers that are missing are uploaded,
 * what is right stays. A person agrees first, unless the configuration allows it without.
 *
 * By hand: 查詢, tick the wrong rows, 刪除, 匯入字軌 with the corrected lines.
 */
export const correctBlankNumbers = defineFlow({
  name: "correct-blank-numbers",
  title: { zh: "更正空白號碼", en: "correct blank numbers" },
  about: {
    zh: "把平台上的空白號碼改成和檔案一樣：刪掉錯的，補上缺的。",
    en: "makes the listed blank numbers what the file says",
  },
  version: 5,
  input: z.strictObject({ period: periodField({ choose: "ended" }), file: blankFile() }),
  does: ["比對平台清單和檔案", "列出要刪的和要補的，問過人才做", "刪除、補上傳、再核對"],
  needs: ["tracks-list", "blank-list", "upload-list", "upload-form"],
  final: {
    zh: "刪除不能復原；會先把要刪和要補的列出來請您同意。",
    en: "What is deleted can't be restored; what will be deleted and added is listed and agreed to first.",
  },
  acts: ["delete-blank-numbers", "upload-blank-numbers"],
  settles: ["blanks", "verify"],
  reportsBlanks: true,
  facts: reportedBlanks,
  async run(ports): Promise<FlowResult<ReportedBlanks>> {
    const { input, company, files, step, visit, record, effect } = ports;
    const { period } = input;
    if (company.blanksReportedBy !== null) {
      throw new Failure("reported-by-other", {
        wanted: formatPeriod(period, "zh"),
        seen: company.blanksReportedBy.name,
      });
    }
    const checked = await checkedFile(ports, period, () => files.bring(input.file));
    const listed = await step("list-blanks", "查詢平台列出的空白號碼", () =>
      visit(async (portal) => {
        const list = await listedBlanks(portal, period);
        await record("平台列出的空白號碼", { data: list, picture: true });
        return list;
      }),
    );
    const ours = listed.filter(({ ubn }) => [company.ubn, ...company.branches].includes(ubn));
    const foreign = listed.filter((row) => !ours.includes(row));
    const notes = foreign.length === 0 ? [] : [`清單上有別家的 ${foreign.length} 段，沒有動：${formatRanges(foreign)}`];
    const wrong = wrongRows(checked, ours);
    const staying = listed.filter((row) => !wrong.includes(row));
    const missing = missingRows(checked, staying);
    if (wrong.length === 0 && missing.length === 0) {
      return {
        outcome: "already-done",
        files: [checked.file],
        notes: ["平台列出的和檔案完全相同，不用更正", ...notes],
      };
    }
    const part = missing.length === 0 ? null : await missingPart(ports, period, checked, missing);
    const deletion = deleting(period, wrong, missing);
    await agreed(ports, wrong, missing, [
      ...(wrong.length > 0 ? [deletion] : []),
      ...(part === null ? [] : [uploading(ports, period, part, null)]),
    ]);
    if (wrong.length > 0) await effect("刪除空白號碼", deletion);
    if (part === null) {
      const deleted = `刪除了 ${wrong.length} 段：${formatRanges(wrong)}`;
      return { outcome: "done", files: [checked.file], notes: [deleted, ...notes] };
    }
    const result = await uploaded(ports, period, part, null);
    const deleted = `刪除了 ${wrong.length} 段，上傳了 ${missing.length} 段`;
    return { ...result, notes: [deleted, ...notes, ...(result.notes ?? [])] };
  },
});

/** Rows of the list that hold a number which the file does not have. */
function wrongRows({ rows }: CheckedFile, listed: readonly BlankRow[]): BlankRow[] {
  const { extra } = compareWithList(rows, listed);
  return listed.filter((row) => extra.some((one) => one.ubn === row.ubn && overlaps(one, row)));
}

/** The numbers of the file that are not listed, number by number: of a row that the portal took in part only the rest. */
function missingRows({ rows }: CheckedFile, staying: readonly BlankRow[]): CheckedFile["rows"] {
  return rows.flatMap((row) => compareWithList([row], staying).missing.map((run) => ({ ...row, ...run })));
}

/** One agreement to both: what is deleted, and what is uploaded instead. */
async function agreed(
  { agree, own }: FlowPorts<unknown>,
  wrong: readonly BlankRow[],
  missing: CheckedFile["rows"],
  acts: readonly AgreedAct[],
): Promise<void> {
  await agree("correct-blanks", "更正空白號碼", {
    text: `要把平台上的空白號碼改成和檔案一樣：刪除 ${wrong.length} 段${wrong.length > 0 ? `（${formatRanges(wrong)}）` : ""}，上傳 ${missing.length} 段${missing.length > 0 ? `（${formatRanges(missing)}）` : ""}。刪除不能復原。同意嗎？`,
    always: !own(CORRECTION_RIGHTS).withoutAsking,
    acts,
    shown: [
      ...(wrong.length === 0 ? [] : [{ title: `要刪除的空白號碼，${wrong.length} 段`, lines: formatBlanks(wrong) }]),
      ...(missing.length === 0
        ? []
        : [{ title: `要上傳的空白號碼，${missing.length} 段`, lines: formatBlanks(missing) }]),
    ],
  });
}

/** The whole file where nothing of it is listed; else a file of what is missing, kept as what goes to the portal. */
async function missingPart(
  { step, files, formats }: FlowPorts<unknown>,
  period: Period,
  checked: CheckedFile,
  missing: CheckedFile["rows"],
): Promise<CheckedFile> {
  if (compareWithList(checked.rows, missing).missing.length === 0) return checked;
  const file = await step("make-missing-part", "做出要補上傳的檔案", () =>
    files.save(`補上傳-${period}.csv`, writeUploadFile(missing, formats.upload), {
      origin: `${checked.file.name} 裡平台還沒有列出的部分`,
      direction: "out",
    }),
  );
  return { file, rows: missing.map((row, index) => ({ ...row, line: index + 1 })) };
}

/**
 * 刪除 of chosen rows, once.
 * @param missing what has to be uploaded afterwards: nothing is deleted before the pages for that are known
 */
function deleting(
  period: Period,
  rows: readonly BlankRow[],
  missing: CheckedFile["rows"],
): EffectSpec<{ readonly listed: readonly BlankRow[] }> {
  const gone = (listed: readonly BlankRow[]): number =>
    rows.filter((row) => compareWithList([row], listed).missing.length > 0).length;
  return {
    id: "delete-blank-numbers",
    keyParts: [period, ...Object.values(deletionFields(rows))],
    ...(missing.length === 0
      ? {}
      : { laterPages: (portal) => assertUploadable(portal, period), leaves: notListedYet(period, missing) }),
    wanted: deletionFields(rows),
    observe: async (portal) => ({ listed: await listedBlanks(portal, period) }),
    decide: ({ listed }) => {
      const already = gone(listed);
      if (already === rows.length) return { already: "平台上已經沒有這些號碼" };
      if (already === 0) return { go: true };
      const seen = `其中 ${already} 段已經不在平台上`;
      return { refuse: "blanks-differ", detail: { wanted: `刪除 ${rows.length} 段`, seen } };
    },
    open: async (portal) => (await portal.blankNumbers()).deletion(period, rows),
    proof: (before, after) => {
      const deleted = gone(after.listed);
      const stayed = before.listed.filter((row) => !rows.some((one) => isSame(one, row)));
      const { missing } = compareWithList(stayed, after.listed);
      if (deleted === 0 && missing.length === 0) return "absent";
      const differs = [
        ...(deleted === rows.length
          ? []
          : [{ label: "刪除的段數", asked: `${rows.length} 段（${formatRanges(rows)}）`, found: `${deleted} 段` }]),
        ...(missing.length === 0
          ? []
          : [{ label: "不該刪除的號碼", asked: "都留著", found: `${formatRanges(missing)} 也不見了` }]),
      ];
      return differs.length === 0 ? "as-asked" : { differs };
    },
    listed: "at-once",
    refusals: refusedAs("deletion-refused", { window: "not-in-window" }),
  };
}

function isSame(one: BlankRow, other: BlankRow): boolean {
  return one.ubn === other.ubn && one.track === other.track && one.begin === other.begin && one.end === other.end;
}
