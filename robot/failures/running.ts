import type { FailureKind } from "./kind.ts";

/** The course of a run: what a person, another process or a date decides. */
export const running = {
  "outcome-unknown": {
    explain: {
      zh: "按下送出之後沒有得到平台的回覆，不知道有沒有成功。機器人不會再按一次。",
      en: "The portal gave no answer after the submit. The robot will not press again.",
    },
    next: {
      zh: "請到平台查看是否已有這筆資料，再到主控台的 待處理（或用 answer）回覆機器人。",
      en: "Look at the portal whether the entry is there and tell the robot with `answer`.",
    },
    after: "reconcile",
  },
  "done-differently": {
    explain: {
      zh: "平台做了，但做得和要求的不一樣。機器人沒有再按，也不算完成。",
      en: "The portal did it, but otherwise than was asked. The robot pressed nothing more and does not count it as done.",
    },
    next: {
      zh: "請到平台核對兩邊的數字，決定就這樣或在平台更正，再到主控台的 待處理（或用 answer）回覆機器人。",
      en: "Compare both figures at the portal, decide whether to leave it or to mend it there, and tell the robot with `answer`.",
    },
    after: "person",
  },
  "person-needed": {
    explain: { zh: "這一步需要人來決定。", en: "A person has to decide this." },
    next: {
      zh: "請看問題內容，到主控台的 待處理（或用 answer）回覆。",
      en: "Read the question and reply with `answer`.",
    },
    after: "person",
  },
  "question-expired": {
    explain: { zh: "這個問題已經結束，不能再回答。", en: "The question is over and takes no answer any more." },
    next: {
      zh: "已經有人回答的，看那次執行接著做了什麼；沒有人回答的，請再執行一次，並在期限內回答。",
      en: "If somebody answered it, see what the run did then; if nobody did, run it again and answer in time.",
    },
    after: "person",
  },
  "lease-lost": {
    explain: {
      zh: "這個帳號的使用權被另一個機器人程序接手，這邊已停止。",
      en: "Another process took over this account; this one stopped.",
    },
    next: { zh: "不用處理，接手的程序會繼續。", en: "Nothing to do; the other process goes on." },
    after: "later",
  },
  "deadline-passed": {
    explain: { zh: "法定期限已過。", en: "The statutory deadline has passed." },
    next: { zh: "請儘快補辦並洽主管稽徵機關。", en: "Do it at once and talk to the tax office." },
    after: "person",
  },
  "live-not-confirmed": {
    explain: {
      zh: "這是第一次要對正式平台送出資料，還沒有得到您的同意。",
      en: "This would be the first submit to the real portal, and you have not agreed to it yet.",
    },
    next: {
      zh: "確認設定無誤後，加上 --live 再執行一次（每個安裝只需一次）。",
      en: "If the configuration is right, run it once more with --live (needed once per installation).",
    },
    after: "never",
    exit: 2,
  },
  "page-unknown": {
    explain: {
      zh: "這項作業要用的頁面，檢查時和機器人認得的不一樣；還沒有開始，什麼都沒有送出。",
      en: "A page that this job needs was not as the robot knows it when it was checked. The job has not begun, nothing was sent.",
    },
    next: {
      zh: "請到主控台的「平台頁面」看哪裡不一樣：用 selectors pick 指定新的位置，再執行 selectors check；認得了，等著的作業會自己接著做。要照樣執行，按「照樣執行」。",
      en: "See what is different (`status`), point at the new place with `selectors pick`, and run `selectors check`: jobs that wait go on by themselves. Or `selectors overrule <page>`.",
    },
    after: "person",
    exit: 3,
  },
  "flow-changed": {
    explain: {
      zh: "這次執行是用另一個版本的流程開始的，不能用現在的版本接著做。",
      en: "This run was started with another version of the flow and can't go on with this one.",
    },
    next: {
      zh: "請再執行同一個命令：會用現在的版本從頭做起，已經送出的先向平台查證，不會再送一次。",
      en: "Run the same command again: it starts anew with this version, looks up first what was sent already, and sends nothing twice.",
    },
    after: "person",
  },
  cancelled: {
    explain: { zh: "這次執行已被取消。", en: "The run was cancelled." },
    next: { zh: "需要時可重新執行。", en: "Start it again when needed." },
    after: "never",
  },
} as const satisfies Record<string, FailureKind>;
