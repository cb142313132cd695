import { TRUST_REMEDY } from "../setup/certificates.mjs";
import type { FailureKind } from "./kind.ts";

/** This machine and how the robot is used on it: its store, its keychain, its records, its settings. */
export const machine = {
  "store-unavailable": {
    explain: { zh: "執行紀錄的資料庫無法讀寫。", en: "The run database can't be read or written." },
    next: {
      zh: "請確認資料庫檔案或伺服器；恢復後會從中斷處繼續。",
      en: "Check the database; the run goes on when it is back.",
    },
    after: "later",
  },
  "disk-full": {
    explain: {
      zh: "磁碟已滿或不能寫入，無法留下紀錄，所以不再送出任何東西。",
      en: "The disk is full or read-only; without a record nothing more is sent.",
    },
    next: { zh: "請清出空間後再執行。", en: "Make room and run it again." },
    after: "later",
  },
  "secret-missing": {
    explain: { zh: "這個網址的這個帳號還沒有存密碼。", en: "No password is stored for this account at this address." },
    next: {
      zh: "密碼只給存入時的那個網址用。請先確認設定裡的網址沒有錯，再到主控台的 設定 › 密碼 存入，或執行 credentials set（公司加 --company，加值平台再加 --platform，手機條碼用 --holder，信箱用 --mailbox 或 --smtp，資料庫用 --store）。",
      en: "A password belongs to the address for which it was stored. Check the address in the settings, then store it in the console (設定 › 密碼) or with `credentials set` (--company, and --platform for the value-added platform; --holder, --mailbox, --smtp or --store).",
    },
    after: "person",
    exit: 3,
  },
  "keychain-locked": {
    explain: {
      zh: "鑰匙圈鎖著或沒有回應，或密碼庫打不開。",
      en: "The keychain is locked or does not answer, or the vault can't be opened.",
    },
    next: {
      zh: "請解鎖鑰匙圈，或確認密碼庫與金鑰檔的位置。",
      en: "Unlock it, or check the vault and its identity file.",
    },
    after: "person",
    exit: 3,
  },
  "keychain-denied": {
    explain: {
      zh: "鑰匙圈或金鑰檔不允許這個帳號讀取，或這台電腦沒有鑰匙圈。",
      en: "The keychain or the vault's key denies access to this account, or there is no keychain.",
    },
    next: {
      zh: '請在鑰匙圈允許機器人存取，或修正檔案權限；沒有桌面的伺服器請改用密碼庫檔（provider: "vault"）。',
      en: 'Allow the access, or mend the file\'s permissions; servers without a desktop use the vault (provider: "vault").',
    },
    after: "person",
    exit: 3,
  },
  "record-damaged": {
    explain: {
      zh: "這次執行先前留下的紀錄和原來不一樣，不能接著寫，所以停下來。",
      en: "What was recorded of this run earlier is not as it was written; nothing is added to it.",
    },
    next: {
      zh: "請執行 verify 看是哪裡被改過，保留整個資料夾；確認平台上的狀態後再重新執行。",
      en: "Run `verify` to see what was changed and keep the folder; check the portal before starting anew.",
    },
    after: "person",
  },
  "record-altered": {
    explain: {
      zh: "紀錄和當時寫下的不同，被更動過。",
      en: "The record is not as it was written; somebody changed it.",
    },
    next: {
      zh: "請保留整個資料夾，不要修改，並和另外保存或寄出的鏈尾、備份比對。",
      en: "Keep the folder as it is and compare it with the heads and copies that were kept elsewhere.",
    },
    after: "person",
  },
  "record-quarantined": {
    explain: {
      zh: "這次執行的紀錄裡發現了密碼或權杖，已隔離，不能匯出或寄出。",
      en: "A password or token was found in the record of this run. It is quarantined and must not leave this machine.",
    },
    next: {
      zh: "請看資料夾裡的 QUARANTINE.json，先更換列出的密碼，再決定怎麼處理這份紀錄。",
      en: "See QUARANTINE.json in the folder, change the secrets named there, then decide about the record.",
    },
    after: "person",
    exit: 3,
  },
  "config-invalid": {
    explain: { zh: "設定檔有問題。", en: "The configuration is not right." },
    next: { zh: "請依訊息修正 robot.config.ts。", en: "Mend robot.config.ts as the message says." },
    after: "never",
    exit: 2,
  },
  "wrong-use": {
    explain: {
      zh: "命令或輸入的內容不對，沒有做任何事。",
      en: "The command or its input is not right. Nothing was done.",
    },
    next: { zh: "請依訊息修正；用法請看 --help。", en: "Mend it as the message says; see --help." },
    after: "never",
    exit: 2,
  },
  "browser-missing": {
    explain: { zh: "這台電腦沒有可用的瀏覽器或顯示環境。", en: "No usable browser or display on this computer." },
    next: {
      zh: "請安裝 Google Chrome 或 Microsoft Edge（或執行 npx playwright install --with-deps chromium）；裝在別處的，在設定的 browser.executable 寫明。",
      en: "Install Google Chrome or Microsoft Edge (or run `npx playwright install --with-deps chromium`); name one that is elsewhere in browser.executable.",
    },
    after: "never",
  },
  "browser-forbidden": {
    explain: {
      zh: "這台電腦的管理政策不讓程式操作這個瀏覽器。",
      en: "A policy of this computer does not let a program drive this browser.",
    },
    next: {
      zh: "請電腦的管理者在 Chrome 或 Edge 的政策允許 RemoteDebuggingAllowed；或改用不受這個政策管理的瀏覽器：npx playwright install chromium，再在設定的 browser.executable 寫明。",
      en: "Ask the administrator to allow RemoteDebuggingAllowed in the policies of Chrome or Edge, or use a browser that the policy does not manage: `npx playwright install chromium`, named in browser.executable.",
    },
    after: "person",
  },
  "browser-libraries": {
    explain: {
      zh: "瀏覽器缺少系統的程式庫，開不起來。",
      en: "The browser does not start: libraries of the system are missing.",
    },
    next: {
      zh: "請安裝訊息裡列出的系統套件（npx playwright install-deps chromium 會全部裝好），再試一次。",
      en: "Install the packages that the message names (`npx playwright install-deps chromium` installs all of them) and try again.",
    },
    after: "person",
  },
  "browser-broken": {
    explain: { zh: "瀏覽器在，但是開不起來。", en: "The browser is there and does not start." },
    next: {
      zh: "請看瀏覽器自己最後說的話；重新安裝瀏覽器，或在設定的 browser.executable 換一個。",
      en: "See the browser's own last words; install it again, or name another one in browser.executable.",
    },
    after: "person",
  },
  "certificate-untrusted": {
    explain: {
      zh: "加密連線的憑證不被信任，沒有連線。",
      en: "The certificate of an encrypted connection is not trusted; no connection was made.",
    },
    next: TRUST_REMEDY,
    after: "person",
  },
  "browser-distrusts": {
    explain: {
      zh: "瀏覽器不信任平台的憑證，沒有連線，什麼都沒有送出。",
      en: "The browser does not trust the site's certificate; no connection was made, nothing was sent.",
    },
    next: {
      zh: "多半是公司的防火牆或防毒軟體在檢查加密連線。請把公司的根憑證加進瀏覽器信任的憑證：Windows、macOS 加到系統的受信任根憑證；Linux 安裝 libnss3-tools 後執行 certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n office -i 根憑證.pem。不要關掉憑證檢查。",
      en: "Most likely a firewall or virus scanner opens encrypted connections. Make the browser trust the office's root certificate: on Windows and macOS in the system's store; on Linux with certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n office -i root.pem (package libnss3-tools). Do not turn the check of certificates off.",
    },
    after: "person",
  },
  "certificate-wrong": {
    explain: {
      zh: "加密連線的憑證不對，沒有連線。",
      en: "The certificate of an encrypted connection is not right; no connection was made.",
    },
    next: {
      zh: "請校正這台電腦的時鐘，並核對設定的位址；都對的話請通知對方更新憑證。不要關掉憑證檢查。",
      en: "Set this computer's clock right and compare the address that is set; else the other side has to renew its certificate. Do not turn the check off.",
    },
    after: "person",
  },
  "program-error": {
    explain: { zh: "機器人程式本身出錯，已停下來。", en: "The robot itself has a fault and stopped." },
    next: { zh: "請保留紀錄並回報；確認平台上的狀態後再執行。", en: "Keep the record and report it." },
    after: "person",
  },
} as const satisfies Record<string, FailureKind>;
