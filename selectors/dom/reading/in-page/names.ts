import type { Name, NameSource } from "../reading.ts";
import type { DomTools } from "./dom.ts";
import type { ControlItem, Item, TextItem } from "./walk.ts";

/** Runs in the page: what a person would call a control, by all that names it. Self-contained but for its tools. */
export function namer(
  dom: DomTools,
  accessibleName: (element: Element) => string,
  columnOf: (element: Element) => string,
  layerOf: (element: Element) => number | null,
  unseenChoiceIn: (element: Element) => Element | null,
) {
  const FILLABLE = new Set(["text", "password", "select", "drawn-select", "checkbox", "radio", "file"]);
  /** What stands beside a field and explains it, such as "（8 碼數字）" or "請輸入…": not its name, where there is another. */
  const HINT = /^\s*([（(※【[]|[＊*][^]*(必填|必要|表示|為)|請(輸入|填|選)|例[：:如]|必填|選填|格式|最多|僅限|註|限)/;
  const FAR_LEFT = 320;
  const FAR_ABOVE = 64;

  function namesOf(item: ControlItem, index: number, items: readonly Item[]): Name[] {
    const { element, kind } = item;
    const names: Name[] = [];
    const add = (from: NameSource, text: string | null | undefined): void => {
      const tidy = dom.tidy(text).slice(0, 200);
      if (dom.saysSomething(tidy) || /^[✕✖×╳xX＋+<>«»‹›…▶◀→←]$/u.test(tidy))
        if (!names.some((one) => one.text === tidy && one.from === from)) names.push({ from, text: tidy });
    };
    const isField = FILLABLE.has(kind);
    if (!isField) add("own", element instanceof HTMLInputElement ? element.value : dom.wordsOf(element, 300));
    // Who made the page names the part that has the role, though another part of it is seen.
    const named = unseenChoiceIn(element) ?? element;
    for (const label of labelsOf(named)) add("label", labelWords(label, named));
    add("accessible", safeName(named));
    add("placeholder", element.getAttribute("placeholder") ?? element.getAttribute("aria-placeholder"));
    if (kind === "checkbox" || kind === "radio") add("after", textAfter(index, items));
    if (isField || kind === "picture" || kind === "clickable" || kind === "button") {
      add("floating", floatingIn(element, items));
      add("before", textBefore(item, index, items));
      add("before", textLeftOf(element, items));
      add("above", textAbove(element, items));
      add("column", columnOf(element));
    }
    for (const text of tooltipsOf(element)) add("tooltip", text);
    for (const text of picturesIn(element)) add("picture", text);
    if (isField) add("group", groupOf(element));
    const isNamed = names.some(({ from }) => ["own", "label", "accessible", "tooltip", "picture"].includes(from));
    if (!isNamed) add("hint", hintOf(element));
    return names;
  }

  function safeName(element: Element): string {
    try {
      return accessibleName(element);
    } catch {
      return element.getAttribute("aria-label") ?? "";
    }
  }

  function labelsOf(element: Element): Element[] {
    const own =
      "labels" in element && element.labels instanceof NodeList
        ? [...(element.labels as NodeListOf<HTMLLabelElement>)]
        : [];
    // A label's words may stand around the field in it; a hidden field is labelled by what is drawn for it.
    const around = dom.closest(element, (one) => one instanceof HTMLLabelElement);
    return around && !own.includes(around as HTMLLabelElement) ? [...own, around] : own;
  }

  /** A label's words without those of the field that it holds. */
  function labelWords(label: Element, field: Element): string {
    if (!dom.contains(label, field)) return dom.wordsOf(label);
    const value = dom.valueOf(field);
    return dom.wordsOf(label).replace(value === "" ? /$^/ : value, "");
  }

  function isReal(item: Item, element: Element): item is TextItem {
    if (item.type !== "text" || !dom.saysSomething(item.text)) return false;
    if (item.control !== null && item.control !== element) return false;
    if (layerOf(item.element) !== layerOf(element)) return false;
    const label = dom.closest(item.element, (one) => one instanceof HTMLLabelElement);
    // Words that label something else do not name this.
    if (!(label instanceof HTMLLabelElement)) return true;
    return label.control === null || label.control === element || dom.contains(element, label.control);
  }

  /** The words right before it in reading order, no other field in between. */
  function textBefore({ element, kind }: ControlItem, index: number, items: readonly Item[]): string {
    let hint = "";
    for (let at = index - 1; at >= 0; at--) {
      const item = items[at];
      if (item === undefined) break;
      if (item.type === "control") {
        if (dom.contains(item.element, element)) continue;
        // What shows its own words is named by words before it only where nothing else stands between.
        const showsWords = (kind === "button" || kind === "clickable") && dom.wordsOf(element, 300) !== "";
        if (showsWords || (FILLABLE.has(item.kind) && FILLABLE.has(kind))) break;
        continue;
      }
      if (!isReal(item, element) || item.control === element) continue;
      if (headsColumn(item.element, element) || floatsElsewhere(item, element, items)) continue;
      if (!HINT.test(item.text)) return item.text;
      if (hint === "") hint = item.text;
    }
    return hint;
  }

  /** The words are the header of a column, and the control stands in another row of the same table. */
  function headsColumn(words: Element, element: Element): boolean {
    const header = dom.closest(words, (one) => one.tagName === "TH" || one.getAttribute("role") === "columnheader");
    if (header === null) return false;
    const row = dom.parentOf(header);
    const table = dom.closest(header, (one) => one.tagName === "TABLE" || one.getAttribute("role") === "grid");
    return row !== null && table !== null && dom.contains(table, element) && !dom.contains(row, element);
  }

  /** The words float in another field: they are that one's name. */
  function floatsElsewhere({ rect }: TextItem, element: Element, items: readonly Item[]): boolean {
    return items.some((item) => item.type === "control" && item.element !== element && isAt(rect, item.element));
  }

  function isAt(words: DOMRect, element: Element): boolean {
    if (
      !(
        element instanceof HTMLInputElement ||
        element instanceof HTMLTextAreaElement ||
        element instanceof HTMLSelectElement
      )
    )
      return false;
    const rect = dom.rectOf(element);
    const x = (words.left + words.right) / 2;
    const y = (words.top + words.bottom) / 2;
    return x > rect.left && x < rect.right && y > rect.top - 10 && y < rect.bottom;
  }

  function textAfter(index: number, items: readonly Item[]): string {
    const next = items[index + 1];
    return next?.type === "text" && next.control === null ? next.text : "";
  }

  function textLeftOf(element: Element, items: readonly Item[]): string {
    const rect = shownRect(element);
    let best: TextItem | null = null;
    for (const item of items) {
      if (!isReal(item, element) || item.control !== null || HINT.test(item.text)) continue;
      const gap = rect.left - item.rect.right;
      const overlap = Math.min(rect.bottom, item.rect.bottom) - Math.max(rect.top, item.rect.top);
      if (gap < -4 || gap > FAR_LEFT || overlap < Math.min(rect.height, item.rect.height) * 0.5) continue;
      if (best === null || item.rect.right > best.rect.right) best = item;
    }
    if (best === null || fieldBetween(best.rect, rect, items, element)) return "";
    return best.text;
  }

  function textAbove(element: Element, items: readonly Item[]): string {
    const rect = shownRect(element);
    let best: TextItem | null = null;
    for (const item of items) {
      if (!isReal(item, element) || item.control !== null || HINT.test(item.text)) continue;
      const gap = rect.top - item.rect.bottom;
      const starts = Math.abs(item.rect.left - rect.left) < 40;
      const over = Math.min(rect.right, item.rect.right) - Math.max(rect.left, item.rect.left);
      if (gap < -4 || gap > FAR_ABOVE || !(starts || over > Math.min(rect.width, item.rect.width) * 0.5)) continue;
      if (best === null || item.rect.bottom > best.rect.bottom) best = item;
    }
    if (best === null || fieldBetween(best.rect, rect, items, element)) return "";
    return best.text;
  }

  function fieldBetween(from: DOMRect, to: DOMRect, items: readonly Item[], except: Element): boolean {
    const box = {
      left: Math.min(from.left, to.left),
      right: Math.max(from.right, to.right),
      top: Math.min(from.top, to.top),
      bottom: Math.max(from.bottom, to.bottom),
    };
    return items.some((item) => {
      if (
        item.type !== "control" ||
        !FILLABLE.has(item.kind) ||
        dom.contains(item.element, except) ||
        dom.contains(except, item.element)
      )
        return false;
      const { left, right, top, bottom } = dom.rectOf(item.element);
      const x = (left + right) / 2;
      const y = (top + bottom) / 2;
      const isAcross = left < box.right && right > box.left && y > box.top && y < box.bottom;
      const isAlong = top < box.bottom && bottom > box.top && x > box.left && x < box.right;
      return isAcross || isAlong;
    });
  }

  /** Words that float inside an empty field, or on its edge. */
  function floatingIn(element: Element, items: readonly Item[]): string {
    for (const item of items)
      if (isReal(item, element) && item.control === null && isAt(item.rect, element)) return item.text;
    return "";
  }

  /** Where a person sees it: what is drawn for a hidden field is its label, or what surrounds it. */
  function shownRect(element: Element): DOMRect {
    for (let one: Element | null = element; one !== null; one = dom.parentOf(one))
      if (dom.isSeen(one)) return dom.rectOf(one);
    return dom.rectOf(element);
  }

  function tooltipsOf(element: Element): string[] {
    const own = [
      "title",
      "data-tooltip",
      "data-title",
      "data-original-title",
      "data-bs-original-title",
      "aria-description",
    ].map((name) => element.getAttribute(name) ?? "");
    const inner = [...element.querySelectorAll("[title], [aria-label]")]
      .slice(0, 4)
      .map((one) => one.getAttribute("title") ?? one.getAttribute("aria-label") ?? "");
    const holder = dom.parentOf(element);
    const around =
      holder !== null && holder.childElementCount === 1
        ? [holder.getAttribute("title") ?? "", holder.getAttribute("data-tooltip") ?? ""]
        : [];
    return [...own, ...inner, ...around];
  }

  function picturesIn(element: Element): string[] {
    const pictures = [element, ...element.querySelectorAll("img, svg, [role=img]")].slice(0, 5);
    return pictures.map((one) => one.getAttribute("alt") ?? one.querySelector(":scope > title")?.textContent ?? "");
  }

  function groupOf(element: Element): string {
    const group = dom.closest(
      element,
      (one) => one.tagName === "FIELDSET" || ["group", "radiogroup"].includes(one.getAttribute("role") ?? ""),
    );
    if (group === null) return "";
    const by = group.getAttribute("aria-labelledby");
    const named = by === null ? null : document.getElementById(by);
    return group.getAttribute("aria-label") ?? named?.textContent ?? group.querySelector("legend")?.textContent ?? "";
  }

  /** The names that the page's makers gave it, where it has no other: an icon's class, the symbol that it draws. */
  function hintOf(element: Element): string {
    const marks = [element, ...element.querySelectorAll("*")].slice(0, 6);
    return marks
      .map(
        (one) =>
          `${one.getAttribute("class") ?? ""} ${one.getAttribute("href") ?? one.getAttribute("xlink:href") ?? ""}`,
      )
      .join(" ");
  }

  return { namesOf, textBefore, textAbove, shownRect };
}

export type Namer = ReturnType<typeof namer>;
