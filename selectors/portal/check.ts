import type { CheckedPage, CheckResult, PageCheck, PeriodsToCheck, PickLook } from "../page-check.ts";
import type { Portal } from "../pages.ts";
import { chooserOf } from "../dom/local/choose.ts";
import { unverifiedPicks } from "../dom/local/local-parts.ts";
import { notKnownOn } from "../dom/local/not-known.ts";
import type { LocatorSpec } from "../dom/reading/description.ts";
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
 * do are looked for only. Where parts are not found and a person is there, that person shows them, and the page is opened once more; what was picked
 * has to be found twice, the page opened in between.
 * @throws PageError what the portal says instead of the page, such as an outage
 */
export async function checkPage(
  portal: Portal & PortalNavigation,
  page: CheckedPage,
  periods: PeriodsToCheck,
): Promise<CheckResult> {
  const look = (): Promise<Look> => lookAt(portal, page, periods);
  let seen = await look();
  const choose = chooserOf(portal.page);
  for (let asked = 0; seen.missing.length > 0 && asked < MOST_ASKED; asked++) {
    if (choose === null || !(await choose(portal.page, seen.missing))) break;
    seen = await look();
  }
  const picks = await lookedAtTwice(seen, look);
  const { missing, ...checked } = seen;
  const notKnown = missing.length === 0 ? null : await notKnownOn(portal.page, missing, page);
  return { checked: { page, title: CHECKS[page].title, ...checked }, notKnown, picks };
}

/** How often a person is asked about one page: each answer may open what was behind it. */
const MOST_ASKED = 12;

type Look = Pick<PageCheck, "problem" | "parts"> & { readonly missing: readonly LocatorSpec[] };

async function lookAt(portal: Portal & PortalNavigation, page: CheckedPage, periods: PeriodsToCheck): Promise<Look> {
  const { result, lookups } = await lookupsDuring(portal.page, () =>
    CHECKS[page].look(portal, periods).then(
      () => ({ problem: null, missing: [] }),
      (error: unknown) => problemIn(error),
    ),
  );
  // What was opened or chosen here nobody goes on with.
  portal.markDirty();
  return { ...result, parts: lookups.map((one) => ({ ...one })) };
}

/** What people have picked on this page, and nobody has looked at since. */
async function lookedAtTwice(first: Look, look: () => Promise<Look>): Promise<PickLook[]> {
  const picked = unverifiedPicks();
  const faultIn = ({ problem, parts }: Look, id: string): string | null | undefined => {
    // The words over columns are looked for with their list.
    if (id.startsWith("column.")) return problem === null ? null : undefined;
    const part = parts.find((one) => one.id === id);
    if (part === undefined) return undefined;
    if (part.by === null || !part.local) return "頁面上找不到它";
    return part.elements === 1 ? null : `頁面上有 ${part.elements} 個`;
  };
  const found = picked.flatMap((id): PickLook[] => {
    const fault = faultIn(first, id);
    return fault === undefined ? [] : [{ id, fault }];
  });
  if (!found.some(({ fault }) => fault === null)) return found;
  const again = await look();
  return found.map(({ id, fault }) => {
    if (fault !== null) return { id, fault };
    const later = faultIn(again, id);
    return { id, fault: later === null ? null : `重新開啟頁面後，${later ?? "沒有再遇到它"}` };
  });
}

/** What is no longer as it is known; anything else that the page says is no matter of its parts. */
function problemIn(error: unknown): Pick<Look, "problem" | "missing"> {
  if (!(error instanceof PageError)) throw error;
  if (error.state === "not-in-window") return { problem: null, missing: [] };
  if (error.state !== "page-changed") throw error;
  return { problem: `要 ${error.wanted}；看到 ${error.seen}`, missing: error.parts };
}
