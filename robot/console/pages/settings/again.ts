import type { AddressChange } from "../../../config/address-changes.ts";
import { listOpenRuns } from "../../../engine/runs/runs.ts";
import { html, type Markup } from "../../../lib/html.ts";
import type { Json } from "../../../lib/json.ts";
import { type AuditEvent, listActions } from "../../access/audit.ts";
import { fieldValues, renderPage } from "../../http/respond.ts";
import type { Form } from "../../http/read-form.ts";
import type { RequestContext, ConsoleContext } from "../../http/console-context.ts";
import { aboutFacts, formatAction, SETTINGS_ACTIONS } from "../../view/format-audit.ts";
import { icon } from "../../view/icons.ts";
import { csrfField } from "../../view/layout.ts";
import { momentText } from "../../view/time.ts";
import { OWN_WORD, ownWordField, type Trial, trialNotice } from "./own-word.ts";

/** A form that was not carried out, and where its page is. */
interface Typed {
  readonly form: Form;
  readonly to: string;
  readonly about: Json;
}

/** A person else has saved since the form was opened: says who and what, and lets what was typed be saved all the same. */
export async function outdatedPage(c: RequestContext, world: ConsoleContext, typed: Typed): Promise<Response> {
  const { version } = await world.settings.read();
  const others = (await listActions(world.store, RECENT)).filter(
    ({ action, result }) => result === "done" && SETTINGS_ACTIONS.has(action),
  );
  const body = html`<h1>${icon("warn")}沒有存檔：設定剛被別人改過</h1>
<section class="card edge-warn"><h2>別人最近改的</h2>${
    others.length === 0
      ? html`<p>主控台裡沒有人改；是 <code>robot.settings.json</code> 這個檔案被改了。</p>`
      : html`<ul>${others.slice(0, MAX_LISTED).map((event) => summarizeEvent(event, world))}</ul>`
  }</section>
${typedPart(typed, world)}
${again(c, typed, version, html`<div class="actions"><button class="primary">看過了，照我的存檔</button><a class="button" href="${typed.to}">不存，看現在的設定</a></div>`)}`;
  return renderPage(c, world, { title: "沒有存檔", section: "settings", body, status: 400 });
}

/** Audit events among which changes of settings are looked for, and how many of those are listed. */
const RECENT = 50;
const MAX_LISTED = 3;

function summarizeEvent({ at, person, action, about }: AuditEvent, world: ConsoleContext): Markup {
  return html`<li><strong>${person}</strong>　${momentText(at, world.now())}　${formatAction(action)}${factRow(about, world)}</li>`;
}

/** The change would send passwords elsewhere: says where, what follows, and asks for the person's own word. */
export async function ownWordPage(
  c: RequestContext,
  world: ConsoleContext,
  typed: Typed & { readonly moved: readonly AddressChange[]; readonly trial: Trial },
): Promise<Response> {
  const { version } = await world.settings.read();
  const { moved, trial } = typed;
  const stops = moved.some(({ runsOf }) => runsOf !== "none");
  const open = stops ? (await listOpenRuns(world.store)).length : 0;
  const mailed = world.config().mail?.to ?? [];
  const body = html`<h1>${icon("warn")}還沒有存檔：請先確認是您本人</h1>
${trialNotice(trial)}
<section class="card edge-warn"><h2>密碼會送到別的網址去</h2>
<table class="plain"><thead><tr><th scope="col">什麼</th><th scope="col">原來</th><th scope="col">改成</th></tr></thead><tbody>${moved.map(
    ({ what, from, to }) =>
      html`<tr><th scope="row">${what}</th><td><code>${from}</code></td><td><code>${to}</code></td></tr>`,
  )}</tbody></table>
<ul>
<li>原來網址的密碼不會送到新網址；新網址的密碼要另外存入。</li>
${open === 0 ? null : html`<li>進行中的 ${open} 件執行，到這裡去的會停下來；已經送出的不會收回。</li>`}
<li>${mailed.length === 0 ? "設定裡沒有寄信，別人不會收到通知；動作紀錄裡會有。" : `會寄信告訴 ${mailed.join("、")}。`}</li>
</ul></section>
${again(c, typed, version, html`${await ownWordField(c, world, true)}<div class="actions"><button class="primary">確認並存檔</button><a class="button" href="${typed.to}">不改了</a></div>`)}`;
  return renderPage(c, world, {
    title: "請確認是您本人",
    section: "settings",
    body,
    status: trial === "not-given" ? 200 : 403,
  });
}

function typedPart({ about }: Typed, world: ConsoleContext): Markup {
  return html`<section class="card"><h2>您要存的</h2>${factRow(about, world)}</section>`;
}

function factRow(about: Json, world: ConsoleContext): Markup {
  const titles = new Map(world.flows.map(({ name, title }) => [name, title.zh]));
  return html`<p>${aboutFacts(about, titles).map(([label, text]) => html`<span class="part"><span class="soft">${label}</span> ${text}</span>　`)}</p>`;
}

/** The same form once more, with everything that was typed in it. A file can't be put back; it has to be chosen again. */
function again(c: RequestContext, { form, to }: Typed, version: string, rest: Markup): Markup {
  if (Object.values(form).some((value) => value instanceof File)) {
    return html`<p>請回到設定頁，再選一次檔案。</p><div class="actions"><a class="button primary" href="${to}">回設定</a></div>`;
  }
  const kept = Object.keys(form).filter((name) => !["csrf", "version", OWN_WORD].includes(name));
  const fields = kept.flatMap((name) =>
    fieldValues(form, name).map((value) => html`<input type="hidden" name="${name}" value="${value}">`),
  );
  return html`<form method="post" action="${c.req.path}" class="stack card">${csrfField(c.get("session"))}<input type="hidden" name="version" value="${version}">${fields}${rest}</form>`;
}
