import type { FailureKind } from "./kind.ts";

/** 空白號碼: their files and their upload. */
export const blanks = {
  "file-invalid": {
    explain: { zh: "檔案內容有問題，沒有送出。", en: "The file is not right. Nothing was sent." },
    next: { zh: "請依列出的行與欄修正後再執行。", en: "Mend the listed lines and run it again." },
    after: "never",
  },
  "upload-refused": {
    explain: { zh: "平台處理後回覆失敗。", en: "The portal processed the upload and refused it." },
    next: { zh: "請看失敗明細，修正後再上傳。", en: "See the failure details, mend and upload again." },
    after: "person",
  },
  "deletion-refused": {
    explain: {
      zh: "平台沒有接受這次刪除，空白號碼沒有變。",
      en: "The portal did not accept the deletion; nothing was deleted.",
    },
    next: { zh: "請照平台的說明處理後再執行。", en: "Do what the portal's message says, then run it again." },
    after: "person",
  },
  "upload-not-accepted": {
    explain: { zh: "平台沒有收下這個檔案，沒有上傳。", en: "The portal did not take the file; nothing was uploaded." },
    next: { zh: "請照平台的說明修正後再執行。", en: "Mend what the portal's message says, then run it again." },
    after: "person",
  },
  "upload-partly-done": {
    explain: {
      zh: "平台只處理了一部分：有的號碼已經列入，有的沒有。",
      en: "The portal did a part of the upload: it lists some of the numbers and not the others.",
    },
    next: {
      zh: "請依失敗明細修正，再用 correct-blank-numbers（更正空白號碼）只補上傳沒有列入的號碼；不要整份重傳。",
      en: "Mend what the failure details name and let correct-blank-numbers upload only what is missing; never send the whole file again.",
    },
    after: "person",
  },
  "upload-under-way": {
    explain: {
      zh: "上傳列表上還有別的檔案在等平台匯入，可能就是同一份。為免重複，沒有上傳。",
      en: "Another upload waits for the portal's import and may be the same file. Nothing was uploaded.",
    },
    next: {
      zh: "請等平台匯入（每小時一次）之後再執行一次。",
      en: "Run it again after the portal's import (once an hour).",
    },
    after: "later",
  },
  "blanks-differ": {
    explain: {
      zh: "平台列出的空白號碼和檔案不同。",
      en: "The blank numbers that the portal lists differ from the file.",
    },
    next: {
      zh: "請到平台的查詢頁核對；要更正請用 correct-blank-numbers。",
      en: "Compare them at the portal; correct-blank-numbers mends what is wrong.",
    },
    after: "person",
  },
  "blanks-missing": {
    explain: {
      zh: "平台上還沒有這一期的空白號碼。",
      en: "The portal lists no blank numbers for this period yet.",
    },
    next: {
      zh: "請在 10 日前上傳；由加值中心上傳的，請向加值中心確認。",
      en: "Upload them by the 10th; where a value-added centre does it, ask the centre.",
    },
    after: "later",
  },
  "reported-by-other": {
    explain: {
      zh: "設定上這家公司的空白號碼由別人上傳。為免重複，機器人不上傳。",
      en: "Somebody else reports this company's blank numbers; the robot uploads nothing, so that they are not doubled.",
    },
    next: {
      zh: "請用 verify-blank-numbers 核對平台上有沒有；若改由機器人上傳，請拿掉設定裡的 blanksReportedBy。",
      en: "Check with verify-blank-numbers; to let the robot upload, take blanksReportedBy out of the configuration.",
    },
    after: "never",
  },
  "upload-late": {
    explain: { zh: "已上傳，但平台在期限內還沒處理完。", en: "Uploaded, but the portal has not finished in time." },
    next: { zh: "請稍後再查上傳列表；不要重複上傳。", en: "Look at the upload list later; do not upload again." },
    after: "later",
  },
} as const satisfies Record<string, FailureKind>;
