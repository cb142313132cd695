import { z } from "zod";

/** One fault of a file, as commands tell it. */
export const faultSchema = z.strictObject({
  file: z.string(),
  line: z.int(),
  column: z.string(),
  code: z.string(),
  value: z.string(),
  wanted: z.string(),
  message: z.string(),
  remedy: z.string(),
});
