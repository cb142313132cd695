import { Hono } from "hono";
import { html } from "hono/html";
import { z } from "zod";
import { BASES } from "../binding/pages.ts";
import { CARD_TYPE } from "../model/carriers.ts";
import { taipeiIso } from "../model/clock.ts";
import type { World } from "../model/world.ts";

/**
 * A member site: the page to which the link of its mail leads (seed 000), the form that it posts to the portal, and what the portal
 * asks and tells it.
 */
export function memberSite(world: World, portal: () => string, own: () => string): Hono {
  const { carriers, config } = world;
  const site = new Hono();

  site.get("/card/:id", (context) => {
    const card = carriers.card(context.req.param("id"));
    if (card === null) return context.html(shell(html`<p>查無資料，連結已失效</p>`), 404);
    const time = card.toldAt === null ? null : taipeiIso(card.toldAt).slice(0, 19).replace("T", " ");
    const shows = config.member.showsBarcode;
    return context.html(
      shell(
        html`<h3>會員載具資訊</h3>
          <table>
            <tr><th>卡號</th><th>歸戶狀態</th><th>歸戶時間</th>${shows ? html`<th>手機條碼</th>` : ""}</tr>
            <tr>
              <td>${card.card}</td>
              <td>${time === null ? "未歸戶" : "已歸戶"}</td>
              <td>${time ?? html`<a href="/card/${card.id}/bind">立即歸戶</a>`}</td>
              ${shows ? html`<td>${card.toldBarcode ?? ""}</td>` : ""}
            </tr>
          </table>
          <h3>發票資訊</h3>
          <p>發票 PL01618885　字軌 10804　發票日期 2019/03/26　發票時間 11:00:27</p>`,
      ),
    );
  });

  site.get("/card/:id/bind", (context) => {
    const card = carriers.card(context.req.param("id"));
    if (card === null) return context.html(shell(html`<p>查無資料</p>`), 404);
    const encoded = (text: string): string => Buffer.from(text).toString("base64");
    const fields = {
      card_ban: card.ban,
      card_no1: encoded(card.card),
      card_no2: encoded(card.card),
      card_type: encoded(CARD_TYPE),
      back_url: `${own()}/back/${card.id}`,
      token: carriers.issueToken(card.id),
    };
    const base = BASES[card.address ?? "membercardlogin"];
    const address = `${portal()}${base}${card.address === "BTC103I" ? "/" : ""}`;
    return context.html(
      shell(
        html`<h3>會員載具歸戶作業</h3>
          <p>載具號碼 ${card.card}</p>
          <p>親愛的用戶提醒您，您將會離開本平台網站，前往財政部電子發票整合服務平台。若您了解且同意繼續，請按「同意/確認」鍵，繼續進行歸戶作業。</p>
          <form method="post" action="${address}" target="_blank">
            ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
            <button>同意/確認</button>
          </form>`,
      ),
    );
  });

  site.post("/token", async (context) => {
    const { token, card_no1 } = z
      .object({ token: z.string(), card_no1: z.string() })
      .parse(await context.req.parseBody());
    return context.text(carriers.answerToken(token, card_no1));
  });

  site.post("/back/:id", async (context) => {
    const { rtn_flag } = z.object({ rtn_flag: z.enum(["Y", "N"]) }).parse(await context.req.parseBody());
    carriers.tell(context.req.param("id"), rtn_flag);
    return context.html(shell(html`<p>${rtn_flag === "Y" ? "歸戶完成" : "歸戶沒有完成"}</p>`));
  });

  return site;
}

function shell(content: ReturnType<typeof html>): ReturnType<typeof html> {
  return html`<!doctype html>
    <html lang="zh-Hant-TW">
      <head><meta charset="utf-8" /><title>雲端發票電子發票系統</title></head>
      <body><h2>雲端發票電子發票系統（演練用）</h2>${content}</body>
    </html>`;
}
