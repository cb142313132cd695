import { XMLParser } from "fast-xml-parser";
import { z } from "zod";
import type { BlankRun } from "./blank.ts";
import { type CellReader, cellReader } from "./cells.ts";
import { decodeText } from "./encoding.ts";
import { parsePeriodCode } from "./period.ts";
import { DomainError, fault } from "./problems.ts";
import { compareRuns, parseCategoryCode, parseInvoiceNumber, parseTrack } from "./track.ts";
import { type Ubn, parseUbn } from "./ubn.ts";
import type { UploadFile, UploadRow } from "./upload-file.ts";

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
  if (blanks.length === 0) throw new DomainError("items-count", "0 筆");
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
  isArray: (name) => name === "BranchTrackBlankItem",
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
  const tree = parseXml(text);
  if (typeof tree === "string") return { ...nothing, encoding, faults: [fault("xml-broken", { value: tree })] };

  const { Main, Details } = tree.BranchTrackBlank;
  const items = Details.BranchTrackBlankItem;
  const [mainLine = 0] = linesOf(text, "Main");
  const main = childReader(Main, ["HeadBan", "BranchBan", "InvoiceType", "YearMonth", "InvoiceTrack"], mainLine);
  const headUbn = main.cell("HeadBan", 0, parseUbn);
  const ubn = main.cell("BranchBan", 0, parseUbn);
  const category = main.cell("InvoiceType", 0, parseCategoryCode);
  const period = main.cell("YearMonth", 0, parsePeriodCode);
  const track = main.cell("InvoiceTrack", 0, parseTrack);
  const faults = main.faults;
  if (items.length > MOST_ITEMS) faults.push(fault("items-count", { value: `${items.length} 筆` }));

  const lines = linesOf(text, "BranchTrackBlankItem");
  const shared = ubn && category && period && track && { ubn, category, period, track };
  const rows = items.flatMap((item, index): UploadRow[] => {
    const line = lines[index] ?? 0;
    const reader = childReader(item, ["InvoiceBeginNo", "InvoiceEndNo"], line);
    const begin = reader.cell("InvoiceBeginNo", 0, parseInvoiceNumber);
    const end = reader.cell("InvoiceEndNo", 0, parseInvoiceNumber);
    faults.push(...reader.faults);
    return shared && begin && end ? [{ ...shared, begin, end, line }] : [];
  });
  return { rows, faults, encoding, headUbn };
}

/** The message's tree, or what is wrong with it. */
function parseXml(text: string): z.infer<typeof schema> | string {
  // The parser forgives a file that was cut off; a message without its last tag is none.
  if (!/<\/(\w+:)?BranchTrackBlank>\s*$/.test(text)) return `結尾是 ${text.trim().slice(-30)}`;
  let tree: unknown;
  try {
    tree = PARSER.parse(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const checked = schema.safeParse(tree);
  return checked.success ? checked.data : `缺少 ${checked.error.issues[0]?.path.join("/") ?? ""}`;
}

/** An element's children as the cells of a row, so that they are read like those of any other file. */
function childReader<Name extends string>(
  from: Readonly<Record<string, unknown>>,
  names: readonly Name[],
  line: number,
): CellReader<Name> {
  const cells = names.map((name) => z.string().catch("").parse(from[name]));
  return cellReader({ line, cells }, (name) => names.indexOf(name));
}

/** The lines on which elements of a name begin, as the parser does not tell. */
function linesOf(text: string, element: string): number[] {
  const lines: number[] = [];
  const begins = new RegExp(`<(\\w+:)?${element}[\\s>]`, "g");
  for (const [index, line] of text.split("\n").entries()) {
    for (const _ of line.matchAll(begins)) lines.push(index + 1);
  }
  return lines;
}
