import { type Category, category, type NumberRun } from "../company.ts";
import { periodCode } from "../periods.ts";

/** Unused numbers of one track, a row of 查詢: it need not be a whole book. `ban` may be a branch's. */
export interface BlankRun extends NumberRun {
  readonly ban: string;
  readonly period: string;
  readonly category: Category;
}

/** The columns that name a run, as somebody wrote them into a file or a form. */
export type BlankCells = Readonly<Record<"ban" | "period" | "track" | "begin" | "end" | "category", string>>;

/** What the portal says of a run that it does not take; the marked words are those the facts know (section 5). */
export const blankProblems = {
  "ban-format": "統編格式錯誤須為8碼數字", // known
  "period-format": "發票期別格式錯誤", // known
  "track-length": "空白字軌長度不得超過2碼", // known
  "track-format": "空白字軌須為2碼大寫英文字母",
  "begin-length": "空白發票起號長度必為8碼", // known
  "end-length": "空白發票迄號長度必為8碼", // known
  "category-unknown": "發票類別代號錯誤",
  "ban-other": "統編非本營業人或其分支機構",
  "period-other": "所屬年月與所選字軌期別不符",
  "begin-after-end": "空白發票起號不得大於迄號",
  "not-allocated": "空白發票號碼非該期別已配賦之號碼",
  overlap: "發票區間跟其他資料重疊", // known
} as const;
export type BlankProblem = keyof typeof blankProblems;

export interface BlankCircumstances {
  /** The company's own 統一編號 and its branches'. */
  readonly bans: readonly string[];
  /** The 字軌期別 that was chosen in the form. */
  readonly period: string;
  readonly allocated: (category: Category) => readonly NumberRun[];
  /** Runs that the new one may not overlap. */
  readonly present: readonly BlankRun[];
}

export type BlankCheck =
  | { readonly ok: true; readonly run: BlankRun }
  | { readonly ok: false; readonly problems: readonly BlankProblem[] };

/** Holds one run to the portal's rules: first how each column is written, then what the columns say together. */
export function checkBlank(cells: BlankCells, circumstances: BlankCircumstances): BlankCheck {
  const kind = category.safeParse(cells.category);
  const problems = formatProblems(cells);
  if (!kind.success) problems.push("category-unknown");
  if (!kind.success || problems.length > 0) return { ok: false, problems };
  const run: BlankRun = { ...cells, category: kind.data };
  const senseless = meaningProblems(run, circumstances);
  return senseless.length === 0 ? { ok: true, run } : { ok: false, problems: senseless };
}

export function overlaps(a: NumberRun, b: NumberRun): boolean {
  return a.track === b.track && a.begin <= b.end && b.begin <= a.end;
}

function formatProblems({ ban, period, track, begin, end }: BlankCells): BlankProblem[] {
  const problems: BlankProblem[] = [];
  if (!/^\d{8}$/.test(ban)) problems.push("ban-format");
  if (!periodCode.safeParse(period).success) problems.push("period-format");
  if (track.length > 2) problems.push("track-length");
  else if (!/^[A-Z]{2}$/.test(track)) problems.push("track-format");
  if (!/^\d{8}$/.test(begin)) problems.push("begin-length");
  if (!/^\d{8}$/.test(end)) problems.push("end-length");
  return problems;
}

function meaningProblems(run: BlankRun, { bans, period, allocated, present }: BlankCircumstances): BlankProblem[] {
  const problems: BlankProblem[] = [];
  if (!bans.includes(run.ban)) problems.push("ban-other");
  if (run.period !== period) problems.push("period-other");
  if (run.begin > run.end) return [...problems, "begin-after-end"];
  // Of another period or company nothing is known that could be compared.
  if (problems.length > 0) return problems;
  if (!covered(run, allocated(run.category))) problems.push("not-allocated");
  if (present.some((other) => other.period === run.period && overlaps(run, other))) problems.push("overlap");
  return problems;
}

/** Does every number of the run lie in what was allocated? Runs of books that follow each other count as one. */
function covered({ track, begin, end }: BlankRun, allocated: readonly NumberRun[]): boolean {
  const pieces = allocated.filter((piece) => piece.track === track).sort((a, b) => a.begin.localeCompare(b.begin));
  let next = Number(begin);
  for (const piece of pieces) {
    if (Number(piece.begin) <= next && next <= Number(piece.end)) next = Number(piece.end) + 1;
  }
  return next > Number(end);
}
