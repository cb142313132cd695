import type { Locator, Page } from "playwright";
import { controlAt, layerAt, lineAt } from "../reading/handle.ts";
import { type Button, closerOf, natureOf } from "../reading/over.ts";
import type { Layer, PageReading } from "../reading/reading.ts";
import { TIMING } from "../timing.ts";
import { followed, tellAct } from "../page-log.ts";

/** The button of a reading as something to press. */
export function buttonAt(page: Page, { control, line }: Button): Locator {
  if (control !== null) return controlAt(page, control);
  if (line !== null) return lineAt(page, line);
  throw new Error("A button is a control or words.");
}

/**
 * Closes what lies over the page as a person would, where it only informs. What asks for something is left as it is.
 * @returns whether it was closed
 */
export async function clearLayer(page: Page, reading: PageReading, layer: Layer): Promise<boolean> {
  const closer = closerOf(reading, layer);
  const gone = async (): Promise<boolean> =>
    layerAt(page, layer)
      .waitFor({ state: "hidden", timeout: TIMING.gone })
      .then(
        () => true,
        () => false,
      );
  try {
    if (closer !== null) {
      await followed(buttonAt(page, closer)).click({ timeout: TIMING.closer });
      return await gone();
    }
    const nature = natureOf(reading, layer);
    if (nature !== "other" && nature !== "receipt" && nature !== "news") return false;
    tellAct(page, "Escape");
    await page.keyboard.press("Escape");
    return await gone();
  } catch {
    // It may have gone by itself, or be redrawn: the next look tells.
    return false;
  }
}
