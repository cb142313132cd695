import { z } from "zod";
import type { Store } from "../../store/store.ts";
import { dayText } from "../../recording/export/format.ts";
import { booksLeft } from "../../invoicing/tracks/quota.ts";

/** What may still be taken of a period, as far as it is known here: the portal's last word, and what was taken since. */
export interface Quota {
  readonly category: string;
  readonly available: number;
  /** With what was submitted after the portal said so. */
  readonly taken: number;
  readonly left: number;
  /** `2026-11-04` */
  readonly on: string;
}

const baseline = z.object({ available: z.number(), taken: z.number().nullable() });

/** An act in one of these states took, or may have taken, books that its baseline does not know of. */
const TOOK: readonly string[] = ["confirmed", "intended", "unknown"];

/** The quotas of a period by category, as the newest look before a 取號 and that 取號 itself leave them. */
export async function lastQuotas(store: Store, ubn: string, period: string): Promise<Quota[]> {
  const begins = `${ubn}|take-tracks|submit-take|${period}|`;
  const rows = await store
    .selectFrom("effects")
    .select(["key", "status", "baseline", "updated_at"])
    .where("key", "like", `${begins}%`)
    .where("baseline", "is not", null)
    .orderBy("updated_at", "desc")
    .execute();
  const quotas = new Map<string, Quota>();
  for (const { key, status, baseline: text, updated_at } of rows) {
    const [category = "", books] = key.slice(begins.length).split("|");
    const read = baseline.safeParse(JSON.parse(text ?? "null"));
    if (!read.success || quotas.has(category)) continue;
    const { available } = read.data;
    const taken = (read.data.taken ?? 0) + (TOOK.includes(status) ? Number(books) : 0);
    quotas.set(category, { category, available, taken, left: booksLeft(available, taken), on: dayText(updated_at) });
  }
  return Array.from(quotas.values()).toSorted((a, b) => (a.category < b.category ? -1 : 1));
}
