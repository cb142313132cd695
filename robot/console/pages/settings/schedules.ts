import type { Hono } from "hono";
import { z } from "zod";
import type { Config } from "../../../config/schema.ts";
import { nextOccurrence } from "../../../lib/cron.ts";
import type { Json } from "../../../lib/json.ts";
import { html, type Markup } from "../../../lib/html.ts";
import type { Session } from "../../access/sessions.ts";
import { type AnyFlow, presetOf } from "../../../engine/flow.ts";
import { fieldOf, fieldValues, requireRole } from "../../http/respond.ts";
import type { Form } from "../../http/read-form.ts";
import { cronOf, formatCron, type When } from "../../view/format-cron.ts";
import { csrfField } from "../../view/layout.ts";
import { momentText } from "../../view/time.ts";
import type { ConsoleContext, Env } from "../../http/console-context.ts";
import { changing } from "./changing.ts";
import { settingsPage, sourceNote, versionField } from "./frame.ts";

type Schedule = Config["schedules"][number];

/** 設定 › 排程: what is done regularly, in words beside cron. */
export function scheduleSettings(app: Hono<Env>, world: ConsoleContext): void {
  app.get("/settings/schedules", requireRole("manage", world), async (c) => {
    const { own, version } = await world.settings.read();
    const session = c.get("session");
    const { schedules } = world.config();
    const body = html`<h2>排程 <span class="soft">${schedules.length} 個</span></h2>${sourceNote(own, "schedules", session, version)}
<p class="hint">時間是台北時間，不管這台電腦設在哪個時區。關機時錯過的，開機後只補做一次。</p>
${schedules.length === 0 ? html`<p class="empty">還沒有排程。</p>` : table(schedules, world, session, version)}
${scheduleForm(world, session, version)}`;
    return settingsPage(c, world, "/settings/schedules", body);
  });

  app.post(
    "/settings/schedules",
    changing("set-schedule", world, "/settings/schedules", (form, { written }) => {
      const schedule = scheduleIn(form, world);
      const others = writtenSchedules.parse(written).schedules.filter(({ name }) => name !== schedule.name);
      return Promise.resolve({ change: { schedules: [...others, schedule] }, about: { schedule } });
    }),
  );

  app.post(
    "/settings/schedules/remove",
    changing("remove-schedule", world, "/settings/schedules", (form, { written }) => {
      const name = fieldOf(form, "name");
      const schedules = writtenSchedules.parse(written).schedules.filter((one) => one.name !== name);
      return Promise.resolve({ change: { schedules }, about: { name } });
    }),
  );
}

const json: z.ZodType<Json> = z.json();
const writtenSchedule = z.object({ name: z.string() }).catchall(json);
const writtenSchedules = z.object({ schedules: z.array(writtenSchedule).default([]) });

function scheduleIn(form: Form, world: ConsoleContext): z.infer<typeof writtenSchedule> {
  const text = (name: string): string => fieldOf(form, name).trim();
  const when: When = {
    often: z.enum(["daily", "weekly", "monthly", "odd", "even", "cron"]).parse(text("often")),
    time: text("time"),
    day: text("day"),
    cron: text("cron"),
  };
  const some = fieldValues(form, "who").filter((one) => one !== "");
  const period = text("period");
  const flow = world.flows.find(({ name }) => name === text("flow"));
  return {
    name: text("name"),
    flow: text("flow"),
    companies: some.length === 0 ? "all" : some,
    cron: cronOf(when),
    ...(flow !== undefined && flow.final !== null && text("rehearse") === "yes" ? { rehearse: true } : {}),
    input: period === "" ? {} : { period, ...(flow ? usualInput(flow) : {}) },
  };
}

/** What is usual of a flow beside its period and, where the company says them, its books. */
function usualInput({ fields }: AnyFlow): Record<string, Json> {
  const now = new Date();
  return Object.fromEntries(
    fields.flatMap((field) => {
      const usual = field.optional || field.kind === "period" ? undefined : presetOf(field, { now });
      return usual === undefined ? [] : [[field.name, usual]];
    }),
  );
}

/** Whether the flow needs nothing but a period and what is set for each company: nobody has to be there. */
function needsNobody(flow: AnyFlow): boolean {
  const periods = flow.fields.filter(({ kind, optional }) => kind === "period" && !optional);
  const books = flow.fields.filter(({ kind }) => kind === "books");
  try {
    flow.parse({
      ...usualInput(flow),
      ...Object.fromEntries(periods.map(({ name }) => [name, "11512"])),
      ...Object.fromEntries(books.map(({ name }) => [name, 1])),
    });
    return true;
  } catch (error) {
    if (error instanceof z.ZodError) return false;
    throw error;
  }
}

const PERIODS: Readonly<Record<string, string>> = { this: "本期", next: "下一期", previous: "上一期" };

function table(schedules: readonly Schedule[], world: ConsoleContext, session: Session, version: string): Markup {
  const titles = new Map(world.flows.map(({ name, title }) => [name, title.zh]));
  const names = new Map<string, string>(world.config().companies.map(({ name, ubn }) => [ubn, name]));
  return html`<table class="list"><thead><tr><th scope="col">名稱</th><th scope="col">什麼時候</th><th scope="col">做什麼</th><th scope="col">替誰</th><th scope="col">下一次</th><th scope="col"><span class="unseen">移除</span></th></tr></thead>
<tbody>${schedules.map(({ name, cron, flow, companies, input, rehearse }) => {
    const next = nextOccurrence(cron, world.now());
    const period = input["period"];
    const whom = companies === "all" ? "全部公司" : companies.map((one) => names.get(one) ?? one).join("、");
    return html`<tr><td><strong>${name}</strong></td><td>${formatCron(cron)}<br><code class="soft">${cron}</code></td><td>${rehearse ? "演練　" : ""}${titles.get(flow) ?? flow}${typeof period === "string" ? html`<span class="soft">　${PERIODS[period] ?? period}</span>` : null}</td><td>${whom}</td><td>${next === null ? "" : momentText(next.toISOString(), world.now())}</td><td><form method="post" action="/settings/schedules/remove" data-confirm="要移除排程「${name}」嗎？">${csrfField(session)}${versionField(version)}<input type="hidden" name="name" value="${name}"><button class="quiet" aria-label="移除排程 ${name}">移除</button></form></td></tr>`;
  })}</tbody></table>`;
}

function scheduleForm(world: ConsoleContext, session: Session, version: string): Markup {
  const alone = world.flows.filter(needsNobody);
  return html`<h2>加入或取代</h2><form method="post" action="/settings/schedules" class="stack card">${csrfField(session)}${versionField(version)}
<div class="grid"><label class="field">名稱<input name="name" required maxlength="60" placeholder="每夜下載"><span class="hint">同名的會被取代</span></label>
<label class="field">做什麼<select name="flow">${alone.map(({ name, title }) => html`<option value="${name}">${title.zh}</option>`)}</select></label>
<label class="field">哪一期<select name="period"><option value="next">下一期</option><option value="this">本期</option><option value="previous">上一期</option><option value="">不分期</option></select></label>
<label class="field">多久一次<select name="often"><option value="daily">每天</option><option value="weekly">每週</option><option value="monthly">每月</option><option value="odd">每單月</option><option value="even">每雙月</option><option value="cron">用 cron 寫</option></select></label>
<label class="field">哪一天<input name="day" inputmode="numeric" pattern="[0-9]{1,2}" placeholder="3"><span class="hint">每月幾日；每週是星期幾（0 是星期日）；每天不用填</span></label>
<label class="field">幾點<input name="time" type="time" value="02:00"></label>
<label class="field">cron<input name="cron" placeholder="0 2 3 1,3,5,7,9,11 *"><span class="hint">選「用 cron 寫」才看這一欄</span></label></div>
<label class="field"><span><input type="checkbox" name="rehearse" value="yes"> 演練</span><span class="hint">填好、比對、拍照，什麼都不送；只看不改的作業不用勾</span></label>
<label class="field">替誰<select name="who" multiple size="6"><option value="">全部公司</option>${world.config().companies.map(({ name, ubn }) => html`<option value="${ubn}">${name}　${ubn}</option>`)}</select><span class="hint">不選就是全部公司，以後加入的也算</span></label>
<div class="actions"><button class="primary">存檔</button></div></form>`;
}
