import type { Words } from "../problems/problems.ts";

/**
 * What a status word says about the number of its row.
 * `issued`, `voided`, `cancelled`, `allowance`: it was given out. `blank`: it was not used. `not-a-use`: the row is about something
 * else, the number is left aside. `undecided`: issuing has not ended (待開立, 開立失敗), so the word alone does not say whether the
 * number was used: where such a row has a number, a person is asked.
 */
export const STATUS_MEANINGS = [
  "issued",
  "voided",
  "cancelled",
  "allowance",
  "blank",
  "not-a-use",
  "undecided",
] as const;
export type StatusMeaning = (typeof STATUS_MEANINGS)[number];

/** Each meaning for people. */
export const MEANING_TITLES: Readonly<Record<StatusMeaning, Words>> = {
  issued: { zh: "開立，用掉號碼", en: "issued, used the number" },
  voided: { zh: "作廢，用掉號碼", en: "voided, used the number" },
  cancelled: {
    zh: "註銷，同一號碼要重新開立，不算空白",
    en: "cancelled: the number is issued again, and is not blank",
  },
  allowance: { zh: "折讓，證明號碼用過", en: "allowance: proves that the number was used" },
  blank: { zh: "空白，沒有用", en: "blank, not used" },
  "not-a-use": { zh: "和號碼的使用無關", en: "says nothing about the number" },
  undecided: { zh: "還沒開立完成，看不出號碼用了沒有", en: "issuing has not ended: not known whether it was used" },
};

const OWN = "this program's own table";
const PORTAL = "the portal's list of a business's invoices (BTB411W)";
const PORTAL_B2B = "the portal's list, invoices that are exchanged and confirmed between businesses";
const CARRIER_CSV = "the portal's CSV of a carrier's invoices";
const SHOPS = "order lists of shops";
const CENTRES = "lists of value-added centres";
const POS = "points of sale and accounting packages";
const API = "values in exports of programs";

type Word = { readonly word: string; readonly meaning: StatusMeaning; readonly seen: string };

/**
 * The status words that are known, each with where it was seen; a word is compared without blanks and width. Every word that holds
 * 折讓 is an allowance, whatever else it says, see {@link meaningOf}.
 */
export const STATUS_WORDS: readonly Word[] = [
  { word: "開立", meaning: "issued", seen: OWN },
  { word: "已開立", meaning: "issued", seen: SHOPS },
  { word: "開立已確認", meaning: "issued", seen: `${PORTAL}, ${CARRIER_CSV}` },
  { word: "開立未確認", meaning: "issued", seen: PORTAL_B2B },
  { word: "開立待確認", meaning: "issued", seen: PORTAL_B2B },
  { word: "開立成功", meaning: "issued", seen: SHOPS },
  { word: "開立完成", meaning: "issued", seen: SHOPS },
  { word: "發票開立", meaning: "issued", seen: CENTRES },
  { word: "發票已開立", meaning: "issued", seen: CENTRES },
  { word: "已使用", meaning: "issued", seen: CENTRES },
  { word: "使用", meaning: "issued", seen: CENTRES },
  { word: "發票開立成功", meaning: "issued", seen: CENTRES },
  { word: "開立發票", meaning: "issued", seen: POS },
  { word: "已開", meaning: "issued", seen: POS },
  // Voiding or cancelling has not ended: until then it is an invoice.
  { word: "待作廢", meaning: "issued", seen: SHOPS },
  { word: "作廢中", meaning: "issued", seen: SHOPS },
  { word: "作廢失敗", meaning: "issued", seen: SHOPS },
  { word: "待註銷", meaning: "issued", seen: CENTRES },
  { word: "註銷中", meaning: "issued", seen: CENTRES },
  { word: "註銷失敗", meaning: "issued", seen: CENTRES },
  { word: "Issued", meaning: "issued", seen: API },
  { word: "作廢", meaning: "voided", seen: OWN },
  { word: "已作廢", meaning: "voided", seen: SHOPS },
  { word: "作廢已確認", meaning: "voided", seen: `${PORTAL}, ${CARRIER_CSV}` },
  { word: "作廢未確認", meaning: "voided", seen: PORTAL_B2B },
  { word: "作廢待確認", meaning: "voided", seen: PORTAL_B2B },
  { word: "作廢成功", meaning: "voided", seen: SHOPS },
  { word: "發票作廢", meaning: "voided", seen: CENTRES },
  { word: "發票已作廢", meaning: "voided", seen: CENTRES },
  { word: "作廢發票", meaning: "voided", seen: POS },
  { word: "作廢完成", meaning: "voided", seen: SHOPS },
  { word: "誤開作廢", meaning: "voided", seen: POS },
  { word: "Void", meaning: "voided", seen: API },
  { word: "Voided", meaning: "voided", seen: API },
  { word: "專案作廢", meaning: "voided", seen: "voided with the tax office's approval after the period was filed" },
  // The buyer sent an exchanged invoice back: it was issued all the same.
  { word: "退回", meaning: "voided", seen: PORTAL_B2B },
  { word: "已退回", meaning: "voided", seen: PORTAL_B2B },
  { word: "退回已確認", meaning: "voided", seen: PORTAL_B2B },
  { word: "退回未確認", meaning: "voided", seen: PORTAL_B2B },
  { word: "註銷", meaning: "cancelled", seen: OWN },
  { word: "已註銷", meaning: "cancelled", seen: PORTAL },
  { word: "註銷已確認", meaning: "cancelled", seen: PORTAL },
  { word: "發票註銷", meaning: "cancelled", seen: CENTRES },
  { word: "註銷發票", meaning: "cancelled", seen: POS },
  { word: "註銷成功", meaning: "cancelled", seen: CENTRES },
  { word: "註銷完成", meaning: "cancelled", seen: CENTRES },
  { word: "註銷未確認", meaning: "cancelled", seen: PORTAL_B2B },
  { word: "註銷待確認", meaning: "cancelled", seen: PORTAL_B2B },
  { word: "銷貨退回", meaning: "allowance", seen: POS },
  { word: "銷退", meaning: "allowance", seen: POS },
  { word: "Allowance", meaning: "allowance", seen: API },
  { word: "空白", meaning: "blank", seen: CENTRES },
  { word: "未使用", meaning: "blank", seen: CENTRES },
  { word: "空白未使用", meaning: "blank", seen: "the portal's own name for such numbers" },
  { word: "空白發票", meaning: "blank", seen: CENTRES },
  { word: "空白號碼", meaning: "blank", seen: CENTRES },
  { word: "空白字軌", meaning: "blank", seen: CENTRES },
  { word: "空白未用", meaning: "blank", seen: POS },
  { word: "Blank", meaning: "blank", seen: API },
  { word: "Unused", meaning: "blank", seen: API },
  { word: "待開立", meaning: "undecided", seen: SHOPS },
  { word: "未開立", meaning: "undecided", seen: SHOPS },
  { word: "尚未開立", meaning: "undecided", seen: SHOPS },
  { word: "開立中", meaning: "undecided", seen: SHOPS },
  { word: "開立失敗", meaning: "undecided", seen: SHOPS },
  { word: "開立異常", meaning: "undecided", seen: SHOPS },
  { word: "未開", meaning: "undecided", seen: POS },
  { word: "待開", meaning: "undecided", seen: POS },
  { word: "等待開立", meaning: "undecided", seen: SHOPS },
  { word: "預約開立", meaning: "undecided", seen: CENTRES },
  { word: "開立處理中", meaning: "undecided", seen: SHOPS },
];

const KNOWN: ReadonlyMap<string, StatusMeaning> = new Map(
  STATUS_WORDS.map(({ word, meaning }) => [word.toUpperCase(), meaning]),
);

/** What is said of an invoice beside its status: how far its data got. It says nothing about whether the number was used. */
const PROGRESS: readonly string[] = [
  "已上傳",
  "未上傳",
  "待上傳",
  "尚未上傳",
  "上傳中",
  "上傳成功",
  "上傳失敗",
  "已傳送",
  "未傳送",
  "待傳送",
  "傳送成功",
  "傳送失敗",
  "已存證",
  "未存證",
  "已列印",
  "未列印",
  "已接收",
  "已通知",
];

/** A code that a system prints beside its word: `1:開立`, `作廢(C)`. */
const CODE = /^[0-9A-Z]{1,3}$/;
const BETWEEN = /[/,、;|:.+&()[\]{}【】〔〕「」-]+/;

/**
 * The meaning of a word that is made of known ones: `已開立(已上傳)`, `作廢/未上傳`, `開立未上傳`, `1:開立`. What says how far the data got, and
 * a code beside a word, change nothing; parts of different meanings are nobody's to join.
 */
function ofParts(word: string): StatusMeaning | undefined {
  const parts = word.split(BETWEEN).filter((part) => part !== "");
  const said = parts.filter((part) => !PROGRESS.includes(part) && !(parts.length > 1 && CODE.test(part)));
  const meanings = new Set(said.map((part) => KNOWN.get(part.toUpperCase()) ?? ofBeginning(part)));
  const [only] = meanings;
  return meanings.size === 1 ? only : undefined;
}

function ofBeginning(part: string): StatusMeaning | undefined {
  const progress = PROGRESS.find((one) => part.endsWith(one));
  return progress === undefined ? undefined : KNOWN.get(part.slice(0, -progress.length).toUpperCase());
}

/** A status word without what does not matter: blanks of any kind, width, brackets around the whole. */
export function plainWord(text: string): string {
  const plain = text.normalize("NFKC").replaceAll(/[\s\u200b-\u200d\u2060\ufeff]/g, "");
  return /^[([{【〔「][^()[\]{}【】〔〕「」]+[)\]}】〕」]$/.test(plain) ? plain.slice(1, -1) : plain;
}

/** What the words say that a person has taught, on top of the known ones, and whether it was taught; null for an unknown word. */
export type StatusReader = (text: string) => { readonly meaning: StatusMeaning; readonly taught: boolean } | null;

/**
 * Makes a reader of status words. What was taught comes first. An allowance (折讓) can only be given for an invoice that was issued, so
 * every word that holds 折讓 (部分折讓, 全額折讓, 折讓單已開立, 折讓作廢已確認, 未折讓 …) means that the number was used: to take it so is
 * right or on the safe side.
 */
export function statusReader(statuses: Readonly<Record<string, StatusMeaning>>): StatusReader {
  const taught = new Map(Object.entries(statuses).map(([word, meaning]) => [plainWord(word), meaning]));
  return (text) => {
    const word = plainWord(text);
    const said = taught.get(word);
    if (said !== undefined) return { meaning: said, taught: true };
    const meaning = KNOWN.get(word.toUpperCase()) ?? (word.includes("折讓") ? "allowance" : ofParts(word));
    return meaning === undefined ? null : { meaning, taught: false };
  };
}
