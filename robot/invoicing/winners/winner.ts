import { masked } from "../values/masking.ts";
import { splitInvoiceNumber } from "../values/track.ts";
import type { Prize } from "../values/prize.ts";
import type { Words } from "../problems/problems.ts";

/** What a list says of one winning invoice, as text: numbers keep their zeros, amounts are whole TWD. Empty where the list has no such field. */
export type WinnerFields = {
  readonly period: string;
  /** Track and number: `AB12345678`. */
  readonly invoice: string;
  readonly day: string;
  readonly time: string;
  readonly total: string;
  readonly randomNumber: string;
  readonly sellerUbn: string;
  readonly sellerName: string;
  readonly sellerAddress: string;
  readonly headUbn: string;
  readonly buyerUbn: string;
  readonly carrierType: string;
  readonly carrierName: string;
  readonly carrierClear: string;
  readonly carrierHidden: string;
  /** 會員識別 of a value-added platform: how it knows the buyer. */
  readonly member: string;
  /** `Y` where the prize was transferred already. */
  readonly paid: string;
  readonly dataType: string;
  readonly exception: string;
  readonly printFormat: string;
  readonly uid: string;
};

/** One line of a list of winners. No line is ever left out: what can't be read has its text in `note` and empty fields. */
export type Winner = {
  readonly line: number;
  readonly fields: WinnerFields;
  readonly prize: Prize;
  /** What is odd about the line, for people; empty when nothing is. */
  readonly note: string;
  /** Whether everything that identifies the invoice and its prize could be read. */
  readonly whole: boolean;
};

/** Something worth knowing about a line that is no fault of the file: an unknown prize, a name cut in the middle. */
export type Remark = { readonly line: number; readonly column: string; readonly text: Words };

export const NO_FIELDS: WinnerFields = {
  period: "",
  invoice: "",
  day: "",
  time: "",
  total: "",
  randomNumber: "",
  sellerUbn: "",
  sellerName: "",
  sellerAddress: "",
  headUbn: "",
  buyerUbn: "",
  carrierType: "",
  carrierName: "",
  carrierClear: "",
  carrierHidden: "",
  member: "",
  paid: "",
  dataType: "",
  exception: "",
  printFormat: "",
  uid: "",
};

/** A line that can't be read: its text is kept in the note. */
export function unreadWinner(line: number, text: string): Winner {
  const prize = { code: "", name: "", amount: null };
  return { line, fields: NO_FIELDS, prize, note: `無法解讀的一行：${text}`, whole: false };
}

/** How people write the invoice: `AB-12345678`; what is no invoice number stays as it is. */
export function shownInvoice(invoice: string): string {
  try {
    const { track, number } = splitInvoiceNumber(invoice);
    return `${track}-${number}`;
  } catch {
    return invoice;
  }
}

/** One winner for a screen or a record: who it is stays hidden. */
export function maskedWinner({ fields, prize, note, whole }: Winner): string {
  if (fields.invoice === "") return whole ? note : "✗ 無法解讀的一行";
  const amount = prize.amount === null ? "" : prize.amount.toLocaleString("en");
  return [whole ? "" : "✗", shownInvoice(fields.invoice), fields.day, prize.name, amount, masked(holderOf(fields))]
    .filter((part) => part !== "")
    .join("  ");
}

/** By what the list tells the winner apart: 會員識別, else the carrier, else the buyer. */
export function holderOf({ member, carrierClear, carrierHidden, buyerUbn }: WinnerFields): string {
  return member || carrierClear || carrierHidden || buyerUbn;
}
