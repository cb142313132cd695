import { z } from "zod";
import type { PickedCandidate } from "../../page-check.ts";
import type { Control, ControlKind, Line, Name, NameSource, PageReading } from "../reading/reading.ts";
import { keyOf } from "../reading/words.ts";

const pattern = z.string().transform((text, context) => {
  try {
    return new RegExp(text);
  } catch {
    context.addIssue({ code: "custom", message: `「${text}」不是正規表示式` });
    return z.NEVER;
  }
});

/** What a thing is to a person or to a screen reader, and which kinds of a reading are that. */
const ROLES = {
  button: ["button"],
  link: ["link"],
  tab: ["tab"],
  menuitem: ["menuitem"],
  textbox: ["text", "password"],
  combobox: ["select", "drawn-select"],
  radiogroup: ["choice"],
  checkbox: ["checkbox"],
  radio: ["radio"],
  file: ["file"],
  img: ["picture"],
} as const satisfies { readonly [role: string]: readonly ControlKind[] };

type Role = keyof typeof ROLES;

const ROLE_NAMES = z.enum([
  "button",
  "link",
  "tab",
  "menuitem",
  "textbox",
  "combobox",
  "radiogroup",
  "checkbox",
  "radio",
  "file",
  "img",
] satisfies Role[]);

/**
 * One way to find a thing on a reading, as it stands in `selectors/local.json`: by role and name, by the words that it says, by the words
 * that label it, by what it offers, or by what its makers call it.
 */
export const candidateSchema = z.union([
  z.strictObject({ role: ROLE_NAMES, name: z.string().min(1) }),
  z.strictObject({ text: z.string().min(1) }),
  z.strictObject({ label: z.string().min(1) }),
  z.strictObject({ offers: pattern }),
  z.strictObject({ id: z.string().min(1) }),
]);

export type LocalCandidate = z.infer<typeof candidateSchema>;

/** A thing on a reading. */
export type Thing =
  | { readonly control: Control; readonly line: null }
  | { readonly control: null; readonly line: Line };

/** Whose words are its own, and whose stand beside it. */
const NAMES: ReadonlySet<NameSource> = new Set(["own", "accessible", "label"]);
const LABELS: ReadonlySet<NameSource> = new Set(["label", "floating", "before", "above", "column", "placeholder"]);

/** Whether this is what the candidate describes. */
export function fits(candidate: LocalCandidate, { control, line }: Thing): boolean {
  if (control === null) return "text" in candidate && keyOf(line.text) === keyOf(candidate.text);
  const isCalled = (words: string, from: ReadonlySet<NameSource>): boolean =>
    control.names.some((name) => from.has(name.from) && keyOf(name.text) === keyOf(words));
  if ("role" in candidate) {
    const kinds: readonly ControlKind[] = ROLES[candidate.role];
    return kinds.includes(control.kind) && isCalled(candidate.name, NAMES);
  }
  if ("text" in candidate) return isCalled(candidate.text, OWN);
  if ("label" in candidate) return isCalled(candidate.label, LABELS);
  if ("offers" in candidate)
    return [control.value, ...(control.options ?? []).map(({ text }) => text)].some((one) =>
      candidate.offers.test(one),
    );
  return control.mark === candidate.id;
}

const OWN: ReadonlySet<NameSource> = new Set(["own"]);

/** Everything on the reading that a person could point at. */
export function thingsOf({ controls, lines }: PageReading): Thing[] {
  return [
    ...controls
      .filter(({ hidden, kind }) => !hidden || kind === "checkbox" || kind === "file")
      .map((control): Thing => ({ control, line: null })),
    ...lines.filter(({ control }) => control === null).map((line): Thing => ({ control: null, line })),
  ];
}

/** What a candidate finds, each once: what is read as a thing and as its words, or as something around it, is the innermost of them. */
export function foundBy(candidate: LocalCandidate, things: readonly Thing[]): Thing[] {
  const found = things.filter((one) => fits(candidate, one));
  const controls = found.filter(({ control }) => control !== null);
  const left = controls.length > 0 ? controls : found;
  return left.filter((one) => !left.some((other) => other !== one && pathOf(other).startsWith(`${pathOf(one)}.`)));
}

/**
 * The ways by which this thing may be found again, the steadiest first: by role and name, by its own words, by its label, by its makers'
 * name. Only those that find it and nothing else on the page are given.
 */
export function candidatesFor(thing: Thing, reading: PageReading): PickedCandidate[] {
  const things = thingsOf(reading);
  const isAlone = (candidate: PickedCandidate): boolean => {
    const parsed = candidateSchema.safeParse(candidate);
    if (!parsed.success) return false;
    const [only, ...others] = foundBy(parsed.data, things);
    return only !== undefined && others.length === 0 && isSame(only, thing);
  };
  return described(thing).filter(isAlone);
}

function described({ control, line }: Thing): PickedCandidate[] {
  if (control === null) return [{ text: line.text.trim() }];
  const named = (from: ReadonlySet<NameSource>): Name | undefined => control.names.find((one) => from.has(one.from));
  const role = ROLE_NAMES.options.find((one) => (ROLES[one] as readonly ControlKind[]).includes(control.kind));
  const [name, own, label] = [named(NAMES), named(OWN), named(LABELS)];
  return [
    ...(role === undefined || name === undefined ? [] : [{ role, name: name.text }]),
    ...(own === undefined ? [] : [{ text: own.text }]),
    // What stands beside something with words of its own is another thing's, and may be somebody's figures.
    ...(label === undefined || own !== undefined ? [] : [{ label: label.text }]),
    ...(isSteady(control.mark) ? [{ id: control.mark }] : []),
  ];
}

/** A name that a person has given; one that a machine makes is another one tomorrow. */
function isSteady(mark: string): boolean {
  return /^[A-Za-z][\w.:-]{1,60}$/.test(mark) && !/\d{3}|[0-9a-f]{8}|^(:r|radix|mui|el-id|ember|ext-gen)/i.test(mark);
}

export function isSame(one: Thing, other: Thing): boolean {
  const [a, b] = [one.control ?? one.line, other.control ?? other.line];
  return a.id === b.id && a.frame === b.frame && (one.control === null) === (other.control === null);
}

function pathOf({ control, line }: Thing): string {
  return control === null ? line.path : control.path;
}
