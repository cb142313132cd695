import type { Page } from "playwright";
import { visible } from "./part.ts";

/** Where portals put what they have to say: toasts, alerts, dialogs. */
const PLACES =
  "[role=alert], [role=status], [role=alertdialog], [role=dialog], dialog, .toast-body, [class*=toast], [class*=notification], [class*=modal], [class*=message-box]";

/** The messages that a person sees on the page now, each on one line. */
export async function shownMessages(page: Page): Promise<string[]> {
  const shown = await visible(page.locator(PLACES))
    .allInnerTexts()
    .catch((): string[] => []);
  return shown.map((text) => text.replaceAll(/\s+/g, " ").trim()).filter((text) => text !== "");
}
