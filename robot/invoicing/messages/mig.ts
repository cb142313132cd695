import { decodeText } from "../reading/encoding.ts";
import { type Words, DomainError } from "../problems/problems.ts";

/** What one of the ministry's XML messages (MIG) is. */
export type MigMessage = {
  /** `E0501`; empty where the message names none. */
  readonly code: string;
  readonly name: Words;
};

/** The messages of the Message Implementation Guideline, versions 3.2 and 4, by their codes. */
const NAMES: Readonly<Record<string, Words>> = {
  A0101: { zh: "開立發票（交換）", en: "invoice (exchange)" },
  A0102: { zh: "發票接收確認（交換）", en: "invoice received (exchange)" },
  A0201: { zh: "作廢發票（交換）", en: "void invoice (exchange)" },
  A0202: { zh: "作廢發票接收確認（交換）", en: "void invoice received (exchange)" },
  A0301: { zh: "退回（拒收）發票（交換）", en: "rejected invoice (exchange)" },
  A0302: { zh: "退回（拒收）發票接收確認（交換）", en: "rejected invoice received (exchange)" },
  A0401: { zh: "開立發票（B2B 存證）", en: "invoice (B2B, filed)" },
  A0501: { zh: "作廢發票（B2B 存證）", en: "void invoice (B2B, filed)" },
  A0601: { zh: "退回（拒收）發票（B2B 存證）", en: "rejected invoice (B2B, filed)" },
  B0101: { zh: "開立折讓證明單（交換）", en: "allowance (exchange)" },
  B0102: { zh: "折讓證明單接收確認（交換）", en: "allowance received (exchange)" },
  B0201: { zh: "作廢折讓證明單（交換）", en: "void allowance (exchange)" },
  B0202: { zh: "作廢折讓證明單接收確認（交換）", en: "void allowance received (exchange)" },
  B0401: { zh: "開立折讓證明單（B2B 存證）", en: "allowance (B2B, filed)" },
  B0501: { zh: "作廢折讓證明單（B2B 存證）", en: "void allowance (B2B, filed)" },
  C0401: { zh: "開立發票（B2C 存證）", en: "invoice (B2C, filed)" },
  C0501: { zh: "作廢發票（B2C 存證）", en: "void invoice (B2C, filed)" },
  C0701: { zh: "註銷發票（B2C 存證）", en: "withdrawn invoice (B2C, filed)" },
  D0401: { zh: "開立折讓證明單（B2C 存證）", en: "allowance (B2C, filed)" },
  D0501: { zh: "作廢折讓證明單（B2C 存證）", en: "void allowance (B2C, filed)" },
  E0401: { zh: "分支機構配號檔", en: "numbers passed on to a branch" },
  E0402: { zh: "空白未使用字軌檔", en: "blank numbers" },
  E0501: { zh: "營業人電子發票配號檔", en: "numbers allocated to a business" },
  E0504: { zh: "中獎發票清冊", en: "winning invoices" },
  F0401: { zh: "開立發票（存證）", en: "invoice (filed)" },
  F0501: { zh: "作廢發票（存證）", en: "void invoice (filed)" },
  F0701: { zh: "註銷發票（存證）", en: "withdrawn invoice (filed)" },
  G0401: { zh: "開立折讓證明單（存證）", en: "allowance (filed)" },
  G0501: { zh: "作廢折讓證明單（存證）", en: "void allowance (filed)" },
};

/** Messages whose namespace is missing, by what stands at their root; Turnkey's own answers have no code. */
const ROOTS: Readonly<Record<string, { readonly code: string; readonly name?: Words }>> = {
  BranchTrackBlank: { code: "E0402" },
  BranchTrack: { code: "E0401" },
  InvoiceAssignNo: { code: "E0501" },
  Award: { code: "E0504" },
  Invoice: { code: "", name: { zh: "開立發票", en: "invoice" } },
  CancelInvoice: { code: "", name: { zh: "作廢發票", en: "void invoice" } },
  VoidInvoice: { code: "", name: { zh: "註銷發票", en: "withdrawn invoice" } },
  RejectInvoice: { code: "", name: { zh: "退回（拒收）發票", en: "rejected invoice" } },
  Allowance: { code: "", name: { zh: "開立折讓證明單", en: "allowance" } },
  CancelAllowance: { code: "", name: { zh: "作廢折讓證明單", en: "void allowance" } },
  ProcessResult: { code: "", name: { zh: "Turnkey 的處理結果", en: "processing result of Turnkey" } },
  SummaryResult: { code: "", name: { zh: "Turnkey 的每日彙總", en: "daily summary of Turnkey" } },
};

/** `urn:GEINV:eInvoiceMessage:F0401:4.1`, `urn:GEINV:E0501:4.0` */
const NAMESPACE = /urn:GEINV:(?:eInvoiceMessage:)?([A-Z]\d{4})(?![\w])/i;
const ANY_OF_MINISTRY = /urn:GEINV:/i;
/** The first element, behind declaration, comments and a document type. */
const ROOT = /<(?![?!])(?:[\w.-]+:)?([\w.-]+)/;

/**
 * Says which message the beginning of a file is.
 * @returns null for anything else, also for XML of another kind
 */
export function migMessage(head: Uint8Array): MigMessage | null {
  const text = plainText(head);
  if (!/^[^\w<]*</.test(text)) return null;
  const [, root = ""] = ROOT.exec(text) ?? [];
  const code = NAMESPACE.exec(text)?.[1]?.toUpperCase();
  if (code !== undefined) return { code, name: NAMES[code] ?? UNKNOWN };
  if (root === "InvoiceEnvelope") return { code: "E0501", name: NAMES["E0501"] ?? UNKNOWN };
  const known = Object.hasOwn(ROOTS, root) ? ROOTS[root] : undefined;
  if (known !== undefined) return { code: known.code, name: known.name ?? NAMES[known.code] ?? UNKNOWN };
  return ANY_OF_MINISTRY.test(text) ? { code: "", name: UNKNOWN } : null;
}

const UNKNOWN: Words = { zh: "財政部電子發票訊息", en: "message of the ministry's electronic invoices" };

/** `E0501 營業人電子發票配號檔` */
export function messageTitle({ code, name }: MigMessage): Words {
  const join = (words: string): string => [code, words].filter((part) => part !== "").join(" ");
  return {
    zh: `${join(name.zh)}訊息`.replace("訊息訊息", "訊息"),
    en: `${join(name.en)} message`.replace(/message message$/, "message"),
  };
}

function plainText(head: Uint8Array): string {
  try {
    return decodeText(head).text;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return Buffer.from(head.buffer, head.byteOffset, head.length).toString("latin1");
  }
}
