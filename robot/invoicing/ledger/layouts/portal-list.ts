import { DomainError, fault } from "../../problems/problems.ts";
import { columnOf, readHeader } from "../column-names.ts";
import { readNumbers } from "../numbers.ts";
import type { Layout } from "./layout.ts";
import { tableReader } from "./table.ts";

/**
 * The portal's own list of a business's invoices: two rows name the columns, and each row says in its first cell of which it is: `M` an
 * invoice, `D` an item of one. A comma may stand unquoted in 買方名稱.
 */
export const PORTAL_LIST: Layout = {
  id: "portal-list",
  title: {
    zh: "平台的發票清單（M 列是發票、D 列是品項）",
    en: "the portal's list of invoices (M rows invoices, D rows items)",
  },
  recognise: ({ cells }, header) => header !== null && markOf(cells) === "M",
  reader(context) {
    const { header, columns } = context;
    if (header === null) throw new Error("the portal's list is recognised by its header");
    const readInvoice = tableReader(context, { ...header, perItem: false });
    let numberOfItem: number | undefined;
    let invoice = "";
    return (row) => {
      const mark = markOf(row.cells);
      if (mark === null) return readInvoice(row);
      const named = isHeaderOf(row.cells) ? readHeader(row.cells, {}) : null;
      if (named !== null) {
        if (mark === "M") return { kind: "header", header: readHeader(row.cells, columns) ?? header };
        numberOfItem = named.at.number;
        return { kind: "header" };
      }
      if (mark === "M") {
        const reading = readInvoice(row);
        const [numbers] = reading.entry?.numbers ?? [];
        invoice = numbers === undefined ? "" : `${numbers.track}${numbers.begin}`;
        return reading;
      }
      const at = numberOfItem ?? columnOf(row.cells, "#2");
      try {
        const numbers = readNumbers(row.cells[at] ?? "");
        if (`${numbers.track}${numbers.begin}` === invoice) return { kind: "item" };
        // An item proves that its invoice was issued, whether or not the list has the invoice's own row.
        return { kind: "item", entry: { numbers: [numbers], how: "item" } };
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        const found = fault(error.code, { line: row.line, column: "發票號碼", value: error.seen }, error.wanted);
        return { kind: "not-understood", faults: [{ fault: found, doubt: "numbers" }] };
      }
    };
  },
};

function markOf(cells: readonly string[]): "M" | "D" | null {
  const mark = cells[0]?.normalize("NFKC").trim().toUpperCase();
  return mark === "M" || mark === "D" ? mark : null;
}

/** A header has no number where one would stand. */
function isHeaderOf(cells: readonly string[]): boolean {
  return !cells.slice(1).some((cell) => /^[A-Z]{2}-?[0-9]{8}$/i.test(cell.trim()));
}
