import { type Fault, type Words, fault } from "../problems/problems.ts";
import type { Header } from "./column-names.ts";
import type { LedgerQuestion } from "./reading-report.ts";
import type { SourceRow } from "./sources/source.ts";
import type { LedgerField } from "./teaching.ts";

/** What a person has to say, as the fault that stops the run and as the question that is put. */
export type Asked = { readonly fault: Fault; readonly question: LedgerQuestion };

const FIELD_WORDS: Readonly<Record<LedgerField, Words>> = {
  number: { zh: "發票號碼", en: "the invoice number" },
  track: { zh: "字軌", en: "the track" },
  end: { zh: "迄號", en: "the last number of a range" },
  date: { zh: "發票日期", en: "the invoice's date" },
  status: { zh: "狀態", en: "the status" },
  seller: { zh: "賣方統編", en: "the seller's UBN" },
};

/** A word as a shell takes it whole. */
export function shellWord(text: string): string {
  return /[\s"'$&|;<>()*?]/.test(text) ? `"${text.replaceAll(/["\\$`]/g, "\\$&")}"` : text;
}

function asked(found: Fault, question: Omit<LedgerQuestion, "line">): Asked {
  return { fault: found, question: { ...question, line: found.line } };
}

/** An unknown status word, or one that leaves open whether the number was used. */
export function askWord(text: string, line: number, column: string, undecided: boolean): Asked {
  const word = text.trim();
  const option = `--statuses ${shellWord(`${word}=issued`)}`;
  const shown: Words =
    word === "" ? { zh: "空白的狀態", en: "An empty status" } : { zh: `「${word}」`, en: `"${word}"` };
  const advice = {
    zh: `這個狀態算開立、作廢、還是沒有用？請加上 ${option}（或 =voided 作廢、=blank 沒有用、=not-a-use 無關），或寫在設定檔的 files.ledger.statuses。`,
    en: "Was the number issued, voided, or not used? Add --statuses <word>=issued (or =voided, =blank, =not-a-use), or set files.ledger.statuses.",
  };
  const wanted = undecided
    ? { zh: "看得出號碼用了沒有的狀態", en: "a status that says whether the number was used" }
    : { zh: "開立、作廢、註銷、折讓、空白等認得的狀態", en: "a known status, such as 開立, 作廢, 註銷, 折讓 or 空白" };
  return asked(fault("status-unknown", { line, column, value: word }, wanted, advice), {
    about: "word",
    text: {
      zh: `${shown.zh}（第 ${line} 行）這個狀態算開立、作廢、還是沒有用？`,
      en: `${shown.en} (line ${line}): was the number issued, voided, or not used?`,
    },
    field: "status",
    word,
    choices: [],
    option,
  });
}

/** A remark that calls a number blank, where it was said that the ledger has no status and each row used its number. */
export function askRemark(text: string, line: number, column: string): Fault {
  const option = `--columns ${shellWord(`status=${column}`)}`;
  return fault(
    "status-unknown",
    { line, column, value: text.trim() },
    { zh: "每一列都用掉號碼", en: "each row used its number" },
    {
      zh: `說過這份明細沒有狀態欄，這一列卻說沒有用。狀態寫在「${column}」裡的話，請改用 ${option}（空白的格子再用 --statuses =issued 說明）。`,
      en: `It was said that the ledger has no status, and this row says that its number was not used. If "${column}" is the status, use --columns status=${column} (and --statuses =issued for its empty cells).`,
    },
  );
}

/** A ledger in which no column of status words is found. */
export function askStatusColumn({ cells }: Header, line: number): Asked {
  const option = "--columns status=…";
  return asked(
    fault("column-missing", { line, column: FIELD_WORDS.status.zh, value: cells.join(",") }, FIELD_WORDS.status, {
      zh: "哪一欄是狀態（開立、作廢、折讓、空白）？請加上 --columns status=欄位名稱；明細真的沒有狀態欄、每一列都用掉號碼時，加上 --columns status=（等號後面不寫），或寫在設定檔的 files.ledger.columns。",
      en: "Which column is the status? Add --columns status=<name>. If the ledger has none and each row used its number, add --columns status= (nothing behind it), or set files.ledger.columns.",
    }),
    {
      about: "column",
      text: {
        zh: "沒有找到狀態欄。哪一欄是狀態？沒有狀態欄、每一列都用掉號碼時，等號後面不寫。",
        en: "No column of the status was found. Which one is it? Write nothing behind the equals sign if there is none and each row used its number.",
      },
      field: "status",
      word: null,
      choices: cells.map((cell) => cell.trim()).filter((cell) => cell !== ""),
      option,
    },
  );
}

/** Several columns that could all be it. */
export function askWhichColumn(field: LedgerField, names: readonly string[], line: number): Asked {
  const option = `--columns ${shellWord(`${field}=${names[0] ?? ""}`)}`;
  const name = FIELD_WORDS[field];
  return asked(
    fault(
      "column-ambiguous",
      { line, column: name.zh, value: names.join(",") },
      { zh: `只有一欄是${name.zh}`, en: `one column that is ${name.en}` },
      {
        zh: `哪一欄才是${name.zh}？請加上 ${option}，或另一個名稱。`,
        en: `Which one is ${name.en}? Add --columns ${field}=<name>.`,
      },
    ),
    {
      about: "column",
      text: {
        zh: `${names.join("、")}都可能是${name.zh}，哪一欄才是？`,
        en: `${names.join(" and ")} could both be ${name.en}. Which one is it?`,
      },
      field,
      word: null,
      choices: names,
      option,
    },
  );
}

/** A column that a person named, and that the ledger does not have. */
export function missingColumn(field: LedgerField, name: string, header: readonly string[], line: number): Fault {
  return fault(
    "column-missing",
    { line, column: name, value: header.join(",") },
    { zh: name, en: name },
    {
      zh: `設定說${FIELD_WORDS[field].zh}這一欄叫「${name}」，檔案裡沒有。請改正 --columns 或設定檔的 files.ledger.columns。`,
      en: `It was said that this column is ${FIELD_WORDS[field].en}, and it is not there. Correct --columns or files.ledger.columns.`,
    },
  );
}

/** A table of which nothing is known, by the row that most likely names its columns. */
export function askColumns(names: { readonly line: number; readonly cells: readonly string[] } | undefined): Asked {
  const option = "--columns number=… date=… status=… seller=…";
  return asked(
    fault(
      "column-missing",
      { line: names?.line ?? 0, column: FIELD_WORDS.number.zh, value: names?.cells.join(",") ?? "" },
      { zh: "認得的明細格式", en: "a known layout of ledgers" },
      {
        zh: `哪一欄是發票號碼？日期？狀態？賣方？請加上 ${option}（字軌另成一欄時再加 track=…；沒有標題列時用 #1、#2 表示第幾欄），或寫在設定檔的 files.ledger.columns。`,
        en: `Which column is the number, the date, the status, the seller? Add --columns number=... date=... status=... seller=... (and track=... where the track stands in its own column; #1, #2 for positions where nothing names the columns), or set files.ledger.columns.`,
      },
    ),
    {
      about: "columns",
      text: {
        zh: "哪一欄是發票號碼？日期？狀態？賣方？",
        en: "Which column is the number, the date, the status, the seller?",
      },
      field: null,
      word: null,
      choices: (names?.cells ?? []).map((cell) => cell.trim()).filter((cell) => cell !== ""),
      option,
    },
  );
}

/** A bare list of numbers below a title that calls them blank; no option can be said of one sheet among others. */
export function askAboutList({ line, cells, sheet }: SourceRow): {
  readonly fault: Fault;
  readonly question: LedgerQuestion | null;
} {
  const title = cells.filter((cell) => cell.trim() !== "");
  if (sheet !== undefined) {
    const remedy = {
      zh: "空白號碼由字軌檔和用過的號碼算出來，不必給這個工作表；請另存一份、刪掉這個工作表再給。",
      en: "Blank numbers are computed from the tracks and the used numbers: save a copy without this sheet and give that.",
    };
    return {
      fault: fault("list-of-blanks", { line, value: [sheet, ...title].join(",") }, undefined, remedy),
      question: null,
    };
  }
  const value = title.join(",");
  return asked(fault("list-of-blanks", { line, value }), {
    about: "column",
    text: {
      zh: `標題寫「${value}」：這是用過的號碼，還是空白的號碼？都用過時，加上下面這一句；是空白的就不要給這份清單。`,
      en: `The title says "${value}": were these numbers used, or not? If all were used, add what follows; if not, leave this list out.`,
    },
    field: "status",
    word: null,
    choices: [],
    option: "--columns status=",
  });
}
