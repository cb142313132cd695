import { z } from "zod";
import { LETTER_PLACES, unknownPlaces } from "../../invoicing/winners/winner-letter.ts";
import { duration } from "../fields/duration.ts";
import { path } from "../fields/path.ts";

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
  /** A tool that has not ended by then is waiting for a person. */
  timeout: duration.prefault("2m"),
});

const template = z.string().superRefine((text, context) => {
  const unknown = unknownPlaces(text);
  if (unknown.length === 0) return;
  const [seen, known] = [unknown, LETTER_PLACES].map((names) => names.map((name) => `{${name}}`).join("、"));
  context.addIssue({ code: "custom", message: `不認得 ${seen ?? ""}；可以用的是 ${known ?? ""}` });
});

/** The mail to each winner; it goes out over `mail`, so what comes back arrives where `mail.from` is read. */
const notify = z.strictObject({
  subject: template.refine((text) => text.trim() !== "" && !/[\r\n]/.test(text), "主旨要有一行字"),
  text: template.refine((text) => text.trim() !== "", "信的內容不可以空白"),
  /** A file of addresses that get no mail, one a line; who is on it is told on paper. */
  optOut: path().nullable().prefault(null),
  /** Whether mails go out without a person's yes. */
  withoutAsking: z.boolean().default(false),
});

export const winningListSettings = z.strictObject({
  decrypt: decrypt.optional(),
  /** Where a person puts lists that they opened by hand, each under its own name with `.txt`. */
  opened: path().prefault("var/winning"),
  notify: notify.optional(),
});

export type WinningListSettings = z.output<typeof winningListSettings>;

export type DecryptTool = z.infer<typeof decrypt>;
