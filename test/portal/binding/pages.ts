import { html } from "hono/html";

/** The portal's pages of 會員載具歸戶 (portal facts, section 7), in the looks of either generation. */

type Markup = ReturnType<typeof html>;
export type Look = "membercardlogin" | "BTC103I";

export const BASES: Readonly<Record<Look, string>> = {
  membercardlogin: "/APMEMBERVAN/membercardlogin",
  BTC103I: "/APCONSUMER/BTC103I",
};

/** The portal's POST to the member site's back_url, which goes through the browser. */
export interface Back {
  readonly url: string;
  readonly flag: "Y" | "N";
}

interface Page {
  readonly look: Look;
  readonly passage: string;
  readonly content: Markup;
  /** What is said with `alert()` when the page has been shown. */
  readonly says?: string;
  readonly back?: Back | null;
}

export function bindingPage({ look, passage, content, says, back = null }: Page): Markup {
  const classic = look === "membercardlogin";
  return html`<!doctype html>
    <html lang="zh-Hant-TW">
      <head>
        <meta charset="utf-8" />
        <title>財政部電子發票整合服務平台</title>
        <style>
          body { font-family: sans-serif; margin: 2em; }
          ${classic ? "a.button { border: 1px solid #999; padding: 4px 12px; color: #000; text-decoration: none; }" : ""}
        </style>
      </head>
      <body data-says="${says ?? ""}">
        <p>財政部 E-Invoice Platform 電子發票整合服務平台 客服專線0800-521-988</p>
        <p>演練用，非財政部網站</p>
        <form id="f" method="post" action="">
          <input type="hidden" name="passage" value="${passage}" />
          <input type="hidden" name="kind" value="" />
          ${content}
        </form>
        ${back === null ? "" : html`<form id="back" method="post" action="${back.url}"><input type="hidden" name="rtn_flag" value="${back.flag}" /></form>`}
        <script>
          const form = document.getElementById("f");
          function go(to, kind) {
            form.action = "${BASES[look]}/" + to;
            form.elements.kind.value = kind || "";
            form.submit();
          }
          addEventListener("load", () => {
            const { says } = document.body.dataset;
            if (says) alert(says);
            const back = document.getElementById("back");
            if (back) back.submit();
          });
        </script>
      </body>
    </html>`;
}

/** A button: a link that looks like one in the old pages, a real one in the new. */
function button(look: Look, text: string, does: string): Markup {
  return look === "membercardlogin"
    ? html`<a class="button" href="javascript:void(0)" onclick="${does}">${text}</a>`
    : html`<button type="button" onclick="${does}">${text}</button>`;
}

export function chooseContent(look: Look): Markup {
  return html`<h3>請選擇要歸戶至哪種載具</h3>
    <p>${button(look, "自然人憑證", "go('choose','certificate')")} ${button(look, "手機條碼", "go('choose','mobile')")}</p>`;
}

export function phoneContent(look: Look, phone: string): Markup {
  const fields =
    look === "membercardlogin"
      ? html`<table>
          <tr><th>手機號碼</th><td><input name="phone" value="${phone}" /></td></tr>
          <tr><th>驗證碼</th><td><input name="code" type="password" /></td></tr>
        </table>`
      : html`<div><label for="phone">手機號碼</label><input id="phone" name="phone" value="${phone}" placeholder="請輸入手機號碼" /></div>
          <div><label for="code">驗證碼</label><input id="code" name="code" type="password" placeholder="請輸入驗證碼" /></div>`;
  return html`<h3>手機條碼歸戶</h3>
    ${fields}
    <p>${button(look, "確定", "go('verify')")} ${button(look, "取消", "history.back()")}</p>`;
}

export function confirmContent(look: Look, data: { barcode: string; type: string; card: string }): Markup {
  const rows = [
    ["手機條碼", data.barcode],
    ["載具類別", data.type],
    ["載具編號", data.card],
  ];
  const shown =
    look === "membercardlogin"
      ? html`<table>
          ${rows.map(([label, value]) => html`<tr><th>${label}</th><td>${value}</td></tr>`)}
        </table>`
      : html`<dl>${rows.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>`;
  return html`<h3>請確認資料是否正確</h3>
    ${shown}
    <p>${button(look, "確定", "go('bind')")} ${button(look, "取消", "go('choose','mobile')")}</p>`;
}

/** @param readMs after which the reader has read the card, and the page goes on by itself; null: never */
export function certificateContent(look: Look, readMs: number | null): Markup {
  return html`<h3>請插入自然人憑證，並輸入PIN碼</h3>
    <p>${button(look, "完成", "go('certificate')")}</p>
    ${
      readMs === null
        ? ""
        : html`<script>
            setTimeout(() => go("certificate"), ${readMs});
          </script>`
    }`;
}

/** The end. */
export function endContent(look: Look, words: string): Markup {
  return html`<h3>${words}</h3>
    <p>${button(look, "關閉", "window.close()")}</p>`;
}
