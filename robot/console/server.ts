import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer as createHttp, type Server } from "node:http";
import { createServer as createHttps } from "node:https";
import { getRequestListener } from "@hono/node-server";
import { isLoopbackHost } from "../lib/loopback.ts";
import type { ConsoleSettings } from "../config/parts/console.ts";
import { Failure } from "../failures/failure.ts";
import { listPeople } from "./access/people.ts";
import { makeLink } from "./access/sessions.ts";
import { consoleApp } from "./app.ts";
import { CONNECTION_LIMITS, type ConnectionLimits, limitConnections } from "./http/connections.ts";
import { forgetOldUploads } from "./http/uploads.ts";
import type { ConsoleContext } from "./http/console-context.ts";

/** Milliseconds between two looks for uploads that nobody has used. */
const FORGET_MS = 60 * 60_000;

export interface Console {
  /** Where it is, ending in `/`. */
  readonly url: string;
  /** An address that lets a person in once, as 管理. */
  link(person: string): Promise<string>;
  /** Answers nobody any more. */
  close(): Promise<void>;
}

/**
 * Opens the web console.
 * @throws Failure `config-invalid` where it would be reachable from other machines without TLS or without anybody's password;
 *   `wrong-use` where the port is taken
 */
export async function openConsole(
  world: ConsoleContext,
  limits: ConnectionLimits = CONNECTION_LIMITS,
): Promise<Console> {
  const settings = world.config().console;
  await demandSafe(settings, world);
  const protocol = settings.tls === null ? "http" : "https";
  const hosts = new Set<string>();
  const app = consoleApp(world, { hosts, protocol });
  const server = await serverOf(settings, limits, getRequestListener(app.fetch));
  limitConnections(server, limits);
  const port = await listen(server, settings);
  // Browsers leave out the port that the protocol has anyway.
  const usual = port === (protocol === "https" ? 443 : 80);
  for (const name of namesOf(settings)) {
    hosts.add(`${name}:${port}`);
    if (usual) hosts.add(name);
  }
  const url = consoleAddress({ ...settings, port });
  const forgetting = setInterval(() => void forgetOldUploads(world).catch(() => undefined), FORGET_MS).unref();
  return {
    url,
    link: async (person) => `${url}enter/${await makeLink(world.store, person, "manage")}`,
    async close() {
      clearInterval(forgetting);
      const closed = once(server, "close");
      server.close();
      // Live pages hold their connection for as long as they are open.
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Where a console with these settings is to be found, ending in `/`. */
export function consoleAddress(settings: ConsoleSettings): string {
  const [name = "127.0.0.1"] = namesOf(settings);
  return `${settings.tls === null ? "http" : "https"}://${name}:${settings.port}/`;
}

async function demandSafe({ host, tls, names }: ConsoleSettings, { store }: ConsoleContext): Promise<void> {
  if (isLoopbackHost(host)) return;
  const wanted = `console.host ${host}`;
  if (tls === null)
    throw new Failure("config-invalid", { wanted, seen: "別的電腦連得到，但沒有設定 console.tls（憑證與金鑰）" });
  if (names.length === 0)
    throw new Failure("config-invalid", { wanted, seen: "沒有設定 console.names（別的電腦用什麼名稱連來）" });
  if ((await listPeople(store)).length === 0) {
    const seen = "還沒有任何人有密碼；請先執行 console password --name <姓名> --role manage";
    throw new Failure("config-invalid", { wanted, seen });
  }
}

function namesOf({ host, names }: ConsoleSettings): string[] {
  const own = isLoopbackHost(host) ? ["127.0.0.1", "localhost", "[::1]"] : [];
  return [...new Set([...names, ...own])].map((name) => name.toLowerCase());
}

async function serverOf(
  { tls }: ConsoleSettings,
  { head }: ConnectionLimits,
  listener: ReturnType<typeof getRequestListener>,
): Promise<Server | ReturnType<typeof createHttps>> {
  const answer = (...args: Parameters<typeof listener>): void => void listener(...args);
  // How often it is looked which connections are too slow.
  const connectionsCheckingInterval = Math.min(head, 1_000);
  if (tls === null) return createHttp({ connectionsCheckingInterval }, answer);
  const read = (path: string): Promise<Buffer> =>
    readFile(path).catch((error: unknown) => {
      throw new Failure("config-invalid", { wanted: `讀取 ${path}`, seen: String(error) }, { cause: error });
    });
  const [cert, key] = [await read(tls.cert), await read(tls.key)];
  return createHttps({ cert, key, minVersion: "TLSv1.2", handshakeTimeout: head, connectionsCheckingInterval }, answer);
}

async function listen(
  server: Server | ReturnType<typeof createHttps>,
  { host, port }: ConsoleSettings,
): Promise<number> {
  server.listen(port, host.replace(/^\[|\]$/g, ""));
  await once(server, "listening").catch((error: unknown) => {
    const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    const seen = taken ? "這個連接埠已被使用（可能另一個 serve 正開著主控台）" : String(error);
    throw new Failure("wrong-use", { wanted: `在 ${host}:${port} 開啟主控台`, seen }, { cause: error });
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}
