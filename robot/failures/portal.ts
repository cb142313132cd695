import type { FailureKind } from "./kind.ts";

/** The portal itself: it is away, or looks different. */
export const portal = {
  "portal-down": {
    explain: { zh: "平台暫停服務或連不上。", en: "The portal is out of service or can't be reached." },
    next: { zh: "請稍後再試；平台公告恢復後再執行即可，沒有送出任何東西。", en: "Try again later; nothing was sent." },
    after: "later",
    passing: true,
  },
  "portal-slow": {
    explain: {
      zh: "平台太久沒有回應。",
      en: "The portal did not answer in time.",
    },
    next: { zh: "請稍後再試。", en: "Try again later." },
    after: "later",
    passing: true,
  },
  "session-expired": {
    explain: { zh: "登入狀態在作業途中失效。", en: "The portal ended the session in the middle of the work." },
    next: {
      zh: "請再執行一次；若常發生，請確認沒有別人同時用同一帳號登入。",
      en: "Run it again; if it happens often, see that nobody else uses the same account.",
    },
    after: "later",
    passing: true,
  },
  "page-changed": {
    explain: {
      zh: "頁面和機器人認識的不一樣，已停下來，沒有再按任何按鈕。",
      en: "The page is not as the robot knows it. It stopped there and pressed nothing more.",
    },
    next: {
      zh: "請看紀錄裡的圖片與「找什麼、看到什麼」；平台真的改了，在主控台那次執行的頁面上按「就是這個」或自己指出來，或執行 selectors pick。",
      en: "See the picture and what was looked for in the record; show the new place on the run's page in the console, or with selectors pick.",
    },
    after: "person",
  },
  "form-mismatch": {
    explain: {
      zh: "表單填好後讀回來的內容和要求的不同，已停下來，沒有送出。",
      en: "The form, read back, differs from what was asked. Nothing was sent.",
    },
    next: { zh: "請看紀錄裡兩邊的差異與圖片。", en: "See the differences and the picture in the record." },
    after: "person",
  },
  "download-broken": {
    explain: {
      zh: "下載回來的檔案不完整，或不是這家公司、這一期的字軌檔。原檔已保留。",
      en: "The downloaded file is damaged or not the one asked for. It was kept as it came.",
    },
    next: {
      zh: "請看紀錄裡列出的問題；可再執行一次重新下載。",
      en: "See the faults in the record; run it again to download anew.",
    },
    after: "later",
  },
} as const satisfies Record<string, FailureKind>;
