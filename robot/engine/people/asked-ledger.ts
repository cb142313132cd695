import { z } from "zod";
import type { Json } from "../../lib/json.ts";

const aboutLedger = z.object({
  ledger: z.object({
    file: z.string(),
    lines: z.array(z.string()),
    rows: z.array(z.object({ line: z.number(), cells: z.array(z.string()) })),
  }),
});

/** A ledger that a person is asked about: how it was read, and its first rows. */
export type AskedLedger = z.output<typeof aboutLedger>["ledger"];

/** What a question about a ledger is about, as its row in the store has it; null where it is about something else. */
export function ledgerOf(context: Json): AskedLedger | null {
  const read = aboutLedger.safeParse(context);
  return read.success ? read.data.ledger : null;
}
