import type { Json } from "../../lib/json.ts";

/** Milliseconds. */
export interface LookTiming {
  readonly first: number;
  readonly every: number;
  /**
   * Where the portal does something regularly: looks are placed so long after each full `every` of the clock (Taipei's hours
   * begin with everybody's), and none in between.
   */
  readonly justAfter?: number | undefined;
}

export interface WaitTiming {
  /** Which sources may answer: both, or one of them alone. */
  readonly source: "first" | "mail" | "list";
  readonly mail: LookTiming;
  readonly list: LookTiming;
  readonly timeout: number;
}

export interface WaitSpec<Answer extends Json> {
  /** Sources that may answer; the first answer that is not null wins. */
  readonly look: { readonly mail?: () => Promise<Answer | null>; readonly list?: () => Promise<Answer | null> };
  readonly timing: WaitTiming;
}

export type WaitResult<Answer> = { readonly by: "mail" | "list"; readonly answer: Answer };
