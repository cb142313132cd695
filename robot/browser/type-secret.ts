import type { Locator } from "playwright";
import { insertText } from "../../selectors/dom/reading/ask-page.ts";
import { askElement } from "../../selectors/dom/reading/handle.ts";
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
  const isEmpty = await askElement(field, mask);
  await followed(field, "a secret is typed").click();
  if (!isEmpty) {
    await field.press("ControlOrMeta+a");
    await field.press("Delete");
  }
  await insertText(field.page(), secret.reveal()).catch(() => {
    throw new Failure("form-mismatch", { wanted: `輸入${secret.name}`, seen: "瀏覽器沒有收下輸入" });
  });
  if ((await askElement(field, valueOf)) !== secret.reveal()) {
    throw new Failure("form-mismatch", { wanted: `輸入${secret.name}`, seen: "欄位讀回來的內容不同" });
  }
}

/** Runs in the page. Whether the field is empty as well. */
function mask(element: Element): boolean {
  if (element instanceof HTMLElement) element.style.setProperty("-webkit-text-security", "disc");
  return element instanceof HTMLInputElement && element.value === "";
}

/** Runs in the page. */
function valueOf(element: Element): string | null {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.value : null;
}

/** The page's own address and that of the frame that the field stands in: neither may be a stranger's. */
async function assertAt(field: Locator, secret: Secret, hosts: readonly string[]): Promise<void> {
  const origin = await askElement(field, (element) => element.ownerDocument.defaultView?.origin ?? "null");
  for (const address of [field.page().url(), origin]) {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (url !== null && isConfidential(url) && isAllowed(url, hosts)) continue;
    const seen = `頁面在 ${url === null ? address : url.origin}，密碼沒有輸入`;
    throw new Failure("foreign-site", { wanted: `在 ${hosts.join("、")} 輸入${secret.name}`, seen });
  }
}
