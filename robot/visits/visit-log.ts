import type { BrowserContext, Request } from "playwright";
import { guarded } from "../../selectors/dom/guard.ts";
import { followPages, withoutQuery } from "../../selectors/dom/page-log.ts";
import type { RunLog } from "../log/log.ts";

/**
 * Writes what is finer than an event of the record to the log, where its level is `debug`: each act on a page, each look and what it found, each request
 * without its query and its body.
 */
export function logVisit(context: BrowserContext, log: RunLog, visit: number): void {
  if (!log.writes("debug")) return;
  followPages(context, {
    act: (what, address) => log.write("debug", "page.act", { visit, what, address }),
    look: (what, found) => log.write("debug", "page.look", { visit, what, found }),
  });
  const wrote = (request: Request, about: { readonly status?: number; readonly failed?: string }): void =>
    log.write("debug", "page.request", {
      visit,
      method: request.method(),
      address: withoutQuery(request.url()),
      kind: request.resourceType(),
      ms: Math.max(0, Math.round(request.timing().responseEnd)),
      ...about,
    });
  context.on(
    "requestfinished",
    guarded(context, "a request that has ended", async (request: Request) => {
      const response = await request.response().catch(() => null);
      wrote(request, response === null ? {} : { status: response.status() });
    }),
  );
  context.on(
    "requestfailed",
    guarded(context, "a request that has failed", (request: Request) =>
      wrote(request, { failed: request.failure()?.errorText ?? "" }),
    ),
  );
}
