import type { FailureKind } from "./kind.ts";

/** The value-added platform. */
export const platform = {
  "platform-refused": {
    explain: { zh: "加值平台拒絕了這個作業。", en: "The value-added platform refused the job." },
    next: { zh: "請看平台的訊息，修正後再執行。", en: "See the platform's message, mend it and run again." },
    after: "person",
  },
  "platform-job-failed": {
    explain: {
      zh: "加值平台的批次作業沒有成功，所以沒有檔案可以下載。",
      en: "The batch job of the value-added platform did not succeed, so there is no file.",
    },
    next: {
      zh: "可以再執行一次，會重新產生；一再失敗請洽加值平台。",
      en: "Run it again, which starts another job; ask the platform's help line if that fails too.",
    },
    after: "later",
  },
  "platform-late": {
    explain: {
      zh: "加值平台的批次作業在期限內沒有完成。",
      en: "The batch job of the value-added platform did not end in the time allowed.",
    },
    next: {
      zh: "請稍後再執行一次；等待的時間在設定檔的 platform.fileGenerationWait。",
      en: "Run it again later; how long is waited is platform.fileGenerationWait of the configuration.",
    },
    after: "later",
  },
  "mailed-elsewhere": {
    explain: {
      zh: "這張中獎發票已經請加值平台寄給別的收件人，沒有再寄。",
      en: "This winning invoice was sent to somebody else by the platform already. It was not sent again.",
    },
    next: {
      zh: "請到加值平台的發票寄送歷程查看寄給了誰；要再寄一份請自己在平台上做。",
      en: "See the platform's list of deliveries; a second letter is yours to order there.",
    },
    after: "person",
  },
  "mailings-unfinished": {
    explain: {
      zh: "名單裡有中獎發票沒有寄成；其餘的已請加值平台寄出。",
      en: "Some winning invoices of the list were not sent; the others were.",
    },
    next: {
      zh: "請逐一看原因，處理後再用同一份名單執行：已寄的不會再寄。",
      en: "See the reasons, mend them and run the same list again: what was sent is not sent twice.",
    },
    after: "person",
  },
} as const satisfies Record<string, FailureKind>;
