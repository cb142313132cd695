import type { Settings } from "../../../config/settings-file.ts";
import { html, type Markup } from "../../../lib/html.ts";
import type { Session } from "../../access/sessions.ts";
import { renderPage } from "../../http/respond.ts";
import { csrfField } from "../../view/layout.ts";
import type { RequestContext, ConsoleContext } from "../../http/console-context.ts";

const PARTS = [
  ["/settings", "公司"],
  ["/settings/schedules", "排程"],
  ["/settings/portal", "平台與信箱"],
  ["/settings/secrets", "密碼"],
  ["/settings/parts", "頁面的找法"],
  ["/settings/people", "人員"],
  ["/settings/sessions", "登入中"],
  ["/settings/audit", "動作紀錄"],
] as const;

/** A page of 設定, beside the list of all of them. */
export function settingsPage(
  c: RequestContext,
  world: ConsoleContext,
  path: (typeof PARTS)[number][0],
  body: Markup,
  status: 200 | 400 = 200,
): Promise<Response> {
  const title = PARTS.find(([one]) => one === path)?.[1] ?? "設定";
  return renderPage(c, world, {
    title: `設定：${title}`,
    section: "settings",
    status,
    body: html`<header class="head"><h1>設定</h1></header><div class="settings"><nav aria-label="設定">${PARTS.map(
      ([one, words]) => html`<a href="${one}"${one === path ? html` aria-current="page"` : null}>${words}</a>`,
    )}</nav><div>${body}</div></div>`,
  });
}

/** Where a setting comes from: the file that people write, or the one that this console writes. */
export function sourceNote(own: Settings, key: keyof Settings, session: Session, version: string): Markup {
  if (own[key] === undefined) {
    return html`<p class="source">現在的內容來自 <code>robot.config.ts</code>；在這裡存檔後，改以 <code>robot.settings.json</code> 為準。</p>`;
  }
  return html`<form method="post" action="/settings/give-back" class="source" data-confirm="要改回 robot.config.ts 裡寫的嗎？這裡存的會移除。">${csrfField(session)}${versionField(version)}<input type="hidden" name="key" value="${key}">現在以 <code>robot.settings.json</code> 為準，<code>robot.config.ts</code> 裡的 <code>${key}</code> 不再使用。<button class="quiet">改回 robot.config.ts</button></form>`;
}

export function versionField(version: string): Markup {
  return html`<input type="hidden" name="version" value="${version}">`;
}
