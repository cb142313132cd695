/** Actions as people call them. One that has no words here is shown by its name. */
const ACTIONS: Readonly<Record<string, string>> = {
  "sign-in": "以密碼登入",
  "sign-in-by-link": "以連結登入",
  "sign-out": "登出",
  "check-file": "檢查檔案",
  review: "看要做什麼",
  start: "開始執行",
  cancel: "取消執行",
  answer: "回答問題",
  export: "匯出紀錄",
  "set-company": "改公司",
  "remove-company": "移除公司",
  "import-companies": "匯入名冊",
  "set-schedule": "改排程",
  "remove-schedule": "移除排程",
  "set-portal": "改平台設定",
  "set-mailbox": "改信箱設定",
  "set-retention": "改保存規定",
  "give-back": "改回設定檔",
  "set-secret": "存入密碼",
  "test-secret": "測試密碼",
  "remove-secret": "移除密碼",
  "set-person": "改人員",
  "remove-person": "移除人員",
};

const RESULTS: Readonly<Record<string, string>> = {
  done: "完成",
  refused: "被拒絕",
  "too-many": "試太多次",
  "role-missing": "權限不足",
  "form-foreign": "表單不符",
};

export function actionWords(action: string): string {
  return ACTIONS[action] ?? action;
}

export function resultWords(result: string): string {
  return RESULTS[result] ?? result;
}
