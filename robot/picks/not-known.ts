import { z } from "zod";
import { CHECKED_PAGES, type NotKnown } from "../../selectors/page-check.ts";

const candidate = z.union([
  z.strictObject({ role: z.string(), name: z.string() }),
  z.strictObject({ text: z.string() }),
  z.strictObject({ label: z.string() }),
  z.strictObject({ id: z.string() }),
]);

const notKnown: z.ZodType<NotKnown> = z.object({
  address: z.string(),
  page: z.enum(CHECKED_PAGES).nullable(),
  width: z.number().positive(),
  height: z.number().positive(),
  parts: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      purpose: z.string(),
      changesPortal: z.boolean(),
      proposals: z.array(z.object({ thing: z.int(), why: z.string() })),
    }),
  ),
  things: z.array(
    z.object({
      words: z.string(),
      kind: z.string(),
      box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      candidates: z.array(candidate),
      fits: z.array(z.string()),
    }),
  ),
});

/** The event that tells of such a page. */
export const NOT_KNOWN = "page.not-known";

/** What such an event says; null where it is another one. */
export function readNotKnown({ type, data }: { readonly type: string; readonly data: unknown }): NotKnown | null {
  if (type !== NOT_KNOWN) return null;
  const parsed = notKnown.safeParse(data);
  return parsed.success ? parsed.data : null;
}
