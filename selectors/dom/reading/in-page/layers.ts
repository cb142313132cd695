import type { DomTools } from "./dom.ts";

export interface FoundLayer {
  readonly element: Element;
  readonly kind: "dialog" | "over" | "busy";
  readonly blocking: boolean;
  readonly words: string;
  readonly share: number;
}

/** Runs in the page: what lies over it, by what lies on top, not by the names of classes. Self-contained but for its tools. */
export function layerFinder(dom: DomTools) {
  const DIALOG_ROLES = new Set(["dialog", "alertdialog"]);
  const BUSY = /載入|讀取中|處理中|查詢中|請稍[候後等]|loading|please wait|processing/i;
  const POINTS = [0.1, 0.3, 0.5, 0.7, 0.9];

  /** The element on top at a point, inside of shadow roots too. */
  function topAt(x: number, y: number): Element | null {
    let top = document.elementFromPoint(x, y);
    while (top?.shadowRoot) {
      const inner = top.shadowRoot.elementFromPoint(x, y);
      if (inner === null || inner === top) break;
      top = inner;
    }
    return top;
  }

  function isDialog(element: Element): boolean {
    if (element instanceof HTMLDialogElement) return element.open;
    // The usual names of classes are only hints; what floats is found by that.
    if (["modal", "dialog", "popup", "message-box"].some((name) => element.classList.contains(name))) return true;
    return DIALOG_ROLES.has(element.getAttribute("role") ?? "") || element.getAttribute("aria-modal") === "true";
  }

  function floats(element: Element): boolean {
    const { position, zIndex } = dom.styleOf(element);
    return position === "fixed" || (position === "absolute" && Number(zIndex) >= 1);
  }

  function share(element: Element): number {
    const { left, top, right, bottom } = dom.rectOf(element);
    const width = Math.max(0, Math.min(right, innerWidth) - Math.max(left, 0));
    const height = Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, 0));
    return (width * height) / Math.max(1, innerWidth * innerHeight);
  }

  /** All that float, the outermost of each, with those dialogs that lie inside of one. */
  function candidates(root: Element): Element[] {
    const found: Element[] = [];
    const visit = (element: Element, inside: boolean): void => {
      if (!dom.isDrawn(element) || dom.SILENT.has(element.tagName)) return;
      const is = isDialog(element) || (!inside && floats(element));
      if (is && (hasBox(element) || dom.childrenOf(element).length > 0)) found.push(element);
      for (const child of dom.childrenOf(element)) if (child instanceof Element) visit(child, inside || is);
    };
    visit(root, false);
    return found;
  }

  function hasBox(element: Element): boolean {
    const rect = dom.rectOf(element);
    return (
      rect.width > 1 && rect.height > 1 && dom.styleOf(element).visibility === "visible" && !dom.isTransparent(element)
    );
  }

  function find(root: Element): FoundLayer[] {
    const all = candidates(root).filter((one) => isOver(one));
    // The holder of a dialog, such as its backdrop, is the dialog.
    const roots = all.filter(
      (one) => !all.some((other) => other !== one && isDialog(other) && dom.contains(one, other)),
    );
    const samples = POINTS.flatMap((x) => POINTS.map((y) => topAt(x * innerWidth, y * innerHeight)));
    const layers = roots.map((element) => describe(element, samples, all));
    // What only darkens the page beside a drawer, or below a dialog, is part of it.
    const isDarkened = layers.some(({ words, blocking }) => words === "" && blocking);
    const drawn = layers.map((one) => (isDarkened && isDrawer(one) ? { ...one, blocking: true } : one));
    const shown = drawn.filter(
      ({ words, blocking }) =>
        words !== "" || (blocking && !drawn.some((other) => other.words !== "" && other.blocking)),
    );
    return shown.sort((a, b) => rank(b.element, samples) - rank(a.element, samples));
  }

  /** Something with words at the side of the window, as high as it is. */
  function isDrawer({ element, words }: FoundLayer): boolean {
    return words !== "" && dom.rectOf(element).height >= innerHeight * 0.9 && share(element) > 0.1;
  }

  /** What the page's own frame is made of (a head that stays, a menu at the side) is no layer. */
  function isOver(element: Element): boolean {
    if (isDialog(element))
      return hasBox(element) || dom.childrenOf(element).some((child) => child instanceof Element && hasBox(child));
    if (!hasBox(element)) return false;
    if (
      element.matches(
        "header, footer, nav, aside, main, [role=banner], [role=navigation], [role=main], [role=contentinfo]",
      )
    )
      return false;
    if (element.querySelector("main, nav, header, [role=main], [role=navigation]") !== null) return false;
    const style = dom.styleOf(element);
    // A list that drops down, a label that floats in a field: small things that belong to where they are.
    return style.position === "fixed" || share(element) > 0.3;
  }

  function describe(element: Element, samples: readonly (Element | null)[], all: readonly Element[]): FoundLayer {
    const words = dom.wordsOf(element);
    const mine = samples.filter((top) => top !== null && dom.contains(element, top)).length;
    const behind = all.filter((one) => one !== element && dom.wordsOf(one) === "" && share(one) > 0.8).length > 0;
    const holder = all.find((one) => one !== element && dom.contains(one, element) && share(one) > 0.8);
    const modal =
      element.getAttribute("aria-modal") === "true" ||
      (element instanceof HTMLDialogElement && element.matches(":modal"));
    const blocking = modal || mine >= samples.length * 0.8 || behind || holder !== undefined;
    const isBusy =
      blocking &&
      !isDialog(element) &&
      (words === ""
        ? element.querySelector("button, a, input, i, span") === null
        : BUSY.test(words) && words.length < 40);
    return {
      element,
      kind: isBusy ? "busy" : isDialog(element) ? "dialog" : "over",
      blocking,
      words,
      share: share(element),
    };
  }

  /** How much on top it is: what is seen at its own middle, then the order of drawing. */
  function rank(element: Element, samples: readonly (Element | null)[]): number {
    const rect = dom.rectOf(element);
    const top = topAt(rect.left + rect.width / 2, rect.top + rect.height / 2);
    const isOnTop = top !== null && dom.contains(element, top);
    const seen = samples.filter((one) => one !== null && dom.contains(element, one)).length;
    const z = Number(dom.styleOf(element).zIndex);
    return (isOnTop ? 1_000_000 : 0) + (Number.isFinite(z) ? Math.min(z, 99_999) : 0) + seen;
  }

  return { find, topAt };
}

export type LayerFinder = ReturnType<typeof layerFinder>;
