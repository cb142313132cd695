import type { Control, PageReading } from "../../../selectors/dom/reading/reading.ts";

/** A control of a reading that was never made by a browser: a button with these words, where nothing else is said. */
export function controlOf(text: string, more: Partial<Control> = {}): Control {
  return {
    id: 1,
    frame: 0,
    kind: "button",
    names: [{ from: "own", text }],
    value: "",
    options: null,
    checked: null,
    expanded: null,
    selected: false,
    disabled: false,
    required: false,
    readOnly: false,
    hidden: false,
    covered: false,
    layer: null,
    path: "0:1",
    box: [0, 0, 10, 10],
    order: 1,
    row: null,
    tag: "button",
    mark: "",
    navigation: false,
    ...more,
  };
}

/** A reading of a page with nothing on it, but for what is said. */
export function readingOf(about: Partial<PageReading> = {}): PageReading {
  return {
    address: "https://portal.example/home",
    title: "",
    breadcrumb: "",
    headings: [],
    layers: [],
    messages: [],
    lines: [],
    controls: [],
    lists: [],
    steps: [],
    frames: [],
    busy: false,
    ...about,
  };
}
