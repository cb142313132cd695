import { stringify } from "csv-stringify/sync";
import { formatPeriod } from "./period.ts";
import { type TrackRow, writeTrackFile } from "./track-file.ts";
import { booksIn, categoryName, compareRuns } from "./track.ts";

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
 * The rows in the form the next system wants, UTF-8; CSV lines end in CRLF, numbers stay text everywhere.
 * The hand-held printer cannot check what is typed into it, so its file is meant to be read off a screen or imported, one run a line.
 * @throws DomainError `run-not-books` for a run that is not whole books
 */
export function handover(target: HandoverTarget, rows: Tracks): HandoverFile {
  const sorted = rows.toSorted(compareRuns);
  const writers: Readonly<Record<HandoverTarget, () => HandoverFile>> = {
    "portal-csv": () => ({ name: "tracks.csv", bytes: writeTrackFile(sorted) }),
    handheld: () => ({ name: "handheld.csv", bytes: handheld(sorted) }),
    json: () => ({ name: "tracks.json", bytes: json(sorted) }),
  };
  return writers[target]();
}

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
