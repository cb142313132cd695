import type { Locator } from "playwright";
import { isAllowed } from "./allow-list.ts";
import { isConfidential } from "../lib/loopback.ts";
import { Failure } from "../failures/failure.ts";
import type { Secret } from "../lib/secret.ts";
import { followed } from "../../selectors/dom/page-log.ts";

/**
 * Types a secret into a field. The only function that does; it takes nothing but a `Secret`.
 *
 * `fill()` and `type()` put the value into traces, call logs and error messages. Here it goes through the browser's own input
 * (which the page sees as real input events), into a field whose glyphs are masked, while no trace is running.
 * @param hosts where it belongs, as for `allowOnly`; a redirect may have led the browser to another site that looks the same
 * @throws Failure `foreign-site` where the field is on a page of another host, or of `http:` from another machine; `form-mismatch` when it
 *   does not hold the secret afterwards. The message has the field's name only
 */
export async function typeSecret(field: Locator, secret: Secret, hosts: readonly string[]): Promise<void> {
  await assertAt(field, secret, hosts);
  await field.evaluate((element) => {
    if (element instanceof HTMLElement) element.style.setProperty("-webkit-text-security", "disc");
  });
  await followed(field, "a secret is typed").click();
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

/** The page's own address and that of the frame that the field stands in: neither may be a stranger's. */
async function assertAt(field: Locator, secret: Secret, hosts: readonly string[]): Promise<void> {
  const origin = await field.evaluate((element) => element.ownerDocument.defaultView?.origin ?? "null");
  for (const address of [field.page().url(), origin]) {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (url !== null && isConfidential(url) && isAllowed(url, hosts)) continue;
    const seen = `頁面在 ${url === null ? address : url.origin}，密碼沒有輸入`;
    throw new Failure("foreign-site", { wanted: `在 ${hosts.join("、")} 輸入${secret.name}`, seen });
  }
}
