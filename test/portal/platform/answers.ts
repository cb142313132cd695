import type { Context } from "hono";
import type { SiteEnv } from "../common/site-env.ts";
import { taipeiIso } from "../model/clock.ts";
import type { PlatformVisitor } from "../model/platform/platform.ts";

/** Answers somebody who is signed in; anybody else is shown the sign-in page, or that the session is dead. */
export type Inside = (
  answer: (context: Context<SiteEnv>, visitor: PlatformVisitor) => Response | Promise<Response>,
) => (context: Context<SiteEnv>) => Response | Promise<Response>;

export function attachment(context: Context, { name, content }: { name: string; content: Buffer }): Response {
  return context.body(new Uint8Array(content), 200, {
    "Content-Type": "application/octet-stream",
    "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
  });
}

/** A moment as the platform prints it: `2015-01-12 14:48:37`. */
export function timeWords(time: number | null): string {
  return time === null ? "" : taipeiIso(time).slice(0, 19).replace("T", " ");
}
