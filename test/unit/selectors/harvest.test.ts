import { describe, expect, test } from "vitest";
import { harvested } from "../../../selectors/dom/harvest/harvest.ts";
import { rebuilt } from "../../../selectors/dom/harvest/rebuild.ts";
import type { Control, Line, List, PageReading } from "../../../selectors/dom/reading/reading.ts";
// The parts of the portal's pages are known once their modules are.
import "../../../selectors/portal/signed-in-portal.ts";
import { controlOf } from "../../support/kit/control.ts";

/** Somebody's data, made up, in every place where a page may show some. None of it may be left in what is sent to the maintainers. */
const SECRETS = [
  "晨光小舖",
  "12345675",
  "robot01",
  "王小明",
  "陳美麗",
  "李大同",
  "boss@office.test",
  "0912345678",
  "AB12345678",
  "台北市信義路五段七號",
  "大大實業股份有限公司",
  "a1b2c3d4-token",
  "7f3e2d",
  "4321",
  "：17",
] as const;

const box = [0, 0, 10, 10] as const;
let order = 0;

function line(text: string, role: Line["role"] = "plain"): Line {
  order++;
  return { id: order, frame: 0, text, order, layer: null, path: `9.${order}`, box, control: null, role };
}

function list(header: string[], ...rows: string[][]): List {
  order++;
  const cells = (texts: string[]): List["rows"][number]["cells"] =>
    texts.map((text, at) => ({ text, id: at, fromAbove: false }));
  return {
    id: order,
    frame: 0,
    kind: "table",
    header,
    rows: rows.map((texts, at) => ({ id: at + 1, cells: cells(texts) })),
    layer: null,
    order,
  };
}

function control(text: string, about: Partial<Control>): Control {
  order++;
  return controlOf(text, { id: order, order, path: `1.${order}`, tag: "div", ...about });
}

function reading(): PageReading {
  order = 0;
  const field = (text: string, value: string): Control =>
    control(text, { kind: "text", value, names: [{ from: "label", text }] });
  return {
    address: "https://portal.test/page/12345675?token=a1b2c3d4-token",
    title: "晨光小舖｜取號",
    breadcrumb: "營業人功能選單 / 字軌號碼取號(BTB004W)",
    headings: [{ text: "取號電子郵件信箱維護", order: 1, layer: null }],
    layers: [{ id: 1, frame: 0, kind: "over", blocking: false, words: "王小明 您好", share: 0.1 }],
    messages: [{ text: "已寄到 boss@office.test", sure: true }],
    lines: [
      line("晨光小舖（12345675） 您好"),
      line("聯絡人：陳美麗 0912345678"),
      line("台北市信義路五段七號"),
      line("AB12345678", "cell"),
      line("取用本數", "label"),
      line("狀態：正常 可取用本數：4321"),
    ],
    controls: [
      control("王小明", { kind: "button" }),
      control("大大實業股份有限公司 ▾", { kind: "link" }),
      control("登出", { kind: "link" }),
      control("帳號：robot01", { kind: "link" }),
      control("提交取號", { kind: "button" }),
      control("可取用本數：4321 已取用：17", {
        kind: "text",
        names: [{ from: "before", text: "可取用本數：4321 已取用：17" }],
      }),
      field("取用本數", "12345675"),
      field("電子郵件信箱", "boss@office.test"),
      control("李大同", { kind: "link", row: 1 }),
      control("7f3e2d-AB12345678.csv", { kind: "link", row: 1 }),
      control("下載", { kind: "link", row: 1 }),
      control("總/分支機構", {
        kind: "select",
        value: "12345675 晨光小舖",
        names: [{ from: "label", text: "總/分支機構" }],
        options: [
          { id: null, text: "12345675 晨光小舖", selected: true, disabled: false },
          { id: null, text: "李大同", selected: false, disabled: false },
        ],
      }),
      control("發票期別", {
        kind: "select",
        value: "115年11月-12月",
        names: [{ from: "label", text: "發票期別" }],
        options: [{ id: null, text: "115年11月-12月", selected: true, disabled: false }],
      }),
    ],
    lists: [list(["營業人統編", "字軌", "承辦人"], ["12345675", "AB12345678", "陳美麗"])],
    steps: [],
    frames: ["https://portal.test/page/12345675?token=a1b2c3d4-token"],
    busy: false,
  };
}

const ABOUT = { page: "take-form", title: "取號的表單", parts: ["take.books", "sign-out"] };

describe("a page that is harvested", () => {
  test("holds nobody's data, in its reading and in the page that is made of it", () => {
    const kept = JSON.stringify(harvested(reading(), ABOUT, ["晨光小舖", "12345675", "boss@office.test"]));
    expect(SECRETS.filter((one) => kept.includes(one))).toEqual([]);
    // Otherwise nothing was tried.
    const before = JSON.stringify(reading());
    expect(SECRETS.filter((one) => !before.includes(one))).toEqual([]);
  });

  test("holds none either where the installation knows no more than nothing of whom it is", () => {
    const kept = JSON.stringify(harvested(reading(), ABOUT, []));
    // A name that is only in the title of a page looks like any other words of it.
    expect(SECRETS.filter((one) => one !== "晨光小舖" && kept.includes(one))).toEqual([]);
  });

  test("keeps what labels its parts, and its parts are recognised as before", () => {
    const page = harvested(reading(), ABOUT, ["晨光小舖", "12345675"]);
    expect(page.lost).toEqual([]);
    expect(page.parts).toEqual({
      "take.books": expect.stringMatching(/^text /),
      "sign-out": expect.stringMatching(/^link /),
    });
    for (const label of [
      "取用本數",
      "提交取號",
      "發票期別",
      "115年11月-12月",
      "營業人統編",
      "取號電子郵件信箱維護",
      "下載",
    ])
      expect(page.html).toContain(label);
  });

  test("is made into a page that holds no script, and whose words are not markup", () => {
    const made = rebuilt({ ...reading(), title: "<script>alert(1)</script>" });
    expect(made).not.toContain("<script");
    expect(made).toContain("&lt;script&gt;");
  });
});
