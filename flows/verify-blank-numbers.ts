import { z } from "zod";
import { formatPeriod } from "../robot/invoicing/values/period.ts";
import { defineFlow, Failure, type FlowResult, periodField } from "../robot/engine/flow.ts";
import { reportedBlanks, type ReportedBlanks } from "./shared/facts.ts";
import { VERIFY_BLANKS } from "../robot/invoicing/deadlines/obligations.ts";
import { blankFile, checkedFile, formatDifference, listedBlanks, formatRanges } from "./shared/blank-numbers.ts";

/**
 * 核對空白號碼: reads what the portal lists for the period and compares it with a file, if there is one. Changes nothing. For companies whose
 * numbers someone else reports this is all that the robot does.
 *
 * By hand: 查詢, and a look at the file, line by line.
 */
export const verifyBlankNumbers = defineFlow({
  name: "verify-blank-numbers",
  title: { zh: "核對空白號碼", en: "verify blank numbers" },
  about: {
    zh: "看平台列出的空白號碼，可和檔案逐號核對。",
    en: "reads the listed blank numbers and compares them with a file",
  },
  version: 3,
  input: z.strictObject({
    period: periodField({ choose: "ended" }),
    file: blankFile({ hint: { zh: "不給就只看平台列出什麼", en: "without it the list is only read" } }).optional(),
  }),
  does: ["查詢平台列出的空白號碼", "和檔案逐號比對（有給檔案時）"],
  needs: ["tracks-list", "blank-list"],
  final: null,
  duty: VERIFY_BLANKS,
  settles: ["blanks"],
  facts: reportedBlanks,
  async run(ports): Promise<FlowResult<ReportedBlanks>> {
    const { input, company, step, visit, files, record, timing } = ports;
    const { period, file: given } = input;
    const checked = given ? await checkedFile(ports, period, () => files.bring(given)) : null;
    const listed = await step(
      "list-blanks",
      `查詢 ${period} 期的空白號碼`,
      () =>
        visit(async (portal) => {
          const list = await listedBlanks(portal, period);
          await record("平台列出的空白號碼", { data: list, picture: true });
          return list;
        }),
      timing.retry,
    );
    const difference = checked ? formatDifference(checked.rows, listed) : null;
    if (listed.length === 0 && checked?.rows.length !== 0) {
      const by = company.blanksReportedBy;
      const seen = by ? `由 ${by.name} 在 ${by.day} 日上傳，平台還沒有列出` : "平台還沒有列出";
      throw new Failure("blanks-missing", { wanted: `${formatPeriod(period, "zh")}的空白號碼`, seen });
    }
    if (difference !== null) throw new Failure("blanks-differ", { wanted: checked?.file.name ?? "", seen: difference });
    const blanks = listed.flatMap(({ ubn, track, begin, end, category }) =>
      category === null ? [] : [{ ubn, period, category, track, begin, end }],
    );
    return {
      outcome: "done",
      blanks,
      files: checked ? [checked.file] : [],
      notes: [
        `${formatPeriod(period, "zh")}：平台列出 ${listed.length} 段空白號碼${checked ? "，和檔案完全相同" : `：${formatRanges(listed)}`}`,
      ],
    };
  },
});
