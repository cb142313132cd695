import type { Page } from "playwright";
import type { LocatorKind, LocatorSpec } from "../reading/description.ts";
import { match, mayBePicked } from "../reading/match.ts";
import { kindName, propose } from "../reading/propose.ts";
import { frameOf, readPage } from "../reading/read-page.ts";
import type { Box, PageReading } from "../reading/reading.ts";
import type { CheckedPage, NotKnown, ShownThing, UnknownPart } from "../../page-check.ts";
import { candidatesFor, isSame, type Thing, thingsOf } from "./candidate.ts";
import { neededWith } from "./known-parts.ts";

/** More than that is no page that a person looks through. */
const MOST_THINGS = 160;

/** The page as it stands, and what on it the parts may be that were looked for, with those that are needed beside them. */
export async function notKnownOn(
  page: Page,
  missing: readonly LocatorSpec[],
  checked: CheckedPage | null = null,
): Promise<NotKnown> {
  const reading = await readPage(page);
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 900 };
  const offsets = await offsetsOf(page, reading);
  const moved = ({ frame, box: [left, top, ...size] }: { readonly frame: number; readonly box: Box }): Box => {
    const [x, y] = offsets.get(frame) ?? [0, 0];
    return [Math.round(left + x), Math.round(top + y), Math.round(size[0]), Math.round(size[1])];
  };
  const about = unknownOn(reading, missing);
  const address = page.url().replace(/[?#].*$/, "");
  const things = about.things.map(({ thing, ...shown }) => ({ ...shown, box: moved(thing.control ?? thing.line) }));
  return { address, page: checked, width, height, parts: about.parts, things };
}

/** The same of a page that has been read, with the things themselves. */
export function unknownOn(
  reading: PageReading,
  missing: readonly LocatorSpec[],
): {
  readonly parts: readonly UnknownPart[];
  readonly things: readonly (Omit<ShownThing, "box"> & { readonly thing: Thing })[];
} {
  const isFound = (part: LocatorSpec): boolean => part.kind !== "column" && match(reading, part).found === "one";
  const beside = missing.flatMap(neededWith).filter((one) => !missing.some(({ id }) => id === one.id));
  const wanted = [...missing, ...new Set(beside.filter((one) => !isFound(one)))];
  // What is in a list is somebody's data; the words over its columns are not.
  const inRow = new Set(reading.lists.flatMap(({ rows }) => rows.map(({ id }) => id)));
  const all = thingsOf(reading).filter(
    (one) => wanted.some((part) => mayBePicked(part, one)) && isShown(one, inRow, reading),
  );
  const proposed = wanted.map((part) => propose(reading, part));
  const first = all.filter((one) => proposed.flat().some(({ thing }) => isSame(thing, one)));
  const things = [...new Set([...first, ...all])].slice(0, MOST_THINGS);
  return {
    parts: wanted.map((part, at) => ({
      id: part.id,
      name: part.name,
      purpose: purposeOf(part),
      changesPortal: part.demands !== null,
      proposals: (proposed[at] ?? []).flatMap(({ thing, why }) => {
        const place = things.findIndex((one) => isSame(one, thing));
        return place < 0 || !mayBePicked(part, thing) ? [] : [{ thing: place, why }];
      }),
    })),
    things: things.map((thing) => ({
      thing,
      words: wordsOf(thing),
      kind: kindName(thing),
      candidates: candidatesFor(thing, reading),
      fits: wanted.filter((part) => mayBePicked(part, thing)).map(({ id }) => id),
    })),
  };
}

function isShown({ control, line }: Thing, inRow: ReadonlySet<number>, { lists }: PageReading): boolean {
  if (control !== null) return control.row === null && control.box[2] > 0;
  if (line.role === "header") return true;
  // Some tables write the words over their columns as if they were a row.
  const heads = new Set(
    lists.flatMap(({ rows }) => rows.slice(0, 1).flatMap(({ cells }) => cells.map(({ id }) => id))),
  );
  return line.role === "plain" && (!inRow.has(line.id) || heads.has(line.id)) && line.text.trim().length <= 40;
}

export function wordsOf({ control, line }: Thing): string {
  const named = control?.names.find(({ from }) => from !== "hint" && from !== "group");
  return (line?.text ?? named?.text ?? "").trim().slice(0, 40);
}

const KINDS: { readonly [kind in LocatorKind]: string } = {
  press: "要按的",
  tab: "要切換過去的頁籤",
  menu: "選單裡通往這一頁的",
  field: "要填的欄位",
  entry: "要填或要選的欄位",
  password: "輸入密碼的欄位",
  choice: "要選的選單",
  check: "要勾選的方塊",
  file: "要放檔案的欄位",
  picture: "要看的圖片",
  column: "清單上的欄名",
};

/** What the robot uses it for, so that a person knows what to look for. */
function purposeOf({ kind, demands }: LocatorSpec): string {
  return demands === null ? KINDS[kind] : "按下後會送出、改變平台資料的按鈕";
}

/** Where each frame begins in the window. */
async function offsetsOf(
  page: Page,
  { controls, lines }: PageReading,
): Promise<Map<number, readonly [number, number]>> {
  const numbers = new Set([...controls, ...lines].map(({ frame }) => frame).filter((frame) => frame !== 0));
  const offsets = new Map<number, readonly [number, number]>();
  for (const number of numbers) {
    const holder = await frameOf(page, number)
      .frameElement()
      .catch(() => null);
    const box = await holder?.boundingBox();
    if (box) offsets.set(number, [box.x, box.y]);
  }
  return offsets;
}
