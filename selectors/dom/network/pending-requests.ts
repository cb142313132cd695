import type { Page, Request } from "playwright";
import { guarded } from "../guard.ts";
import { TIMING } from "../timing.ts";
import { ownRequestsOf } from "./own-requests.ts";

/** What a page has asked of its server and not got yet, but for what it asks by itself again and again. */
export interface PendingRequests {
  /** How many are under way that something on the page may wait for. */
  underWay(): number;
  /** When the last one ended; 0 while none has. */
  lastEnded(): number;
}

/** Kinds of requests whose answers can change a form. */
const CHANGING = new Set(["xhr", "fetch", "document", "script"]);

const followed = new WeakMap<Page, PendingRequests>();

/** Follows the page's requests from now on; once for each page. */
export function pendingRequestsOf(page: Page): PendingRequests {
  const known = followed.get(page);
  if (known) return known;
  const own = ownRequestsOf(page);
  const open = new Map<Request, number>();
  let lastEnded = 0;
  const began = (request: Request): void => {
    if (CHANGING.has(request.resourceType()) && !own.has(request)) open.set(request, Date.now());
  };
  const ended = guarded(page, "the end of a request", (request: Request): void => {
    if (open.delete(request)) lastEnded = Date.now();
  });
  page.on("request", guarded(page, "a request", began));
  page.on("requestfinished", ended);
  page.on("requestfailed", ended);
  const requests: PendingRequests = {
    underWay: () => [...open.values()].filter((since) => Date.now() - since < TIMING.heldOpen).length,
    lastEnded: () => lastEnded,
  };
  followed.set(page, requests);
  return requests;
}
