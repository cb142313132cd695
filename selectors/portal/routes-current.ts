import { menuSpec, MISSING_UPLOADS, type Route, type RouteName, WINNING_GROUP, WINNING_LISTS } from "./navigator.ts";

const tracksGroup = menuSpec("current.menu.tracks-group", "電子發票字軌號碼", /字軌號碼/);

const monthly = [menuSpec("current.menu.blank-group", "每單月10日前應辦理事項", /10日前應辦理事項/), tracksGroup];

export const CURRENT_ROUTES: { readonly [page in RouteName]: Route } = {
  tracks: {
    name: "字軌號碼取號（BTB004W）",
    path: "/dashboard/btb/btb004w/search",
    entry: menuSpec("current.menu.tracks", "字軌號碼取號", /^\s*(電子發票)?(\(?專用\)?)?字軌號碼取號/),
    groups: [tracksGroup],
    breadcrumb: /BTB004W/,
    heading: /^\s*(電子發票)?(\(?專用\)?)?字軌號碼取號\s*$/,
  },
  blankNumbers: {
    name: "上傳空白未使用發票號碼",
    path: null,
    entry: menuSpec("current.menu.blank", "上傳空白未使用發票號碼", /^\s*上傳(空白未使用|未使用空白)發票號碼/),
    groups: monthly,
    breadcrumb: /[/>›＞／]\s*上傳(空白未使用|未使用空白)發票號碼/,
    heading: /^\s*上傳(空白未使用|未使用空白)發票號碼(作業)?\s*$/,
  },
  missingUploads: {
    name: "漏上傳資料清冊",
    path: null,
    entry: menuSpec("current.menu.missing", "漏上傳資料清冊", MISSING_UPLOADS),
    groups: [menuSpec("current.menu.query-group", "查詢與下載", /^\s*查詢與下載/), ...monthly],
    breadcrumb: /[/>›＞／]\s*漏上傳/,
    heading: MISSING_UPLOADS,
  },
  winningLists: {
    name: "中獎清冊下載",
    path: null,
    entry: menuSpec("current.menu.winning", "中獎清冊下載", WINNING_LISTS),
    groups: [menuSpec("current.menu.winning-group", "中獎發票", WINNING_GROUP)],
    breadcrumb: /[/>›＞／]\s*中獎(發票)?清冊/,
    heading: WINNING_LISTS,
  },
};
