import { menuSpec, type Route } from "../portal/navigator.ts";

/** Newer menus name the kind of business: B2C發票功能. */
const invoices = menuSpec("platform.menu.invoices", "發票功能", /^\s*(B2C\s*)?發票功能(?!.*管理)/);

const others = menuSpec("platform.menu.others", "其他功能", /^\s*其他功能/);

/** The pages of the value-added platform. Their menu is from the seeds, their addresses are not known. */
export const PLATFORM_ROUTES = {
  blankTracks: {
    name: "空白字軌下載",
    path: null,
    entry: menuSpec("platform.menu.blank", "空白字軌下載", /^\s*空白字軌下載\s*$/),
    groups: [menuSpec("platform.menu.batch", "批次作業", /^\s*批次作業\s*$/), invoices],
    breadcrumb: /最後\s*\d+\s*筆作業狀態/,
    heading: null,
  },
  winners: {
    name: "會員載具中獎發票清冊",
    path: null,
    entry: menuSpec("platform.menu.winners", "會員載具中獎發票清冊", /^\s*會員載具中獎(發票)?清冊\s*$/),
    groups: [others],
    breadcrumb: /^\s*下載中獎清冊\s*$/,
    heading: null,
  },
  /** The seed names it and does not show it. */
  deliveries: {
    name: "查詢發票寄送歷程",
    path: null,
    entry: menuSpec("platform.menu.deliveries", "查詢發票寄送歷程", /^\s*(查詢)?(中獎)?發票寄送歷程(查詢)?\s*$/),
    groups: [others],
    breadcrumb: /^\s*寄送狀態\s*$/,
    heading: /發票寄送歷程/,
  },
} as const satisfies { readonly [name: string]: Route };
