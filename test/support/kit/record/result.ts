import { z } from "zod";
import type { FlowResult } from "../../../../robot/engine/flow.ts";
import type { BlankFact, NumberCounts, TrackFact } from "../../../../flows/shared/facts.ts";

/** What the flows find out, as a test reads it off a run of any of them. */
interface Facts {
  readonly tracks?: readonly TrackFact[];
  readonly blanks?: readonly BlankFact[];
  readonly quota?: { readonly available: number; readonly taken: number; readonly left: number };
  readonly counts?: NumberCounts;
  readonly carriers?: readonly { readonly card: string; readonly status: string; readonly boundAt: string | null }[];
  readonly lacked?: readonly { readonly number: string; readonly known: string | null }[];
  readonly winning?: readonly { readonly list: string; readonly winners: number; readonly prizeSum: number }[];
  readonly notified?: { readonly mailed: number; readonly paper: number; readonly person: number };
}

const result = z.custom<FlowResult<Facts>>((one) => typeof one === "object" && one !== null).nullable();

/** The result of a run with its flow's own facts; null while it has none. */
export function resultOf(run: { readonly result: unknown }): FlowResult<Facts> | null {
  return result.parse(run.result);
}
