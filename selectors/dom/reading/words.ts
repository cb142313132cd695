/**
 * The one place where the words of a page are made comparable. What stands in the record is always the original; these are keys, never
 * shown to anybody.
 */

/** Marks that pages put around names: of what must be filled in, of lists, arrows, colons. */
const MARKS = /[:*＊·•‧▼▾▽▲△⌄⌃∨›»→←▶◀►◄↓✓✔☐☑□■◆◇|]+/gu;
const REQUIRED = /[[(【〔]?(必填|必選|必要|選填|required|optional)[\])】〕]?/giu;
const BRACKETS = /[[(【〔「][^\])】〕」]*[\])】〕」]/gu;
/** All of it in one pair of brackets, as some write their buttons. */
const BRACKETED = /^[[【〔「《<]([^\]】〕」》>]+)[\]】〕」》>]$/u;
const INVISIBLE = /[\u00AD\u200B-\u200F\u2060\uFEFF\uE000-\uF8FF]/gu;
/** What a field says of itself around its name. */
const INVITES =
  /^(請(您)?(輸入|填寫|填入|選擇|選取|點選)|輸入|填寫|選擇|your|enter(your)?|please(enter|select|choose)|selecta?|choosea?)|(欄位)$/giu;

/**
 * Width, case, blanks of every kind inside and around, and marks do not count: `帳 號：` and `＊ 帳號` are `帳號`. What is nothing but marks
 * is taken as it is.
 */
export function keyOf(text: string): string {
  return kept(keys, text, makeKey);
}

function makeKey(text: string): string {
  const plain = text
    .normalize("NFKC")
    .replaceAll(INVISIBLE, "")
    .toLowerCase()
    .replaceAll("臺", "台")
    .replaceAll("身份", "身分")
    .replaceAll(/\s+/gu, "");
  const key = (BRACKETED.exec(plain)?.[1] ?? plain)
    .replaceAll(REQUIRED, "")
    .replaceAll(MARKS, "")
    .replace(/^\++|\++$/gu, "");
  return key === "" ? plain : key;
}

const keys = new Map<string, string>();
const looseKeys = new Map<string, readonly string[]>();
/** A page has a few hundred words, and is read a hundred times. */
const MOST_KEPT = 5_000;

function kept<T>(known: Map<string, T>, text: string, make: (text: string) => T): T {
  const had = known.get(text);
  if (had !== undefined) return had;
  const made = make(text);
  if (known.size >= MOST_KEPT) known.clear();
  known.set(text, made);
  return made;
}

/** The same in two languages, one after the other: `統一編號 Tax ID`, `Sign in 登入`. */
const BILINGUAL =
  /^([^\p{Script=Latin}]*\p{Script=Han}[^\p{Script=Latin}]*?)[\s/／|·-]*(\p{Script=Latin}[^\p{Script=Han}]*)$|^(\p{Script=Latin}[^\p{Script=Han}]*?)[\s/／|·-]*(\p{Script=Han}[^\p{Script=Latin}]*)$/u;

/**
 * What else the same words may be called: without what stands in brackets, without the invitation to fill it in, and each half of what is
 * said in two languages.
 */
export function looseKeysOf(text: string): readonly string[] {
  return kept(looseKeys, text, makeLooseKeys);
}

function makeLooseKeys(text: string): readonly string[] {
  const plain = text.normalize("NFKC");
  const keys = [
    ...(BILINGUAL.exec(plain) ?? []).slice(1).map((half) => keyOf(half ?? "")),
    keyOf(plain.replaceAll(BRACKETS, "")),
    keyOf(plain).replaceAll(INVITES, ""),
    keyOf(plain.replaceAll(BRACKETS, "")).replaceAll(INVITES, ""),
  ];
  return [...new Set(keys)].filter((key) => key !== "" && key !== keyOf(text));
}

/** Width, and blanks around, do not count; for values, where the blanks inside are theirs. */
export function tidyWords(text: string): string {
  return text.normalize("NFKC").replaceAll(INVISIBLE, "").replaceAll(/\s+/gu, " ").trim();
}

/** How alike two texts look, 0 to 1: Dice's coefficient over characters, since Chinese labels are too short for pairs of characters. */
export function likeness(a: string, b: string): number {
  const left = new Set(keyOf(a));
  const right = new Set(keyOf(b));
  const common = [...left].filter((character) => right.has(character)).length;
  return left.size + right.size === 0 ? 0 : (2 * common) / (left.size + right.size);
}
