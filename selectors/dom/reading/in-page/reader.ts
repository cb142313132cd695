import type { Control, Line, PageReading } from "../reading.ts";
import type { ControlReader } from "./controls.ts";
import type { DomTools } from "./dom.ts";
import type { LayerFinder } from "./layers.ts";
import type { FoundList, ListFinder } from "./lists.ts";
import type { TextItem, Walker } from "./walk.ts";

/** What one frame says; `breadcrumb`, `steps` and the rest are put together outside. */
export type FrameReading = Omit<PageReading, "frames"> & {
  /** The frames in it, in reading order: whether each is seen. */
  readonly inner: readonly boolean[];
};

/** Runs in the page: reads everything under an element in one go. Self-contained but for its tools. */
export function frameReader(
  dom: DomTools,
  walker: Walker,
  layers: LayerFinder,
  lists: ListFinder,
  makeControls: (found: readonly FoundList[], layerOf: (element: Element) => number | null) => ControlReader,
) {
  /** How pages mark their messages; mere hints beside the roles. */
  const MESSAGES = "[role=alert], [role=status], [role=alertdialog], [aria-live=polite], [aria-live=assertive], output";
  const MESSAGE_HINTS =
    ".toast-body, [class*=toast], [class*=notification], [class*=message-box], [class*=invalid-feedback], [class*=swal2-html], .alert, [class*=alert-], [class*=snackbar], [class*=notify]";
  const CRUMBS =
    "[aria-label*=breadcrumb i], [aria-label*=麵包屑], [aria-label*=目前位置], [class*=breadcrumb i], [class*=crumb i]";
  const CRUMB_WORDS = /現在位置|目前位置|您的位置|所在位置|^:::|功能選單\s*[/>›＞／»]|\(BT[A-Z]\d{3}W\)/;

  function read(root: Element): FrameReading {
    const items = walker.walk(root);
    const over = layers.find(root).map((found) => ({ ...found, id: dom.idOf(found.element) }));
    const tables = lists.find(root);
    const rows = new Map(
      tables.flatMap(({ rows }) => rows.map(({ element }) => [element, dom.idOf(element)] as const)),
    );
    const layerOf = (element: Element): number | null => {
      for (const { element: layer, id } of over) if (dom.contains(layer, element)) return id;
      return null;
    };
    const rowOf = (element: Element): number | null => {
      const row = dom.closest(element, (one) => rows.has(one));
      return row === null ? null : (rows.get(row) ?? null);
    };
    const blocking = over.find((one) => one.blocking)?.element ?? null;
    const controls = makeControls(tables, layerOf).read(items, { layerOf, rowOf, blocking });
    const byElement = new Map(controls.filter(({ kind }) => kind !== "choice").map((control) => [control.id, control]));
    const lines = items.flatMap((item, order) =>
      item.type === "text" ? [asLine(item, order, layerOf, byElement)] : [],
    );
    const busy = document.readyState === "loading" || over.some(({ kind }) => kind === "busy");
    return {
      address: location.href,
      title: document.title,
      breadcrumb: breadcrumb(
        root,
        items.filter((item): item is TextItem => item.type === "text"),
      ),
      headings: headings(root).map((element) => ({
        text: dom.tidy(dom.wordsOf(element)),
        order: orderOf(element, lines),
        layer: layerOf(element),
      })),
      layers: over.map(({ id, kind, blocking, words, share }) => ({ id, frame: 0, kind, blocking, words, share })),
      messages: messages(root),
      lines,
      controls,
      lists: tables.map((list) => ({
        id: dom.idOf(list.element),
        frame: 0,
        kind: list.kind,
        header: list.header,
        layer: layerOf(list.element),
        order: orderOf(list.element, lines),
        rows: list.rows.map((row) => ({
          id: dom.idOf(row.element),
          cells: row.cells.map((cell) => ({
            id: dom.idOf(cell),
            text: dom.tidy(dom.wordsOf(cell)),
            fromAbove: !dom.contains(row.element, cell),
          })),
        })),
      })),
      steps: steps(root),
      busy,
      inner: frames(root),
    };
  }

  function asLine(
    item: TextItem,
    order: number,
    layerOf: (element: Element) => number | null,
    controls: ReadonlyMap<number, Control>,
  ): Line {
    const { element, rect, control } = item;
    const id = control === null ? null : dom.idOf(control);
    return {
      id: dom.idOf(element),
      frame: 0,
      text: item.text,
      order,
      layer: layerOf(element),
      path: dom.pathOf(element),
      box: [rect.left, rect.top, rect.width, rect.height],
      control: id !== null && controls.has(id) ? id : null,
      role: roleOf(element),
    };
  }

  function roleOf(element: Element): Line["role"] {
    const holder = dom.closest(element, (one) =>
      one.matches(
        `h1, h2, h3, h4, h5, h6, [role=heading], legend, caption, th, td, [role=columnheader], [role=cell], [role=gridcell], dt, dd, label, ${MESSAGES}`,
      ),
    );
    if (holder === null) return "plain";
    if (holder.matches("h1, h2, h3, h4, h5, h6, [role=heading], legend, caption")) return "heading";
    if (holder.matches("th, [role=columnheader], dt")) return "header";
    if (holder.matches("td, [role=cell], [role=gridcell], dd")) return "cell";
    return holder.matches("label") ? "label" : "message";
  }

  function seen(root: Element, selector: string): Element[] {
    const found: Element[] = [];
    const visit = (scope: Element | ShadowRoot): void => {
      for (const one of scope.querySelectorAll("*")) {
        if (one.matches(selector) && dom.isSeen(one)) found.push(one);
        if (one.shadowRoot) visit(one.shadowRoot);
      }
    };
    if (root.shadowRoot) visit(root.shadowRoot);
    visit(root);
    return found;
  }

  function headings(root: Element): Element[] {
    const marked = seen(root, "h1, h2, h3, h4, h5, h6, [role=heading], legend, caption");
    return marked.filter((one) => dom.wordsOf(one, 200) !== "");
  }

  function orderOf(element: Element, lines: readonly Line[]): number {
    const path = `${dom.pathOf(element)}.`;
    return lines.find((line) => `${line.path}.`.startsWith(path))?.order ?? 0;
  }

  function messages(root: Element): { text: string; sure: boolean }[] {
    const sure = seen(root, MESSAGES);
    const hinted = seen(root, MESSAGE_HINTS).filter(
      (one) => !sure.some((other) => dom.contains(other, one) || dom.contains(one, other)),
    );
    return [...sure.map((element) => ({ element, sure: true })), ...hinted.map((element) => ({ element, sure: false }))]
      .map(({ element, sure }) => ({ text: dom.tidy(dom.wordsOf(element)), sure }))
      .filter(({ text }) => text !== "");
  }

  function breadcrumb(root: Element, texts: readonly TextItem[]): string {
    const [marked] = seen(root, CRUMBS).filter((one) => dom.wordsOf(one, 300).length < 200);
    if (marked) return dom.tidy(dom.wordsOf(marked));
    const line = texts.find(({ text, control }) => control === null && CRUMB_WORDS.test(text));
    if (line === undefined) return "";
    const block = dom.closest(line.element, (one) => !dom.styleOf(one).display.startsWith("inline")) ?? line.element;
    const parent = dom.parentOf(block);
    const around = parent === null ? "" : dom.tidy(dom.wordsOf(parent, 300));
    return around !== "" && around.length < 120 && block.querySelector("input, select, button, table") === null
      ? around
      : dom.tidy(dom.wordsOf(block));
  }

  function steps(root: Element): { text: string; current: boolean }[] {
    return seen(root, "[aria-current=step], [role=listitem][aria-current], ol > li")
      .map((element) => ({
        text: dom.tidy(dom.wordsOf(element, 80)),
        current: (element.getAttribute("aria-current") ?? "false") !== "false",
      }))
      .filter(({ text }) => text !== "" && text.length < 30);
  }

  function frames(root: Element): boolean[] {
    const found: boolean[] = [];
    const visit = (scope: Element | ShadowRoot): void => {
      for (const one of scope.querySelectorAll("*")) {
        if (one.matches("iframe, frame")) found.push(dom.isSeen(one));
        if (one.shadowRoot) visit(one.shadowRoot);
      }
    };
    visit(root);
    return found;
  }

  return { read };
}
