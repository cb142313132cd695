import type { Hono } from "hono";
import { getCookie } from "hono/cookie";
import type { Office } from "../office/office.ts";
import type { Parcels } from "../office/parcels.ts";
import { formOf } from "./numbers.ts";
import { crumb, esc, imageSubmit, page } from "./html.ts";

/** The ministry's side of binding a member carrier. */
export function carrier(app: Hono, office: Office, parcels: Parcels): void {
  const path = "/portal/btc/btc103w/main/:parcel";
  app.post("/APCONSUMER/BTC103I/", async (c) =>
    c.redirect(`/portal/btc/btc103w/main/${parcels.take(await formOf(c))}`, 302),
  );
  app.get(path, (c) => c.html(askPage(c.req.param("parcel"))));
  app.post(path, async (c) => {
    const form = await formOf(c);
    const parcel = c.req.param("parcel");
    const again = (why: string): Response | Promise<Response> => c.html(askPage(parcel, why, form["mob"]));
    if (!office.captchas.spend(getCookie(c, "CHECKCODE") ?? "", form["chk"] ?? "")) return again("圖形驗證碼驗證失敗");
    if (form["agree"] !== "Y") return again("請勾選同意事項");
    const holder = parcels.identify(parcel, form["mob"] ?? "", form["code"] ?? "");
    if (typeof holder === "string") return again(holder);
    const card = parcels.cardOf(parcel);
    return c.html(
      page(
        "會員載具歸戶",
        `${crumb("會員載具歸戶")}<form method="post" action="/portal/btc/btc103w/done/${parcel}"><p>請確認資料是否正確</p><table class="lst" cellspacing="0"><tr><td class="hd">手機條碼：</td><td>${esc(holder.barcode)}</td></tr><tr><td class="hd">載具類別：</td><td>${esc(card.kind)}</td></tr><tr><td class="hd">載具編號：</td><td>${esc(card.number)}</td></tr></table><p>${imageSubmit("確認")} <a href="/portal/btc/btc103w/main/${parcel}">返回</a></p></form>`,
      ),
    );
  });
  app.post("/portal/btc/btc103w/done/:parcel", async (c) => {
    const why = await parcels.bind(c.req.param("parcel"));
    if (why !== null) return c.html(askPage(c.req.param("parcel"), why));
    return c.html(
      page(
        "會員載具歸戶",
        `${crumb("會員載具歸戶")}<p>會員載具歸戶成功</p><p><a href="javascript:window.close()">關閉</a></p>`,
        "alert('會員載具歸戶成功');",
      ),
    );
  });
}

function askPage(parcel: string, why = "", mobile = ""): string {
  return page(
    "會員載具歸戶",
    `${crumb("會員載具歸戶")}<form method="post" action="/portal/btc/btc103w/main/${parcel}">${why === "" ? "" : `<p class="red">${esc(why)}</p>`}<table><tr><td class="hd">手機號碼或手機條碼：</td><td><input name="mob" value="${esc(mobile)}"></td></tr><tr><td class="hd">驗 證 碼：</td><td><input type="password" name="code"></td></tr><tr><td class="hd">圖形驗證碼：</td><td><input name="chk" size="6" maxlength="5"> <img src="/checkcode.do?${Date.now()}" width="150" height="40"></td></tr>
<tr><td colspan="2"><input type="checkbox" name="agree" value="Y"> 本人同意將上開會員載具歸戶至手機條碼，並已閱讀個人資料蒐集告知事項</td></tr></table><p>${imageSubmit("查詢")}</p></form>`,
  );
}
