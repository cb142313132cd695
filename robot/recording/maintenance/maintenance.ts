import type { Store } from "../../store/store.ts";
import { attestedLines, closeDays, keepRetentionHead, stampDays } from "../verification/heads.ts";
import { prune, type PruneReport, type RetentionLedger, type RetentionRules } from "./prune.ts";
import { allRecords } from "../format/records.ts";
import { type TimeStampSettings, timeStamper } from "../verification/time-stamp.ts";

export interface MaintenanceSettings {
  /** Where all recordings are. */
  readonly folder: string;
  readonly timeStamp: TimeStampSettings | null;
  readonly retention: RetentionRules;
}

export interface MaintenanceReport {
  /** Days whose heads were put into a document. */
  readonly days: readonly string[];
  /** How many days got a time-stamp; null where there is no service. */
  readonly stamped: number | null;
  /** Why not all did. They are tried again the next time. */
  readonly stampTrouble: string | null;
  /** Null where everything is kept. */
  readonly pruned: PruneReport | null;
}

/** What has to be done once a day for the recordings: close the days that are over, have them stamped, delete what is too old. */
export async function maintain(store: Store, settings: MaintenanceSettings, now: Date): Promise<MaintenanceReport> {
  const { folder, timeStamp, retention } = settings;
  const days = (await closeDays(store, now)).map(({ day }) => day);
  let stamped: number | null = null;
  let stampTrouble: string | null = null;
  if (timeStamp !== null) {
    try {
      stamped = await stampDays(store, timeStamper(timeStamp));
    } catch (error) {
      stampTrouble = error instanceof Error ? error.message : String(error);
    }
  }
  const pruned = hasRules(retention)
    ? await prune(folder, await allRecords(folder), retention, { now, dryRun: false, ledger: ledgerIn(store, now) })
    : null;
  return { days, stamped, stampTrouble, pruned };
}

/** The run database as the place where the heads of what is done with records are kept. */
export function ledgerIn(
  store: Store,
  now: Date,
  { waits = true }: { readonly waits?: boolean } = {},
): RetentionLedger {
  return {
    note: (runId, head) => keepRetentionHead(store, runId, head, now),
    attested: waits ? (runId) => attestedLines(store, runId) : null,
  };
}

/** Whether anything is ever deleted. */
export function hasRules({ picturesAfter, tracesAfter, personalAfter, maxBytes }: RetentionRules): boolean {
  return [picturesAfter, tracesAfter, personalAfter, maxBytes].some((rule) => rule !== null);
}
