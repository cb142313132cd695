import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type HarvestedPage, recognised } from "../../../selectors/dom/harvest/harvest.ts";
// The parts of the portal's pages are known once their modules are.
import "../../../selectors/portal/signed-in-portal.ts";

/** Pages that were harvested, each in a folder of its report: each part is recognised on each as it was when they were. */

const FOLDER = fileURLToPath(new URL("../../fixtures/pages", import.meta.url));
const FIXTURES = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
  .map((entry) => join(entry.parentPath, entry.name))
  .toSorted();

function fixture(file: string): Omit<HarvestedPage, "html"> {
  // Written by our own `selectors report`.
  return JSON.parse(readFileSync(file, "utf8")) as Omit<HarvestedPage, "html">;
}

test("there are pages of both designs, and of a strange one", () => {
  const sets = new Set(FIXTURES.map((file) => file.slice(FOLDER.length + 1).split("/")[0]));
  expect([...sets]).toEqual(expect.arrayContaining(["practice-classic", "practice-current", "stranger-header-row"]));
});

test.for(FIXTURES.map((file) => ({ file, name: file.slice(FOLDER.length + 1) })))("on $name", ({ file }) => {
  const { reading, parts } = fixture(file);
  expect(recognised(reading, Object.keys(parts))).toEqual(parts);
});

test.for(FIXTURES.map((file) => ({ file, name: file.slice(FOLDER.length + 1) })))(
  "nobody's data is in $name",
  ({ file }) => {
    const text = readFileSync(file, "utf8");
    const found = text.match(/[A-Z]{2}\d{8}|\b(?!0{8}\b)\d{8}\b|[\w.]+@[\w.]+\.\w+|試作商行|路人甲/g) ?? [];
    expect(found.filter((one) => /[1-9A-Za-w]/.test(one.replaceAll("x", "")))).toEqual([]);
  },
);
