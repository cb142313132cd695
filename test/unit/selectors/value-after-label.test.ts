import { expect, test } from "vitest";
import { valueAfterLabel } from "../../../selectors/dom/value-after-label.ts";

test.each([
  ["發票期別：116年01-02月\n發票類別：一般稅額計算", "116年01-02月"],
  ["發票期別 116年01-02月", "116年01-02月"],
  ["發票期別 Period： 116年01-02月\n發票類別 Type： 一般稅額計算", "116年01-02月"],
  ["發票期別（Invoice period）: 116/01 ~ 116/02", "116/01 ~ 116/02"],
  ["發票期別：Period A：其他", "Period A：其他"],
  ["發票期別 January", "January"],
])("the value of 發票期別 in %j is %j: a label in two languages ends at its colon", (words, value) => {
  expect(valueAfterLabel(words, "發票期別")).toBe(value);
});

test("a label that is not there has no value", () => {
  expect(valueAfterLabel("取用本數：3", "發票期別")).toBeUndefined();
});
