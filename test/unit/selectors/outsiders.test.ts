import { describe, expect, test } from "vitest";
import { closerOf, natureOf } from "../../../selectors/dom/reading/over.ts";
import type { Control, Layer, List } from "../../../selectors/dom/reading/reading.ts";
import { rowsOf } from "../../../selectors/dom/reading/rows.ts";
import { TERMS } from "../../../selectors/dom/reading/vocabulary.ts";
import { isAt } from "../../../selectors/portal/navigator.ts";
import { isCalendar } from "../../../selectors/portal/period-calendar.ts";
import { PERIODS } from "../../../selectors/portal/period-text.ts";
import { showsBusiness } from "../../../selectors/portal/sign-in/sign-in-page.ts";
import { controlOf, readingOf } from "../../support/kit/control.ts";
import { signOutMenus } from "../../../selectors/portal/signed-in-portal.ts";
import { TRACKS } from "../../../selectors/portal/tracks/tracks.ts";

function control(id: number, text: string, about: Partial<Control> = {}): Control {
  return controlOf(text, { id, kind: "clickable", box: [id * 100, 10, 80, 20], navigation: true, ...about });
}

describe("a portal that other hands made", () => {
  test.for([
    "現在位置：首頁 > 電子發票專用字軌號碼取號",
    "目前位置：字軌 > 電子發票字軌號碼取號(營業人)",
    "首頁 Home / 電子發票專用字軌號碼取號",
  ])("says in its own words where one is: %s", (breadcrumb) =>
    expect(isAt(readingOf({ breadcrumb }), TRACKS.classic)).toBe(true),
  );

  test("is not on the page that only its menu names", () => {
    const menu = { controls: [control(1, "電子發票專用字軌號碼取號")], breadcrumb: "首頁 / 待辦事項" };
    expect(isAt(readingOf(menu), TRACKS.classic)).toBe(false);
  });

  test("has let somebody in where its business is to be seen and nobody can sign in, though 登出 is folded away", () => {
    const menu = [control(1, "字軌號碼 Tracks ▾"), control(2, "👤 路人甲 ▾")];
    expect(showsBusiness(readingOf({ controls: menu }))).toBe(true);
    expect(showsBusiness(readingOf({ controls: [...menu, control(3, "登入 Login")] }))).toBe(false);
    expect(showsBusiness(readingOf({ controls: [control(1, "最新消息")] }))).toBe(false);
  });

  test("holds 登出 in the menu of who is signed in, before what else folds open; what lies below the head is left alone", () => {
    const controls = [
      control(1, "👤 路人甲 ▾"),
      control(2, "申報 ▾"),
      control(3, "說明"),
      control(4, "查詢條件 ▾", { box: [0, 400, 80, 20] }),
    ];
    expect(signOutMenus(readingOf({ controls })).map(({ id }) => id)).toEqual([1, 2]);
  });
});

describe("what is said in two languages", () => {
  const layer: Layer = {
    id: 7,
    frame: 0,
    kind: "dialog",
    blocking: true,
    words: "請確認取號資料 Please confirm",
    share: 1,
  };
  const button = (id: number, text: string): Control =>
    control(id, text, { kind: "link", layer: 7, navigation: false });

  test("is the same question", () => {
    const asked = readingOf({ layers: [layer], controls: [button(1, "取消 Cancel"), button(2, "確認 Confirm")] });
    expect(natureOf(asked, layer)).toBe("question");
    expect(closerOf(asked, layer)).toBeNull();
  });

  test("is the same announcement, which is closed and not agreed to", () => {
    const news = { ...layer, words: "系統公告 Notice" };
    const told = readingOf({ layers: [news], controls: [button(1, "我知道了 Got it")] });
    expect(natureOf(told, news)).toBe("news");
    expect(closerOf(told, news)?.control?.id).toBe(1);
  });

  test("is one header in two rows, and no row of the list", () => {
    const cells = (...texts: readonly string[]): List["rows"][number]["cells"] =>
      texts.map((text, id) => ({ text, id, fromAbove: false }));
    const list: List = {
      id: 1,
      frame: 0,
      kind: "table",
      layer: null,
      order: 0,
      header: ["發票期別", "發票類別", "取用本數"],
      rows: [
        { id: 2, cells: cells("Period", "Type", "Books") },
        { id: 3, cells: cells("116年01-02月", "一般稅額計算", "3") },
      ],
    };
    const columns = { wanted: [TERMS.period, TERMS.category, TERMS.books] };
    expect(rowsOf(readingOf({ lists: [list] }), columns)?.map(({ id }) => id)).toEqual([3]);
  });
});

describe("a calendar", () => {
  const months = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"].map((one) => `${one}月`);
  test("is known by its twelve months, or by pairs of them", () => {
    expect(isCalendar(["«", "2026 年", "»", ...months])).toBe(true);
    expect(isCalendar(["115年", "09-10月"])).toBe(true);
    expect(isCalendar(months.slice(0, 6))).toBe(false);
    expect(isCalendar(["115/09~115/10", "115/11~115/12"])).toBe(false);
  });

  test.for([
    ["2026-12", true],
    ["115-11", true],
    ["115年11-12月", true],
    ["09-10", false],
    ["2026-11-05", false],
    ["0800-521-988", false],
  ] as const)("that shows %s holds a period: %s", ([shown, isPeriod]) => expect(PERIODS.test(shown)).toBe(isPeriod));
});
