import { menuSpec, MISSING_UPLOADS, type Route, type RouteName, WINNING_GROUP, WINNING_LISTS } from "./navigator.ts";

/** In the tree the group and what is in it have the same name; the entry may say for whom it is. */
const tracks = menuSpec(
  "classic.menu.tracks",
  "電子發票專用字軌號碼取號",
  /^\s*電子發票(\(?專用\)?)?字軌號碼取號(\s*[(（]營業人[)）])?\s*$/,
);

const uploads = [menuSpec("classic.menu.uploads", "電子發票上傳作業", /^\s*電子發票上傳作業\s*$/), tracks];

export const CLASSIC_ROUTES: { readonly [page in RouteName]: Route } = {
  tracks: {
    name: "電子發票專用字軌號碼取號",
    path: null,
    entry: tracks,
    groups: [],
    breadcrumb: /現在位置.*[/>›＞／]\s*電子發票(\(?專用\)?)?字軌號碼取號(\s*[(（]營業人[)）])?\s*$/,
    heading: null,
  },
  blankNumbers: {
    name: "上傳空白未使用發票號碼",
    path: null,
    entry: menuSpec(
      "classic.menu.blank",
      "上傳空白未使用發票號碼",
      /^\s*上傳(空白未使用|未使用空白)發票號碼(作業)?\s*$/,
    ),
    groups: uploads,
    breadcrumb: /[/>›＞／]\s*上傳(空白未使用|未使用空白)發票號碼/,
    heading: null,
  },
  missingUploads: {
    name: "漏上傳資料清冊",
    path: null,
    entry: menuSpec("classic.menu.missing", "漏上傳資料清冊", MISSING_UPLOADS),
    groups: uploads,
    breadcrumb: /[/>›＞／]\s*漏上傳/,
    heading: null,
  },
  winningLists: {
    name: "中獎清冊下載",
    path: null,
    entry: menuSpec("classic.menu.winning", "中獎清冊下載", WINNING_LISTS),
    groups: [menuSpec("classic.menu.winning-group", "中獎發票", WINNING_GROUP)],
    breadcrumb: /[/>›＞／]\s*中獎(發票)?清冊/,
    heading: null,
  },
};
