import type { FailureKind } from "./kind.ts";

/** Signing in, and what only its account stops. */
export const signingIn = {
  "captcha-rejected": {
    explain: {
      zh: "圖形驗證碼連續被平台退回，已停止登入，以免帳號被鎖。",
      en: "The portal rejected the captcha several times; signing in was stopped before the account gets locked.",
    },
    next: {
      zh: "請改用有人在場的方式執行（加 --attended），由您看圖輸入驗證碼；或稍後再試。",
      en: "Run it attended (--attended) and type the captcha yourself, or try later.",
    },
    after: "person",
    assist: {
      ask: "圖形驗證碼連續被平台退回，為免帳號被鎖先停下來。您在電腦前時請回答，機器人會開新的登入頁，給您一張新的圖，請在幾分鐘內輸入。",
      choices: {
        here: { means: "我在電腦前：開新的登入頁，我看圖輸入", help: "typing" },
        again: { means: "讓機器人自己再試一次", help: "having-done" },
      },
    },
  },
  "captcha-unreadable": {
    explain: {
      zh: "換了好幾張圖形驗證碼都看不清楚，沒有送出登入。",
      en: "No captcha picture could be read with enough certainty; nothing was submitted.",
    },
    next: {
      zh: "請改用有人在場的方式執行（加 --attended），由您看圖輸入驗證碼。",
      en: "Run it attended (--attended) and type the captcha yourself.",
    },
    after: "person",
    assist: {
      ask: "圖形驗證碼看不清楚。您在電腦前時請回答，機器人會開新的登入頁，給您一張新的圖，請在幾分鐘內輸入。",
      choices: {
        here: { means: "我在電腦前：開新的登入頁，我看圖輸入", help: "typing" },
        again: { means: "讓機器人自己再試一次", help: "having-done" },
      },
    },
    passing: true,
  },
  "credentials-rejected": {
    explain: {
      zh: "平台說帳號或密碼錯誤。為免帳號被鎖，機器人不會再用這組密碼嘗試，這個帳號已先停用。",
      en: "The portal says the account or password is wrong. The robot will not try again; the account is switched off.",
    },
    next: {
      zh: "請先用瀏覽器確認密碼能登入，再到主控台的 設定 › 密碼（或執行 credentials set）更新。",
      en: "Check the password in a browser, then run `credentials set`.",
    },
    after: "person",
  },
  "account-disabled": {
    explain: {
      zh: "這個帳號已停用，等人處理：平台先前拒絕了它的密碼。這次沒有嘗試登入。",
      en: "This account is switched off: the portal refused its password earlier. Nothing was tried.",
    },
    next: {
      zh: "請確認密碼後到主控台的 設定 › 密碼（或執行 credentials set）更新，帳號就會恢復使用。",
      en: "Check the password and run `credentials set`; that switches the account on again.",
    },
    after: "person",
  },
  "sign-in-unanswered": {
    explain: {
      zh: "上一次送出密碼後沒有看到平台說對或錯，而這組密碼還沒有登入成功過。密碼沒有被拒絕，帳號也沒有停用；為免再錯一次，這次先沒有登入。",
      en: "The portal's verdict on the password sent last time was not seen, and that password has never worked yet. It was not refused, and the account is not switched off; nothing was tried this time.",
    },
    next: {
      zh: "請用瀏覽器確認密碼能登入，再到主控台的 待處理（或用 answer）回覆；密碼存錯了就到 設定 › 密碼（或執行 credentials set）更新。",
      en: "Check the password in a browser and reply with `answer`, or store the right one with `credentials set`.",
    },
    after: "person",
  },
  "sign-in-not-understood": {
    explain: {
      zh: "平台沒有讓機器人登入，並說了原因，但這個說法機器人不認得。帳號沒有停用。",
      en: "The portal did not let the robot in and gave a reason that the robot does not know. The account is not switched off.",
    },
    next: {
      zh: "請看平台訊息和圖片，照它的意思處理；需要時用瀏覽器登入一次，再執行。",
      en: "Read the portal's message and the picture, do what it says, and run it again.",
    },
    after: "person",
  },
  "account-locked": {
    explain: { zh: "平台說這個帳號已被鎖定。", en: "The portal says that this account is locked." },
    next: {
      zh: "請依平台指示解除鎖定（客服 0800-521-988），再到主控台的 設定 › 密碼（或執行 credentials set）存入密碼。",
      en: "Have the account unlocked (help line 0800-521-988), then run `credentials set`.",
    },
    after: "person",
  },
  "password-change-forced": {
    explain: { zh: "平台要求先變更密碼才能使用。", en: "The portal demands a new password first." },
    next: {
      zh: "請用瀏覽器登入平台變更密碼，再到主控台的 設定 › 密碼（或執行 credentials set）更新。",
      en: "Change the password in a browser, then run `credentials set`.",
    },
    after: "person",
    assist: {
      ask: "平台要求變更密碼。請用瀏覽器登入平台變更，到主控台的 設定 › 密碼（或執行 credentials set）存入新密碼，再回答這個問題，機器人會接著做。",
      choices: { changed: { means: "已變更，也已存入新密碼", help: "having-done" } },
    },
  },
  "password-asked": {
    explain: {
      zh: "平台要求再輸入一次登入密碼才肯儲存。機器人按了取消，什麼都沒有送出。",
      en: "The portal wants the sign-in password once more before it saves. The robot pressed cancel; nothing was sent.",
    },
    next: {
      zh: "請用瀏覽器在平台上自己做這一步，再執行一次讓機器人核對。",
      en: "Do this step in a browser yourself and run it again, so that the robot checks it.",
    },
    after: "person",
  },
  "password-refused": {
    explain: {
      zh: "平台在儲存前要求再輸入一次登入密碼，並且拒絕了它。這一步沒有做成；這個帳號已停用，不會再試。",
      en: "The portal wanted the sign-in password once more and refused it. The step was not done; this account is switched off and not tried again.",
    },
    next: {
      zh: "請用瀏覽器登入平台確認密碼，再到主控台的 設定 › 密碼（或執行 credentials set）更新。",
      en: "Check the password in a browser, then run `credentials set`.",
    },
    after: "person",
  },
  "access-challenged": {
    explain: {
      zh: "平台出現「正在執行安全驗證」，需要真人完成。",
      en: "The portal shows an access challenge that a person has to pass.",
    },
    next: {
      zh: "請在這台電腦上以有人在場的方式執行（加 --attended），在瀏覽器視窗裡完成驗證。",
      en: "Run it attended (--attended) on this computer and pass the challenge in the browser window.",
    },
    after: "person",
    assist: {
      ask: "平台要確認是真人在操作。請在執行機器人的電腦前回答，再到跳出來的瀏覽器視窗完成驗證，機器人會接著做。",
      choices: {
        here: { means: "我在執行機器人的電腦前，會在瀏覽器視窗完成驗證", help: "acting" },
        again: { means: "驗證應該已經不見了，再試一次", help: "having-done" },
      },
    },
  },
  "foreign-site": {
    explain: {
      zh: "要輸入密碼的頁面不在設定的網址上，密碼沒有輸入。",
      en: "The page that asks for the password is not at the configured address. The password was not typed.",
    },
    next: {
      zh: "請看紀錄裡的圖片，是誰的頁面。如果真的是平台的另一個主機，把它加進設定的 portal.hosts（加值平台是 platform.hosts）；不是的話，不要再登入，並檢查這台電腦的網路。",
      en: "See in the record whose page it is. If it is another host of the portal, add it to `portal.hosts` (or `platform.hosts`); if not, do not sign in and check this machine's network.",
    },
    after: "person",
  },
} as const satisfies Record<string, FailureKind>;
