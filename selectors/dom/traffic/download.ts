import type { Dialog, Download, Page } from "playwright";
import { openNotice } from "../over-the-page/box.ts";
import { guarded } from "../guard.ts";
import { shownMessages } from "../over-the-page/messages.ts";
import type { DownloadedFile } from "../../pages.ts";
import { lookUntil } from "../poll.ts";
import { PageProblem } from "../problem.ts";
import { watchProgress } from "./progress.ts";
import { signOf, visibleText } from "../signs.ts";
import { DOWNLOAD_LARGEST, STALLED_MS, TIMING } from "../timing.ts";
import type { Surface } from "../windows/window.ts";

/** What the notice before a download speaks of. */
const NOTICE = /下載|編碼|UTF-?8/i;

/**
 * Presses what downloads a file, agrees to the notice where one comes, and reads the file. It may also come through a window of
 * its own.
 * @param what the file, for the report of a problem
 * @param stalledMs how long nothing of it may come before it counts as stalled
 * @throws PageProblem with what the portal says instead, `download-broken` when that tells no other state
 */
export async function downloaded(
  { page, ear }: Surface,
  what: string,
  press: () => Promise<void>,
  stalledMs = STALLED_MS,
): Promise<DownloadedFile> {
  ear.heard();
  const stale = await shownMessages(page);
  const arrival = awaitDownload(page);
  try {
    await press();
    let agreed = false;
    const said: string[] = [];
    let saidAt = Number.POSITIVE_INFINITY;
    const download = await lookUntil(page, TIMING.download, async () => {
      const notice = agreed || arrival.download() ? null : await openNotice(page, NOTICE);
      if (notice) {
        await notice.yes();
        agreed = true;
      }
      said.push(...arrival.told.splice(0), ...ear.heard());
      if (said.length > 0) saidAt = Math.min(saidAt, Date.now());
      return arrival.download() ?? (Date.now() - saidAt > TIMING.said ? "refused" : null);
    });
    if (download && download !== "refused") return await contents(arrival.from() ?? page, download, what, stalledMs);
    const shown = (await shownMessages(page)).filter((words) => !stale.includes(words));
    const windows = await Promise.all(arrival.windows.map(visibleText));
    const instead = [...said, ...shown, ...windows].filter((words) => words.trim() !== "");
    const sign = signOf(instead);
    const seen = sign?.words ?? instead.join("／").slice(0, 200);
    throw new PageProblem(sign?.state ?? "download-broken", what, seen || "按了下載，檔案沒有來");
  } catch (error) {
    if (error instanceof PageProblem) throw error;
    throw new PageProblem("download-broken", what, String(error).slice(0, 200), { cause: error });
  } finally {
    await arrival.end();
  }
}

interface Arrival {
  download(): Download | null;
  /** The window it came from. */
  from(): Page | null;
  /** The windows that have been opened since, and what they said in dialogs. */
  readonly windows: Page[];
  readonly told: string[];
  end(): Promise<void>;
}

/** Listens on the page and on the windows that it opens. */
function awaitDownload(page: Page): Arrival {
  let arrived: Download | null = null;
  let source: Page | null = null;
  const windows: Page[] = [];
  const told: string[] = [];
  const keep = guarded(page, "a download", (download: Download): void => void (arrived ??= download));
  const opened = guarded(page, "a window of a download", (window: Page): void => {
    windows.push(window);
    window.on("download", (download) => {
      source ??= window;
      void keep(download);
    });
  });
  // A window may speak before it is known to be there; the page itself has its own ear.
  const spoken = guarded(page, "a dialog of a download's window", (dialog: Dialog): Promise<void> | void => {
    if (dialog.page() === page) return;
    told.push(dialog.message());
    return dialog.dismiss().catch(() => undefined);
  });
  page.on("download", keep);
  page.on("popup", opened);
  page.context().on("dialog", spoken);
  return {
    download: () => arrived,
    from: () => source,
    windows,
    told,
    async end() {
      page.off("popup", opened);
      page.off("download", keep);
      page.context().off("dialog", spoken);
      for (const window of windows) await window.close();
    },
  };
}

/**
 * The bytes of a download that has begun. One of which nothing more comes is cancelled: it would hold the account for ever.
 * @param stalledMs how long nothing may come
 */
async function contents(page: Page, download: Download, what: string, stalledMs: number): Promise<DownloadedFile> {
  const progress = watchProgress(page, download, what, stalledMs);
  try {
    return await Promise.race([read(download, what), progress.stalled]);
  } finally {
    progress.stop();
  }
}

async function read(download: Download, what: string): Promise<DownloadedFile> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of await download.createReadStream()) {
    size += chunk.length;
    if (size > DOWNLOAD_LARGEST)
      throw new PageProblem("download-broken", what, `檔案超過 ${DOWNLOAD_LARGEST} 個位元組`);
    chunks.push(chunk);
  }
  return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
}
