import type { Words } from "../problems/problems.ts";

/** 獎別: its code in the portal's list, the name people know it by, and what it pays in TWD. */
type PrizeKind = { readonly code: string; readonly name: string; readonly amount: number };

/** The prizes of the ministry's list of winners. A code that is not among them is kept and shown as it stands. */
const PRIZES: readonly PrizeKind[] = [
  { code: "A", name: "特別獎", amount: 10_000_000 },
  { code: "0", name: "特獎", amount: 2_000_000 },
  { code: "1", name: "頭獎", amount: 200_000 },
  { code: "2", name: "二獎", amount: 40_000 },
  { code: "3", name: "三獎", amount: 10_000 },
  { code: "4", name: "四獎", amount: 4_000 },
  { code: "5", name: "五獎", amount: 1_000 },
  { code: "6", name: "六獎", amount: 200 },
  { code: "B", name: "雲端發票獎 2,000 元", amount: 2_000 },
  { code: "C", name: "雲端發票獎 100 萬元", amount: 1_000_000 },
  { code: "D", name: "雲端發票獎 500 元", amount: 500 },
  { code: "E", name: "雲端發票獎 800 元", amount: 800 },
];

/**
 * The kind that a name means, in the short and the long ones that lists and the ministry's announcements use: 六獎, 統一發票六獎, 增開六獎,
 * 雲端發票獎 500 元, 雲端發票專屬獎五百元, 雲端發票專屬百萬元獎.
 */
function kindNamed(words: string): PrizeKind | undefined {
  const plain = words.normalize("NFKC").replaceAll(/[\s,，()（）:：-]/g, "");
  const cloud = /雲端|專屬|百萬元獎/.test(plain) ? AMOUNTS.find(({ written }) => written.test(plain)) : undefined;
  if (cloud !== undefined) return PRIZES.find(({ code }) => code === cloud.code);
  const short = plain
    .replace(/^統一發票/, "")
    .replace(/^增開/, "")
    .replace(/(?<=獎)[\d一二三四五六七八九十百千萬]+元?整?$/, "");
  return PRIZES.find(({ name, code }) => name === short || code === plain);
}

/** How names of the prizes for cloud invoices write the amount. */
const AMOUNTS: readonly { readonly written: RegExp; readonly code: string }[] = [
  { written: /百萬|1000000|100萬/, code: "C" },
  { written: /(?<!\d)2000(?!\d)|[二兩2]千/, code: "B" },
  { written: /(?<!\d)800(?!\d)|[八8]百/, code: "E" },
  { written: /(?<!\d)500(?!\d)|[五5]百/, code: "D" },
];

/** A prize as a list says it. */
export type Prize = {
  /** As it stands in the list; empty where the list has only the name. */
  readonly code: string;
  /** The known name; of an unknown prize what the list says. */
  readonly name: string;
  /** TWD; null where the list does not say it and the prize is unknown. */
  readonly amount: number | null;
};

/** A prize by its code, with what the list says it pays; and what is worth knowing about it, where something is. */
export function prizeByCode(code: string, paid: number | null): { prize: Prize; remark?: Words } {
  const kind = PRIZES.find((one) => one.code === code);
  if (kind === undefined) {
    const prize = { code, name: `獎別 ${code}`, amount: paid };
    return {
      prize,
      remark: {
        zh: `獎別代號「${code}」不在已知的代號裡，獎金以清冊所寫的為準`,
        en: `Prize code "${code}" is not known; the amount is what the list says`,
      },
    };
  }
  const { name, amount } = kind;
  if (paid === null || paid === amount) return { prize: { code, name, amount } };
  return {
    prize: { code, name, amount: paid },
    remark: {
      zh: `${name}通常是 ${amount.toLocaleString("en")} 元，清冊寫的是 ${paid.toLocaleString("en")} 元`,
      en: `${name} usually pays ${amount.toLocaleString("en")}; the list says ${paid.toLocaleString("en")}`,
    },
  };
}

function isCloud({ code }: PrizeKind): boolean {
  return /^[B-E]$/.test(code);
}

/** A prize by the words of a platform's list: a name (六獎), a code, or only what it pays. */
export function prizeByWords(words: string, paid: number | null): { prize: Prize; remark?: Words } {
  const kind =
    kindNamed(words) ??
    (/雲端|專屬/.test(words) ? PRIZES.find((one) => isCloud(one) && one.amount === paid) : undefined);
  if (kind !== undefined) return prizeByCode(kind.code, paid);
  return { prize: { code: "", name: words, amount: paid } };
}
