import type { Page, Request, Response } from "playwright";
import { guarded } from "../guard.ts";
import { TIMING } from "../timing.ts";
import { ownRequestsOf } from "./own-requests.ts";

/** What a press, or another act, made the page ask of the portal. */
export interface NetworkActivity {
  /** Nothing has been asked for the given number of milliseconds since the act. */
  isSilent(forMs: number): boolean;
  /** All that was asked has been answered well, the given number of milliseconds ago. */
  isAnswered(agoMs: number): boolean;
  /** Something was asked, and all of it has ended, well or not. */
  isOver(): boolean;
  stop(): void;
}

/**
 * Acts, and watches what that makes the page ask of the portal. What the page asks by itself again and again is not caused by it, nor what is
 * first asked when the press would long be taken to be swallowed.
 */
export async function observeRequests(page: Page, act: () => Promise<void>): Promise<NetworkActivity> {
  const own = ownRequestsOf(page);
  const open = new Set<Request>();
  let actedAt: number | null = null;
  let asked = false;
  let refused = false;
  let answeredAt = 0;
  const began = guarded(page, "a request", (request: Request): void => {
    if (!["xhr", "fetch", "document"].includes(request.resourceType()) || own.has(request)) return;
    if (!asked && actedAt !== null && Date.now() - actedAt > TIMING.swallowed) return;
    asked = true;
    open.add(request);
  });
  const answered = guarded(page, "an answer", (response: Response): void => {
    if (open.has(response.request()) && response.status() >= 400) refused = true;
  });
  const ended = guarded(page, "the end of a request", (request: Request): void => {
    if (open.delete(request)) answeredAt = Date.now();
  });
  const lost = guarded(page, "a request that failed", (request: Request): void => {
    if (open.delete(request)) refused = true;
  });
  const stop = (): void => {
    page.off("request", began);
    page.off("response", answered);
    page.off("requestfinished", ended);
    page.off("requestfailed", lost);
  };
  page.on("request", began);
  page.on("response", answered);
  page.on("requestfinished", ended);
  page.on("requestfailed", lost);
  try {
    await act();
  } catch (error) {
    stop();
    throw error;
  }
  const since = Date.now();
  actedAt = since;
  return {
    isSilent: (forMs) => !asked && Date.now() - since > forMs,
    isAnswered: (agoMs) => asked && !refused && open.size === 0 && Date.now() - answeredAt > agoMs,
    isOver: () => asked && open.size === 0,
    stop,
  };
}
