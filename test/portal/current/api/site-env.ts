import { randomBytes } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { z } from "zod";
import type { SiteEnv } from "../../common/site-env.ts";
import type { Session } from "../../model/sign-in.ts";
import type { World } from "../../model/world.ts";

/** An API's refusal as the portal words it: `title` for the reader, `supportId` for the help line. */
export function problem(context: Context, status: ContentfulStatusCode, title: string): Response {
  return context.json({ title, status, supportId: randomBytes(8).toString("hex") }, status);
}

/** What an API was sent, or null when it is not what the page would send. */
export async function body<T extends z.ZodType>(context: Context, schema: T): Promise<z.output<T> | null> {
  const sent: unknown = await context.req.json().catch(() => null);
  const parsed = schema.safeParse(sent);
  return parsed.success ? parsed.data : null;
}

/** The session of a request's bearer token, or null. */
export function bearerSession(world: World, context: Context): Session | null {
  return world.signIn.session(bearerToken(context), context.req.path);
}

/** Whose request it is, without touching the session. */
export function bearerBan(world: World, context: Context): string | null {
  return world.signIn.companyOf(bearerToken(context));
}

function bearerToken(context: Context): string {
  return /^Bearer (.+)$/.exec(context.req.header("Authorization") ?? "")?.[1] ?? "";
}

/** Lets nobody through without a living session, nor to a page whose function the account was not granted. */
export function signedIn(world: World, functionCode?: string): MiddlewareHandler<SiteEnv> {
  return async (context, next) => {
    const session = bearerSession(world, context);
    if (session === null) return problem(context, 401, "Session has expired, please try again.");
    if (session.mustChangePassword && functionCode !== undefined)
      return problem(context, 403, "請先變更驗證碼（密碼）");
    if (functionCode !== undefined && !session.account.functions.includes(functionCode)) {
      return problem(context, 403, "您無此功能之使用權限，請洽貴公司系統管理員");
    }
    context.set("session", session);
    return next();
  };
}
