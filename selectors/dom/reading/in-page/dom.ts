/**
 * Runs in the page: what it takes to walk over its elements as a person's eye does, shadow roots included. Self-contained, since its
 * source is sent to the page.
 */
export function domTools() {
  interface Registry {
    readonly ids: WeakMap<Element, number>;
    readonly elements: Map<number, WeakRef<Element>>;
    next: number;
  }
  // Kept by the page from one reading to the next, so that an element keeps its number.
  const key = Symbol.for("page-reading.registry");
  const store = globalThis as unknown as { [key: symbol]: Registry | undefined };
  const registry: Registry = (store[key] ??= { ids: new WeakMap(), elements: new Map(), next: 1 });

  const styles = new Map<Element, CSSStyleDeclaration>();
  const rects = new Map<Element, DOMRect>();

  function idOf(element: Element): number {
    const known = registry.ids.get(element);
    if (known !== undefined) return known;
    const id = registry.next++;
    registry.ids.set(element, id);
    registry.elements.set(id, new WeakRef(element));
    return id;
  }

  function elementOf(id: number): Element | null {
    const element = registry.elements.get(id)?.deref() ?? null;
    return element?.isConnected === true ? element : null;
  }

  function styleOf(element: Element): CSSStyleDeclaration {
    let style = styles.get(element);
    if (style === undefined) styles.set(element, (style = getComputedStyle(element)));
    return style;
  }

  function rectOf(element: Element): DOMRect {
    let rect = rects.get(element);
    if (rect === undefined) rects.set(element, (rect = element.getBoundingClientRect()));
    return rect;
  }

  /** What stands in an element as the page draws it: the content of its shadow root, or of the slot. */
  function childrenOf(element: Element): readonly Node[] {
    if (element.shadowRoot) return [...element.shadowRoot.childNodes];
    if (element instanceof HTMLSlotElement) {
      const assigned = element.assignedNodes({ flatten: true });
      if (assigned.length > 0) return assigned;
    }
    return [...element.childNodes];
  }

  function parentOf(element: Element): Element | null {
    const slot = element.assignedSlot;
    if (slot) return slot;
    if (element.parentElement) return element.parentElement;
    const root = element.getRootNode();
    return root instanceof ShadowRoot ? root.host : null;
  }

  function contains(outer: Element, inner: Element | null): boolean {
    for (let one = inner; one !== null; one = parentOf(one)) if (one === outer) return true;
    return false;
  }

  function closest(element: Element, fits: (one: Element) => boolean): Element | null {
    for (let one: Element | null = element; one !== null; one = parentOf(one)) if (fits(one)) return one;
    return null;
  }

  /** It takes part in the drawing of the page; its children may still be hidden, or shown. */
  function isDrawn(element: Element): boolean {
    return styleOf(element).display !== "none";
  }

  /** A person sees it: it has a size, is not transparent, and does not lie outside of the page. */
  function isSeen(element: Element): boolean {
    const style = styleOf(element);
    if (style.visibility !== "visible" || style.display === "none") return false;
    const rect = rectOf(element);
    if (style.display === "contents") return true;
    if (rect.width <= 1 || rect.height <= 1) return false;
    if (rect.right + scrollX <= 0 || rect.bottom + scrollY <= 0) return false;
    return !isTransparent(element);
  }

  const transparent = new Map<Element, boolean>();
  function isTransparent(element: Element): boolean {
    const known = transparent.get(element);
    if (known !== undefined) return known;
    const parent = parentOf(element);
    const is = Number(styleOf(element).opacity) < 0.05 || (parent !== null && isTransparent(parent));
    transparent.set(element, is);
    return is;
  }

  /** The place of an element in the markup, from the outside in. */
  const paths = new Map<Element, string>();
  function pathOf(element: Element): string {
    const known = paths.get(element);
    if (known !== undefined) return known;
    const parent = parentOf(element);
    const own = String(idOf(element));
    const path = parent === null ? own : `${pathOf(parent)}.${own}`;
    paths.set(element, path);
    return path;
  }

  function tidy(text: string | null | undefined): string {
    return (text ?? "").replaceAll(/\s+/g, " ").trim();
  }

  /** Whether the words say anything: marks such as ＊ and ： alone do not. */
  function saysSomething(text: string): boolean {
    return /[\p{L}\p{N}]/u.test(text);
  }

  const SILENT = new Set([
    "SCRIPT",
    "STYLE",
    "NOSCRIPT",
    "TEMPLATE",
    "OPTION",
    "OPTGROUP",
    "DATALIST",
    "HEAD",
    "TITLE",
  ]);

  /** The words of an element that a person sees, values of its fields included (those of passwords are not). */
  function wordsOf(element: Element, within = 4_000): string {
    let text = "";
    const visit = (node: Node): void => {
      if (text.length > within) return;
      if (node instanceof Text) {
        const parent = node.parentElement;
        if (parent === null || styleOf(parent).visibility === "visible") text += node.data;
        return;
      }
      if (!(node instanceof Element) || SILENT.has(node.tagName) || !isDrawn(node)) return;
      if (
        node instanceof HTMLInputElement ||
        node instanceof HTMLTextAreaElement ||
        node instanceof HTMLSelectElement
      ) {
        if (isSeen(node)) text += ` ${valueOf(node)} `;
        return;
      }
      const { display } = styleOf(node);
      const isBlock = !display.startsWith("inline") && display !== "contents";
      if (isBlock || node.tagName === "BR") text += "\n";
      for (const child of childrenOf(node)) visit(child);
      if (isBlock) text += "\n";
    };
    visit(element);
    return text
      .split("\n")
      .map(tidy)
      .filter((line) => line !== "")
      .join("\n");
  }

  /** The words that the style sheet writes before or after an element's own; icons and quotation marks are none. */
  function styledWords(element: Element, side: "::before" | "::after"): string {
    const { content, display } = getComputedStyle(element, side);
    if (display === "none") return "";
    const words = /^"([^]*)"$/.exec(content)?.[1]?.replaceAll(/\\(.)/g, "$1") ?? "";
    return saysSomething(words) ? words : "";
  }

  function valueOf(element: Element): string {
    if (element instanceof HTMLSelectElement) return tidy(element.selectedOptions[0]?.textContent);
    if (element instanceof HTMLTextAreaElement) return element.value;
    if (!(element instanceof HTMLInputElement)) return "";
    if (element.type === "password" || isMasked(element)) return element.value === "" ? "" : "●";
    if (element.type === "file") return [...(element.files ?? [])].map((file) => file.name).join(", ");
    if (["checkbox", "radio", "button", "submit", "reset", "image", "hidden"].includes(element.type)) return "";
    return element.value;
  }

  /** What a field draws as dots is a secret, whatever its type. */
  function isMasked(element: Element): boolean {
    const security = styleOf(element).getPropertyValue("-webkit-text-security");
    return security !== "" && security !== "none";
  }

  return {
    idOf,
    elementOf,
    styleOf,
    rectOf,
    childrenOf,
    parentOf,
    contains,
    closest,
    isDrawn,
    isSeen,
    isTransparent,
    pathOf,
    tidy,
    saysSomething,
    wordsOf,
    styledWords,
    valueOf,
    isMasked,
    SILENT,
  };
}

export type DomTools = ReturnType<typeof domTools>;
