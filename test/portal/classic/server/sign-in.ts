import { randomUUID } from "node:crypto";
import { type Context, Hono } from "hono";
import { z } from "zod";
import type { SiteEnv } from "../../common/site-env.ts";
import type { SignInRefusal } from "../../model/ledger.ts";
import type { World } from "../../model/world.ts";
import { frontPage, landingPage, passwordPage } from "../html/front.ts";
import { signInRefusals } from "../words.ts";
import { sayAndLead, setVisitorId, showPage, signedIn, visitorId } from "./visitor.ts";

const TITLE = "財政部電子發票整合服務平台";

const loginForm = z.object({
  userType: z.string(),
  ban: z.string(),
  userID: z.string(),
  password: z.string(),
  recaptchaValue: z.string(),
});
const pictureCheck = z.object({ checkString: z.string(), ban: z.string(), userID: z.string() });
const passwordForm = z.object({ old: z.string(), fresh: z.string(), again: z.string() });

/** The front page, the sign-in with its captcha, 資料設定 and 登出 (portal facts, section 2, "classic"). */
export function signInPages(world: World): Hono<SiteEnv> {
  const { signIn, ledger } = world;
  const site = new Hono<SiteEnv>();
  const pictures = new Map<string, string>();

  const front = (context: Context<SiteEnv>, refused?: { identity: string; ban: string; userId: string; why: string }) =>
    showPage(world, context, null, {
      code: "PTL001W",
      title: TITLE,
      crumbs: [],
      content: frontPage({ open: refused !== undefined, identity: "N", ban: "", userId: "", ...refused }),
      says: refused?.why,
    });

  site.get("/", (context) => context.redirect("/index"));
  site.get("/index", (context) => front(context));

  site.get("/home/randNum", (context) => {
    const { token, picture } = signIn.serveCaptcha();
    const known = visitorId(context);
    const visitor = known === "" ? randomUUID() : known;
    if (known === "") setVisitorId(context, visitor);
    pictures.set(visitor, token);
    return context.body(Uint8Array.from(picture), 200, { "Content-Type": "image/png", "Cache-Control": "no-store" });
  });

  site.post("/home/Ajax", async (context) => {
    const { checkString: captcha, ban, userID: account } = pictureCheck.parse(await context.req.parseBody());
    const captchaToken = pictures.get(visitorId(context)) ?? "";
    return context.json({ num: signIn.captchaIsRight({ ban, account, captchaToken, captcha }) ? "0" : "1" });
  });

  site.post("/Login", async (context) => {
    const form = loginForm.parse(await context.req.parseBody());
    const { ban, userID: account, password, recaptchaValue: captcha } = form;
    const refuse = (reason: SignInRefusal): Promise<Response> =>
      front(context, { identity: form.userType, ban, userId: account, why: signInRefusals[reason] });
    if (form.userType !== "B") {
      const reason = "wrong-identity";
      ledger.append({ type: "sign-in", ban, account, ok: false, reason, captchaRight: false, wrongPasswords: 0 });
      return refuse(reason);
    }
    const captchaToken = pictures.get(visitorId(context)) ?? "";
    const result = signIn.attempt({ ban, account, password, captchaToken, captcha });
    if (!result.ok) return refuse(result.reason);
    pictures.delete(visitorId(context));
    setVisitorId(context, result.session.token);
    return context.redirect(result.session.mustChangePassword ? "/APBTB/ACT101W" : "/APBTB/Main");
  });

  site.get("/APBTB/Main", signedIn(world), (context) =>
    showPage(world, context, context.get("session"), {
      code: "BTB013W",
      title: TITLE,
      crumbs: ["列表"],
      content: landingPage(),
    }),
  );

  site.get("/APBTB/ACT101W", signedIn(world, "ACT101W"), (context) => passwordSetting(context));
  site.post("/APBTB/ACT101W", signedIn(world, "ACT101W"), async (context) => {
    const { old, fresh, again } = passwordForm.parse(await context.req.parseBody());
    if (fresh !== again) return passwordSetting(context, "新密碼與新密碼確認不一致");
    if (!signIn.changePassword(context.get("session"), old, fresh)) {
      return passwordSetting(context, "原密碼錯誤，或新密碼不符規定");
    }
    return sayAndLead(context, "資料設定完成", "/APBTB/Main");
  });

  const passwordSetting = (context: Context<SiteEnv>, says?: string): Promise<Response> =>
    showPage(world, context, context.get("session"), {
      code: "ACT101W",
      title: TITLE,
      crumbs: ["會員職員申請及異動", "資料設定"],
      content: passwordPage(),
      says,
    });

  site.get("/Logout", signedIn(world, "ACT101W"), (context) => {
    signIn.signOut(context.get("session"));
    return context.redirect("/index");
  });
  return site;
}
