import type { Context, Hono } from "hono";
import type { Office } from "../office/office.ts";
import { local, periodAfter } from "../office/periods.ts";
import { CATEGORY_NAMES, type Application, type Member } from "../office/records.ts";
import { formOf, memberOf } from "./doors.ts";
import { alertBox, chips, esc, group, modal, tool } from "./look.ts";

const PAGE = 3;
const KINDS = Object.entries(CATEGORY_NAMES);
const CRUMB = (words: string): string =>
  `<ul class="breadcrumb"><li>首頁 Home</li><li>/</li><li>${words}</li></ul><h3>${words}</h3><div id="msg"></div>`;

export type Handle = (
  member: Member,
  form: Readonly<Record<string, string>>,
  c: Context,
) => Response | Promise<Response>;

/** Only for whoever is signed in. */
export function guard(office: Office, handle: Handle) {
  return async (c: Context): Promise<Response> => {
    office.work();
    const member = memberOf(office, c);
    if (member === undefined) return c.text("Session has expired, please try again.", 401);
    return await handle(member, c.req.method === "POST" ? await formOf(c) : c.req.query(), c);
  };
}

export function heading(words: string): string {
  return CRUMB(words);
}

/** Taking numbers, their list, their file, the addresses. */
export function numbers(app: Hono, office: Office): void {
  app.get(
    "/part/numbers",
    guard(office, (member, _form, c) => c.html(numbersPage(office, member))),
  );
  app.get(
    "/part/list",
    guard(office, (member, form, c) => c.html(rows(office, member, form, Number(form["at"] ?? "0")))),
  );
  app.get(
    "/part/quota",
    guard(office, (member, form, c) => {
      const kind = form["kind"] === "08" ? "08" : "07";
      const period = form["period"] ?? "";
      if (period === "" || form["kind"] === undefined) return c.html("");
      return c.html(
        `可取用本數 Available：${office.left(member.ban, period, kind)}　已取用本數 Used：${office.taken(member.ban, period, kind)}`,
      );
    }),
  );
  app.post(
    "/take",
    guard(office, (member, form, c) => {
      if (!office.confirmPassword(member, form["pw"] ?? ""))
        return c.html(alertBox("danger", "密碼錯誤 Wrong password"), 400);
      const answer = office.take(member.ban, {
        period: form["period"] ?? "",
        category: form["kind"] === "08" ? "08" : "07",
        books: Number(form["books"] ?? ""),
        extra: Number(form["extra"] ?? "") || 0,
      });
      if (typeof answer === "string") return c.html(alertBox("danger", answer), 400);
      return c.html(alertBox("success", "取號申請成功，配號結果將以電子郵件通知 Application accepted"));
    }),
  );
  app.get(
    "/download",
    guard(office, (member, form, c) => {
      const file = office.trackFile(member.ban, (form["ids"] ?? "").split(","));
      return c.body(file.text, 200, {
        "Content-Type": "text/csv",
        "Content-Disposition": `attachment; filename="${file.name}"`,
      });
    }),
  );
  app.get(
    "/part/mails",
    guard(office, (member, _form, c) => c.html(mailForm(office.noticesOf(member.ban)))),
  );
  app.post(
    "/part/mails",
    guard(office, (member, form, c) => {
      const given = (form["mail"] ?? "").split("\n");
      const why = office.keepNotices(member.ban, given);
      return c.html(
        alertBox(why === null ? "success" : "danger", why ?? "儲存成功 Saved") +
          mailForm(why === null ? office.noticesOf(member.ban) : given),
      );
    }),
  );
}

function numbersPage(office: Office, member: Member): string {
  const open = office.openPeriods();
  const current = open[0] ?? "";
  const all = [periodAfter(current, -2), periodAfter(current, -1), ...open].map((one) => [one, local(one)] as const);
  const kinds = KINDS.map(([value, words]) => [value, words] as const);
  const filter = `<form id="ff">${group("發票期別（起） From", chips("from", all, current))}${group("發票期別（迄） To", chips("to", all, open[1]))}${group("發票類別 Type", chips("kind", [["", "全部 All"], ...kinds], ""))}</form>`;
  const take = `<form id="takeform"><div id="takemsg"></div>${group("營業人 Business", `<p>${member.ban} ${esc(member.name)}</p>`)}<div data-change>${group(
    "發票期別 Period *",
    chips(
      "period",
      open.map((one) => [one, local(one)] as const),
    ),
  )}${group("發票類別 Type *", chips("kind", kinds))}</div>${group("取用本數 Books *", `<input class="form-control" name="books" size="5">`)}${group("增加本數 Extra", `<input class="form-control" name="extra" size="5" placeholder="0">`)}<p id="quota" class="help-block"></p><input type="hidden" name="pw"></form>`;
  return `${CRUMB("電子發票專用字軌號碼取號")}<div class="toolbar">${tool("查詢", "🔍", "load('/part/list?'+new URLSearchParams(new FormData(el('ff'))),'list')")}${tool("取號", "➕", "show('take')")}${tool("下載", "⬇", "dl()")}${tool("取號電子郵件信箱維護", "✉", "load('/part/mails','mailbody');show('mailbox')")}</div>
<div class="panel"><div class="panel-heading">查詢條件 Filter ▾</div><div class="panel-body">${filter}</div></div><div id="list"></div>
${modal("take", "取號 Take numbers", take, `<a class="btn btn-default" onclick="shut('take')">取消 Cancel</a> <a class="btn btn-primary" onclick="takeCheck()">提交取號 Submit</a>`)}
${modal("takeconfirm", "請確認取號資料 Please confirm", `<div id="sum"></div>`, `<a class="btn btn-default" onclick="shut('takeconfirm')">取消 Cancel</a> <a class="btn btn-primary" onclick="shut('takeconfirm');show('takepw')">確認 Confirm</a>`)}
${modal("takepw", "驗證密碼 Verify password", `<p>請輸入登入密碼 Please enter your password</p><input class="form-control" type="password" id="pw2" autocomplete="off">`, `<a class="btn btn-default" onclick="shut('takepw')">取消</a> <a class="btn btn-primary" onclick="takeSend()">確認授權</a>`)}
${modal("dlbox", "下載 Download", "<p>下載檔案編碼為UTF-8</p>", `<a class="btn btn-default" onclick="shut('dlbox')">否 No</a> <a class="btn btn-primary" onclick="dlgo()">是 Yes</a>`)}
${modal("mailbox", "取號電子郵件信箱維護 Notice e-mail", `<div id="mailbody"></div>`, `<a class="btn btn-default" onclick="shut('mailbox')">關閉 Close</a> <a class="btn btn-primary" onclick="send('/part/mails',el('mf'),'mailbody')">儲存 Save</a>`)}`;
}

function rows(office: Office, member: Member, form: Readonly<Record<string, string>>, at: number): string {
  const found = office.applicationsOf(member.ban, form["from"] ?? "", form["to"] ?? "", form["kind"] ?? "");
  if (found.length === 0) return alertBox("info", "查無資料 No data");
  const head = `<div class="rowx head"><div class="nar"></div><div>發票期別<br>Period</div><div>發票類別<br>Type</div><div>取用本數<br>Books</div><div>增加本數<br>Extra</div><div>已配本數<br>Allotted</div><div>是否已配號<br>Status</div></div>`;
  const line = (one: Application): string => {
    const state = office.allotted(one);
    return `<div class="rowx"><div class="nar">${state === "是" ? `<input type="checkbox" value="${one.id}">` : ""}</div><div>${local(one.period)}</div><div>${CATEGORY_NAMES[one.category]}</div><div>${one.books}</div><div>${one.extra}</div><div>${state === "否" ? 0 : one.books + one.extra}</div><div>${state}</div></div>`;
  };
  const next = at + PAGE;
  const query = new URLSearchParams({ ...form, at: String(next) });
  const rest =
    next < found.length
      ? `<div><a class="btn" onclick="more('/part/list?${esc(query.toString())}',this)">載入更多 Load more（${found.length - next}）</a></div>`
      : "";
  return (
    (at === 0 ? `<p>共 ${found.length} 筆 records</p>${head}` : "") + found.slice(at, next).map(line).join("") + rest
  );
}

function mailForm(kept: readonly string[]): string {
  const lines = (kept.length === 0 ? [""] : kept).map(
    (one) =>
      `<div class="form-group"><input class="form-control" name="mail" placeholder="name@example.com" value="${esc(one)}"></div>`,
  );
  return `<form id="mf"><div class="control-label">電子郵件信箱 E-mail（最多五組）</div><div id="mails">${lines.join("")}</div><a class="btn" onclick="addMail()">＋ 新增 Add</a></form>`;
}
