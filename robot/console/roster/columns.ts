import { z } from "zod";
import { plainName } from "../../config/fields/plain-name.ts";
import type { CompanyConfig } from "../../config/schema.ts";
import { isUbn } from "../../invoicing/values/ubn.ts";
import type { Json } from "../../lib/json.ts";

const json: z.ZodType<Json> = z.json();
/** A company as it is written in settings, whatever else is written of it. */
export const writtenCompanySchema = z.object({ name: z.string(), ubn: z.string() }).catchall(json);
export type WrittenCompany = z.infer<typeof writtenCompanySchema>;

export type ColumnKey = "name" | "ubn" | "user" | "identity" | "books" | "noticeAddress" | "reportedBy" | "reportedOn";

/** One column of the roster. */
export interface RosterColumn {
  readonly key: ColumnKey;
  /** Its title in files that are given out. */
  readonly title: string;
  /** Other titles under which it is understood, without blanks. */
  readonly also: readonly string[];
  /** What a cell with this text can't be, and what is to be written instead; null where it can. An empty cell is never asked about. */
  readonly refuse: (text: string) => string | null;
  /** Its cell for a company that is set. */
  readonly cellOf: (company: CompanyConfig) => string;
}

const name = plainName();
const email = z.email();
const digits = /^\d+$/;

const IDENTITY_WORDS: Readonly<Record<string, CompanyConfig["identity"]>> = {
  營業人: "business",
  "營業人/扣繳單位": "business",
  專業代理人: "agent",
};

/** The columns in their order; the first two must be there. */
export const ROSTER_COLUMNS: readonly RosterColumn[] = [
  {
    key: "name",
    title: "公司名稱",
    also: ["名稱", "公司", "客戶名稱", "營業人名稱"],
    refuse: (text) => (name.safeParse(text).success ? null : "最多 100 個字，不能有看不見的字元；請重新輸入名稱"),
    cellOf: (company) => company.name,
  },
  {
    key: "ubn",
    title: "統一編號",
    also: ["統編", "營業人統編", "營業人統一編號"],
    refuse: (text) => (isUbn(ubnOf(text)) ? null : "要八個數字而且檢查碼相符；請照登記的統一編號改"),
    cellOf: (company) => company.ubn,
  },
  {
    key: "user",
    title: "平台帳號",
    also: ["帳號"],
    refuse: (text) => (name.safeParse(text).success ? null : "最多 100 個字，不能有看不見的字元；請重新輸入帳號"),
    cellOf: (company) => company.user ?? "",
  },
  {
    key: "identity",
    title: "登入身分",
    also: ["身分"],
    refuse: (text) => (identityOf(text) === null ? "只有「營業人」和「專業代理人」；請改成其中一個，或留空" : null),
    cellOf: ({ identity }) => (identity === "agent" ? "專業代理人" : "營業人"),
  },
  {
    key: "books",
    title: "取用本數",
    also: ["本數", "每期本數", "平常取用本數"],
    refuse: (text) => (digits.test(text) && Number(text) > 0 ? null : "要是大於 0 的整數；沒有固定的本數就留空"),
    cellOf: ({ books }) => String(books ?? ""),
  },
  {
    key: "noticeAddress",
    title: "通知信箱",
    also: ["信箱", "電子郵件", "email"],
    refuse: (text) => (email.safeParse(text).success ? null : "不是電子郵件地址；只寫一個地址，或留空"),
    cellOf: ({ noticeAddress }) => noticeAddress ?? "",
  },
  {
    key: "reportedBy",
    title: "空白號碼由誰上傳",
    also: ["由誰上傳"],
    refuse: (text) => (name.safeParse(text).success ? null : "最多 100 個字，不能有看不見的字元；自行上傳就留空"),
    cellOf: ({ blanksReportedBy }) => blanksReportedBy?.name ?? "",
  },
  {
    key: "reportedOn",
    title: "上傳日",
    also: ["在單月幾日"],
    refuse: (text) =>
      digits.test(text) && Number(text) >= 1 && Number(text) <= 10 ? null : "要是 1 到 10 的整數，是單月的日期",
    cellOf: ({ blanksReportedBy }) => String(blanksReportedBy?.day ?? ""),
  },
];

/** A spreadsheet takes the zeros before a number away. */
export function ubnOf(text: string): string {
  return /^\d{1,8}$/.test(text) ? text.padStart(8, "0") : text;
}

/** Null for a word that is none of the portal's identities. */
export function identityOf(text: string): CompanyConfig["identity"] | null {
  return IDENTITY_WORDS[text.normalize("NFKC").replaceAll(/\s/g, "")] ?? null;
}

export type RosterCells = { readonly [key in ColumnKey]?: string };

/**
 * The company with what the cells say: an empty one clears its setting, a column that is not there leaves it as it is. Cells were judged by their
 * columns already.
 */
export function withCells(company: WrittenCompany | null, cells: RosterCells): WrittenCompany {
  const {
    name: called = company?.name ?? "",
    ubn = company?.ubn ?? "",
    identity,
    books,
    reportedBy,
    reportedOn,
  } = cells;
  const next: { [key: string]: Json } & { name: string; ubn: string } = { ...company, name: called, ubn: ubnOf(ubn) };
  const set = (key: string, value: Json | null): void => {
    if (value === null) Reflect.deleteProperty(next, key);
    else next[key] = value;
  };
  for (const key of ["user", "noticeAddress"] as const) {
    const text = cells[key];
    if (text !== undefined) set(key, text === "" ? null : text);
  }
  if (identity !== undefined) set("identity", identityOf(identity) === "agent" ? "agent" : null);
  if (books !== undefined) set("books", books === "" ? null : Number(books));
  const before = blanksReportedBy.safeParse(company?.["blanksReportedBy"]).data;
  const by = reportedBy ?? before?.name ?? "";
  // Who is not named anew keeps the day; without one it is the last day of the duty.
  const day = reportedOn === undefined ? (before?.day ?? 10) : reportedOn === "" ? 10 : Number(reportedOn);
  if (reportedBy !== undefined || reportedOn !== undefined) {
    set("blanksReportedBy", by === "" ? null : { name: by, day });
  }
  return next;
}

const blanksReportedBy = z.object({ name: z.string(), day: z.number() });
