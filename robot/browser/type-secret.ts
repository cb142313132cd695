import type { Locator } from "playwright";
import { Failure } from "../failures/failure.ts";
import type { Secret } from "../lib/secret.ts";

/**
 * Types a secret into a field. The only function that does; it takes nothing but a `Secret`.
 *
 * `fill()` and `type()` put the value into traces, call logs and error messages. Here it goes through the browser's own input
 * (which the page sees as real input events), into a field whose glyphs are masked, while no trace is running.
 * @throws Failure `form-mismatch` when the field does not hold it afterwards; the message has the field's name only
 */
export async function typeSecret(field: Locator, secret: Secret): Promise<void> {
  await field.evaluate((element) => {
    if (element instanceof HTMLElement) element.style.setProperty("-webkit-text-security", "disc");
  });
  await field.click();
  await field.press("ControlOrMeta+a");
  await field.press("Delete");
  const page = field.page();
  const session = await page.context().newCDPSession(page);
  try {
    await session.send("Input.insertText", { text: secret.reveal() });
  } catch {
    throw new Failure("form-mismatch", { wanted: `輸入${secret.name}`, seen: "瀏覽器沒有收下輸入" });
  } finally {
    await session.detach().catch(() => undefined);
  }
  if ((await field.inputValue()) !== secret.reveal()) {
    throw new Failure("form-mismatch", { wanted: `輸入${secret.name}`, seen: "欄位讀回來的內容不同" });
  }
}
