import { identifyFile } from "../../robot/invoicing/file-recognition.ts";
import type { Period } from "../../robot/invoicing/values/period.ts";
import { fileOfBytes } from "../../robot/invoicing/reading/table.ts";
import { maskedWinner } from "../../robot/invoicing/winners/winner.ts";
import { readWinners, type WinningKind } from "../../robot/invoicing/winners/winning-list.ts";
import { type PrizeTotal, summarizeWinners } from "../../robot/invoicing/winners/winning-summary.ts";
import { winnersCsv, winnersXlsx } from "../../robot/invoicing/winners/winning-table.ts";
import { Failure, type SavedFile } from "../../robot/engine/flow.ts";

/** What was read of one list of winners. Who won is masked: the tables have the names. */
export type ReadList = {
  readonly list: SavedFile;
  readonly kind: WinningKind;
  readonly winners: number;
  /** TWD. */
  readonly prizeSum: number;
  readonly prizes: readonly PrizeTotal[];
  readonly shown: readonly string[];
  readonly remarks: readonly string[];
  /** What is wrong with it, in words; no line is left out of the tables all the same. */
  readonly faults: readonly string[];
  /** CSV and workbook. */
  readonly tables: readonly SavedFile[];
};

/** Winners and remarks of one list that are listed; the tables have all. */
const MOST_SHOWN = 20;

/**
 * Reads an opened list through, and holds it against its own last line, the company and the period.
 * @param wanted whose invoices it may have
 * @throws Failure `winning-list-broken` for what is no list at all
 */
export async function readWinningList(
  list: SavedFile,
  bytes: Uint8Array,
  wanted: { readonly ubns: readonly string[]; readonly period: Period },
): Promise<Omit<ReadList, "tables">> {
  const kind = identifyFile(bytes, list.name);
  if (kind !== "winning-list" && kind !== "winning-csv") {
    throw new Failure("winning-list-broken", { wanted: list.name, seen: "打開之後不是中獎清冊" });
  }
  const read = await summarizeWinners(kind, fileOfBytes(list.name, bytes), MOST_SHOWN);
  const { winners, prizeSum, prizes, shown, remarks } = read;
  const others = read.owners.filter(({ headUbn, sellerUbn }) =>
    [headUbn, sellerUbn].every((ubn) => !wanted.ubns.includes(ubn)),
  );
  const periods = read.periods.filter((period) => period !== wanted.period);
  return {
    list,
    kind,
    winners,
    prizeSum,
    prizes,
    shown: shown.map(maskedWinner),
    remarks: remarks.slice(0, MOST_SHOWN).map(({ line, text }) => `${list.name} 第 ${line} 行：${text.zh}`),
    faults: [
      ...read.faults.map(({ line, message }) => (line === 0 ? message : `第 ${line} 行：${message}`)),
      ...(read.omitted > 0 ? [`另有 ${read.omitted} 處`] : []),
      ...others.map(({ sellerUbn }) => `有 ${sellerUbn} 的發票，不是這家公司`),
      ...periods.map((period) => `有 ${period} 期的發票`),
    ].slice(0, MOST_FAULTS),
  };
}

const MOST_FAULTS = 100;

/** The list as CSV and workbook, every line of it. */
export async function tablesOf(
  { name }: SavedFile,
  kind: WinningKind,
  bytes: Uint8Array,
): Promise<readonly { readonly name: string; readonly content: Uint8Array }[]> {
  const winners = (): ReturnType<typeof readWinners> =>
    readWinners(kind, fileOfBytes(name, bytes), { onFault: () => undefined });
  const base = `winners-${name.replace(/\.[^.]*$/, "")}`;
  return [
    { name: `${base}.csv`, content: Buffer.concat(await Array.fromAsync(winnersCsv(winners()))) },
    { name: `${base}.xlsx`, content: Buffer.concat(await Array.fromAsync(winnersXlsx(winners()))) },
  ];
}
