import { html } from "hono/html";
import { linkButton, type Markup } from "./parts.ts";

export const identities: readonly { readonly value: string; readonly text: string }[] = [
  { value: "N", text: "消費者" },
  { value: "B", text: "營業人" },
  { value: "A", text: "專業代理人" },
  { value: "D", text: "受贈團體" },
  { value: "G", text: "政府機關·學校" },
];

const news = [
  "配合電子發票實施作業要點修正，請於次期開始十日內上傳空白未使用字軌號碼",
  "電子發票專用字軌號碼取號作業時程公告",
  "統一發票中獎號碼已公布於本平台",
];

/** The front page with the sign-in panel; after a refusal the panel is open again. */
export function frontPage(panel: { open: boolean; identity: string; ban: string; userId: string }): Markup {
  const { open, identity, ban, userId } = panel;
  const options = identities.map(
    ({ value, text }) => html`<option value="${value}" ${value === identity ? "selected" : ""}>${text}</option>`,
  );
  return html`<div class="front">
    <p class="sign-in"><a id="loginBtn" class="big" href="javascript:void(0)" data-do="open-panel">登入</a></p>
    <div id="evn_geobox" style="display: ${open ? "table" : "none"}">
      <form id="loginForm" method="post" action="/Login" autocomplete="off">
        <table class="form">
          <tr>
            <th>登入身分</th>
            <td>
              <select id="loginSelect" name="userType">
                ${options}
              </select>
            </td>
          </tr>
          <tr class="person">
            <th>手機號碼</th>
            <td><input type="text" id="l0_mobile" name="mobile" maxlength="10" /></td>
          </tr>
          <tr class="person">
            <th>驗證碼</th>
            <td><input type="password" id="l0_password" name="pincode" /></td>
          </tr>
          <tr class="office">
            <th>統一編號</th>
            <td><input type="text" id="l1_ban" name="ban" maxlength="8" value="${ban}" /></td>
          </tr>
          <tr class="office">
            <th>帳號</th>
            <td><input type="text" id="l1_userID" name="userID" value="${userId}" /></td>
          </tr>
          <tr class="office">
            <th>密碼</th>
            <td><input type="password" id="l1_password" name="password" /></td>
          </tr>
          <tr>
            <th>圖形驗證碼</th>
            <td>
              <input type="text" id="checkPicIndex" name="recaptchaValue" maxlength="5" size="8" />
              <span id="picture" style="display: none">
                <img id="randPicIndex" alt="圖形驗證碼" />
                <a href="javascript:void(0)" data-do="refresh-picture">更換圖片</a>
              </span>
            </td>
          </tr>
        </table>
        <p class="buttons"><input type="submit" id="button" value="登入" /></p>
      </form>
    </div>
    <h2>最新消息</h2>
    <ul class="news">
      ${news.map((text) => html`<li>${text}</li>`)}
    </ul>
    <p>客服專線：0800-521-988（24小時服務）</p>
  </div>`;
}

/** 資料設定: the page a forced change of the password leads to. */
export function passwordPage(): Markup {
  const row = (label: string, name: string): Markup =>
    html`<tr>
      <th>${label}</th>
      <td><input type="password" name="${name}" autocomplete="off" /></td>
    </tr>`;
  return html`<h2>資料設定</h2>
    <p class="red">為保障帳號安全，首次登入或系統要求時，請先變更密碼後再使用其他功能。</p>
    <form method="post" action="/APBTB/ACT101W">
      <table class="form">
        ${row("原密碼", "old")}${row("新密碼", "fresh")}${row("新密碼確認", "again")}
      </table>
      <p class="buttons">${linkButton("儲存", "ok", { "data-do": "post" })}</p>
    </form>`;
}

/** What stands on the page after the sign-in. */
export function landingPage(): Markup {
  return html`<h2>列表</h2>
    <p class="notes-head">注意事項</p>
    <ul class="notes">
      <li>請記得維護您的個人資料，以確保權益。</li>
      <li>配合電子發票實施作業要點，請於次期開始十日內上傳空白未使用之字軌號碼。</li>
    </ul>`;
}
