/**
 * What a person has in front of them: one page as it stood in one moment, as plain data. The words are as printed; `words.ts` makes them
 * comparable. Handles (`id`) are numbers that the page keeps for its elements: `handle.ts` leads back to them.
 */
export interface PageReading {
  readonly address: string;
  readonly title: string;
  /** The way to this page as it prints it, such as `營業人功能選單 / … / 字軌號碼取號(BTB004W)`; "" where it prints none. */
  readonly breadcrumb: string;
  readonly headings: readonly Heading[];
  /** What lies over the page, the topmost first. */
  readonly layers: readonly Layer[];
  readonly messages: readonly Message[];
  /** All words in reading order, a line for each piece of text that stands alone. */
  readonly lines: readonly Line[];
  readonly controls: readonly Control[];
  readonly lists: readonly List[];
  /** Steps of a job of several pages (1 填寫 › 2 確認 › 3 完成), where the page says them as steps. */
  readonly steps: readonly { readonly text: string; readonly current: boolean }[];
  /** The addresses of the frames, the page's own first. */
  readonly frames: readonly string[];
  /** It shows nothing yet but that it is loading. */
  readonly busy: boolean;
}

export interface Heading {
  readonly text: string;
  readonly order: number;
  readonly layer: number | null;
}

export interface Layer {
  readonly id: number;
  /** Which frame of the page it is in, by the number that `PageReading.frames` gives it. */
  readonly frame: number;
  /** `dialog`: it says so itself; `over`: it lies over the page; `busy`: it only says that something is being loaded. */
  readonly kind: "dialog" | "over" | "busy";
  /** Nothing below it can be used. */
  readonly blocking: boolean;
  readonly words: string;
  /** The share of the window that it covers, 0 to 1. */
  readonly share: number;
}

export interface Message {
  readonly text: string;
  /** It says itself that it is a message (a role, a live region), or it is one by its looks only. */
  readonly sure: boolean;
}

/** Left, top, width and height in the frame, in CSS pixels, scrolled as it is. */
export type Box = readonly [left: number, top: number, width: number, height: number];

export interface Line {
  readonly id: number;
  readonly frame: number;
  readonly text: string;
  readonly order: number;
  readonly layer: number | null;
  readonly path: string;
  readonly box: Box;
  /** It is part of a control: a button's or an option's words. */
  readonly control: number | null;
  /** It stands in a table, or is a heading, or the label of a field. */
  readonly role: "plain" | "cell" | "header" | "heading" | "label" | "message";
}

export type ControlKind =
  | "button"
  | "link"
  | "tab"
  | "menuitem"
  /** Something without a role that looks as if it could be pressed. */
  | "clickable"
  | "text"
  | "password"
  | "select"
  /** A choice that the page draws itself: its options may exist only while it is open. */
  | "drawn-select"
  /** Several radio buttons, or things like them, of which one is chosen. */
  | "choice"
  | "checkbox"
  | "radio"
  | "file"
  | "option"
  | "picture"
  /** Mere words: what remains where nothing looks as if it could be pressed. */
  | "words";

/** From where a control has a name. */
export type NameSource =
  | "accessible"
  | "label"
  | "own"
  | "placeholder"
  | "floating"
  | "before"
  | "after"
  | "above"
  | "column"
  | "tooltip"
  | "picture"
  | "group"
  | "hint";

export interface Name {
  readonly from: NameSource;
  readonly text: string;
}

export interface Choice {
  /** The handle of what is pressed to choose it; null for an option of the browser's own select box. */
  readonly id: number | null;
  readonly text: string;
  readonly selected: boolean;
  readonly disabled: boolean;
}

export interface Control {
  readonly id: number;
  readonly frame: number;
  readonly kind: ControlKind;
  readonly names: readonly Name[];
  /** What it holds or shows as chosen; of a password only whether there is one (●). */
  readonly value: string;
  /** Null where it has none, or shows them only while it is open. */
  readonly options: readonly Choice[] | null;
  readonly checked: boolean | null;
  readonly expanded: boolean | null;
  readonly selected: boolean;
  readonly disabled: boolean;
  readonly required: boolean;
  readonly readOnly: boolean;
  /** It can't be seen, but what stands for it can: a file input behind a button, a tick box behind a drawn one. */
  readonly hidden: boolean;
  /** Something else lies over its middle. */
  readonly covered: boolean;
  /** The handle of the layer that it is in; null for the page itself. */
  readonly layer: number | null;
  /** Where it is in the markup: two controls are the nearer, the longer their paths agree. */
  readonly path: string;
  readonly box: Box;
  readonly order: number;
  /** The list and row that it stands in. */
  readonly row: number | null;
  /** Its markup, to be known again by. */
  readonly tag: string;
  /** What its makers call it: its id, or the name under which a form sends it; "" where it has neither. */
  readonly mark: string;
  /** It belongs to the site's navigation. */
  readonly navigation: boolean;
}

export interface Cell {
  readonly text: string;
  readonly id: number;
  /** It stands in a row above, and reaches down into this one. */
  readonly fromAbove: boolean;
}

export interface Row {
  readonly id: number;
  readonly cells: readonly Cell[];
}

export interface List {
  readonly id: number;
  readonly frame: number;
  readonly kind: "table" | "grid" | "cards" | "facts";
  /** The words over each column; empty where it has none. Of headers in several rows the lower ones, the upper before them. */
  readonly header: readonly string[];
  readonly rows: readonly Row[];
  readonly layer: number | null;
  readonly order: number;
}
