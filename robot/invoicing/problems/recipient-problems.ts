import type { Problem } from "./problems.ts";

/** What can be wrong with a list of who gets a winning invoice by mail; part of the closed list, see `problems.ts`. */
export const RECIPIENT_PROBLEMS = {
  "recipient-empty": {
    what: { zh: "收件資料沒有填", en: "A part of the address is empty" },
    wanted: { zh: "每一欄都要填", en: "something in every column" },
    remedy: { zh: "請補上；寄不到的發票會被退回。", en: "Fill it in; what can't be delivered comes back." },
  },
  "zip-invalid": {
    what: { zh: "不是郵遞區號", en: "Not a postal code" },
    wanted: { zh: "3、5 或 6 位數字", en: "3, 5 or 6 digits" },
    remedy: { zh: "請查中華郵政的郵遞區號。", en: "Look it up at the post office." },
  },
  "recipient-twice": {
    what: { zh: "同一張發票出現兩次", en: "The same invoice stands there twice" },
    wanted: { zh: "每張發票一列", en: "one row for each invoice" },
    remedy: { zh: "請確認寄給誰，刪掉另一列。", en: "Keep the row that is right." },
  },
} satisfies Record<string, Problem>;
