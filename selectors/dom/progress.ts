import type { Download, Page } from "playwright";
import { PageProblem } from "./problem.ts";

/** Watches whether a download goes on. */
export interface Progress {
  /** Rejects with `download-broken` when nothing has come for the time that is allowed; the download is cancelled by then. */
  readonly stalled: Promise<never>;
  stop(): void;
}

/**
 * Watches a download that has begun by what the browser says of its bytes (the event `Page.downloadProgress` of the DevTools protocol). Where the
 * browser says nothing of them, the whole download has as long as a pause may take.
 * @param page from which it came
 * @param stalledMs how long nothing may come
 */
export function watchProgress(page: Page, download: Download, what: string, stalledMs: number): Progress {
  const { promise, reject } = Promise.withResolvers<never>();
  // Who reads has won the race by then; the other side of it is nobody's any more.
  promise.catch(() => undefined);
  let detach: () => void = () => undefined;
  let received = -1;
  const give = (): void => {
    const sofar = received > 0 ? `已收到 ${received} 個位元組，之後 ` : "";
    const seen = `${sofar}${Math.round(stalledMs / 1000)} 秒沒有再收到東西，已取消下載`;
    const cancelled = quietly(() => download.cancel());
    void cancelled.then(() => reject(new PageProblem("download-broken", what, seen)));
  };
  let timer = setTimeout(give, stalledMs);
  const came = ({ receivedBytes }: { receivedBytes: number }): void => {
    if (receivedBytes <= received) return;
    received = receivedBytes;
    clearTimeout(timer);
    timer = setTimeout(give, stalledMs);
  };
  const listening = quietly(async () => {
    const session = await page.context().newCDPSession(page);
    session.on("Page.downloadProgress", came);
    await session.send("Page.enable");
    detach = () => void session.detach().catch(() => undefined);
  });
  return {
    stalled: promise,
    stop() {
      clearTimeout(timer);
      void listening.then(() => detach());
    },
  };
}

/** A page that is gone, or a browser that knows no such events, leaves only the clock. */
async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch {
    return;
  }
}
