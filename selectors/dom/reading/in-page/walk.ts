import type { ControlKind } from "../reading.ts";
import type { DomTools } from "./dom.ts";

/** A piece of text that stands alone: the words of one block, up to the next control or line break. */
export interface TextItem {
  readonly type: "text";
  /** The block, or the inline element, that holds it. */
  readonly element: Element;
  text: string;
  rect: DOMRect;
  /** The control that it is part of. */
  readonly control: Element | null;
}

export interface ControlItem {
  readonly type: "control";
  readonly element: Element;
  readonly kind: ControlKind;
}

export type Item = TextItem | ControlItem;

/** Runs in the page: all words and controls under an element, in reading order. Self-contained but for the tools it is given. */
export function walker(dom: DomTools) {
  const TEXT_ROLES = new Set(["textbox", "searchbox", "spinbutton"]);
  const NOT_TEXT = new Set([
    "checkbox",
    "radio",
    "file",
    "button",
    "submit",
    "reset",
    "image",
    "hidden",
    "range",
    "color",
  ]);
  const LONGEST_BUTTON = 60;

  function kindOf(element: Element): ControlKind | null {
    const role = element.getAttribute("role") ?? "";
    if (element instanceof HTMLInputElement) return kindOfInput(element, role);
    if (element instanceof HTMLSelectElement) return "select";
    if (role === "combobox" || element.getAttribute("aria-haspopup") === "listbox") return "drawn-select";
    if (element instanceof HTMLTextAreaElement || TEXT_ROLES.has(role)) return "text";
    if (role === "button") return "button";
    if (role === "tab") return "tab";
    if (role === "option" || role === "treeitem") return role === "option" ? "option" : "menuitem";
    if (role.startsWith("menuitem")) return "menuitem";
    if (role === "checkbox" || role === "switch") return "checkbox";
    if (role === "radio") return "radio";
    if (role === "link") return "link";
    if (element instanceof HTMLButtonElement || element.tagName === "SUMMARY") return "button";
    if (element instanceof HTMLAnchorElement) return isLink(element) ? "link" : null;
    if (element instanceof HTMLElement && element.isContentEditable) {
      return dom.parentOf(element) instanceof HTMLElement && isEditable(dom.parentOf(element)) ? null : "text";
    }
    if (element instanceof HTMLImageElement || element instanceof HTMLCanvasElement || role === "img")
      return isClickable(element) ? "clickable" : "picture";
    if (unseenChoiceIn(element) !== null) return "drawn-select";
    return isClickable(element) ? "clickable" : null;
  }

  const drawn = new Map<Node, Map<Element, Element>>();

  /** The choice that is drawn by this: what has the role is an input that nobody sees, in the frame that everybody does. */
  function unseenChoiceIn(element: Element): Element | null {
    const root = element.getRootNode();
    const known = drawn.get(root) ?? framesIn(root);
    drawn.set(root, known);
    return known.get(element) ?? null;
  }

  /** The innermost thing to be seen around each unseen choice, where it holds no other field. */
  function framesIn(root: Node): Map<Element, Element> {
    const frames = new Map<Element, Element>();
    if (!(root instanceof Document || root instanceof ShadowRoot)) return frames;
    for (const input of root.querySelectorAll("input[role=combobox], input[aria-haspopup=listbox]")) {
      if (dom.isSeen(input)) continue;
      const frame = dom.closest(input, (one) => one !== input && dom.isSeen(one));
      if (frame === null || frame === document.body || frame.getAttribute("role") === "combobox") continue;
      if (frame.querySelectorAll("input, select, textarea").length === 1) frames.set(frame, input);
    }
    return frames;
  }

  function isEditable(element: Element | null): boolean {
    return element instanceof HTMLElement && element.isContentEditable;
  }

  function kindOfInput(input: HTMLInputElement, role: string): ControlKind | null {
    if (input.type === "hidden") return null;
    if (input.type === "password") return "password";
    if (input.type === "checkbox" || input.type === "radio" || input.type === "file") return input.type;
    if (NOT_TEXT.has(input.type)) return "button";
    if (role === "combobox" || input.getAttribute("aria-haspopup") === "listbox") return "drawn-select";
    return input.readOnly && opensSomething(input) ? "drawn-select" : "text";
  }

  /** What can't be typed into but invites a press, by itself or by what is drawn close around it, opens a choice. */
  function opensSomething(input: Element): boolean {
    if (dom.styleOf(input).cursor === "pointer") return true;
    if (isPicker(input)) return true;
    let holder = dom.parentOf(input);
    for (let up = 0; holder !== null && up < 2; up++) {
      if (holder.querySelectorAll("input, select, textarea").length > 1) return false;
      if (holder.hasAttribute("aria-expanded") || holder.hasAttribute("aria-haspopup") || isPicker(holder)) return true;
      holder = dom.parentOf(holder);
    }
    return false;
  }

  /** Libraries of components call what opens a calendar so. */
  function isPicker(element: Element): boolean {
    return /(^|[\s_-])(date|month|year)?-?(picker|calendar|date-editor)($|[\s_-])/i.test(
      element.getAttribute("class") ?? "",
    );
  }

  function isLink(element: HTMLAnchorElement): boolean {
    return (
      element.hasAttribute("href") || element.hasAttribute("onclick") || element.tabIndex >= 0 || isPointer(element)
    );
  }

  function isPointer(element: Element): boolean {
    return dom.styleOf(element).cursor === "pointer";
  }

  /** Something without a role that can be pressed, as far as its looks and its attributes tell. */
  function isClickable(element: Element): boolean {
    if (element instanceof HTMLLabelElement || element === document.body || element === document.documentElement)
      return false;
    if (element instanceof HTMLTableRowElement || element.getAttribute("role") === "row") return false;
    const parent = dom.parentOf(element);
    const invites =
      isCloseMark(element) ||
      element.hasAttribute("onclick") ||
      (element.hasAttribute("tabindex") && Number(element.getAttribute("tabindex")) >= 0) ||
      (isPointer(element) && (parent === null || !isPointer(parent)));
    if (!invites) return false;
    if (dom.closest(element, (one) => one instanceof HTMLLabelElement)) return false;
    // A place that holds fields, or a whole article, is no button, whatever its cursor.
    if (element.querySelector("input, select, textarea, table") !== null) return false;
    return dom.wordsOf(element, LONGEST_BUTTON * 2).length <= LONGEST_BUTTON;
  }

  /** A mark that closes what it is in, drawn by its class alone: icons have no words. */
  function isCloseMark(element: Element): boolean {
    const marks = /(^|[\s_-])(close|dismiss)($|[\s_-])/i;
    if (!marks.test(element.getAttribute("class") ?? "") || element.childElementCount > 1) return false;
    const { width, height } = dom.rectOf(element);
    return width < 64 && height < 64 && dom.tidy(element.textContent).length < 2;
  }

  const HOLDS_WORDS = new Set<ControlKind>([
    "button",
    "link",
    "tab",
    "menuitem",
    "clickable",
    "option",
    "drawn-select",
  ]);

  function walk(root: Element): Item[] {
    const items: Item[] = [];
    let open: { item: TextItem; block: Element; parent: Element; blank: boolean } | null = null;
    const range = document.createRange();

    const close = (): void => {
      if (open && open.item.text.trim() === "") items.splice(items.indexOf(open.item), 1);
      else if (open) open.item.text = open.item.text.replaceAll(/\s+/g, " ").trim();
      open = null;
    };

    const write = (node: Text, parent: Element, block: Element, control: Element | null): void => {
      if (node.data.trim() === "" && !open) return;
      if (dom.styleOf(parent).visibility !== "visible" || dom.isTransparent(parent)) return;
      range.selectNodeContents(node);
      const rect = range.getBoundingClientRect();
      if (node.data.trim() !== "" && (rect.width <= 1 || rect.height <= 1)) return;
      put(node.data, rect, parent, block, control);
    };

    /** Words that only the style sheet writes. */
    const writeStyled = (
      element: Element,
      side: "::before" | "::after",
      block: Element,
      control: Element | null,
    ): void => {
      const text = dom.styledWords(element, side);
      if (text !== "" && dom.isSeen(element)) put(text, dom.rectOf(element), element, block, control);
    };

    const put = (text: string, rect: DOMRect, parent: Element, block: Element, control: Element | null): void => {
      // Words in elements of their own with a blank between them, such as 是 否, are two things.
      const isApart =
        open !== null && open.blank && open.parent !== block && parent !== block && parent !== open.parent;
      if (open && open.block === block && open.item.control === control && !(isApart && text.trim() !== "")) {
        open.blank = text.trim() === "";
        if (!open.blank) open.parent = parent;
        open.item.text += text;
        if (text.trim() !== "") open.item.rect = union(open.item.rect, rect);
        return;
      }
      close();
      if (text.trim() === "") return;
      const item: TextItem = { type: "text", element: parent, text, rect, control };
      items.push(item);
      open = { item, block, parent, blank: false };
    };

    const visit = (node: Node, block: Element, control: Element | null): void => {
      if (node instanceof Text) {
        const parent = node.parentElement ?? (node.getRootNode() instanceof ShadowRoot ? block : null);
        if (parent) write(node, parent, block, control);
        return;
      }
      if (!(node instanceof Element) || dom.SILENT.has(node.tagName)) return;
      if (!dom.isDrawn(node)) {
        // A file input that a page hides behind its own button is still where the file goes.
        if (node instanceof HTMLInputElement && node.type === "file")
          items.push({ type: "control", element: node, kind: "file" });
        else
          for (const file of node.querySelectorAll("input[type=file]"))
            if (!node.hasAttribute("hidden")) items.push({ type: "control", element: file, kind: "file" });
        return;
      }
      const { display } = dom.styleOf(node);
      const isBlock = display !== "inline" && display !== "contents";
      const kind = kindOf(node);
      const inner = isBlock ? node : block;
      if (isBlock || kind !== null || node.tagName === "BR") close();
      let holder = control;
      if (kind !== null && isShownControl(node, kind)) {
        items.push({ type: "control", element: node, kind });
        if (HOLDS_WORDS.has(kind)) holder = node;
        if (kind === "select" || kind === "text") return close();
        if (kind === "drawn-select") {
          visitText(node, inner, node);
          return close();
        }
      }
      if (!(node instanceof SVGElement)) {
        writeStyled(node, "::before", inner, holder);
        for (const child of dom.childrenOf(node)) visit(child, inner, holder);
        writeStyled(node, "::after", inner, holder);
      }
      if (isBlock || kind !== null) close();
    };

    /** The words inside a choice that the page draws; what it is made of inside is no control of its own. */
    const visitText = (element: Element, block: Element, control: Element): void => {
      for (const child of dom.childrenOf(element)) {
        if (child instanceof Text) write(child, element, block, control);
        else if (child instanceof Element && dom.isDrawn(child) && !dom.SILENT.has(child.tagName)) {
          if (child.getAttribute("role") === "listbox" || child.getAttribute("role") === "option")
            visit(child, block, null);
          else visitText(child, block, control);
        }
      }
    };

    visit(root, root, null);
    close();
    return items;
  }

  /** Ticks, radio buttons and file inputs are often hidden behind something drawn; everything else has to be seen. */
  function isShownControl(element: Element, kind: ControlKind): boolean {
    if (kind === "file" || kind === "checkbox" || kind === "radio") return true;
    if (kind === "picture") {
      const rect = dom.rectOf(element);
      return dom.isSeen(element) && rect.width >= 24 && rect.height >= 12;
    }
    return dom.isSeen(element) || (kind === "link" && hasSeenChild(element));
  }

  function hasSeenChild(element: Element): boolean {
    return dom.childrenOf(element).some((child) => child instanceof Element && dom.isSeen(child));
  }

  function union(a: DOMRect, b: DOMRect): DOMRect {
    const left = Math.min(a.left, b.left);
    const top = Math.min(a.top, b.top);
    return new DOMRect(left, top, Math.max(a.right, b.right) - left, Math.max(a.bottom, b.bottom) - top);
  }

  return { walk, kindOf, unseenChoiceIn };
}

export type Walker = ReturnType<typeof walker>;
