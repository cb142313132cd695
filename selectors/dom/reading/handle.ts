import { type Frame, type Locator, type Page, selectors } from "playwright";
import { READER } from "./in-page/source.ts";
import type { Wanted } from "./in-page/finder.ts";
import { frameOf } from "./read-page.ts";
import type { Control, Layer, Line } from "./reading.ts";
import type { ListRow } from "./rows.ts";

const ENGINE = "read";

/** Leads from a handle of a reading back to its element; see `finder`. */
await selectors
  .register(
    ENGINE,
    `(() => {
      const find = (root, body) => ${READER}.find(root, JSON.parse(body));
      return { query: (root, body) => find(root, body)[0] ?? null, queryAll: find };
    })()`,
  )
  .catch((error: unknown) => {
    // A process may load this module twice, as test runners do; the engine is the same.
    if (!String(error).includes("already registered")) throw error;
  });

/** The element of a control, as it is when it is used: it counts only while it is still what was read. */
export function controlAt(scope: Page | Locator, control: Control): Locator {
  const names = control.names.filter(({ from }) => from !== "group" && from !== "hint").map(({ text }) => text);
  const isNamedByPlace = !["button", "link", "tab", "menuitem", "clickable", "option"].includes(control.kind);
  const stable = isNamedByPlace ? names.slice(0, 2) : names;
  return locate(scope, control.frame, { id: control.id, kind: control.kind, names: stable });
}

export function lineAt(scope: Page | Locator, line: Line): Locator {
  return locate(scope, line.frame, { id: line.id, kind: "words", names: [line.text] });
}

/** @param words that the row still has to say */
export function rowAt(scope: Page | Locator, { id, frame, words }: Pick<ListRow, "id" | "frame" | "words">): Locator {
  return locate(scope, frame, { id, kind: "row", names: words });
}

export function layerAt(page: Page, { id, frame }: Layer): Locator {
  return locate(page, frame, { id, kind: "layer", names: [] });
}

function locate(scope: Page | Locator, frame: number, wanted: Wanted): Locator {
  const selector = `${ENGINE}=${JSON.stringify(wanted)}`;
  if (!("goto" in scope)) return scope.locator(selector);
  const inner: Frame = frameOf(scope, frame);
  return inner.locator(selector);
}
