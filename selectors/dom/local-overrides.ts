import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright";
import { z } from "zod";

const pattern = z.string().transform((text) => new RegExp(text));

/**
 * One way to find a part of a page, as an installation may write it down in `selectors/local.json`: by role and name, label, the words
 * before it, what it offers or says, or by a selector.
 */
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

type LocalCandidate = z.infer<typeof candidateSchema>;
type Control = Extract<LocalCandidate, { after: string }>["control"];

const fileSchema = z.record(z.string(), z.array(candidateSchema).min(1));

const FILE = new URL("../local.json", import.meta.url);

let overrides: { readonly [partId: string]: readonly LocalCandidate[] } | undefined;

/**
 * This installation's own candidates for a part, out of `selectors/local.json`; tried before ours.
 * @throws Error when the file is there and can't be understood: a half-read override must not steer clicks
 */
export function localCandidates(partId: string): readonly LocalCandidate[] {
  overrides ??= readOverrides();
  return overrides[partId] ?? [];
}

function readOverrides(): { readonly [partId: string]: readonly LocalCandidate[] } {
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

export function locateLocal(scope: Page | Locator, candidate: LocalCandidate): Locator {
  if ("role" in candidate) return scope.getByRole(candidate.role, { name: candidate.name, exact: true });
  if ("label" in candidate) return scope.getByLabel(candidate.label).and(scope.locator(FIELDS));
  if ("placeholder" in candidate) return scope.getByPlaceholder(candidate.placeholder);
  if ("after" in candidate) return scope.locator(afterText(candidate.after, candidate.control));
  if ("offers" in candidate) return scope.locator("select, [role=combobox]").filter({ hasText: candidate.offers });
  if ("text" in candidate) return scope.getByText(candidate.text);
  return scope.locator(candidate.css);
}

/** What `label` may lead to: a label's words may also name a group or a picture. */
const FIELDS =
  "input:not([type=hidden]), select, textarea, [role=combobox], [role=textbox], [role=spinbutton], [role=listbox]";

const XPATH_CONTROLS: { readonly [control in Control]: string } = {
  input: "self::input[not(@type='hidden' or @type='checkbox' or @type='radio' or @type='button' or @type='submit')]",
  select: "self::select or @role='combobox' or @role='listbox'",
  field: "self::input[not(@type='hidden')] or self::select or self::textarea or @role='combobox' or @role='textbox'",
  image: "self::img or self::canvas",
  button: "self::button or self::input[@type='button' or @type='submit'] or @role='button' or self::a",
};

/** A text without the marks that pages put around labels. */
function bare(text: string): string {
  return `translate(normalize-space(${text}), ' *＊：:', '')`;
}

function afterText(text: string, control: Control): string {
  if (control === "image" || control === "button") {
    const says = `contains(${bare("string(.)")}, '${text}')`;
    return `xpath=.//*[not(self::script or self::style or self::option)][${says}][not(*[${says}])]/following::*[${XPATH_CONTROLS[control]}][1]`;
  }
  const seen = `${bare(".")} != '' and not(ancestor::*[self::script or self::style or @hidden or contains(@style, 'display: none')])`;
  return `xpath=.//*[${XPATH_CONTROLS[control]}][contains(${bare(`preceding::text()[${seen}][1]`)}, '${text}')]`;
}
