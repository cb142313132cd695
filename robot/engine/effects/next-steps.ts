import { type EffectStatus, OPEN_STATUSES } from "./effect-table.ts";

/** What a person may safely do after a run stopped, as far as its acts tell: in words, for the record. */
export function safeToDoNext(effects: readonly { readonly name: string; readonly status: EffectStatus }[]): string {
  const open = effects.filter(({ status }) => OPEN_STATUSES.includes(status));
  if (open.length > 0)
    return `還不知道平台有沒有收下${quoted(open)}：再執行同一個命令會先查證，不會再送一次；請不要自己到平台重做。`;
  const done = effects.filter(({ status }) => status === "confirmed" || status === "already-done");
  if (done.length > 0) return `${quoted(done)}已經完成：再執行同一個命令會接著做，不會再送一次。`;
  return "沒有送出任何資料，平台上沒有改變；原因排除後可以放心再執行。";
}

function quoted(effects: readonly { readonly name: string }[]): string {
  return effects.map(({ name }) => `「${name}」`).join("、");
}
