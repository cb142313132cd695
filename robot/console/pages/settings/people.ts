import { numberInQuery } from "../../http/query.ts";
import type { Hono } from "hono";
import { Failure } from "../../../failures/failure.ts";
import { html, type Markup } from "../../../lib/html.ts";
import { timeText } from "../../../recording/export/format.ts";
import { type AuditEvent, listActions } from "../../access/audit.ts";
import { SHORTEST_PASSWORD } from "../../access/passwords.ts";
import { listPeople, removePerson, setPerson } from "../../access/people.ts";
import { ROLE_NAMES, ROLE_WORDS, roleOf, ROLES } from "../../access/roles.ts";
import { withAudit, fieldOf, requireRole } from "../../http/respond.ts";
import { csrfField } from "../../view/layout.ts";
import { aboutFacts, formatAction, formatActionResult } from "../../view/format-audit.ts";
import { momentText } from "../../view/time.ts";
import type { ConsoleContext, Env } from "../../http/console-context.ts";
import { OWN_WORD, ownWordField, refuseOwnWord, tryOwnWord } from "./own-word.ts";
import { settingsPage } from "./frame.ts";

/** Actions on one page of the audit. */
const PAGE = 100;

/** 設定 › 人員 and 動作紀錄: who may do what, and who did what. */
export function peopleSettings(app: Hono<Env>, world: ConsoleContext): void {
  app.get("/settings/people", requireRole("manage", world), async (c) => {
    const people = await listPeople(world.store);
    const session = c.get("session");
    const body = html`<h2>人員</h2><dl class="card">${ROLES.map((role) => html`<dt>${ROLE_NAMES[role]}</dt><dd>${ROLE_WORDS[role]}</dd>`)}</dl>
${
  people.length === 0
    ? html`<p class="empty">還沒有人有密碼；現在都用終端機印出的一次性連結登入。</p>`
    : html`<table class="list"><thead><tr><th scope="col">姓名或帳號</th><th scope="col">權限</th><th scope="col">更新</th><th scope="col"><span class="unseen">移除</span></th></tr></thead><tbody>${people.map(
        ({ name, role, changedAt }) =>
          html`<tr><td><strong>${name}</strong></td><td>${ROLE_NAMES[role]}</td><td class="soft">${momentText(changedAt, world.now())}</td><td><form method="post" action="/settings/people/remove" data-confirm="要移除「${name}」嗎？">${csrfField(session)}<input type="hidden" name="name" value="${name}"><button class="quiet" aria-label="移除 ${name}">移除</button></form></td></tr>`,
      )}</tbody></table>`
}
<h2>加入，或換密碼與權限</h2><form method="post" action="/settings/people" class="stack card">${csrfField(session)}<div class="grid"><label class="field">姓名或帳號<input name="name" required maxlength="40" autocomplete="off"></label>
<label class="field">權限<select name="role">${ROLES.map((role) => html`<option value="${role}">${ROLE_NAMES[role]}</option>`)}</select></label>
<label class="field">密碼<input type="password" name="password" required minlength="${SHORTEST_PASSWORD}" autocomplete="new-password"><span class="hint">至少 ${SHORTEST_PASSWORD} 個字</span></label>${await ownWordField(c, world, false)}</div><div class="actions"><button class="primary">存檔</button></div></form>`;
    return settingsPage(c, world, "/settings/people", body);
  });

  app.post(
    "/settings/people",
    withAudit(
      {
        name: "set-person",
        role: "manage",
        async act(c, form) {
          const [name, role] = [fieldOf(form, "name").trim(), roleOf(fieldOf(form, "role"))];
          if (!role) throw new Failure("wrong-use", { wanted: "權限", seen: fieldOf(form, "role") });
          // Else anyone who finds a manager's browser open could make themselves a password, and confirm everything with it.
          if ((await tryOwnWord(c, world, fieldOf(form, OWN_WORD))) !== "right") {
            const response = await refuseOwnWord(c, world, "/settings/people");
            return { response, about: { name, role }, result: "own-word-refused" };
          }
          await setPerson(world.store, name, role, fieldOf(form, "password"));
          return { response: c.redirect("/settings/people?done=person", 303), about: { name, role } };
        },
      },
      world,
    ),
  );

  app.post(
    "/settings/people/remove",
    withAudit(
      {
        name: "remove-person",
        role: "manage",
        async act(c, form) {
          const name = fieldOf(form, "name");
          await removePerson(world.store, name);
          return { response: c.redirect("/settings/people?done=person-removed", 303), about: { name } };
        },
      },
      world,
    ),
  );

  app.get("/settings/audit", requireRole("manage", world), async (c) => {
    const events = await listActions(world.store, PAGE, numberInQuery(c, "before"));
    const last = events.at(-1);
    const titles = new Map(world.flows.map(({ name, title }) => [name, title.zh]));
    const body = html`<h2>動作紀錄</h2><p class="hint">主控台裡每一個動作，和被拒絕的。這裡不能改也不能刪。</p>
${events.length === 0 ? html`<p class="empty">還沒有。</p>` : html`<table class="list"><thead><tr><th scope="col">時間</th><th scope="col">誰</th><th scope="col">做什麼</th><th scope="col">結果</th><th scope="col">對象</th><th scope="col">從哪裡</th></tr></thead><tbody>${events.map((event) => item(event, titles))}</tbody></table>`}
${events.length === PAGE && last ? html`<nav class="pager"><a href="/settings/audit?before=${last.id}">較舊 →</a></nav>` : null}`;
    return settingsPage(c, world, "/settings/audit", body);
  });
}

function item(event: AuditEvent, titles: ReadonlyMap<string, string>): Markup {
  const { at, person, role, action, about, result, address } = event;
  return html`<tr><td class="when small">${timeText(at)}</td><td>${person}${role === null ? null : html`<span class="soft small">　${ROLE_NAMES[role]}</span>`}</td><td class="what">${formatAction(action)}</td><td class="what tone-${result === "done" ? "good" : "bad"}">${formatActionResult(result)}</td><td class="about">${aboutFacts(about, titles).map(([label, text]) => html`<span class="part"><span class="soft">${label}</span> ${text}</span> `)}</td><td class="soft small">${address}</td></tr>`;
}
