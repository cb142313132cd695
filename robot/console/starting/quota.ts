import { z } from "zod";
import type { Store } from "../../store/store.ts";
import { dayText } from "../../recording/export/words.ts";

/** What the portal said of a company's books when it was last looked at. */
export interface Quota {
  readonly available: number | null;
  readonly taken: number | null;
  /** `2026-11-04` */
  readonly on: string;
}

const baseline = z.object({ available: z.number().nullable(), taken: z.number().nullable() });

/** The quota of a period as the newest look before a 取號 saw it; null when there was none. */
export async function lastQuota(store: Store, ubn: string, period: string): Promise<Quota | null> {
  const rows = await store
    .selectFrom("effects")
    .select(["baseline", "updated_at"])
    .where("key", "like", `${ubn}|take-tracks|提交取號|${period}|%`)
    .where("baseline", "is not", null)
    .orderBy("updated_at", "desc")
    .limit(1)
    .execute();
  const [row] = rows;
  const read = baseline.safeParse(JSON.parse(row?.baseline ?? "null"));
  return row && read.success ? { ...read.data, on: dayText(row.updated_at) } : null;
}
