import { formatReadingReport } from "../../invoicing/ledger/format-reading-report.ts";
import type { ReadingReport } from "../../invoicing/ledger/reading-report.ts";
import type { Json } from "../../lib/json.ts";
import { faultData } from "./input-file.ts";
import type { Output } from "./output.ts";

/** How a ledger was read, in the person's language. */
export function readingLines(report: ReadingReport, output: Output): string[] {
  return formatReadingReport(report).map(({ zh, en }) => output.say(zh, en));
}

/** How a ledger was read, for machines; the texts in it in the person's language. */
export function readingData(report: ReadingReport, output: Output): Json {
  const { file, layout, encoding, rows, kinds, words, damaged, firstRows, taught, questions, faults, understood } =
    report;
  const say = ({ zh, en }: { readonly zh: string; readonly en: string }): string => output.say(zh, en);
  return {
    file,
    understood,
    layout:
      layout === null
        ? null
        : { ...layout, title: say(layout.title), columns: layout.columns.map((column) => ({ ...column })) },
    encoding,
    rows,
    kinds: kinds.map((kind) => ({
      ...kind,
      title: say(kind.title),
      examples: kind.examples.map((example) => ({ ...example })),
    })),
    words: words.map((word) => ({ ...word, title: say(word.title) })),
    damaged: { count: damaged.count, examples: damaged.examples.map((example) => ({ ...example })) },
    firstRows: firstRows.map(({ line, cells }) => ({ line, cells: [...cells] })),
    taught: taught === null ? null : { columns: { ...taught.columns }, statuses: { ...taught.statuses } },
    questions: questions.map((question) => ({ ...question, text: say(question.text), choices: [...question.choices] })),
    faults: faults.map((fault) => faultData(fault, file, output)),
  };
}
