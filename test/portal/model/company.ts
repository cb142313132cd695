import { z } from "zod";
import { periodCode } from "./periods.ts";

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

const accountSchema = z.strictObject({
  id: z.string().min(1),
  password: z.string().min(1),
  name: z.string().default("系統管理員"),
  /** Page codes this account may open; a sub-account sees only what the administrator granted. */
  functions: z.array(z.string()).default(["BTB013W", "BTB004W"]),
  mustChangePassword: z.boolean().default(false),
  passwordOlderThan180Days: z.boolean().default(false),
});

const takenSchema = z.strictObject({
  period: z.union([periodCode, z.enum(["previous", "this", "next"])]),
  category: category.default("07"),
  books: z.int().min(1),
  extraBooks: z.int().min(0).default(0),
  by: z.enum(["own", "automatic", "someone-else"]).default("own"),
});

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
});

export type CompanyInput = z.input<typeof companySchema>;
export type CompanyConfig = z.output<typeof companySchema>;
export type AccountConfig = CompanyConfig["accounts"][number];
