import type { BrowserContext, Route, WebSocketRoute } from "playwright";
import { guarded } from "../../selectors/dom/guard.ts";

/** Where a context may go. */
export interface AllowList {
  /** Names, `*.example.tw` for any name below, or `host:port` for one port of it. */
  readonly hosts: readonly string[];
  /** What stays blocked even on one of these hosts. */
  readonly never?: (url: URL) => boolean;
}

/**
 * Lets a context load from the allowed hosts only. Everything else is blocked and reported, each host once: the robot's browser
 * holds a business's session and has no reason to talk to anyone else.
 */
export async function allowOnly(
  context: BrowserContext,
  { hosts, never = () => false }: AllowList,
  onBlocked: (host: string) => void | Promise<void>,
): Promise<void> {
  const reported = new Set<string>();
  const report = async (address: string): Promise<void> => {
    const { host } = new URL(address);
    if (reported.has(host)) return;
    reported.add(host);
    await onBlocked(host);
  };
  const isElsewhere = (url: URL): boolean => never(url) || !isAllowed(url, hosts);
  await context.route(
    isElsewhere,
    guarded(context, "a request to a host that is not allowed", async (route: Route) => {
      // First of all it does not go out, whatever else goes wrong here.
      await route.abort("blockedbyclient");
      await report(route.request().url());
    }),
  );
  // A socket is no request of its own: it is taken from the page before it is opened, and nothing opens it.
  await context.routeWebSocket(
    isElsewhere,
    guarded(context, "a socket to a host that is not allowed", async (socket: WebSocketRoute) => {
      await socket.close({ code: 1008, reason: "blocked" });
      await report(socket.url());
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
