import type { PeriodCode } from "./periods.ts";

export type Category = "07" | "08";
export const CATEGORY_NAMES: Readonly<Record<Category, string>> = { "07": "一般稅額計算", "08": "特種稅額計算" };

export interface Member {
  readonly ban: string;
  readonly name: string;
  readonly user: string;
  readonly password: string;
}

export interface NumberRun {
  readonly track: string;
  readonly begin: string;
  readonly end: string;
}

export type Allotted = "否" | "已配號，檢核中" | "是";

export interface Application {
  readonly id: string;
  readonly ban: string;
  readonly period: PeriodCode;
  readonly category: Category;
  readonly books: number;
  readonly extra: number;
  readonly asked: number;
  readonly byPlatform: boolean;
  runs: readonly NumberRun[];
}

export interface BlankRow extends NumberRun {
  readonly id: string;
  readonly ban: string;
  readonly period: PeriodCode;
  readonly category: string;
}

export interface UploadJob {
  readonly id: string;
  readonly ban: string;
  readonly period: PeriodCode;
  readonly at: Date;
  readonly text: string;
  state: "待處理" | "已完成" | "處理失敗";
  faults: readonly { readonly line: number; readonly text: string; readonly why: string }[];
}

export interface MissingRow {
  readonly ban: string;
  readonly period: PeriodCode;
  readonly number: string;
  readonly date: string;
  readonly what: string;
}

/** Whose 手機條碼 it is. */
export interface Holder {
  readonly phone: string;
  readonly barcode: string;
  readonly code: string;
}

/** One thing that truly happened. */
export type Entry =
  | { readonly kind: "sign-in"; readonly ban: string; readonly user: string; readonly outcome: SignInOutcome }
  | { readonly kind: "sign-out"; readonly ban: string }
  | { readonly kind: "password-asked-again"; readonly ban: string; readonly right: boolean }
  | {
      readonly kind: "take";
      readonly ban: string;
      readonly period: PeriodCode;
      readonly category: Category;
      readonly books: number;
      readonly extra: number;
    }
  | { readonly kind: "take-refused"; readonly ban: string; readonly why: string }
  | { readonly kind: "notice-list"; readonly ban: string; readonly addresses: readonly string[] }
  | { readonly kind: "download"; readonly ban: string; readonly what: string }
  | {
      readonly kind: "upload";
      readonly ban: string;
      readonly period: PeriodCode;
      readonly id: string;
      readonly text: string;
    }
  | { readonly kind: "deletion"; readonly ban: string; readonly rows: readonly NumberRun[] }
  | { readonly kind: "binding"; readonly barcode: string; readonly card: string }
  | { readonly kind: "binding-refused"; readonly mobile: string; readonly why: string };

export type SignInOutcome = "in" | "captcha-wrong" | "credentials-wrong";
