import type { Hono } from "hono";
import { Failure } from "../../../failures/failure.ts";
import { html, type Markup } from "../../../lib/html.ts";
import type { Session } from "../../access/sessions.ts";
import type { ConsoleContext, Env } from "../../http/console-context.ts";
import type { Form } from "../../http/read-form.ts";
import { fieldOf, fileOf, requireRole, withAudit } from "../../http/respond.ts";
import { ROSTER_COLUMNS } from "../../roster/columns.ts";
import { type CompanyChange, type ImportPlan, planImport } from "../../roster/plan-import.ts";
import { pasted, readRosterFile, readRosterText, type Roster, type RosterFault } from "../../roster/read-roster.ts";
import { icon } from "../../view/icons.ts";
import { csrfField } from "../../view/layout.ts";
import { changing } from "./changing.ts";
import { companiesOf } from "./companies.ts";
import { settingsPage, versionField } from "./frame.ts";

/** Faults and changes that are listed one by one; of more the number is said. */
const MAX_LISTED = 300;

/** 設定 › 公司 › 匯入名冊: shows what a roster would change before any of it is taken. */
export function rosterImport(app: Hono<Env>, world: ConsoleContext): void {
  app.get("/settings/roster", requireRole("manage", world), (c) =>
    settingsPage(c, world, "/settings", form(c.get("session"), "")),
  );

  app.post(
    "/settings/companies/import",
    withAudit(
      {
        name: "preview-companies",
        role: "manage",
        async act(c, fields, session) {
          const typed = fieldOf(fields, "pasted");
          const roster = await rosterIn(fields);
          const written = await world.settings.read();
          const plan = planImport(companiesOf(written), roster.rows);
          const faults = [...roster.faults, ...plan.faults];
          const body =
            faults.length > 0
              ? html`${refusal(faults)}${form(session, typed)}`
              : preview(session, written.version, { roster, plan });
          const about = {
            file: fileOf(fields, "roster")?.name ?? null,
            rows: roster.rows.length,
            faults: faults.length,
          };
          const result = faults.length > 0 ? "file-invalid" : "done";
          return {
            response: await settingsPage(c, world, "/settings", body, faults.length > 0 ? 400 : 200),
            about,
            result,
          };
        },
      },
      world,
    ),
  );

  app.post(
    "/settings/companies/adopt",
    changing("import-companies", world, "/settings", (fields, written) => {
      const roster = readRosterText(fieldOf(fields, "roster"));
      const plan = planImport(companiesOf(written), roster.rows);
      const [fault] = [...roster.faults, ...plan.faults];
      if (fault) throw new Failure("file-invalid", { wanted: fault.remedy, seen: faultText(fault) });
      const { companies, added, updated, cleared } = plan;
      return Promise.resolve({
        change: { companies: [...companies] },
        about: { rows: roster.rows.length, added, updated, cleared },
      });
    }),
  );
}

/** @throws Failure `wrong-use` where neither a file nor pasted cells are given, or both */
async function rosterIn(fields: Form): Promise<Roster> {
  const file = fileOf(fields, "roster");
  const typed = fieldOf(fields, "pasted");
  if (file && typed.trim() !== "") {
    throw new Failure("wrong-use", { wanted: "選一個名冊檔案，或貼上名冊", seen: "兩個都給了，不知道要用哪一個" });
  }
  if (file) return readRosterFile(new Uint8Array(await file.arrayBuffer()));
  if (typed.trim() === "") {
    throw new Failure("wrong-use", { wanted: "選一個名冊檔案，或貼上名冊", seen: "沒有選檔案，也沒有貼上" });
  }
  return readRosterText(typed);
}

function form(session: Session, typed: string): Markup {
  return html`<h2>匯入名冊</h2>
<form method="post" action="/settings/companies/import" enctype="multipart/form-data" class="stack card">${csrfField(session)}
<p class="hint">第一列是欄位名稱：${ROSTER_COLUMNS.map(({ title }) => `「${title}」`).join("")}，前兩欄一定要有，其他可以沒有。統一編號相同的會更新，沒有的會加入，名冊裡沒有的公司不動。<strong>有這一欄而格子是空的，那項設定會清空。</strong>先給您看會改什麼，確認後才存。</p>
<label class="field">名冊檔案<input type="file" name="roster" accept=".csv,.txt,.xlsx"><span class="hint">CSV 或 XLSX。<a href="/settings/roster.xlsx" download>下載空白名冊（XLSX）</a>，或從現在的名冊<a href="/settings/companies.csv" download>匯出一份</a>來改。</span></label>
<label class="field">或從試算表複製後貼在這裡<textarea name="pasted" rows="8" spellcheck="false" placeholder="公司名稱　統一編號　平台帳號…">${typed}</textarea><span class="hint">連欄位名稱那一列一起複製。</span></label>
<div class="actions"><button class="primary">看會改什麼</button><a class="button" href="/settings">不匯入</a></div></form>`;
}

function faultText({ line, column, seen }: RosterFault): string {
  return [line === null ? "整份名冊" : `第 ${line} 列`, column === null ? "" : `「${column}」`, `：${seen}`].join("");
}

function refusal(faults: readonly RosterFault[]): Markup {
  return html`<p class="notice bad" role="alert">${icon("failed")}<span>名冊有 ${faults.length} 個地方不對，一家都沒有匯入。改好後再匯入一次。</span></p>
<table class="list"><thead><tr><th scope="col">列</th><th scope="col">欄</th><th scope="col">看到的</th><th scope="col">怎麼改</th></tr></thead><tbody>${faults
    .slice(0, MAX_LISTED)
    .map(
      ({ line, column, seen, remedy }) =>
        html`<tr><td>${line === null ? "整份" : `第 ${line} 列`}</td><td>${column ?? "整列"}</td><td>${seen}</td><td>${remedy}</td></tr>`,
    )}</tbody></table>${rest(faults.length)}`;
}

function preview(session: Session, version: string, { roster, plan }: { roster: Roster; plan: ImportPlan }): Markup {
  const { added, updated, cleared, unchanged, notListed, changes } = plan;
  const ignored =
    roster.ignored.length === 0
      ? null
      : html`<p class="notice warn">${icon("warn")}<span>不認得這些欄，不會匯入：${roster.ignored.join("、")}。</span></p>`;
  const head = html`<h2>匯入名冊：會改什麼</h2>
<p class="big">加入 ${added}、更新 ${updated}、清空 ${cleared}、沒有變 ${unchanged}</p>
${notListed === 0 ? null : html`<p class="soft">名冊裡沒有的 ${notListed} 家公司不動。</p>`}${ignored}`;
  if (changes.length === 0) {
    return html`${head}<p class="calm-note">${icon("done")}名冊和現在的設定一樣，不用匯入。</p><div class="actions"><a class="button" href="/settings">回公司</a></div>`;
  }
  return html`${head}<div class="stack">
<form method="post" action="/settings/companies/adopt" class="actions">${csrfField(session)}${versionField(version)}<textarea name="roster" hidden>${pasted(roster.rows)}</textarea><button class="primary">照這樣匯入</button><a class="button" href="/settings/roster">不匯入</a></form>
<table class="list"><thead><tr><th scope="col">列</th><th scope="col">公司</th><th scope="col">會怎樣</th><th scope="col">欄</th><th scope="col">現在</th><th scope="col">改成</th></tr></thead><tbody>${changes
    .slice(0, MAX_LISTED)
    .map(changeRows)}</tbody></table>${rest(changes.length)}</div>`;
}

function changeRows({ line, name, ubn, added, cells }: CompanyChange): Markup {
  return html`${cells.map(
    ({ column, before, after }, at) =>
      html`<tr>${at > 0 ? html`<td></td><td></td><td></td>` : html`<td>第 ${line} 列</td><td class="whom">${name}<span class="ubn">${ubn}</span></td><td>${added ? "加入" : "更新"}</td>`}<td>${column}</td><td>${before}</td><td>${after === "" ? html`<span class="badge tone-warn">${icon("open")}清空</span>` : after}</td></tr>`,
  )}`;
}

function rest(all: number): Markup | null {
  return all > MAX_LISTED ? html`<p class="soft">另外還有 ${all - MAX_LISTED} 個沒有列出。</p>` : null;
}
