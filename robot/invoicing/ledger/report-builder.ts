import { type Fault, type Words, faultList } from "../problems/problems.ts";
import type { Encoding } from "../reading/encoding.ts";
import type { Header } from "./column-names.ts";
import type { Layout, RowReading } from "./layouts/layout.ts";
import {
  type LedgerQuestion,
  type ReadingReport,
  type RowExample,
  type RowKind,
  type WordCount,
  ROW_KINDS,
} from "./reading-report.ts";
import type { SourceRow } from "./sources/source.ts";
import { LEDGER_FIELDS, type LedgerTeaching, layoutFingerprint } from "./teaching.ts";
import { MEANING_TITLES, plainWord } from "./vocabulary.ts";

/** How many examples of a kind, words, first rows, questions and faults a report holds: it is for people. */
const EXAMPLES = 5;
const WORDS = 200;
const FIRST_ROWS = 5;
const QUESTIONS = 20;
const FAULTS = 50;
const SHOWN = 80;
const CELL_SHOWN = 40;
const CELLS_SHOWN = 40;

const KIND_TITLES: Readonly<Record<RowKind, { readonly title: Words; readonly skipped: boolean }>> = {
  title: { title: { zh: "標題", en: "title" }, skipped: true },
  header: { title: { zh: "欄位名稱", en: "header" }, skipped: false },
  issued: { title: { zh: "開立", en: "issued" }, skipped: false },
  voided: { title: { zh: "作廢", en: "voided" }, skipped: false },
  cancelled: { title: { zh: "註銷", en: "cancelled" }, skipped: false },
  allowance: { title: { zh: "折讓", en: "allowance" }, skipped: false },
  blank: { title: { zh: "空白", en: "blank" }, skipped: false },
  listed: { title: { zh: "已使用的號碼", en: "used numbers" }, skipped: false },
  item: { title: { zh: "同一張發票的品項", en: "items of an invoice" }, skipped: false },
  undecided: {
    title: { zh: "還沒有號碼的訂單（略過）", en: "orders without a number yet (passed over)" },
    skipped: true,
  },
  "not-a-use": { title: { zh: "依設定與號碼無關（略過）", en: "not a use, as taught (passed over)" }, skipped: true },
  total: { title: { zh: "合計、小計（略過）", en: "totals (passed over)" }, skipped: true },
  note: {
    title: { zh: "備註、頁尾等沒有號碼的列（略過）", en: "remarks and footers without a number (passed over)" },
    skipped: true,
  },
  other: { title: { zh: "不是銷項的憑證（略過）", en: "documents that are no sale (passed over)" }, skipped: true },
  "not-understood": { title: { zh: "讀不懂", en: "not understood" }, skipped: true },
};

/** Adds up a reading report in bounded memory while the rows pass. */
export type ReportBuilder = {
  readonly row: (row: SourceRow, reading: Pick<RowReading, "kind" | "word" | "questions">, isDamaged: boolean) => void;
  readonly layout: (layout: Layout, header: Header | null) => void;
  readonly encoding: (encoding: Encoding) => void;
  readonly fault: (fault: Fault, inDoubt: boolean) => void;
  readonly question: (question: LedgerQuestion) => void;
  readonly firstRow: (row: SourceRow) => void;
  readonly report: () => ReadingReport;
};

export function reportBuilder(file: string, taught: LedgerTeaching): ReportBuilder {
  const kinds = new Map<RowKind, { count: number; examples: RowExample[] }>();
  const words = new Map<string, { -readonly [Key in keyof WordCount]: WordCount[Key] }>();
  const damaged: { count: number; readonly examples: RowExample[] } = { count: 0, examples: [] };
  const firstRows: ReadingReport["firstRows"][number][] = [];
  const questions: LedgerQuestion[] = [];
  const faults = faultList();
  let encoding: Encoding | null = null;
  let layout: ReadingReport["layout"] = null;
  let rows = 0;
  let understood = true;

  function note(list: RowExample[], row: SourceRow): void {
    if (list.length < EXAMPLES) list.push({ line: row.line, text: shortened(row) });
  }

  function word({ text, meaning, taught: byPerson }: NonNullable<RowReading["word"]>, line: number): void {
    const key = plainWord(text);
    const known = words.get(key);
    if (known !== undefined) known.count += 1;
    else if (words.size < WORDS) {
      const title = meaning === null ? { zh: "不認得", en: "unknown" } : MEANING_TITLES[meaning];
      words.set(key, { word: text, meaning, title, taught: byPerson, count: 1, line });
    }
  }

  function ask(question: LedgerQuestion): void {
    const isAsked = questions.some(
      ({ about, word: of, field }) => about === question.about && of === question.word && field === question.field,
    );
    if (!isAsked && questions.length < QUESTIONS) questions.push(question);
  }

  return {
    row(row, reading, isDamaged) {
      rows += 1;
      const kind = kinds.get(reading.kind) ?? { count: 0, examples: [] };
      kinds.set(reading.kind, kind);
      kind.count += 1;
      note(kind.examples, row);
      if (isDamaged) {
        damaged.count += 1;
        note(damaged.examples, row);
      }
      if (reading.word !== undefined) word(reading.word, row.line);
      for (const question of reading.questions ?? []) ask(question);
    },
    layout({ id, title }, header) {
      // The first table of a file names it; further sheets and pages are usually the same.
      layout ??= {
        id,
        title,
        fingerprint: header === null ? "" : layoutFingerprint(header.cells),
        columns: LEDGER_FIELDS.flatMap((field) => {
          const index = header?.at[field];
          return index === undefined ? [] : [{ field, name: header?.cells[index]?.trim() ?? "", column: index + 1 }];
        }),
      };
    },
    encoding(found) {
      encoding = found;
    },
    fault(found, inDoubt) {
      faults.add(found);
      if (inDoubt) understood = false;
    },
    question: ask,
    firstRow(row) {
      if (firstRows.length >= FIRST_ROWS) return;
      const cells = row.cells.slice(0, CELLS_SHOWN).map((cell) => cell.slice(0, CELL_SHOWN));
      firstRows.push({ line: row.line, cells });
    },
    report: () => ({
      file,
      layout,
      encoding,
      rows,
      kinds: ROW_KINDS.flatMap((kind) => {
        const counted = kinds.get(kind);
        return counted === undefined ? [] : [{ kind, ...KIND_TITLES[kind], ...counted }];
      }),
      words: Array.from(words.values()),
      damaged,
      firstRows: layout === null ? firstRows : [],
      taught: appliedOf(taught, words),
      questions,
      faults: faults.faults.slice(0, FAULTS),
      understood,
    }),
  };
}

/** What was taught and applies here: names of columns, and words that occur. */
function appliedOf(taught: LedgerTeaching, words: ReadonlyMap<string, WordCount>): LedgerTeaching | null {
  const statuses = Object.fromEntries(
    Object.entries(taught.statuses).filter(([word]) => words.get(plainWord(word))?.taught === true),
  );
  const columns = taught.columns;
  return Object.keys(columns).length + Object.keys(statuses).length === 0 ? null : { columns, statuses };
}

function shortened({ cells }: SourceRow): string {
  const text = cells.join(",").replaceAll(/\s+/g, " ");
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
