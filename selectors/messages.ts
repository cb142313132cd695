import type { Page } from "playwright";
import type { Ear } from "./ear.ts";
import { visible } from "./part.ts";

/** Where portals put what they have to say: toasts, alerts, dialogs. */
const PLACES =
  "[role=alert], [role=status], [role=alertdialog], [role=dialog], dialog, .toast-body, [class*=toast], [class*=modal], [class*=message-box]";

/** The messages that a person sees now: dialogs of the browser since the last look, and toasts and boxes on the page. */
export async function readMessages(page: Page, ear: Ear): Promise<string[]> {
  const shown = await visible(page.locator(PLACES))
    .allInnerTexts()
    .catch((): string[] => []);
  return [...ear.heard(), ...shown].map((text) => text.replaceAll(/\s+/g, " ").trim()).filter((text) => text !== "");
}
