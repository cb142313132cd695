import { z } from "zod";
import type { BlankRange } from "./blank.ts";
import { atLines, childReader, fields, linesOf, readMessage } from "../messages/message-xml.ts";
import { parsePeriodCode } from "../values/period.ts";
import { DomainError, fault } from "../problems/problems.ts";
import { compareRanges, parseCategoryCode, parseInvoiceNumber, parseTrack } from "../values/track.ts";
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
export function writeE0402(blanks: readonly BlankRange[]): E0402File[] {
  if (blanks.length === 0) throw new DomainError("items-count", "0");
  const groups = Map.groupBy(blanks, (run) => [run.ubn, run.period, run.category, run.track].join("-"));
  return Array.from(groups).flatMap(([name, runs]) => {
    const sorted = runs.toSorted(compareRanges);
    const parts = Math.ceil(sorted.length / MOST_ITEMS);
    return Array.from({ length: parts }, (_, part) => ({
      name: `E0402-${name}${parts > 1 ? `-${part + 1}` : ""}.xml`,
      bytes: new TextEncoder().encode(message(sorted.slice(part * MOST_ITEMS, (part + 1) * MOST_ITEMS))),
    }));
  });
}

/** Every value is of a branded type made of capital letters and digits, so there is nothing to escape. */
function message(runs: readonly BlankRange[]): string {
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

const schema = z.object({
  BranchTrackBlank: z.object({
    Main: fields,
    Details: z.object({ BranchTrackBlankItem: z.array(fields) }),
  }),
});

/** Reads an E0402 message. Never throws: what can't be read becomes a fault with its line. */
export function readE0402(bytes: Uint8Array): E0402Message {
  const read = readMessage(bytes, { roots: ["BranchTrackBlank"], problem: "xml-broken", item: ITEM, schema });
  if ("broken" in read) return { rows: [], headUbn: undefined, encoding: read.encoding, faults: [read.broken] };

  const { tree, text, encoding } = read;
  const { Main, Details } = tree.BranchTrackBlank;
  const items = Details.BranchTrackBlankItem;
  const lines = linesOf(text, ITEM, ["Main", ...MAIN_FIELDS, ...ITEM_FIELDS]);
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
