import type { Hono } from "hono";
import { stamp } from "./periods.ts";
import type { Office } from "./office.ts";

/** A firm's own site, where a holder starts to have a member carrier bound; what the portal answers comes back to it. */
export function memberSite(app: Hono, office: Office): void {
  const bound = new Map<string, string>();
  app.get("/member/card/:card", (c) => {
    const card = c.req.param("card");
    const at = bound.get(card);
    const state = at === undefined ? "未歸戶" : "已歸戶";
    const leave = `<div id="leave" style="display:none;border:1px solid #888;padding:12px"><p>您即將離開本站，前往財政部電子發票整合服務平台。</p><form method="post" action="/APCONSUMER/BTC103I/" target="_blank">
<input type="hidden" name="card_ban" value="12345675"><input type="hidden" name="card_no1" value="${base64(card)}"><input type="hidden" name="card_no2" value="${base64(card)}"><input type="hidden" name="card_type" value="${base64("BG0001")}"><input type="hidden" name="back_url" value="${new URL(c.req.url).origin}/member/back/${card}"><input type="hidden" name="token" value="${card}"><button>確認</button> <button type="button" onclick="document.getElementById('leave').style.display='none'">取消</button></form></div>`;
    return c.html(
      `<!doctype html><html lang="zh-TW"><head><meta charset="utf-8"><title>會員專區</title></head><body><h2>會員載具資訊</h2><table border="1"><tr><th>卡號</th><td>${card}</td></tr><tr><th>歸戶狀態</th><td>${state}</td></tr><tr><th>歸戶時間</th><td>${at ?? ""}</td></tr></table>${at === undefined ? `<p><button onclick="document.getElementById('leave').style.display='block'">立即歸戶</button></p>${leave}` : ""}</body></html>`,
    );
  });
  app.post("/member/back/:card", async (c) => {
    const form = await c.req.parseBody();
    if (form["rtn_flag"] === "Y") bound.set(c.req.param("card"), stamp(office.now));
    return c.text("OK");
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
