import type { LocatorSpec, LocatorKind } from "./description.ts";
import type { Control, ControlKind, Line, PageReading } from "./reading.ts";
import { keyOf, likeness } from "./words.ts";

/** Something on the page that may be what was looked for, and why: for people, who decide. Nothing is ever pressed because it is alike. */
export interface Proposal {
  readonly words: string;
  /** Similar in what, different in what. */
  readonly why: string;
  readonly score: number;
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
};

/** What is most like the part, the best first. @param matched what it was called by, too often to be taken, or on a page that does not agree */
export function propose(
  reading: PageReading,
  part: LocatorSpec,
  matched: readonly { readonly control: Control | null; readonly line: Line | null }[] = [],
): Proposal[] {
  const byControl = reading.controls.map((control) => proposalOf(part, control, matched));
  const byWords = reading.lines.filter(({ control }) => control === null).map((line) => wordsProposal(part, line));
  const best = new Map<string, Proposal>();
  for (const one of [...byControl, ...byWords]) {
    if (one === null) continue;
    const known = best.get(one.words);
    if (known === undefined || known.score < one.score) best.set(one.words, one);
  }
  return [...best.values()].toSorted((a, b) => b.score - a.score).slice(0, MOST);
}

function proposalOf(
  part: LocatorSpec,
  control: Control,
  matched: readonly { readonly control: Control | null }[],
): Proposal | null {
  const names = control.names.filter(({ from }) => from !== "hint");
  const scores = names
    .map(({ text }) => ({ text, score: closeness(part, text) }))
    .toSorted((a, b) => b.score - a.score);
  const [best] = scores;
  if (best === undefined || best.score <= 0.15) return null;
  const isKind = WANTED[part.kind].includes(control.kind);
  const isMatched = matched.some((one) => one.control?.id === control.id && one.control.frame === control.frame);
  const notes = [
    best.score >= 1 ? "名稱相同" : "名稱相近",
    ...(isKind ? [] : [`但它是${NAMES[control.kind]}`]),
    ...(control.disabled ? ["現在不能用"] : []),
    ...(control.navigation ? ["在網站的選單裡"] : []),
    ...(isMatched && matched.length > 1 ? [`同樣的有 ${matched.length} 個`] : []),
    ...(isMatched && matched.length === 1 ? ["但頁面的用途或表單的欄位對不上"] : []),
  ];
  return {
    words: best.text.slice(0, 40),
    why: `${NAMES[control.kind]}，${notes.join("，")}`,
    score: best.score + (isKind ? 0.3 : 0) + (isMatched ? 0.5 : 0),
  };
}

function wordsProposal(part: LocatorSpec, line: Line): Proposal | null {
  const score = closeness(part, line.text);
  if (score < 0.5) return null;
  const why = score >= 1 ? "頁面上有這幾個字，但旁邊找不到能用的東西" : "頁面上相近的文字";
  return { words: line.text.slice(0, 40), why, score: score - 0.1 };
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
