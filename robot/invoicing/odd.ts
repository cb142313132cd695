import { type NumberRun, type Track, BOOK_SIZE, formatRun, numberOf, numberValue, runSize } from "./track.ts";
import type { Ubn } from "./ubn.ts";

/** `error`: the blank numbers can't be right before this is settled. `warning`: a person should know and may well have a reason. */
export type OddSeverity = "error" | "warning";

type OddKind = { severity: OddSeverity; zh: (where: string, detail: string) => string; english: string };

/** The closed list of what can be odd about the use of numbers. */
const ODD = {
  "not-allocated": {
    severity: "error",
    zh: (where) => `${where} 已開立，但不在配給的字軌裡。請核對字軌檔是否完整、號碼是否輸入錯誤。`,
    english: "Used, but not allocated.",
  },
  "other-seller": {
    severity: "error",
    zh: (where, detail) => `${where} 由 ${detail} 開立，但這些號碼配給別的統一編號。請確認發票機的設定。`,
    english: "Used by another business than the numbers were allocated to.",
  },
  "used-twice": {
    severity: "error",
    zh: (where) => `${where} 在明細裡重複出現。請確認是重複匯出，還是同一號碼開了兩張發票。`,
    english: "The same number appears more than once.",
  },
  "outside-period": {
    severity: "error",
    zh: (where, detail) => `${where} 的發票日期（${detail}）不在這一期內。請確認是否用錯了期別的字軌。`,
    english: "Number of this period, used on a date outside it.",
  },
  "other-period": {
    severity: "warning",
    zh: (_where, detail) => `明細裡另有 ${detail} 的發票，沒有算進這一期。`,
    english: "The ledger also holds invoices of another period; they were left out.",
  },
  "unknown-seller": {
    severity: "warning",
    zh: (_where, detail) => `明細裡另有 ${detail} 的發票，這個統一編號沒有字軌檔，沒有算進去。`,
    english: "The ledger also holds invoices of a business whose tracks were not given; they were left out.",
  },
  "out-of-order": {
    severity: "warning",
    zh: (where, detail) => `${where} 跳號：號碼在後、日期卻在前（${detail}）。請確認開立順序。`,
    english: "A later number carries an earlier date.",
  },
  "gap-in-book": {
    severity: "warning",
    zh: (where) => `${where} 是空白，但同一本後面的號碼已經用了。請確認這些號碼真的沒有開立，或作廢資料有沒有漏匯。`,
    english: "Blank numbers inside a book whose later numbers are used.",
  },
  "used-after-blank": {
    severity: "warning",
    zh: (where) => `${where} 整段空白，後面的本卻已經開始使用。多台機器各用一本時屬正常，否則請確認有沒有漏開。`,
    english: "A later book is in use although these numbers are blank.",
  },
} satisfies Record<string, OddKind>;

/** Closed list of oddities. */
export type OddCode = keyof typeof ODD;

/** One oddity, for the numbers of at most one book (or one blank run, one period, one seller). */
export type OddFinding = {
  readonly code: OddCode;
  readonly severity: OddSeverity;
  readonly ubn: Ubn | undefined;
  /** From the first to the last number concerned; not every number between needs to be. */
  readonly run: NumberRun;
  /** How many rows or numbers are concerned. */
  readonly count: number;
  /** Ledger line of the first one; 0 where the oddity is of the numbers and not of a row. */
  readonly line: number;
  /** What is odd and what to do, in Traditional Chinese. */
  readonly text: string;
  readonly english: string;
};

/** More of one kind than anybody reads; a wrong ledger would otherwise fill memory with a million of them. */
const KEPT_PER_CODE = 1000;

type Noted = {
  ubn: Ubn | undefined;
  track: Track;
  first: number;
  last: number;
  count: number;
  line: number;
  detail: string;
};

/** Collects oddities in bounded memory: grouped by a key, and at most a thousand groups of a kind. */
export type OddNotebook = {
  /** Adds `count` numbers from `first` to `last` to the group `key`; `detail` is kept from the group's first note. */
  readonly note: (
    code: OddCode,
    key: string | number,
    where: {
      ubn?: Ubn | undefined;
      track: Track;
      first: number;
      last?: number;
      count?: number;
      line?: number;
      detail?: string;
    },
  ) => void;
  /** All groups, errors first, each kind in the order of its numbers; `omitted` counts the rows beyond the limit. */
  readonly read: () => { findings: OddFinding[]; omitted: number };
};

export function oddNotebook(): OddNotebook {
  const notes = new Map<OddCode, Map<string | number, Noted>>();
  let omitted = 0;
  return {
    note(code, key, { ubn, track, first, last = first, count = 1, line = 0, detail = "" }) {
      const groups = notes.get(code) ?? new Map<string | number, Noted>();
      notes.set(code, groups);
      const group = groups.get(key);
      if (group !== undefined) {
        group.first = Math.min(group.first, first);
        group.last = Math.max(group.last, last);
        group.count += count;
      } else if (groups.size < KEPT_PER_CODE) {
        groups.set(key, { ubn, track, first, last, count, line, detail });
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

function finding(code: OddCode, noted: Noted): OddFinding {
  const kind: OddKind = ODD[code];
  const { ubn, track, count, line, detail } = noted;
  const run = { track, begin: numberOf(noted.first), end: numberOf(noted.last) };
  const where =
    count === 1 ? `${track}${run.begin}` : `${formatRun(run)}（${count === runSize(run) ? "" : "其中 "}${count} 號）`;
  return { code, severity: kind.severity, ubn, run, count, line, text: kind.zh(where, detail), english: kind.english };
}

function compareFindings(a: OddFinding, b: OddFinding): number {
  if (a.severity !== b.severity) return a.severity === "error" ? -1 : 1;
  if (a.code !== b.code) return a.code < b.code ? -1 : 1;
  if (a.run.track !== b.run.track) return a.run.track < b.run.track ? -1 : 1;
  return numberValue(a.run.begin) - numberValue(b.run.begin);
}

/** Number of the book that a number lies in, within its track. */
export function bookOf(value: number): number {
  return Math.floor(value / BOOK_SIZE);
}
