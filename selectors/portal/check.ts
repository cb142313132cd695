import type { CheckedPage, PageCheck, PeriodsToCheck, Portal } from "../pages.ts";
import { PageError } from "../dom/page-error.ts";
import { lookupsDuring } from "../dom/lookups.ts";
import { MISSING_UPLOADS } from "./missing-uploads.ts";
import type { PortalNavigation } from "./navigator.ts";
import { WINNING_LISTS } from "./winning-lists.ts";

/** What each page is called, and how the flows use it as far as that changes nothing. */
const CHECKS: {
  readonly [page in CheckedPage]: {
    readonly title: string;
    readonly look: (portal: Portal & PortalNavigation, periods: PeriodsToCheck) => Promise<unknown>;
  };
} = {
  "tracks-list": {
    title: "字軌號碼取號：查詢",
    look: async (portal, { running, next }) => (await portal.tracks()).list(running, next),
  },
  "take-form": {
    title: "字軌號碼取號：取號的表單",
    look: async (portal) => {
      const form = await (await portal.tracks()).takeForm();
      const [offered] = await form.offeredPeriods();
      if (offered !== undefined) await form.quota(offered, "07");
      await form.assertComplete();
    },
  },
  "notice-list": {
    title: "取號電子郵件信箱維護",
    look: async (portal) => {
      const list = await (await portal.tracks()).noticeList();
      await list.addresses();
      await list.assertComplete();
    },
  },
  "blank-list": {
    title: "上傳空白未使用發票號碼：查詢",
    look: async (portal, { ended }) => (await portal.blankNumbers()).list(ended),
  },
  "upload-list": {
    title: "上傳空白未使用發票號碼：上傳列表",
    look: async (portal) => (await portal.blankNumbers()).uploads(),
  },
  "upload-form": {
    title: "上傳空白未使用發票號碼：匯入字軌的表單",
    look: async (portal) => {
      const form = await (await portal.blankNumbers()).uploadForm();
      await form.assertComplete();
      await form.offeredPeriods();
    },
  },
  "missing-uploads": { title: "漏上傳資料清冊", look: (portal) => portal.open(MISSING_UPLOADS) },
  "winning-lists": { title: "中獎清冊下載", look: (portal) => portal.open(WINNING_LISTS) },
};

/**
 * Opens one of the portal's pages as the flows do, and says how each part of it was found. Nothing is pressed that changes anything: the buttons that
 * do are looked for only.
 * @throws PageError what the portal says instead of the page, such as an outage
 */
export async function checkPage(
  portal: Portal & PortalNavigation,
  page: CheckedPage,
  periods: PeriodsToCheck,
): Promise<PageCheck> {
  const { title, look } = CHECKS[page];
  const { result: problem, lookups } = await lookupsDuring(portal.page, () =>
    look(portal, periods).then(
      () => null,
      (error: unknown) => problemIn(error),
    ),
  );
  // What was opened or chosen here nobody goes on with.
  portal.markDirty();
  return { page, title, problem, parts: lookups.map((one) => ({ ...one })) };
}

/** What is no longer as it is known; anything else that the page says is no matter of its parts. */
function problemIn(error: unknown): string | null {
  if (!(error instanceof PageError)) throw error;
  if (error.state === "not-in-window") return null;
  if (error.state !== "page-changed") throw error;
  return `要 ${error.wanted}；看到 ${error.seen}`;
}
