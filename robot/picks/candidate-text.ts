import type { PickedCandidate } from "../../selectors/page-check.ts";

const ROLES: { readonly [role: string]: string } = {
  button: "按鈕",
  link: "連結",
  tab: "頁籤",
  menuitem: "選單項目",
  textbox: "欄位",
  combobox: "選單",
  radiogroup: "一組選項",
  checkbox: "勾選方塊",
  radio: "選項",
  file: "選擇檔案的欄位",
  img: "圖片",
};

/** A way to find something again, in words. */
export function candidateText(candidate: PickedCandidate): string {
  if ("role" in candidate) return `${ROLES[candidate.role] ?? candidate.role}「${candidate.name}」`;
  if ("text" in candidate) return `寫著「${candidate.text}」的`;
  if ("label" in candidate) return `「${candidate.label}」旁邊的`;
  return `網頁裡叫做 ${candidate.id} 的`;
}
