import { formatReadingReport, FIELD_NAMES } from "../../robot/invoicing/ledger/format-reading-report.ts";
import { type LedgerQuestion, layoutKey, type ReadingReport } from "../../robot/invoicing/ledger/reading-report.ts";
import {
  LEDGER_FIELDS,
  type LedgerField,
  type LedgerTeaching,
  NOTHING_TAUGHT,
} from "../../robot/invoicing/ledger/teaching.ts";
import { STATUS_MEANINGS, type StatusMeaning } from "../../robot/invoicing/ledger/vocabulary.ts";
import { inBoth } from "../../robot/invoicing/problems/problems.ts";
import { taipeiDay } from "../../robot/invoicing/values/day.ts";
import {
  Failure,
  type FlowPorts,
  type FormValues,
  type KnownTeaching,
  type Question,
  type QuestionField,
  type QuestionForm,
  type QuestionTopic,
  type SavedFile,
} from "../../robot/engine/flow.ts";
import { summarize } from "./blank-numbers.ts";

/** A ledger that is understood: what was said of it, how it was read with that, and what people are told of it. */
export type UnderstoodLedger = {
  readonly teaching: LedgerTeaching;
  readonly report: ReadingReport;
  readonly notes: readonly string[];
};

/** How a ledger is read with what is known of it. */
export type Reading = (ledger: SavedFile, teaching: LedgerTeaching) => Promise<ReadingReport>;

/** The answer that says what the columns and words are. */
const TEACH = "teach";

/**
 * Reads a ledger until it is understood. A layout or a word that is not known is asked about; what a person says is kept for this company
 * and layout, and used again and told when such a ledger comes the next time.
 * @throws Failure `file-invalid` where rows can't be read that nobody can explain, `person-needed` where the person ends it
 */
export async function understoodLedger(
  {
    step,
    personsForm,
    record,
    ledgerTeachings,
  }: Pick<FlowPorts<unknown>, "step" | "personsForm" | "record" | "ledgerTeachings">,
  ledger: SavedFile,
  read: Reading,
): Promise<UnderstoodLedger> {
  let report = await step("read-ledger", "讀發票明細", () => read(ledger, NOTHING_TAUGHT));
  if (report.understood) return { teaching: NOTHING_TAUGHT, report, notes: [] };
  const layout = layoutKey(report);
  const known = await step("find-teaching", "找以前對這種明細的設定", () => ledgerTeachings.find(layout));
  let teaching = known.own?.teaching ?? NOTHING_TAUGHT;
  const notes = known.own === null ? [] : [againLine(known.own)];
  if (known.own !== null) {
    report = await step("read-ledger-as-before", "照以前的設定讀發票明細", () => read(ledger, teaching));
    await record(notes[0] ?? "");
  }
  for (let n = 1; !report.understood; n++) {
    if (report.questions.length === 0) {
      await record("發票明細讀不懂", { data: describeReading(report) });
      throw unreadable(report);
    }
    const question = teachingQuestion(report, known.others);
    const { answer, values, by } = await personsForm(`understand-ledger-${n}`, `讀懂發票明細 ${n}`, question);
    if (answer !== TEACH) {
      throw new Failure("person-needed", { wanted: question.text, seen: `${by} 沒有說，什麼都沒有送出` });
    }
    teaching = merged(teaching, taughtIn(report, values));
    const next = teaching;
    report = await step(`read-ledger-as-taught-${n}`, `照設定讀發票明細 ${n}`, async () => {
      await ledgerTeachings.keep(layout, next, by);
      await record(`${by} 說明了這種明細：${teachingLine(next)}`);
      return read(ledger, next);
    });
  }
  return { teaching, report, notes };
}

function unreadable({ file, faults }: ReadingReport): Failure {
  const seen = faults.map(({ line, message, remedy }) => `${line > 0 ? `第 ${line} 行：` : ""}${message}${remedy}`);
  return new Failure("file-invalid", { wanted: `看得懂的發票明細 ${file}`, seen: summarize(seen) });
}

/** How a ledger was read, for anyone who looks at it before anything is sent. */
export function describeReading(report: ReadingReport): string[] {
  return formatReadingReport(report).map(({ zh }) => zh.trim());
}

const NONE = "none";

const MEANINGS: readonly { readonly value: StatusMeaning; readonly label: string }[] = [
  { value: "issued", label: "開立：號碼用了" },
  { value: "voided", label: "作廢：號碼用了" },
  { value: "cancelled", label: "註銷：號碼用了，之後可能重開" },
  { value: "allowance", label: "折讓：號碼用了" },
  { value: "blank", label: "空白：號碼沒有用" },
  { value: "not-a-use", label: "和號碼無關，不算" },
];

/** Which columns and words a person is asked for, with the first rows of the file to look at. */
function teachingQuestion(report: ReadingReport, others: readonly KnownTeaching[]): Question {
  const asksColumns = report.questions.some(({ about }) => about !== "word");
  const [other] = others;
  const offer =
    other === undefined ? "" : `（別家公司的設定已經先填好，由 ${other.by} 在 ${dayLine(other.at)} 說明，請核對。）`;
  return {
    topic: asksColumns ? "ledger-columns" : "ledger-words",
    text: `${report.questions.map(({ text }) => text.zh).join(" ")}${offer}`,
    choices: { [TEACH]: "就這樣讀，以後這種明細也照這樣", refuse: "不確定，先不要做" },
    form: {
      answer: TEACH,
      fields: report.questions.flatMap((question) => fieldsOf(question, other?.teaching ?? NOTHING_TAUGHT)),
    },
    context: {
      ledger: {
        file: report.file,
        rows: report.firstRows,
        lines: describeReading({ ...report, questions: [], firstRows: [] }),
      },
    },
  };
}

function fieldsOf({ about, field, word, choices, line }: LedgerQuestion, offered: LedgerTeaching): QuestionField[] {
  if (about === "word") {
    const text = word ?? "";
    const meaning = offered.statuses[text];
    const label = inBoth(`${text === "" ? "（空白）" : `「${text}」`}，第 ${line} 行起`);
    return [
      {
        kind: "choice",
        id: wordId(text),
        label,
        options: MEANINGS,
        ...(meaning === undefined ? {} : { value: meaning }),
      },
    ];
  }
  const columns = field === null ? LEDGER_FIELDS.filter((one) => one !== "end") : [field];
  return columns.map((column): QuestionField => {
    const options = [...new Set(choices)].map((name) => ({ value: name, label: name }));
    const given = offered.columns[column];
    const usual = given === null ? NONE : given;
    const isOffered = usual !== undefined && (usual === NONE || choices.includes(usual));
    // What nobody needs to have: its own column for the track, or for the seller.
    const value = isOffered ? usual : column === "track" && field === null ? NONE : undefined;
    return {
      kind: "choice",
      id: column,
      label: FIELD_NAMES[column],
      options: column === "number" ? options : [...options, { value: NONE, label: "沒有這一欄" }],
      ...(value === undefined ? {} : { value }),
    };
  });
}

/** What was filled in, as what is known of the ledger from now on. */
function taughtIn({ questions }: ReadingReport, values: FormValues): LedgerTeaching {
  const columns: { -readonly [Field in LedgerField]?: string | null } = {};
  const statuses: Record<string, StatusMeaning> = {};
  for (const field of LEDGER_FIELDS) {
    const value = values[field];
    if (value !== undefined) columns[field] = value === NONE ? null : value;
  }
  for (const { word } of questions) {
    const meaning = word === null ? undefined : STATUS_MEANINGS.find((one) => one === values[wordId(word)]);
    if (word !== null && meaning !== undefined) statuses[word] = meaning;
  }
  return { columns, statuses };
}

/**
 * What was said of a ledger as the answer to a question about it.
 * @returns null for another question, or where something that has to be chosen was not said
 */
export function teachingAnswer(
  { topic, form }: { readonly topic: QuestionTopic | null; readonly form: QuestionForm | null },
  { columns, statuses }: LedgerTeaching,
): { readonly answer: string; readonly values: FormValues } | null {
  if (topic !== "ledger-columns" && topic !== "ledger-words") return null;
  const words = new Map(Object.entries(statuses).map(([word, meaning]) => [wordId(word), meaning]));
  const values: Record<string, string> = {};
  for (const field of form?.fields ?? []) {
    const column = LEDGER_FIELDS.find((one) => one === field.id);
    const name = column === undefined ? undefined : columns[column];
    const value = name === null ? NONE : (name ?? words.get(field.id));
    if (value !== undefined) values[field.id] = value;
    else if (field.kind !== "choice" || field.value === undefined) return null;
  }
  return { answer: TEACH, values };
}

function wordId(word: string): string {
  return word === "" ? "（空白）" : word;
}

function merged(a: LedgerTeaching, b: LedgerTeaching): LedgerTeaching {
  return { columns: { ...a.columns, ...b.columns }, statuses: { ...a.statuses, ...b.statuses } };
}

function againLine({ teaching, by, at }: KnownTeaching): string {
  return `沿用 ${dayLine(at)} ${by} 的設定：${teachingLine(teaching)}`;
}

function teachingLine({ columns, statuses }: LedgerTeaching): string {
  const named = LEDGER_FIELDS.flatMap((field) => {
    const name = columns[field];
    return name === undefined ? [] : [`${FIELD_NAMES[field].zh}＝${name ?? "沒有這一欄"}`];
  });
  const words = Object.entries(statuses).map(
    ([word, meaning]) => `${wordId(word)}＝${MEANINGS.find(({ value }) => value === meaning)?.label ?? meaning}`,
  );
  return [...named, ...words].join("、");
}

/** `2026/11/30`, the day in Taipei. */
function dayLine(instant: string): string {
  return taipeiDay(new Date(instant)).replaceAll("-", "/");
}
