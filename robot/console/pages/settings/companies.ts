import type { Hono } from "hono";
import { z } from "zod";
import { companyOf } from "../../../config/load.ts";
import type { CompanyConfig } from "../../../config/schema.ts";
import { Failure } from "../../../failures/failure.ts";
import { html, type Markup } from "../../../lib/html.ts";
import type { Session } from "../../access/sessions.ts";
import { fieldOf, requireRole } from "../../http/respond.ts";
import type { Form } from "../../http/read-form.ts";
import { type WrittenCompany, withCells, writtenCompanySchema } from "../../roster/columns.ts";
import { rosterCsv, rosterTemplate } from "../../roster/write-roster.ts";
import type { WrittenSettings } from "../../http/settings-store.ts";
import type { Settings } from "../../../config/settings-file.ts";
import { csrfField } from "../../view/layout.ts";
import type { ConsoleContext, Env } from "../../http/console-context.ts";
import { changing } from "./changing.ts";
import { settingsPage, sourceNote, versionField } from "./frame.ts";

/** 設定 › 公司: the roster, one by one or as CSV. */
export function companySettings(app: Hono<Env>, world: ConsoleContext): void {
  app.get("/settings", requireRole("manage", world), async (c) => {
    const { own, version, previous } = await world.settings.read();
    const session = c.get("session");
    const { companies } = world.config();
    const body = html`<h2>公司 <span class="soft">${companies.length} 家</span></h2>${sourceNote(own, "companies", session, version)}
<div class="actions"><a class="button primary" href="/settings/company">加入公司</a><a class="button" href="/settings/roster">匯入名冊</a><a class="button" href="/settings/companies.csv" download>匯出名冊（CSV）</a></div>
${previous === null ? null : undoForm(session, version, changedParts(own, previous))}
${companies.length === 0 ? html`<p class="empty">還沒有公司。</p>` : table(companies)}`;
    return settingsPage(c, world, "/settings", body);
  });

  app.get("/settings/companies.csv", requireRole("manage", world), (c) =>
    c.body(rosterCsv(world.config().companies), 200, {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="companies.csv"`,
    }),
  );

  app.get("/settings/roster.xlsx", requireRole("manage", world), async (c) =>
    c.body(new Uint8Array(await rosterTemplate()), 200, {
      "Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      "Content-Disposition": `attachment; filename="roster.xlsx"`,
    }),
  );

  app.get("/settings/company", requireRole("manage", world), async (c) => {
    const ubn = c.req.query("ubn");
    const company = ubn === undefined ? null : companyOf(world.config(), ubn);
    const { version } = await world.settings.read();
    return settingsPage(c, world, "/settings", companyForm(company, c.get("session"), version));
  });

  app.post(
    "/settings/company",
    changing("set-company", world, "/settings", (form, written) => {
      const before = fieldOf(form, "before");
      const others = companiesOf(written).filter(({ ubn }) => ubn !== before);
      const company = companyIn(form, companiesOf(written).find(({ ubn }) => ubn === before) ?? null);
      const change = { companies: [...others, company] };
      return Promise.resolve({ change, about: { before, company } });
    }),
  );

  app.post(
    "/settings/company/remove",
    changing("remove-company", world, "/settings", (form, written) => {
      const ubn = fieldOf(form, "before");
      const companies = companiesOf(written).filter((one) => one.ubn !== ubn);
      return Promise.resolve({ change: { companies }, about: { ubn } });
    }),
  );

  app.post(
    "/settings/undo",
    changing("undo-settings", world, "/settings", (_form, { own, previous }) => {
      if (previous === null) {
        const seen = "存檔之後設定又改過了，或還沒有存過";
        throw new Failure("wrong-use", { wanted: "復原上一次存檔", seen });
      }
      const keys = settingsKeys.options.filter((key) => own[key] !== undefined || previous[key] !== undefined);
      const change = Object.fromEntries(keys.map((key) => [key, previous[key] ?? null]));
      return Promise.resolve({ change, about: { key: changedParts(own, previous).join("、") } });
    }),
  );

  app.post(
    "/settings/give-back",
    changing("give-back", world, "/settings", (form) => {
      const key = settingsKeys.parse(fieldOf(form, "key"));
      return Promise.resolve({ change: { [key]: null }, about: { key } });
    }),
  );
}

const settingsKeys = z.enum(["companies", "schedules", "mailbox", "portal", "recordings"]);
const PART_NAMES = {
  companies: "公司",
  schedules: "排程",
  mailbox: "信箱",
  portal: "平台",
  recordings: "紀錄的保存",
} as const satisfies Record<z.infer<typeof settingsKeys>, string>;

/** What the last save changed, as people call it. */
function changedParts(own: Settings, previous: Settings): string[] {
  const text = (settings: Settings, key: keyof Settings): string => JSON.stringify(settings[key] ?? null);
  return settingsKeys.options.filter((key) => text(own, key) !== text(previous, key)).map((key) => PART_NAMES[key]);
}

function undoForm(session: Session, version: string, parts: readonly string[]): Markup {
  const what = parts.join("、");
  return html`<form method="post" action="/settings/undo" class="source" data-confirm="要回到上一次存檔之前嗎？（${what}）">${csrfField(session)}${versionField(version)}上一次存檔改了${what}。<button class="quiet">復原</button></form>`;
}

const writtenCompanies = z.object({ companies: z.array(writtenCompanySchema).default([]) });

export function companiesOf({ written }: WrittenSettings): WrittenCompany[] {
  return writtenCompanies.parse(written).companies;
}

function companyIn(form: Form, before: WrittenCompany | null): WrittenCompany {
  const text = (name: string): string => fieldOf(form, name).trim();
  return withCells(before, {
    name: text("name"),
    ubn: text("ubn"),
    user: text("user"),
    identity: text("identity") === "agent" ? "專業代理人" : "營業人",
    books: text("books"),
    noticeAddress: text("noticeAddress"),
    reportedBy: text("reportedBy"),
    reportedOn: text("reportedOn"),
  });
}

function table(companies: readonly CompanyConfig[]): Markup {
  return html`<label class="search filters"><span class="unseen">找公司</span><input type="search" placeholder="找公司名稱或統一編號" data-filter="#companies tbody tr"></label>
<table class="list" id="companies"><thead><tr><th scope="col">公司</th><th scope="col">平台帳號</th><th scope="col">本數</th><th scope="col">通知信箱</th><th scope="col">空白號碼</th></tr></thead>
<tbody>${companies.map(
    ({
      name,
      ubn,
      user,
      books,
      noticeAddress,
      blanksReportedBy,
    }) => html`<tr><td class="whom"><a href="/settings/company?ubn=${ubn}">${name}</a><span class="ubn">${ubn}</span></td><td>${user ?? html`<span class="soft">同統編</span>`}</td><td>${String(books ?? "")}</td><td class="small">${noticeAddress ?? ""}</td><td class="small">${blanksReportedBy ? `${blanksReportedBy.name}（${blanksReportedBy.day} 日）` : "自行上傳"}</td></tr>
`,
  )}</tbody></table>`;
}

function companyForm(company: CompanyConfig | null, session: Session, version: string): Markup {
  const input = (name: string, label: string, value: string, more: Markup | null = null, hint = ""): Markup =>
    html`<label class="field">${label}<input name="${name}" value="${value}"${more}>${hint === "" ? null : html`<span class="hint">${hint}</span>`}</label>`;
  const by = company?.blanksReportedBy;
  return html`<h2>${company === null ? "加入公司" : company.name}</h2>
<form method="post" action="/settings/company" class="stack card">${csrfField(session)}${versionField(version)}<input type="hidden" name="before" value="${company?.ubn ?? ""}">
<div class="grid">${input("name", "公司名稱", company?.name ?? "", html` required`)}
${input("ubn", "統一編號", company?.ubn ?? "", html` required inputmode="numeric" maxlength="8"`)}
${input("user", "平台帳號", company?.user ?? "", null, "不填就是統一編號；最好開一個只有所需權限的子帳號")}
<label class="field">登入身分<select name="identity"><option value="business">營業人／扣繳單位</option><option value="agent"${company?.identity === "agent" ? html` selected` : null}>專業代理人</option></select></label>
${input("books", "平常取用本數", String(company?.books ?? ""), html` type="number" min="1" inputmode="numeric"`)}
${input("noticeAddress", "通知信箱", company?.noticeAddress ?? "", html` type="email"`, "平台寄配號結果的地址，要是機器人收得到的")}
${input("reportedBy", "空白號碼由誰上傳", by?.name ?? "", null, "加值中心等別人上傳時填；自行上傳留空")}
${input("reportedOn", "在單月幾日", String(by?.day ?? ""), html` type="number" min="1" max="10" inputmode="numeric"`)}</div>
<div class="actions"><button class="primary">存檔</button><a class="button" href="/settings">不改了</a>${company === null ? null : html`<a class="button quiet" href="/settings/secrets?ubn=${company.ubn}">設定平台密碼</a>`}</div></form>
${company === null ? null : html`<form method="post" action="/settings/company/remove" data-confirm="要移除「${company.name}」嗎？以前的紀錄會留著。">${csrfField(session)}${versionField(version)}<input type="hidden" name="before" value="${company.ubn}"><button class="danger">移除這家公司</button></form>`}`;
}
