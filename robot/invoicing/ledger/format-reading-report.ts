import { type Words, inBoth } from "../problems/problems.ts";
import { ENCODING_NAMES } from "../reading/encoding.ts";
import type { ReadingReport, RowExample } from "./reading-report.ts";
import type { LedgerField } from "./teaching.ts";

/** How many examples of a kind are printed. */
const EXAMPLES = 2;

/**
 * The reading report as lines for people, in both languages: the first line says what the file is, each further one is indented
 * by two blanks.
 */
export function formatReadingReport(report: ReadingReport): Words[] {
  const { layout, encoding, rows, kinds, words, damaged, taught, questions, firstRows } = report;
  const name = encoding === null ? "" : ENCODING_NAMES[encoding];
  return [
    joined(`${report.file}：`, `${report.file}: `, [
      layout?.title ?? { zh: "認不出的明細格式", en: "unknown layout" },
      inBoth(name),
      { zh: `${rows} 列`, en: `${rows} rows` },
    ]),
    ...(layout === null || layout.columns.length === 0
      ? []
      : [
          indented({
            zh: `欄位：${layout.columns.map(({ field, name: of }) => `${FIELD_NAMES[field].zh}＝${of}`).join("、")}`,
            en: `columns: ${layout.columns.map(({ field, name: of }) => `${FIELD_NAMES[field].en} = ${of}`).join(", ")}`,
          }),
        ]),
    ...kinds.map(({ title, count, skipped, examples }) => {
      const shown = skipped ? examplesOf(examples) : { zh: "", en: "" };
      return indented({ zh: `${title.zh} ${count} 列${shown.zh}`, en: `${title.en}: ${count}${shown.en}` });
    }),
    ...words.map(({ word, title, count, line, taught: byPerson }) => {
      const shown = word === "" ? { zh: "（空白）", en: "(empty)" } : { zh: `「${word}」`, en: `"${word}"` };
      return indented({
        zh: `狀態${shown.zh}${count} 列：${title.zh}${byPerson ? "（依設定）" : ""}（第 ${line} 行起）`,
        en: `status ${shown.en}, ${count} rows: ${title.en}${byPerson ? " (as taught)" : ""} (from line ${line})`,
      });
    }),
    ...(damaged.count === 0
      ? []
      : [
          indented({
            zh: `有 ${damaged.count} 列的其他欄位有無法辨識的字，號碼、日期、狀態不受影響${examplesOf(damaged.examples).zh}`,
            en: `${damaged.count} rows have bytes that are no character, in columns that are not needed${examplesOf(damaged.examples).en}`,
          }),
        ]),
    ...(taught === null ? [] : [indented(formatTaught(taught))]),
    ...(layout === null
      ? firstRows.map(({ line, cells }) =>
          indented({ zh: `第 ${line} 行：${cells.join("｜")}`, en: `line ${line}: ${cells.join(" | ")}` }),
        )
      : []),
    ...questions.flatMap(({ text, option }) => [indented(text, "? "), indented(inBoth(option), "  → ")]),
  ];
}

/** What each field is called. */
export const FIELD_NAMES: Readonly<Record<LedgerField, Words>> = {
  number: { zh: "發票號碼", en: "number" },
  track: { zh: "字軌", en: "track" },
  end: { zh: "迄號", en: "end" },
  date: { zh: "日期", en: "date" },
  status: { zh: "狀態", en: "status" },
  seller: { zh: "賣方", en: "seller" },
};

function formatTaught({ columns, statuses }: NonNullable<ReadingReport["taught"]>): Words {
  const parts = [...Object.entries(columns), ...Object.entries(statuses)].map(
    ([key, value]) => `${key}=${value ?? ""}`,
  );
  return { zh: `依設定：${parts.join("、")}`, en: `as taught: ${parts.join(", ")}` };
}

function examplesOf(examples: readonly RowExample[]): Words {
  const shown = examples.slice(0, EXAMPLES);
  if (shown.length === 0) return { zh: "", en: "" };
  return {
    zh: `（${shown.map(({ line, text }) => `第 ${line} 行「${text}」`).join("、")}${examples.length > EXAMPLES ? "…" : ""}）`,
    en: ` (${shown.map(({ line, text }) => `line ${line} "${text}"`).join(", ")}${examples.length > EXAMPLES ? " …" : ""})`,
  };
}

function joined(zh: string, en: string, parts: readonly Words[]): Words {
  const said = parts.filter((part) => part.zh !== "");
  return { zh: `${zh}${said.map((part) => part.zh).join("，")}`, en: `${en}${said.map((part) => part.en).join(", ")}` };
}

function indented({ zh, en }: Words, mark = ""): Words {
  return { zh: `  ${mark}${zh}`, en: `  ${mark}${en}` };
}
