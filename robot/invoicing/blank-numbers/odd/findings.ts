import { type Words, inBoth } from "../../problems/problems.ts";
import {
  type NumberRange,
  type Track,
  BOOK_SIZE,
  formatRange,
  numberOf,
  numberValue,
  rangeSize,
} from "../../values/track.ts";
import type { Ubn } from "../../values/ubn.ts";

/** `error`: the blank numbers can't be right before this is settled. `warning`: a person should know and may well have a reason. */
export type FindingSeverity = "error" | "warning";

type Sentence = (where: string, detail: string) => string;
type OddKind = { readonly severity: FindingSeverity; readonly zh: Sentence; readonly en: Sentence };

/** The closed list of what can be odd about the use of numbers, each with what to do. */
const ODD = {
  "not-allocated": {
    severity: "error",
    zh: (where) => `${where} 已開立，但不在配給的字軌裡。請核對字軌檔是否完整、號碼是否輸入錯誤。`,
    en: (where) =>
      `${where} was used but is in no track that was given. See that the track file is complete and the number right.`,
  },
  "other-seller": {
    severity: "error",
    zh: (where, detail) => `${where} 由 ${detail} 開立，但這些號碼配給別的統一編號。請確認發票機的設定。`,
    en: (where, detail) =>
      `${where} was used by ${detail}, but allocated to another business. See how the invoice printer is set up.`,
  },
  "used-twice": {
    severity: "error",
    zh: (where, ledgers) =>
      ledgers === ""
        ? `${where} 在明細裡重複出現。請確認是重複匯出，還是同一號碼開了兩張發票。`
        : `${where} 在${ledgers}裡都有。同一號碼開在兩個系統會被罰；只是匯出的範圍重疊時，請各匯出各的。`,
    en: (where, ledgers) =>
      ledgers === ""
        ? `${where} is there more than once. Either rows were exported twice, or two invoices carry the same number.`
        : `${where} is in both ${ledgers}. The same number in two systems is fined; if the exports merely overlap, export each range once.`,
  },
  "cancelled-only": {
    severity: "warning",
    zh: (where) =>
      `${where} 註銷後沒有重新開立的列。註銷的號碼要用同一號碼重新開立，所以沒有算成空白。請確認是否漏了重新開立。`,
    en: (where) =>
      `${where} was cancelled (註銷) and not issued again. A cancelled number has to be issued again, so it is not counted as blank.`,
  },
  "blank-but-used": {
    severity: "warning",
    zh: (where) => `${where} 有的列說是空白，有的列說已經用了，算已使用。請確認哪一列才對。`,
    en: (where) => `${where} is blank by one row and used by another; it counts as used. See which row is right.`,
  },
  "blank-with-amount": {
    severity: "warning",
    zh: (where) => `${where} 的列說是空白，卻有金額，算成空白。請確認真的沒有開立。`,
    en: (where) =>
      `${where} is called blank by a row that has an amount; it counts as blank. See that it was not issued.`,
  },
  "item-only": {
    severity: "warning",
    zh: (where) => `${where} 只有品項的列，沒有發票本身的列，算已使用。請確認明細是否完整。`,
    en: (where) =>
      `${where} has rows of items only and none of its own; it counts as used. See that the ledger is whole.`,
  },
  "mentioned-only": {
    severity: "error",
    zh: (where) => `${where} 只在備註或合計裡提到，沒有自己的列，看不出用了沒有，沒有算成空白。請確認。`,
    en: (where) =>
      `${where} is only mentioned in a remark or a total, so whether it was used is not known; it is not counted as blank.`,
  },
  "named-elsewhere": {
    severity: "warning",
    zh: (where) => `${where} 算成空白，但別張發票那一列的備註等欄位提到這個號碼。請確認真的沒有開立。`,
    en: (where) =>
      `${where} counts as blank, but a remark or another cell in the row of some other invoice names it. See that it was not issued.`,
  },
  "outside-period": {
    severity: "error",
    zh: (where, detail) => `${where} 的發票日期（${detail}）不在這一期內。請確認是否用錯了期別的字軌。`,
    en: (where, detail) =>
      `${where} is dated ${detail}, outside this period. See whether tracks of another period were used.`,
  },
  "other-period": {
    severity: "warning",
    zh: (_where, detail) => `明細裡另有 ${detail} 的發票，沒有算進這一期。`,
    en: (_where, detail) => `There are also invoices of ${detail}; they were left out.`,
  },
  "unknown-seller": {
    severity: "warning",
    zh: (_where, detail) => `明細裡另有 ${detail} 的發票，這個統一編號沒有字軌檔，沒有算進去。`,
    en: (_where, detail) => `There are also invoices of ${detail}, whose tracks were not given; they were left out.`,
  },
  "out-of-order": {
    severity: "warning",
    zh: (where, detail) => `${where} 跳號：號碼在後、日期卻在前（${detail}）。請確認開立順序。`,
    en: (where, detail) =>
      `${where}: a later number with an earlier date (${detail}). See in which order they were issued.`,
  },
  "gap-in-book": {
    severity: "warning",
    zh: (where) => `${where} 是空白，但同一本後面的號碼已經用了。請確認這些號碼真的沒有開立，或作廢資料有沒有漏匯。`,
    en: (where) =>
      `${where} is blank, but later numbers of the same book are used. See that it was really not issued, or voided.`,
  },
  "used-after-blank": {
    severity: "warning",
    zh: (where) => `${where} 整段空白，後面的本卻已經開始使用。多台機器各用一本時屬正常，否則請確認有沒有漏開。`,
    en: (where) =>
      `${where} is blank, but a later book is in use. That is normal where each machine has a book of its own.`,
  },
} satisfies Record<string, OddKind>;

/** Closed list of oddities. */
export type FindingCode = keyof typeof ODD;

/** One oddity, for the numbers of at most one book (or one blank run, one period, one seller). */
export type Finding = {
  readonly code: FindingCode;
  readonly severity: FindingSeverity;
  readonly ubn: Ubn | undefined;
  /** From the first to the last number concerned; not every number between needs to be. */
  readonly run: NumberRange;
  /** How many rows or numbers are concerned. */
  readonly count: number;
  /** File and line of the first one; empty and 0 where the oddity is of the numbers and not of a row. */
  readonly file: string;
  readonly line: number;
  /** What is odd and what to do. */
  readonly text: Words;
};

/** More of one kind than anybody reads; a wrong ledger would otherwise fill memory with a million of them. */
const KEPT_PER_CODE = 1000;

type Noted = {
  ubn: Ubn | undefined;
  track: Track;
  first: number;
  last: number;
  count: number;
  file: string;
  line: number;
  detail: Words;
};

/** Collects oddities in bounded memory: grouped by a key, and at most a thousand groups of a kind. */
export type FindingCollector = {
  /** Adds `count` numbers from `first` to `last` to the group `key`; `detail` is kept from the group's first note. */
  readonly note: (
    code: FindingCode,
    key: string | number,
    where: {
      ubn?: Ubn | undefined;
      track: Track;
      first: number;
      last?: number;
      count?: number;
      file?: string;
      line?: number;
      detail?: string | Words;
    },
  ) => void;
  /** All groups, errors first, each kind in the order of its numbers; `omitted` counts the rows beyond the limit. */
  readonly read: () => { findings: Finding[]; omitted: number };
};

export function findingCollector(): FindingCollector {
  const notes = new Map<FindingCode, Map<string | number, Noted>>();
  let omitted = 0;
  return {
    note(code, key, { ubn, track, first, last = first, count = 1, file = "", line = 0, detail = "" }) {
      const groups = notes.get(code) ?? new Map<string | number, Noted>();
      notes.set(code, groups);
      const group = groups.get(key);
      if (group !== undefined) {
        group.first = Math.min(group.first, first);
        group.last = Math.max(group.last, last);
        group.count += count;
      } else if (groups.size < KEPT_PER_CODE) {
        groups.set(key, { ubn, track, first, last, count, file, line, detail: inBoth(detail) });
      } else {
        omitted += count;
      }
    },
    read() {
      const findings = Array.from(notes, ([code, groups]) =>
        Array.from(groups.values(), (noted) => finding(code, noted)),
      );
      return { findings: findings.flat().toSorted(compareFindings), omitted };
    },
  };
}

function finding(code: FindingCode, noted: Noted): Finding {
  const kind: OddKind = ODD[code];
  const { ubn, track, count, file, line, detail } = noted;
  const run = { track, begin: numberOf(noted.first), end: numberOf(noted.last) };
  const where = whereOf(run, count);
  const text = { zh: kind.zh(where.zh, detail.zh), en: kind.en(where.en, detail.en) };
  return { code, severity: kind.severity, ubn, run, count, file, line, text };
}

function whereOf(run: NumberRange, count: number): Words {
  if (count === 1) return inBoth(`${run.track}${run.begin}`);
  const some = count < rangeSize(run);
  return {
    zh: `${formatRange(run)}（${some ? "其中 " : ""}${count} 號）`,
    en: `${formatRange(run)} (${count}${some ? " of these" : ""} numbers)`,
  };
}

function compareFindings(a: Finding, b: Finding): number {
  if (a.severity !== b.severity) return a.severity === "error" ? -1 : 1;
  if (a.code !== b.code) return a.code < b.code ? -1 : 1;
  if (a.run.track !== b.run.track) return a.run.track < b.run.track ? -1 : 1;
  return numberValue(a.run.begin) - numberValue(b.run.begin);
}

/** Number of the book that a number lies in, within its track. */
export function bookOf(value: number): number {
  return Math.floor(value / BOOK_SIZE);
}
