import { z } from "zod";
import { parsePeriod } from "../robot/invoicing/period.ts";

/** A period in any spelling that people use; the flow gets its code. */
export const periodInput = z.string().transform((text, context) => {
  try {
    return parsePeriod(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
    return z.NEVER;
  }
});

/** 07 一般稅額計算, 08 特種稅額計算. */
export const categoryInput = z.enum(["07", "08"]);
