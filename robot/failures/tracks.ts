import type { FailureKind } from "./kind.ts";

/** 取號: taking tracks, the notice list, and the wait for what was allocated. */
export const tracks = {
  "quota-exceeded": {
    explain: {
      zh: "要取用的本數超過平台的可取用本數，沒有送出。",
      en: "More books were asked than the portal allows.",
    },
    next: {
      zh: "請減少本數再執行；需要更多本數時，請向國稅局申請調整。",
      en: "Ask for fewer books, or apply to the tax office for more.",
    },
    after: "never",
  },
  "books-differ": {
    explain: {
      zh: "平台上這一期已經取號，但本數和您要的不同。機器人沒有再取，以免多取。",
      en: "The period has been taken already, with another number of books. Nothing more was taken.",
    },
    next: {
      zh: "若本數不夠，請到平台以「增加本數」處理，再執行 download-tracks 下載。",
      en: "If more books are needed, add them at the portal by hand, then run download-tracks.",
    },
    after: "person",
  },
  "take-refused": {
    explain: { zh: "平台沒有接受這次取號。", en: "The portal did not accept the request for tracks." },
    next: { zh: "請照平台的說明處理後再執行。", en: "Do what the portal's message says, then run it again." },
    after: "person",
  },
  "mailbox-list-missing": {
    explain: {
      zh: "平台上還沒有設定接收配號結果的電子郵件，這樣不能取號。",
      en: "The portal has no address for allocation notices yet; numbers can't be taken.",
    },
    next: {
      zh: "請在設定檔的 noticeAddress 填入收件信箱，再執行一次。",
      en: "Put the address into `noticeAddress` of the configuration and run it again.",
    },
    after: "never",
  },
  "notice-list-refused": {
    explain: {
      zh: "平台不接受這次對取號電子郵件信箱名單的新增或刪除，名單沒有變。",
      en: "The portal refused the change of its list of notice addresses; the list is as it was.",
    },
    next: {
      zh: "請照平台的訊息修正設定檔的 noticeAddress 或 noticeList，再執行一次。",
      en: "Mend `noticeAddress` or `noticeList` of the configuration as the portal's message says and run it again.",
    },
    after: "person",
  },
  "not-in-window": {
    explain: {
      zh: "平台現在不開放這一期（取號只能取本期與下期，空白號碼要等這一期結束，中獎清冊只列近期的）。",
      en: "The portal does not offer this period now (numbers: the current and the next one; blank numbers: after its end; winners: recent ones).",
    },
    next: { zh: "請確認期別；太早的話，等平台開放後再執行。", en: "Check the period, or wait until it opens." },
    after: "never",
  },
  "allocation-late": {
    explain: {
      zh: "取號已送出，但平台在期限內還沒有配好號碼。",
      en: "The request was sent, but the portal has not finished the allocation in the time allowed.",
    },
    next: {
      zh: "請稍後執行 download-tracks 下載；不要再取號一次。",
      en: "Run download-tracks later; do not take again.",
    },
    after: "later",
  },
  "mail-missing": {
    explain: {
      zh: "等不到平台的配號通知信（信箱裡較早的信不算）。",
      en: "The notice of allocation did not arrive (older mails do not count).",
    },
    next: {
      zh: "請確認信箱沒有滿、通知信箱的地址正確，再執行 download-tracks 查看平台上的結果。",
      en: "See that the mailbox is not full and the address is right, then run download-tracks.",
    },
    after: "later",
  },
  "nothing-allocated": {
    explain: {
      zh: "平台上這些期別還沒有配好可下載的字軌。",
      en: "Nothing is allocated for download in these periods yet.",
    },
    next: {
      zh: "還沒取號的請先取號；檢核中的請稍後再下載。",
      en: "Take numbers first, or come back when the portal has checked them.",
    },
    after: "later",
  },
  "not-downloaded": {
    explain: {
      zh: "這一期的字軌檔還沒有下載到這台電腦。",
      en: "The track file of this period has not been downloaded to this computer.",
    },
    next: {
      zh: "請先執行 run download-tracks 下載（還沒取號的先 run take-tracks），再執行一次；檔案在別處時用 --tracks 指定。",
      en: "Do `run download-tracks` first (before that `run take-tracks`); or name a file with --tracks.",
    },
    after: "later",
  },
} as const satisfies Record<string, FailureKind>;
