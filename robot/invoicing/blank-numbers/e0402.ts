import { XMLParser, XMLValidator } from "fast-xml-parser";
import { z } from "zod";
import type { BlankRun } from "./blank.ts";
import { type CellReader, cellReader } from "../reading/cells.ts";
import { decodeText } from "../reading/encoding.ts";
import { parsePeriodCode } from "../values/period.ts";
import { DomainError, type Fault, fault } from "../problems/problems.ts";
import { compareRuns, parseCategoryCode, parseInvoiceNumber, parseTrack } from "../values/track.ts";
import { type Ubn, parseUbn } from "../values/ubn.ts";
import type { UploadFile, UploadRow } from "./upload-file.ts";
import { UPLOAD_COLUMN_NAMES } from "./upload-layout.ts";

/** One E0402 message, ready to be put where Turnkey picks files up. */
export type E0402File = { readonly name: string; readonly bytes: Uint8Array };

/** An E0402 message as read. Its rows can be checked like those of an upload file. */
export type E0402Message = UploadFile & {
  /** 總公司統編: the head office, or the business itself. */
  readonly headUbn: Ubn | undefined;
};

/** MIG version that is written. Older 3.x messages have the same shape and are read as well. */
const VERSION = "4.1";
/** MIG: 1 to 10,000 items a message. */
const MOST_ITEMS = 10_000;

/**
 * Writes blank runs as MIG E0402 messages: one for each 統編, 期別, 類別 and 字軌, and a further one after every 10,000 items.
 * A business without branches is its own head office.
 * @throws DomainError `items-count` when there is nothing to report
 */
export function writeE0402(blanks: readonly BlankRun[]): E0402File[] {
  if (blanks.length === 0) throw new DomainError("items-count", "0");
  const groups = Map.groupBy(blanks, (run) => [run.ubn, run.period, run.category, run.track].join("-"));
  return Array.from(groups).flatMap(([name, runs]) => {
    const sorted = runs.toSorted(compareRuns);
    const parts = Math.ceil(sorted.length / MOST_ITEMS);
    return Array.from({ length: parts }, (_, part) => ({
      name: `E0402-${name}${parts > 1 ? `-${part + 1}` : ""}.xml`,
      bytes: new TextEncoder().encode(message(sorted.slice(part * MOST_ITEMS, (part + 1) * MOST_ITEMS))),
    }));
  });
}

/** Every value is of a branded type made of capital letters and digits, so there is nothing to escape. */
function message(runs: readonly BlankRun[]): string {
  const [first] = runs;
  if (first === undefined) return "";
  const items = runs.map(
    ({ begin, end }) =>
      `    <BranchTrackBlankItem>\n      <InvoiceBeginNo>${begin}</InvoiceBeginNo>\n` +
      `      <InvoiceEndNo>${end}</InvoiceEndNo>\n    </BranchTrackBlankItem>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<BranchTrackBlank xmlns="urn:GEINV:eInvoiceMessage:E0402:${VERSION}">
  <Main>
    <HeadBan>${first.headUbn ?? first.ubn}</HeadBan>
    <BranchBan>${first.ubn}</BranchBan>
    <InvoiceType>${first.category}</InvoiceType>
    <YearMonth>${first.period}</YearMonth>
    <InvoiceTrack>${first.track}</InvoiceTrack>
  </Main>
  <Details>
${items.join("")}  </Details>
</BranchTrackBlank>
`;
}

const ITEM = "BranchTrackBlankItem";
const MAIN_FIELDS = ["HeadBan", "BranchBan", "InvoiceType", "YearMonth", "InvoiceTrack"] as const;
const ITEM_FIELDS = ["InvoiceBeginNo", "InvoiceEndNo"] as const;

const fields = z.record(z.string(), z.unknown());

const schema = z.object({
  BranchTrackBlank: z.object({
    Main: fields,
    Details: z.object({ BranchTrackBlankItem: z.array(fields) }),
  }),
});

const PARSER = new XMLParser({
  parseTagValue: false,
  removeNSPrefix: true,
  isArray: (name) => name === ITEM,
});

/** Reads an E0402 message. Never throws: what can't be read becomes a fault with its line. */
export function readE0402(bytes: Uint8Array): E0402Message {
  const nothing = { rows: [], headUbn: undefined };
  let decoded: ReturnType<typeof decodeText>;
  try {
    decoded = decodeText(bytes);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { ...nothing, encoding: undefined, faults: [fault(error.code, { value: error.seen })] };
  }
  const { text, encoding } = decoded;
  const parsed = parseXml(text);
  if ("broken" in parsed) return { ...nothing, encoding, faults: [parsed.broken] };

  const { Main, Details } = parsed.tree.BranchTrackBlank;
  const items = Details.BranchTrackBlankItem;
  const lines = linesOf(text);
  const main = childReader(Main, MAIN_FIELDS);
  const headUbn = main.cell("HeadBan", "other", parseUbn);
  const ubn = main.cell("BranchBan", "other", parseUbn);
  const category = main.cell("InvoiceType", "other", parseCategoryCode);
  const period = main.cell("YearMonth", "other", parsePeriodCode);
  const track = main.cell("InvoiceTrack", "other", parseTrack);
  const faults = atLines(main.faults, lines.main);
  if (items.length > MOST_ITEMS) faults.push(fault("items-count", { value: String(items.length) }));

  const shared = ubn && category && period && track && { ubn, category, period, track };
  const rows = items.flatMap((item, index): UploadRow[] => {
    const own = lines.items[index] ?? new Map<string, number>();
    const reader = childReader(item, ITEM_FIELDS);
    const begin = reader.cell("InvoiceBeginNo", "other", parseInvoiceNumber);
    const end = reader.cell("InvoiceEndNo", "other", parseInvoiceNumber);
    faults.push(...atLines(reader.faults, own));
    return shared && begin && end ? [{ ...shared, begin, end, line: own.get(ITEM) ?? 0 }] : [];
  });
  return { rows, faults, encoding, headUbn };
}

/** The message's tree, or what is wrong with it. */
function parseXml(text: string): { readonly tree: z.infer<typeof schema> } | { readonly broken: Fault } {
  // Both the parser and its validator take a file that was cut off between two elements for whole.
  if (!/<\/(\w+:)?BranchTrackBlank>\s*$/.test(text)) {
    const place = { line: text.trimEnd().split("\n").length, value: text.trim().slice(-30) };
    return {
      broken: fault("xml-broken", place, { zh: "以 </BranchTrackBlank> 結尾", en: "</BranchTrackBlank> at the end" }),
    };
  }
  const valid = XMLValidator.validate(text);
  if (valid !== true) {
    const { line } = valid.err;
    return { broken: fault("xml-broken", { line, value: text.split("\n")[line - 1]?.trim() ?? "" }) };
  }
  let tree: unknown;
  try {
    tree = PARSER.parse(text);
  } catch (error) {
    return { broken: fault("xml-broken", { value: error instanceof Error ? error.message : String(error) }) };
  }
  const checked = schema.safeParse(tree);
  if (checked.success) return { tree: checked.data };
  const missing = checked.error.issues[0]?.path.join("/") ?? "";
  return { broken: fault("xml-broken", {}, { zh: `有 ${missing}`, en: `an element ${missing}` }) };
}

/** An element's children as the cells of a row, so that they are read like those of any other file. */
function childReader<Name extends string>(
  from: Readonly<Record<string, unknown>>,
  names: readonly Name[],
): CellReader<Name> {
  const cells = names.map((name) => z.string().catch("").parse(from[name]));
  return cellReader({ line: 0, cells }, (name) => names.indexOf(name));
}

/** A fault of an element stands on the element's own line, of a missing one where it was expected. */
function atLines(faults: readonly Fault[], lines: ReadonlyMap<string, number>): Fault[] {
  const [first = 0] = lines.values();
  return faults.map((one) => ({ ...one, line: lines.get(one.column) ?? first }));
}

/** The element that a column of the upload file is in a message. */
export function elementOf(column: string): string {
  const elements: Readonly<Record<string, string>> = {
    [UPLOAD_COLUMN_NAMES.begin]: "InvoiceBeginNo",
    [UPLOAD_COLUMN_NAMES.ubn]: "BranchBan",
    [UPLOAD_COLUMN_NAMES.period]: "YearMonth",
    [UPLOAD_COLUMN_NAMES.category]: "InvoiceType",
  };
  return elements[column] ?? column;
}

/** The lines on which the elements of Main and of each item begin, as the parser does not tell. */
function linesOf(text: string): { main: Map<string, number>; items: Map<string, number>[] } {
  const main = new Map<string, number>();
  const items: Map<string, number>[] = [];
  const begins = new RegExp(`<(?:\\w+:)?(Main|${ITEM}|${[...MAIN_FIELDS, ...ITEM_FIELDS].join("|")})[\\s>/]`, "g");
  for (const [index, line] of text.split("\n").entries()) {
    for (const [, name = ""] of line.matchAll(begins)) {
      if (name === ITEM) items.push(new Map());
      (items.at(-1) ?? main).set(name, index + 1);
    }
  }
  return { main, items };
}
