import type { Locator } from "playwright";
import { findIfThere, part } from "./part.ts";
import { touch } from "./touched.ts";

const toggle = part(
  "menu.toggle",
  "隱藏選單",
  { role: "button", name: /(隱藏|收合|關閉|開關).*選單|選單.*(隱藏|收合|開關)/ },
  { role: "link", name: /(隱藏|收合|關閉|開關).*選單|選單.*(隱藏|收合|開關)/ },
);

/** Milliseconds after which something that can't be clicked is taken to be covered. */
const COVERED_MS = 1_500;

/**
 * Clicks where the left menu may lie over what is to be clicked: then the menu is hidden first. A page that comes from the server
 * shows its buttons before the script has come that makes them work.
 */
export async function click(target: Locator): Promise<void> {
  await target.page().waitForLoadState("domcontentloaded");
  const covered = await target.click({ trial: true, timeout: COVERED_MS }).then(
    () => false,
    () => true,
  );
  if (covered) await (await findIfThere(target.page(), toggle, COVERED_MS))?.click();
  await touch(target).click();
}
