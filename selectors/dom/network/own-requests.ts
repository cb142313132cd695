import type { Page, Request } from "playwright";
import { guarded } from "../guard.ts";
import { interactionsWith } from "../interaction-log.ts";
import { TIMING } from "../timing.ts";

/** What a page asks by itself again and again, such as whether there is news. No press has caused it. */
export interface OwnRequests {
  has(request: Request): boolean;
}

/** So often the same has to have been asked, before it is taken to be the page's own. */
const OFTEN = 3;

interface Asked {
  /** How many times, those at once counted as one. */
  times: number;
  last: number;
  /** How often the page had been acted on when it was asked first. */
  readonly since: number;
}

const followed = new WeakMap<Page, OwnRequests>();

/**
 * Follows the page from now on; once for each page. What is asked more often than anything was pressed or filled in is asked by the page
 * itself.
 */
export function ownRequestsOf(page: Page): OwnRequests {
  const known = followed.get(page);
  if (known) return known;
  const asked = new Map<string, Asked>();
  page.on(
    "request",
    guarded(page, "a request", (request: Request): void => {
      if (!["xhr", "fetch"].includes(request.resourceType())) return;
      const key = keyOf(request);
      const now = Date.now();
      const before = asked.get(key);
      if (before === undefined) asked.set(key, { times: 1, last: now, since: interactionsWith(page) });
      else {
        if (now - before.last > TIMING.settled) before.times++;
        before.last = now;
      }
    }),
  );
  const own: OwnRequests = {
    has: (request) => {
      const found = asked.get(keyOf(request));
      return found !== undefined && found.times >= OFTEN && found.times > interactionsWith(page) - found.since + 1;
    },
  };
  followed.set(page, own);
  return own;
}

/** What is asked; a number that only keeps an answer from being kept does not make it another question. */
function keyOf(request: Request): string {
  const { origin, pathname, searchParams } = new URL(request.url());
  const said = [...searchParams].map(([name, value]) => `${name}=${/^\d{10,}$/.test(value) ? "" : value}`);
  return [request.method(), origin + pathname, ...said, request.postData() ?? ""].join("\n");
}
