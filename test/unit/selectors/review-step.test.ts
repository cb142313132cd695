import { describe, expect, test } from "vitest";
import type { Line, PageReading } from "../../../selectors/dom/reading/reading.ts";
import { controlOf } from "../../support/kit/control.ts";
import { reviewFollows } from "../../../selectors/portal/tracks/review-step.ts";

const EMPTY: PageReading = {
  address: "https://portal.example/dashboard/btb/btb004w/apply",
  title: "",
  breadcrumb: "字軌號碼取號(BTB004W)",
  headings: [],
  layers: [],
  messages: [],
  lines: [],
  controls: [],
  lists: [],
  steps: [],
  frames: [],
  busy: false,
};

function line(text: string, more: Partial<Line> = {}): Line {
  const place = { id: 1, frame: 0, order: 1, layer: null, path: "0:1", box: [0, 0, 10, 10] } as const;
  return { ...place, text, control: null, role: "plain", ...more };
}

const steps = (current: number, ...texts: readonly string[]): PageReading["steps"] =>
  texts.map((text, at) => ({ text, current: at === current }));
const FILLING = steps(0, "1 填寫資料", "2 確認內容", "3 完成");
const next = controlOf("下一步");

describe("a step that shows the form once more follows", () => {
  test.for([
    ["the list of steps says so", { steps: FILLING, controls: [next] }],
    ["the list does not say which is the present one", { steps: steps(-1, "填寫", "確認", "完成"), controls: [next] }],
    ["steps are mere words", { lines: [line("1 填寫資料"), line("2 確認內容"), line("3 完成")], controls: [next] }],
    ["a tab has the name of the page", { steps: FILLING, controls: [controlOf("＋取號", { kind: "tab" }), next] }],
  ] as const)("where %s", ([, page]) => {
    expect(reviewFollows({ ...EMPTY, ...page })).toBe(true);
  });
});

describe("no such step follows, so that 下一步 is not pressed,", () => {
  test.for([
    ["nothing says so", { controls: [next] }],
    ["it is the present one", { steps: steps(1, "1 填寫資料", "2 確認內容", "3 完成"), controls: [next] }],
    ["it lies behind", { steps: steps(2, "1 填寫資料", "2 確認內容", "3 送件"), controls: [next] }],
    ["it is the first", { steps: steps(-1, "確認資料", "填寫", "完成"), controls: [next] }],
    [
      "the page is headed so",
      { steps: steps(-1, "填寫", "確認", "完成"), headings: [{ text: "確認內容", order: 1, layer: null }] },
    ],
    ["it is only the word of a button", { lines: [line("確認", { control: 7 })], controls: [next] }],
    ["it is only a word", { lines: [line("確認")], controls: [next] }],
    ["it is only the page's heading", { lines: [line("確認內容", { role: "heading" })], controls: [next] }],
    ["the steps say another", { steps: steps(0, "填寫", "完成"), lines: [line("確認內容")], controls: [next] }],
    ["the form can be sent as it is", { steps: FILLING, controls: [next, controlOf("送出申請")] }],
    ["it can be once it is filled in", { steps: FILLING, controls: [next, controlOf("提交", { disabled: true })] }],
    ["a button agrees to something", { steps: FILLING, controls: [next, controlOf("確認")] }],
    ["下一步 says that it sends", { steps: FILLING, controls: [controlOf("送出並繼續")] }],
  ] as const)("where %s", ([, page]) => {
    expect(reviewFollows({ ...EMPTY, ...page })).toBe(false);
  });
});
