import { Parser } from "htmlparser2";
import { fault } from "../../problems/problems.ts";
import { decodeHead, decodeLeniently } from "../../reading/lenient-text.ts";
import type { Source, SourceRow } from "./source.ts";

/** No cell spans more: a page from elsewhere must not fill memory. */
const LONGEST_SPAN = 200;

/** Tables of a web page, which many systems call .xls: read as a stream, each table a section, rows counted through the file. */
export const HTML: Source = {
  id: "html",
  dropsEmptyCells: true,
  recognise(head) {
    // Old exporters begin with remarks, a mark of the encoding or `<?xml`.
    const start = looksBinary(head) ? "" : decodeHead(head.subarray(0, 8192));
    return /^[\s\ufeff]*(?:<\?xml[^>]*>\s*|<!--[^]*?-->\s*)*<(?:!doctype html|html|head|meta|body|table|style|div|center)[\s>]/i.test(
      start,
    );
  },
  async *rows(file, _head, { onEncoding, onBroken }) {
    const reader = tableReader();
    for await (const text of decodeLeniently(file.read(), onEncoding)) {
      reader.write(text);
      yield* reader.take();
    }
    const isWhole = reader.end();
    const rest = reader.take();
    yield* rest;
    // Whatever stood behind the place where it was cut off would count as blank.
    if (!isWhole) onBroken(fault("row-truncated", { line: rest.at(-1)?.line ?? reader.lines(), value: "</table>" }));
  },
};

function looksBinary(head: Uint8Array): boolean {
  const start = head.subarray(0, 4);
  return !(start[0] === 0xff && start[1] === 0xfe) && !(start[0] === 0xfe && start[1] === 0xff) && start.includes(0);
}

type OpenTable = {
  readonly section: number;
  cells: string[] | null;
  text: string | null;
  columns: number;
  rows: number;
  /** Cells of earlier rows that reach down: by column, their text and how many rows more. */
  readonly spans: Map<number, { readonly text: string; left: number }>;
};

function tableReader(): {
  readonly write: (text: string) => void;
  /** Whether each table was closed. */
  readonly end: () => boolean;
  readonly take: () => SourceRow[];
  /** How many rows there were. */
  readonly lines: () => number;
} {
  const open: OpenTable[] = [];
  let rows: SourceRow[] = [];
  let line = 0;
  let sections = 0;
  let hidden = 0;
  const parser = new Parser(
    {
      onopentag(name, { colspan, rowspan }) {
        const table = open.at(-1);
        if (name === "table") {
          open.push({ section: sections, cells: null, text: null, columns: 1, rows: 1, spans: new Map() });
          sections += 1;
        } else if (name === "style" || name === "script") hidden += 1;
        else if (table === undefined) return;
        else if (name === "tr") {
          endRow(table);
          table.cells = [];
        } else if (name === "td" || name === "th") {
          endCell(table);
          table.cells ??= [];
          table.text = "";
          table.columns = span(colspan);
          table.rows = span(rowspan);
        } else if (name === "br" && table.text !== null) table.text += " ";
      },
      ontext(text) {
        const table = open.at(-1);
        if (table !== undefined && table.text !== null && hidden === 0) table.text += text;
      },
      onclosetag(name) {
        const table = open.at(-1);
        if (name === "style" || name === "script") hidden = Math.max(0, hidden - 1);
        else if (table === undefined) return;
        else if (name === "td" || name === "th") endCell(table);
        else if (name === "tr") endRow(table);
        else if (name === "table") {
          endRow(table);
          open.pop();
        }
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );

  function endCell(table: OpenTable): void {
    if (table.text === null || table.cells === null) return;
    reachDown(table);
    const text = table.text.replaceAll(/[\s\u00a0]+/g, " ").trim();
    for (let count = 0; count < table.columns; count += 1) {
      const at = table.cells.length;
      if (table.rows > 1) table.spans.set(at, { text: count === 0 ? text : "", left: table.rows - 1 });
      table.cells.push(count === 0 ? text : "");
    }
    table.text = null;
  }

  /** Puts in the cells of earlier rows that stand where the next one would. */
  function reachDown(table: OpenTable): void {
    if (table.cells === null) return;
    for (;;) {
      const span = table.spans.get(table.cells.length);
      if (span === undefined) return;
      const at = table.cells.length;
      table.cells.push(span.text);
      span.left -= 1;
      if (span.left === 0) table.spans.delete(at);
    }
  }

  function endRow(table: OpenTable): void {
    endCell(table);
    if (table.cells === null) return;
    reachDown(table);
    const { cells, section } = table;
    table.cells = null;
    if (cells.every((cell) => cell === "")) return;
    line += 1;
    rows.push({ line, cells, section });
  }

  return {
    write: (text) => parser.write(text),
    lines: () => line,
    end() {
      const isWhole = open.length === 0;
      parser.end();
      while (open.length > 0) {
        const table = open.pop();
        if (table !== undefined) endRow(table);
      }
      return isWhole;
    },
    take() {
      const taken = rows;
      rows = [];
      return taken;
    },
  };
}

function span(text: string | undefined): number {
  const count = Number(text ?? 1);
  return Number.isInteger(count) && count > 0 ? Math.min(count, LONGEST_SPAN) : 1;
}
