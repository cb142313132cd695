import type { Problem } from "./problems.ts";

/** What can be wrong with carriers and lists of them; part of the closed list, see `problems.ts`. */
export const CARRIER_PROBLEMS = {
  "barcode-invalid": {
    what: { zh: "不是手機條碼", en: "Not a mobile barcode" },
    wanted: { zh: "/ 開頭，後面 7 個大寫英文、數字或 . + -，例如 /ABC.123", en: "a slash and 7 of A-Z 0-9 . + -" },
    remedy: { zh: "請向持有人確認手機條碼；字母要大寫。", en: "Ask the holder for the barcode; letters are capitals." },
  },
  "phone-invalid": {
    what: { zh: "不是手機號碼", en: "Not a mobile phone number" },
    wanted: { zh: "09 開頭的 10 位數字", en: "10 digits that begin with 09" },
    remedy: { zh: "請填持有人申請手機條碼時的手機號碼。", en: "Give the phone number of the holder's barcode." },
  },
  "carrier-kind-unknown": {
    what: { zh: "不認得的載具類別", en: "An unknown kind of carrier" },
    wanted: { zh: "手機條碼或自然人憑證", en: "手機條碼 or 自然人憑證" },
    remedy: { zh: "請填要歸戶到哪一種載具。", en: "Say to which kind of carrier it shall be bound." },
  },
  "link-invalid": {
    what: { zh: "不是載具頁面的連結", en: "Not the link of a carrier's page" },
    wanted: { zh: "http:// 或 https:// 開頭的完整網址", en: "a whole address that begins with http:// or https://" },
    remedy: {
      zh: "請貼上通知信或簡訊裡的連結；只有會員編號時，請在設定檔寫 carriers.memberPage。",
      en: "Paste the link of the mail or SMS; for a mere member id, set carriers.memberPage in the configuration.",
    },
  },
  "carrier-link-missing": {
    what: { zh: "沒有說是哪一個載具", en: "It does not say which carrier" },
    wanted: { zh: "連結或會員編號", en: "a link or a member id" },
    remedy: { zh: "請補上通知信或簡訊裡的連結。", en: "Add the link of the mail or SMS." },
  },
  "carrier-twice": {
    what: { zh: "同一個載具出現兩次，要歸戶的對象不同", en: "One carrier stands there twice, to be bound differently" },
    wanted: { zh: "每個載具一列", en: "one row for each carrier" },
    remedy: { zh: "請確認要歸戶到哪一個，刪掉另一列。", en: "Keep the row that is right." },
  },
  "secret-in-file": {
    what: { zh: "清單裡有驗證碼或密碼的欄位", en: "The list has a column of codes or passwords" },
    wanted: { zh: "沒有驗證碼的清單", en: "a list without codes" },
    remedy: {
      zh: "請刪掉這一欄並重新存檔；驗證碼用 credentials set --holder 手機號碼 存入。",
      en: "Delete the column; store the codes with `credentials set --holder <phone>`.",
    },
  },
  "address-invalid": {
    what: { zh: "不是電子郵件地址", en: "Not an e-mail address" },
    wanted: { zh: "例如 chen@example.com 的地址，沒有就空白", en: "an address, or nothing" },
    remedy: {
      zh: "請修正這一列；沒有地址的會印成紙本通知。",
      en: "Mend the row; who has no address is told on paper.",
    },
  },
  "member-twice": {
    what: { zh: "同一個會員或載具有兩個電子郵件", en: "One member or carrier has two addresses" },
    wanted: { zh: "每個會員或載具一個電子郵件", en: "one address for each member or carrier" },
    remedy: { zh: "請確認哪一個才對，刪掉另一列。", en: "Keep the row that is right." },
  },
} satisfies Record<string, Problem>;
