import type { Layout, RowReader } from "./layout.ts";
import { MEDIA_FILE, MEDIA_TABLE } from "./media.ts";
import { NUMBER_LIST } from "./number-list.ts";
import { PORTAL_LIST } from "./portal-list.ts";
import { tableReader } from "./table.ts";
import { type Header, plainColumnName } from "../column-names.ts";
import { plainCell } from "../numbers.ts";

/** The number of an allowance: where a row has one, it is of an allowance, whatever its status says, and proves the invoice that it names. */
const ALLOWANCE_NUMBER = /折讓(?:證明)?單?(?:號碼|編號|號|單號)/;

/** A list of allowances: whatever a row's status says is said of the allowance; that it names an invoice proves the invoice. */
const ALLOWANCE_LIST: Layout = {
  id: "allowance-list",
  title: { zh: "折讓單清單（原發票號碼）", en: "list of allowances with the numbers of their invoices" },
  recognise: (_row, header) =>
    header !== null &&
    header.cells.some((cell) => ALLOWANCE_NUMBER.test(plainColumnName(cell))) &&
    plainColumnName(header.cells[header.at.number ?? -1] ?? "").startsWith("原"),
  reader(context) {
    if (context.header === null) throw new Error("a table is recognised by its header");
    const statuses = (): { meaning: "allowance"; taught: boolean } => ({ meaning: "allowance", taught: false });
    const { status: _status, date: _date, ...at } = context.header.at;
    const read = tableReader(
      { ...context, columns: { ...context.columns, status: null }, statuses },
      { ...context.header, at },
    );
    return (row) => {
      const reading = read(row);
      const { entry } = reading;
      if (entry === undefined || reading.kind === "not-understood" || entry.how === "mentioned") return reading;
      return { ...reading, kind: "allowance", entry: { ...entry, how: "allowance" } };
    };
  },
};

function withAllowances(read: RowReader, { cells: names }: Header): RowReader {
  const at = names.findIndex((name) => ALLOWANCE_NUMBER.test(plainColumnName(name)));
  if (at < 0) return read;
  return (row) => {
    const reading = read(row);
    const { entry, kind } = reading;
    const isOfAllowance = /[0-9]{3}/.test(plainCell(row.cells[at] ?? ""));
    if (!isOfAllowance || entry === undefined || kind === "not-understood" || entry.how === "mentioned") return reading;
    return { ...reading, kind: "allowance", entry: { ...entry, how: "allowance" } };
  };
}

/** What is distinguished only for people: all are tables whose header names the columns, and one reader reads them. */
function table(id: string, title: Layout["title"], recognise: Layout["recognise"]): Layout {
  return {
    id,
    title,
    recognise,
    reader(context) {
      if (context.header === null) throw new Error("a table is recognised by its header");
      return withAllowances(tableReader(context, context.header), context.header);
    },
  };
}

/** Layouts whose rows say without a column of the status what they are. */
export const WITHOUT_STATUS: ReadonlySet<string> = new Set(
  [NUMBER_LIST, MEDIA_FILE, MEDIA_TABLE, ALLOWANCE_LIST].map(({ id }) => id),
);

/** Every layout of ledgers that is known; the first that recognises a ledger reads it. */
export const LAYOUTS: readonly Layout[] = [
  PORTAL_LIST,
  MEDIA_FILE,
  NUMBER_LIST,
  MEDIA_TABLE,
  ALLOWANCE_LIST,
  table(
    "range-table",
    { zh: "一列一段號碼（彙加，有起號與迄號）", en: "a row a range of numbers" },
    (_row, header) => header?.at.end !== undefined,
  ),
  table(
    "item-table",
    { zh: "一列一項商品（一張發票可能有好幾列）", en: "a row an item, an invoice in several rows" },
    (_row, header) => header?.perItem === true,
  ),
  table(
    "split-table",
    { zh: "一列一張發票，字軌與號碼分兩欄", en: "a row an invoice, track and number in two columns" },
    (_row, header) => header?.at.track !== undefined,
  ),
  table("invoice-table", { zh: "一列一張發票", en: "a row an invoice" }, (_row, header) => header !== null),
];
