import type { Context, Hono } from "hono";
import type { Office } from "../office/office.ts";
import { local, periodAfter, slashed, stamp } from "../office/periods.ts";
import type { Member } from "../office/records.ts";
import { alertBox, chips, esc, group, modal } from "./look.ts";
import { guard, heading } from "./numbers.ts";

/** Blank numbers in three folds of one page, and what was not uploaded. */
export function blanks(app: Hono, office: Office): void {
  app.get(
    "/part/blanks",
    guard(office, (_member, _form, c) => c.html(blanksPage())),
  );
  app.get(
    "/part/import",
    guard(office, (_member, _form, c) => c.html(importForm(office))),
  );
  app.post(
    "/part/upload",
    guard(office, async (member, form, c) => {
      const body = await c.req.parseBody();
      const file = body["file"];
      if (!(file instanceof File) || file.size === 0)
        return c.html(alertBox("danger", "請選擇檔案") + importForm(office));
      const job = office.upload(member.ban, form["period"] ?? "", await file.text());
      return c.html(
        alertBox("success", `上傳成功 Uploaded，檔名 ${job.id}.csv，請稍後至上傳列表查詢處理結果`) + importForm(office),
      );
    }),
  );
  app.get(
    "/part/jobs",
    guard(office, (member, _form, c) => c.html(jobs(office, member))),
  );
  app.get(
    "/failure/:id",
    guard(office, (member, _form, c) =>
      file(c, "failures.csv", office.failureFile(member.ban, c.req.param("id") ?? "")),
    ),
  );
  app.get(
    "/sample",
    guard(office, (_member, _form, c) =>
      file(
        c,
        "sample.csv",
        "序號,統一編號,所屬年月,字軌,空白發票起號,空白發票迄號,發票類別\r\n00001,12345675,11508,JZ,50075681,50075699,07\r\n",
      ),
    ),
  );
  app.get(
    "/manual",
    guard(office, (_member, _form, c) => file(c, "manual.txt", "請移除標題列\r\n")),
  );
  app.get(
    "/part/blank-search",
    guard(office, (_member, _form, c) => c.html(searchForm(office))),
  );
  app.post(
    "/part/blank-list",
    guard(office, (member, form, c) => c.html(list(office, member, form["period"] ?? ""))),
  );
  app.post(
    "/part/blank-delete",
    guard(office, (member, form, c) => {
      const gone = office.delete(member.ban, (form["ids"] ?? "").split(","));
      return c.html(alertBox("success", `已刪除 ${gone} 筆 Deleted`) + list(office, member, form["period"] ?? ""));
    }),
  );
  app.get(
    "/missing-file",
    guard(office, (member, form, c) =>
      file(c, "missing.csv", office.missingFile(member.ban, form["period"] ?? "", form["what"] ?? "")),
    ),
  );
  for (const [path, title] of [
    ["missing", "漏上傳資料清冊"],
    ["late", "未依限或未據實上傳明細"],
  ] as const) {
    app.get(
      `/part/${path}`,
      guard(office, (_member, _form, c) => c.html(missingPage(office, path, title))),
    );
    app.post(
      `/part/${path}-list`,
      guard(office, (member, form, c) => c.html(missingRows(office, member, form["period"] ?? "", title))),
    );
  }
}

function file(c: Context, name: string, text: string): Response {
  return c.body(text, 200, {
    "Content-Type": "text/csv; charset=utf-8",
    "Content-Disposition": `attachment; filename="${name}"`,
  });
}

function periods(office: Office): readonly (readonly [string, string])[] {
  const current = office.openPeriods()[0] ?? "";
  return [0, -1, -2].map((steps) => [periodAfter(current, steps), local(periodAfter(current, steps))] as const);
}

function panel(title: string, url: string): string {
  return `<div class="panel" data-load="${url}"><div class="panel-heading">${title} ▾</div><div class="panel-body"></div></div>`;
}

function blanksPage(): string {
  return (
    heading("上傳空白未使用發票號碼") +
    panel("匯入字軌 Import", "/part/import") +
    panel("上傳列表 Upload list", "/part/jobs") +
    panel("查詢 Search", "/part/blank-search")
  );
}

function importForm(office: Office): string {
  return `<form id="import">${group("字軌期別 Period *", chips("period", periods(office)))}${group("檔案上傳路徑 File *", `<a class="btn" onclick="pick()">選擇檔案 Browse…</a> <span id="filebox"></span>`)}<p class="help-block">匯入作業每小時執行一次；請移除範例檔標題列後存成 .csv。 <a href="/sample">範例下載 Sample</a> <a href="/manual">說明檔下載 Manual</a></p><a class="btn btn-primary" onclick="review()">上傳 Upload</a></form>
${modal("confirm", "請確認上傳內容 Review", `<p id="rv"></p>`, `<a class="btn btn-default" onclick="shut('confirm')">取消 Cancel</a> <a class="btn btn-primary" onclick="shut('confirm');send('/part/upload',el('import'),el('import').parentNode)">確認上傳 Confirm</a>`)}`;
}

function jobs(office: Office, member: Member): string {
  const mine = office.uploads.filter((job) => job.ban === member.ban);
  if (mine.length === 0) return alertBox("info", "查無資料 No data");
  const words = { 待處理: "待處理 Pending", 已完成: "已完成 Done", 處理失敗: "處理失敗 Failed" } as const;
  return `<div class="rowx head"><div>匯入時間 Time</div><div style="flex:2">匯入檔名 File</div><div>處理狀態 Status</div><div>失敗明細 Errors</div></div>${mine
    .map(
      (job) =>
        `<div class="rowx"><div>${stamp(job.at)}</div><div style="flex:2">${job.id}.csv</div><div>${words[job.state]}</div><div>${job.state === "處理失敗" ? `<a class="btn" href="/failure/${job.id}" title="下載失敗明細">⬇</a>` : ""}</div></div>`,
    )
    .join("")}<p>每頁顯示 15 筆，共 ${mine.length} 筆</p>`;
}

function searchForm(office: Office): string {
  return `<form id="blankform">${group("字軌期別 Period *", chips("period", periods(office)))}<a class="btn btn-primary" onclick="if(el('blankform').period.value)send('/part/blank-list',el('blankform'),'blanklist');else bad('請選擇字軌期別')">查詢 Search</a></form><br><div id="blanklist"></div>${modal("delbox", "刪除 Delete", "<p>請確認是否刪除勾選之資料？</p>", `<a class="btn btn-default" onclick="shut('delbox')">否 No</a> <a class="btn btn-danger" onclick="delgo()">是 Yes</a>`)}`;
}

function list(office: Office, member: Member, period: string): string {
  const rows = office.blanksOf(member.ban, period);
  if (rows.length === 0) return alertBox("info", "查無資料 No data");
  return `<p>共 ${rows.length} 筆　<a class="btn btn-danger" onclick="del()">🗑 刪除</a></p><div class="rowx head"><div class="nar"></div><div>統一編號</div><div>發票年月</div><div>發票字軌</div><div>發票起號</div><div>發票迄號</div></div>${rows
    .map(
      (row) =>
        `<div class="rowx"><div class="nar"><input type="checkbox" value="${row.id}"></div><div>${esc(row.ban)}</div><div>${slashed(row.period, "~")}</div><div>${row.track}</div><div>${row.begin}</div><div>${row.end}</div></div>`,
    )
    .join("")}`;
}

function missingPage(office: Office, path: string, title: string): string {
  return `${heading(title)}<form id="mform">${group("發票期別 Period", chips("period", periods(office)))}<a class="btn btn-primary" onclick="send('/part/${path}-list',el('mform'),'mlist')">查詢 Search</a></form><br><div id="mlist"></div>`;
}

function missingRows(office: Office, member: Member, period: string, title: string): string {
  const rows = office.missingOf(member.ban, period, title);
  if (rows.length === 0) return alertBox("info", "查無資料 No data");
  return `<p><a class="btn btn-default tool" title="下載" href="/missing-file?period=${period}&what=${encodeURIComponent(title)}"><i class="fa">⬇</i></a></p><div class="rowx head"><div>發票期別</div><div>發票號碼</div><div>發票日期</div></div>${rows
    .map(
      (row) => `<div class="rowx"><div>${local(row.period)}</div><div>${row.number}</div><div>${row.date}</div></div>`,
    )
    .join("")}`;
}
