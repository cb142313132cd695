import type { Hono } from "hono";
import { html, type Markup } from "../../../lib/html.ts";
import { listPicks, type PickInForce, undoPick } from "../../../picks/picks.ts";
import { may } from "../../access/roles.ts";
import type { Session } from "../../access/sessions.ts";
import { fieldOf, requireRole, withAudit } from "../../http/respond.ts";
import { csrfField } from "../../view/layout.ts";
import { momentText } from "../../view/time.ts";
import type { ConsoleContext, Env } from "../../http/console-context.ts";
import { settingsPage } from "./frame.ts";

/** 設定 › 頁面的找法: what people have shown, who and when, and how it is taken back. */
export function partSettings(app: Hono<Env>, world: ConsoleContext): void {
  app.get("/settings/parts", requireRole("manage", world), async (c) => {
    const picks = await listPicks(world.config().portal.parts);
    const session = c.get("session");
    const body = html`<h2>頁面的找法</h2><p class="hint">平台改了名稱或位置時，由人指出來的新位置，先於內建的找法。收回之後，以前的找法就再有效。</p>
${picks.length === 0 ? html`<p class="empty">沒有人指出過任何新位置。</p>` : table(picks, session)}`;
    return settingsPage(c, world, "/settings/parts", body);
  });

  app.post(
    "/settings/parts/undo",
    withAudit(
      {
        name: "undo-pick",
        role: "manage",
        async act(c, form, session) {
          const role = may(session.role, "manage") ? "manage" : "operate";
          const { id, was, now } = await undoPick(world.config().portal.parts, fieldOf(form, "part"), role);
          return { response: c.redirect("/settings/parts?done=unpicked", 303), about: { part: id, was, now } };
        },
      },
      world,
    ),
  );
}

function table(picks: readonly PickInForce[], session: Session): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="表格"><table class="plain"><thead><tr><th scope="col">要找的</th><th scope="col">原來</th><th scope="col">現在</th><th scope="col">怎麼找</th><th scope="col">誰、何時</th><th scope="col">核對</th><th scope="col"><span class="unseen">收回</span></th></tr></thead><tbody>${picks.map(
    ({ id, name, was, now, ways, by, at, verified, awaitsCheck }) =>
      html`<tr><th scope="row">${name} <span class="soft small">${id}</span></th><td>${was}</td><td><strong>${now}</strong></td><td>${ways.join("；")}</td><td>${by}<br><span class="soft small">${momentText(at)}</span></td><td>${verified === null ? (awaitsCheck ? "還沒有，核對前不會按" : "還沒有") : html`已核對<br><span class="soft small">${momentText(verified)}</span>`}</td><td><form method="post" action="/settings/parts/undo" data-confirm="要收回「${name}」的新位置嗎？">${csrfField(session)}<input type="hidden" name="part" value="${id}"><button class="quiet">收回</button></form></td></tr>`,
  )}</tbody></table></div>`;
}
