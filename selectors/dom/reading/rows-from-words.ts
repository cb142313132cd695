import { columnPart } from "./column-part.ts";
import { common } from "./match.ts";
import type { Box, Line, PageReading } from "./reading.ts";
import type { Columns, ListRow } from "./rows.ts";
import { type Term } from "./vocabulary.ts";
import { keyOf } from "./words.ts";

/** Words with a place: lines, and what fields hold. */
interface Piece {
  readonly text: string;
  readonly box: Box;
  readonly path: string;
  readonly frame: number;
  readonly order: number;
}

/** Lists without any markup of a list: told by where their words stand. Null where the page has none with these columns. */
export function rowsFromWords(reading: PageReading, columns: Columns): readonly ListRow[] | null {
  const pieces = piecesOf(reading);
  return gridOf(pieces, columns) ?? cardsOf(pieces, columns);
}

function piecesOf({ lines, controls }: PageReading): Piece[] {
  const inNavigation = new Set(controls.filter(({ navigation }) => navigation).map(({ id }) => id));
  const isPlain = ({ control }: Line): boolean => control === null || !inNavigation.has(control);
  const values = controls
    .filter(({ kind, value }) => value !== "" && (kind === "text" || kind === "select"))
    .map(({ value, box, path, frame, order }) => ({ text: value, box, path, frame, order }));
  return [...lines.filter(isPlain), ...values].toSorted((a, b) => a.order - b.order);
}

/** Blocks in columns under a line of headers. */
function gridOf(pieces: readonly Piece[], { wanted, optional = [] }: Columns): readonly ListRow[] | null {
  const [first] = wanted;
  if (first === undefined) return null;
  for (const start of pieces.filter((piece) => isCalled(first, piece.text))) {
    const line = pieces
      .filter((piece) => piece.frame === start.frame && isBeside(piece.box, start.box))
      .toSorted((a, b) => a.box[0] - b.box[0]);
    if (!wanted.every((term) => line.some(({ text }) => isCalled(term, text)))) continue;
    const names = line.map(
      ({ text }) => [...wanted, ...optional].find((term) => isCalled(term, text))?.name ?? text.replaceAll(/\s/g, ""),
    );
    const bottom = Math.max(...line.map(({ box }) => box[1] + box[3]));
    const [left, right] = [
      Math.min(...line.map(({ box }) => box[0])) - 60,
      Math.max(...line.map(({ box }) => box[0] + box[2])) + 120,
    ];
    const holder = line.reduce((path, piece) => shared(path, piece.path), start.path);
    const below = pieces.filter(
      ({ box, frame, path }) =>
        frame === start.frame &&
        box[1] >= bottom - 3 &&
        box[0] >= left &&
        box[0] < right &&
        common(path, holder) >= holder.split(".").length - 2,
    );
    const rows = linesOf(below).map((row) => {
      const cells: Record<string, string> = Object.fromEntries(names.map((name) => [name, ""]));
      for (const piece of row) {
        const name =
          names[
            nearest(
              piece.box,
              line.map(({ box }) => box),
            )
          ] ?? "";
        cells[name] = `${cells[name] ?? ""} ${piece.text}`.trim();
      }
      return asRow(row, cells);
    });
    return rows.filter(({ cells }) => wanted.every(({ name }) => (cells[name] ?? "") !== ""));
  }
  return null;
}

/** Labels with their values, once for each row. */
function cardsOf(pieces: readonly Piece[], { wanted, optional = [] }: Columns): readonly ListRow[] | null {
  const [first] = wanted;
  if (first === undefined) return null;
  const starts = pieces.filter((piece) => labelled(first, piece.text) !== null);
  if (starts.length === 0) return null;
  const rows: ListRow[] = [];
  for (const [at, start] of starts.entries()) {
    const from = pieces.indexOf(start);
    const next = starts[at + 1];
    const until = next === undefined ? pieces.length : pieces.indexOf(next);
    const mine = pieces.slice(from, until);
    const cells: Record<string, string> = {};
    const used: Piece[] = [];
    for (const [index, piece] of mine.entries())
      for (const term of [...wanted, ...optional]) {
        const value = cells[term.name] === undefined ? labelled(term, piece.text) : null;
        if (value === null) continue;
        const after = mine[index + 1];
        cells[term.name] = value === "" ? (after?.text ?? "") : value;
        used.push(piece, ...(value === "" && after !== undefined ? [after] : []));
        break;
      }
    if (wanted.every(({ name }) => (cells[name] ?? "") !== "")) rows.push(asRow(used, cells));
  }
  return rows.length === 0 ? null : rows;
}

/** "" where the words are the label alone, the value where they hold both; null where they are not its label. */
function labelled(term: Term, text: string): string | null {
  if (isCalled(term, text)) return "";
  const [, label = "", value = ""] = /^([^:：]{2,14})[:：]\s*(.+)$/.exec(text) ?? [];
  return label !== "" && isCalled(term, label) ? value : null;
}

function isCalled(term: Term, text: string): boolean {
  const key = keyOf(text);
  return columnPart(term).names.some((name) => keyOf(name) === key);
}

function isBeside(a: Box, b: Box): boolean {
  const overlap = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  return overlap > Math.min(a[3], b[3]) * 0.5;
}

/** Pieces by the lines in which they stand, from above. */
function linesOf(pieces: readonly Piece[]): Piece[][] {
  const rows: Piece[][] = [];
  for (const piece of pieces.toSorted((a, b) => a.box[1] - b.box[1])) {
    const row = rows.find(([first]) => first !== undefined && isBeside(first.box, piece.box));
    if (row) row.push(piece);
    else rows.push([piece]);
  }
  return rows;
}

function nearest(box: Box, headers: readonly Box[]): number {
  const middle = box[0] + box[2] / 2;
  const distances = headers.map((header) => {
    const overlap = Math.min(box[0] + box[2], header[0] + header[2]) - Math.max(box[0], header[0]);
    return overlap > 0
      ? -overlap
      : Math.min(Math.abs(header[0] - box[0]), Math.abs(header[0] + header[2] / 2 - middle));
  });
  return distances.indexOf(Math.min(...distances));
}

function shared(a: string, b: string): string {
  return a.split(".").slice(0, common(a, b)).join(".");
}

/** The element that holds all of a row's pieces is the row. */
function asRow(pieces: readonly Piece[], cells: { readonly [column: string]: string }): ListRow {
  const [first] = pieces;
  const path = pieces.reduce((all, piece) => shared(all, piece.path), first?.path ?? "");
  return {
    id: Number(path.split(".").at(-1)?.replace(/^\d+:/, "") ?? 0),
    frame: first?.frame ?? 0,
    cells,
    words: pieces.map(({ text }) => text),
  };
}
