import type { Words } from "../problems/problems.ts";

/** 獎別: its code in the portal's list, the name people know it by, and what it pays in TWD. */
type PrizeKind = { readonly code: string; readonly name: string; readonly amount: number };

/**
 * The prizes whose codes are known. Two more exist (雲端 800 元 and 500 元) whose codes nobody has seen: an unknown code is kept
 * and shown as it stands.
 */
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

/** A prize by the words of a platform's list: a name (六獎), a code, or only what it pays. */
export function prizeByWords(words: string, paid: number | null): { prize: Prize; remark?: Words } {
  const kind = PRIZES.find((one) => one.name === words || one.code === words);
  if (kind !== undefined) return prizeByCode(kind.code, paid);
  return { prize: { code: "", name: words, amount: paid } };
}
