import type { PendingRequests } from "../network/pending-requests.ts";
import type { PageReading } from "../reading/reading.ts";
import { TIMING } from "../timing.ts";

/** What a list looks like from look to look, while its page has nothing under way and does not say that it loads. */
export interface Rest {
  /** Takes note of one look at the page. @param shown what the list shows; null where there is none to be seen */
  note(reading: Pick<PageReading, "busy" | "lines">, shown: string | null): void;
  /**
   * It has shown the same for so many milliseconds, and at as many looks as fit into them where nothing else is to be done: a page that gets no
   * time to draw gives none to be read either, so that on a busy machine the rest grows with the work.
   */
  lasts(forMs: number): boolean;
}

/** How a page says that a list is still to come. */
const LOADING = /^(資料)?(載入|讀取|查詢|搜尋|更新)中(?=[\s.…，。,!！]|$)|^(now )?loading(?=[\s.…,!]|$)/i;

/** From now on; the rest begins with the first look. */
export function restOf(requests: Pick<PendingRequests, "underWay">): Rest {
  let last: string | null = null;
  let looks = 0;
  let since = 0;
  return {
    note(reading, shown) {
      const isQuiet = requests.underWay() === 0 && !reading.busy && !saysLoading(reading);
      const isSame = isQuiet && looks > 0 && shown === last;
      if (!isSame) since = Date.now();
      looks = isSame ? looks + 1 : Number(isQuiet);
      last = shown;
    },
    lasts: (forMs) => looks >= Math.max(2, Math.floor(forMs / TIMING.betweenLooks)) && Date.now() - since >= forMs,
  };
}

function saysLoading({ lines }: Pick<PageReading, "lines">): boolean {
  return lines.some(({ text, control }) => control === null && LOADING.test(text.trim()));
}
