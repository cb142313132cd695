import { describe, expect, test } from "vitest";
import type { List, PageReading } from "../../../selectors/dom/reading/reading.ts";
import { unconfirmedIn } from "../../../selectors/portal/to-do.ts";

function reading(...lists: readonly Pick<List, "header" | "rows">[]): PageReading {
  return {
    address: "https://portal.example/dashboard/btb/btb013w",
    title: "",
    breadcrumb: "待辦事項(BTB013W)",
    headings: [],
    layers: [],
    messages: [],
    lines: [],
    controls: [],
    lists: lists.map((list, id) => ({ id, frame: 0, kind: "table", layer: null, order: id, ...list })),
    steps: [],
    frames: [],
    busy: false,
  };
}

const row = (...texts: readonly string[]): List["rows"][number] => ({
  id: 1,
  cells: texts.map((text, id) => ({ text, id, fromAbove: false })),
});

describe("what BTB013W says has not been confirmed", () => {
  test("is told with its count, whatever stands beside it; what has none is not", () => {
    const page = reading(
      { header: ["項次", "待辦事項", "辦理期限"], rows: [row("1", "電子發票字軌號碼取號", "18")] },
      {
        header: ["項次", "尚未接收筆數", "作業名稱："],
        rows: [row("1", "1,202 筆", "加值中心代下載配號檔"), row("2", "0", "存證開立發票"), row("3", "", "")],
      },
    );
    expect(unconfirmedIn(page)).toEqual([{ job: "加值中心代下載配號檔", count: 1202 }]);
  });

  test("is nothing where the page does not show it", () => {
    expect(unconfirmedIn(reading())).toEqual([]);
  });
});
