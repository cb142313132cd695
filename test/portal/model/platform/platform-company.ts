import { z } from "zod";
import { periodCode } from "../periods.ts";

const winner = z.strictObject({
  period: periodCode,
  number: z.string().regex(/^[A-Z]{2}\d{8}$/),
  /** 發票日期, `20261021`. */
  day: z.string().regex(/^\d{8}$/),
  /** 金額, TWD. */
  total: z.int().min(0).default(1),
  /** 獎項 and 中獎獎金. */
  prize: z.string().default("六獎"),
  money: z.int().default(200),
  /** 會員識別 */
  member: z.string().min(1),
});

/** A company's account at the value-added platform that issues its invoices, and what that knows. */
export const platformAccount = z.strictObject({
  account: z.string().min(1),
  password: z.string().min(1),
  winners: z.array(winner).default([]),
  /** Numbers that were not used, by period. */
  unused: z
    .array(
      z.strictObject({
        period: periodCode,
        runs: z.array(z.strictObject({ track: z.string(), begin: z.string(), end: z.string() })),
      }),
    )
    .default([]),
});

export type PlatformWinner = z.output<typeof winner>;
