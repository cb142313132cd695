import type { Page } from "playwright";
import type { Ear } from "./ear.ts";

/** What page objects work on: the browser's page and what it says in dialogs. */
export interface Surface {
  readonly page: Page;
  readonly ear: Ear;
}
