import type { Hono } from "hono";
import { Failure } from "../../../failures/failure.ts";
import { html, type Markup } from "../../../lib/html.ts";
import { ROLE_NAMES } from "../../access/roles.ts";
import { endSessionById, listSessions, type OpenSession } from "../../access/sessions.ts";
import { withAudit, fieldOf, requireRole } from "../../http/respond.ts";
import type { ConsoleContext, Env } from "../../http/console-context.ts";
import { csrfField } from "../../view/layout.ts";
import { momentText } from "../../view/time.ts";
import { settingsPage } from "./frame.ts";

/** 設定 › 登入中: who is signed in, since when and from where; each can be ended. */
export function sessionSettings(app: Hono<Env>, world: ConsoleContext): void {
  app.get("/settings/sessions", requireRole("manage", world), async (c) => {
    const session = c.get("session");
    const open = await listSessions(world.store, session.token);
    const row = (one: OpenSession): Markup =>
      html`<tr><td><strong>${one.person}</strong><span class="soft small">　${ROLE_NAMES[one.role]}</span></td><td><span class="on-phone soft small">登入　</span>${momentText(one.beganAt)}<br><span class="soft small">${HOW[one.enteredBy]}</span></td><td><span class="on-phone soft small">最後使用　</span>${momentText(one.seenAt)}</td><td class="small">${one.address}</td><td>${
        one.isOwn
          ? html`<span class="soft">就是您現在用的</span>`
          : html`<form method="post" action="/settings/sessions/end" data-confirm="要結束「${one.person}」從 ${one.address} 的登入嗎？">${csrfField(session)}<input type="hidden" name="id" value="${one.id}"><button class="quiet" aria-label="結束 ${one.person} 的登入">結束</button></form>`
      }</td></tr>`;
    const body = html`<h2>登入中 <span class="soft">${open.length} 個</span></h2><p class="hint">現在登入主控台的人。結束後，那個瀏覽器立刻不能再用；那個人可以再登入，除非到「人員」移除或換密碼。</p>
<table class="list"><thead><tr><th scope="col">誰</th><th scope="col">什麼時候登入</th><th scope="col">最後使用</th><th scope="col">從哪裡</th><th scope="col"><span class="unseen">結束</span></th></tr></thead><tbody>${open.map(row)}</tbody></table>`;
    return settingsPage(c, world, "/settings/sessions", body);
  });

  app.post(
    "/settings/sessions/end",
    withAudit(
      {
        name: "end-session",
        role: "manage",
        async act(c, form) {
          const ended = await endSessionById(world.store, fieldOf(form, "id"));
          if (ended === null) throw new Failure("wrong-use", { wanted: "結束這個登入", seen: "它已經結束了" });
          return { response: c.redirect("/settings/sessions?done=session-ended", 303), about: { whose: ended } };
        },
      },
      world,
    ),
  );
}

const HOW: { readonly [how in OpenSession["enteredBy"]]: string } = { password: "用密碼", link: "用一次性連結" };
