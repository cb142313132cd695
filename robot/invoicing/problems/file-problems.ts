import type { Problem } from "./problems.ts";

/** What can be wrong with a file as a whole or with the shape of its rows: half of the closed list, see `problems.ts`. */
export const FILE_PROBLEMS = {
  "empty-file": {
    what: { zh: "檔案是空的", en: "The file is empty" },
    wanted: { zh: "至少一列資料", en: "at least one row" },
    remedy: { zh: "請重新下載或重新產生檔案。", en: "Download it again or make it anew." },
  },
  "html-not-csv": {
    what: { zh: "這是一個網頁，不是 CSV", en: "A web page, not a CSV file" },
    wanted: { zh: "純文字的 CSV 檔", en: "a plain CSV file" },
    remedy: {
      zh: "多半是登入逾時後下載到了錯誤頁；請重新登入再下載。",
      en: "Most likely the session was over and an error page was saved; sign in and download again.",
    },
  },
  "old-workbook": {
    what: {
      zh: "這是舊式 Excel 活頁簿（.xls），或加了密碼的活頁簿",
      en: "An old Excel workbook (.xls), or one with a password",
    },
    wanted: { zh: ".xlsx 或 CSV", en: ".xlsx or CSV" },
    remedy: {
      zh: "請用 Excel 開啟，另存新檔成「Excel 活頁簿 (.xlsx)」（不設密碼），再交給本程式。",
      en: "Open it in Excel and save it as an Excel workbook (.xlsx) without a password.",
    },
  },
  "workbook-not-csv": {
    what: { zh: "這是 Excel 活頁簿或壓縮檔，不是 CSV", en: "An Excel workbook or an archive, not a CSV file" },
    wanted: { zh: "純文字的 CSV 檔", en: "a plain CSV file" },
    remedy: {
      zh: "請改用平台下載的原始 CSV；改副檔名並不會改變內容。",
      en: "Use the CSV as it was downloaded; renaming a workbook does not change what is inside.",
    },
  },
  "formula-without-value": {
    what: { zh: "活頁簿裡有公式，但沒有存算好的值", en: "A formula of the workbook is stored without its value" },
    wanted: { zh: "每一格都有值的活頁簿", en: "a workbook in which every cell has its value" },
    remedy: {
      zh: "請用 Excel 開啟，按一次「存檔」讓它算好並存下來，再交給本程式。",
      en: "Open it in Excel and save it once, which computes and stores the values.",
    },
  },
  "encoding-unknown": {
    what: { zh: "看不出檔案的文字編碼", en: "An unknown text encoding" },
    wanted: { zh: "UTF-8 或 Big5", en: "UTF-8 or Big5" },
    remedy: { zh: "請用記事本另存新檔，編碼選 UTF-8。", en: "Save it again with a text editor as UTF-8." },
  },
  "encoding-other": {
    what: { zh: "文字編碼不是平台要的", en: "Not the encoding that the portal wants" },
    wanted: { zh: "平台要的編碼", en: "the portal's encoding" },
    remedy: {
      zh: "請用記事本另存新檔並選對編碼，或由本程式重新產生檔案。",
      en: "Save it again in that encoding, or let this program make the file anew.",
    },
  },
  "big5-loss": {
    what: { zh: "有 Big5 寫不出的字", en: "Characters that Big5 cannot hold" },
    wanted: { zh: "只用 Big5（cp950）裡有的字", en: "characters of Big5 (cp950) only" },
    remedy: { zh: "請改用 UTF-8，或把這些字換掉。", en: "Use UTF-8, or replace these characters." },
  },
  "csv-broken": {
    what: { zh: "CSV 格式壞了", en: "The CSV is malformed" },
    wanted: { zh: "逗號分隔、引號成對的文字", en: "values separated by commas, quotes in pairs" },
    remedy: { zh: "請重新下載或重新匯出檔案。", en: "Download or export the file again." },
  },
  "header-missing": {
    what: { zh: "少了標題列", en: "The header row is missing" },
    wanted: { zh: "第一列是欄位名稱", en: "column names in the first row" },
    remedy: { zh: "請使用原始檔案，不要刪掉第一列。", en: "Use the original file with its first row." },
  },
  "number-above-header": {
    what: { zh: "欄位名稱上面就有發票號碼", en: "An invoice number above the names of the columns" },
    wanted: { zh: "欄位名稱在所有發票的上面", en: "the names of the columns above all invoices" },
    remedy: {
      zh: "請確認這一列是不是發票；是的話，把欄位名稱移到它上面。",
      en: "See whether this row is an invoice; if so, move the names of the columns above it.",
    },
  },
  "header-left-in": {
    what: { zh: "還留著標題列", en: "The header row was left in" },
    wanted: { zh: "第一列就是資料", en: "data from the first row on" },
    remedy: { zh: "上傳前請刪掉中文說明的標題列。", en: "Delete the header rows before uploading." },
  },
  "list-of-blanks": {
    what: {
      zh: "清單的標題說這些號碼是空白、沒有用過的",
      en: "The title of the list calls its numbers blank, or not used",
    },
    wanted: { zh: "用過的號碼的清單，或發票明細", en: "a list of used numbers, or an invoice ledger" },
    remedy: {
      zh: "空白號碼由字軌檔和用過的號碼算出來，不必給這份清單；請改給發票明細。這些號碼其實都用過時，加上 --columns status=（等號後面不寫）。",
      en: "Blank numbers are computed from the tracks and the used numbers: give the invoice ledger instead. If all these were used, add --columns status= (nothing behind it).",
    },
  },
  "table-of-tracks": {
    what: {
      zh: "這是字軌（號碼簿）用到哪裡的表，不是發票明細",
      en: "A table of how far tracks are used, and no invoice ledger",
    },
    wanted: { zh: "一列一張發票，或一列一段用過的號碼", en: "a row an invoice, or a row a range of used numbers" },
    remedy: {
      zh: "請從同一個系統匯出發票明細；每一列的起迄號真的都用過時，加上 --columns number=起號的欄位 end=迄號的欄位。",
      en: "Export the invoices from the same system; if each row is a range that was used, add --columns number=<first> end=<last>.",
    },
  },
  "column-missing": {
    what: { zh: "少了欄位", en: "A column is missing" },
    wanted: { zh: "必要的欄位", en: "the column that is needed" },
    remedy: {
      zh: "請使用原始檔案；欄位另有名稱時，用 --columns 或設定檔的 files.ledger.columns 寫明。",
      en: "Use the original file; where the column has another name, say so with --columns or files.ledger.columns.",
    },
  },
  "column-ambiguous": {
    what: { zh: "有兩欄都可能是", en: "Two columns could both be it" },
    wanted: { zh: "只有一欄", en: "one column" },
    remedy: {
      zh: "請用 --columns 或設定檔的 files.ledger.columns 寫明是哪一欄。",
      en: "Say which one it is with --columns or files.ledger.columns.",
    },
  },
  "columns-wrong": {
    what: { zh: "這一列的欄數不對", en: "The row has the wrong number of columns" },
    wanted: { zh: "與格式相同的欄數", en: "as many columns as the format has" },
    remedy: {
      zh: "請檢查這一列是不是少了或多了逗號。",
      en: "See whether the row has a comma too few or too many.",
    },
  },
  "row-truncated": {
    what: { zh: "最後一列不完整，檔案像是沒有下載完", en: "The last row is cut off, as if the download had not ended" },
    wanted: { zh: "完整的一列", en: "a whole row" },
    remedy: { zh: "請重新下載檔案。", en: "Download the file again." },
  },
  "rows-too-many": {
    what: { zh: "列數超過 5 碼序號能編的數目", en: "More rows than five digits can number" },
    wanted: { zh: "最多 99,999 列", en: "at most 99,999 rows" },
    remedy: { zh: "請依統一編號或字軌分成幾個檔案。", en: "Make several files, by business or by track." },
  },
  "xml-broken": {
    what: { zh: "XML 格式不符", en: "Not such an XML message" },
    wanted: { zh: "完整的 MIG E0402（BranchTrackBlank）", en: "a whole MIG E0402 (BranchTrackBlank)" },
    remedy: { zh: "請由本程式重新產生檔案。", en: "Let this program make the file anew." },
  },
  "message-broken": {
    what: { zh: "電子發票的 XML 訊息不完整或格式不符", en: "The XML message is not whole, or not of its form" },
    wanted: { zh: "完整的訊息", en: "a whole message" },
    remedy: {
      zh: "請從 Turnkey 或平台重新取得這個檔案，不要手改。",
      en: "Get the file again from Turnkey or the portal; do not edit it.",
    },
  },
  "message-other": {
    what: {
      zh: "這是電子發票的另一種 XML 訊息，這裡用不到",
      en: "Another XML message of electronic invoices, of no use here",
    },
    wanted: {
      zh: "E0501（配號檔）、E0401（分支機構配號檔）、E0402（空白字軌）或 CSV 檔",
      en: "E0501 (allocated numbers), E0401 (passed on to a branch), E0402 (blank numbers) or a CSV file",
    },
    remedy: {
      zh: "請確認拿對了檔案；發票的內容請從開立的系統匯出成發票明細（CSV）。",
      en: "See that it is the right file; of invoices export a ledger (CSV) from the system that issues them.",
    },
  },
  "message-misplaced": {
    what: { zh: "這種 XML 訊息不是放在這裡的", en: "An XML message that belongs elsewhere" },
    wanted: { zh: "E0501 用在 --tracks，E0401 用在 --branches", en: "E0501 with --tracks, E0401 with --branches" },
    remedy: {
      zh: "E0501 是配給營業人的號碼，E0401 是總機構再配給分支機構的號碼；請換一個選項或換一個檔案。",
      en: "E0501 says what was allocated to a business, E0401 what a head office passed on; use the other option or another file.",
    },
  },
  "text-damaged": {
    what: { zh: "文字的編碼壞了（問號或亂碼）", en: "The text was damaged by a wrong encoding" },
    wanted: { zh: "看得懂的文字", en: "readable text" },
    remedy: {
      zh: "旁邊的代號完好，以代號為準；要留存的話請重新下載原檔。",
      en: "The code beside it is intact and decides; download the original again if it is to be kept.",
    },
  },
  "items-count": {
    what: { zh: "空白號碼區間的筆數超出範圍", en: "Too few or too many runs of blank numbers" },
    wanted: { zh: "1 到 10,000 筆", en: "1 to 10,000" },
    remedy: {
      zh: "請分成幾個檔案，或確認真的有空白號碼。",
      en: "Make several files, or see whether there are blank numbers at all.",
    },
  },
  "record-not-media": {
    what: { zh: "這一筆不是媒體申報檔的 81 個位元組", en: "Not a record of 81 bytes of a media file" },
    wanted: { zh: "格式代號開頭、81 個位元組的一筆資料", en: "81 bytes that begin with the code of a document" },
    remedy: { zh: "請從申報程式重新匯出媒體檔。", en: "Export the media file again." },
  },
  "media-code-unknown": {
    what: { zh: "不認得的媒體申報檔代號", en: "An unknown code in a media file" },
    wanted: {
      zh: "格式代號 21–29、31–38；課稅別 1、2、3、4、9、D（空白）、F（作廢）",
      en: "documents 21-29, 31-38; tax types 1, 2, 3, 4, 9, D (blank), F (voided)",
    },
    remedy: { zh: "請核對這一列，或改用發票明細的 CSV。", en: "Compare this row, or use the ledger as CSV." },
  },
  "record-length": {
    what: { zh: "這一筆不是 474 個位元組", en: "Not a record of 474 bytes" },
    wanted: { zh: "474 個 Big5 位元組的一筆中獎資料", en: "a winning record of 474 Big5 bytes" },
    remedy: {
      zh: "請用解密程式產生的原檔；用編輯器存過（例如改成 UTF-8）的檔案位元組已經不同。這一行仍列在輸出的檔案裡。",
      en: "Use the file as the decryption tool made it; saving it from an editor changes its bytes. The line is kept in what is written.",
    },
  },
  "winning-encrypted": {
    what: { zh: "這是還沒解密的中獎清冊", en: "A list of winners that is still encrypted" },
    wanted: { zh: "用財政部的解密程式打開後的文字檔", en: "the text file that the ministry's tool makes of it" },
    remedy: {
      zh: "請先用平台提供的解密程式打開，再交給這個命令；也可以在設定檔的 winningList.decrypt 寫明解密程式，由機器人代為執行。",
      en: "Open it with the ministry's tool first, or name the tool in winningList.decrypt of the configuration.",
    },
  },
  "footer-missing": {
    what: {
      zh: "沒有最後一行的總計，檔案像是不完整",
      en: "The last line with the totals is missing, as if the file were cut off",
    },
    wanted: { zh: "最後一行有筆數與獎金合計", en: "a last line with the count and the sum of prizes" },
    remedy: { zh: "請重新下載並解密。", en: "Download and decrypt it again." },
  },
  "footer-not-last": {
    what: { zh: "總計之後還有資料", en: "There is more behind the line of totals" },
    wanted: { zh: "總計是最後一行", en: "the totals in the last line" },
    remedy: {
      zh: "請確認沒有把兩份清冊接在一起；每一行仍列在輸出的檔案裡。",
      en: "See that two lists were not joined; every line is kept in what is written.",
    },
  },
  "footer-count": {
    what: { zh: "筆數和最後一行寫的不同", en: "Not as many records as the last line says" },
    wanted: { zh: "最後一行的筆數", en: "the count of the last line" },
    remedy: {
      zh: "檔案可能不完整，請重新下載並解密。",
      en: "The file may be incomplete; download and decrypt it again.",
    },
  },
  "footer-sum": {
    what: { zh: "獎金合計和最後一行寫的不同", en: "Not the sum of prizes that the last line says" },
    wanted: { zh: "最後一行的獎金合計", en: "the sum of the last line" },
    remedy: {
      zh: "檔案可能不完整，請重新下載並解密。",
      en: "The file may be incomplete; download and decrypt it again.",
    },
  },
  "upload-refused": {
    what: { zh: "平台沒有收這一列", en: "The portal did not take this row" },
    wanted: { zh: "平台收得下的空白號碼", en: "blank numbers as the portal takes them" },
    remedy: {
      zh: "請對照平台的說明檔修改這一列後再上傳。",
      en: "Mend the row by the portal's own manual and upload it again.",
    },
  },
  "file-unknown": {
    what: { zh: "認不出這是什麼檔案", en: "Not one of the known files" },
    wanted: {
      zh: "字軌檔、空白號碼上傳檔、E0402、發票明細、號碼清單或中獎清冊",
      en: "a track file, an upload file, an E0402 message, an invoice ledger, a list of numbers or of winners",
    },
    remedy: {
      zh: "請確認拿對了檔案；欄位名稱不同時可在設定檔的 files 裡對應。",
      en: "See that it is the right file; other column names can be set under files in the configuration.",
    },
  },
} satisfies Record<string, Problem>;
