import { type ProblemCode, type Words, fault } from "../problems/problems.ts";

/** Why the portal refused a row of blank numbers, and what to do about it. */
export type Refusal = {
  /** The ministry's code (`E0615`), where one is meant; else the domain's own. */
  readonly code: string;
  readonly meaning: Words;
  readonly remedy: Words;
  /** Part of the upload was taken: neither "all failed" nor "done". The list says which numbers. */
  readonly isPartial: boolean;
};

type Coded = { readonly meaning: Words; readonly remedy: Words };

/** The ministry's own codes for blank numbers and their messages. */
const CODES: Readonly<Record<string, Coded>> = {
  E0102: {
    meaning: { zh: "沒有申請這個字軌", en: "the track was not applied for" },
    remedy: {
      zh: "請核對字軌；這一期沒有取過這個字軌的號碼，就把這一列拿掉。",
      en: "Compare the track; if no numbers of it were taken, delete the row.",
    },
  },
  E0107: {
    meaning: { zh: "字軌不是這一年的", en: "the track is not of that year" },
    remedy: {
      zh: "請核對年月和字軌：字軌每期不同，要用那一期字軌檔上的字軌。",
      en: "Compare period and track with the track file of that period.",
    },
  },
  E0139: {
    meaning: { zh: "沒有傳送的權限", en: "no authority to send" },
    remedy: {
      zh: "請由管理者替這個帳號開啟上傳空白號碼的權限，或確認沒有改由加值中心上傳。",
      en: "Have the administrator grant the account this function, or see whether a value-added centre does it.",
    },
  },
  E0201: {
    meaning: { zh: "訊息重複傳送", en: "the message was sent before" },
    remedy: {
      zh: "請不要再傳；先在平台的查詢畫面看這些號碼是不是已經列出。",
      en: "Do not send it again; see first whether the portal's list has these numbers already.",
    },
  },
  E0208: {
    meaning: { zh: "不是目前可以上傳的期別", en: "not the current period" },
    remedy: {
      zh: "請核對所屬年月；已過期限的請洽主管稽徵機關。",
      en: "Compare the period; after its time talk to the tax office.",
    },
  },
  E0601: {
    meaning: { zh: "和總機構配到的號碼不同", en: "differs from what the head office was allocated" },
    remedy: {
      zh: "請重新下載字軌檔，把這一列的字軌與起迄號改成配到的號碼之內。",
      en: "Download the track file again and keep the row within the allocated numbers.",
    },
  },
  E0602: {
    meaning: { zh: "表頭重複", en: "the header is repeated" },
    remedy: {
      zh: "同一統編、期別、類別、字軌只能有一份；請合併成一份再上傳。",
      en: "Join what is of one business, period, category and track.",
    },
  },
  E0603: {
    meaning: { zh: "明細超出表頭的號碼範圍", en: "a detail outside the header's range" },
    remedy: {
      zh: "請把這一段改到表頭的起迄號之內，或改正表頭。",
      en: "Move the run into the header's range, or mend the header.",
    },
  },
  E0604: {
    meaning: { zh: "明細重複", en: "the detail is repeated" },
    remedy: { zh: "同一段號碼寫了兩次，請刪除其中一列。", en: "The same run is there twice: delete one row." },
  },
  E0605: {
    meaning: { zh: "營業人不在國稅局的主檔裡", en: "the business is not in the tax office's control file" },
    remedy: {
      zh: "請洽主管稽徵機關確認營業登記與統一編號。",
      en: "Ask the tax office about the registration and the business number.",
    },
  },
  E0606: {
    meaning: { zh: "不是這家總機構的分支機構", en: "not a branch of this head office" },
    remedy: {
      zh: "請核對分支機構的統一編號；登記有誤時請洽主管稽徵機關。",
      en: "Compare the branch's number; ask the tax office if the registration is wrong.",
    },
  },
  E0607: {
    meaning: { zh: "發票類別錯誤", en: "the wrong invoice type" },
    remedy: {
      zh: "請把發票類別改成配號時的類別：07 或 08。",
      en: "Write the category in which the numbers were allocated: 07 or 08.",
    },
  },
  E0608: {
    meaning: { zh: "本數錯誤", en: "the wrong number of books" },
    remedy: {
      zh: "一本 50 號；請讓本數和起迄號相符。",
      en: "A book has 50 numbers: make the books agree with the run.",
    },
  },
  E0609: {
    meaning: { zh: "上傳的區間彼此重複", en: "ranges of the upload repeat one another" },
    remedy: {
      zh: "檔案裡有兩列號碼重疊，請刪除重複的一列或改成不重疊。",
      en: "Two rows of the file overlap: delete one or change them.",
    },
  },
  E0610: {
    meaning: { zh: "分支機構的字軌無法寫入", en: "the branch's track could not be written" },
    remedy: {
      zh: "這是平台的問題，請稍後再上傳這一列；仍然不行請打 0800-521-988。",
      en: "The portal's own trouble: upload the row again later, or ask 0800-521-988.",
    },
  },
  E0611: {
    meaning: { zh: "傳送的不是總機構也不是分支機構", en: "the sender is neither head office nor branch" },
    remedy: {
      zh: "請用總機構或該分支機構自己的帳號上傳。",
      en: "Upload it with the account of the head office or of the branch.",
    },
  },
  E0612: {
    meaning: { zh: "和平台上已有的區間重疊", en: "overlaps a range that is there already" },
    remedy: {
      zh: "平台上已經有這些號碼：不要重複上傳；要更正請先在查詢畫面刪除原有的那一列。",
      en: "The portal has these numbers: do not upload them again; to correct them delete the row of the list first.",
    },
  },
  E0613: {
    meaning: { zh: "這段號碼沒有配給過", en: "the range was never allocated" },
    remedy: {
      zh: "請核對字軌檔，把沒有配到的號碼拿掉。",
      en: "Compare the track file and delete what was not allocated.",
    },
  },
  E0614: {
    meaning: { zh: "只有總機構可以傳送", en: "only the head office may send" },
    remedy: { zh: "請改用總機構的帳號上傳。", en: "Upload it with the head office's account." },
  },
  E0615: {
    meaning: { zh: "只處理了一部分", en: "partly done" },
    remedy: {
      zh: "一部分已列入：請在查詢畫面逐號核對，只補上傳沒有列入的號碼，不要整份重傳。",
      en: "A part was taken: compare the list number by number and upload only what is missing, never the whole file again.",
    },
  },
  E0616: {
    meaning: { zh: "全部處理失敗", en: "all failed" },
    remedy: {
      zh: "請先看其他各列的原因，修正後整份重新上傳。",
      en: "See the reasons of the rows, mend them and upload the file again.",
    },
  },
};

/** Reasons in words, as the portal, value-added centres and accounting packages write them; the first that fits is meant. */
const WORDED: readonly { readonly pattern: RegExp; readonly code: ProblemCode; readonly remedy?: Words }[] = [
  {
    pattern:
      /[迄訖止]號?.*(大於|小於|早於|晚於|≧|>=|＞|>|<)|[起始]號?.*(大於|小於|早於|晚於|≦|<=|＜|>|<).*[迄訖止]|(結束|終止|截止)(號|發).*(大於|小於)|(開始|起始)(號|發).*(大於|小於)|起[迄訖止].*(顛倒|相反|順序|錯置)/u,
    code: "run-reversed",
  },
  {
    pattern:
      /相同區間|(區間|號碼|明細|資料|空白發票|發票|檔案|列|筆).{0,6}(重複|重覆)|(重複|重覆).{0,4}(區間|號碼|明細|資料|輸入|列|筆)|輸入.*相同/,
    code: "runs-overlap",
    remedy: {
      zh: "同一段號碼出現兩次：檔案裡有兩列就刪除一列；平台的查詢畫面已經列出的，不要再上傳。",
      en: "The same run is there twice: delete one of two rows in the file; what the portal lists already is not uploaded again.",
    },
  },
  { pattern: /已存在|已經存在|已有|已上傳|已申報|曾經?上傳/, code: "already-listed" },
  { pattern: /重疊|重叠|交集|重複|重覆/, code: "runs-overlap" },
  {
    pattern:
      /未配號|未取號|未申請|未配給|不屬於|(查無|無此).*(字軌|號碼|配號)|(字軌|號碼|配號).*(查無|不存在|無此)|非.{0,6}配|不在.*(配號|字軌|範圍|區間)|超出.*(配號|範圍|區間)/,
    code: "not-allocated",
  },
  { pattern: /非(本|當|該)期|期別不符|不是(本|當|這)一?期|逾期|已過(期|申報)|跨期/, code: "period-other" },
  { pattern: /期別|年月|所屬年|期數/, code: "period-odd-month" },
  { pattern: /序號/, code: "sequence-wrong" },
  { pattern: /欄位?數|欄數|格式不符.*欄/, code: "columns-wrong" },
  { pattern: /編碼|亂碼/, code: "encoding-other" },
  { pattern: /類別|稅別/, code: "category-invalid" },
  { pattern: /統編|統一編號|營業人編號/, code: "ubn-invalid" },
  { pattern: /本數/, code: "run-not-books" },
  { pattern: /字軌.{0,4}(不得?超過|長度|必須?為|應為|格式|錯誤|不符)/, code: "track-invalid" },
  { pattern: /[起迄訖]號|號碼/, code: "number-invalid" },
  { pattern: /字軌/, code: "track-invalid" },
];

/** 部分成功 and its like: of a code or in words. */
const PARTLY =
  /部[分份](已?(完成|成功|失敗|處理|匯入|上傳|錯誤|資料))|(完成|成功|失敗|處理).{0,2}部[分份]|partial(ly)?/i;

/** Why rows were refused, of the words and codes of one line of the failure details; null where nothing of it is known. */
export function refusalOf(text: string): Refusal | null {
  const plain = text.normalize("NFKC");
  const codes = Array.from(plain.matchAll(/(?<![A-Z0-9])E\d{4}(?!\d)/gi), ([code]) => code.toUpperCase());
  const code = codes.find((one) => Object.hasOwn(CODES, one));
  const coded = code === undefined ? undefined : CODES[code];
  if (code !== undefined && coded !== undefined) return { code, ...coded, isPartial: code === "E0615" };
  const partial = CODES["E0615"];
  if (PARTLY.test(plain) && partial !== undefined) return { code: "E0615", ...partial, isPartial: true };
  const worded = WORDED.find(({ pattern }) => pattern.test(plain));
  if (worded === undefined) return null;
  const known = fault(worded.code, {});
  const meaning = { zh: known.message.split("。")[0] ?? "", en: known.english.message.split(". ")[0] ?? "" };
  return {
    code: worded.code,
    meaning,
    remedy: worded.remedy ?? { zh: known.remedy, en: known.english.remedy },
    isPartial: false,
  };
}

/** Whether a status of 上傳列表 or a reason says that only a part was done. */
export function saysPartly(text: string): boolean {
  return refusalOf(text)?.isPartial ?? false;
}
