// How the old server draws its pages: tables, fonts, links that run a script, pictures as buttons.

export const DOT = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

export const head = (title: string): string =>
  `<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>${title}</title>
<style>body{font-size:13px}.t{border-collapse:collapse}.t td{border:1px solid #999;padding:3px}.l{background:#def}</style></head>`;

/** @param says what the page says in an alert as it opens */
export const page = (path: string, title: string, inner: string, says = ""): string =>
  `${head(title)}<body bgcolor="#ffffff"><table width="100%"><tr><td>現在位置 / ${path}</td></tr></table><font size="4"><b>${title}</b></font>
<hr color="orange">${inner}${says === "" ? "" : `<script>window.onload=function(){alert(${JSON.stringify(says)});}</script>`}</body></html>`;

export const link = (script: string, text: string): string =>
  `<a href="javascript:${script}"><img src="/img/x.gif" width="16" height="16" border="0" alt="">${text}</a>&nbsp;&nbsp;`;

export const imageButton = (name: string, alt: string): string =>
  `<input type="image" name="${name}" src="/img/${name}.gif" alt="${alt}" title="${alt}" width="60" height="22" style="background:#cde">`;

export const options = (choices: readonly (readonly [value: string, text: string])[], chosen: string): string =>
  choices
    .map(([value, text]) => `<option value="${value}"${value === chosen ? " selected" : ""}>${text}</option>`)
    .join("");

/** Lines of a form: what each field is called, and the field. */
export const form = (lines: readonly (readonly [label: string, field: string])[]): string =>
  `<table class="t">${lines.map(([label, field]) => `<tr><td class="l">${label}</td><td>${field}</td></tr>`).join("")}</table>`;

/** A list whose header is a row like the others. */
export const list = (header: readonly string[], rows: readonly (readonly string[])[], empty = "查無資料"): string => {
  const line = (cells: readonly string[], more = ""): string =>
    `<tr${more}>${cells.map((cell) => `<td>${cell === "" ? "&nbsp;" : cell}</td>`).join("")}</tr>`;
  const body =
    rows.length > 0 ? rows.map((row) => line(row)).join("") : `<tr><td colspan="${header.length}">${empty}</td></tr>`;
  return `<table class="t">${line(header, ' bgcolor="#ccddee"')}${body}</table>`;
};

export const frames = `${head("電子發票整合服務平台")}<frameset rows="50,*" border="0"><frame name="top" src="/top.jsp" scrolling="no">
<frameset cols="230,*"><frame name="menu" src="/menu.jsp"><frame name="main" src="/home.jsp"></frameset></frameset></html>`;

const says = { captcha: "圖形驗證碼驗證失敗", credentials: "使用者帳號或密碼錯誤" } as const;

/** The sign-in: behind a button drawn as a picture; the captcha comes when its field has the focus. */
export const signInPage = (refused: keyof typeof says | null): string =>
  `${head("財政部電子發票整合服務平台")}<body><table width="100%" bgcolor="#336699"><tr><td><font color="white" size="5">財政部電子發票整合服務平台</font></td>
<td align="right"><a href="javascript:show()"><img src="/img/login.gif" alt="登入" width="60" height="24" border="0" style="background:#fc6"></a></td></tr></table>
<div id="panel" style="display:none"><form name="L" action="/login.do" method="post">${form([
    [
      "登入身分：",
      `<select name="kind">${options(
        [
          ["", "請選擇"],
          ["C", "消費者"],
          ["B", "營業人/扣繳單位"],
          ["A", "專業代理人"],
        ],
        "",
      )}</select>`,
    ],
    ["統一編號：", `<input type="text" name="ban" maxlength="8">`],
    ["帳　　號：", `<input type="text" name="user">`],
    ["密　　碼：", `<input type="password" name="password">`],
    [
      "圖形驗證碼：",
      `<input type="text" name="digits" maxlength="5" size="6" onfocus="draw()"> <img id="pic" alt="" style="display:none" width="150" height="40"> <a href="javascript:draw(1)">換一張</a>`,
    ],
  ])}${imageButton("submit", "登入")}</form></div><p>客服專線：0800-521-988</p>
<script>function show(){document.getElementById("panel").style.display="block";}
function draw(anew){var i=document.getElementById("pic");if(anew||i.style.display=="none"){i.src="/picture?"+new Date().getTime();i.style.display="inline";}}
${refused === null ? "" : `window.onload=function(){alert("${says[refused]}");show();}`}</script></body></html>`;

type Branch = readonly [text: string, to: string | readonly Branch[]];

/** A tree in a frame of its own, folded up. */
export function menu(tree: readonly Branch[]): string {
  let count = 0;
  const draw = (branches: readonly Branch[], depth: number): string =>
    branches
      .map(([text, to]) => {
        const pad = `<div style="padding-left:${depth * 14}px">`;
        if (typeof to === "string") return `${pad}・<a href="${to}" target="main">${text}</a></div>`;
        const id = `n${count++}`;
        return `${pad}<img src="/img/plus.gif" width="9" height="9" onclick="fold('${id}')"> <a href="javascript:fold('${id}')">${text}</a></div>
<div id="${id}" style="display:none">${draw(to, depth + 1)}</div>`;
      })
      .join("");
  return `${head("menu")}<body bgcolor="#eeeeee"><b>營業人功能選單</b>${draw(tree, 0)}<br><a href="/logout.do" target="_top">登出</a>
<script>function fold(id){var e=document.getElementById(id);e.style.display=e.style.display=="none"?"block":"none";}</script></body></html>`;
}
