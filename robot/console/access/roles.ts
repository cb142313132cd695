/** What a person may do in the console: 看, 操作, 管理. Each may do what those before it may. */
export const ROLES = ["look", "operate", "manage"] as const;

export type Role = (typeof ROLES)[number];

export const ROLE_NAMES: { readonly [role in Role]: string } = { look: "看", operate: "操作", manage: "管理" };

/** What each role is for, in a sentence. */
export const ROLE_WORDS: { readonly [role in Role]: string } = {
  look: "看總覽、紀錄與檔案",
  operate: "另外可以執行、取消、回答問題、匯出",
  manage: "另外可以改設定、密碼與人員，看誰登入中並結束它，看動作紀錄",
};

/** Whether a role is enough for what needs another. */
export function may(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** A role as it stands in the store or a form; null when it is none. */
export function roleOf(text: string): Role | null {
  return ROLES.find((role) => role === text) ?? null;
}
