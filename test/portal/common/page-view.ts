import type { Session } from "../model/sign-in.ts";
import type { World } from "../model/world.ts";

const OLD_PASSWORD = "您的驗證碼（密碼）逾180天未變更，為保障帳號安全，請儘速變更。";
const ANNOUNCEMENT = "為提升服務品質，本平台將於本週六凌晨進行系統升級維護，期間部分功能暫停服務，造成不便敬請見諒。";

/** What there is on a page: an order waits for a page on which it can be noticed. */
export interface PagePlace {
  readonly code: string;
  readonly path: string;
  readonly isLanding: boolean;
  readonly hasMenu: boolean;
  readonly hasQuery: boolean;
  readonly hasTable: boolean;
  /** The table's rows can be ticked. */
  readonly hasTicks: boolean;
}

/** What lies over a page that is opened now, and how it will behave. */
export interface PageView {
  readonly warning: string | null;
  readonly announcement: string | null;
  /** Milliseconds for which it stays 資料載入中…, beyond the design's own. */
  readonly lateMs: number;
  /** What the page writes into 取用本數 by itself, and when after the quota has come. */
  readonly lateFigure: { readonly books: number; readonly ms: number } | null;
  /** The addresses of the notice list stand in fields. */
  readonly listInInputs: boolean;
  readonly menuCoversTable: boolean;
  readonly swallowsMenuClick: boolean;
  readonly swallowsQueryClick: boolean;
  readonly tickUndone: "real" | "synthetic" | null;
}

/** Notes that a page was opened and uses up the orders that concern it. */
export function openPage({ faults, ledger, config }: World, session: Session | null, place: PagePlace): PageView {
  const { code, path, isLanding } = place;
  const ban = session?.company.ban ?? null;
  const circumstance = { ban, path };
  ledger.append({ type: "page-view", ban, account: session?.account.id ?? null, code, path });

  const ordered = session === null ? null : faults.use("announcement", circumstance);
  const usual = isLanding ? config.pages.announcement : null;
  const warn = isLanding && session?.warnOldPassword === true;
  if (session !== null && warn) session.warnOldPassword = false;
  const swallows = (on: "menu" | "query"): boolean =>
    faults.use("two-clicks", { ...circumstance, detail: (fault) => "on" in fault && fault.on === on }) !== null;
  const tick = place.hasTicks ? faults.use("tick-undone", circumstance) : null;
  const figure = /btb004w\/(?:apply|take)$/i.test(path) ? faults.use("late-figure", circumstance) : null;
  return {
    lateFigure: figure === null ? null : { books: figure.books, ms: figure.ms },
    listInInputs: /btb004w\/mail/i.test(path) && faults.use("list-in-inputs", circumstance) !== null,
    warning: warn ? OLD_PASSWORD : null,
    announcement: ordered === null ? usual : (ordered.text ?? ANNOUNCEMENT),
    lateMs: faults.use("late-render", circumstance)?.ms ?? 0,
    menuCoversTable: place.hasTable && faults.use("menu-covers-table", circumstance) !== null,
    swallowsMenuClick: place.hasMenu && swallows("menu"),
    swallowsQueryClick: place.hasQuery && swallows("query"),
    tickUndone: tick === null ? null : tick.real ? "real" : "synthetic",
  };
}
