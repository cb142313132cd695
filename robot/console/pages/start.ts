import type { Hono } from "hono";
import { companyOf } from "../../config/load.ts";
import type { CompanyConfig } from "../../config/schema.ts";
import { searchRuns } from "../../engine/run-search.ts";
import { getRun } from "../../engine/runs.ts";
import { Failure } from "../../failures.ts";
import { nextPeriod, periodOf } from "../../invoicing/period.ts";
import { factList } from "../../recording/export/fragments.ts";
import { html, type Markup } from "../../recording/export/html.ts";
import { categoryText, periodText } from "../../recording/export/words.ts";
import { may } from "../access/roles.ts";
import type { Session } from "../access/sessions.ts";
import { formOf } from "../flow-forms.ts";
import { lastQuota } from "../quota.ts";
import { acting, fieldOf, needs, show } from "../reply.ts";
import { type CheckedUpload, checkedUploads, inputOf, isRight, type Wanted, wantedOf } from "../start-input.ts";
import { asFailure } from "../view/failures.ts";
import { fileCheckView } from "../view/file-check.ts";
import { icon } from "../view/icons.ts";
import { csrfField } from "../view/layout.ts";
import { badge, lookOfRun } from "../view/run-look.ts";
import { flowChoice, startForm } from "../view/start-form.ts";
import { momentText } from "../view/time.ts";
import type { ConsoleWorld, Env } from "../world.ts";

/** 執行: choose a job, see what will be done and what can't be undone, start it. */
export function startRoutes(app: Hono<Env>, world: ConsoleWorld): void {
  app.get("/start", needs("operate", world), async (c) => {
    const asked = await askedOf(world, new URL(c.req.url).searchParams);
    const form = formOf(asked.flow);
    const head = html`<header class="head"><h1>執行</h1></header>`;
    if (world.config().companies.length === 0) {
      const body = html`${head}<section class="empty"><p>還沒有任何公司。到<a href="/settings">設定</a>加入。</p></section>`;
      return show(c, world, { title: "執行", section: "start", body });
    }
    const company = knownCompany(world, asked.company);
    const period = asked.values["period"] ?? nextPeriod(periodOf(world.now()));
    const quota = company && form?.flow === "take-tracks" ? await lastQuota(world.store, company.ubn, period) : null;
    const body = html`${head}<div class="start-page">${flowChoice(world, form?.flow ?? null, asked.company)}
<div>${form === null ? html`<p class="empty">請選要做的事。</p>` : html`<h2>${world.flows.find(({ name }) => name === form.flow)?.title ?? form.flow}</h2><p class="soft">${form.about}</p>${startForm(world, c.get("session"), { form, company, values: asked.values, files: {}, quota })}`}</div></div>`;
    return show(c, world, { title: "執行", section: "start", body });
  });

  app.post(
    "/start/check",
    acting(
      {
        name: "check-file",
        role: "operate",
        async act(c, form) {
          const wanted = await wantedOf(world, form);
          const checked = await checkedUploads(world, wanted);
          const part = html`${checked.map((one) => fileCheckView(one.file.name, one.check, one.objections))}`;
          const about = {
            flow: wanted.flow.name,
            ubn: wanted.company.ubn,
            files: checked.map(({ file }) => ({ ...file })),
          };
          return { response: c.html(part.source), about, result: checked.every(isRight) ? "done" : "file-invalid" };
        },
      },
      world,
    ),
  );

  app.post(
    "/start/review",
    acting(
      {
        name: "review",
        role: "operate",
        async act(c, form, session) {
          const wanted = await wantedOf(world, form);
          const checked = await checkedUploads(world, wanted);
          const fault = await inputOf(world, wanted).then(
            () => null,
            (error: unknown) => asFailure(error),
          );
          const about = { flow: wanted.flow.name, ubn: wanted.company.ubn, values: { ...wanted.values } };
          const body = await review(world, session, wanted, checked, fault);
          const stopped = fault !== null || !checked.every(isRight);
          const response = await show(c, world, { title: "確認", section: "start", body, status: stopped ? 400 : 200 });
          return { response, about, result: stopped ? (fault?.code ?? "file-invalid") : "done" };
        },
      },
      world,
    ),
  );

  app.post(
    "/start",
    acting(
      {
        name: "start",
        role: "operate",
        async act(c, form, session) {
          const wanted = await wantedOf(world, form);
          const { flow, company } = wanted;
          const input = await inputOf(world, wanted);
          const [wrong] = (await checkedUploads(world, wanted)).filter((one) => !isRight(one));
          if (wrong)
            throw new Failure("file-invalid", { wanted: wrong.file.name, seen: "檢查沒有通過，請重新選擇檔案" });
          if (!(await world.isLiveConfirmed())) await agree(world, session, fieldOf(form, "live") === "yes");
          const startedBy = session.person;
          const { run, joined } = await world.robot.submit({ flow: flow.name, company, input, startedBy });
          const about = { run: run.id, flow: flow.name, ubn: company.ubn, values: { ...wanted.values }, joined };
          return { response: c.redirect(`/runs/${run.id}?done=${joined ? "joined" : "started"}`, 303), about };
        },
      },
      world,
    ),
  );
}

/** The agreement to submits at a real portal is one for the whole installation: whoever manages it gives it. */
async function agree(world: ConsoleWorld, { role }: Session, agreed: boolean): Promise<void> {
  if (!may(role, "manage") || !agreed) {
    throw new Failure("live-not-confirmed", { wanted: world.config().portal.address });
  }
  await world.confirmLive();
}

interface Asked {
  readonly flow: string;
  readonly company: string;
  readonly values: Readonly<Record<string, string>>;
}

/** What a link asked for, or what an earlier run was given. Files are chosen anew. */
async function askedOf(world: ConsoleWorld, query: URLSearchParams): Promise<Asked> {
  const values: Record<string, string> = {};
  const again = query.get("again");
  if (again !== null) {
    const run = await getRun(world.store, again);
    for (const [name, value] of Object.entries(run.input ?? {})) {
      if (typeof value === "string" || typeof value === "number") values[name] = String(value);
    }
    return { flow: run.flow, company: run.ubn, values };
  }
  for (const [name, value] of query) if (name !== "flow" && name !== "company") values[name] = value;
  return { flow: query.get("flow") ?? "", company: query.get("company") ?? "", values };
}

function knownCompany(world: ConsoleWorld, ubn: string): CompanyConfig | null {
  const { companies } = world.config();
  if (companies.length === 1) return companies[0] ?? null;
  return ubn === "" ? null : companyOf(world.config(), ubn);
}

/** What will be done, in plain words, before anything is. */
async function review(
  world: ConsoleWorld,
  session: Session,
  wanted: Wanted,
  checked: readonly CheckedUpload[],
  fault: Failure | null,
): Promise<Markup> {
  const { flow, form, company, values } = wanted;
  const other = company.blanksReportedBy && form.reportsBlanks ? company.blanksReportedBy : null;
  const ready = fault === null && checked.every(isRight) && !other;
  const facts: [string, string][] = [["公司", `${company.name}（${company.ubn}）`]];
  for (const field of form.fields) {
    const value = values[field.name];
    if (value !== undefined) facts.push([field.label, wordsOf(field.kind, value)]);
  }
  const live = await world.isLiveConfirmed();
  const filter = { ubn: company.ubn, flow: flow.name, ...(values["period"] ? { period: values["period"] } : {}) };
  const before = (await searchRuns(world.store, filter, { limit: 3, offset: 0 })).runs;
  return html`<header class="head"><h1>${flow.title}　${company.name}</h1></header>
${fault === null ? null : html`<p class="notice bad" role="alert">${icon("failed")}<span>${fault.message}</span></p>`}
${other ? html`<p class="notice bad" role="alert">${icon("warn")}這家公司的空白號碼由${other.name}上傳，這裡不上傳。</p>` : null}
<section class="card">${factList(facts)}</section>
${checked.map(({ file, check, objections }) => html`<section class="card">${fileCheckView(file.name, check, objections)}</section>`)}
<section class="card"><h2>會做的事</h2><ol class="will">${form.does.map((one) => html`<li>${one}</li>`)}</ol>
${form.final === null ? html`<p class="calm-note">${icon("done")}只看不改，不會在平台上留下任何改變。</p>` : html`<p class="notice warn">${icon("warn")}<span><strong>不能復原：</strong>${form.final}</span></p>`}
${before.length === 0 ? null : html`<p class="soft small">同樣的作業最近幾次：</p><ul class="rows">${before.map((run) => html`<li><a href="/runs/${run.id}">${badge(lookOfRun(run))}<span class="soft">${momentText(run.createdAt)}</span></a></li>`)}</ul>`}</section>
<form method="post" action="${ready ? "/start" : "/start/review"}" class="actions">${csrfField(session)}${carried(wanted)}
${ready && !live ? liveConsent(world, session) : null}
${ready ? html`<button class="primary">${form.final === null ? "開始" : "確定，開始執行"}</button>` : null}<a class="button" href="${backTo(wanted)}">回去改</a></form>`;
}

function liveConsent(world: ConsoleWorld, { role }: Session): Markup {
  const { address } = world.config().portal;
  if (!may(role, "manage")) {
    return html`<p class="notice warn">${icon("warn")}還沒有人同意對正式平台 ${address} 送出資料；請「管理」權限的人先執行一次並同意。</p>`;
  }
  return html`<label class="notice warn"><input type="checkbox" name="live" value="yes" required><span>我同意這個安裝對正式平台 ${address} 送出資料（每個安裝一次）。</span></label>`;
}

function wordsOf(kind: string, value: string): string {
  if (kind === "period") return `${periodText(value)}（${value}）`;
  return kind === "category" ? categoryText(value) : kind === "books" ? `${value} 本` : value;
}

function carried({ flow, company, values, files }: Wanted): Markup {
  const hidden = (name: string, value: string): Markup => html`<input type="hidden" name="${name}" value="${value}">`;
  return html`${hidden("flow", flow.name)}${hidden("company", company.ubn)}${Object.entries(values).map(([name, value]) => hidden(name, value))}${Object.entries(files).map(([name, file]) => hidden(`${name}-kept`, JSON.stringify(file)))}`;
}

function backTo({ flow, company, values }: Wanted): string {
  return `/start?${new URLSearchParams({ ...values, flow: flow.name, company: company.ubn }).toString()}`;
}
