import { z } from "zod";
import type { Ledger } from "./ledger.ts";

const times = z.union([z.int().min(1), z.literal("always")]).default(1);
const moment = z.enum(["before", "after"]);
/**
 * 提交取號; 上傳, 新增 and 刪除 of blank numbers; the last 確定 of 會員載具歸戶; 郵寄實體中獎發票 and 產生空白字軌 at the value-added
 * platform.
 */
const submit = z.enum(["take", "upload", "add", "delete", "bind", "mailing", "batch"]).default("take");
const entry = z.enum(["take", "upload"]).default("take");

/**
 * What can be ordered to go wrong. `times` says how often it happens before it wears off (default 1, or `"always"`), `ban` limits
 * it to one company, `path` (a part of the address) to some requests.
 */
const common = { times, ban: z.string().optional(), path: z.string().optional() };

const orders = [
  /** Every page answers with the outage page, and every API with 503; `planned`: it is one of which the page says from when to when. */
  z.strictObject({ name: z.literal("outage"), ...common, planned: z.string().optional() }),
  /** A page answers 403 with the access challenge. */
  z.strictObject({ name: z.literal("challenge"), ...common, language: z.enum(["zh", "en"]).default("zh") }),
  z.strictObject({ name: z.literal("slow"), ...common, ms: z.int().min(1) }),
  /** An API answers 500; `after` does what was asked first. */
  z.strictObject({ name: z.literal("error-500"), ...common, when: moment.default("before") }),
  /** The connection is cut at a submit, before or after it took effect. */
  z.strictObject({ name: z.literal("cut-submit"), ...common, at: submit, when: moment }),
  /** The submit takes effect and no answer ever comes. */
  z.strictObject({ name: z.literal("answer-lost"), ...common, at: submit }),
  z.strictObject({ name: z.literal("late-render"), ...common, ms: z.int().min(1).default(6000) }),
  /** Its usual figure is written into 取用本數 so many milliseconds after the quota has come. */
  z.strictObject({ name: z.literal("late-figure"), ...common, books: z.int().min(1), ms: z.int().min(1).default(600) }),
  /** The list shows a row of another company besides, of the next period and with so many books. */
  z.strictObject({ name: z.literal("foreign-row"), ...common, books: z.int().min(1), of: z.string() }),
  /** The addresses of the notice list stand in input fields, as their values. */
  z.strictObject({ name: z.literal("list-in-inputs"), ...common }),
  z.strictObject({ name: z.literal("menu-covers-table"), ...common }),
  /** The first click on a menu entry, or on 查詢, is swallowed. */
  z.strictObject({ name: z.literal("two-clicks"), ...common, on: z.enum(["menu", "query"]) }),
  /** A synthetic click's tick is undone; with `real`, the first real one as well. */
  z.strictObject({ name: z.literal("tick-undone"), ...common, real: z.boolean().default(false) }),
  z.strictObject({ name: z.literal("announcement"), ...common, text: z.string().optional() }),
  /** The next API call finds the session dead. */
  z.strictObject({ name: z.literal("session-expired"), ...common }),
  z.strictObject({ name: z.literal("forced-password-change"), ...common }),
  z.strictObject({ name: z.literal("password-180-days"), ...common }),
  z.strictObject({ name: z.literal("captcha-rejected"), ...common }),
  /** 驗證密碼 at a save is refused, whatever was typed. */
  z.strictObject({ name: z.literal("password-refused"), ...common }),
  z.strictObject({ name: z.literal("mail-lost"), ...common }),
  z.strictObject({ name: z.literal("mail-late"), ...common, minutes: z.number().min(0) }),
  z.strictObject({
    name: z.literal("download-broken"),
    ...common,
    /** The track file, 失敗明細, a list of winners, or the value-added platform's blank numbers. */
    at: z.enum(["take", "details", "winning", "platform"]).default("take"),
    kind: z.enum(["truncated", "html", "wrong-company"]),
  }),
  /** The allocation stays 已配號，檢核中 until it is released. */
  z.strictObject({ name: z.literal("allocation-stuck"), ...common }),
  /** The entry takes effect at once and shows up in the list only later (portal minutes). */
  z.strictObject({ name: z.literal("list-late"), ...common, at: entry, minutes: z.number().min(0) }),
  /** Somebody else takes, or uploads, the same just before the submit is looked at; or other `books`, another `file`'s text. */
  z.strictObject({
    name: z.literal("someone-else-at-submit"),
    ...common,
    at: entry,
    books: z.int().min(1).optional(),
    file: z.string().optional(),
  }),
  /** The platform's automatic allocation of that period happens just before the submit is looked at. */
  z.strictObject({ name: z.literal("automatic-at-submit"), ...common, books: z.int().min(1).optional() }),
  /** The portal enters another number of books than was submitted, and says that it was taken. */
  z.strictObject({ name: z.literal("other-books"), ...common, books: z.int().min(1) }),
  /** The import job leaves the company's uploads alone for so many portal hours. */
  z.strictObject({ name: z.literal("import-late"), ...common, hours: z.number().positive() }),
  /** A file becomes 處理失敗 for a reason that is not in it. */
  z.strictObject({ name: z.literal("import-error"), ...common, text: z.string().optional() }),
  /** The value-added platform's 產生空白字軌 is refused, ends with 處理失敗, or stays 處理中. */
  z.strictObject({ name: z.literal("batch-job"), ...common, how: z.enum(["refused", "failed", "stuck"]) }),
  /** It does not take 郵寄實體中獎發票. */
  z.strictObject({ name: z.literal("mailing-refused"), ...common }),
  /** The value-added platform's pop-up opens, and no file comes. */
  z.strictObject({ name: z.literal("download-missing"), ...common }),
] as const;

export const faultSchema = z.discriminatedUnion("name", orders);
export type FaultInput = z.input<typeof faultSchema>;
export type Fault = z.output<typeof faultSchema>;
export type FaultName = Fault["name"];
export type FaultNamed<N extends FaultName> = Extract<Fault, { name: N }>;

export interface Circumstance {
  readonly ban?: string | null;
  readonly path?: string;
  /** Where faults that tell several submits or downloads apart happen. */
  readonly at?: string;
  /** More that the order itself says and that has to fit. */
  readonly detail?: (fault: Fault) => boolean;
}

/** The orders that have not worn off yet, in the order they were given. */
export class Faults {
  private orders: { fault: Fault; left: number }[] = [];
  private readonly ledger: Ledger;

  constructor(ledger: Ledger) {
    this.ledger = ledger;
  }

  order(input: FaultInput): Fault {
    const fault = faultSchema.parse(input);
    this.orders.push({ fault, left: fault.times === "always" ? Number.POSITIVE_INFINITY : fault.times });
    return fault;
  }

  /** Uses one up: the first standing order of that name which fits the circumstance, or null. The ledger notes it. */
  use<N extends FaultName>(name: N, circumstance: Circumstance = {}): FaultNamed<N> | null {
    const order = this.orders.find(({ fault }) => isNamed(fault, name) && fits(fault, circumstance));
    if (order === undefined || !isNamed(order.fault, name)) return null;
    order.left -= 1;
    if (order.left <= 0) this.orders = this.orders.filter((other) => other !== order);
    this.ledger.append({ type: "fault", name, path: circumstance.path ?? null });
    return order.fault;
  }

  standing(): Fault[] {
    return this.orders.map(({ fault, left }) => ({ ...fault, times: Number.isFinite(left) ? left : "always" }));
  }

  clear(): void {
    this.orders = [];
  }
}

function isNamed<N extends FaultName>(fault: Fault, name: N): fault is FaultNamed<N> {
  return fault.name === name;
}

function fits(fault: Fault, { ban, path, at, detail }: Circumstance): boolean {
  if ("at" in fault && fault.at !== at) return false;
  if (detail !== undefined && !detail(fault)) return false;
  if (fault.ban !== undefined && fault.ban !== ban) return false;
  return fault.path === undefined || (path ?? "").includes(fault.path);
}
