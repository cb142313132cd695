import type { Problem } from "./problems.ts";

/** What can be wrong with one value or one row, wherever it comes from: half of the closed list, see `problems.ts`. */
export const VALUE_PROBLEMS = {
  "ubn-invalid": {
    what: { zh: "統一編號不正確", en: "Not a unified business number" },
    wanted: { zh: "8 碼數字且檢查碼正確的統一編號", en: "8 digits with the right check digit" },
    remedy: { zh: "請核對營業登記上的統一編號。", en: "Compare it with the business registration." },
  },
  "ubn-check-digit": {
    what: { zh: "統一編號的檢查碼不符", en: "The check digit of the business number fails" },
    wanted: { zh: "檢查碼正確的統一編號", en: "a number whose check digit is right" },
    remedy: {
      zh: "平台自己這樣寫，所以照用；登記在案的營業人也有檢查碼不符的，請核對一次。",
      en: "It is used, as the portal itself writes it; there are registered businesses whose check digit fails. Compare it once.",
    },
  },
  "ubn-other": {
    what: { zh: "統一編號不是這次要處理的營業人", en: "The number of another business" },
    wanted: { zh: "這次的營業人統一編號", en: "the business that is being worked for" },
    remedy: { zh: "請確認拿的是這家營業人的檔案。", en: "See that this is the file of the right business." },
  },
  "period-invalid": {
    what: { zh: "看不出是哪一個發票期別", en: "Not an invoice period" },
    wanted: {
      zh: "兩個月一期的期別，例如 11512、115/11 ~ 115/12 或 2026年11-12期",
      en: "a period of two months, such as 11512, 115/11 ~ 115/12 or 2026年11-12期",
    },
    remedy: {
      zh: "請改成民國年加雙數月，例如 115 年 11-12 月寫成 11512。",
      en: "Write the ROC year and the even month: November and December 2026 is 11512.",
    },
  },
  "period-other": {
    what: { zh: "發票期別不是這次要處理的期別", en: "Another period" },
    wanted: { zh: "這次的發票期別", en: "the period that is being worked on" },
    remedy: { zh: "請確認拿的是這一期的檔案。", en: "See that this is the file of the right period." },
  },
  "period-odd-month": {
    what: { zh: "所屬年月寫成了單數月", en: "The period is written with its odd month" },
    wanted: { zh: "民國年加雙數月，共 5 碼", en: "ROC year and even month, 5 digits" },
    remedy: {
      zh: "平台的空白號碼檔要寫該期的雙數月，例如 11-12 月寫 11512。",
      en: "The portal's file of blank numbers wants the even month: 11512 for November and December.",
    },
  },
  "category-invalid": {
    what: { zh: "發票類別不正確", en: "Not an invoice category" },
    wanted: { zh: "07（一般稅額計算）或 08（特種稅額計算）", en: "07 (general) or 08 (special)" },
    remedy: { zh: "請把這個值改成 07 或 08。", en: "Write 07 or 08 here." },
  },
  "category-other": {
    what: { zh: "發票類別不是這次要處理的類別", en: "Another invoice category" },
    wanted: { zh: "這次的發票類別", en: "the category that is being worked on" },
    remedy: { zh: "請確認拿的是這個發票類別的檔案。", en: "See that this is the file of the right category." },
  },
  "track-invalid": {
    what: { zh: "字軌不正確", en: "Not a track" },
    wanted: { zh: "2 個大寫英文字母", en: "2 capital letters" },
    remedy: { zh: "請改成平台配給的字軌，例如 AB。", en: "Write the track as the portal allocated it, such as AB." },
  },
  "number-invalid": {
    what: { zh: "發票號碼不正確", en: "Not an invoice number" },
    wanted: { zh: "8 碼數字，前面的 0 也要保留", en: "8 digits, leading zeros kept" },
    remedy: {
      zh: "請從平台重新下載，並以純文字編輯器開啟。",
      en: "Download it from the portal again and open it with a text editor only.",
    },
  },
  "invoice-number-invalid": {
    what: { zh: "發票號碼不正確", en: "Not an invoice number with its track" },
    wanted: {
      zh: "2 個大寫英文字母加 8 碼數字，例如 AB12345678",
      en: "2 capital letters and 8 digits, such as AB12345678",
    },
    remedy: { zh: "請從開立發票的系統重新匯出。", en: "Export it again from the system that issues the invoices." },
  },
  "date-invalid": {
    what: { zh: "日期不正確", en: "Not a date" },
    wanted: {
      zh: "存在的日期，例如 2026/11/03、115/11/03 或 20261103",
      en: "a date that exists, such as 2026/11/03, 115/11/03 or 20261103",
    },
    remedy: {
      zh: "請從開立發票的系統重新匯出，日期欄用年月日的格式。",
      en: "Export it again with the date as year, month and day.",
    },
  },
  "amount-invalid": {
    what: { zh: "金額不正確", en: "Not an amount" },
    wanted: { zh: "整數的新臺幣金額", en: "whole TWD" },
    remedy: {
      zh: "請用原檔；原檔就是這樣時，請向平台詢問。",
      en: "Use the original file; if it says so, ask the platform.",
    },
  },
  "status-unknown": {
    what: { zh: "看不懂的發票狀態", en: "An unknown invoice status" },
    wanted: { zh: "開立、作廢或折讓", en: "開立 (issued), 作廢 (void) or 折讓 (allowance)" },
    remedy: {
      zh: "請改成開立、作廢或折讓，或在設定檔的 files.ledger.statuses 寫明這個狀態代表什麼。",
      en: "Use one of these, or say in files.ledger.statuses of the configuration what this status means.",
    },
  },
  "begin-not-book": {
    what: { zh: "發票起號不是一本的第一號", en: "Not the first number of a book" },
    wanted: { zh: "末兩碼為 00 或 50 的起號", en: "a number that ends in 00 or 50" },
    remedy: {
      zh: "一本 50 號；請從平台重新下載字軌檔，不要手改。",
      en: "A book has 50 numbers; download the track file again and do not edit it.",
    },
  },
  "end-not-book": {
    what: { zh: "發票迄號不是一本的最後一號", en: "Not the last number of a book" },
    wanted: { zh: "末兩碼為 49 或 99 的迄號", en: "a number that ends in 49 or 99" },
    remedy: {
      zh: "一本 50 號；請從平台重新下載字軌檔，不要手改。",
      en: "A book has 50 numbers; download the track file again and do not edit it.",
    },
  },
  "run-not-books": {
    what: { zh: "這段號碼不是整本", en: "Not a run of whole books" },
    wanted: { zh: "號碼數是 50 的倍數", en: "a multiple of 50 numbers" },
    remedy: {
      zh: "請從平台重新下載字軌檔，不要手改。",
      en: "Download the track file again and do not edit it.",
    },
  },
  "run-reversed": {
    what: { zh: "迄號比起號小", en: "The run ends before it begins" },
    wanted: { zh: "迄號大於或等於起號", en: "an end number that is not smaller than the begin number" },
    remedy: { zh: "請把起號與迄號對調，或重新產生檔案。", en: "Exchange the two, or make the file anew." },
  },
  "run-too-long": {
    what: { zh: "一列的號碼太多", en: "More numbers in one row than can be right" },
    wanted: { zh: "最多一百萬號的區間", en: "a range of at most a million numbers" },
    remedy: { zh: "請核對起號與迄號。", en: "Compare the first and the last number." },
  },
  "range-count": {
    what: { zh: "張數和起迄號不符", en: "Not as many invoices as the range has numbers" },
    wanted: { zh: "起號到迄號的張數", en: "as many as from the first to the last number" },
    remedy: { zh: "請核對起號、迄號與張數。", en: "Compare the first number, the last number and the count." },
  },
  "bytes-damaged": {
    what: { zh: "這一格有無法辨識的字", en: "Bytes that are no character" },
    wanted: { zh: "完整的文字", en: "whole characters" },
    remedy: {
      zh: "請從開立發票的系統重新匯出，編碼選 UTF-8；或改正這一格。",
      en: "Export it again as UTF-8, or mend this cell.",
    },
  },
  "runs-overlap": {
    what: { zh: "發票區間跟其他資料重疊", en: "The run overlaps another one" },
    wanted: { zh: "每個號碼只出現在一列", en: "every number in one row only" },
    remedy: {
      zh: "請刪除重複的一列，或把區間改成不重疊。",
      en: "Delete the row that is there twice, or change the runs so that they do not overlap.",
    },
  },
  "runs-unordered": {
    what: { zh: "區間沒有照號碼順序", en: "The runs are not in the order of their numbers" },
    wanted: { zh: "同一字軌由小到大", en: "ascending numbers within a track" },
    remedy: {
      zh: "請照字軌與起號由小到大排列，或由本程式重新產生檔案。",
      en: "Sort by track and begin number, or let this program make the file anew.",
    },
  },
  "books-other": {
    what: { zh: "檔案裡的本數跟平台上的不同", en: "Not the number of books that the portal allocated" },
    wanted: { zh: "平台上的已配本數", en: "the number of books on the portal's list" },
    remedy: {
      zh: "請稍後重新下載；若仍不同，請打 0800-521-988 詢問。",
      en: "Download it again later; if it still differs, ask 0800-521-988.",
    },
  },
  "not-allocated": {
    what: { zh: "這段號碼不在配給這家營業人的字軌裡", en: "Numbers that were not allocated to this business" },
    wanted: { zh: "已配給本營業人的號碼", en: "numbers allocated to this business" },
    remedy: {
      zh: "請核對字軌與起迄號；若字軌檔不是最新的，請先重新下載。",
      en: "Compare track and numbers; if the track file is not the newest, download it again.",
    },
  },
  "already-listed": {
    what: { zh: "這段號碼平台上已經有了", en: "The portal has these numbers already" },
    wanted: { zh: "還沒上傳過的號碼", en: "numbers that have not been uploaded" },
    remedy: {
      zh: "請勿重複上傳；要更正時，先在平台的查詢畫面刪除原有的那一列。",
      en: "Do not upload them twice; to correct them, first delete the row on the portal's list.",
    },
  },
  "sequence-wrong": {
    what: { zh: "序號不正確", en: "Wrong sequence number" },
    wanted: { zh: "從 00001 起連續編號的 5 碼序號", en: "5 digits, counted from 00001" },
    remedy: {
      zh: "請由本程式重新產生檔案，或補上前面的 0 並依序編號。",
      en: "Let this program make the file anew, or number the rows with leading zeros.",
    },
  },
  "excel-zeros-lost": {
    what: { zh: "被 Excel 去掉了前面的 0", en: "Excel removed the leading zeros" },
    wanted: { zh: "前面的 0 都還在的文字", en: "text with all its leading zeros" },
    remedy: {
      zh: "請重新下載原檔，改用記事本開啟；不要用 Excel 開啟後存檔。",
      en: "Download the original again and open it with a text editor; never save it from Excel.",
    },
  },
  "excel-scientific": {
    what: { zh: "被 Excel 改成了科學記號", en: "Excel turned the number into scientific notation" },
    wanted: { zh: "完整的數字", en: "all digits" },
    remedy: {
      zh: "這個值已經無法還原，請重新下載原檔，改用記事本開啟。",
      en: "The value is lost; download the original again and open it with a text editor.",
    },
  },
  "excel-date": {
    what: { zh: "被 Excel 改成了日期", en: "Excel turned the text into a date of its own" },
    wanted: { zh: "原來的文字", en: "the original text" },
    remedy: {
      zh: "請重新下載原檔，改用記事本開啟；不要用 Excel 開啟後存檔。",
      en: "Download the original again and open it with a text editor; never save it from Excel.",
    },
  },
  "excel-number-format": {
    what: { zh: "被 Excel 加上了千分位或小數點", en: "Excel added thousands separators or decimals" },
    wanted: { zh: "只有數字", en: "digits only" },
    remedy: {
      zh: "請重新下載原檔，改用記事本開啟；不要用 Excel 開啟後存檔。",
      en: "Download the original again and open it with a text editor; never save it from Excel.",
    },
  },
  "excel-hashes": {
    what: { zh: "Excel 欄寬不夠，存成了 # 號", en: "Excel saved # signs because the column was too narrow" },
    wanted: { zh: "原來的值", en: "the original value" },
    remedy: { zh: "這個值已經無法還原，請重新下載原檔。", en: "The value is lost; download the original again." },
  },
  "excel-formula": {
    what: { zh: "被寫成了 Excel 公式", en: "Written as an Excel formula or with a text apostrophe" },
    wanted: { zh: "只有值，沒有 = 或開頭的單引號", en: "the value only, without = or a leading apostrophe" },
    remedy: {
      zh: "請把開頭的 =、引號或單引號拿掉，或重新匯出成純文字 CSV。",
      en: "Take the = and the quotes away, or export it again as plain CSV.",
    },
  },
  "spaces-around": {
    what: { zh: "值的前後有空白", en: "Spaces around the value" },
    wanted: { zh: "沒有空白的值", en: "the value without spaces" },
    remedy: {
      zh: "請把前後的空白刪掉，或由本程式重新產生檔案。",
      en: "Delete the spaces, or let this program make the file anew.",
    },
  },
} satisfies Record<string, Problem>;
