import type { Download, Page } from "playwright";
import { boxParts, openNotice } from "./box.ts";
import { shownMessages } from "./messages.ts";
import type { DownloadedFile } from "./pages.ts";
import { find } from "./part.ts";
import { lookUntil } from "./poll.ts";
import { PageProblem } from "./problem.ts";
import { visibleText } from "./signs.ts";
import type { Surface } from "./surface.ts";

/** What the notice before a download speaks of. */
const NOTICE = /下載|編碼|UTF-?8/i;
/** Milliseconds for a download to begin. */
const DOWNLOAD_MS = 30_000;

/**
 * Presses what downloads a file, agrees to the notice where one comes, and reads the file. It may also come through a window of
 * its own.
 * @param what the file, for the report of a problem
 * @throws PageProblem `download-broken`, with what the portal says instead
 */
export async function downloaded(
  { page, ear }: Surface,
  what: string,
  press: () => Promise<void>,
): Promise<DownloadedFile> {
  ear.heard();
  const stale = await shownMessages(page);
  const arrival = awaitDownload(page);
  try {
    await press();
    let agreed = false;
    const download = await lookUntil(page, DOWNLOAD_MS, async () => {
      const notice = agreed || arrival.download() ? null : await openNotice(page, NOTICE);
      if (notice) {
        await (await find(notice.place, boxParts.yes)).click();
        agreed = true;
      }
      return arrival.download();
    });
    if (download) return await contents(download);
    const shown = (await shownMessages(page)).filter((words) => !stale.includes(words));
    const said = [...ear.heard(), ...shown, ...(await Promise.all(arrival.windows.map(visibleText)))];
    throw new PageProblem("download-broken", what, said.join("／").slice(0, 200) || "按了下載，檔案沒有來");
  } catch (error) {
    if (error instanceof PageProblem) throw error;
    throw new PageProblem("download-broken", what, String(error).slice(0, 200), { cause: error });
  } finally {
    await arrival.end();
  }
}

interface Arrival {
  download(): Download | null;
  /** The windows that have been opened since. */
  readonly windows: Page[];
  end(): Promise<void>;
}

/** Listens on the page and on the windows that it opens. */
function awaitDownload(page: Page): Arrival {
  let arrived: Download | null = null;
  const windows: Page[] = [];
  const keep = (download: Download): void => void (arrived ??= download);
  const opened = (window: Page): void => {
    windows.push(window);
    window.on("download", keep);
  };
  page.on("download", keep);
  page.on("popup", opened);
  return {
    download: () => arrived,
    windows,
    async end() {
      page.off("popup", opened);
      page.off("download", keep);
      for (const window of windows) await window.close();
    },
  };
}

async function contents(download: Download): Promise<DownloadedFile> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
}
