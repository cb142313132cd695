// How words and periods are written in this look.
const { habits } = window;

const ENGLISH = {
  統一編號: "Business Administration No.",
  帳號: "Account",
  密碼: "Password",
  圖形驗證碼: "Verification Code",
  登入: "Sign in",
  登出: "Sign out",
  查詢: "Search",
  下載: "Download",
  發票期別: "Invoice Period",
  "發票期別（起）": "Invoice Period from",
  "發票期別（迄）": "Invoice Period to",
  發票類別: "Invoice Type",
  取用本數: "Books",
  增加本數: "Additional Books",
  電子郵件信箱: "Email",
  字軌期別: "Track Period",
  檔案上傳路徑: "File",
  上傳: "Upload",
  新增: "Add",
  刪除: "Delete",
  儲存: "Save",
  提交取號: "Submit",
  匯入字軌: "Import",
  上傳列表: "Upload list",
  "＋取號": "Take numbers",
  取號電子郵件信箱維護: "Notification email",
};

const MESSAGES = {
  查詢成功: "Query successful",
  "檔案上傳完成，匯入作業每一小時執行一次": "檔案上傳完成 (Upload completed). The import runs once an hour.",
};

const half = (month) => String(month).padStart(2, "0");

/** The words of a field, as a label. */
export function label(words) {
  const spaced = words.length === 2 ? words.split("").join("　　") : words.split("").join("\u2009");
  switch (habits.words) {
    case "spaced":
      return `${spaced}　：`;
    case "full-width":
      return `＊${words.replaceAll("Email", "Ｅｍａｉｌ")}：`;
    case "asterisk":
      return `* ${words}`;
    case "required":
      return `${words}（必填）`;
    case "english":
      return ENGLISH[words] ?? words;
    case "bilingual":
      return `${words} ${ENGLISH[words] ?? ""}`.trim();
    case "zero-width":
      return `${invisible(words)}：`;
    default:
      return `${words}：`;
  }
}

/** With characters between its own that nobody sees. */
const invisible = (words) => `\uFEFF${words.split("").join("\u200B")}`;

/** The words of a button. */
export function name(words) {
  if (habits.words === "zero-width") return invisible(words);
  if (habits.words === "english") return ENGLISH[words] ?? words;
  if (habits.buttonWords === "spaced") return words.split("").join(" ");
  if (habits.buttonWords === "full-width") return `【 ${words.replaceAll("Email", "Ｅｍａｉｌ")} 】`;
  return habits.words === "bilingual" && ENGLISH[words] ? `${words} ${ENGLISH[words]}` : words;
}

/** What the portal says. */
export function said(words) {
  return habits.language === "en" ? (MESSAGES[words] ?? words) : words;
}

const HAN = "〇一二三四五六七八九";
const han = (number) => String(number).replaceAll(/\d/g, (digit) => HAN[digit]);
const hanMonth = (month) => (month < 10 ? HAN[month] : month === 10 ? "十" : `十${HAN[month - 10]}`);

/** A number of books, as this look prints it. */
export function books(count) {
  return habits.figures === "units" ? `${count.toLocaleString("en")} 本` : String(count);
}

/** A period of two months, `YYYMM` with the even month, as this look prints it. */
export function period(code) {
  const roc = Number(code.slice(0, 3));
  const last = Number(code.slice(3));
  const pair = `${half(last - 1)}-${half(last)}`;
  switch (habits.periods) {
    case "republic":
      return `${roc}年${pair}月`;
    case "slashes":
      return `${roc}/${half(last - 1)} ~ ${roc}/${half(last)}`;
    case "months":
      return `${roc + 1911}/${half(last - 1)}～${roc + 1911}/${half(last)}`;
    case "code":
      return code;
    case "han":
      return `${han(roc + 1911)}年${hanMonth(last - 1)}至${hanMonth(last)}月`;
    default:
      return `${roc + 1911}年${pair}期`;
  }
}
