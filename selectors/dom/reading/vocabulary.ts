/**
 * What people and pages call the things that the robot works with: the portal's own name first, then what a person would understand as the
 * same, with where it was seen. `portal`: the ministry's pages and manuals, of any year; `vendor`: systems and guides of others;
 * `plain`: not seen, but the same word to anybody. A synonym finds what can be undone; a button that changes the portal is found by one
 * only where its page and the fields of its form agree.
 */
export interface Term {
  readonly name: string;
  readonly also: readonly Synonym[];
}

export interface Synonym {
  readonly words: string;
  readonly seen: "portal" | "vendor" | "plain" | "english";
}

function term(name: string, also: { readonly [seen in Synonym["seen"]]?: readonly string[] } = {}): Term {
  const sources = ["portal", "vendor", "plain", "english"] as const;
  return { name, also: sources.flatMap((seen) => (also[seen] ?? []).map((words) => ({ words, seen }))) };
}

/** Every name of a term, its own first. */
export function namesOf({ name, also }: Term): string[] {
  return [name, ...also.map(({ words }) => words)];
}

export const TERMS = {
  // Signing in
  ubn: term("統一編號", {
    portal: ["營業人統一編號", "營業人統編", "統編", "扣繳單位統一編號"],
    plain: ["公司統一編號", "公司統編", "事業統一編號", "營業人統一編號（統編）"],
    english: [
      "UBN",
      "Tax ID",
      "Tax ID number",
      "Business ID",
      "Unified Business No.",
      "Unified Business Number",
      "Business Administration Number",
      "Business Administration No.",
      "VAT number",
      "BAN",
    ],
  }),
  user: term("帳號", {
    portal: ["使用者帳號", "登入帳號", "帳號（使用者代號）"],
    plain: ["使用者代號", "使用者名稱", "使用者", "登入代號", "用戶帳號", "會員帳號"],
    english: ["Account", "User ID", "Username", "User name", "User", "Account ID", "Login ID", "Login account"],
  }),
  password: term("密碼", {
    portal: ["使用者密碼", "登入密碼"],
    plain: ["帳號密碼", "通行碼"],
    english: ["Password", "Login password"],
  }),
  captcha: term("圖形驗證碼", {
    portal: ["驗證碼"],
    plain: ["圖片驗證碼", "圖形碼", "檢核碼", "認證碼", "圖中數字", "圖形驗證", "驗證圖碼", "圖形驗證碼（5碼數字）"],
    english: ["Captcha", "Verification code", "Image verification code", "Security code", "Captcha code"],
  }),
  identity: term("登入身分", {
    portal: ["登入身份", "使用者身分"],
    plain: ["身分別", "身分", "登入類別", "使用者類別"],
    english: ["Identity", "Sign in as", "Log in as", "User type"],
  }),
  signIn: term("登入", {
    plain: ["登入系統", "確定登入", "登錄", "送出登入", "會員登入"],
    english: ["Login", "Log in", "Sign in"],
  }),
  signOut: term("登出", {
    plain: ["登出系統", "安全登出", "離開系統", "登出帳號"],
    english: ["Logout", "Log out", "Sign out"],
  }),
  refreshCaptcha: term("更新圖形驗證碼", {
    plain: [
      "更新驗證碼",
      "重新產生",
      "重新產生驗證碼",
      "換一張",
      "換一個",
      "看不清楚",
      "重新整理驗證碼",
      "更換",
      "更換驗證碼",
      "更換圖片",
      "更新",
      "刷新",
    ],
    english: ["Refresh", "Refresh captcha", "Reload", "New code", "Change image"],
  }),
  business: term("營業人/扣繳單位", {
    portal: ["營業人", "營業人及扣繳單位"],
    english: ["Business", "Business entity", "Business/Withholding agent", "Business / Withholding unit"],
  }),
  agent: term("專業代理人", {
    plain: ["代理人", "記帳士/代理人"],
    english: ["Agent", "Professional agent", "Tax agent"],
  }),
  consumer: term("消費者", { plain: ["一般民眾", "民眾", "個人"], english: ["Consumer", "Individual"] }),
  accountMode: term("帳號", {
    portal: ["帳號登入", "帳號密碼登入", "帳號密碼"],
    plain: ["帳密登入", "使用帳號登入"],
    english: ["Account", "Password login"],
  }),

  // Tracks
  period: term("發票期別", {
    portal: ["期別", "字軌期別", "發票年月", "發票年期別", "所屬期別"],
    plain: ["申請期別", "取號期別", "期間", "發票期間", "配號期別", "年期別", "取用期別", "查詢期別", "期別年月"],
    english: ["Invoice period", "Period", "Invoice term", "Tax period"],
  }),
  trackPeriod: term("字軌期別", {
    portal: ["發票期別", "期別", "發票年月", "所屬年月"],
    plain: ["字軌期", "上傳期別", "申報期別", "查詢期別", "匯入期別", "年期別", "期間"],
    english: ["Period", "Track period", "Invoice period"],
  }),
  category: term("發票類別", {
    portal: ["類別"],
    plain: ["發票種類", "稅額計算類別", "發票類型", "發票類別代號", "稅額計算"],
    english: ["Invoice category", "Category", "Invoice type", "Type"],
  }),
  books: term("取用本數", {
    portal: ["申請本數", "取號本數"],
    plain: ["本數", "申請取用本數", "取用數量", "申請數量", "取用本數（本）", "欲取用本數", "本次取用本數"],
    english: ["Books", "Books requested", "Number of books", "Books to take"],
  }),
  extraBooks: term("增加本數", {
    plain: ["加領本數", "追加本數", "增加取用本數", "增購本數", "增額本數", "額外本數"],
    english: ["Additional books", "Extra books", "Books to add"],
  }),
  availableBooks: term("可取用本數", {
    plain: ["可申請本數", "剩餘本數", "可用本數", "尚可取用本數", "可取本數"],
    english: ["Available books", "Books available", "Available", "Remaining books"],
  }),
  takenBooks: term("已取用本數", {
    plain: ["已申請本數", "已用本數", "已取本數"],
    english: ["Books taken", "Taken books", "Taken", "Used books"],
  }),
  allocatedBooks: term("已配本數", {
    plain: ["配號本數", "核配本數", "已配號本數"],
    english: ["Books allocated", "Allocated books", "Allocated"],
  }),
  allocationState: term("是否已配號", {
    plain: ["配號狀態", "配號結果", "是否配號", "已配號", "配號情形", "狀態", "處理狀態", "配號進度"],
    english: ["Allocated?", "Allocation status", "Status", "Allocation state"],
  }),
  businessNumber: term("營業人統編", {
    portal: ["統一編號", "營業人統一編號", "統編", "總/分支機構統編"],
    english: ["UBN", "Tax ID", "Business ID"],
  }),
  takeTab: term("取號", {
    portal: ["＋取號"],
    plain: ["新增取號", "申請取號", "取號申請", "線上取號", "我要取號", "申請字軌", "辦理取號"],
    english: ["Take numbers", "Take tracks", "Apply for numbers", "New application"],
  }),
  takeSubmit: term("提交取號", {
    plain: [
      "送出取號",
      "確認取號",
      "送出申請",
      "提交申請",
      "提交",
      "送出",
      "確定取號",
      "取號送出",
      "確認送出",
      "送出取號申請",
      "提交取號申請",
    ],
    english: ["Submit", "Submit application", "Submit request"],
  }),
  search: term("查詢", {
    plain: ["搜尋", "開始查詢", "查 詢", "執行查詢", "查詢資料", "送出查詢", "查找"],
    english: ["Search", "Query", "Inquire", "Find"],
  }),
  download: term("下載", {
    plain: ["下載檔案", "下載字軌檔", "匯出", "下載CSV", "下載配號檔", "檔案下載"],
    english: ["Download", "Export", "Download file"],
  }),
  noticeTab: term("取號電子郵件信箱維護", {
    portal: ["取號Email維護", "取號E-mail維護"],
    plain: [
      "通知信箱維護",
      "電子郵件信箱維護",
      "Email維護",
      "通知信箱",
      "通知Email維護",
      "信箱維護",
      "電子郵件維護",
      "通知電子郵件",
    ],
    english: [
      "Notification email",
      "Notification mailbox",
      "Mailbox maintenance",
      "Notice emails",
      "Email maintenance",
    ],
  }),
  email: term("電子郵件信箱", {
    portal: ["Email", "電子郵件"],
    plain: ["E-mail", "信箱", "電子信箱", "通知信箱", "電子郵件地址", "通知Email", "新增電子郵件信箱", "新增信箱"],
    english: ["Email address", "Mail", "Email addresses"],
  }),
  add: term("新增", {
    plain: ["加入", "新增信箱", "新增Email", "新增電子郵件", "加入名單"],
    english: ["Add", "Add email", "Add address"],
  }),
  save: term("儲存", { plain: ["存檔", "保存", "確定新增", "儲存變更"], english: ["Save", "Save changes"] }),
  remove: term("刪除", { plain: ["移除", "刪除所選", "刪除勾選"], english: ["Delete", "Remove"] }),

  // Blank numbers
  importTab: term("匯入字軌", {
    plain: ["匯入", "上傳空白發票", "檔案匯入", "新增上傳", "整批匯入", "匯入空白字軌", "匯入空白號碼", "上傳字軌"],
    english: ["Import tracks", "Import"],
  }),
  uploadList: term("上傳列表", {
    plain: [
      "上傳清單",
      "上傳紀錄",
      "匯入紀錄",
      "匯入列表",
      "上傳結果",
      "處理結果",
      "上傳歷程",
      "上傳結果查詢",
      "匯入結果",
    ],
    english: ["Upload list", "Uploads", "Upload history", "Import history"],
  }),
  uploadSubmit: term("上傳", {
    plain: ["開始上傳", "確定上傳", "送出上傳", "上傳檔案", "確認上傳", "確認匯入", "開始匯入", "送出"],
    english: ["Upload", "Upload file", "Submit"],
  }),
  file: term("檔案上傳路徑", {
    plain: ["檔案路徑", "上傳檔案", "選擇檔案", "上傳路徑", "檔案", "匯入檔案", "檔案名稱", "選取檔案"],
    english: ["File", "File to upload", "Choose file", "Upload file", "File path", "Browse"],
  }),
  sample: term("範例下載", {
    plain: ["範例檔下載", "下載範例", "下載範例檔", "範例檔", "範例檔案", "範本下載"],
    english: ["Sample", "Download sample", "Sample file", "Template"],
  }),
  guide: term("說明檔下載", {
    plain: ["說明下載", "下載說明檔", "下載說明", "說明檔", "格式說明", "檔案說明"],
    english: ["Guide", "Download guide", "Instructions", "Format guide"],
  }),
  importedAt: term("匯入時間", {
    plain: ["上傳時間", "處理時間", "上傳日期", "匯入日期"],
    english: ["Imported at", "Upload time", "Uploaded at", "Import time", "Time"],
  }),
  importedFile: term("匯入檔名", {
    plain: ["檔名", "檔案名稱", "上傳檔名", "上傳檔案"],
    english: ["File name", "File", "Imported file"],
  }),
  processState: term("處理狀態", {
    plain: ["狀態", "處理結果", "匯入狀態", "上傳狀態", "處理情形"],
    english: ["Status", "State", "Processing status"],
  }),
  failureDetails: term("失敗明細", {
    plain: ["錯誤明細", "明細", "失敗原因", "錯誤訊息", "失敗明細下載"],
    english: ["Failure details", "Details", "Errors", "Error details"],
  }),
  branchNumber: term("總/分支機構統編", {
    portal: ["營業人統編", "統一編號", "總分支機構統編", "統編"],
    plain: ["機構統編", "總／分支機構統一編號", "總分支機構統一編號"],
    english: ["UBN", "Tax ID", "Business ID", "Head/branch office UBN"],
  }),
  months: term("發票年月", {
    portal: ["發票期別", "字軌期別", "期別", "所屬年月"],
    english: ["Invoice months", "Period", "Invoice period"],
  }),
  track: term("發票字軌", {
    portal: ["字軌"],
    plain: ["字軌名稱", "發票字軌名稱"],
    english: ["Track", "Invoice track"],
  }),
  begin: term("發票起號", {
    portal: ["空白發票起號", "起號"],
    plain: ["起始號碼", "起始號", "號碼起"],
    english: ["Begin", "From", "First number", "Begin number", "Start number"],
  }),
  end: term("發票迄號", {
    portal: ["空白發票迄號", "迄號"],
    plain: ["結束號碼", "訖號", "迄止號碼", "發票訖號", "號碼迄"],
    english: ["End", "To", "Last number", "End number"],
  }),

  // Layers and questions
  yes: term("確認", {
    portal: ["確定", "是", "確認送出", "確認授權"],
    plain: ["送出", "確定送出", "好", "同意並送出", "確認取號", "確定取號", "確認刪除", "確定刪除", "刪除", "繼續"],
    english: ["Yes", "Confirm", "OK", "Submit", "Continue"],
  }),
  no: term("取消", {
    portal: ["否", "返回"],
    plain: ["不要", "暫不", "上一步", "回上一頁", "修改", "返回修改"],
    english: ["No", "Cancel", "Back", "Go back"],
  }),
  close: term("關閉", {
    portal: ["我知道了", "✕"],
    plain: ["知道了", "略過", "稍後再說", "關閉視窗", "關閉公告", "關閉訊息", "✖", "×", "╳", "✗", "X", "Ｘ"],
    english: ["Close", "Dismiss", "Got it", "I understand", "Not now", "Skip"],
  }),
  nextPage: term("下一頁", {
    plain: ["下頁", "次頁", "後一頁", "下一頁›", ">", "›", "»", "▶"],
    english: ["Next", "Next page"],
  }),
  more: term("載入更多", {
    plain: ["更多", "顯示更多", "看更多", "查看更多", "更多資料", "載入下一批"],
    english: ["More", "Load more", "Show more"],
  }),
  // 會員載具歸戶: the page of today takes the phone's number or the barcode itself.
  phone: term("手機號碼", {
    plain: ["手機", "手機號碼或手機條碼", "手機號碼或條碼", "手機號碼/手機條碼", "手機號碼/條碼", "手機條碼或手機號碼"],
  }),
  refresh: term("重新整理", { plain: ["更新", "重整", "重新查詢"], english: ["Refresh", "Reload"] }),
} as const satisfies { readonly [name: string]: Term };
