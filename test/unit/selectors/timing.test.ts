import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { scaleTiming, TIMING } from "../../../selectors/dom/timing.ts";

const SELECTORS = fileURLToPath(new URL("../../../selectors", import.meta.url));

afterEach(() => {
  delete process.env["EINVOICE_PAGE_TIMING"];
  scaleTiming(undefined);
});

test("one setting scales every wait for a page, and not how often it is looked at", () => {
  const before = { ...TIMING };
  scaleTiming(3);
  const { betweenLooks, afterLook, betweenReadings, betweenReloads, received, person, ...scaled } = TIMING;
  expect(before).toMatchObject({ betweenLooks, afterLook, betweenReadings, betweenReloads, received, person });
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

test("no file of the pages keeps a time of its own", async () => {
  const own: string[] = [];
  for (const name of await readdir(SELECTORS, { recursive: true })) {
    if (!name.endsWith(".ts") || name.endsWith("timing.ts")) continue;
    if (/^(?:export )?const [A-Z_]+_MS\b|\btimeout: \d/m.test(await readFile(join(SELECTORS, name), "utf8")))
      own.push(name);
  }
  expect(own).toEqual([]);
});
