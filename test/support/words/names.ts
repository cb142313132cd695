/** Chinese that stays: names of the portal's pages, buttons, columns and words, and what files have in them. */
export const PORTAL_NAMES: ReadonlySet<string> = new Set(
  `上傳列表 開立 作廢 註銷 折讓 空白 已完成 配號 取號 手機條碼 會員編號 載具類別 歸戶時間 結果 原因 發票號碼 發票日期 狀態 賣方統編
立即歸戶 同意/確認 驗證碼 關閉 確定 送出 下一步 查詢 手機 卡號 載具編號 歸戶狀態 隱藏選單 查詢條件 頁次
作業名稱 申請時間 作業狀態 備註 申請人 完成時間 確定郵寄實體中獎發票 收件人名稱 郵遞區號 縣市 鄉鎮市區 地址 臺 台
發票功能 其他功能 空白字軌下載 批次作業 會員載具中獎發票清冊 查詢發票寄送歷程 查看明細 列印 字軌期別 選擇檔案
(?:字軌|發票)?期別 檔案上傳路徑 檔案上傳路徑|檔案名稱|檔案路徑|上傳檔案|檔名
字軌號碼取號：查詢 字軌號碼取號：取號的表單 取號電子郵件信箱維護 上傳空白未使用發票號碼：查詢 上傳空白未使用發票號碼：上傳列表
上傳空白未使用發票號碼：匯入字軌的表單 漏上傳資料清冊 中獎清冊下載 電子發票專用字軌號碼取號 電子發票上傳作業 電子發票字軌號碼
每單月10日前應辦理事項 查詢與下載 顯示選單 {0}年{1} {0}年{1}月 發票期別 發票期別的月 發票期別的年 返回 尚未接收筆數 電子郵件信箱
發票期別（起） 發票期別（迄） 發票期別（起迄） 發票期別（起）的年 發票期別（迄）的年 停止使用 增加本數 發票類別
字軌號碼取號（BTB004W） 字軌號碼取號 是否已配號 營業人統編 取用本數 已配本數 中獎發票 確認`.split(/\s+/),
);

/** Files whose Chinese is none that a command says: columns and words of files, documents, looks of pages, and what has both languages in one text. */
export const NOT_SAID: readonly { readonly files: RegExp; readonly because: string }[] = [
  { files: /^robot\/console\//, because: "the console's pages, which are Chinese" },
  { files: /^robot\/recording\/export\//, because: "pages and reports that are written for people" },
  {
    files: /^robot\/recording\/(format\/heads-document|verification\/heads|redaction\/)/,
    because: "mails and notes beside records",
  },
  { files: /^robot\/mail\/(out\/digest|reminders)/, because: "mails" },
  { files: /^robot\/cli\/(program|declarations\/)/, because: "help: 中文 (English), one of them is shown" },
  { files: /^robot\/(setup\/|start\.mjs)/, because: "the set-up: 中文 (English), one of them is shown" },
  {
    files: /^robot\/cli\/commands\/run\/run-answer|^robot\/failures\/failure\.ts/,
    because: "both languages beside each other",
  },
  { files: /^robot\/demo\//, because: "both languages beside each other; made-up firms and files" },
  {
    files: /^robot\/invoicing\/(ledger\/(column-names|vocabulary|layouts\/)|values\/)/,
    because: "columns, words and dates of files",
  },
  { files: /^robot\/invoicing\/blank-numbers\/(upload-layout|sample|e0402)/, because: "columns and words of files" },
  { files: /^robot\/invoicing\/tracks\/(track-file|handover)/, because: "columns and words of files" },
  {
    files:
      /^robot\/invoicing\/winners\/(winning-(record|table|csv|list)|members|recipients|winner-notices|winner-letter)/,
    because: "columns, words and letters",
  },
  { files: /^robot\/cli\/commands\/files\/winners\.ts/, because: "both languages beside each other" },
  { files: /^selectors\/dom\/reading\/(vocabulary|words|in-page\/)/, because: "words of pages" },
  { files: /^selectors\/dom\/harvest\/blurred/, because: "family names, and what is written for them" },
  { files: /^robot\/visits\/visit\.ts/, because: "what a picture covers" },
];

/** Names that files are given. */
export const FILE_NAME = /\.(?:csv|json|html|pdf|zip)$|^載具,電子郵件/;

/** What else stays Chinese in English: the console's own labels, and words that files and pages have. */
const AS_THEY_ARE = [
  ..."序號 空白發票起號 空白發票迄號 設定 查無資料 登出 檢核中 處理失敗 統編 取消 密碼 平台頁面".split(" "),
  "2026年11-12期",
];

/** The lines that have Chinese in them which is no name of the portal and no data. */
export function chineseIn(text: string, data: readonly string[] = []): string[] {
  const names = [...PORTAL_NAMES, ...AS_THEY_ARE, ...data].toSorted((one, other) => other.length - one.length);
  return text.split("\n").filter((line) => {
    // What the page says, and files by their names, are quoted as they are.
    const own = line.replaceAll(
      /The page says: .*?(?= Wanted: | Seen: | Page: |$)|\S+\.(?:csv|json|html|pdf|xlsx|txt)\b/g,
      "",
    );
    const rest = names.reduce((left, name) => left.replaceAll(name, ""), own);
    return /\p{Script=Han}/u.test(rest);
  });
}
