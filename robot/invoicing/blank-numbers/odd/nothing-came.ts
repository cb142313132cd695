import { type Day, daysBetween } from "../../values/day.ts";
import type { Ubn } from "../../values/ubn.ts";
import type { Anomaly, AnomalyLimits } from "./anomalies.ts";

/** Of whom or what the ledger has nothing though it might: branches, tracks, machines and shops. */

/**
 * Branches for which the company reports, of which the ledger has nothing although it names sellers.
 * @param unused those of whose own numbers not one was used, while others used theirs
 */
export function strangers(
  sellers: ReadonlySet<Ubn>,
  { ubn, branches }: { readonly ubn: Ubn; readonly branches: readonly Ubn[] },
  unused: readonly Ubn[],
): Anomaly[] {
  const known = [ubn, ...branches];
  const silent =
    sellers.size === 0 ? [] : branches.filter((branch) => !sellers.has(branch) && !unused.includes(branch));
  const others = Array.from(sellers).filter((seller) => !known.includes(seller));
  return [
    ...(sellers.size > 0 && others.length === sellers.size
      ? [
          {
            code: "other-seller",
            text: {
              zh: `明細的賣方是 ${others.join("、")}，沒有一張是這家公司（${ubn}）的。請確認沒有拿錯檔案。`,
              en: `The ledger's sellers are ${others.join(", ")}; no invoice is of this company (${ubn}). See that it is the right file.`,
            },
          } as const,
        ]
      : []),
    ...unused.map(
      (owner) =>
        ({
          code: "nothing-of-branch",
          text: {
            zh: `配給 ${owner} 的號碼，明細裡一號都沒有用到，別家的有。請確認它的明細沒有漏掉。`,
            en: `Of the numbers that ${owner} was given the ledger uses none, of others it does. See that its part is not missing.`,
          },
        }) as const,
    ),
    ...silent.map(
      (branch) =>
        ({
          code: "nothing-of-branch",
          text: {
            zh: `分支機構 ${branch} 在明細裡一張發票都沒有。請確認它的明細沒有漏掉。`,
            en: `The ledger has no invoice of the branch ${branch}. See that its part is not missing.`,
          },
        }) as const,
    ),
  ];
}

/** Tracks of which nothing came though others were used: a machine or a branch may be missing. */
export function silentTracks(tracks: ReadonlySet<string>, lastUsed: ReadonlyMap<string, number>): Anomaly[] {
  if (lastUsed.size === 0) return [];
  return Array.from(tracks)
    .filter((track) => !lastUsed.has(track))
    .map((track) => ({
      code: "nothing-of-track",
      text: {
        zh: `配給的字軌 ${track} 在明細裡一張都沒有，別的字軌有。請確認沒有漏掉一台發票機或一家分店的明細。`,
        en: `The ledger has nothing of the allocated track ${track}, but of others. See that no machine or branch is missing.`,
      },
    }));
}

/** More machines than any business has; a column of something else must not fill memory. */
export const MOST_PLACES = 1000;
/** More machines that stop early at once are no machines: the column is of something else. */
const MOST_SILENT = 10;

/** Machines or shops that the ledger names and of which nothing came for long before the last invoice of the others. */
export function silentPlaces(
  lastOf: ReadonlyMap<string, Day>,
  last: Day | undefined,
  { days }: AnomalyLimits,
): Anomaly[] {
  if (last === undefined || lastOf.size < 2 || lastOf.size >= MOST_PLACES) return [];
  const silent = Array.from(lastOf).filter(([, day]) => daysBetween(day, last) >= days);
  if (silent.length > MOST_SILENT) return [];
  return silent.map(([place, day]) => ({
    code: "place-ends-early",
    text: {
      zh: `「${place}」最後一張發票是 ${day}，別的到 ${last} 還在開。請確認它之後的明細沒有漏掉。`,
      en: `The last invoice of "${place}" is of ${day}, others go on until ${last}. See that its later part is not missing.`,
    },
  }));
}
