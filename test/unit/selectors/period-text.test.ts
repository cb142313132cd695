import { expect, test } from "vitest";
import { PageError } from "../../../selectors/dom/page-error.ts";
import { offeredPeriods } from "../../../selectors/portal/period-text.ts";

test("a choice of periods offers those that it names, whatever stands beside them", () => {
  expect(offeredPeriods(["請選擇", "115/11 ~ 115/12", "2027年01-02期"])).toEqual(["11512", "11602"]);
  expect(offeredPeriods(["全部", "115年11-12月"])).toEqual(["11512"]);
});

test.each([[[]], [["請選擇"]], [["--", "全部"]], [["目前沒有開放的期別"]], [["尚未開放"]], [["Please select"]]])(
  "%j offers none",
  (texts) => expect(offeredPeriods(texts)).toEqual([]),
);

test.each([[["查詢", "刪除"]], [["第五期", "第六期"]], [["2026 Q5"]]])(
  "that no period is offered is not said of %j, which is no choice of periods or one in a spelling that nobody knows",
  (texts) => {
    expect(() => offeredPeriods(texts)).toThrow(PageError);
    expect(() => offeredPeriods(texts)).toThrow(new RegExp(texts.join("、")));
  },
);
