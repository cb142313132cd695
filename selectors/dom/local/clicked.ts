import type { CDPSession, Page } from "playwright";
import { guarded } from "../guard.ts";
import { INSTALLED } from "../reading/in-page/source.ts";
import type { finder } from "../reading/in-page/finder.ts";
import type { Thing } from "./candidate.ts";

/** What a person has clicked on: the handles of the element and of what is around it, from the inside out. */
interface Clicked {
  /** In the page's own frame, and not in one within it. */
  readonly inPage: boolean;
  readonly handles: readonly number[];
}

const HIGHLIGHT = {
  showInfo: false,
  contentColor: { r: 232, g: 89, b: 12, a: 0.25 },
  borderColor: { r: 232, g: 89, b: 12, a: 0.9 },
};

/**
 * Waits until a person has clicked on something in the browser's window. The browser itself takes the click, as its tools for developers do: the page
 * never hears of it, and nothing is pressed.
 * @param withinMs how long a person has
 * @returns null where the person pressed Esc, or nothing came
 */
export async function clickedOn(page: Page, withinMs: number): Promise<Clicked | null> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send("DOM.enable");
    await session.send("Overlay.enable");
    const node = await inspected(page, session, withinMs);
    if (node === null) return null;
    const { object } = await session.send("DOM.resolveNode", { backendNodeId: node });
    if (object.objectId === undefined) return null;
    const { result } = await session.send("Runtime.callFunctionOn", {
      objectId: object.objectId,
      functionDeclaration: handlesAround.toString(),
      arguments: [{ value: INSTALLED }],
      returnByValue: true,
    });
    // What our own question has answered.
    return result.value as Clicked;
  } finally {
    await session.send("Overlay.disable").catch(() => undefined);
    await session.detach().catch(() => undefined);
  }
}

async function inspected(page: Page, session: CDPSession, withinMs: number): Promise<number | null> {
  const chosen = Promise.withResolvers<number | null>();
  const timer = setTimeout(() => chosen.resolve(null), withinMs);
  session.on("Overlay.inspectNodeRequested", ({ backendNodeId }) => {
    void guarded(page, "a person's click", () => chosen.resolve(backendNodeId))();
  });
  session.on("Overlay.inspectModeCanceled", () => {
    void guarded(page, "a person's Esc", () => chosen.resolve(null))();
  });
  try {
    await session.send("Overlay.setInspectMode", { mode: "searchForNode", highlightConfig: HIGHLIGHT });
    return await chosen.promise;
  } finally {
    clearTimeout(timer);
    await session.send("Overlay.setInspectMode", { mode: "none", highlightConfig: {} }).catch(() => undefined);
  }
}

/** Runs in the page, on the node that was clicked. */
function handlesAround(this: Node, installed: string): Clicked {
  const inPage = window === window.top;
  const reader = Reflect.get(globalThis, Symbol.for(installed)) as ReturnType<typeof finder> | undefined;
  const element = this instanceof Element ? this : this.parentElement;
  return { inPage, handles: reader === undefined || element === null ? [] : reader.handlesAround(element) };
}

/** Which of the things it is: the innermost that was clicked on. */
export function thingClicked({ inPage, handles }: Clicked, things: readonly Thing[]): Thing | null {
  const at = (thing: Thing): number => {
    const { id, frame } = thing.control ?? thing.line;
    return (frame === 0) === inPage ? handles.indexOf(id) : -1;
  };
  const clicked = things.filter((one) => at(one) >= 0).toSorted((a, b) => at(a) - at(b));
  // Words are what remains where they belong to nothing that can be used.
  return clicked.find(({ control }) => control !== null) ?? clicked[0] ?? null;
}
