import { namesOf, TERMS } from "../reading/vocabulary.ts";
import { keyOf } from "../reading/words.ts";

/** Every name that the robot itself knows: words of portals, and nobody's data. */
const VOCABULARY: ReadonlySet<string> = new Set(
  Object.values(TERMS)
    .flatMap((term) => namesOf(term))
    .map(keyOf),
);

/** Years, months and periods, and what choices say of themselves. */
const PERIOD = /^(?=.*\d)[\d\s年月期第至到民國~\-–—/／.()（）]{1,24}$/u;
const CHOOSE = /^[-–—\s]*(請選擇|全部|不限|無)?[-–—\s]*$/u;

/** The same shape without what it says: it stays as long as it was. */
export function blurred(text: string): string {
  return text
    .replaceAll(/\p{Script=Han}/gu, "某")
    .replaceAll(/\p{L}/gu, (letter) => (letter === "某" ? letter : "x"))
    .replaceAll(/\p{N}/gu, "0");
}

export function isKnownWord(text: string): boolean {
  return VOCABULARY.has(keyOf(text));
}

/** What a choice offers that is nobody's: a period, or a word of portals. */
export function isPlainOption(text: string): boolean {
  const isPeriod = PERIOD.test(text) && !/\d{6,}/.test(text);
  return isPeriod || CHOOSE.test(text) || isKnownWord(text);
}

const EMAIL = /[^\s@<>（(：:]+@[^\s@<>）)]+/gu;
/** What is said to be so many. */
const FIGURE = /(?<=[:：]\s*)\d[\d,]*/gu;
/** Four digits in a row, or fewer with a letter or another number beside them, are nobody's label. */
const NUMBER = /[A-Za-z]{2}[-\s]?\d{8}|\d[\d,-]{3,}\d|\d{4,}/gu;
/** Whoever is greeted or named beside what they are. */
const GREETED = /[\p{L}\p{N}○＊*]{1,20}(?=\s*(?:先生|小姐|女士|您好|你好))/gu;
const NAMED =
  /((?:帳號|使用者|登入者|姓名|負責人|承辦人|聯絡人|經辦人|營業人|公司|公司名稱|營業人名稱|使用者名稱)\s*[:：]\s*)([^\s，,；;）)]+)/gu;

/** Surnames of nine people in ten. */
const SURNAMES =
  "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴徐周葉蘇莊呂江何蕭羅高潘簡朱鍾游詹胡施沈余盧梁趙顏柯翁魏孫戴范方宋鄧杜傅侯曹薛丁卓馬阮董唐溫藍蔣石古紀姚連馮歐程湯田康姜汪白鄒尤巫鐘黎涂龔嚴韓袁金童陸夏柳邵";
/** What stands on buttons and over fields stands in no name. */
const OF_PAGES = /[查詢改刪除增載傳確定取消送出返登入印匯頁步說選關閉意單料設維字軌號碼期別類統編票資訊信箱表功能]/u;

/** A business by its name. */
const BUSINESS = /有限公司|股份|商行|企業社|工作室|事務所|商號|實業社|合作社/u;

function isLikeName(text: string): boolean {
  return /^\p{Script=Han}{2,4}$/u.test(text) && SURNAMES.includes(text.charAt(0)) && !OF_PAGES.test(text);
}

/**
 * A label without what may be somebody's: a name that is known to be the business's, an address, a number, whoever is greeted.
 * @param known words of the installation, such as the company's name, its number and its account
 */
export function scrubbed(text: string, known: readonly string[]): string {
  if (isKnownWord(text)) return text;
  if (isLikeName(text.trim()) || BUSINESS.test(text)) return blurred(text);
  let left = text;
  for (const word of known) if (word.length > 1) left = left.replaceAll(word, blurred(word));
  return left
    .replaceAll(EMAIL, blurred)
    .replaceAll(NUMBER, blurred)
    .replaceAll(FIGURE, blurred)
    .replaceAll(GREETED, blurred)
    .replaceAll(NAMED, (_all, label: string, name: string) => `${label}${blurred(name)}`);
}
