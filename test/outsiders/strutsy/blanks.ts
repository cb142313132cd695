import type { Context, Hono } from "hono";
import type { Office } from "../office/office.ts";
import { periodAfter, slashed, stamp, type PeriodCode } from "../office/periods.ts";
import type { Member } from "../office/records.ts";
import { memberOf } from "./entrance.ts";
import { crumb, imageButton, options, page, says } from "./html.ts";

const HERE = ["電子發票專用字軌號碼取號", "電子發票上傳作業", "上傳空白未使用發票號碼"] as const;
const SAMPLE =
  "序號,統一編號,所屬年月,字軌,空白發票起號,空白發票迄號,發票類別\r\n00001,12345675,11508,JZ,50075681,50075699,07\r\n";

/** Blank numbers: query, import, the list of uploads, deletion; and what was not uploaded. */
export function blanks(app: Hono, office: Office): void {
  const guarded = (handle: (member: Member, c: Context) => Response | Promise<Response>) => async (c: Context) => {
    office.work();
    const member = memberOf(office, c);
    if (member === undefined) return c.html(says("連線逾時，請重新登入", "top.location.href='/'"));
    return await handle(member, c);
  };
  app.get(
    "/btb006/query.do",
    guarded((_member, c) => c.html(queryPage(office))),
  );
  app.get(
    "/btb006/list.do",
    guarded((member, c) => c.html(listPage(office, member, c.req.query("period") ?? ""))),
  );
  app.post(
    "/btb006/delete.do",
    guarded(async (member, c) => {
      const form = await c.req.parseBody({ all: true });
      const ids = [form["ck"] ?? []].flat().filter((one) => typeof one === "string");
      const period = typeof form["period"] === "string" ? form["period"] : "";
      const gone = office.delete(member.ban, ids);
      return c.html(says(`刪除成功，共 ${gone} 筆`, `location.href='/btb006/list.do?period=${period}'`));
    }),
  );
  app.get(
    "/btb006/import.do",
    guarded((_member, c) => c.html(importPage(office))),
  );
  app.post(
    "/btb006/import.do",
    guarded(async (member, c) => {
      const form = await c.req.parseBody();
      const file = form["upfile"];
      const period = typeof form["period"] === "string" ? form["period"] : "";
      if (!(file instanceof File) || file.size === 0) return c.html(says("請選擇檔案", "history.back()"));
      office.upload(member.ban, period, await file.text());
      return c.html(says("檔案上傳成功，匯入結果請至上傳列表查詢", "location.href='/btb006/import.do'"));
    }),
  );
  app.get(
    "/btb006/jobs.do",
    guarded((member, c) => c.html(jobsPage(office, member, Number(c.req.query("pg") ?? "1")))),
  );
  app.get(
    "/btb006/failure.do",
    guarded((member, c) => attachment(c, "failure.csv", office.failureFile(member.ban, c.req.query("id") ?? ""))),
  );
  app.get(
    "/btb006/sample.do",
    guarded((_member, c) => attachment(c, "sample.csv", SAMPLE)),
  );
  app.get(
    "/btb006/help.do",
    guarded((_member, c) => attachment(c, "help.txt", "匯入前請移除標題列，存成csv檔。欄位以逗號分隔。\r\n")),
  );
  app.get(
    "/btb010/file.do",
    guarded((member, c) =>
      attachment(
        c,
        "missing.csv",
        office.missingFile(member.ban, c.req.query("period") ?? "", c.req.query("what") ?? ""),
      ),
    ),
  );
  app.get(
    "/btb010/missing.do",
    guarded((member, c) => c.html(missingPage(office, member, "漏上傳資料清冊", c.req.query("period") ?? ""))),
  );
  app.get(
    "/btb010/late.do",
    guarded((member, c) => c.html(missingPage(office, member, "未依限或未據實上傳明細", c.req.query("period") ?? ""))),
  );
}

function attachment(c: Context, name: string, text: string): Response {
  return c.body(text, 200, {
    "Content-Type": "application/octet-stream; charset=UTF-8",
    "Content-Disposition": `attachment; filename="${name}"`,
  });
}

function periods(office: Office): readonly (readonly [PeriodCode, string])[] {
  const current = office.openPeriods()[0] ?? "";
  return [0, -1, -2, -3].map(
    (steps) => [periodAfter(current, steps), slashed(periodAfter(current, steps), "~")] as const,
  );
}

function queryPage(office: Office): string {
  return page(
    "上傳空白未使用發票號碼",
    `${crumb(...HERE)}<form><table><tr><td class="hd">字軌期別：</td><td><select name="period">${options(periods(office), "")}</select></td></tr></table>
<p>${imageButton("新增", "alert('請使用匯入字軌')")} ${imageButton("查詢", "location.href='/btb006/list.do?period='+document.forms[0].period.value")} ${imageButton("匯入字軌", "location.href='/btb006/import.do'")} ${imageButton("上傳列表", "location.href='/btb006/jobs.do'")}</p></form>`,
  );
}

function importPage(office: Office): string {
  return page(
    "匯入字軌",
    `${crumb(...HERE, "匯入字軌")}<form method="post" action="/btb006/import.do" enctype="multipart/form-data"><table>
<tr><td class="hd">*字軌期別：</td><td><select name="period">${options([["", "請選擇"], ...periods(office)], "")}</select></td></tr>
<tr><td class="hd">*檔案上傳路徑：</td><td><input type="file" name="upfile"></td></tr></table>
<p>${imageButton("上傳", "if(!document.forms[0].period.value){alert('請選擇字軌期別');}else{document.forms[0].submit()}")} ${imageButton("返回", "location.href='/btb006/query.do'")} <a href="/btb006/sample.do">範例下載</a> <a href="/btb006/help.do">說明檔下載</a></p>
<ol><li>請於次期10日前完成上傳。</li><li>匯入作業每小時執行一次。</li><li>請移除範例檔標題列後上傳。</li><li>請存成.csv檔。</li></ol></form>`,
  );
}

function jobsPage(office: Office, member: Member, at: number): string {
  const jobs = office.uploads.filter((job) => job.ban === member.ban);
  const pages = Math.max(1, Math.ceil(jobs.length / 15));
  const rows = jobs
    .slice((at - 1) * 15, at * 15)
    .map(
      (job) =>
        `<tr><td>${stamp(job.at)}</td><td>${job.id}.csv</td><td>${job.state}</td><td>${job.state === "處理失敗" ? `<a href="/btb006/failure.do?id=${job.id}">下載</a>` : "&nbsp;"}</td></tr>`,
    );
  return page(
    "上傳列表",
    `${crumb(...HERE, "上傳列表")}<table class="lst" cellspacing="0"><tr><td class="t">匯入時間</td><td class="t">匯入檔名</td><td class="t">處理狀態</td><td class="t">失敗明細</td></tr>${rows.join("")}</table>
<p>每頁顯示 15 筆，共 ${jobs.length} 筆，第 ${at}/${pages} 頁 ${at < pages ? `<a href="/btb006/jobs.do?pg=${at + 1}">下一頁</a>` : ""}</p><p>${imageButton("返回", "location.href='/btb006/query.do'")}</p>`,
  );
}

function listPage(office: Office, member: Member, period: PeriodCode): string {
  const rows = office.blanksOf(member.ban, period);
  const cells = rows.map(
    (row) =>
      `<tr><td><input type="checkbox" name="ck" value="${row.id}"></td><td>${member.ban}</td><td>${row.category}</td><td>${slashed(row.period, "~")}</td><td>${row.track}</td><td>${row.begin}</td><td>${row.end}</td></tr>`,
  );
  const all = (to: boolean): string =>
    `var b=document.getElementsByName('ck');for(var i=0;i<b.length;i++)b[i].checked=${to}`;
  return page(
    "上傳空白未使用發票號碼",
    `${crumb(...HERE)}<form method="post" action="/btb006/delete.do"><input type="hidden" name="act"><input type="hidden" name="period" value="${period}">
${rows.length === 0 ? `<p class="red">查無資料</p>` : `<table class="lst" cellspacing="0"><tr><td class="t">刪除</td><td class="t">總/分支機構統編</td><td class="t">發票類別</td><td class="t">發票年月</td><td class="t">發票字軌</td><td class="t">發票起號</td><td class="t">發票迄號</td></tr>${cells.join("")}</table>`}
<p>${imageButton("全選", all(true))} ${imageButton("取消全選", all(false))} ${imageButton("刪除", "if(confirm('請確認是否刪除勾選之資料？')) document.forms[0].submit()")} ${imageButton("返回", "location.href='/btb006/query.do'")}</p></form>`,
  );
}

function missingPage(office: Office, member: Member, title: string, period: PeriodCode): string {
  const rows = office.missingOf(member.ban, period, title);
  const cells = rows.map(
    (row) => `<tr><td>${slashed(row.period, "~")}</td><td>${row.number}</td><td>${row.date}</td></tr>`,
  );
  const list =
    rows.length === 0
      ? `<p class="red">查無資料</p>`
      : `<table class="lst" cellspacing="0"><tr><td class="t">發票期別</td><td class="t">發票號碼</td><td class="t">發票日期</td></tr>${cells.join("")}</table><p>${imageButton("下載", `location.href='/btb010/file.do?period=${period}&what=${encodeURIComponent(title)}'`)}</p>`;
  return page(
    title,
    `${crumb("查詢與下載", title)}<form method="get"><table><tr><td class="hd">發票期別：</td><td><select name="period">${options(periods(office), period)}</select></td></tr></table><p>${imageButton("查詢", "document.forms[0].submit()")}</p></form>${period === "" ? "" : list}`,
  );
}
