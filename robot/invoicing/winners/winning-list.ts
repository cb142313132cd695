import { cellReader } from "../reading/cells.ts";
import { type Day, parseDay } from "../values/day.ts";
import { type Period, parsePeriod } from "../values/period.ts";
import { type Fault, fault } from "../problems/problems.ts";
import type { FileSource } from "../reading/table.ts";
import { readWinningCsv } from "./winning-csv.ts";
import { parseAmount, readWinningRecord } from "./winning-record.ts";
import { type LastLine, beginsRecord, piecesOf, readLastLine } from "./winning-pieces.ts";
import type { Remark, Winner } from "./winner.ts";

/** 中獎清冊: the portal's own (474 bytes a record), or the CSV of a value-added platform. */
export type WinningKind = "winning-list" | "winning-csv";

/** What the last line of the portal's list says of the whole. */
export type WinningFooter = {
  readonly period: Period | undefined;
  readonly count: number | undefined;
  /** TWD. */
  readonly prizeSum: number | undefined;
  /** First and last day on which prizes are paid. */
  readonly claimFrom: Day | undefined;
  readonly claimBy: Day | undefined;
};

export type WinningOptions = {
  /** Called for everything that is not as it should be, as the stream passes. */
  readonly onFault: (fault: Fault) => void;
  /** Called for what is worth knowing and no fault. */
  readonly onRemark?: (remark: Remark) => void;
  readonly onFooter?: (footer: WinningFooter) => void;
};

/** Which list of winners a file is, by its beginning; nothing where it is none. */
export function winningKind(head: Uint8Array, firstCells: readonly string[]): WinningKind | undefined {
  if (beginsRecord(head)) return "winning-list";
  const end = head.findIndex((byte) => byte === 0x0a || byte === 0x0d);
  if (readLastLine(end < 0 ? head : head.subarray(0, end)) !== undefined) return "winning-list";
  const names = new Set(firstCells);
  return names.has("發票號碼") && (names.has("中獎獎金") || names.has("獎項")) ? "winning-csv" : undefined;
}

/** Whether bytes can only be the list as the portal gives it out, before the ministry's tool has opened it. */
export function looksEncrypted(head: Uint8Array, name: string): boolean {
  if (/(^|[\\/])[AYZ]_\d{8}_\d{5}_[^\\/]*\.bin$/i.test(name)) return true;
  return /\.bin$/i.test(name) && head.some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0d, 0x1a].includes(byte));
}

/**
 * Reads a list of winners line by line: every line comes out, also one that can't be read, and memory does not grow with the file. The
 * portal's list is held against its own last line: as many lines, and the same sum of prizes.
 * @throws whatever the source throws
 */
export async function* readWinners(
  kind: WinningKind,
  file: FileSource,
  options: WinningOptions,
): AsyncGenerator<Winner> {
  switch (kind) {
    case "winning-csv":
      return yield* readWinningCsv(file, options);
    case "winning-list":
      return yield* readPortalList(file, options);
    default:
      return kind satisfies never;
  }
}

async function* readPortalList(file: FileSource, options: WinningOptions): AsyncGenerator<Winner> {
  const { onFault, onRemark = () => undefined, onFooter = () => undefined } = options;
  let lines = 0;
  let sum: number | undefined = 0;
  let linesBefore = 0;
  let footer: (WinningFooter & { readonly line: number }) | undefined;
  for await (const { line, bytes } of piecesOf(file.read())) {
    const last = readLastLine(bytes);
    if (last !== undefined && footer === undefined) {
      footer = { ...footerOf(last, line, onFault), line };
      linesBefore = lines;
      onFooter(footer);
      continue;
    }
    if (footer !== undefined && lines === linesBefore) onFault(fault("footer-not-last", { line: footer.line }));
    const read = readWinningRecord(line, bytes);
    for (const one of read.faults) onFault(one);
    for (const one of read.remarks) onRemark(one);
    lines += 1;
    const { amount } = read.winner.prize;
    sum = sum === undefined || amount === null ? undefined : sum + amount;
    const { winner } = read;
    if (winner.whole && footer?.period !== undefined && parsePeriod(winner.fields.period) !== footer.period)
      onFault(fault("period-other", { line, column: "期別", value: winner.fields.period }, footer.period));
    yield winner;
  }
  if (footer === undefined) {
    onFault(fault(lines === 0 ? "empty-file" : "footer-missing", { value: String(lines) }));
    return;
  }
  if (footer.count !== undefined && footer.count !== lines)
    onFault(fault("footer-count", { line: footer.line, column: "筆數", value: String(lines) }, String(footer.count)));
  if (footer.prizeSum !== undefined && sum !== undefined && footer.prizeSum !== sum)
    onFault(
      fault("footer-sum", { line: footer.line, column: "獎金合計", value: String(sum) }, String(footer.prizeSum)),
    );
}

const FOOTER_COLUMNS = ["期別", "筆數", "獎金合計", "領獎起日", "領獎迄日"] as const;
type FooterColumn = (typeof FOOTER_COLUMNS)[number];

function footerOf(last: LastLine, line: number, onFault: (fault: Fault) => void): WinningFooter {
  const cells = [last.period, last.count, last.prizeSum, last.claimFrom, last.claimBy];
  const { cell, faults } = cellReader({ line, cells }, (name: FooterColumn) => FOOTER_COLUMNS.indexOf(name));
  const day = (name: FooterColumn, text: string): Day | undefined =>
    text.trim() === "" ? undefined : cell(name, "date", parseDay);
  const footer = {
    period: cell("期別", "other", parsePeriod),
    count: cell("筆數", "other", parseAmount),
    prizeSum: cell("獎金合計", "other", parseAmount),
    claimFrom: day("領獎起日", last.claimFrom),
    claimBy: day("領獎迄日", last.claimBy),
  };
  for (const one of faults) onFault(one);
  return footer;
}
