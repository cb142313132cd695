import { describe, expect, test } from "vitest";
import { PageError } from "../../../selectors/dom/page-error.ts";
import type { Control, PageReading } from "../../../selectors/dom/reading/reading.ts";
import { controlOf } from "../../support/kit/control.ts";
import { isAt } from "../../../selectors/portal/navigator.ts";
import { count, TRACKS } from "../../../selectors/portal/tracks/tracks.ts";

describe("a number of books in a list", () => {
  test.for([
    ["3", 3],
    ["3 本", 3],
    ["1,200本", 1200],
    ["１２ 本", 12],
    ["", 0],
    ["-", 0],
  ] as const)("%s is %i", ([text, books]) => {
    expect(count(text)).toBe(books);
  });

  test("is not taken for none where it can't be read", () => {
    expect(() => count("3 箱")).toThrow(PageError);
    expect(() => count("約 3 至 5")).toThrow(PageError);
  });
});

describe("a page", () => {
  const entry = (selected: boolean): Control =>
    controlOf("電子發票(專用)字軌號碼取號", { kind: "clickable", selected, path: "1", tag: "div", navigation: true });
  const reading = (selected: boolean, heading?: string): PageReading => ({
    address: "https://portal.example/x",
    title: "",
    breadcrumb: "",
    headings: heading === undefined ? [] : [{ text: heading, order: 2, layer: null }],
    layers: [],
    messages: [],
    lines: [],
    controls: [entry(selected)],
    lists: [],
    steps: [],
    frames: [],
    busy: false,
  });

  test("that says nothing of itself is the one that its menu marks as open", () => {
    expect(isAt(reading(true), TRACKS.current)).toBe(true);
    expect(isAt(reading(false), TRACKS.current)).toBe(false);
  });

  test("that is headed as another one is that one, whatever its menu marks", () => {
    expect(isAt(reading(true, "待辦事項"), TRACKS.current)).toBe(false);
  });
});
