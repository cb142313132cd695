import { setTimeout as sleep } from "node:timers/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, MiddlewareHandler } from "hono";
import type { World } from "../model/world.ts";
import type { SiteEnv } from "./site-env.ts";

type Answer = Response | Promise<Response>;

/** What a design says of itself, so that whole requests can go wrong in its own way. */
export interface Manners {
  /** Style sheets, scripts and the like: they always arrive. */
  isAsset(path: string): boolean;
  /** Pages may be challenged. */
  isPage(path: string): boolean;
  /** What may be answered with an error 500. */
  canFail(path: string): boolean;
  /** Addresses whose effect somebody may be left unsure of, with the name that faults know them by. */
  readonly submits: Readonly<Record<string, string>>;
  /** Whose request it is, without touching the session. */
  ban(context: Context): string | null;
  /** @param planned what the page says of the outage, where it was announced */
  outage(context: Context, planned: string | null): Answer;
  challenge(context: Context, language: "zh" | "en"): Answer;
  failure(context: Context): Answer;
}

/** The ordered faults that concern whole requests: outage, challenge, slowness, errors 500, cut connections, lost answers. */
export function misbehaviour(world: World, manners: Manners): MiddlewareHandler<SiteEnv> {
  const { faults, config } = world;
  return async (context, next) => {
    const { path } = context.req;
    if (manners.isAsset(path)) return next();
    notePageLoad(world, context);
    const circumstance = { path, ban: manners.ban(context) };

    const slow = faults.use("slow", circumstance);
    if (slow !== null) await sleep(slow.ms);
    const outage = faults.use("outage", circumstance);
    if (outage !== null) return manners.outage(context, outage.planned ?? null);
    const refused = isRefusedBrowser(context, config.signIn.refuseHeadless);
    const challenge = manners.isPage(path) && !refused ? faults.use("challenge", circumstance) : null;
    if (manners.isPage(path) && (refused || challenge !== null))
      return manners.challenge(context, challenge?.language ?? "zh");
    const failure = manners.canFail(path) ? faults.use("error-500", circumstance) : null;
    if (failure !== null) {
      if (failure.when === "after") await next();
      return (context.res = await manners.failure(context));
    }
    const at = manners.submits[path];
    return at === undefined ? next() : submitFaults(world, { ...circumstance, at }, context, next);
  };
}

function notePageLoad({ ledger }: World, { req }: Context<SiteEnv>): void {
  if (req.header("Sec-Fetch-Dest") !== "document") return;
  const referrer = req.header("Referer");
  ledger.append({
    type: "page-load",
    path: req.path,
    from: referrer === undefined ? null : new URL(referrer).pathname,
  });
}

/** A submit may fail in ways that leave the sender unsure: what counts is what the ledger says. */
async function submitFaults(
  { faults }: World,
  circumstance: { path: string; ban: string | null; at: string },
  context: Context<SiteEnv>,
  next: () => Promise<void>,
): Promise<Response | undefined> {
  const { socket } = context.env.incoming;
  const cut = faults.use("cut-submit", circumstance);
  if (cut !== null) {
    if (cut.when === "after") await next();
    socket.destroy();
    return (context.res = RESPONSE_ALREADY_SENT);
  }
  await next();
  if (faults.use("answer-lost", circumstance) !== null) {
    await new Promise((resolve) => socket.once("close", resolve));
    return (context.res = RESPONSE_ALREADY_SENT);
  }
  return undefined;
}

function isRefusedBrowser(context: Context, refuseHeadless: boolean): boolean {
  return refuseHeadless && (context.req.header("User-Agent") ?? "").includes("HeadlessChrome");
}
