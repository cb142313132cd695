import type { DomTools } from "./dom.ts";

export interface FoundList {
  readonly element: Element;
  readonly kind: "table" | "grid" | "facts";
  readonly header: readonly string[];
  /** A cell that reaches over several rows is one of each of them. */
  readonly rows: readonly FoundRow[];
}

export interface FoundRow {
  readonly element: Element;
  readonly cells: readonly Element[];
}

/** Runs in the page: tables and ARIA grids with their headers, and lists of facts. Self-contained but for its tools. */
export function listFinder(dom: DomTools) {
  const TABLES = "table, [role=table], [role=grid], [role=treegrid]";
  const ROWS = "tr, [role=row]";
  /** How far around its facts the edge of a card may be. */
  const CARD_DEPTH = 4;
  const CELLS = "th, td, [role=columnheader], [role=rowheader], [role=cell], [role=gridcell]";

  function all(root: Element, selector: string): Element[] {
    const found: Element[] = [];
    const visit = (scope: Element | ShadowRoot): void => {
      for (const one of scope.querySelectorAll("*")) {
        if (one.matches(selector)) found.push(one);
        if (one.shadowRoot) visit(one.shadowRoot);
      }
    };
    if (root.matches(selector)) found.push(root);
    if (root.shadowRoot) visit(root.shadowRoot);
    visit(root);
    return found;
  }

  function isHeaderCell(cell: Element): boolean {
    const role = cell.getAttribute("role");
    return role === "columnheader" || (cell.tagName === "TH" && role === null && cell.getAttribute("scope") !== "row");
  }

  function spanOf(cell: Element): number {
    const span = Number(cell.getAttribute("colspan") ?? cell.getAttribute("aria-colspan") ?? 1);
    return Number.isFinite(span) && span > 0 ? Math.min(span, 50) : 1;
  }

  function find(root: Element): FoundList[] {
    const tables = all(root, TABLES).filter(
      (table) => dom.isSeen(table) || dom.childrenOf(table).some((one) => one instanceof Element && dom.isSeen(one)),
    );
    return [...tables.map(readTable), ...all(root, "dl").filter(dom.isSeen).map(readFacts)];
  }

  function readTable(table: Element): FoundList {
    const rows = all(table, ROWS)
      .filter((row) => dom.closest(row, (one) => one.matches(TABLES)) === table && dom.isDrawn(row))
      .map((element) => ({
        element,
        cells: all(element, CELLS).filter(
          (cell) => dom.closest(cell, (one) => one.matches(ROWS)) === element && dom.isDrawn(cell),
        ),
      }))
      .filter(({ cells }) => cells.length > 0);
    const headers = rows.filter(({ cells, element }) => element.closest("thead") !== null || cells.every(isHeaderCell));
    const body = spread(rows.filter((row) => !headers.includes(row))).filter(({ element }) => dom.isSeen(element));
    const kind = table.tagName === "TABLE" ? "table" : "grid";
    return { element: table, kind, header: headerOf(headers), rows: body };
  }

  /** Cells that reach into rows below them stand in each of these, in their own column. */
  function spread(rows: readonly FoundRow[]): FoundRow[] {
    let reaching = new Map<number, { readonly cell: Element; readonly left: number }>();
    let part: Element | null = null;
    return rows.map(({ element, cells }) => {
      // None reaches out of its part of the table.
      if (dom.parentOf(element) !== part) reaching = new Map();
      part = dom.parentOf(element);
      const all: Element[] = [];
      let column = 0;
      const above = (): void => {
        for (let one = reaching.get(column); one !== undefined; one = reaching.get(column)) {
          if (one.left > 1) reaching.set(column, { ...one, left: one.left - 1 });
          else reaching.delete(column);
          all.push(one.cell);
          column += spanOf(one.cell);
        }
      };
      above();
      for (const cell of cells) {
        const rowsBelow = reachOf(cell) - 1;
        all.push(cell);
        const at = column;
        column += spanOf(cell);
        above();
        if (rowsBelow > 0) reaching.set(at, { cell, left: rowsBelow });
      }
      return { element, cells: all };
    });
  }

  /** Over how many rows a cell reaches; 0 in the markup is all that are left. */
  function reachOf(cell: Element): number {
    const span = Number(cell.getAttribute("rowspan") ?? cell.getAttribute("aria-rowspan") ?? 1);
    if (!Number.isFinite(span) || span < 0) return 1;
    return span === 0 ? Number.POSITIVE_INFINITY : span;
  }

  /** Headers in several rows: the words of the upper ones stand before the lower ones that they span. */
  function headerOf(headers: readonly { readonly cells: readonly Element[] }[]): string[] {
    const grid: string[][] = headers.map(() => []);
    headers.forEach(({ cells }, line) => {
      let column = 0;
      for (const cell of cells) {
        while (grid[line]?.[column] !== undefined) column++;
        const words =
          dom.tidy(dom.wordsOf(cell)) || dom.tidy(cell.getAttribute("aria-label") ?? cell.getAttribute("title"));
        const down = Number(cell.getAttribute("rowspan") ?? 1) || 1;
        for (let across = 0; across < spanOf(cell); across++)
          for (let below = 0; below < down && line + below < grid.length; below++)
            (grid[line + below] ??= [])[column + across] = below === 0 ? words : "";
        column += spanOf(cell);
      }
    });
    const width = Math.max(0, ...grid.map((line) => line.length));
    return Array.from({ length: width }, (_, column) =>
      dom.tidy([...new Set(grid.map((line) => line[column] ?? ""))].join(" ")),
    );
  }

  function readFacts(list: Element): FoundList {
    const terms = all(list, "dt");
    const values = all(list, "dd");
    return {
      element: list,
      kind: "facts",
      header: terms.map((term) => dom.tidy(dom.wordsOf(term))),
      rows: [{ element: cardOf(list), cells: values }],
    };
  }

  /** What a person sees as one thing with a list of labels and values: the card that they stand in, with its tick box and its buttons. */
  function cardOf(list: Element): Element {
    let one = dom.parentOf(list);
    for (let up = 0; one !== null && up < CARD_DEPTH; up++, one = dom.parentOf(one)) {
      if (one === document.body || all(one, "dl").length > 1) break;
      if (isApart(one)) return one;
    }
    return list;
  }

  /** It is drawn, or marked, as one of several things: with an edge, a shadow or a ground of its own, or as an item. */
  function isApart(element: Element): boolean {
    if (element.matches("li, article, tr, [role=listitem], [role=article], [role=row]")) return true;
    const { borderTopWidth, borderTopStyle, boxShadow, backgroundColor } = dom.styleOf(element);
    if ((Number.parseFloat(borderTopWidth) > 0 && borderTopStyle !== "none") || boxShadow !== "none") return true;
    const parent = dom.parentOf(element);
    const isPainted = backgroundColor !== "rgba(0, 0, 0, 0)";
    return isPainted && parent !== null && dom.styleOf(parent).backgroundColor !== backgroundColor;
  }

  /** The words over the column in which a control stands. */
  function columnOf(lists: readonly FoundList[]) {
    return (element: Element): string => {
      const cell = dom.closest(element, (one) => one.matches(CELLS));
      if (cell === null) return "";
      for (const list of lists)
        for (const row of list.rows) {
          const at = row.cells.indexOf(cell);
          if (at >= 0) return list.header[row.cells.slice(0, at).reduce((sum, one) => sum + spanOf(one), 0)] ?? "";
        }
      return "";
    };
  }

  return { find, columnOf };
}

export type ListFinder = ReturnType<typeof listFinder>;
