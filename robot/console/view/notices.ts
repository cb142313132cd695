/** What was just done, said on the page that comes after. The address holds the key, so nobody can put words into the page. */
const NOTICES: Readonly<Record<string, string>> = {
  started: "已排入，開始執行。",
  joined: "同樣的工作正在進行，已接到那一次執行，沒有另外開始。",
  cancelling: "已要求取消；進行中的步驟做完就會停。",
  answered: "已記下回答，執行會接著做。",
  overruled: "已記下：要用這一頁的作業照樣執行，直到下次檢查認得它。",
  picked: "已記下新的位置，正在重新開啟那一頁核對。",
  unpicked: "已收回，以前的找法再有效。",
  saved: "設定已存檔，立即生效。",
  moved: "設定已存檔。新網址還沒有密碼，請到「密碼」存入；進行中的執行會停下來。",
  secret: "密碼已存入。",
  "secret-removed": "密碼已移除。",
  "secret-read": "讀得到，密碼存放正常。",
  "session-ended": "已結束那個登入。",
  person: "人員已更新；這個人原有的登入都已結束。",
  "person-removed": "人員已移除；這個人的登入都已結束。",
};

export function noticeText(key: string | undefined): string | null {
  return key !== undefined && Object.hasOwn(NOTICES, key) ? (NOTICES[key] ?? null) : null;
}
