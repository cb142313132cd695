import { z } from "zod";
import { periodCode } from "./periods.ts";
import { platformAccount } from "./platform/platform-company.ts";
import { FILE_PAGES } from "../common/file-pages/index.ts";

/** 發票類別: 07 一般稅額計算, 08 特種稅額計算. */
export const category = z.enum(["07", "08"]);
export type Category = z.infer<typeof category>;

export const categoryNames: Readonly<Record<Category, string>> = { "07": "一般稅額計算", "08": "特種稅額計算" };

/** A run of books under one track. Begin ends in 00 or 50, end in 49 or 99; both keep their leading zeros. */
export interface NumberRun {
  readonly track: string;
  readonly begin: string;
  readonly end: string;
}

export type AllocationState = "否" | "已配號，檢核中" | "是";

/** One line of the 取號 list: a company's books of one period and category. */
export interface Entry {
  readonly id: string;
  readonly ban: string;
  readonly period: string;
  readonly category: Category;
  readonly by: "own" | "automatic" | "someone-else";
  books: number;
  extraBooks: number;
  allocatedBooks: number;
  state: AllocationState;
  stopped: boolean;
  runs: NumberRun[];
  /** Portal time from which the list shows it. */
  visibleFrom: number;
}

const ban = z.string().regex(/^\d{8}$/, "a 統一編號 has eight digits");

/** The function right to 上傳空白未使用發票號碼; the page's real code is unknown. */
export const BLANK_FUNCTION = "BLANK";
/** The function right to 中獎清冊下載; the page's real code is unknown. */
export const WINNING_FUNCTION = "WINNING";

const accountSchema = z.strictObject({
  id: z.string().min(1),
  password: z.string().min(1),
  name: z.string().default("系統管理員"),
  /** Page codes this account may open; a sub-account sees only what the administrator granted. */
  functions: z
    .array(z.string())
    .default(["BTB013W", "BTB004W", BLANK_FUNCTION, WINNING_FUNCTION, ...FILE_PAGES.map(({ code }) => code)]),
  mustChangePassword: z.boolean().default(false),
  passwordOlderThan180Days: z.boolean().default(false),
});

const namedPeriod = z.union([periodCode, z.enum(["previous", "this", "next"])]);
export type NamedPeriod = z.output<typeof namedPeriod>;

const takenSchema = z.strictObject({
  period: namedPeriod,
  category: category.default("07"),
  books: z.int().min(1),
  extraBooks: z.int().min(0).default(0),
  by: z.enum(["own", "automatic", "someone-else"]).default("own"),
});

const blankSchema = z.strictObject({
  period: namedPeriod,
  category: category.default("07"),
  track: z.string().regex(/^[A-Z]{2}$/),
  begin: z.string().regex(/^\d{8}$/),
  end: z.string().regex(/^\d{8}$/),
  /** A branch's 統一編號; the company's own if left out. */
  branch: ban.optional(),
});

/** One list of winners of one period. */
const winningSchema = z.strictObject({
  period: periodCode,
  list: z.enum(["A", "Y", "Z"]).default("A"),
  /** The end of its file's name; the day from which it is out, if left out. */
  stamp: z.string().regex(/^\d+$/).optional(),
  winners: z.array(
    z.strictObject({
      number: z.string().regex(/^[A-Z]{2}\d{8}$/),
      /** 獎別 and what it pays. */
      prize: z.string().length(1).default("6"),
      amount: z.int().default(200),
      /** Carrier id and its name. */
      carrier: z.string().default(""),
      name: z.string().default(""),
    }),
  ),
  /** What its last line says, where that is not true. */
  says: z.strictObject({ count: z.int().optional(), sum: z.int().optional() }).optional(),
});
export type WinningList = z.output<typeof winningSchema>;

/** A company as the configuration and the control address give it. */
export const companySchema = z.strictObject({
  ban,
  name: z.string().min(1),
  taxId: z.string().regex(/^\d{9}$/, "a 稅籍編號 has nine digits"),
  /** 可取用本數 per period, of each category. */
  quota: z.int().min(0).default(20),
  status: z.enum(["正常", "停業"]).default("正常"),
  mailboxList: z.array(z.string()).default([]),
  accounts: z.array(accountSchema).min(1),
  /** What was allocated before the portal started. */
  taken: z.array(takenSchema).default([]),
  /** 統一編號 of branches whose blank numbers it may upload. */
  branches: z.array(ban).default([]),
  /** Invoices that the portal says it lacks. */
  missing: z
    .array(
      z.strictObject({ period: periodCode, number: z.string().regex(/^[A-Z]{2}\d{8}$/), day: z.string().default("") }),
    )
    .default([]),
  /** Its lists of winners. */
  winning: z.array(winningSchema).default([]),
  /** Its account at the value-added platform; without it, it has none. */
  platform: platformAccount.optional(),
  /** Blank numbers that were listed before the portal started; nothing checks them. */
  blank: z.array(blankSchema).default([]),
});

export type CompanyInput = z.input<typeof companySchema>;
export type CompanyConfig = z.output<typeof companySchema>;
export type AccountConfig = CompanyConfig["accounts"][number];
