import type { LedgerTeaching } from "../../invoicing/ledger/teaching.ts";

/** What a person said of a layout of ledgers. */
export type KnownTeaching = {
  readonly ubn: string;
  readonly teaching: LedgerTeaching;
  readonly by: string;
  /** UTC, ISO 8601. */
  readonly at: string;
};

/** What people said of ledgers whose layout or words the robot did not know, by company and layout. */
export interface LedgerTeachings {
  /** What was said for this company, and what was said for others, newest first: that is offered and never applied unasked. */
  find(layout: string): Promise<{ readonly own: KnownTeaching | null; readonly others: readonly KnownTeaching[] }>;
  keep(layout: string, teaching: LedgerTeaching, by: string): Promise<void>;
}
