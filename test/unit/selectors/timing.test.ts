import { afterEach, expect, test } from "vitest";
import { scaleTiming, TIMING } from "../../../selectors/dom/timing.ts";

afterEach(() => {
  delete process.env["EINVOICE_PAGE_TIMING"];
  scaleTiming(undefined);
});

test("one setting scales every wait for a page, and not how often it is looked at", () => {
  const before = { ...TIMING };
  scaleTiming(3);
  const { betweenLooks, afterLook, ...scaled } = TIMING;
  expect({ betweenLooks, afterLook }).toEqual({ betweenLooks: before.betweenLooks, afterLook: before.afterLook });
  for (const [name, milliseconds] of Object.entries(scaled))
    expect({ name, milliseconds }).toEqual({ name, milliseconds: 3 * Reflect.get(before, name) });
});

test("the environment counts where the setting says nothing, and neither goes beyond all measure", () => {
  const { appear } = TIMING;
  process.env["EINVOICE_PAGE_TIMING"] = "2";
  scaleTiming(undefined);
  expect(TIMING.appear).toBe(2 * appear);
  scaleTiming(0.5);
  expect(TIMING.appear).toBe(appear / 2);
  for (const wrong of [0, 1_000, Number.NaN]) {
    scaleTiming(wrong);
    expect(TIMING.appear).toBe(appear);
  }
});
