import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { adoptPicks, listPicks, type NewPick, settlePicks, undoPick } from "../../../robot/picks/picks.ts";
import { candidatesFor, type Thing } from "../../../selectors/dom/local/candidate.ts";
import { awaitsCheck, useLocalParts } from "../../../selectors/dom/local/local-parts.ts";
import { unknownOn } from "../../../selectors/dom/local/not-known.ts";
import { describeLocator } from "../../../selectors/dom/reading/description.ts";
import { match } from "../../../selectors/dom/reading/match.ts";
import type { Control, PageReading } from "../../../selectors/dom/reading/reading.ts";
import "../../../selectors/portal/signed-in-portal.ts";
import { TERMS } from "../../../selectors/dom/reading/vocabulary.ts";
import { controlOf } from "../../support/kit/control.ts";

const BOOKS = describeLocator("unit.books", "field", TERMS.books);
const SUBMIT = describeLocator("take.submit", "press", TERMS.takeSubmit, {}, { purpose: /取號/, fields: [] });

const field = controlOf("", {
  id: 7,
  kind: "text",
  names: [
    { from: "label", text: "丙冊數" },
    { from: "before", text: "丙冊數" },
  ],
  path: "0:1.7",
  mark: "amount",
  box: [10, 20, 100, 24],
});
const button = controlOf("乙交件", { id: 8, path: "0:1.8", order: 2 });

function reading(controls: readonly Control[], title = "字軌號碼取號"): PageReading {
  const none = { headings: [], layers: [], messages: [], lines: [], lists: [], steps: [], frames: [] };
  return { address: "https://portal.example/", title, breadcrumb: "", ...none, controls, busy: false };
}

let folder = "";
let file = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "einvoice-picks-"));
  file = join(folder, "selectors", "local.json");
  useLocalParts(file);
});
afterEach(async () => {
  useLocalParts(join(folder, "none.json"));
  await rm(folder, { recursive: true, force: true });
});

function picked(part: typeof BOOKS, control: Control, role: NewPick["role"], on = reading([field, button])): NewPick {
  const { parts, things } = unknownOn(on, [part]);
  const thing = things.find((one) => one.thing.control?.id === control.id);
  const about = parts.find(({ id }) => id === part.id);
  if (thing === undefined || about === undefined) throw new Error("The page does not show it.");
  return { part: about, thing, by: "王小明", role };
}

describe("what a thing is found again by", () => {
  test("is its role and name, its label and its makers' name, in this order", () => {
    const thing: Thing = { control: field, line: null };
    expect(candidatesFor(thing, reading([field, button]))).toEqual([
      { role: "textbox", name: "丙冊數" },
      { label: "丙冊數" },
      { id: "amount" },
    ]);
  });

  test("is not what stands beside something that has words of its own", () => {
    const beside = { ...button, names: [...button.names, { from: "before" as const, text: "可取用本數：20" }] };
    expect(candidatesFor({ control: beside, line: null }, reading([beside]))).toEqual([
      { role: "button", name: "乙交件" },
      { text: "乙交件" },
    ]);
  });

  test("is nothing that another thing on the page is found by", () => {
    const twin = { ...field, id: 9, path: "0:1.9", mark: "other" };
    expect(candidatesFor({ control: field, line: null }, reading([field, twin]))).toEqual([{ id: "amount" }]);
    const same = { ...twin, mark: "amount" };
    expect(candidatesFor({ control: field, line: null }, reading([field, same]))).toEqual([]);
  });

  test("is no name that a machine makes", () => {
    const made = { ...field, mark: "el-id-4711-3" };
    expect(JSON.stringify(candidatesFor({ control: made, line: null }, reading([made])))).not.toContain("4711");
  });
});

describe("a pick", () => {
  test("is signed, counts at once for what changes nothing, and is taken back to what stood there before", async () => {
    expect(match(reading([field, button]), BOOKS).found).toBe("none");
    const at = new Date("2026-11-21T02:00:00Z");
    await adoptPicks(file, [picked(BOOKS, field, "operate")], at);
    expect(match(reading([field, button]), BOOKS)).toMatchObject({
      found: "one",
      local: true,
      what: { control: field },
    });
    expect(await listPicks(file)).toMatchObject([
      { id: "unit.books", was: "取用本數", now: "丙冊數", by: "王小明", at: at.toISOString(), verified: null },
    ]);
    await undoPick(file, "unit.books", "operate");
    expect(match(reading([field, button]), BOOKS).found).toBe("none");
    await expect(undoPick(file, "unit.books", "operate")).rejects.toMatchObject({ code: "wrong-use" });
  });

  test("of a button that changes the portal takes 管理, and a look that finds it twice before it may be pressed", async () => {
    const pick = picked(SUBMIT, button, "operate");
    await expect(adoptPicks(file, [pick], new Date())).rejects.toMatchObject({ code: "wrong-use" });
    expect(await readFile(file, "utf8").catch(() => "none")).toBe("none");
    await adoptPicks(file, [{ ...pick, role: "manage" }], new Date());
    expect(match(reading([field, button]), SUBMIT).found).toBe("one");
    expect(awaitsCheck("take.submit")).toBe(true);
    await settlePicks(file, [{ id: "take.submit", fault: null }], new Date());
    expect(awaitsCheck("take.submit")).toBe(false);
    await expect(undoPick(file, "take.submit", "operate")).rejects.toMatchObject({ code: "wrong-use" });
  });

  test("that is not found again is taken back, with the reason", async () => {
    await adoptPicks(file, [picked(BOOKS, field, "operate")], new Date());
    const lines = await settlePicks(file, [{ id: "unit.books", fault: "頁面上有 2 個" }], new Date());
    expect(lines.join()).toContain("沒有採用：頁面上有 2 個");
    expect(await listPicks(file)).toEqual([]);
  });

  test("that could mean two things is refused", async () => {
    const twin = { ...field, id: 9, path: "0:1.9" };
    const both = reading([field, twin]);
    await expect(adoptPicks(file, [picked(BOOKS, field, "operate", both)], new Date())).rejects.toMatchObject({
      code: "wrong-use",
    });
  });
});

test("what is written by hand finds a part, and never a button that changes the portal", async () => {
  await adoptPicks(file, [picked(BOOKS, field, "operate")], new Date());
  const written = { "unit.books": [{ label: "丙冊數" }], "take.submit": [{ role: "button", name: "乙交件" }] };
  await writeFile(file, JSON.stringify(written));
  useLocalParts(file);
  expect(match(reading([field, button]), BOOKS).found).toBe("one");
  expect(match(reading([field, button]), SUBMIT).found).toBe("none");
  await writeFile(file, JSON.stringify({ "unit.books": [{ xpath: "//input" }] }));
  expect(() => useLocalParts(file)).toThrow("找法");
});

test("what is called like a button that changes the portal is never picked, nor written by hand, as something that is pressed at will", async () => {
  const search = describeLocator("unit.search", "press", { name: "找找看", also: [] });
  const sends = controlOf("提交取號", { id: 5, path: "0:1.5" });
  const { things } = unknownOn(reading([sends, button]), [search]);
  expect(things.map(({ words }) => words)).toEqual(["乙交件"]);
  await adoptPicks(file, [picked(search, button, "operate", reading([sends, button]))], new Date());
  await writeFile(file, JSON.stringify({ "unit.search": [{ role: "button", name: "提交取號" }] }));
  useLocalParts(file);
  expect(match(reading([sends, button]), search).found).toBe("none");
});

test("the first proposal for what was renamed is what nothing else is known by, where it belongs in its form", () => {
  const search = controlOf("查詢", { id: 3, path: "0:2.3", order: 1 });
  const { parts, things } = unknownOn(reading([search, field, button]), [SUBMIT]);
  const [first] = parts[0]?.proposals ?? [];
  expect(things[first?.thing ?? -1]?.words).toBe("乙交件");
});
