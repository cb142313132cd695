import type { BrowserContext, Route } from "playwright";
import { guarded } from "../../selectors/dom/guard.ts";

/**
 * Lets a context load from the allowed hosts only. Everything else is blocked and reported, each host once: the robot's browser
 * holds a business's session and has no reason to talk to anyone else.
 * @param hosts names, `*.example.tw` for any name below, or `host:port` for one port of it
 */
export async function allowOnly(
  context: BrowserContext,
  hosts: readonly string[],
  onBlocked: (host: string) => void | Promise<void>,
): Promise<void> {
  const reported = new Set<string>();
  await context.route(
    (url) => !isAllowed(url, hosts),
    guarded(context, "a request to a host that is not allowed", async (route: Route) => {
      // First of all it does not go out, whatever else goes wrong here.
      await route.abort("blockedbyclient");
      const { host } = new URL(route.request().url());
      if (reported.has(host)) return;
      reported.add(host);
      await onBlocked(host);
    }),
  );
}

export function isAllowed(url: URL, hosts: readonly string[]): boolean {
  if (url.protocol === "data:" || url.protocol === "blob:" || url.protocol === "about:") return true;
  return hosts.some((allowed) => {
    if (allowed.startsWith("*.")) return url.hostname.endsWith(allowed.slice(1));
    return url.host === allowed || url.hostname === allowed;
  });
}
