import type { Dice } from "./dice.ts";
import { type Said, type TrueRow, nameOf } from "./truth.ts";

/** Status words by what they say, as systems print them. */
const WORDS: Readonly<Record<Said, readonly string[]>> = {
  issued: ["開立", "已開立", "開立已確認", " 開立 ", "開立\u00a0", "已開立(已上傳)", "開立未上傳", "0:開立"],
  voided: ["作廢", "已作廢", "作廢已確認", "專案作廢", "退回", "作廢/已上傳"],
  cancelled: ["註銷", "已註銷"],
  allowance: ["折讓", "已折讓", "作廢折讓", "折讓作廢", "折讓已確認", "部分折讓", "折讓單已開立", "折讓作廢已確認"],
  blank: ["空白", "未使用", "空白未使用"],
};

export function drawWord(dice: Dice, said: Said): string {
  return dice.one(WORDS[said]);
}

/** An invoice number as somebody's system prints it. */
export function drawNumber(dice: Dice, row: TrueRow): string {
  const plain = nameOf(row);
  const [track, digits] = [plain.slice(0, 2), plain.slice(2)];
  return dice.one([
    plain,
    plain,
    plain,
    `${track}-${digits}`,
    `${track} ${digits}`,
    plain.toLowerCase(),
    fullWidth(plain),
    `'${plain}`,
    `${plain} `,
    `\u00a0${plain}`,
  ]);
}

export function fullWidth(text: string): string {
  return text.replaceAll(/[A-Z0-9]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
}

/** A date of the row, in one of the spellings; each is the same day in Taipei. */
export function drawDate(dice: Dice, { day }: TrueRow): string {
  const date = new Date(Date.UTC(2026, 8, 1 + day));
  const [year, month, of] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  const two = (value: number): string => String(value).padStart(2, "0");
  const roc = year - 1911;
  // 23:30 of the day before in Greenwich is 07:30 in Taipei.
  const before = new Date(date.getTime() - 30 * 60_000).toISOString();
  return dice.one([
    `${year}/${two(month)}/${two(of)}`,
    `${year}-${two(month)}-${two(of)}`,
    `${year}${two(month)}${two(of)}`,
    `${roc}/${two(month)}/${two(of)}`,
    `${roc}.${two(month)}.${two(of)}`,
    `${roc}${two(month)}${two(of)}`,
    `民國${roc}年${month}月${of}日`,
    `${roc}年${two(month)}月${two(of)}日`,
    `${year}/${month}/${of} 上午 10:00:00`,
    `${year}-${two(month)}-${two(of)} 10:11:12`,
    `中華民國${roc}年${month}月${of}日`,
    `${year}-${two(month)}-${two(of)} 00:30 (UTC+8)`,
    `${year}-${two(month)}-${two(of)}T00:30:00+08:00`,
    before,
    before.replace(".000Z", "Z"),
  ]);
}
