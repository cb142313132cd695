import type { FailureKind } from "./kind.ts";

/** 中獎清冊. */
export const winners = {
  "winning-list-early": {
    explain: {
      zh: "這一期的中獎清冊還沒有出來：要等期別結束後單月的 28 日。",
      en: "The list of winners of this period is not out yet: it comes on the 28th of the odd month after it.",
    },
    next: { zh: "請在那一天之後再執行。", en: "Run it from that day on." },
    after: "later",
  },
  "winning-list-missing": {
    explain: {
      zh: "這一期的中獎清冊還沒有轉成表格存在這台電腦，不知道要通知誰。",
      en: "The list of winners of this period has not been fetched and opened here; it is not known whom to tell.",
    },
    next: {
      zh: "請先執行 run fetch-winning-list；清冊在別處時用 --file 指定。",
      en: "Run `run fetch-winning-list` first, or name a list with --file.",
    },
    after: "later",
  },
  "winning-list-broken": {
    explain: {
      zh: "中獎清冊不完整、有看不懂的行，或不是這家公司、這一期的。原檔已保留。",
      en: "A list of winners is incomplete, has lines that can't be read, or is of another company or period. It was kept as it came.",
    },
    next: {
      zh: "請再執行一次重新下載；還是一樣時，請看紀錄裡轉出的檔案（每一行都在），並洽平台客服 0800-521-988。",
      en: "Run it again; if it stays so, see the files in the record (no line is left out) and call the help line 0800-521-988.",
    },
    after: "later",
  },
  "decrypt-failed": {
    explain: { zh: "解密程式沒有打開中獎清冊。", en: "The decryption tool did not open the list of winners." },
    next: {
      zh: "請確認設定檔 winningList.decrypt 的程式與參數；也可以自己解密，再把文字檔交給 files winners。原檔沒有動。",
      en: "Check winningList.decrypt of the configuration, or decrypt it yourself and give the text file to files winners. The original is untouched.",
    },
    after: "person",
  },
} as const satisfies Record<string, FailureKind>;
