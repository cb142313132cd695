import type { Context, Hono } from "hono";
import type { Office } from "../office/office.ts";
import { parts, periodAfter, slashed, type PeriodCode } from "../office/periods.ts";
import { CATEGORY_NAMES, type Application, type Category, type Member } from "../office/records.ts";
import { memberOf } from "./entrance.ts";
import { crumb, esc, imageButton, options, page, says } from "./html.ts";

const PAIRS = ["02", "04", "06", "08", "10", "12"] as const;
const PAGE = 5;
const HERE = ["電子發票專用字軌號碼取號", "電子發票字軌號碼取號", "電子發票字軌號碼取號(營業人)"] as const;

type Form = Readonly<Record<string, string>>;

/** Query, list, take, addresses, download. */
export function numbers(app: Hono, office: Office): void {
  const guarded =
    (handle: (member: Member, form: Form, c: Context) => Response | Promise<Response>) => async (c: Context) => {
      office.work();
      const member = memberOf(office, c);
      if (member === undefined) return c.html(says("連線逾時，請重新登入", "top.location.href='/'"));
      return await handle(member, await formOf(c), c);
    };
  app.get(
    "/btb004/query.do",
    guarded((member, _form, c) => c.html(queryPage(office, member, start(office), false))),
  );
  app.post(
    "/btb004/query.do",
    guarded((member, form, c) => c.html(queryPage(office, member, form, true))),
  );
  app.post(
    "/btb004/download.do",
    guarded((member, form, c) => {
      const file = office.trackFile(
        member.ban,
        (form["ids"] ?? "").split(",").filter((id) => id !== ""),
      );
      return c.body(file.text, 200, {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": `attachment; filename="${file.name}"`,
      });
    }),
  );
  app.get(
    "/btb004/apply.do",
    guarded((member, _form, c) => c.html(applyPage(office, member, {}))),
  );
  app.post(
    "/btb004/apply.do",
    guarded((member, form, c) => {
      if (form["act"] !== "submit") return c.html(applyPage(office, member, form));
      const answer = office.take(member.ban, {
        period: form["period"] ?? "",
        category: form["kind"] === "08" ? "08" : "07",
        books: Number(form["takeNum"] ?? ""),
        extra: Number(form["addNum"] ?? "") || 0,
      });
      if (typeof answer === "string") return c.html(applyPage(office, member, form, answer));
      return c.html(
        page(
          "系統訊息",
          `<table width="100%"><tr><td class="hd" style="text-align:left">系統訊息</td></tr><tr><td>取號申請已送出，配號結果將以Email通知。</td></tr><tr><td align="center"><input type="button" value="確 認" onclick="if(opener&&!opener.closed)opener.location.href='/btb004/query.do';window.close()"></td></tr></table>`,
        ),
      );
    }),
  );
  app.get(
    "/btb004/email.do",
    guarded((member, _form, c) => c.html(emailPage(office.noticesOf(member.ban)))),
  );
  app.post(
    "/btb004/email.do",
    guarded((member, form, c) => {
      const given = [1, 2, 3, 4, 5].map((nth) => form[`mail${nth}`] ?? "");
      const why = office.keepNotices(member.ban, given);
      return c.html(why === null ? says("儲存成功", "location.href='/btb004/email.do'") : emailPage(given, why));
    }),
  );
}

export async function formOf(c: Context): Promise<Form> {
  if (c.req.method !== "POST") return {};
  const body = await c.req.parseBody();
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, typeof value === "string" ? value : ""]),
  );
}

function start(office: Office): Form {
  const [current = "", next = ""] = office.openPeriods();
  return {
    y1: String(parts(current).year),
    m1: current.slice(3),
    y2: String(parts(next).year),
    m2: next.slice(3),
    kind: "",
  };
}

function periodSelects(office: Office, form: Form, nth: "1" | "2"): string {
  const year = parts(office.openPeriods()[0] ?? "").year;
  const years = [year - 2, year - 1, year, year + 1].map((one) => [String(one), String(one)] as const);
  const pairs = PAIRS.map((pair) => [pair, `${String(Number(pair) - 1).padStart(2, "0")}~${pair}`] as const);
  return `<select name="y${nth}">${options(years, form[`y${nth}`] ?? "")}</select> / <select name="m${nth}">${options(pairs, form[`m${nth}`] ?? "")}</select>`;
}

function queryPage(office: Office, member: Member, form: Form, asked: boolean): string {
  const kinds = [["", "全部"], ...Object.entries(CATEGORY_NAMES)] as (readonly [string, string])[];
  return page(
    "電子發票字軌號碼取號",
    `${crumb(...HERE)}<form method="post" action="/btb004/query.do"><input type="hidden" name="act"><input type="hidden" name="pg" value="1"><input type="hidden" name="ids">
<table border="0"><tr><td class="hd">發票期別：</td><td>${periodSelects(office, form, "1")} ~ ${periodSelects(office, form, "2")}</td></tr>
<tr><td class="hd">發票類別：</td><td><select name="kind">${options(kinds, form["kind"] ?? "")}</select></td></tr>
<tr><td colspan="2" align="center">${imageButton("取號", "pop('/btb004/apply.do','apply')")} ${imageButton("查詢", "document.forms[0].action='/btb004/query.do';go('query')")} ${imageButton("取號Email維護", "pop('/btb004/email.do','email')")}</td></tr>
<tr><td colspan="2" class="red">取號前，請先透過取號Email維護，建立通知配號結果之Email.</td></tr></table>${asked ? list(office, member, form) : ""}</form>`,
    `function dl(){ var ids=[],b=document.getElementsByName('ck'); for(var i=0;i<b.length;i++) if(b[i].checked) ids.push(b[i].value);
if(!ids.length){ alert('請先勾選欲下載之資料'); return; } if(!confirm('下載檔案編碼為UTF-8，是否下載？')) return; var f=document.forms[0]; f.ids.value=ids.join(','); f.action='/btb004/download.do'; f.submit(); }
function pg(n){ var f=document.forms[0]; f.pg.value=n; f.action='/btb004/query.do'; f.submit(); }`,
  );
}

function list(office: Office, member: Member, form: Form): string {
  const rows = office.applicationsOf(
    member.ban,
    `${form["y1"]}${form["m1"]}`,
    `${form["y2"]}${form["m2"]}`,
    form["kind"] ?? "",
  );
  if (rows.length === 0) return `<p class="red">查無資料</p>`;
  const pages = Math.ceil(rows.length / PAGE);
  const at = Math.min(pages, Math.max(1, Number(form["pg"] ?? "1")));
  const cells = (row: Application): string => {
    const state = office.allotted(row);
    return `<tr><td align="center">${state === "是" ? `<input type="checkbox" name="ck" value="${row.id}">` : "&nbsp;"}</td><td>${member.ban}</td><td>${slashed(row.period)}</td><td>${CATEGORY_NAMES[row.category]}</td><td align="right">${row.books}</td><td align="right">${row.extra}</td><td align="right">${state === "否" ? 0 : row.books + row.extra}</td><td>${state}</td><td>否</td></tr>`;
  };
  const heads = [
    "&nbsp;",
    "營業人統編",
    "發票期別",
    "發票類別",
    "取用本數",
    "增加本數",
    "已配本數",
    "是否已配號",
    "停止使用",
  ];
  return `<table class="lst" cellspacing="0" width="100%"><tr>${heads.map((head) => `<td class="t">${head}</td>`).join("")}</tr>${rows
    .slice((at - 1) * PAGE, at * PAGE)
    .map(cells)
    .join(
      "",
    )}</table><table width="100%"><tr><td>共 ${rows.length} 筆　第 ${at} 頁／共 ${pages} 頁　${at > 1 ? `<a href="javascript:pg(${at - 1})">上一頁</a>` : "上一頁"}　${at < pages ? `<a href="javascript:pg(${at + 1})">下一頁</a>` : "下一頁"}</td><td align="right">${imageButton("下載", "dl()")} ${imageButton("返回", "location.href='/btb004/query.do'")}</td></tr></table>`;
}

function applyPage(office: Office, member: Member, form: Form, why = ""): string {
  const periods = office.openPeriods();
  const period: PeriodCode = form["period"] ?? periodAfter(periods[0] ?? "", 0);
  const kind: Category = form["kind"] === "08" ? "08" : "07";
  const quota = `狀態：正常　可取用本數：${office.left(member.ban, period, kind)}　已取用本數：${office.taken(member.ban, period, kind)}`;
  return page(
    "取號",
    `${crumb(...HERE, "取用")}<form method="post" action="/btb004/apply.do"><input type="hidden" name="act">${why === "" ? "" : `<p class="red">${esc(why)}</p>`}
<table class="lst" cellspacing="0"><tr><td class="t">營業人統編</td><td class="t">稅籍編號</td><td class="t">營業人名稱</td><td class="t">配號註記</td></tr><tr><td>${member.ban}</td><td>350112345</td><td>${esc(member.name)}</td><td>期配</td></tr></table><br>
<table class="lst" cellspacing="0"><tr><td class="t">*發票期別</td><td class="t">*發票類別</td><td class="t">*取用本數</td><td class="t">增加本數</td></tr><tr>
<td><select name="period" onchange="go('change')">${options(
      periods.map((one) => [one, slashed(one, "~")] as const),
      period,
    )}</select><br><input type="checkbox" name="stop">停止使用</td>
<td><select name="kind" onchange="go('change')">${options(Object.entries(CATEGORY_NAMES), kind)}</select></td>
<td><input name="takeNum" size="4" value="${esc(form["takeNum"] ?? "")}"></td><td><input name="addNum" size="4" value="${esc(form["addNum"] ?? "0")}"></td></tr></table>
<p>Email：${office.noticesOf(member.ban).map(esc).join("、") || "（未設定）"}</p><p>${quota}</p>
<p align="center">${imageButton("提交取號", "if(confirm('請確認取號資料是否正確，確定提交取號？')) go('submit')")} ${imageButton("查詢歷程記錄", "alert('查無資料')")} ${imageButton("返回", "window.close()")}</p></form>`,
  );
}

function emailPage(given: readonly string[], why = ""): string {
  const rows = [0, 1, 2, 3, 4].map(
    (at) =>
      `<tr><td class="hd">Email${at + 1}：</td><td><input name="mail${at + 1}" size="40" value="${esc(given[at] ?? "")}"></td></tr>`,
  );
  return page(
    "取號Email維護",
    `${crumb(...HERE, "取號Email維護")}<form method="post" action="/btb004/email.do"><input type="hidden" name="act">${why === "" ? "" : `<p class="red">${esc(why)}</p>`}<table>${rows.join("")}</table><p align="center">${imageButton("儲存", "go('save')")} ${imageButton("關閉", "window.close()")}</p></form>`,
  );
}
