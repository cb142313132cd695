import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import type { Server } from "node:net";
import { type PortalConfig, type PortalConfigInput, portalConfigSchema } from "./config.ts";
import { bindingSite } from "./binding/site.ts";
import { classicSite } from "./classic/site.ts";
import { type Design, ShownDesign } from "./common/designs.ts";
import type { SiteEnv } from "./common/site-env.ts";
import { controlSite } from "./control/control.ts";
import { currentSite } from "./current/site.ts";
import { closeServer, listenOnLoopback, LOOPBACK } from "./loopback.ts";
import { type PracticeMailbox, smtpDelivery, startMailbox } from "./mailbox/mailbox.ts";
import { memberSite } from "./member/site.ts";
import type { Carriers } from "./model/carriers.ts";
import type { HurriedClock } from "./model/clock.ts";
import type { Fault, FaultInput } from "./model/faults.ts";
import type { LedgerEntry } from "./model/ledger.ts";
import type { Deliver } from "./model/mailing.ts";
import type { Platform } from "./model/platform/platform.ts";
import { createWorld } from "./model/world.ts";
import { platformSite } from "./platform/site.ts";

export interface PracticePortal {
  /** The site itself, `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** The control address, on a port of its own. */
  readonly controlUrl: string;
  /** A member site with carriers to bind, on a port of its own. */
  readonly memberUrl: string;
  readonly carriers: Pick<Carriers, "addHolder" | "addCard">;
  /** A value-added platform that issues the companies' invoices, on a port of its own. */
  readonly platformUrl: string;
  readonly platform: Pick<Platform, "setUnused">;
  readonly mailbox: PracticeMailbox;
  readonly clock: HurriedClock;
  /** What truly happened, oldest first. */
  ledger(): LedgerEntry[];
  /** Orders a fault. @throws {ZodError} when the order is not understood. */
  order(fault: FaultInput): Fault;
  /** Serves another design from the next request on. */
  show(design: Design): void;
  /** The answer to a captcha, or null when no such token was served. */
  captchaAnswer(token: string): string | null;
  close(): Promise<void>;
}

/**
 * Starts a practice portal with its mailbox and its control address, all on loopback.
 *
 * @throws {ZodError} when the configuration is wrong.
 */
export async function startPortal(input: PortalConfigInput = {}): Promise<PracticePortal> {
  return startConfigured(portalConfigSchema.parse(input));
}

/** The same from a configuration that has been read already. */
export async function startConfigured(config: PortalConfig): Promise<PracticePortal> {
  const { user, password, smtp } = config.mail;
  const mailbox = await startMailbox({ user, password, ports: config.ports });
  const deliver: Deliver = smtp === null ? mailbox.deliver : smtpDelivery(smtp);
  const world = createWorld(config, deliver);

  const shown = new ShownDesign(config.design, world.ledger);
  const urls = { portal: "", member: "" };
  const binding = bindingSite(world, () => `${urls.member}/token`);
  const sites = { current: currentSite(world, binding), classic: classicSite(world, binding) };
  const site = serverOf((request, env) => sites[shown.now].fetch(request, env), config.keepAlive);
  const member = serverOf(
    memberSite(
      world,
      () => urls.portal,
      () => urls.member,
    ).fetch,
    true,
  );
  const platform = serverOf(platformSite(world).fetch, config.keepAlive);
  const control = serverOf(controlSite(world, shown).fetch, true);
  const url = `http://${LOOPBACK}:${await listenOnLoopback(site, config.ports.portal)}`;
  urls.portal = url;
  urls.member = `http://${LOOPBACK}:${await listenOnLoopback(member, config.ports.member)}`;
  const platformUrl = `http://${LOOPBACK}:${await listenOnLoopback(platform, config.ports.platform)}`;
  const controlUrl = `http://${LOOPBACK}:${await listenOnLoopback(control, config.ports.control)}`;
  return {
    url,
    controlUrl,
    memberUrl: urls.member,
    carriers: world.carriers,
    platformUrl,
    platform: world.platform,
    mailbox,
    clock: world.clock,
    ledger: () => world.ledger.entries(),
    order: (fault) => world.faults.order(fault),
    show: (design) => shown.show(design),
    captchaAnswer: (token) => world.signIn.captchaAnswer(token),
    close: async () => {
      world.clock.close();
      const servers = [site, member, platform, control].map((server) => closeServer(server));
      await Promise.all([...servers, mailbox.close()]);
    },
  };
}

function serverOf(fetch: Hono<SiteEnv>["fetch"], keepAlive: boolean): Server {
  const server = createAdaptorServer({ fetch });
  // Chromium sends a request again by itself when a connection that it has used before is cut without an answer. With a connection
  // for each request a cut submit reaches the portal once, and what the ledger counts is what the robot did.
  if (!keepAlive && "maxRequestsPerSocket" in server) server.maxRequestsPerSocket = 1;
  return server;
}
