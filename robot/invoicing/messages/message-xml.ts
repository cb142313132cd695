import { XMLParser, XMLValidator } from "fast-xml-parser";
import { z } from "zod";
import { type CellReader, cellReader } from "../reading/cells.ts";
import { type Encoding, decodeText } from "../reading/encoding.ts";
import { DomainError, type Fault, fault } from "../problems/problems.ts";

/** The children of an element by their names; a value is text or, of an element with children, what is in it. */
export type MessageFields = Readonly<Record<string, unknown>>;

export const fields = z.record(z.string(), z.unknown());

/** What a message is made of. */
type MessageShape<Tree> = {
  /** What may stand at the root. */
  readonly roots: readonly string[];
  /** What the file is called broken as: by whether it can be made here again. */
  readonly problem: "xml-broken" | "message-broken";
  /** The element that may be there more than once. */
  readonly item: string;
  readonly schema: z.ZodType<Tree>;
};

/** A message as read, or why it could not be. */
export type ReadMessage<Tree> =
  | { readonly tree: Tree; readonly text: string; readonly encoding: Encoding }
  | { readonly broken: Fault; readonly encoding: Encoding | undefined };

/** Reads a message of the ministry. Never throws: a file that is no such message, or not whole, is `broken`. */
export function readMessage<Tree>(
  bytes: Uint8Array,
  { roots, problem, item, schema }: MessageShape<Tree>,
): ReadMessage<Tree> {
  let decoded: ReturnType<typeof decodeText>;
  try {
    decoded = decodeText(bytes);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { encoding: undefined, broken: fault(error.code, { value: error.seen }) };
  }
  const { text, encoding } = decoded;
  // Both the parser and its validator take a file that was cut off between two elements for whole.
  const [, written = ""] = /<(?![?!])(?:[\w.-]+:)?([\w.-]+)/.exec(text) ?? [];
  const root = roots.find((one) => one === written) ?? roots[0] ?? "";
  if (!new RegExp(`</(?:[\\w.-]+:)?${root}\\s*>\\s*(?:<!--(?:(?!-->)[\\s\\S])*-->\\s*)*$`).test(text)) {
    const place = { line: text.trimEnd().split("\n").length, value: text.trim().slice(-30) };
    return { encoding, broken: fault(problem, place, { zh: `以 </${root}> 結尾`, en: `</${root}> at the end` }) };
  }
  const valid = XMLValidator.validate(text);
  if (valid !== true) {
    const { line } = valid.err;
    return { encoding, broken: fault(problem, { line, value: text.split("\n")[line - 1]?.trim() ?? "" }) };
  }
  let tree: unknown;
  try {
    tree = new XMLParser({ parseTagValue: false, removeNSPrefix: true, isArray: (name) => name === item }).parse(text);
  } catch (error) {
    return { encoding, broken: fault(problem, { value: error instanceof Error ? error.message : String(error) }) };
  }
  const checked = schema.safeParse(tree);
  if (checked.success) return { tree: checked.data, text, encoding };
  const missing = checked.error.issues[0]?.path.join("/") ?? "";
  return { encoding, broken: fault(problem, {}, { zh: `有 ${missing}`, en: `an element ${missing}` }) };
}

/** An element's children as the cells of a row, so that they are read like those of any other file. */
export function childReader<Name extends string>(from: MessageFields, names: readonly Name[]): CellReader<Name> {
  const cells = names.map((name) => z.string().catch("").parse(from[name]));
  return cellReader({ line: 0, cells }, (name) => names.indexOf(name));
}

/** A fault of an element stands on the element's own line, of a missing one where it was expected. */
export function atLines(faults: readonly Fault[], lines: ReadonlyMap<string, number>): Fault[] {
  const [first = 0] = lines.values();
  return faults.map((one) => ({ ...one, line: lines.get(one.column) ?? first }));
}

/** The lines on which elements begin, before the first item and in each item, as the parser does not tell. */
export function linesOf(
  text: string,
  item: string,
  names: readonly string[],
): { main: Map<string, number>; items: Map<string, number>[] } {
  const main = new Map<string, number>();
  const items: Map<string, number>[] = [];
  const begins = new RegExp(`<(?:[\\w.-]+:)?(${item}|${names.join("|")})[\\s>/]`, "g");
  for (const [index, line] of text.split("\n").entries()) {
    for (const [, name = ""] of line.matchAll(begins)) {
      if (name === item) items.push(new Map());
      (items.at(-1) ?? main).set(name, index + 1);
    }
  }
  return { main, items };
}
