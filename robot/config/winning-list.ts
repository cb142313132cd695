import { z } from "zod";
import { duration } from "./duration.ts";

/**
 * The ministry's tool that opens the portal's encrypted list of winners, as a command with its arguments: no shell reads them. `{in}` stands
 * for the encrypted file and `{out}` for the text file that the tool shall write.
 */
const decrypt = z.strictObject({
  command: z.string().min(1, "請寫解密程式的路徑"),
  args: z
    .array(z.string())
    .refine((args) => args.some((one) => one.includes("{in}")), "參數裡要有 {in}（加密的檔案）")
    .refine((args) => args.some((one) => one.includes("{out}")), "參數裡要有 {out}（解密後的檔案）"),
  /** A tool that has not ended by then is waiting for somebody. */
  giveUp: duration.prefault("2m"),
});

export const winningListSettings = z.strictObject({
  decrypt: decrypt.optional(),
  /** Where a person puts lists that they opened by hand, each under its own name with `.txt`. */
  opened: z.string().min(1).default("var/winning"),
});

export type WinningListSettings = z.output<typeof winningListSettings>;

export type DecryptTool = z.infer<typeof decrypt>;
