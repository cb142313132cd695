import type { ChangeCounter } from "./changes.ts";
import type { DomTools } from "./dom.ts";
import type { FrameReading } from "./reader.ts";

/** What is looked for again: something that a reading has named. */
export interface Wanted {
  readonly id: number;
  readonly kind: string;
  /** Its words; for something that is filled in, what it is called. */
  readonly names: readonly string[];
}

/**
 * Runs in the page: reads it, and leads from a handle back to its element. An element counts only while it is still what was read: the
 * same kind, called the same. One that was drawn again is found by that, if there is only one. Self-contained.
 */
export function finder(
  make: () => { readonly dom: DomTools; readonly reader: { read(root: Element): FrameReading } },
  changes: ChangeCounter,
) {
  const PRESSED = new Set(["button", "link", "tab", "menuitem", "clickable", "option"]);

  function rootOf(scope: Node): Element {
    if (scope instanceof Document) return scope.documentElement;
    if (scope instanceof ShadowRoot) return scope.host;
    return scope instanceof Element ? scope : document.documentElement;
  }

  function isWithin(dom: DomTools, scope: Node, element: Element): boolean {
    return scope instanceof Document || dom.contains(rootOf(scope), element);
  }

  /** The last reading of the whole page, as long as nothing has changed since. */
  let last: { readonly word: string; readonly reading: FrameReading } | null = null;

  function readWhole(root: Element): { readonly word: string; readonly reading: FrameReading } {
    if (last !== null && last.word === changes.now()) return last;
    const reading = make().reader.read(root);
    last = { word: changes.now(), reading };
    return last;
  }

  function find(scope: Node, wanted: Wanted): Element[] {
    const { dom, reader } = make();
    if (wanted.kind === "over") return topmost(dom);
    const same = dom.elementOf(wanted.id);
    if (same && isWithin(dom, scope, same) && isStill(dom, same, wanted)) return [same];
    if (["cell", "layer"].includes(wanted.kind)) return [];
    const root = rootOf(scope);
    const reading = root === document.documentElement ? readWhole(root).reading : reader.read(root);
    if (wanted.kind === "row") return rowsSaying(dom, reading, wanted.names);
    const again =
      wanted.kind === "words"
        ? reading.lines.filter(({ text, control }) => control === null && wanted.names.includes(text))
        : reading.controls.filter((control) => {
            const names = control.names.map(({ text }) => text);
            if (wanted.kind === "choosing") return opens(control.kind) && isCalled(names, wanted.names);
            if (control.kind !== wanted.kind || names.length === 0) return false;
            return PRESSED.has(control.kind) ? wanted.names[0] === names[0] : isCalled(names, wanted.names);
          });
    const [only, ...others] = again;
    const element = only === undefined || others.length > 0 ? null : dom.elementOf(only.id);
    return element === null ? [] : [element];
  }

  /** A button, or something like it, that may show what is chosen. */
  function opens(kind: string): boolean {
    return kind === "button" || kind === "clickable";
  }

  function isCalled(names: readonly string[], wanted: readonly string[]): boolean {
    return wanted.length > 0 && wanted.every((name) => names.includes(name));
  }

  /** A row that was drawn again is the one part of the page that says the same, and nothing more than a button's words. */
  function rowsSaying(dom: DomTools, reading: FrameReading, names: readonly string[]): Element[] {
    const tight = (text: string): string => text.replaceAll(/\s/g, "");
    const words = names.map(tight).filter((name) => name !== "");
    const [first] = words;
    if (first === undefined) return [];
    const longest = words.join("").length + 12;
    const found = new Set<Element>();
    for (const line of reading.lines) {
      if (!tight(line.text).includes(first)) continue;
      const start = dom.elementOf(line.id);
      const row =
        start &&
        dom.closest(start, (one) => {
          const said = tight(dom.wordsOf(one, longest * 2));
          return words.every((word) => said.includes(word));
        });
      if (row && tight(dom.wordsOf(row, longest * 2)).length <= longest) found.add(row);
    }
    return found.size === 1 ? [...found] : [];
  }

  /** Something that lies over the middle of the window and floats: quickly seen, since it is asked before every act. */
  function topmost(dom: DomTools): Element[] {
    const top = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
    const over =
      top === null
        ? null
        : dom.closest(
            top,
            (one) =>
              dom.styleOf(one).position === "fixed" || one.matches("dialog[open], [role=dialog], [role=alertdialog]"),
          );
    return over === null ? [] : [over];
  }

  function isStill(dom: DomTools, element: Element, { kind, names }: Wanted): boolean {
    const [name = ""] = names;
    if (kind === "row") {
      const words = dom.tidy(dom.wordsOf(element));
      return names.every((one) => words.includes(dom.tidy(one)));
    }
    if (kind === "words") return dom.tidy(dom.wordsOf(element)).includes(name);
    if (!PRESSED.has(kind) || names.length === 0) return true;
    const own = element instanceof HTMLInputElement ? element.value : dom.tidy(dom.wordsOf(element, 300));
    const said = [own, element.getAttribute("aria-label"), element.getAttribute("title"), element.getAttribute("alt")];
    return own === "" ? true : said.some((text) => text !== null && names.includes(dom.tidy(text)));
  }

  /** From the inside out; what a label names comes right after it. */
  function handlesAround(start: Element): number[] {
    const { dom } = make();
    const handles: number[] = [];
    for (let one: Element | null = start; one !== null; one = dom.parentOf(one)) {
      handles.push(dom.idOf(one));
      if (one instanceof HTMLLabelElement && one.control !== null) handles.push(dom.idOf(one.control));
    }
    return handles;
  }

  return {
    handlesAround,
    read: (root: Element | null): FrameReading => make().reader.read(root ?? document.documentElement),
    /** @param word of an earlier reading; null where nothing has changed since */
    readSince: (word: string | null): { readonly word: string; readonly reading: FrameReading } | null => {
      // A document that has only begun is read once it is there.
      const root: Element | null = document.documentElement;
      if (root === null) throw new Error("There is no documentElement yet.");
      return changes.now() === word ? null : readWhole(root);
    },
    /** @see ChangeCounter */
    nextChange: changes.next,
    find,
  };
}
