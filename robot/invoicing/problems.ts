/** What can be wrong with a value or a file. `wanted` is the default; callers name the concrete value where they know it. */
type Problem = { what: string; wanted: string; remedy: string; english: string };

/**
 * The closed list of everything this domain can object to, with the words a book-keeper reads.
 * Errors (one value given to the robot) and faults (one place in a file) share it, so the same mistake reads the same everywhere.
 */
const PROBLEMS = {
  "ubn-invalid": {
    what: "統一編號不正確",
    wanted: "8 碼數字且檢查碼正確的統一編號",
    remedy: "請核對營業登記上的統一編號。",
    english: "Not a valid unified business number (8 digits, check digit).",
  },
  "ubn-other": {
    what: "統一編號不是這次要處理的營業人",
    wanted: "這次的營業人統一編號",
    remedy: "請確認拿的是這家營業人的檔案。",
    english: "The unified business number belongs to another business.",
  },
  "period-invalid": {
    what: "看不出是哪一個發票期別",
    wanted: "兩個月一期的期別，例如 11512、115/11 ~ 115/12 或 2026年11-12期",
    remedy: "請改成民國年加雙數月，例如 115 年 11-12 月寫成 11512。",
    english: "Not an invoice period (two months, for example 11512).",
  },
  "period-other": {
    what: "發票期別不是這次要處理的期別",
    wanted: "這次的發票期別",
    remedy: "請確認拿的是這一期的檔案。",
    english: "The row is of another period.",
  },
  "period-odd-month": {
    what: "所屬年月寫成了單數月",
    wanted: "民國年加雙數月，共 5 碼",
    remedy: "平台的空白號碼檔要寫該期的雙數月，例如 11-12 月寫 11512。",
    english: "The upload file wants the even month of the period.",
  },
  "category-invalid": {
    what: "發票類別不正確",
    wanted: "07（一般稅額計算）或 08（特種稅額計算）",
    remedy: "請改成 07 或 08。",
    english: "Not an invoice category (07 general, 08 special).",
  },
  "category-other": {
    what: "發票類別不是這次要處理的類別",
    wanted: "這次的發票類別",
    remedy: "請確認拿的是這個發票類別的檔案。",
    english: "The row is of another invoice category.",
  },
  "track-invalid": {
    what: "字軌不正確",
    wanted: "2 個大寫英文字母",
    remedy: "請改成平台配給的字軌，例如 AB。",
    english: "Not a track (two capital letters).",
  },
  "number-invalid": {
    what: "發票號碼不正確",
    wanted: "8 碼數字，前面的 0 也要保留",
    remedy: "請從平台重新下載，並以純文字編輯器開啟。",
    english: "Not an invoice number (8 digits, leading zeros kept).",
  },
  "invoice-number-invalid": {
    what: "發票號碼不正確",
    wanted: "2 個大寫英文字母加 8 碼數字，例如 AB12345678",
    remedy: "請從開立發票的系統重新匯出。",
    english: "Not an invoice number with its track (AB12345678).",
  },
  "date-invalid": {
    what: "日期不正確",
    wanted: "存在的日期，例如 2026/11/03、115/11/03 或 20261103",
    remedy: "請從開立發票的系統重新匯出，日期欄用年月日的格式。",
    english: "Not a date.",
  },
  "status-unknown": {
    what: "看不懂的發票狀態",
    wanted: "開立、作廢或折讓",
    remedy: "請改成開立、作廢或折讓，或在設定裡寫明這個狀態代表什麼。",
    english: "Unknown invoice status.",
  },
  "begin-not-book": {
    what: "發票起號不是一本的第一號",
    wanted: "末兩碼為 00 或 50 的起號",
    remedy: "一本 50 號；請從平台重新下載字軌檔，不要手改。",
    english: "A book begins at a number ending in 00 or 50.",
  },
  "end-not-book": {
    what: "發票迄號不是一本的最後一號",
    wanted: "末兩碼為 49 或 99 的迄號",
    remedy: "一本 50 號；請從平台重新下載字軌檔，不要手改。",
    english: "A book ends at a number ending in 49 or 99.",
  },
  "run-not-books": {
    what: "這段號碼不是整本",
    wanted: "50 的倍數",
    remedy: "請從平台重新下載字軌檔，不要手改。",
    english: "The run is not a multiple of 50 numbers.",
  },
  "run-reversed": {
    what: "迄號比起號小",
    wanted: "迄號大於或等於起號",
    remedy: "請把起號與迄號對調，或重新產生檔案。",
    english: "The run ends before it begins.",
  },
  "runs-overlap": {
    what: "發票區間跟其他資料重疊",
    wanted: "每個號碼只出現在一列",
    remedy: "請刪除重複的一列，或把區間改成不重疊。",
    english: "The run overlaps another one.",
  },
  "runs-unordered": {
    what: "區間沒有照號碼順序",
    wanted: "同一字軌由小到大",
    remedy: "請照字軌與起號由小到大排列，或由本程式重新產生檔案。",
    english: "Runs of a track are not in ascending order.",
  },
  "books-other": {
    what: "檔案裡的本數跟平台上的不同",
    wanted: "平台上的已配本數",
    remedy: "請稍後重新下載；若仍不同，請打 0800-521-988 詢問。",
    english: "The number of books differs from what was allocated.",
  },
  "not-allocated": {
    what: "這段號碼不在配給這家營業人的字軌裡",
    wanted: "已配給本營業人的號碼",
    remedy: "請核對字軌與起迄號；若字軌檔不是最新的，請先重新下載。",
    english: "The numbers were not allocated to this business.",
  },
  "already-listed": {
    what: "這段號碼平台上已經有了",
    wanted: "還沒上傳過的號碼",
    remedy: "請勿重複上傳；要更正時，先在平台的查詢畫面刪除原有的那一列。",
    english: "The portal lists these numbers already.",
  },
  "rows-too-many": {
    what: "列數超過 5 碼序號能編的數目",
    wanted: "最多 99,999 列",
    remedy: "請依統一編號或字軌分成幾個檔案。",
    english: "More rows than five digits can number.",
  },
  "sequence-wrong": {
    what: "序號不正確",
    wanted: "從 00001 起連續編號的 5 碼序號",
    remedy: "請由本程式重新產生檔案，或補上前面的 0 並依序編號。",
    english: "The sequence number is wrong.",
  },
  "excel-zeros-lost": {
    what: "被 Excel 去掉了前面的 0",
    wanted: "前面的 0 都還在的文字",
    remedy: "請重新下載原檔，改用記事本開啟；不要用 Excel 開啟後存檔。",
    english: "Excel removed the leading zeros.",
  },
  "excel-scientific": {
    what: "被 Excel 改成了科學記號",
    wanted: "完整的數字",
    remedy: "這個值已經無法還原，請重新下載原檔，改用記事本開啟。",
    english: "Excel turned the number into scientific notation; the value is lost.",
  },
  "excel-date": {
    what: "被 Excel 改成了日期",
    wanted: "原來的文字",
    remedy: "請重新下載原檔，改用記事本開啟；不要用 Excel 開啟後存檔。",
    english: "Excel turned the text into a date.",
  },
  "excel-number-format": {
    what: "被 Excel 加上了千分位或小數點",
    wanted: "只有數字",
    remedy: "請重新下載原檔，改用記事本開啟；不要用 Excel 開啟後存檔。",
    english: "Excel added thousands separators or decimals.",
  },
  "excel-hashes": {
    what: "Excel 欄寬不夠，存成了 # 號",
    wanted: "原來的值",
    remedy: "這個值已經無法還原，請重新下載原檔。",
    english: "Excel saved # signs because the column was too narrow.",
  },
  "excel-formula": {
    what: "被寫成了 Excel 公式",
    wanted: "只有值，沒有 = 或開頭的單引號",
    remedy: "請把開頭的 =、引號或單引號拿掉，或重新匯出成純文字 CSV。",
    english: "The value is wrapped in an Excel formula or a text apostrophe.",
  },
  "spaces-around": {
    what: "值的前後有空白",
    wanted: "沒有空白的值",
    remedy: "請把前後的空白刪掉，或由本程式重新產生檔案。",
    english: "There are spaces around the value.",
  },
  "empty-file": {
    what: "檔案是空的",
    wanted: "至少一列資料",
    remedy: "請重新下載或重新產生檔案。",
    english: "The file is empty.",
  },
  "html-not-csv": {
    what: "這是一個網頁，不是 CSV",
    wanted: "純文字的 CSV 檔",
    remedy: "多半是登入逾時後下載到了錯誤頁；請重新登入再下載。",
    english: "This is a web page, not a CSV file.",
  },
  "workbook-not-csv": {
    what: "這是 Excel 活頁簿或壓縮檔，不是 CSV",
    wanted: "純文字的 CSV 檔",
    remedy: "請改用平台下載的原始 CSV；改副檔名並不會改變內容。",
    english: "This is an Excel workbook or an archive, not a CSV file.",
  },
  "encoding-unknown": {
    what: "看不出檔案的文字編碼",
    wanted: "UTF-8 或 Big5",
    remedy: "請用記事本另存新檔，編碼選 UTF-8。",
    english: "The text encoding is neither UTF-8 nor Big5.",
  },
  "encoding-other": {
    what: "文字編碼不是平台要的",
    wanted: "平台要的編碼",
    remedy: "請用記事本另存新檔並選對編碼，或由本程式重新產生檔案。",
    english: "The file is in another encoding than the portal wants.",
  },
  "big5-loss": {
    what: "有 Big5 寫不出的字",
    wanted: "只用 Big5（cp950）裡有的字",
    remedy: "請改用 UTF-8，或把這些字換掉。",
    english: "Some characters can't be written in Big5 without loss.",
  },
  "csv-broken": {
    what: "CSV 格式壞了",
    wanted: "逗號分隔、引號成對的文字",
    remedy: "請重新下載或重新匯出檔案。",
    english: "The CSV is malformed (unbalanced quotes).",
  },
  "header-missing": {
    what: "少了標題列",
    wanted: "第一列是欄位名稱",
    remedy: "請使用原始檔案，不要刪掉第一列。",
    english: "The header row is missing.",
  },
  "header-left-in": {
    what: "還留著標題列",
    wanted: "第一列就是資料",
    remedy: "上傳前請刪掉中文說明的標題列。",
    english: "The header row must be removed before uploading.",
  },
  "column-missing": {
    what: "少了欄位",
    wanted: "必要的欄位",
    remedy: "請使用原始檔案，或在設定裡寫明這個欄位叫什麼名字。",
    english: "A required column is missing.",
  },
  "columns-wrong": {
    what: "這一列的欄數不對",
    wanted: "與格式相同的欄數",
    remedy: "請檢查這一列是不是少了或多了逗號。",
    english: "The row has the wrong number of columns.",
  },
  "row-truncated": {
    what: "最後一列不完整，檔案像是沒有下載完",
    wanted: "完整的一列",
    remedy: "請重新下載檔案。",
    english: "The last row is cut off; the download is incomplete.",
  },
  "xml-broken": {
    what: "XML 格式不符",
    wanted: "MIG 的 E0402（BranchTrackBlank）",
    remedy: "請由本程式重新產生檔案。",
    english: "Not a well-formed E0402 message.",
  },
  "items-count": {
    what: "空白號碼區間的筆數超出範圍",
    wanted: "1 到 10,000 筆",
    remedy: "請分成幾個檔案，或確認真的有空白號碼。",
    english: "An E0402 message holds 1 to 10,000 items.",
  },
  "file-unknown": {
    what: "認不出這是什麼檔案",
    wanted: "字軌檔、空白號碼上傳檔、E0402、發票明細或號碼清單",
    remedy: "請確認拿對了檔案；欄位名稱不同時可在設定裡對應。",
    english: "Not one of the known files.",
  },
} satisfies Record<string, Problem>;

/** Closed list of problem codes. */
export type ProblemCode = keyof typeof PROBLEMS;

/** One thing wrong at one place of a file. */
export type Fault = {
  readonly code: ProblemCode;
  /** 1-based line of the file; 0 when the whole file is meant. */
  readonly line: number;
  /** The column's name; empty when the row or the file is meant. */
  readonly column: string;
  /** The text that was seen. */
  readonly value: string;
  readonly wanted: string;
  /** What is wrong, in Traditional Chinese: what it is, what it should be, what was seen. */
  readonly message: string;
  /** What to do, in Traditional Chinese. */
  readonly remedy: string;
  readonly english: string;
};

/** Where in a file a fault is; leave out what does not apply. */
export type Place = { readonly line?: number; readonly column?: string; readonly value?: string };

/** Longest piece of a value repeated in a message; a whole web page in a sentence helps nobody. */
const SHOWN = 60;

function shorten(text: string): string {
  const line = text.replaceAll(/\s*[\r\n]\s*/g, " ");
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}

function describe(problem: Problem, wanted: string, seen: string): string {
  return `${problem.what}。應該是：${wanted}；看到的是${seen === "" ? "空白" : `「${shorten(seen)}」`}。`;
}

/** Makes the fault `code` at a place of a file; `wanted` replaces the general wording by the concrete value. */
export function fault(code: ProblemCode, place: Place, wanted?: string): Fault {
  const problem = PROBLEMS[code];
  const value = place.value ?? "";
  const expected = wanted ?? problem.wanted;
  return {
    code,
    line: place.line ?? 0,
    column: place.column ?? "",
    value,
    wanted: expected,
    message: describe(problem, expected, value),
    remedy: problem.remedy,
    english: problem.english,
  };
}

/** One value that this domain refuses: says what was wanted, what was seen and what to do. */
export class DomainError extends Error {
  readonly code: ProblemCode;
  readonly wanted: string;
  readonly seen: string;
  readonly remedy: string;
  readonly english: string;

  constructor(code: ProblemCode, seen: string, wanted?: string) {
    const problem = PROBLEMS[code];
    const expected = wanted ?? problem.wanted;
    super(`${describe(problem, expected, seen)}${problem.remedy}`);
    this.name = "DomainError";
    this.code = code;
    this.wanted = expected;
    this.seen = seen;
    this.remedy = problem.remedy;
    this.english = problem.english;
  }
}
