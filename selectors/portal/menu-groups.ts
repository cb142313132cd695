import type { LocatorSpec } from "../dom/locator-spec.ts";
import { menuSpec } from "./navigator.ts";

/** Groups of the portal's menus that lead to more than one page, the innermost first. */

/** In the tree of the classic design the group and what is in it have the same name; the entry may say for whom it is. */
export const CLASSIC_TRACKS: LocatorSpec = menuSpec(
  "classic.menu.tracks",
  "電子發票專用字軌號碼取號",
  /^\s*電子發票(\(?專用\)?)?字軌號碼取號(\s*[(（]營業人[)）])?\s*$/,
);

export const CLASSIC_UPLOADS: readonly LocatorSpec[] = [
  menuSpec("classic.menu.uploads", "電子發票上傳作業", /^\s*電子發票上傳作業\s*$/),
  CLASSIC_TRACKS,
];

export const CURRENT_TRACKS: LocatorSpec = menuSpec("current.menu.tracks-group", "電子發票字軌號碼", /字軌號碼/);

export const CURRENT_MONTHLY: readonly LocatorSpec[] = [
  menuSpec("current.menu.blank-group", "每單月10日前應辦理事項", /10日前應辦理事項/),
  CURRENT_TRACKS,
];

export const CURRENT_QUERIES: readonly LocatorSpec[] = [
  menuSpec("current.menu.query-group", "查詢與下載", /^\s*查詢與下載/),
  ...CURRENT_MONTHLY,
];
