import type { Context, Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Office } from "../office/office.ts";
import type { Member } from "../office/records.ts";
import { alertBox, chips, frame, group, modal } from "./look.ts";

export function memberOf(office: Office, c: Context): Member | undefined {
  return office.memberOf(getCookie(c, "sid"));
}

/** What was sent, as words only. */
export async function formOf(c: Context): Promise<Readonly<Record<string, string>>> {
  const body = await c.req.parseBody({ all: true });
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      [value]
        .flat()
        .filter((one) => typeof one === "string")
        .map((one) => one.trim())
        .join("\n"),
    ]),
  );
}

/** Front page with the sign-in in a box, and the page after it. */
export function doors(app: Hono, office: Office): void {
  app.get("/", (c) =>
    c.html(front(c.req.query("timeout") === undefined ? "" : "連線逾時 Session has expired, please try again.")),
  );
  app.get("/captcha.png", (c) => {
    const drawn = office.captchas.draw();
    setCookie(c, "cap", drawn.token, { path: "/" });
    return c.body(new Uint8Array(drawn.png), 200, { "Content-Type": "image/png", "Cache-Control": "no-store" });
  });
  app.post("/login", async (c) => {
    const form = await formOf(c);
    const answer = office.signIn({
      ban: form["ubn"] ?? "",
      user: form["account"] ?? "",
      password: form["secret"] ?? "",
      captchaToken: getCookie(c, "cap") ?? "",
      captcha: form["code"] ?? "",
    });
    if ("refused" in answer) return c.html(front(answer.refused, form["ubn"], form["account"]));
    setCookie(c, "sid", answer.token, { path: "/", httpOnly: true });
    return c.redirect("/home");
  });
  app.get("/logout", (c) => {
    office.signOut(getCookie(c, "sid") ?? "");
    deleteCookie(c, "sid", { path: "/" });
    return c.redirect("/");
  });
  app.get("/home", (c) => {
    const member = memberOf(office, c);
    return member === undefined ? c.redirect("/") : c.html(home(member));
  });
}

function front(why: string, ubn = "", account = ""): string {
  const who = chips(
    "who",
    [
      ["c", "消費者 Consumer"],
      ["b", "營業人 Business"],
      ["p", "專業代理人 Agent"],
    ],
    why === "" ? "c" : "b",
  );
  const form = `<form id="lf" method="post" action="/login">${group("身分 Identity", `<span data-who>${who}</span>`)}${why === "" ? "" : alertBox("danger", why)}
<div id="biz" style="display:${why === "" ? "none" : "block"}">${group("統一編號 UBN", `<input class="form-control" name="ubn" maxlength="8" value="${ubn}">`)}${group("帳號 Account", `<input class="form-control" name="account" autocomplete="off" value="${account}">`)}${group("密碼 Password", `<input class="form-control" type="password" name="secret" autocomplete="off">`)}${group("圖形驗證碼 Captcha", `<input class="form-control" name="code" maxlength="5" size="6" autocomplete="off"> <img id="cap" src="/captcha.png" alt="captcha" width="150" height="40"> <a title="更新圖形驗證碼" onclick="el('cap').src='/captcha.png?'+Date.now()" style="cursor:pointer">↻</a>`)}</div></form>
<script>document.querySelector('[data-who]').addEventListener('change',function(e){document.getElementById('biz').style.display=e.target.value==='b'?'block':'none'})</script>`;
  return frame(
    `<div class="navbar"><b>E-Invoice Platform 電子發票整合服務平台</b><span style="flex:1"></span><a class="btn" onclick="show('login')">登入 Login</a></div><div class="container"><h3>最新消息 News</h3><p>2026-11-20 字軌號碼取號作業公告</p></div>${modal("login", "會員登入 Sign in", form, `<a class="btn btn-default" onclick="shut('login')">取消 Cancel</a> <a class="btn btn-primary" onclick="el('lf').submit()">登入 Login</a>`)}${why === "" ? "" : `<script>addEventListener('load',function(){show('login')})</script>`}
<div class="cookie" id="ck">本網站使用 Cookie 以提供服務，繼續瀏覽即表示您同意隱私權政策。 <a class="btn" onclick="shutBar()">同意 Accept</a><span class="x" onclick="shutBar()">✕</span></div><script>function shutBar(){document.getElementById('ck').remove();sessionStorage.ck=1}if(sessionStorage.ck)shutBar()</script>`,
  );
}

const MENU: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    "字軌號碼 Tracks ▾",
    [
      ["電子發票專用字軌號碼取號", "/part/numbers"],
      ["總機構上傳分支機構配號檔作業", "/part/none"],
    ],
  ],
  ["申報 Filing ▾", [["上傳空白未使用發票號碼", "/part/blanks"]]],
  [
    "查詢與下載 Query ▾",
    [
      ["漏上傳資料清冊", "/part/missing"],
      ["未依限或未據實上傳明細", "/part/late"],
      ["媒體申報檔下載(非即時)", "/part/none"],
    ],
  ],
];

function home(member: Member): string {
  const menus = MENU.map(
    ([words, items]) =>
      `<div class="dropdown"><span>${words}</span><div class="dropdown-menu">${items.map(([item, url]) => `<a onclick="open_('${url}')">${item}</a>`).join("")}</div></div>`,
  ).join("");
  return frame(
    `<div class="navbar"><b>E-Invoice</b>${menus}<span style="flex:1"></span><div class="dropdown"><span>👤 ${member.name} ▾</span><div class="dropdown-menu"><a href="/logout">登出 Logout</a></div></div></div><div class="container" id="main"><h3>待辦事項 To-do</h3><p>尚未接收確認 Pending：0</p></div>
${modal("news", "系統公告 Notice", "<p>115年11-12月期字軌號碼開放取號，請於期限內辦理。</p><label><input type='checkbox'> 今日不再顯示 Don't show again today</label>", `<a class="btn btn-primary" onclick="shut('news')">我知道了 Got it</a>`)}<script>setTimeout(function(){if(!sessionStorage.nw){sessionStorage.nw=1;show('news')}},700)</script>`,
  );
}
