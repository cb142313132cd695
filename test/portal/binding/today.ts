import { randomUUID } from "node:crypto";
import type { Hono } from "hono";
import { html } from "hono/html";
import { z } from "zod";
import type { SiteEnv } from "../common/site-env.ts";
import { CARD_TYPE } from "../model/carriers.ts";
import type { World } from "../model/world.ts";
import type { Back } from "./pages.ts";

/**
 * The page of today: the POST to BTC103I leads to `/portal/btc/btc103w/main/<token>`, one form with a captcha and a tick box, then the data and
 * 確認. The token is a JWT in Base64 that holds the card's numbers. What the tick box agrees to is made up: nobody has seen it.
 */

const MAIN = "/portal/btc/btc103w/main";

/** What somebody agrees to with the tick box. */
export const TERMS =
  "本人已閱讀並同意「電子發票整合服務平台會員載具歸戶服務條款」，同意將本會員載具之消費資訊歸戶至所填之手機條碼（演練用條文）。";

const step = z.object({
  mobile: z.string().default(""),
  verify_code: z.string().default(""),
  captcha: z.string().default(""),
  captcha_token: z.string().default(""),
  c2: z.string().optional(),
});

/** Where the browser is sent: the address holds who it is about. */
export function addressOfToday(passage: string, card: string): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const jwt = `${part({ alg: "HS256", typ: "JWT" })}.${part({ card_no1: card, card_no2: card, card_type: CARD_TYPE, jti: passage })}.${randomUUID()}`;
  return `${MAIN}/${Buffer.from(jwt).toString("base64url")}`;
}

function passageIn(token: string): string {
  const [, payload = ""] = Buffer.from(token, "base64url").toString("utf8").split(".");
  const parsed = z
    .object({ jti: z.string() })
    .safeParse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8") || "{}"));
  return parsed.success ? parsed.data.jti : "";
}

export function todaysPages(site: Hono<SiteEnv>, { carriers, signIn, config }: World): void {
  const form = (phone: string, says = "", where: Shown = config.member.messages): ReturnType<typeof html> => {
    const { token, picture } = signIn.serveCaptcha();
    return shell(
      html`<h2>會員載具歸戶</h2>
        <form method="post">
          <div class="field"><label for="mobile">手機號碼</label><input id="mobile" name="mobile" value="${phone}" placeholder="請輸入手機號碼或手機條碼" autocomplete="off" /></div>
          <div class="field"><label for="verify_code">驗證碼</label><input id="verify_code" name="verify_code" type="password" placeholder="請輸入驗證碼" autocomplete="off" /></div>
          <div class="field"><label for="captcha">圖形驗證碼</label><input id="captcha" name="captcha" maxlength="5" placeholder="請輸入圖形驗證碼" autocomplete="off" />
            <span class="code_num"><img alt="圖形驗證碼" src="data:image/png;base64,${picture.toString("base64")}" /></span>
            <button type="button" aria-label="更新圖形驗證碼" onclick="location.reload()">↻</button></div>
          <input type="hidden" name="captcha_token" value="${token}" />
          <div class="field"><input id="c2" name="c2" type="checkbox" value="Y" /><label for="c2">${TERMS}</label></div>
          ${says !== "" && where === "page" ? html`<div class="invalid-feedback">${says}</div>` : ""}
          <button type="submit" title="查詢">查詢</button>
        </form>`,
      says !== "" && where === "box" ? says : "",
    );
  };

  site.get(`${MAIN}/:token`, (context) => {
    const passage = passageIn(context.req.param("token"));
    if (carriers.backUrl(passage) === null) return context.html(shell(html`<h2>會員載具資料錯誤</h2>`));
    return context.html(form(""));
  });

  site.post(`${MAIN}/:token`, async (context) => {
    const token = context.req.param("token");
    const passage = passageIn(token);
    const sent = step.parse(await context.req.parseBody());
    if (sent.c2 === undefined) return context.html(form(sent.mobile, "請先勾選同意條款"));
    if (!signIn.spend(sent.captcha_token, sent.captcha)) return context.html(form(sent.mobile, "圖形驗證碼驗證失敗"));
    carriers.agree(passage, TERMS);
    const found = carriers.verify(passage, sent.mobile, sent.verify_code);
    if (found === null) return context.html(form(sent.mobile, "手機或驗證碼錯誤"));
    const rows = [
      ["手機條碼", found.holder.barcode],
      ["載具類別", CARD_TYPE],
      ["載具編號", found.card],
    ];
    return context.html(
      shell(
        html`<h2>請確認歸戶資料</h2>
          <dl>${rows.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>
          <form method="post" action="${MAIN}/${token}/bind"><button type="submit">確認</button> <button type="button" onclick="history.back()">取消</button></form>`,
      ),
    );
  });

  site.post(`${MAIN}/:token/bind`, (context) => {
    const passage = passageIn(context.req.param("token"));
    const refusal = carriers.bind(passage);
    const words = {
      "no-passage": "連線逾時，請重新操作",
      "bound-already": "此會員載具已歸戶，不得重複歸戶",
      stopped: "此手機條碼已停用，無法歸戶",
    };
    const url = carriers.backUrl(passage);
    const back: Back | null = url === null ? null : { url, flag: refusal === null ? "Y" : "N" };
    return context.html(
      shell(
        html`<h2>${refusal === null ? "歸戶完成" : words[refusal]}</h2>
          ${back === null ? "" : html`<form id="back" method="post" action="${back.url}"><input type="hidden" name="rtn_flag" value="${back.flag}" /></form><script>setTimeout(() => document.getElementById("back").submit(), 400);</script>`}`,
      ),
    );
  });
}

type Shown = World["config"]["member"]["messages"];

function shell(content: ReturnType<typeof html>, says = ""): ReturnType<typeof html> {
  return html`<!doctype html>
    <html lang="zh-Hant-TW">
      <head><meta charset="utf-8" /><title>財政部電子發票整合服務平台</title>
        <style>body { font-family: sans-serif; margin: 2em } .field { margin: 10px 0 } .swal2-container { position: fixed; inset: 0; background: #0006 } .swal2-popup { width: 400px; margin: 120px auto; padding: 20px; background: #fff }</style></head>
      <body>
        <p>財政部電子發票整合服務平台　演練用，非財政部網站</p>
        ${content}
        ${says === "" ? "" : html`<div class="swal2-container"><div class="swal2-popup" role="dialog"><div class="swal2-html-container">${says}</div><button type="button" onclick="this.closest('.swal2-container').remove()">確定</button></div></div>`}
      </body>
    </html>`;
}
