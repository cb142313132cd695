import type { FailureKind } from "./kind.ts";

/** 歸戶 of member carriers. */
export const carriers = {
  "carrier-link-dead": {
    explain: {
      zh: "連結打開後不是會員載具資訊：可能過期、打錯，或網站改版了。沒有送出任何東西。",
      en: "The link does not lead to a carrier's page: it may have expired or be mistyped. Nothing was sent.",
    },
    next: {
      zh: "請向會員網站重新取得連結；網站不在允許名單時，加到設定檔的 carriers.hosts。",
      en: "Get a new link from the member site; where its host is blocked, add it to `carriers.hosts`.",
    },
    after: "person",
  },
  "carrier-bound-elsewhere": {
    explain: {
      zh: "這個載具已經歸戶，但不是（或看不出是不是）您要的手機條碼。機器人沒有改動它。",
      en: "The carrier is bound already, and not (or not visibly) to the barcode that was asked for. Nothing was changed.",
    },
    next: {
      zh: "請持有人在財政部平台確認歸戶在哪裡；要改歸戶，請持有人先自行取消。",
      en: "Have the holder look at the portal where it is bound; only the holder can unbind it.",
    },
    after: "person",
  },
  "carrier-not-verified": {
    explain: {
      zh: "平台向會員網站查證這個載具時沒有通過，沒有歸戶。",
      en: "The portal asked the member site about this carrier and was told no. Nothing was bound.",
    },
    next: {
      zh: "請重新取得連結再試；若還是不行，請會員網站檢查它對平台的回覆。",
      en: "Get a new link and try again; else the member site has to mend its answer to the portal.",
    },
    after: "person",
  },
  "carrier-code-rejected": {
    explain: {
      zh: "平台說手機或驗證碼錯誤。為免持有人的手機條碼被鎖，機器人不會再用這組驗證碼嘗試。",
      en: "The portal says that phone or code is wrong. The robot will not try this code again.",
    },
    next: {
      zh: "請持有人確認驗證碼，再到主控台的 設定 › 密碼（或執行 credentials set --holder 手機號碼）更新。",
      en: "Have the holder check the code, then run `credentials set --holder <phone>`.",
    },
    after: "person",
  },
  "carrier-refused": {
    explain: { zh: "平台沒有接受這次歸戶。", en: "The portal did not accept the binding." },
    next: { zh: "請照平台的訊息處理後再執行。", en: "Do what the portal's message says, then run it again." },
    after: "person",
  },
  "carrier-terms-unread": {
    explain: {
      zh: "平台的歸戶頁要勾選同意一段條文，這段條文還沒有人看過並同意。機器人沒有勾選，也沒有送出任何東西。",
      en: "The portal's page wants a tick that agrees to a text which nobody has read and agreed to yet. Nothing was ticked or sent.",
    },
    next: {
      zh: "請讀下面的條文；同意的話，把它的 SHA-256 加到設定檔的 carriers.agreedTerms，再執行一次。",
      en: "Read the text below; if you agree, add its SHA-256 to `carriers.agreedTerms` in the configuration and run it again.",
    },
    after: "person",
  },
  "carrier-needs-card": {
    explain: {
      zh: "歸戶到自然人憑證，要持有人在這台電腦插入憑證、輸入 PIN 碼，機器人不能代做。",
      en: "Binding to a citizen digital certificate needs its holder, the card and its PIN at this computer.",
    },
    next: {
      zh: "請持有人在場時加 --attended 再執行：機器人會開好頁面，由持有人在瀏覽器視窗裡完成。",
      en: "Run it with --attended while the holder is there: the robot prepares the page, the holder finishes it.",
    },
    after: "person",
  },
  "carriers-unfinished": {
    explain: {
      zh: "清單裡有載具沒有歸戶，原因逐一列出。",
      en: "Some carriers of the list were not bound; each has its reason.",
    },
    next: {
      zh: "請逐一處理後，用同一份清單再執行一次；已歸戶的不會重做。",
      en: "See to each and run the same list again; what is bound is not done again.",
    },
    after: "person",
  },
} as const satisfies Record<string, FailureKind>;
