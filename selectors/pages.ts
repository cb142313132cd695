import type { Locator } from "playwright";
import type { Period } from "../robot/invoicing/values/period.ts";
import type { Recipient } from "../robot/invoicing/winners/recipients.ts";
import type { Category, NumberRange } from "../robot/invoicing/values/track.ts";
import type { Ubn } from "../robot/invoicing/values/ubn.ts";
import type { CheckedPage, CheckResult, PageCheck, PeriodsToCheck } from "./page-check.ts";
import type { Irreversible } from "./submit/irreversible.ts";

export {
  CHECKED_PAGES,
  type CheckedPage,
  type NotKnown,
  type PageCheck,
  parseCheckedPage,
  type PickLook,
  type PeriodsToCheck,
} from "./page-check.ts";

/**
 * The vocabulary of the portal's pages: what a person can see and do there, the same for every design of the site. Flows know
 * nothing else of the portal. Counts of books are numbers; everything else that the portal prints is text.
 */

export type Design = "classic" | "current";

/** Where a visit can lead, and what is there. */
export interface Sites {
  readonly portal: Portal;
  readonly carrier: CarrierSite;
  readonly platform: PlatformSite;
}

/** The portal, signed in as one business. Each method goes to the page by itself and knows it is there by recognition. */
export interface Portal {
  readonly design: Design;
  /** 電子發票專用字軌號碼取號. */
  tracks(): Promise<TracksPage>;
  /** 上傳空白未使用發票號碼. */
  blankNumbers(): Promise<BlankNumbersPage>;
  /** 漏上傳資料清冊, or whatever this portal calls the list of invoices that it lacks. */
  missingUploads(): Promise<MissingUploadsPage>;
  /** 中獎清冊下載, or whatever this portal calls it. */
  winningLists(): Promise<WinningListsPage>;
  /** Opens one of these pages as the flows do, presses nothing that changes anything, and says how each part was found. */
  check(page: CheckedPage, periods: PeriodsToCheck): Promise<CheckResult>;
  /** The page in front as JSON without anybody's data, to be recognised elsewhere. @param known words that are to go wherever they stand */
  harvest(checked: PageCheck, known: readonly string[]): Promise<string>;
}

export interface MissingUploadsPage {
  /** The list of one period as a file; null where the portal says that there is none. */
  download(period: Period): Promise<DownloadedFile | null>;
}

export interface WinningListsPage {
  /** Every file of winners that the portal lists for the period, as it gives them out; none where it says that there is none. */
  download(period: Period): Promise<DownloadedFile[]>;
}

/** 電子發票專用字軌號碼取號: 查詢, 取號, 取號電子郵件信箱維護. */
export interface TracksPage {
  /** 查詢: every row of the periods from `from` to `to`, on all pages of the list. */
  list(from: Period, to: Period): Promise<AllocationRow[]>;
  /** 取號: opens the form. */
  takeForm(): Promise<TakeForm>;
  /** 取號電子郵件信箱維護: opens the list of addresses. */
  noticeList(): Promise<NoticeList>;
  /** Ticks exactly this row in the list, presses 下載 and agrees to the notice. */
  download(row: AllocationRow): Promise<DownloadedFile>;
}

/** One row of 查詢. */
export type AllocationRow = {
  /** 營業人統編, as printed; empty where the list has no such column. */
  readonly ubn: string;
  readonly period: Period;
  readonly category: Category;
  /** 取用本數 */
  readonly booksTaken: number;
  /** 增加本數 */
  readonly booksAdded: number;
  /** 已配本數 */
  readonly booksAllocated: number;
  /** 是否已配號: 否 → 已配號，檢核中 → 是. A word the facts do not know is `other`. */
  readonly state: "not-yet" | "checking" | "ready" | "other";
  readonly stateText: string;
};

/** What is asked for with 取號. Field names are the labels of the form. */
export type TakeRequest = { readonly period: Period; readonly category: Category; readonly books: number };

export interface TakeForm extends SubmissionForm {
  /** The periods that the form offers: the portal decides what can be taken now. */
  offeredPeriods(): Promise<Period[]>;
  /** Chooses period and category and reads the line 可取用本數 / 已取用本數; null where the page does not say. */
  quota(period: Period, category: Category): Promise<{ available: number | null; taken: number | null }>;
  /** Sees that the form has all that 取號 needs; changes nothing. @throws PageError `page-changed` */
  assertComplete(): Promise<void>;
  fill(request: TakeRequest, pace?: Pace): Promise<void>;
}

export interface NoticeList {
  /** The addresses on the list. */
  addresses(): Promise<string[]>;
  /** Sees that an address could be added; changes nothing. @throws PageError `page-changed` */
  assertComplete(): Promise<void>;
  /** The form that adds the address. @throws PageError `page-changed` where every field holds an address already */
  add(address: string): Promise<OpenForm>;
  /** Finds the one row of this address, spelled as the list has it; the form that is returned deletes it. */
  remove(address: string): Promise<OpenForm>;
}

/** 上傳空白未使用發票號碼: 查詢, 新增, 匯入字軌, 上傳列表. */
export interface BlankNumbersPage {
  /** 查詢: every run of blank numbers that the portal lists for the period, on all pages of the list. */
  list(period: Period): Promise<BlankRow[]>;
  /** 匯入字軌: opens the form. */
  uploadForm(): Promise<UploadForm>;
  /** 上傳列表: every row, on all pages, in the portal's order (the facts show the newest first). */
  uploads(): Promise<UploadListRow[]>;
  /** Presses 失敗明細's 下載 in the row of this file name. */
  failureDetails(fileName: string): Promise<DownloadedFile>;
  /**
   * Finds exactly these rows of 查詢; the form that is returned ticks and deletes them. Its fields are the ticked rows, as `deletionFields`
   * writes them. Rows on several pages of the list can't be deleted at once.
   */
  deletion(period: Period, rows: readonly BlankRow[]): Promise<OpenForm>;
  /** 範例下載 */
  sample(): Promise<DownloadedFile>;
  /** 說明檔下載 */
  guide(): Promise<DownloadedFile>;
}

/** One row of 查詢 of blank numbers. */
export type BlankRow = NumberRange & {
  /** 總/分支機構統編 */
  readonly ubn: Ubn;
  readonly period: Period;
  /** Null where 發票類別 prints something else, such as the seed's 三聯式發票. */
  readonly category: Category | null;
  /** 發票類別, as printed. */
  readonly categoryText: string;
};

/** One row of 上傳列表. */
export type UploadListRow = {
  /** 統編, where the list has such a column. */
  readonly ubn: string | null;
  /** 匯入時間 as printed, `2015-01-11 02:11:19`, Taipei. */
  readonly importedAt: string;
  /** 匯入檔名: a UUID that the server makes, never the name of our file. */
  readonly fileName: string;
  /** 處理狀態: 已完成, 處理失敗; the word for waiting is not known, so every other word is `waiting`. */
  readonly state: "waiting" | "done" | "failed";
  readonly stateText: string;
};

/** What is uploaded with 匯入字軌. */
export type UploadRequest = {
  readonly period: Period;
  readonly file: { readonly name: string; readonly bytes: Uint8Array };
};

export interface UploadForm extends SubmissionForm {
  /** Sees that the form has all that an upload needs; changes nothing. @throws PageError `page-changed` */
  assertComplete(): Promise<void>;
  /** The values of 字軌期別 that the form offers. */
  offeredPeriods(): Promise<Period[]>;
  /** Afterwards `readBack` says 字軌期別 (as a code), 檔案上傳路徑 (the file's name) and 檔案 SHA-256 of what the page holds. */
  fill(request: UploadRequest, pace?: Pace): Promise<void>;
}

/** One control of a form that a person could change. */
export type FormControl = {
  /** What a person would call it. */
  readonly name: string;
  /** What it holds; of a secret no more than whether it holds something. */
  readonly value: string;
  /** How the act asks for it: to set it whatever it held, or to add something where nothing is. Null: it is not asked for. */
  readonly asked: "sets" | "adds" | null;
};

/** All controls of a form in the order of the page, each with its own name. */
export type FormState = readonly FormControl[];

/** A form that is open and as the portal gave it, and what fills it. */
export interface OpenForm {
  readonly form: SubmissionForm;
  /** Filled once the page has come to rest; where it is filled in steps, it comes to rest between them. */
  readonly fill: () => Promise<void>;
  /**
   * The same without waiting for that, for a form that can be reopened at no cost: what the page writes behind it is found before the press.
   * Left out where something is added to what the page shows, or where opening the form changes anything.
   */
  readonly fillBriskly?: () => Promise<void>;
}

/** `patient`: each step once the page has come to rest; `brisk`: as soon as the page can be worked on. */
export type Pace = "patient" | "brisk";

/** A form with a button that changes the portal. Only an effect can press it. */
export interface SubmissionForm {
  /**
   * Everything that the form holds, whether it is asked for or not: nothing else than what is asked may be changed by filling it.
   * @param when once the page has come to rest, or as it stands at this moment
   * @throws PageError `portal-slow` when it does not come to rest
   */
  state(when: "at-rest" | "now"): Promise<FormState>;
  /** What the page holds now, by label: read back before anything is pressed. */
  readBack(): Promise<Fields>;
  readonly submit: Irreversible;
  /** After the press: the portal's own "are you sure", or null when it answered directly. */
  confirmation(): Promise<Confirmation | null>;
  /** After that was agreed to: the box in which the portal asks for the password, or null when it answered without one. */
  passwordBox?(): Promise<Confirmation | null>;
  /** The portal's answer. `silent` when it gave none in the time allowed. */
  answer(): Promise<PortalAnswer>;
}

/** A confirming view: nothing is sent before `confirm` is pressed. */
export interface Confirmation {
  /** What it says will be sent, by label; labels that it does not show are missing. */
  readonly shows: Fields;
  readonly words: string;
  /** It wants the password of the sign-in once more (驗證密碼) before it sends anything. */
  readonly asksPassword: boolean;
  /** Where it goes, where it is asked for; typed by the one function that types secrets. */
  readonly passwordField?: () => Promise<Locator>;
  readonly confirm: Irreversible;
  /** Leaves without sending. */
  withdraw(): Promise<void>;
}

/** Values of a form by label, as text. */
export type Fields = { readonly [label: string]: string };

export type PortalAnswer =
  | { readonly kind: "accepted"; readonly words: string }
  | { readonly kind: "refused"; readonly words: string; readonly reason: RefusalReason }
  | { readonly kind: "silent"; readonly words: string };

/** Why the portal refuses, as far as its words tell. */
export type RefusalReason = "quota" | "window" | "notice-list" | "already" | "bound" | "credentials" | "other";

/**
 * One carrier at its member site, opened by its link as its holder would open it, and from there the portal's 會員載具歸戶. Nobody signs
 * in: the link and the holder's 驗證碼 are all there is.
 */
export interface CarrierSite {
  /**
   * 會員載具資訊, reopened.
   * @param told wait a little for the member site to say that it is bound: the portal tells it a moment after
   */
  info(told?: boolean): Promise<CarrierInfo>;
  /** 立即歸戶, 同意/確認, 手機條碼: the form for phone and 驗證碼. Its 確定 leads to 請確認資料是否正確. */
  bindToBarcode(phone: string): Promise<OpenForm>;
  /** 立即歸戶, 同意/確認, 自然人憑證; waits until the person in front of the window has bound the carrier with the card, or has given up. */
  bindWithCard(): Promise<PortalAnswer>;
}

/** 會員載具資訊. */
export type CarrierInfo = {
  /** 卡號, which the portal calls 載具編號. */
  readonly card: string;
  /** 歸戶狀態: 未歸戶, 已歸戶. A word that says neither is `other`. */
  readonly state: "unbound" | "bound" | "other";
  readonly stateText: string;
  /** 歸戶時間 as printed; null while there is none. */
  readonly boundAt: string | null;
  /** The barcode to which it is bound, where the member site tells. */
  readonly barcode: string | null;
};

/** 雲端發票加值平台, signed in as one business. Each method goes to the page by itself and knows it is there by recognition. */
export interface PlatformSite {
  /** 發票功能 › 批次作業 › 空白字軌下載. */
  blankTracks(): Promise<PlatformBlankPage>;
  /** 其他功能 › 會員載具中獎發票清冊, and 查詢發票寄送歷程. */
  winners(): Promise<PlatformWinnersPage>;
}

/** 空白字軌下載: the platform computes which numbers were not used. */
export interface PlatformBlankPage {
  /** 最後10筆作業狀態, in the platform's order (the facts show the newest first). */
  jobs(): Promise<PlatformJob[]>;
  /** Chooses 字軌期別 and presses 產生空白字軌; returns the row that has appeared. It changes nothing but this list. */
  make(period: Period): Promise<PlatformJob>;
  /** Chooses the row of this job and presses 下載結果: the file comes through a pop-up. */
  result(job: PlatformJob): Promise<DownloadedFile>;
}

/** One row of 最後10筆作業狀態. Its times are as printed, `2015-01-12 14:48:37`, Taipei. */
export type PlatformJob = {
  /** 作業名稱 */
  readonly name: string;
  /** 申請人 */
  readonly applicant: string;
  /** 申請時間 */
  readonly appliedAt: string;
  /** 備註 holds the period; null where it says none. */
  readonly period: Period | null;
  /** 作業狀態: 處理中, 處理成功; the word for a failure is not known, so one that sounds like it is taken for it, and every other one is `waiting`. */
  readonly state: "waiting" | "done" | "failed";
  readonly stateText: string;
};

/** 會員載具中獎發票清冊. */
export interface PlatformWinnersPage {
  /** 查看明細 and 下載中獎清冊 of one period; null where the platform says that there is none. */
  download(period: Period): Promise<DownloadedFile | null>;
  /** Chooses the row of this invoice and presses 列印: a PDF. */
  print(period: Period, invoice: string): Promise<DownloadedFile>;
  /**
   * Chooses the row of this invoice and opens 郵寄中獎實體發票; the form that is returned orders it. Once filled, `readBack` says 發票號碼 of what
   * is chosen and 收件資料 SHA-256 of what the form holds (see `addressProof`).
   */
  mailing(period: Period, recipient: Recipient): Promise<OpenForm>;
  /** 查詢發票寄送歷程 of one period: every row, on all pages. */
  deliveries(period: Period): Promise<PlatformDelivery[]>;
}

/** One row of 發票寄送歷程. */
export type PlatformDelivery = {
  /** Track and number: `AB12345678`. */
  readonly invoice: string;
  /** 收件人; null where the list does not say. */
  readonly recipient: string | null;
  /** What else the row says, as printed, such as when and how far. */
  readonly words: string;
};

export type DownloadedFile = { readonly name: string; readonly bytes: Uint8Array };

/** Who signs in. 營業人/扣繳單位 for itself, 專業代理人 for its clients. */
export type Identity = "business" | "agent";

/** The sign-in page. */
export interface SignInPage {
  readonly design: Design;
  /** Chooses the identity and waits for its form. */
  chooseIdentity(identity: Identity): Promise<void>;
  /** Types 統一編號 and 帳號 and reads them back. */
  fill(ubn: string, user: string): Promise<void>;
  /** Where the password goes; typed by the one function that types secrets. */
  passwordField(): Promise<Locator>;
  captchaField(): Promise<Locator>;
  /** The picture's own bytes. */
  captchaPicture(): Promise<Uint8Array>;
  /** Asks for another picture; costs nothing. */
  refreshCaptcha(): Promise<void>;
  /** Presses 登入 and says what came of it. */
  submit(): Promise<SignInResult>;
}

/** All that can come of a sign-in. */
export type SignInState =
  | "signed-in"
  | "already-signed-in"
  | "captcha-rejected"
  | "credentials-rejected"
  | "account-locked"
  | "password-change-forced"
  | "access-challenged"
  | "portal-down"
  /** The session ended before the portal had looked at the password. */
  | "session-expired"
  /** It answered, in words that are not known. */
  | "not-understood"
  /** 登入 was not clicked: nothing was sent. */
  | "not-submitted"
  /** No answer at all. */
  | "unknown";

/** What came of a submit, and the page's words; of a sign-in that worked, the portal's warning, if it had one. */
export type SignInResult = { readonly state: Exclude<SignInState, "already-signed-in">; readonly words: string };
