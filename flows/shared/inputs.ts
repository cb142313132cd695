import { z } from "zod";
import { parsePeriod } from "../../robot/invoicing/values/period.ts";

/** A period in any spelling that people use; the flow gets its code. */
export const periodInput = parsedInput(parsePeriod);

/** A text that one of the rules of invoices reads; its words of refusal are told. */
export function parsedInput<Value extends string>(parse: (text: string) => Value): z.ZodType<Value> {
  return z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
      return z.NEVER;
    }
  });
}

/** 07 一般稅額計算, 08 特種稅額計算. */
export const categoryInput = z.enum(["07", "08"]);
