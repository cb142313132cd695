import type { Choice, Control, ControlKind } from "../reading.ts";
import type { DomTools } from "./dom.ts";
import type { LayerFinder } from "./layers.ts";
import type { Namer } from "./names.ts";
import type { ControlItem, Item } from "./walk.ts";

/** Runs in the page: the controls with their names and states. Self-contained but for its tools. */
export function controlReader(dom: DomTools, layers: LayerFinder, namer: Namer) {
  const NAVIGATION = "nav, aside, [role=navigation], [role=menubar], [role=menu], [role=tree]";
  const CHOSEN = /(^|[\s_-])(active|selected|checked|current|on|is-active|is-checked)($|[\s_-])/i;

  interface Place {
    layerOf(element: Element): number | null;
    rowOf(element: Element): number | null;
    readonly blocking: Element | null;
  }

  function read(items: readonly Item[], place: Place): Control[] {
    const controls: Control[] = [];
    items.forEach((item, index) => {
      if (item.type === "control") controls.push(describe(item, index, items, place));
    });
    return [...controls, ...choices(items, controls, place)];
  }

  function describe(item: ControlItem, order: number, items: readonly Item[], place: Place): Control {
    const { element, kind } = item;
    const shown = dom.isSeen(element) || kind === "link";
    return {
      ...common(element, kind, order, place),
      names: namer.namesOf(item, order, items),
      value: valueOf(element, kind),
      options: element instanceof HTMLSelectElement ? [...element.options].map(asChoice) : null,
      checked: checkedOf(element, kind),
      hidden: !shown,
      covered: isCovered(element, kind, place),
    };
  }

  function common(element: Element, kind: ControlKind, order: number, place: Place) {
    const expanded = element.getAttribute("aria-expanded");
    const rect = dom.rectOf(element);
    return {
      id: dom.idOf(element),
      frame: 0,
      kind,
      expanded: expanded === null ? null : expanded === "true",
      selected: isSelected(element),
      disabled: isDisabled(element),
      required: element.matches("[required], [aria-required=true]"),
      readOnly: element.matches("[readonly], [aria-readonly=true]"),
      layer: place.layerOf(element),
      path: dom.pathOf(element),
      box: [rect.left, rect.top, rect.width, rect.height] as const,
      order,
      row: place.rowOf(element),
      tag: element.tagName.toLowerCase(),
      mark: element.id || (element.getAttribute("name") ?? ""),
      navigation: dom.closest(element, (one) => one.matches(NAVIGATION)) !== null,
    };
  }

  function isDisabled(element: Element): boolean {
    if (element.matches(":disabled") || element.getAttribute("aria-disabled") === "true") return true;
    return dom.styleOf(element).pointerEvents === "none" && /disabled/i.test(element.getAttribute("class") ?? "");
  }

  function isSelected(element: Element): boolean {
    const said =
      element.getAttribute("aria-selected") ??
      element.getAttribute("aria-pressed") ??
      element.getAttribute("aria-checked");
    if (said !== null) return said === "true";
    const current = element.getAttribute("aria-current");
    return (current !== null && current !== "false") || CHOSEN.test(element.getAttribute("class") ?? "");
  }

  function checkedOf(element: Element, kind: ControlKind): boolean | null {
    if (kind !== "checkbox" && kind !== "radio") return null;
    return element instanceof HTMLInputElement ? element.checked : element.getAttribute("aria-checked") === "true";
  }

  function valueOf(element: Element, kind: ControlKind): string {
    if (kind === "drawn-select") return shownChoice(element);
    if (kind === "text" && !(element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement))
      return dom.isMasked(element) ? "●" : (element.textContent ?? "");
    return dom.valueOf(element);
  }

  /** What a drawn choice shows; the part that has its role may be an empty input with the value drawn beside it. */
  function shownChoice(element: Element): string {
    let frame: Element | null = element;
    for (let up = 0; frame !== null && up < 3; up++) {
      const text = frame instanceof HTMLInputElement ? frame.value : dom.tidy(dom.wordsOf(frame, 200));
      if (text !== "") return text;
      const parent: Element | null = dom.parentOf(frame);
      if (parent === null || parent.querySelectorAll("input, select, [role=combobox]").length > 1) return "";
      frame = parent;
    }
    return "";
  }

  function asChoice(option: HTMLOptionElement): Choice {
    return {
      id: null,
      text: dom.tidy(option.label || option.textContent),
      selected: option.selected,
      disabled: option.disabled,
    };
  }

  /** Something else lies over its middle; what can't be seen without scrolling is covered where a layer blocks the page. */
  function isCovered(element: Element, kind: ControlKind, place: Place): boolean {
    const rect = namer.shownRect(element);
    const x = rect.left + rect.width / 2;
    const y = rect.top + rect.height / 2;
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight)
      return place.blocking !== null && !dom.contains(place.blocking, element);
    const top = layers.topAt(x, y);
    if (top === null || dom.contains(element, top) || dom.contains(top, element)) return false;
    const parent = dom.parentOf(element);
    if (parent !== null && dom.contains(parent, top)) return false;
    const label = dom.closest(top, (one) => one instanceof HTMLLabelElement);
    if (label instanceof HTMLLabelElement && label.control === element) return false;
    return kind !== "file" || place.blocking !== null;
  }

  /** Radio buttons, and things that are pressed like them, as one choice each. */
  function choices(items: readonly Item[], controls: readonly Control[], place: Place): Control[] {
    const groups = new Map<Element | string, { item: ControlItem; control: Control }[]>();
    for (const control of controls) {
      const item = items[control.order];
      if (item?.type !== "control") continue;
      const group = groupOf(item);
      if (group === null) continue;
      const members = groups.get(group) ?? [];
      members.push({ item, control });
      groups.set(group, members);
    }
    const found: Control[] = [];
    for (const members of groups.values()) {
      const [first] = members;
      if (first === undefined || members.length < 2) continue;
      const element = commonParent(members.map(({ item }) => item.element));
      if (element === null) continue;
      const looks = members.map(({ item }) => lookOf(item.element));
      const titles = titlesOf(members.map(({ item }) => item.element));
      const options = members.map(({ control, item }, at) => ({
        id: control.id,
        text: titles?.[at] ?? optionText(control),
        selected: control.checked ?? (isSelected(item.element) || standsOut(looks, at)),
        disabled: control.disabled,
      }));
      const order = first.control.order;
      const names = namer
        .namesOf({ type: "control", element, kind: "choice" }, order, items)
        .filter(({ from }) => from === "accessible");
      const before = namer.textBefore({ type: "control", element: first.item.element, kind: "radio" }, order, items);
      if (before !== "") names.push({ from: "before", text: before });
      const above = namer.textAbove(element, items);
      if (above !== "" && above !== before) names.push({ from: "above", text: above });
      names.push(...first.control.names.filter(({ from }) => from === "group"));
      found.push({
        ...common(element, "choice", order, place),
        names,
        value: options.find(({ selected }) => selected)?.text ?? "",
        options,
        checked: null,
        hidden: false,
        covered: false,
      });
    }
    return found;
  }

  /** Options may be explained below their names: then the first line of each is what it is called. Null where they are not. */
  function titlesOf(elements: readonly Element[]): string[] | null {
    const lines = elements.map((element) =>
      dom.wordsOf(dom.closest(element, (one) => one instanceof HTMLLabelElement) ?? element, 300).split("\n"),
    );
    const titles = lines.map(([first = ""]) => first);
    const isExplained = lines.some(({ length }) => length > 1);
    return isExplained && titles.every((title) => title !== "") && new Set(titles).size === titles.length
      ? titles
      : null;
  }

  function optionText({ names }: Control): string {
    return (
      (
        names.find(({ from }) => from === "label" || from === "own") ??
        names.find(({ from }) => from === "after" || from === "accessible")
      )?.text ?? ""
    );
  }

  function groupOf({ element, kind }: ControlItem): Element | string | null {
    if (kind === "radio") {
      const group = dom.closest(element, (one) => one.getAttribute("role") === "radiogroup");
      if (group !== null) return group;
      return element instanceof HTMLInputElement && element.name !== ""
        ? `radio ${element.name}`
        : grandparentOf(element);
    }
    if (kind !== "clickable" && kind !== "button" && kind !== "option") return null;
    const parent = dom.parentOf(element);
    return parent !== null && dom.tidy(element.textContent).length > 0 ? parent : null;
  }

  function grandparentOf(element: Element): Element | null {
    const label = dom.closest(element, (one) => one instanceof HTMLLabelElement) ?? element;
    return dom.parentOf(label);
  }

  function commonParent(elements: readonly Element[]): Element | null {
    const [first] = elements;
    if (first === undefined) return null;
    return dom.closest(first, (one) => one !== first && elements.every((other) => dom.contains(one, other)));
  }

  function lookOf(element: Element): string {
    const { backgroundColor, borderColor, color, fontWeight } = dom.styleOf(element);
    return [backgroundColor, borderColor, color, fontWeight].join(" ");
  }

  /** Of several that look alike, the one that does not is the chosen one; of two nobody can tell. */
  function standsOut(looks: readonly string[], at: number): boolean {
    const others = looks.filter((_, index) => index !== at);
    return others.length > 1 && new Set(others).size === 1 && others[0] !== looks[at];
  }

  return { read };
}

export type ControlReader = ReturnType<typeof controlReader>;
