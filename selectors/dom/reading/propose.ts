import type { Thing } from "../local/candidate.ts";
import { neededWith, reversibleSpecs, submitSpecs } from "../local/known-parts.ts";
import { nameStrength, type LocatorSpec, type LocatorKind } from "./description.ts";
import { canBe, match } from "./match.ts";
import type { Control, ControlKind, Line, PageReading } from "./reading.ts";
import { namesOf, TERMS } from "./vocabulary.ts";
import { keyOf, likeness, looseKeysOf } from "./words.ts";

/** Something on the page that may be what was looked for, and why: for people, who decide. Nothing is ever pressed because it is alike. */
export interface Proposal {
  readonly words: string;
  /** Similar in what, different in what. */
  readonly why: string;
  readonly score: number;
  readonly thing: Thing;
}

const MOST = 4;

const NAMES: { readonly [kind in ControlKind]: string } = {
  button: "按鈕",
  link: "連結",
  tab: "頁籤",
  menuitem: "選單項目",
  clickable: "可以按的東西",
  text: "欄位",
  password: "密碼欄",
  select: "選單",
  "drawn-select": "選單",
  choice: "一組選項",
  checkbox: "勾選方塊",
  radio: "選項",
  file: "選擇檔案的欄位",
  option: "選項",
  picture: "圖片",
  words: "文字",
};

/** What a thing is called by people. */
export function kindName({ control, line }: Thing): string {
  return control === null ? (line.role === "header" ? "欄名" : "文字") : NAMES[control.kind];
}

/** The kinds that a part is expected to be, the likeliest first. */
const WANTED: { readonly [kind in LocatorKind]: readonly ControlKind[] } = {
  press: ["button", "link", "clickable", "tab", "menuitem"],
  tab: ["tab", "link", "button", "clickable"],
  menu: ["menuitem", "link", "button", "clickable"],
  field: ["text"],
  entry: ["text", "select", "drawn-select", "choice"],
  password: ["password"],
  choice: ["select", "drawn-select", "choice"],
  check: ["checkbox"],
  file: ["file"],
  picture: ["picture"],
  column: [],
};

/** What is most like the part, the best first. @param matched what it was called by, too often to be taken, or on a page that does not agree */
export function propose(reading: PageReading, part: LocatorSpec, matched: readonly Thing[] = []): Proposal[] {
  const around = surroundings(reading, part);
  const byControl =
    part.kind === "column" ? [] : reading.controls.map((control) => proposalOf(part, control, matched, around));
  const byWords = reading.lines.filter(({ control }) => control === null).map((line) => wordsProposal(part, line));
  const best = new Map<string, Proposal>();
  for (const one of [...byControl, ...byWords]) {
    if (one === null) continue;
    const known = best.get(one.words);
    if (known === undefined || known.score < one.score) best.set(one.words, one);
  }
  return [...best.values()].toSorted((a, b) => b.score - a.score).slice(0, MOST);
}

/** What is known of the page besides: where what belongs to the part stands, and what lies over it. */
interface Surroundings {
  /** The needed parts that were found, before and after which it stands in a form. */
  readonly before: readonly Control[];
  readonly after: readonly Control[];
  readonly layer: number | null;
}

function surroundings(reading: PageReading, part: LocatorSpec): Surroundings {
  const group = neededWith(part);
  const at = group.findIndex(({ id }) => id === part.id);
  const found = (parts: readonly LocatorSpec[]): Control[] =>
    parts.flatMap((one) => {
      const seen = match(reading, one);
      return seen.found === "one" && seen.what.control !== null ? [seen.what.control] : [];
    });
  return {
    before: found(group.slice(0, at)),
    after: found(group.slice(at + 1)),
    layer: reading.layers.find(({ blocking }) => blocking)?.id ?? null,
  };
}

function proposalOf(
  part: LocatorSpec,
  control: Control,
  matched: readonly Thing[],
  around: Surroundings,
): Proposal | null {
  const names = control.names.filter(({ from }) => from !== "hint" && from !== "group");
  const scores = names
    .map(({ text }) => ({ text, score: closeness(part, text) }))
    .toSorted((a, b) => b.score - a.score);
  const [best] = scores;
  if (best === undefined) return null;
  const kindAt = WANTED[part.kind].indexOf(control.kind);
  const isMatched = matched.some((one) => one.control?.id === control.id && one.control.frame === control.frame);
  const isElse = !isMatched && best.score < 1 && isKnownAsOther(part, control);
  // What nothing that is known is called by is what may have been renamed.
  const left = isElse || isMatched ? 0 : leftOver(part, control, kindAt, around);
  if (best.score <= 0.15 && left === 0) return null;
  const words = best.score > 0.15 ? best.text : (names[0]?.text ?? "");
  const notes = [
    ...(best.score >= 1 ? ["名稱相同"] : best.score > 0.15 ? ["名稱相近"] : ["不是認得的字"]),
    ...(left > 0 && best.score <= 0.15 ? ["頁面上還不知道是什麼的一個"] : []),
    ...(isElse ? ["是認得的另一樣東西"] : []),
    ...(kindAt >= 0 ? [] : [`但它是${NAMES[control.kind]}`]),
    ...(control.disabled ? ["現在不能用"] : []),
    ...(control.navigation ? ["在網站的選單裡"] : []),
    ...(isMatched && matched.length > 1 ? [`同樣的有 ${matched.length} 個`] : []),
    ...(isMatched && matched.length === 1 ? ["但頁面的用途或表單的欄位對不上"] : []),
  ];
  return {
    words: words.slice(0, 40),
    why: `${NAMES[control.kind]}，${notes.join("，")}`,
    score: best.score + (kindAt >= 0 ? 0.3 : 0) + (isMatched ? 0.5 : 0) + left - (isElse ? 0.5 : 0),
    thing: { control, line: null },
  };
}

/** How well it fits by everything but its name: its kind, where it stands, what stands around it. */
function leftOver(part: LocatorSpec, control: Control, kindAt: number, { before, after, layer }: Surroundings): number {
  if (kindAt < 0 || !canBe(part.kind, { control, line: null })) return 0;
  if (control.hidden && part.kind !== "check" && part.kind !== "file") return 0;
  if (control.navigation !== (part.kind === "menu") || control.row !== null || control.layer !== layer) return 0;
  const inOrder = [
    ...before.map(({ order }) => order < control.order),
    ...after.map(({ order }) => order > control.order),
  ];
  const right = inOrder.filter(Boolean).length;
  const order = inOrder.length === 0 ? 0 : (0.4 * right) / inOrder.length;
  const near = Math.max(0, ...[...before, ...after].map((one) => sharedPart(one.path, control.path)));
  // Of the buttons behind a form the first is the one that sends it.
  const last = before.at(-1);
  const distance = last === undefined ? 0 : Math.max(0, control.order - last.order);
  return 0.5 + order + 0.2 * near - 0.05 * kindAt - Math.min(0.1, distance * 0.002);
}

/** The share of a path that two things have in common. */
function sharedPart(a: string, b: string): number {
  const [left, right] = [a.split("."), b.split(".")];
  let same = 0;
  while (same < left.length && left[same] === right[same]) same++;
  return same / Math.max(left.length, right.length);
}

const VOCABULARY = new Set(Object.values(TERMS).flatMap((term) => namesOf(term).map(keyOf)));

/** It is called what something else is called. */
function isKnownAsOther(part: LocatorSpec, control: Control): boolean {
  const thing = { control, line: null };
  const own = new Set(part.names.map(keyOf));
  const texts = control.names
    .filter(({ from }) => from === "own" || from === "label" || from === "accessible" || from === "before")
    .map(({ text }) => text);
  if (texts.some((text) => [keyOf(text), ...looseKeysOf(text)].some((key) => VOCABULARY.has(key) && !own.has(key))))
    return true;
  return [...reversibleSpecs(), ...submitSpecs()].some(
    (other) =>
      other.id !== part.id &&
      other.name !== part.name &&
      canBe(other.kind, thing) &&
      texts.some((text) => nameStrength(other, text) >= 80),
  );
}

function wordsProposal(part: LocatorSpec, line: Line): Proposal | null {
  const isColumn = part.kind === "column";
  const score = closeness(part, line.text);
  const isHeader = line.role === "header" && isColumn;
  const isLeft = isHeader && !VOCABULARY.has(keyOf(line.text));
  if (score < 0.5 && !isLeft) return null;
  const why = isColumn
    ? `${line.role === "header" ? "清單的欄名" : "文字"}，${isLeft ? "頁面上還不知道是什麼的一欄" : "是認得的字"}`
    : score >= 1
      ? "頁面上有這幾個字，但旁邊找不到能用的東西"
      : "頁面上相近的文字";
  const whole = isColumn ? score + (isLeft ? 0.8 : 0) + (isHeader ? 0.2 : 0) : score - 0.1;
  return { words: line.text.slice(0, 40), why, score: whole, thing: { control: null, line } };
}

function closeness(part: LocatorSpec, text: string): number {
  const key = keyOf(text);
  if (key === "") return 0;
  return Math.max(
    ...part.names.map((name, at) => {
      if (keyOf(name) === key) return at === 0 ? 1.2 : 1;
      const contains = keyOf(name).length > 1 && key.includes(keyOf(name));
      return Math.max(likeness(name, text), contains ? 0.6 : 0) * (at === 0 ? 1 : 0.8);
    }),
  );
}

/** The proposals in one line. */
export function formatProposals(proposals: readonly Proposal[]): string {
  return proposals.map(({ words, why }) => `「${words}」（${why}）`).join("、");
}
