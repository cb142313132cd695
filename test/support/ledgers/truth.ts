import type { Dice } from "./dice.ts";

/** What a ledger's row is about. */
export type Said = "issued" | "voided" | "cancelled" | "allowance" | "blank";

/** One row of a ledger, before it is written in any layout. */
export type TrueRow = { readonly track: string; readonly number: number; readonly said: Said; readonly day: number };

/** What truly happened with the numbers of one book of each track, and the rows that say so. */
export type Truth = { readonly rows: readonly TrueRow[]; readonly blank: ReadonlySet<string> };

export const TRACKS = ["AB", "CD"] as const;
export const BOOK = 50;
/** A track of earlier periods. */
export const FOREIGN = "ZZ";

export function nameOf({ track, number }: Pick<TrueRow, "track" | "number">): string {
  return `${track}${String(number).padStart(8, "0")}`;
}

/** Draws what happened with each number; `day` counts from the first of September, so that a later number is not earlier. */
export function drawTruth(dice: Dice): Truth {
  const rows: TrueRow[] = [];
  const blank = new Set<string>();
  for (const track of TRACKS) {
    const used = dice.one([0, 1, 5, 20, 49, 50, dice.below(51)]);
    for (let number = 0; number < BOOK; number += 1) {
      const at = { track, number, day: Math.floor(number * 1.2) };
      const isUsed = number < used ? !dice.percent(8) : dice.percent(3);
      if (!isUsed) {
        blank.add(nameOf(at));
        if (dice.percent(30)) rows.push({ ...at, said: "blank" });
        continue;
      }
      const story = dice.below(100);
      if (story < 70) rows.push({ ...at, said: "issued" });
      else if (story < 78) rows.push({ ...at, said: "voided" });
      else if (story < 84) rows.push({ ...at, said: "issued" }, { ...at, said: "voided" });
      else if (story < 90) rows.push({ ...at, said: "cancelled" }, { ...at, said: "issued" });
      else if (story < 95) rows.push({ ...at, said: "allowance" });
      else rows.push({ ...at, said: "issued" }, { ...at, said: "allowance" });
    }
  }
  // Allowances for invoices of earlier periods.
  for (let count = dice.below(3); count > 0; count -= 1) {
    rows.push({ track: FOREIGN, number: dice.below(1000), said: "allowance", day: 3 });
  }
  // Invoices of the period before, in an export that begins too early.
  for (let count = dice.below(3); count > 0; count -= 1) {
    rows.push({ track: FOREIGN, number: 1000 + dice.below(1000), said: "issued", day: -1 - dice.below(30) });
  }
  return { rows, blank };
}
