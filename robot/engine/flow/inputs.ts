import { z } from "zod";
import { newestWinningPeriod } from "../../invoicing/deadlines/deadlines.ts";
import type { Words } from "../../invoicing/problems/problems.ts";
import type { RecognisedKind } from "../../invoicing/file-recognition.ts";
import { taipeiDay } from "../../invoicing/values/day.ts";
import { nextPeriod, parsePeriod, type Period, periodOf, previousPeriod } from "../../invoicing/values/period.ts";
import type { Json } from "../../lib/json.ts";

/** How a field is asked for. */
type Kind =
  | {
      readonly kind: "period";
      /**
       * `takeable`: this period and the next; `ended`: those that are over; `won`: those with winners; `any`: some of all. Where a person
       * says nothing it is the next, the last, the newest drawn, the next.
       */
      readonly choose: "takeable" | "ended" | "won" | "any";
    }
  | { readonly kind: "category" }
  /** How many books; where nobody says, the company's own number. */
  | { readonly kind: "books" }
  | {
      readonly kind: "text";
      /** It says who a person is: kept out of addresses and of the list of actions. */
      readonly personal?: true;
    }
  /** Something that is done besides, if it is ticked. */
  | { readonly kind: "yes" }
  | {
      readonly kind: "file";
      /** What the file must turn out to be. */
      readonly is: readonly RecognisedKind[];
    };

/** What people read of a field. */
interface Shown {
  readonly label: Words;
  readonly hint?: Words;
  /** Its name on the command line, where it is not the field's own. */
  readonly option?: string;
  /** It takes a person at the terminal: the console does not offer it. */
  readonly onlyAtTerminal?: true;
}

/** A field of a flow's input: what it is called, how it is asked for, and whether it may be left out. */
export type FlowField = Kind &
  Shown & {
    readonly name: string;
    /** Whether nothing may stand in it; what counts then, the flow knows. */
    readonly optional: boolean;
    /** What its schema puts where nothing is said. */
    readonly preset: Json | undefined;
  };

const described = z.registry<Kind & Shown>();

/** Gives the field of an input its words. */
function field<Schema extends z.ZodType>(schema: Schema, about: Kind & Shown): Schema {
  described.add(schema, about);
  return schema;
}

/** A text that one of the rules of invoices reads; its words of refusal are told. */
function parsedInput<Value extends string>(parse: (text: string) => Value): z.ZodType<Value> {
  return z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
      return z.NEVER;
    }
  });
}

/** What a field is called, with whatever differs from the usual of its kind. */
type About<OfKind extends Kind["kind"]> = Partial<Shown> & Omit<Extract<Kind, { kind: OfKind }>, "kind">;

/** A period in any spelling that people use; the flow gets its code. */
export function periodField(about: About<"period">): z.ZodType<Period> {
  return field(parsedInput(parsePeriod), { kind: "period", label: { zh: "期別", en: "period" }, ...about });
}

const CATEGORIES = ["07", "08"] as const;

/** 07 一般稅額計算, 08 特種稅額計算. */
export function categoryField(): z.ZodType<(typeof CATEGORIES)[number]> {
  return field(z.enum(CATEGORIES), { kind: "category", label: { zh: "發票類別", en: "category of invoices" } });
}

export function booksField(): z.ZodType<number> {
  return field(z.int("要是正整數").positive("要是正整數"), {
    kind: "books",
    label: { zh: "取用本數", en: "books to take" },
    hint: { zh: "一本 50 號", en: "50 numbers each" },
  });
}

export function textField(about: About<"text"> & Pick<Shown, "label">): z.ZodString {
  return field(z.string().min(1), { kind: "text", ...about });
}

/** A text that one of the rules of invoices reads. */
export function parsedField<Value extends string>(
  about: About<"text"> & Pick<Shown, "label">,
  parse: (text: string) => Value,
): z.ZodType<Value> {
  return field(parsedInput(parse), { kind: "text", ...about });
}

export function yesField(about: Pick<Shown, "label"> & Partial<Shown>): z.ZodDefault<z.ZodBoolean> {
  return field(z.boolean().default(false), { kind: "yes", ...about });
}

/** A file of one of these kinds that is given to a run: where it is, and what it was when the run was ordered. */
export function fileField(about: About<"file"> & Pick<Shown, "label">): z.ZodObject<{
  path: z.ZodString;
  sha256: z.ZodString;
}> {
  const given = z.strictObject({ path: z.string().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
  return field(given, { kind: "file", ...about });
}

/**
 * The fields of an input, in their order.
 * @throws Error for an input that is no object, or has a field without words
 */
export function fieldsOf(input: z.ZodType): FlowField[] {
  if (!(input instanceof z.ZodObject)) throw new Error("a flow's input is one object of fields");
  return Object.entries(input.shape).map(([name, schema]) => fieldOf(name, schema));
}

function fieldOf(name: string, schema: unknown): FlowField {
  let [inner, optional, preset]: [unknown, boolean, Json | undefined] = [schema, false, undefined];
  for (;;) {
    if (!(inner instanceof z.ZodType)) break;
    const about = described.get(inner);
    if (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) optional = true;
    if (inner instanceof z.ZodDefault) preset = z.json().parse(inner.def.defaultValue);
    if (about) return { ...about, name, optional, preset };
    if (!(inner instanceof z.ZodOptional || inner instanceof z.ZodDefault)) break;
    inner = inner.def.innerType;
  }
  throw new Error(`the field ${name} of a flow's input has no words`);
}

/** What counts where a person says nothing of a field; undefined where it has to be said. */
export function presetOf(
  field: FlowField,
  given: { readonly now: Date; readonly books?: number | undefined },
): Json | undefined {
  if (field.preset !== undefined) return field.preset;
  if (field.optional) return undefined;
  switch (field.kind) {
    case "period":
      return defaultPeriod(field.choose, given.now);
    case "category":
      return "07";
    case "books":
      return given.books;
    case "text":
    case "yes":
    case "file":
      return undefined;
  }
}

/** The period that counts where a person says none. */
export function defaultPeriod(choose: Extract<Kind, { kind: "period" }>["choose"], now: Date): Period {
  const running = periodOf(now);
  switch (choose) {
    case "takeable":
    case "any":
      return nextPeriod(running);
    case "ended":
      return previousPeriod(running);
    case "won":
      return newestWinningPeriod(taipeiDay(now));
  }
}
