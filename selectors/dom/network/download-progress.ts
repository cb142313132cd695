import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext, Download, Page } from "playwright";
import { PageError } from "../page-error.ts";
import { TIMING } from "../timing.ts";

/** Watches whether a download goes on. */
export interface Progress {
  /** Rejects with `download-broken` when nothing has come for the time that is allowed, and cancels the download. */
  readonly stalled: Promise<never>;
  stop(): void;
}

const folders = new WeakMap<BrowserContext, string>();

/** Says where the browser writes what this context downloads: by how that grows, a download that goes on is distinguished from one that has stalled. */
export function setDownloadFolder(context: BrowserContext, folder: string): void {
  folders.set(context, folder);
}

/**
 * Watches a download that has begun. Where it is not known where the browser writes it, the whole download has as long as a pause may take.
 * @param stalledMs how long nothing may come
 */
export function watchProgress(page: Page, download: Download, what: string, stalledMs: number): Progress {
  const { promise, reject } = Promise.withResolvers<never>();
  // Who reads has won the race by then; the other side of it is nobody's any more.
  promise.catch(() => undefined);
  const folder = folders.get(page.context());
  let received = 0;
  let since = Date.now();
  const look = async (): Promise<void> => {
    const now = folder === undefined ? 0 : await bytesIn(folder);
    if (now !== received) since = Date.now();
    received = now;
    if (Date.now() - since < stalledMs) return;
    clearInterval(timer);
    const seen = `${Math.round(stalledMs / 1000)} 秒沒有再收到東西（已收到 ${received} 個位元組），已取消下載`;
    reject(new PageError("download-broken", what, seen));
    await download.cancel();
  };
  // A page that is gone has cancelled its download already.
  const timer = setInterval(() => void look().catch(() => undefined), TIMING.received);
  return { stalled: promise, stop: () => clearInterval(timer) };
}

/** What lies in a folder, in bytes; what vanishes while it is looked at counts as nothing. */
async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch((): string[] => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
