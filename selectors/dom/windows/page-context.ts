import type { Page } from "playwright";
import type { DialogMonitor } from "./dialogs.ts";

/** What page objects work on: the browser's page and what it says in dialogs. */
export interface PageContext {
  readonly page: Page;
  readonly dialogs: DialogMonitor;
}

/** How a page came to be in front: it was there and clean already, or has just been loaded. */
export type Arrival = "stayed" | "opened";

/** What is told of the page in front by those who use it. */
export interface PageUse {
  /** It is clean: nothing on it was filled without being sent, no box is open, and what was asked for has come. */
  markClean(): void;
  /** It is not, or is about not to be: anyone who wants it next has it reloaded. */
  markDirty(): void;
}

/** Of a page on which nobody stays. */
export const NO_USE: PageUse = { markClean: () => undefined, markDirty: () => undefined };
