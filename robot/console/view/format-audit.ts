import type { Json } from "../../lib/json.ts";
import { describeFacts } from "../../recording/export/format.ts";
import { ROLE_NAMES, roleOf } from "../access/roles.ts";

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
  "overrule-page": "不認得的頁面照樣執行",
  export: "匯出紀錄",
  "set-company": "改公司",
  "remove-company": "移除公司",
  "preview-companies": "看名冊會改什麼",
  "import-companies": "匯入名冊",
  "undo-settings": "復原上一次存檔",
  "set-schedule": "改排程",
  "remove-schedule": "移除排程",
  "set-portal": "改平台設定",
  "set-mailbox": "改信箱設定",
  "set-retention": "改保存規定",
  "give-back": "改回設定檔",
  "set-secret": "存入密碼",
  "test-secret": "測試密碼",
  "remove-secret": "移除密碼",
  "end-session": "結束登入",
  "set-person": "改人員",
  "remove-person": "移除人員",
};

const RESULTS: Readonly<Record<string, string>> = {
  done: "完成",
  "settings-outdated": "沒有存：別人先改了",
  "own-word-asked": "請本人確認",
  "own-word-refused": "不是本人，沒有存",
  refused: "被拒絕",
  "too-many": "試太多次",
  "role-missing": "權限不足",
  "form-foreign": "表單不符",
};

/** What changes the settings that several people may have open at the same moment. */
export const SETTINGS_ACTIONS: ReadonlySet<string> = new Set([
  "set-company",
  "remove-company",
  "import-companies",
  "undo-settings",
  "set-schedule",
  "remove-schedule",
  "set-portal",
  "set-mailbox",
  "set-retention",
  "give-back",
]);

/** What an action was about, as people call it; what input of flows is called is known already. */
const ABOUT: Readonly<Record<string, string>> = {
  flow: "作業",
  ubn: "統編",
  run: "執行",
  joined: "接到進行中的",
  question: "問題",
  answer: "回答",
  wanted: "要做的",
  whose: "誰的",
  name: "名稱",
  role: "權限",
  rows: "列數",
  added: "加入",
  updated: "更新",
  cleared: "清空",
  faults: "不對的地方",
  before: "原統編",
  key: "設定",
  format: "格式",
  companies: "公司",
  leftOut: "另外沒有寫下的",
  moved: "密碼送去的網址",
  stopped: "停下的執行",
  file: "檔案",
  user: "帳號",
  identity: "登入身分",
  noticeAddress: "通知信箱",
  day: "日",
  address: "網址",
  allocationDay: "自動配號日",
  maxVisits: "同時的瀏覽器",
  host: "主機",
  port: "連接埠",
  folder: "資料夾",
  secure: "加密",
  picturesAfter: "圖片留多久",
  tracesAfter: "軌跡留多久",
  maxBytes: "最多位元組",
};

/** What an action was done to: labels and values, without what stands for nothing. */
export function aboutFacts(about: Json, titles: ReadonlyMap<string, string>): [string, string][] {
  return leavesOf(about).map(([key, value]) => {
    const [[label, text] = [key, ""]] = describeFacts({ [key]: value });
    const role = key === "role" ? roleOf(text) : null;
    const said = key === "flow" ? (titles.get(text) ?? text) : role ? ROLE_NAMES[role] : text;
    return [ABOUT[key] ?? label, said];
  });
}

/** The single values in an object, however deep. */
function leavesOf(json: Json): [string, Json][] {
  if (json === null || typeof json !== "object") return [];
  return Object.entries(json).flatMap(([key, value]): [string, Json][] => {
    if (value === undefined || value === null || value === "" || value === false) return [];
    const holds = typeof value === "object" && (!Array.isArray(value) || value.some((one) => typeof one === "object"));
    return holds ? leavesOf(value) : [[key, value]];
  });
}

export function formatAction(action: string): string {
  return ACTIONS[action] ?? action;
}

export function formatActionResult(result: string): string {
  return RESULTS[result] ?? result;
}
