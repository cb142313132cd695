import { withZip } from "../../../lib/zip.ts";
import { DomainError } from "../../problems/problems.ts";
import { cellText, sheetNames, sheetRows } from "../../reading/xlsx.ts";
import type { Source, SourceRow } from "./source.ts";

/**
 * An .xlsx workbook. Sheets are read one after the other, each row by
 * row; the file itself and its table of shared texts are held in memory, as the format wants.
 */
export const WORKBOOK: Source = {
  id: "workbook",
  dropsEmptyCells: true,
  recognise: (head) => head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04,
  async *rows(file) {
    const bytes = Buffer.concat(await Array.fromAsync(file.read()));
    const sheets = await refusing(() => sheetNames(bytes));
    await assertValues(bytes);
    for (const [section, name] of sheets.entries()) yield* rowsOfSheet(bytes, name, section, sheets.length > 1);
  },
};

const SHEET = /^xl\/worksheets\/[^/]+\.xml$/i;
/** A cell with a formula and nothing that it came to. */
const UNCOMPUTED =
  /<c\b[^>]*\br="([A-Z]+[0-9]+)"[^>]*>\s*<f\b(?:[^>]*\/>|[^>]*>[^<]*<\/f>)\s*(?:<v\s*\/>|<v>\s*<\/v>)?\s*<\/c>/;
/** Characters; no cell with its formula is longer. */
const LONGEST_CELL = 40_000;

/**
 * A program that writes formulas without computing them leaves cells that look empty: a number in one would vanish.
 * @throws DomainError `formula-without-value` with the first such cell
 */
async function assertValues(bytes: Buffer): Promise<void> {
  const cell = await refusing(() =>
    withZip(bytes, async (members) => {
      for (const { name, stream } of members.filter((member) => SHEET.test(member.name))) {
        let text = "";
        for await (const piece of (await stream()).setEncoding("utf8")) {
          text += String(piece);
          const found = text.includes("<f") ? UNCOMPUTED.exec(text) : null;
          if (found) return `${name.replace(/^.*\//, "")} ${found[1] ?? ""}`;
          // What is cut in the middle of a cell goes on with the next piece.
          text = text.slice(Math.max(text.lastIndexOf("<c "), text.length - LONGEST_CELL, 0));
        }
      }
      return null;
    }),
  );
  if (cell !== null) throw new DomainError("formula-without-value", cell);
}

async function* rowsOfSheet(
  bytes: Uint8Array,
  sheet: string,
  section: number,
  isOneOfSeveral: boolean,
): AsyncGenerator<SourceRow> {
  const rows = sheetRows(bytes, sheet);
  const named = isOneOfSeveral ? { sheet } : {};
  for (;;) {
    const next = await refusing(() => rows.next());
    if (next.done === true) return;
    const { index, values } = next.value;
    const numeric = new Set<number>();
    const cells = values.map((value, column) => {
      if (typeof value === "number") numeric.add(column);
      return cellText(value);
    });
    if (cells.some((cell) => cell !== "")) yield { line: index + 1, cells, section, numeric, ...named };
  }
}

/** @throws DomainError `workbook-not-csv` for a zip that is no workbook, or a damaged one */
async function refusing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    throw new DomainError("workbook-not-csv", seen, {
      zh: "沒有損壞、沒有密碼的 .xlsx，或純文字的 CSV 檔",
      en: "a whole .xlsx without a password, or a plain CSV file",
    });
  }
}

/** The first day that a spreadsheet counts, and the days of the years 2000 to 2110. */
const FIRST_DAY = Date.UTC(1899, 11, 30);
const DAY_MS = 24 * 60 * 60 * 1000;
const EARLIEST = 36_526;
const LATEST = 77_066;

/** A date that a sheet keeps as a bare count of days, as text; undefined where the number can't be one. */
export function dayOfSerial(text: string): string | undefined {
  const days = Number(text);
  if (!Number.isFinite(days) || days < EARLIEST || days >= LATEST) return undefined;
  return new Date(FIRST_DAY + Math.floor(days) * DAY_MS).toISOString().slice(0, 10);
}
