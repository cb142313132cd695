import { menuPart, MISSING_UPLOADS, type Place, type PlaceName, WINNING_GROUP, WINNING_LISTS } from "./place.ts";

/** In the tree the group and what is in it have the same name; the entry may say for whom it is. */
const tracks = menuPart(
  "classic.menu.tracks",
  "電子發票專用字軌號碼取號",
  /^\s*電子發票(\(?專用\)?)?字軌號碼取號(\s*[(（]營業人[)）])?\s*$/,
);

const uploads = [menuPart("classic.menu.uploads", "電子發票上傳作業", /^\s*電子發票上傳作業\s*$/), tracks];

export const CLASSIC_PLACES: { readonly [page in PlaceName]: Place } = {
  tracks: {
    name: "電子發票專用字軌號碼取號",
    path: null,
    entry: tracks,
    groups: [],
    crumb: /現在位置.*[/>›＞／]\s*電子發票(\(?專用\)?)?字軌號碼取號(\s*[(（]營業人[)）])?\s*$/,
    heading: null,
  },
  blankNumbers: {
    name: "上傳空白未使用發票號碼",
    path: null,
    entry: menuPart(
      "classic.menu.blank",
      "上傳空白未使用發票號碼",
      /^\s*上傳(空白未使用|未使用空白)發票號碼(作業)?\s*$/,
    ),
    groups: uploads,
    crumb: /[/>›＞／]\s*上傳(空白未使用|未使用空白)發票號碼/,
    heading: null,
  },
  missingUploads: {
    name: "漏上傳資料清冊",
    path: null,
    entry: menuPart("classic.menu.missing", "漏上傳資料清冊", MISSING_UPLOADS),
    groups: uploads,
    crumb: /[/>›＞／]\s*漏上傳/,
    heading: null,
  },
  winningLists: {
    name: "中獎清冊下載",
    path: null,
    entry: menuPart("classic.menu.winning", "中獎清冊下載", WINNING_LISTS),
    groups: [menuPart("classic.menu.winning-group", "中獎發票", WINNING_GROUP)],
    crumb: /[/>›＞／]\s*中獎(發票)?清冊/,
    heading: null,
  },
};
