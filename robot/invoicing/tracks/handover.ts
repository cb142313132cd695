import { stringify } from "csv-stringify/sync";
import { formatPeriod } from "../values/period.ts";
import { type TrackRow, writeTrackFile } from "./track-file.ts";
import { booksIn, categoryName, compareRanges } from "../values/track.ts";

/**
 * Who the tracks are handed to: `portal-csv` the portal's own layout, which most packages import; `handheld` the four values that a
 * hand-held printer asks for, with the odd month in its period; `json` for a program.
 */
export type HandoverTarget = "portal-csv" | "handheld" | "json";

export const HANDOVER_TARGETS: readonly HandoverTarget[] = ["portal-csv", "handheld", "json"];

/** A file ready to be saved. */
export type HandoverFile = { readonly name: string; readonly bytes: Uint8Array };

type Tracks = readonly Omit<TrackRow, "line">[];

/**
 * The rows in the form the next system wants, a file for each business and period, UTF-8; CSV lines end in CRLF, numbers stay text everywhere.
 * The hand-held printer cannot check what is typed into it, so its file is meant to be read off a screen or imported, one run a line.
 * @throws DomainError `run-not-books` for a run that is not whole books
 */
export function handover(target: HandoverTarget, rows: Tracks): HandoverFile[] {
  const groups = Map.groupBy(rows.toSorted(compareRanges), ({ ubn, period }) => `${ubn}-${period}`);
  const { prefix, ending, write } = TARGETS[target];
  return Array.from(groups)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([of, own]) => ({ name: `${prefix}-${of}.${ending}`, bytes: write(own) }));
}

type Target = { readonly prefix: string; readonly ending: string; readonly write: (rows: Tracks) => Uint8Array };

const TARGETS: Readonly<Record<HandoverTarget, Target>> = {
  "portal-csv": { prefix: "tracks", ending: "csv", write: (rows) => writeTrackFile(rows) },
  handheld: { prefix: "handheld", ending: "csv", write: handheld },
  json: { prefix: "tracks", ending: "json", write: json },
};

function handheld(rows: Tracks): Uint8Array {
  const records = rows.map((row) => [formatPeriod(row.period, "oddCode"), row.track, row.begin, row.end]);
  // The BOM is for the people who open it by a double click.
  return new TextEncoder().encode(
    stringify([["期別", "字軌", "起號", "迄號"], ...records], { bom: true, record_delimiter: "\r\n" }),
  );
}

function json(rows: Tracks): Uint8Array {
  const tracks = rows.map((row) => ({
    ubn: row.ubn,
    period: row.period,
    category: row.category,
    categoryName: categoryName(row.category),
    track: row.track,
    begin: row.begin,
    end: row.end,
    books: booksIn(row),
  }));
  return new TextEncoder().encode(`${JSON.stringify({ tracks }, undefined, 2)}\n`);
}
