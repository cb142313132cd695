import type { CompanyConfig } from "../../config/schema.ts";
import type { FileKind } from "../../invoicing/recognise.ts";

/** What somebody is asked before a flow is started. */
export type FlowField =
  | {
      readonly kind: "period";
      readonly name: string;
      readonly label: string;
      /** `takeable`: this period and the next; `ended`: those that are over; `any`: some of both. */
      readonly choose: "takeable" | "ended" | "any";
      readonly optional?: true;
    }
  | { readonly kind: "category"; readonly name: string; readonly label: string }
  | { readonly kind: "books"; readonly name: string; readonly label: string }
  | {
      readonly kind: "text";
      readonly name: string;
      readonly label: string;
      readonly hint: string;
      readonly optional: true;
      /** It says who somebody is: kept out of addresses and of the list of actions. */
      readonly personal?: true;
    }
  /** Something that is done besides, if it is ticked. */
  | { readonly kind: "yes"; readonly name: string; readonly label: string; readonly hint: string }
  | {
      readonly kind: "file";
      readonly name: string;
      readonly label: string;
      /** What the file must turn out to be. */
      readonly is: readonly FileKind[];
      readonly optional?: true;
      readonly hint?: string;
    };

/** A flow as the console offers it: one entry, and it can be started. */
export interface FlowForm {
  readonly flow: string;
  /** What it is for, in a sentence. */
  readonly about: string;
  readonly fields: readonly FlowField[];
  /** What will be done, step by step. */
  readonly does: readonly string[];
  /** What can't be undone; null for a flow that only reads. */
  readonly final: string | null;
  /** Whether somebody else's reporting of the blank numbers forbids it. */
  readonly reportsBlanks?: true;
  /** What is missing or too much of the fields that were filled, where they depend on each other; null where they go together. */
  readonly demands?: (given: ReadonlySet<string>) => string | null;
  /** What is set for the company and decides what will be done, as label and value. */
  readonly settled?: (company: CompanyConfig) => readonly (readonly [string, string])[];
}

const ended = { kind: "period", name: "period", label: "期別", choose: "ended" } as const;
const takeable = { kind: "period", name: "period", label: "期別", choose: "takeable" } as const;
const blankFile = {
  kind: "file",
  name: "file",
  label: "空白號碼檔",
  is: ["upload-file", "e0402"],
} as const satisfies FlowField;

export const FLOW_FORMS: readonly FlowForm[] = [
  {
    flow: "take-tracks",
    about: "向平台取一期的字軌號碼，等配號完成後下載。",
    fields: [
      takeable,
      { kind: "category", name: "category", label: "發票類別" },
      { kind: "books", name: "books", label: "取用本數" },
    ],
    does: [
      "確認通知信箱在平台的名單上",
      "看可取用本數與已取號的；已經取過就不再送",
      "填表、讀回逐欄比對，提交一次",
      "等配號（15 分鐘到 4 小時，申報月可能要 12–24 小時）",
      "下載字軌檔並檢查",
    ],
    final: "提交取號不能撤回；取了多少本就是多少本。",
  },
  {
    flow: "download-tracks",
    about: "下載平台已配好的字軌檔，不論是誰取的。",
    fields: [
      { kind: "period", name: "period", label: "期別", choose: "any" },
      { kind: "period", name: "to", label: "到（可不填）", choose: "any", optional: true },
    ],
    does: ["查詢配號清單", "下載已配號的字軌檔並檢查", "說明還在檢核中和沒有配號的期別"],
    final: null,
  },
  {
    flow: "upload-blank-numbers",
    about: "上傳一期沒有用到的號碼（空白未使用發票號碼）。",
    fields: [
      ended,
      { ...blankFile, optional: true, hint: "直接給要上傳的檔案" },
      {
        kind: "file",
        name: "invoices",
        label: "或發票明細",
        is: ["ledger", "number-list"],
        optional: true,
        hint: "由明細算出空白號碼，兩者給一個",
      },
    ],
    does: [
      "檢查檔案，和字軌、和平台已列出的比對；有問題就不送",
      "匯入字軌一次",
      "等平台每小時的匯入（約 1–3 小時）",
      "逐號核對平台的清單；失敗時取回失敗明細並指出是哪一行",
    ],
    final: "上傳後要更正，得先在平台刪除再重傳。和加值中心重複上傳會覆蓋或重複。",
    reportsBlanks: true,
    demands: (given) => (given.has("file") !== given.has("invoices") ? null : "空白號碼檔和發票明細，給其中一個"),
  },
  {
    flow: "verify-blank-numbers",
    about: "看平台列出的空白號碼，可和檔案逐號核對。",
    fields: [ended, { ...blankFile, optional: true, hint: "不給就只看平台列出什麼" }],
    does: ["查詢平台列出的空白號碼", "和檔案逐號比對（有給檔案時）"],
    final: null,
  },
  {
    flow: "correct-blank-numbers",
    about: "把平台上的空白號碼改成和檔案一樣：刪掉錯的，補上缺的。",
    fields: [ended, blankFile],
    does: ["比對平台清單和檔案", "列出要刪的和要補的，問過人才做", "刪除、補上傳、再核對"],
    final: "刪除不能復原；會先把要刪和要補的列出來請您同意。",
    reportsBlanks: true,
  },
  {
    flow: "download-failure-details",
    about: "取回某一次上傳的失敗明細，對到檔案的行。",
    fields: [
      ended,
      {
        kind: "text",
        name: "upload",
        label: "匯入檔名",
        hint: "上傳列表上的檔名；不填就是最近失敗的一筆",
        optional: true,
      },
    ],
    does: ["看上傳列表", "下載失敗明細，說明每一行要怎麼改"],
    final: null,
  },
  {
    flow: "learn-file-formats",
    about: "取回平台的範例檔與說明檔，看和設定的欄位有什麼不同。",
    fields: [],
    does: ["下載範例檔與說明檔", "和設定的欄位比較"],
    final: null,
  },
  {
    flow: "keep-notice-list",
    about: "讓平台的取號通知名單和設定一致。",
    fields: [],
    does: ["看平台上的通知名單", "新增缺少的；設定寫了 noticeList 時才刪除多的"],
    final: "刪除的地址不會再收到平台的通知。",
    settled: ({ noticeAddress, noticeList }) => [
      ["設定裡的地址", [...(noticeAddress ? [noticeAddress] : []), ...(noticeList ?? [])].join("、") || "（沒有）"],
      ["平台上多的", noticeList ? "刪除" : "留著"],
    ],
  },
  {
    flow: "bind-carrier",
    about: "把會員載具歸戶到持有人的手機條碼，一張或整份清單。",
    fields: [
      {
        kind: "file",
        name: "file",
        label: "歸戶清單",
        is: ["carrier-list"],
        optional: true,
        hint: "CSV：連結（或會員編號）、載具類別、手機號碼、手機條碼。只歸戶一張就不用給，填下面三欄",
      },
      {
        kind: "text",
        name: "link",
        label: "載具的連結",
        hint: "開通知信或簡訊裡的連結",
        optional: true,
        personal: true,
      },
      { kind: "text", name: "phone", label: "手機號碼", hint: "持有人的", optional: true, personal: true },
      {
        kind: "text",
        name: "barcode",
        label: "手機條碼",
        hint: "/ 開頭，共 8 個字。驗證碼不填在這裡，請「管理」權限的人存在 設定 › 密碼",
        optional: true,
        personal: true,
      },
    ],
    does: [
      "開載具頁面，看歸戶狀態；已經歸戶到這個條碼就不再做",
      "立即歸戶，填手機號碼與驗證碼；驗證碼被拒一次就不再試",
      "比對「請確認資料是否正確」，按確定一次",
      "讀回歸戶狀態與時間；清單裡有人沒成功，其他人照做，結果寫成一個檔案",
    ],
    final: "歸戶之後，機器人沒有辦法取消。只歸戶持有人自己交給您的載具。自然人憑證要持有人在場，只能在終端機做。",
    demands(given) {
      const one = ["link", "phone", "barcode"].filter((name) => given.has(name));
      if (given.has("file")) return one.length === 0 ? null : "清單和一張載具的欄位，只填其中一種";
      return one.length === 3 ? null : "請給歸戶清單，或填齊連結、手機號碼和手機條碼";
    },
  },
  {
    flow: "check-missing-uploads",
    about: "看平台說還沒有上傳的發票，和發票明細對照。",
    fields: [
      ended,
      {
        kind: "file",
        name: "invoices",
        label: "發票明細",
        is: ["ledger"],
        optional: true,
        hint: "不給就只列出平台的清冊",
      },
    ],
    does: ["下載平台的漏上傳清冊", "和明細比對，說明少了哪幾張、在哪一行", "列出信箱裡的提醒信"],
    final: null,
  },
  {
    flow: "fetch-winning-list",
    about: "下載一期的中獎清冊，解密、核對總計，轉成 CSV 與 Excel。期別結束後單月 28 日起才有。",
    fields: [ended],
    does: [
      "下載平台列出的每一個清冊（會員載具、無載具、已匯款）",
      "用財政部的解密程式打開；沒有設定程式就請您解密",
      "逐位元組讀、核對總計，轉成 CSV 與 Excel，一行都不漏",
    ],
    final: null,
  },
  {
    flow: "notify-winners",
    about: "寄信通知一期的中獎人，一人一封；沒有電子郵件的印紙本。",
    fields: [
      ended,
      {
        kind: "file",
        name: "members",
        label: "會員名單",
        is: ["unknown"],
        hint: "CSV：會員識別或載具、電子郵件、姓名",
      },
      {
        kind: "file",
        name: "list",
        label: "中獎清冊",
        is: ["winning-list", "winning-csv"],
        optional: true,
        hint: "不給就用已取得的",
      },
    ],
    does: [
      "對會員名單，決定誰寄信、誰印紙本（拒收名單上的也印紙本）",
      "給您看要寄幾封，同意才寄",
      "一張中獎發票一封，寄過的不再寄；不確定的問您",
      "寫下誰在何時用什麼方式通知，列出退信",
    ],
    final: "信寄出就收不回來。",
  },
  {
    flow: "platform-blank-numbers",
    about: "從加值平台取得一期沒有用到的號碼，可接著上傳到財政部平台。",
    fields: [
      ended,
      { kind: "yes", name: "upload", label: "接著上傳空白號碼", hint: "不勾就只下載、檢查，之後再用「上傳空白號碼」" },
    ],
    does: [
      "登入加值平台，產生空白字軌",
      "等處理成功（約 3–10 分鐘），下載結果並檢查",
      "勾選上傳時：和字軌、和財政部平台已列出的比對，匯入字軌一次，逐號核對",
    ],
    final: "勾選上傳時：上傳後要更正，得先在財政部平台刪除再重傳。",
    settled: platformOf,
  },
  {
    flow: "platform-winning-list",
    about: "從加值平台下載一期的會員載具中獎清冊，可列印，也可請平台郵寄實體中獎發票。",
    fields: [
      ended,
      { kind: "yes", name: "print", label: "也下載列印檔", hint: "每張中獎發票一個 PDF" },
      {
        kind: "file",
        name: "recipients",
        label: "郵寄的收件名單",
        is: ["recipients"],
        optional: true,
        hint: "CSV：發票號碼、收件人名稱、郵遞區號、縣市、鄉鎮市區、地址；不給就不郵寄",
      },
    ],
    does: [
      "登入加值平台，查看明細、下載中獎清冊並檢查",
      "給了收件名單時：看寄送歷程，列出要寄的請您同意，逐張填表比對、確定一次",
      "讀回發票寄送歷程",
    ],
    final: "郵寄實體中獎發票要付費，申請後不能撤回；會先把要寄的列出來請您同意。",
    settled: platformOf,
  },
];

export function formOf(flow: string): FlowForm | null {
  return FLOW_FORMS.find((one) => one.flow === flow) ?? null;
}

/** Where the company has its invoices issued. */
function platformOf({ platform }: CompanyConfig): readonly (readonly [string, string])[] {
  const where = platform ? `${new URL(platform.address).host}（${platform.user}）` : "設定檔裡沒有，不能執行";
  return [["加值平台", where]];
}
