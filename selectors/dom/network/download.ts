import type { Dialog, Download, Page } from "playwright";
import { noticeModal } from "../overlays/modal.ts";
import { guarded } from "../guard.ts";
import { shownMessages } from "../overlays/messages.ts";
import type { DownloadedFile } from "../../pages.ts";
import { waitUntil } from "../wait-until.ts";
import { PageError } from "../page-error.ts";
import { watchProgress } from "./download-progress.ts";
import { stateInMessages, visibleText } from "../page-state.ts";
import { DOWNLOAD_LARGEST, STALLED_MS, TIMING } from "../timing.ts";
import type { PageContext } from "../windows/page-context.ts";

/** What the notice before a download speaks of. */
const NOTICE = /下載|編碼|UTF-?8/i;

/**
 * Presses what downloads a file, agrees to the notice where one comes, and reads the file. It may also come through a window of
 * its own.
 * @param what the file, for the report of a problem
 * @param stalledMs how long nothing of it may come before it counts as stalled
 * @throws PageError with what the portal says instead, `download-broken` when that tells no other state
 */
export async function downloadFile(
  { page, dialogs }: PageContext,
  what: string,
  press: () => Promise<void>,
  stalledMs = STALLED_MS,
): Promise<DownloadedFile> {
  dialogs.takeMessages();
  const stale = await shownMessages(page);
  const arrival = awaitDownload(page);
  const said: string[] = [];
  // The notice may also be a question of the browser; while it stands open, the press does not end.
  const answered = dialogs.holdNextConfirm().then(async (question) => {
    if (NOTICE.test(question.words)) return question.accept();
    said.push(question.words);
    return question.dismiss();
  });
  // Where the page is gone before its question is answered, the file has not come, and that is told.
  answered.catch(() => undefined);
  try {
    await press();
    let agreed = false;
    let saidAt = Number.POSITIVE_INFINITY;
    const download = await waitUntil(page, TIMING.download, async () => {
      const notice = agreed || arrival.download() ? null : await noticeModal(page, NOTICE);
      if (notice) {
        await notice.yes();
        agreed = true;
      }
      said.push(...arrival.told.splice(0), ...dialogs.takeMessages());
      if (said.length > 0) saidAt = Math.min(saidAt, Date.now());
      return arrival.download() ?? (Date.now() - saidAt > TIMING.said ? "refused" : null);
    });
    if (download && download !== "refused") return await contents(arrival.from() ?? page, download, what, stalledMs);
    const shown = (await shownMessages(page)).filter((words) => !stale.includes(words));
    const windows = await Promise.all(arrival.windows.map(visibleText));
    const instead = [...said, ...shown, ...windows].filter((words) => words.trim() !== "");
    const sign = stateInMessages(instead);
    const seen = sign?.words ?? instead.join("／").slice(0, 200);
    throw new PageError(sign?.state ?? "download-broken", what, seen || "按了下載，檔案沒有來");
  } catch (error) {
    if (error instanceof PageError) throw error;
    throw new PageError("download-broken", what, String(error).slice(0, 200), { cause: error });
  } finally {
    await dialogs.release();
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
    const ofWindow = (download: Download): Promise<void> => {
      source ??= window;
      return keep(download);
    };
    window.on("download", guarded(page, "a download of a window", ofWindow));
  });
  // A window may speak before it is known to be there; the page itself has its own monitor.
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
    if (size > DOWNLOAD_LARGEST) throw new PageError("download-broken", what, `檔案超過 ${DOWNLOAD_LARGEST} 個位元組`);
    chunks.push(chunk);
  }
  return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
}
