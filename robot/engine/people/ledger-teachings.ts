import { z } from "zod";
import { LEDGER_FIELDS, type LedgerTeaching } from "../../invoicing/ledger/teaching.ts";
import { STATUS_MEANINGS } from "../../invoicing/ledger/vocabulary.ts";
import { now, type Store } from "../../store/store.ts";
import type { KnownTeaching, LedgerTeachings } from "../flow.ts";

const teachingSchema = z.object({
  columns: z.partialRecord(z.enum(LEDGER_FIELDS), z.string().nullable()),
  statuses: z.record(z.string(), z.enum(STATUS_MEANINGS)),
});

/** What people said of the layouts of a company's ledgers. What another company's people said is never applied, only offered. */
export function ledgerTeachings(store: Store, run: { readonly id: string; readonly ubn: string }): LedgerTeachings {
  return {
    async find(layout) {
      const rows = await store
        .selectFrom("ledger_teachings")
        .select(["ubn", "teaching", "taught_by", "taught_at"])
        .where("layout", "=", layout)
        .orderBy("taught_at", "desc")
        .execute();
      const known = rows.map(({ ubn, teaching, taught_by, taught_at }): KnownTeaching => {
        return { ubn, teaching: readTeaching(teaching), by: taught_by, at: taught_at };
      });
      return {
        own: known.find(({ ubn }) => ubn === run.ubn) ?? null,
        others: known.filter(({ ubn }) => ubn !== run.ubn),
      };
    },
    async keep(layout, teaching, by) {
      const taught = {
        teaching: JSON.stringify(teaching),
        taught_by: by,
        taught_at: now(),
        run_id: run.id,
      };
      await store
        .insertInto("ledger_teachings")
        .values({ ubn: run.ubn, layout, ...taught })
        .onConflict((oc) => oc.columns(["ubn", "layout"]).doUpdateSet(taught))
        .execute();
    },
  };
}

function readTeaching(text: string): LedgerTeaching {
  return teachingSchema.parse(JSON.parse(text));
}
