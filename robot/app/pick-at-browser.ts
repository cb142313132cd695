import type { Page } from "playwright";
import { type Chooser, letChoose } from "../../selectors/dom/local/choose.ts";
import { clickedOn, thingClicked } from "../../selectors/dom/local/clicked.ts";
import { unknownOn } from "../../selectors/dom/local/not-known.ts";
import { readPage } from "../../selectors/dom/reading/read-page.ts";
import type { ShownThing, UnknownPart } from "../../selectors/page-check.ts";
import { Failure } from "../failures/failure.ts";
import { adoptPicks, type NewPick } from "../picks/picks.ts";

/** How a person at the browser is asked. */
export interface PickDialog {
  readonly by: string;
  /** The only part that is asked about; null where all are. */
  readonly only: string | null;
  /** Something on this page is to be clicked on. */
  asks(part: UnknownPart, page: Page): void;
  /** What was clicked on can't be it. */
  refuses(part: UnknownPart, why: string): void;
  /** The old and the new, to be agreed to where the page can't reach. */
  agrees(part: UnknownPart, thing: Pick<ShownThing, "words" | "kind" | "candidates">): Promise<boolean>;
}

/** Milliseconds in which a person finds something on a page. */
const PATIENCE_MS = 5 * 60_000;
/** How often one part is asked for, where something else was clicked on. */
const TRIES = 5;

/** Lets the person show what is not found on this page. @param file where it is written down */
export function pickAt(page: Page, dialog: PickDialog, file: string): void {
  letChoose(page, chooserOf(dialog, file));
}

function chooserOf(dialog: PickDialog, file: string): Chooser {
  return async (page, missing) => {
    const { parts } = unknownOn(await readPage(page), missing);
    const picks: NewPick[] = [];
    for (const part of parts) {
      if (dialog.only !== null && dialog.only !== part.id) continue;
      const thing = await askedFor(part);
      // Whoever runs the robot's commands on this machine administers it: its settings and this very file are theirs.
      if (thing !== null) picks.push({ part, thing, by: dialog.by, role: "manage" });
    }
    if (picks.length === 0) return false;
    await adoptPicks(file, picks, new Date());
    return true;

    async function askedFor(part: UnknownPart): Promise<ShownPick | null> {
      for (let tried = 0; tried < TRIES; tried++) {
        const waiting = clickedOn(page, PATIENCE_MS);
        dialog.asks(part, page);
        const clicked = await waiting;
        if (clicked === null) return null;
        const { things } = unknownOn(await readPage(page), missing);
        const shown = things.filter(({ fits }) => fits.includes(part.id));
        const at = thingClicked(
          clicked,
          shown.map(({ thing }) => thing),
        );
        const found = shown.find(({ thing }) => thing === at);
        if (found === undefined) dialog.refuses(part, `點到的不是${part.purpose}，請再點一次`);
        else if (found.candidates.length === 0)
          dialog.refuses(part, `「${found.words}」在這一頁不只一個，重新開啟後分不出是哪一個，請再點一次`);
        else if (await dialog.agrees(part, found)) return found;
      }
      throw new Failure("wrong-use", { wanted: `「${part.name}」現在的位置`, seen: `點了 ${TRIES} 次都不是` });
    }
  };
}

type ShownPick = NewPick["thing"];
