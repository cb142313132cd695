import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Hono } from "hono";
import { z } from "zod";
import type { SiteEnv } from "../../common/site-env.ts";
import type { SignInRefusal } from "../../model/ledger.ts";
import type { Session } from "../../model/sign-in.ts";
import type { World } from "../../model/world.ts";
import { bearerSession, body, problem, signedIn } from "./site-env.ts";

const titles: Readonly<Record<SignInRefusal, string>> = {
  captcha: "Image verification code verification failed.",
  credentials: "The username or password is incorrect",
  locked: "The account has been locked.",
  "wrong-identity": "The username or password is incorrect",
  "login-challenge": "The login challenge is invalid.",
};

const loginForm = z.object({
  loginType: z.literal("U"),
  userType: z.string(),
  loginChallenge: z.string(),
  ban: z.string(),
  customId: z.string(),
  password: z.string(),
  captchaToken: z.string(),
  captcha: z.string(),
});

/** The sign-in APIs with the wire shapes of portal facts, section 2. */
export function signInApi(world: World): Hono<SiteEnv> {
  const { signIn, config, ledger } = world;
  const api = new Hono<SiteEnv>();
  const challenges = new Set<string>();
  const codes = new Map<string, Session>();

  api.get("/login/api/act002i/captcha", (context) => {
    const { token, picture } = signIn.serveCaptcha();
    return context.json({ token, image: picture.toString("base64") });
  });

  api.get("/login/api/act002i/challenge", (context) => {
    const loginChallenge = randomUUID().replaceAll("-", "");
    challenges.add(loginChallenge);
    return context.json({ loginChallenge });
  });

  api.post("/login/api/client/doLogin", async (context) => {
    const form = await body(context, loginForm);
    if (form === null) return problem(context, 400, "欄位檢核錯誤");
    const { ban, customId: account, password, captchaToken, captcha } = form;
    if (!challenges.has(form.loginChallenge) || form.userType !== "B") {
      const reason = form.userType === "B" ? "login-challenge" : "wrong-identity";
      ledger.append({ type: "sign-in", ban, account, ok: false, reason, captchaRight: false, wrongPasswords: 0 });
      return problem(context, 400, titles[reason]);
    }
    const result = signIn.attempt({ ban, account, password, captchaToken, captcha });
    if (!result.ok) return problem(context, result.reason === "captcha" ? 400 : 401, titles[result.reason]);
    challenges.delete(form.loginChallenge);
    const code = randomUUID();
    codes.set(code, result.session);
    return context.json({ redirectTo: `/dashboard?code=${code}` });
  });

  api.post("/login/api/client/token", async (context) => {
    const sent = await body(context, z.object({ code: z.string() }));
    const session = sent === null ? undefined : codes.get(sent.code);
    if (sent === null || session === undefined) return problem(context, 401, "Session has expired, please try again.");
    codes.delete(sent.code);
    await sleep(config.signIn.tokenDelayMs);
    return context.json({ token: session.token });
  });

  api.get("/login/api/client/session", (context) =>
    context.json({ alive: bearerSession(world, context) !== null, jumpDelayMs: config.signIn.jumpDelayMs }),
  );

  api.post("/api/logout", signedIn(world), (context) => {
    signIn.signOut(context.get("session"));
    return context.json({ redirectTo: "/accounts/login" });
  });

  api.post("/api/verifyPassword", signedIn(world), async (context) => {
    const sent = await body(context, z.object({ password: z.string() }));
    const right = sent?.password === context.get("session").account.password;
    return right ? context.json({ verified: true }) : problem(context, 400, "驗證碼（密碼）錯誤");
  });

  api.post("/api/password", signedIn(world), async (context) => {
    const sent = await body(context, z.object({ old: z.string(), fresh: z.string() }));
    const changed = sent !== null && signIn.changePassword(context.get("session"), sent.old, sent.fresh);
    return changed
      ? context.json({ changed })
      : problem(context, 400, "原驗證碼（密碼）錯誤，或新驗證碼（密碼）不符規定");
  });

  return api;
}
