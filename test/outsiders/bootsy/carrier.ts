import type { Hono } from "hono";
import { getCookie } from "hono/cookie";
import type { Office } from "../office/office.ts";
import type { Parcels } from "../office/parcels.ts";
import { formOf } from "./doors.ts";
import { alertBox, esc, frame, group } from "./look.ts";

/** Binding a member carrier: asked, shown, done, on one address. */
export function carrier(app: Hono, office: Office, parcels: Parcels): void {
  const path = "/portal/btc/btc103w/main/:parcel";
  app.post("/APCONSUMER/BTC103I/", async (c) =>
    c.redirect(`/portal/btc/btc103w/main/${parcels.take(await formOf(c))}`, 302),
  );
  app.get(path, (c) => c.html(ask("")));
  app.post(path, async (c) => {
    const form = await formOf(c);
    const parcel = c.req.param("parcel") ?? "";
    if (form["step"] === "2") {
      const why = await parcels.bind(parcel);
      return c.html(why === null ? frame(DONE) : ask(why));
    }
    if (!office.captchas.spend(getCookie(c, "cap") ?? "", form["code"] ?? ""))
      return c.html(ask("圖形驗證碼驗證失敗", form["m"]));
    if (form["ok"] === undefined) return c.html(ask("請勾選同意 Please tick the box", form["m"]));
    const holder = parcels.identify(parcel, form["m"] ?? "", form["v"] ?? "");
    if (typeof holder === "string") return c.html(ask(holder, form["m"]));
    return c.html(shown(holder.barcode, parcels.cardOf(parcel)));
  });
}

const DONE = `<div class="container"><h3>會員載具歸戶 Carrier binding</h3>${alertBox("success", "會員載具歸戶成功 Success")}<a class="btn" onclick="window.close()">關閉 Close</a></div>`;

function ask(why: string, mobile = ""): string {
  return frame(
    `<div class="container"><h3>會員載具歸戶 Carrier binding</h3>${why === "" ? "" : alertBox("danger", why)}<form method="post">${group("手機號碼或手機條碼 Mobile / barcode", `<input class="form-control" name="m" value="${esc(mobile)}">`)}${group("驗證碼 Verification code", `<input class="form-control" type="password" name="v" autocomplete="off">`)}${group("圖形驗證碼 Captcha", `<input class="form-control" name="code" maxlength="5" size="6" autocomplete="off"> <img src="/captcha.png?${Date.now()}" alt="captcha" width="150" height="40">`)}<p><label><input type="checkbox" name="ok" value="1"> 我同意將載具歸戶至手機條碼 I agree</label></p><button class="btn btn-primary">查詢 Query</button></form></div>`,
  );
}

function shown(barcode: string, card: { readonly number: string; readonly kind: string }): string {
  const row = (label: string, value: string): string =>
    `<div class="rowx"><div>${label}</div><div>${esc(value)}</div></div>`;
  return frame(
    `<div class="container"><h3>請確認資料是否正確 Please confirm</h3>${row("手機條碼 Barcode", barcode)}${row("載具類別 Type", card.kind)}${row("載具編號 Number", card.number)}<form method="post"><input type="hidden" name="step" value="2"><br><a class="btn" onclick="history.back()">返回 Back</a> <button class="btn btn-primary">確認 Confirm</button></form></div>`,
  );
}
