import { stringify } from "csv-stringify/sync";
import type { CompanyConfig } from "../../config/schema.ts";
import { writeSheet } from "../../invoicing/reading/xlsx.ts";
import { ROSTER_COLUMNS } from "./columns.ts";

/** The roster as CSV that Excel opens as it is: UTF-8 with its mark, and no value that a spreadsheet would take for a formula. */
export function rosterCsv(companies: readonly CompanyConfig[]): string {
  const rows = companies.map((company) => ROSTER_COLUMNS.map(({ cellOf }) => cellOf(company)));
  return stringify([ROSTER_COLUMNS.map(({ title }) => title), ...rows], {
    bom: true,
    record_delimiter: "windows",
    escape_formulas: true,
  });
}

/** An empty roster as a workbook whose cells are text, so that no spreadsheet takes the zeros of a number away. */
export async function rosterTemplate(): Promise<Uint8Array> {
  const columns = ROSTER_COLUMNS.map(({ title }) => ({ header: title, width: 20, format: "@" }));
  const pieces: Uint8Array[] = [];
  for await (const piece of writeSheet("名冊", columns, noRows())) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* noRows(): AsyncGenerator<string[]> {}
