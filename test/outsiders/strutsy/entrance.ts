import type { Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { Office } from "../office/office.ts";
import type { Member } from "../office/records.ts";
import { buttonPicture, crumb, imageSubmit, options, page, says } from "./html.ts";

const COOKIE = "JSESSIONID";

export function memberOf(office: Office, c: Context): Member | undefined {
  return office.memberOf(getCookie(c, COOKIE));
}

/** The doors: front page, sign-in, frames, menu, sign-out. */
export function entrance(app: Hono, office: Office): void {
  app.get("/", (c) => c.html(frontPage(c.req.query("who") ?? "1")));
  app.get("/img/b.gif", (c) => c.body(buttonPicture(c.req.query("t") ?? ""), 200, { "Content-Type": "image/svg+xml" }));
  app.get("/checkcode.do", (c) => {
    const drawn = office.captchas.draw();
    setCookie(c, "CHECKCODE", drawn.token, { path: "/" });
    return c.body(new Uint8Array(drawn.png), 200, { "Content-Type": "image/png", "Cache-Control": "no-store" });
  });
  app.post("/login.do", async (c) => {
    const form = await c.req.parseBody();
    const text = (name: string): string => {
      const value = form[name];
      return typeof value === "string" ? value.trim() : "";
    };
    const answer = office.signIn({
      ban: text("userBan"),
      user: text("userId"),
      password: text("userPwd"),
      captchaToken: getCookie(c, "CHECKCODE") ?? "",
      captcha: text("checkPic"),
    });
    if ("refused" in answer) return c.html(says(answer.refused, "location.href='/?who=2'"));
    setCookie(c, COOKIE, answer.token, { path: "/", httpOnly: true });
    return c.redirect("/APMain/Main.do");
  });
  app.get("/logout.do", (c) => {
    office.signOut(getCookie(c, COOKIE) ?? "");
    setCookie(c, COOKIE, "", { path: "/", maxAge: 0 });
    return c.html(says("您已登出", "top.location.href='/'"));
  });
  app.get("/APMain/Main.do", (c) => {
    if (memberOf(office, c) === undefined) return c.redirect("/");
    return c.html(`<html><head><title>電子發票整合服務平台</title></head>
<frameset rows="46,*" border="0"><frame name="topFrame" src="/APMain/top.do" scrolling="no"><frameset cols="230,*">
<frame name="leftFrame" src="/APMain/left.do"><frame name="mainFrame" src="/APMain/welcome.do"></frameset></frameset></html>`);
  });
  app.get("/APMain/top.do", (c) => c.html(topFrame(memberOf(office, c))));
  app.get("/APMain/left.do", (c) => c.html(leftFrame()));
  app.get("/APMain/welcome.do", (c) => c.html(welcome()));
}

function frontPage(who: string): string {
  const fields =
    who === "1"
      ? `<tr><td class="hd">手機號碼：</td><td><input name="mobile" size="14"></td></tr><tr><td class="hd">驗證碼：</td><td><input type="password" name="pw" size="14"></td></tr>`
      : `<tr><td class="hd" nowrap>統 一 編 號：</td><td><input name="userBan" size="12" maxlength="8"></td></tr>
<tr><td class="hd" nowrap>帳　　號：</td><td><input name="userId" size="12" autocomplete="off"></td></tr>
<tr><td class="hd" nowrap>密　　碼：</td><td><input type="password" name="userPwd" size="12" autocomplete="off"></td></tr>
<tr><td class="hd" nowrap>圖形驗證碼：</td><td><input name="checkPic" size="6" maxlength="5" onfocus="showPic()" autocomplete="off"> <img id="pic" width="150" height="40" style="display:none"><br><a href="javascript:showPic(1)">換一張</a></td></tr>`;
  return page(
    "財政部電子發票整合服務平台",
    `<table width="100%"><tr><td colspan="2" bgcolor="#e0efd8"><font size="5">財政部電子發票整合服務平台</font></td></tr><tr>
<td valign="top" width="60%"><table><tr><td><b>最新消息</b></td></tr><tr><td>115/11/02　電子發票字軌號碼取號作業提醒</td></tr><tr><td>115/10/20　系統維護公告</td></tr></table></td>
<td valign="top"><form method="post" action="/login.do"><table border="1" cellspacing="0"><tr><td class="hd">登入身分：</td><td><select name="who" onchange="location.href='/?who='+this.value">${options(
      [
        ["1", "消費者"],
        ["2", "營業人／扣繳單位"],
        ["3", "專業代理人"],
        ["4", "受贈團體"],
      ],
      who,
    )}</select></td></tr>${fields}<tr><td colspan="2" align="center">${imageSubmit("登入", 'name="login"')} <a href="#">忘記密碼</a></td></tr></table></form></td></tr></table>
<hr><font size="1">客服專線 0800-521-988</font>`,
    `var shown=false; function showPic(again){ if(shown&&!again) return; shown=true; var p=document.getElementById('pic'); setTimeout(function(){ p.src='/checkcode.do?'+new Date().getTime(); p.style.display=''; },250); }`,
  );
}

function topFrame(member: Member | undefined): string {
  return page(
    "top",
    `<table width="100%"><tr><td><b>財政部電子發票整合服務平台</b></td><td align="right">${member?.name ?? ""}（${member?.ban ?? ""}）您好 | <a href="/APMain/welcome.do" target="mainFrame">回首頁</a> | <a href="/logout.do" target="_top">登出</a></td></tr></table>`,
  );
}

function leftFrame(): string {
  const item = (words: string, url: string): string =>
    `<tr><td>&nbsp;&nbsp;<a href="${url}" target="mainFrame">${words}</a></td></tr>`;
  const group = (id: string, words: string, items: string): string =>
    `<tr><td><a href="javascript:tg('${id}')"><span id="s${id}">＋</span>${words}</a></td></tr><tr id="g${id}" style="display:none"><td><table>${items}</table></td></tr>`;
  return page(
    "left",
    `<table><tr><td><b>功能選單</b></td></tr>${group("1", "電子發票查詢", item("查詢發票", "/x.do"))}${group(
      "2",
      "電子發票專用字軌號碼取號",
      item("電子發票字軌號碼取號(營業人)", "/btb004/query.do") +
        item("總機構上傳分支機構配號檔作業", "/x.do") +
        item("上傳空白未使用發票號碼", "/btb006/query.do"),
    )}${group("3", "查詢與下載", item("漏上傳資料清冊", "/btb010/missing.do") + item("未依限或未據實上傳明細", "/btb010/late.do") + item("媒體申報檔下載(非即時)", "/x.do"))}${group("4", "接收方式及授權", item("設定接收方式及授權", "/x.do"))}</table>`,
    `function tg(i){ var g=document.getElementById('g'+i),o=g.style.display=='none'; g.style.display=o?'':'none'; document.getElementById('s'+i).innerHTML=o?'－':'＋'; }`,
  );
}

function welcome(): string {
  return page(
    "待辦事項",
    `${crumb("首頁", "待辦事項")}<p>尚未接收確認</p><table class="lst"><tr><td class="t">作業名稱</td><td class="t">尚未接收筆數</td></tr><tr><td>存證資料</td><td>0</td></tr></table>
<div class="note" id="n1"><table width="100%"><tr><td><b>系統公告</b></td><td align="right"><img src="/img/b.gif?t=X" alt="關閉" style="cursor:hand" onclick="document.getElementById('n1').style.display='none'"></td></tr>
<tr><td colspan="2">115年11-12月期之字軌號碼，請於期限前完成取號。公告關閉後仍可於最新消息查詢。</td></tr><tr><td colspan="2" align="center"><input type="button" value="關 閉" onclick="document.getElementById('n1').style.display='none'"></td></tr></table></div>`,
  );
}
