import type { Page, Route } from "playwright";
import { guarded } from "../../selectors/dom/guard.ts";

/** Which requests are kept from being repeated by the browser itself; `http1` where only HTTP/1.1 is spoken. */
export type SendOnce = "http1" | "always" | "never";

const CHANGING = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/**
 * While `work` runs, what the page sends to change something reaches the server at most once.
 *
 * The quirk: when a kept-alive connection is cut before the answer, Chromium sends the POST again by itself, and one click takes
 * effect twice. So here such a request is taken from the browser and sent by Playwright, which does not repeat it. A file that
 * is uploaded as multipart can't be taken (its bytes are not handed over) and goes the browser's way.
 */
export async function sendOnce<T>(page: Page, mode: SendOnce, work: () => Promise<T>): Promise<T> {
  if (mode === "never") return work();
  const taken = new Set<Route>();
  const hand = guarded(page, "a request that changes something", async (route: Route) => {
    await handOver(page, route, mode, taken).catch(async (error: unknown) => {
      // A request that nobody answers would hang: the page sees a broken connection, and the run fails with the error.
      await route.abort("failed").catch(() => undefined);
      throw error;
    });
  });
  await page.route("**/*", hand);
  try {
    return await work();
  } finally {
    // The browser sends a request that it still holds as soon as nobody stands in its way: one without an answer would go out again.
    await Promise.all([...taken].map((route) => route.abort("connectionreset").catch(() => undefined)));
    await page.unroute("**/*", hand);
  }
}

async function handOver(page: Page, route: Route, mode: SendOnce, taken: Set<Route>): Promise<void> {
  const request = route.request();
  const multipart = (request.headers()["content-type"] ?? "").startsWith("multipart/");
  if (!CHANGING.has(request.method()) || multipart) return route.fallback();
  if (mode === "http1" && !(await speaksHttp1(page, request.url()))) return route.fallback();
  taken.add(route);
  try {
    const response = await route.fetch({ maxRedirects: 0, maxRetries: 0, timeout: 0 });
    await route.fulfill({ response });
  } catch {
    // The page sees a broken connection, as it would have; whether the portal acted is for the effect to find out.
    await route.abort("connectionreset").catch(() => undefined);
  } finally {
    taken.delete(route);
  }
}

/** Plain addresses always do; others as far as the page's own resources of that host tell. */
async function speaksHttp1(page: Page, address: string): Promise<boolean> {
  const { protocol, origin } = new URL(address);
  if (protocol === "http:") return true;
  const protocols = await page
    .evaluate(
      (wanted) =>
        [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
          .filter((entry) => entry.name.startsWith(wanted))
          .map((entry) => ("nextHopProtocol" in entry ? String(entry.nextHopProtocol) : "")),
      origin,
    )
    .catch((): string[] => []);
  return protocols.some((one) => one.startsWith("http/1"));
}
