import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Candidate } from "./part.ts";

const pattern = z.string().transform((text) => new RegExp(text));

const candidateSchema = z.union([
  z.strictObject({
    role: z.enum(["button", "link", "tab", "textbox", "combobox", "checkbox", "radio", "img"]),
    name: z.string(),
  }),
  z.strictObject({ label: z.string() }),
  z.strictObject({
    after: z.string().regex(/^[^']+$/),
    control: z.enum(["input", "select", "field", "image", "button"]),
  }),
  z.strictObject({ placeholder: pattern }),
  z.strictObject({ offers: pattern }),
  z.strictObject({ text: z.string() }),
  z.strictObject({ css: z.string() }),
]);

const fileSchema = z.record(z.string(), z.array(candidateSchema).min(1));

const FILE = new URL("./local.json", import.meta.url);

let overrides: { readonly [partId: string]: readonly Candidate[] } | undefined;

/**
 * This installation's own candidates for a part, out of `selectors/local.json`; tried before ours.
 * @throws Error when the file is there and can't be understood: a half-read override must not steer clicks
 */
export function localCandidates(partId: string): readonly Candidate[] {
  overrides ??= readOverrides();
  return overrides[partId] ?? [];
}

function readOverrides(): { readonly [partId: string]: readonly Candidate[] } {
  let text: string;
  try {
    text = readFileSync(FILE, "utf8");
  } catch {
    return {};
  }
  const parsed = fileSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`selectors/local.json: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
