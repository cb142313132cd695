import type { Hono } from "hono";
import { TICKED } from "../../engine/people/question-form.ts";
import { companyOf } from "../../config/load.ts";
import type { CompanyConfig } from "../../config/schema.ts";
import { getRun } from "../../engine/runs/runs.ts";
import { Failure } from "../../failures/failure.ts";
import { nextPeriod, periodOf } from "../../invoicing/values/period.ts";
import { html } from "../../lib/html.ts";
import { may } from "../access/roles.ts";
import type { Session } from "../access/sessions.ts";
import { lastQuotas } from "../starting/quota.ts";
import { withAudit, fieldOf, requireRole, renderPage } from "../http/respond.ts";
import { checkedUploads, inputOf, isRight, REHEARSE, tellable, wantedOf } from "../starting/start-input.ts";
import { asFailure } from "../view/run/failures.ts";
import { fileCheckView, taughtView } from "../view/start/file-check.ts";
import { reviewView } from "../view/start/review.ts";
import { flowChoice, startForm } from "../view/start/start-form.ts";
import type { ConsoleContext, Env } from "../http/console-context.ts";

/** 執行: choose a job, see what will be done and what can't be undone, start it. */
export function startRoutes(app: Hono<Env>, world: ConsoleContext): void {
  app.get("/start", requireRole("operate", world), async (c) => {
    const asked = await askedOf(world, new URL(c.req.url).searchParams);
    const flow = world.flows.find(({ name }) => name === asked.flow) ?? null;
    const head = html`<header class="head"><h1>執行</h1></header>`;
    if (world.config().companies.length === 0) {
      const body = html`${head}<section class="empty"><p>還沒有任何公司。到<a href="/settings">設定</a>加入。</p></section>`;
      return renderPage(c, world, { title: "執行", section: "start", body });
    }
    const company = knownCompany(world, asked.company);
    const period = asked.values["period"] ?? nextPeriod(periodOf(world.now()));
    const takesBooks = flow?.fields.some(({ kind }) => kind === "books") ?? false;
    const quotas = company && takesBooks ? await lastQuotas(world.store, company.ubn, period) : [];
    const body = html`${head}<div class="start-page">${flowChoice(world, flow?.name ?? null, asked.company)}
<div>${flow === null ? html`<p class="empty">請選要做的事。</p>` : html`<h2>${flow.title.zh}</h2><p class="soft">${flow.about.zh}</p>${startForm(world, c.get("session"), { flow, company, values: asked.values, files: {}, quotas, rehearse: asked.values[REHEARSE] === TICKED })}`}</div></div>`;
    return renderPage(c, world, { title: "執行", section: "start", body });
  });

  app.post(
    "/start/check",
    withAudit(
      {
        name: "check-file",
        role: "operate",
        async act(c, form) {
          const wanted = await wantedOf(world, form);
          const checked = await checkedUploads(world, wanted);
          const part = html`${checked.map((one) => html`${taughtView(one.teaching)}${fileCheckView(one.file.name, one.check, one.objections)}`)}`;
          const about = {
            flow: wanted.flow.name,
            ubn: wanted.company.ubn,
            files: checked.map(({ file }) => ({ ...file })),
          };
          return { response: c.html(part), about, result: checked.every(isRight) ? "done" : "file-invalid" };
        },
      },
      world,
    ),
  );

  app.post(
    "/start/review",
    withAudit(
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
          const about = { flow: wanted.flow.name, ubn: wanted.company.ubn, values: { ...tellable(wanted) } };
          const body = await reviewView(world, session, wanted, checked, fault);
          const stopped = fault !== null || !checked.every(isRight);
          const response = await renderPage(c, world, {
            title: "確認",
            section: "start",
            body,
            status: stopped ? 400 : 200,
          });
          return { response, about, result: stopped ? (fault?.code ?? "file-invalid") : "done" };
        },
      },
      world,
    ),
  );

  app.post(
    "/start",
    withAudit(
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
          const { rehearse: rehearsal } = wanted;
          if (!rehearsal && !(await world.isLiveConfirmed()))
            await agree(world, session, fieldOf(form, "live") === "yes");
          const startedBy = session.person;
          const { run, joined } = await world.robot.submit({ flow: flow.name, company, input, startedBy, rehearsal });
          const about = {
            run: run.id,
            flow: flow.name,
            ubn: company.ubn,
            values: { ...tellable(wanted) },
            rehearsal,
            joined,
          };
          return { response: c.redirect(`/runs/${run.id}?done=${joined ? "joined" : "started"}`, 303), about };
        },
      },
      world,
    ),
  );
}

/** The agreement to submits at a real portal is one for the whole installation: anyone who manages it gives it. */
async function agree(world: ConsoleContext, { role }: Session, agreed: boolean): Promise<void> {
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

/** What a link asked for, or what an earlier run was given. Files are chosen again. */
async function askedOf(world: ConsoleContext, query: URLSearchParams): Promise<Asked> {
  const values: Record<string, string> = {};
  const again = query.get("again");
  if (again !== null) {
    const run = await getRun(world.store, again);
    for (const [name, value] of Object.entries(run.input ?? {})) {
      if (typeof value === "string" || typeof value === "number") values[name] = String(value);
      if (value === true) values[name] = TICKED;
    }
    if (run.rehearsal) values[REHEARSE] = TICKED;
    return { flow: run.flow, company: run.ubn, values };
  }
  for (const [name, value] of query) if (name !== "flow" && name !== "company") values[name] = value;
  return { flow: query.get("flow") ?? "", company: query.get("company") ?? "", values };
}

function knownCompany(world: ConsoleContext, ubn: string): CompanyConfig | null {
  const { companies } = world.config();
  if (companies.length === 1) return companies[0] ?? null;
  return ubn === "" ? null : companyOf(world.config(), ubn);
}
