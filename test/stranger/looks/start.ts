import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Blank } from "../blanks.ts";
import type { Category, Take } from "../rules.ts";
import { type Habits, PLAIN } from "./habits.ts";
import type { LooksLedger } from "./ledger.ts";
import { LOOKS_COMPANY, Site } from "./model.ts";

export type LooksPortal = {
  readonly url: string;
  ledger(): LooksLedger;
  takes(): Take[];
  /** Puts a take on the list that is ready, without any act. */
  seedTake(take: { period: string; category?: Category; books: number; ubn?: string }): Take;
  seedBlanks(period: string, runs: readonly Pick<Blank, "track" | "begin" | "end">[]): void;
  blanks(): readonly Blank[];
  mailboxes: string[];
  /** From now on a password that is asked for again is refused. */
  refusePasswords(): void;
  /** The digits of a picture that was given out. */
  digitsOf(png: Uint8Array): string | undefined;
  close(): Promise<void>;
};

/** Starts a portal of this look on a free loopback port. */
export async function startLook(look: Partial<Habits> = {}): Promise<LooksPortal> {
  const site = new Site({ ...PLAIN, ...look });
  const server = createServer((request, response) => {
    serve(site, request, response).catch((trouble: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(trouble));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the look got no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    ledger: () => structuredClone(site.ledger),
    takes: () => structuredClone(site.takes),
    seedTake: (take) => site.seedTake(take),
    seedBlanks: (period, runs) => site.blanks.list(LOOKS_COMPANY.ubn, period, runs),
    blanks: () => site.blanks.listed,
    mailboxes: site.company.mailboxes,
    refusePasswords: () => {
      site.refusesPasswords = true;
    },
    digitsOf: (png) => site.pictures.get(Buffer.from(png).toString("base64")),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function serve(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://look");
  if (/^\/\w+\.js$/.test(url.pathname)) {
    const file = await readFile(new URL(`site${url.pathname}`, import.meta.url));
    response.writeHead(200, { "content-type": "text/javascript; charset=utf-8" }).end(file);
    return;
  }
  if (url.pathname.startsWith("/data/") || url.pathname.startsWith("/btb/")) {
    const text = await bodyOf(request);
    const sent: unknown = text === "" ? {} : JSON.parse(text);
    const token = request.headers.authorization?.replace("Bearer ", "") ?? "";
    const { status, body } = site.answer(`${request.method} ${url.pathname}`, sent, token, url);
    response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
    response.end(JSON.stringify(body));
    return;
  }
  if (url.pathname === "/favicon.ico") {
    response.writeHead(404).end();
    return;
  }
  if (url.pathname === "/") {
    response.writeHead(302, { location: "/accounts/login" }).end();
    return;
  }
  site.ledger.pages += 1;
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end(
    `<!doctype html><html lang="zh-Hant"><head><meta charset="utf-8"><title>財政部電子發票整合服務平台</title></head>` +
      `<body><div></div><script>window.habits = ${JSON.stringify(site.habits)};</script><script type="module" src="/app.js"></script></body></html>`,
  );
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
