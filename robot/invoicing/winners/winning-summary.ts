import { type Fault, faultList } from "../problems/problems.ts";
import type { FileSource } from "../reading/table.ts";
import type { Remark, Winner } from "./winner.ts";
import { type WinningFooter, type WinningKind, readWinners } from "./winning-list.ts";

/** Remarks kept; the column 備註 of what is written has them all. */
const MOST_REMARKS = 1_000;

/** What there is to say of a whole list of winners. */
export type WinningSummary = {
  readonly winners: number;
  /** TWD. */
  readonly prizeSum: number;
  readonly prizes: readonly PrizeTotal[];
  /** The first winners, as many as were asked for. */
  readonly shown: readonly Winner[];
  /** As they stand in the list. */
  readonly periods: readonly string[];
  /** Whose invoices they are; each pair once. */
  readonly owners: readonly { readonly headUbn: string; readonly sellerUbn: string }[];
  readonly footer: WinningFooter | null;
  readonly faults: readonly Fault[];
  /** How many more faults there were. */
  readonly omitted: number;
  readonly remarks: readonly Remark[];
};

export type PrizeTotal = { readonly code: string; readonly name: string; readonly count: number; readonly sum: number };

/**
 * Reads a list through once: what is wrong is known before anything is written. Memory does not grow with the file.
 * @param most how many winners are shown
 * @throws whatever the source throws
 */
export async function summarizeWinners(kind: WinningKind, file: FileSource, most: number): Promise<WinningSummary> {
  const kept = faultList();
  const remarks: Remark[] = [];
  const prizes = new Map<string, PrizeTotal>();
  const periods = new Set<string>();
  const owners = new Map<string, WinningSummary["owners"][number]>();
  const shown: Winner[] = [];
  let winners = 0;
  let footer: WinningFooter | null = null;
  const options = {
    onFault: kept.add,
    onRemark: (remark: Remark) => void (remarks.length < MOST_REMARKS && remarks.push(remark)),
    onFooter: (found: WinningFooter) => {
      footer = found;
    },
  };
  for await (const winner of readWinners(kind, file, options)) {
    winners += 1;
    if (shown.length < most) shown.push(winner);
    if (winner.fields.period !== "") periods.add(winner.fields.period);
    const { headUbn, sellerUbn } = winner.fields;
    if (winner.whole) owners.set(`${headUbn}/${sellerUbn}`, { headUbn, sellerUbn });
    const { code, name, amount } = winner.prize;
    const before = prizes.get(`${code} ${name}`) ?? { code, name, count: 0, sum: 0 };
    prizes.set(`${code} ${name}`, { ...before, count: before.count + 1, sum: before.sum + (amount ?? 0) });
  }
  const { faults, omitted } = kept;
  const totals = [...prizes.values()];
  const prizeSum = totals.reduce((sum, one) => sum + one.sum, 0);
  return {
    winners,
    prizeSum,
    prizes: totals,
    shown,
    periods: [...periods],
    owners: [...owners.values()],
    footer,
    faults,
    omitted: omitted(),
    remarks,
  };
}
