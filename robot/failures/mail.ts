import type { FailureKind } from "./kind.ts";

/** Mail, in and out. */
export const mail = {
  "mailbox-unreachable": {
    explain: { zh: "連不上收信的信箱。", en: "The mailbox can't be reached." },
    next: { zh: "請確認信箱主機、連接埠與網路。", en: "Check the mail host, port and network." },
    after: "later",
  },
  "mailbox-rejected": {
    explain: { zh: "信箱不接受帳號或密碼。", en: "The mailbox refused the user name or password." },
    next: {
      zh: "請到主控台的 設定 › 密碼（或執行 credentials set --mailbox）更新信箱密碼。",
      en: "Run `credentials set` for the mailbox.",
    },
    after: "person",
  },
  "smtp-unreachable": {
    explain: { zh: "連不上寄信的伺服器，通知先留著。", en: "The mail server can't be reached; the notices are kept." },
    next: {
      zh: "請確認 mail 的主機、連接埠與網路；恢復後會自動補寄。",
      en: "Check host, port and network of `mail`; they are sent later.",
    },
    after: "later",
  },
  "smtp-rejected": {
    explain: { zh: "寄信的伺服器不接受帳號、密碼或收件人。", en: "The mail server refused the account or a receiver." },
    next: {
      zh: "請到主控台的 設定 › 密碼（或執行 credentials set --smtp）更新密碼，並確認 mail 的 from、to。",
      en: "Run `credentials set --smtp`; check `from` and `to`.",
    },
    after: "person",
  },
  "token-missing": {
    explain: { zh: "取不到郵件的存取權杖（OAuth2）。", en: "No OAuth2 access token could be had for the mail." },
    next: {
      zh: "請在終端機執行設定的 oauth2 命令，確認它印出權杖。",
      en: "Run the configured oauth2 command and see that it prints a token.",
    },
    after: "later",
  },
} as const satisfies Record<string, FailureKind>;
