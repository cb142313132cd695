import { createServer, type IncomingMessage, type Server } from "node:http";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { browserHost } from "../../../robot/browser/launch.ts";
import { typeSecret } from "../../../robot/browser/type-secret.ts";
import { loadConfig } from "../../../robot/config/load.ts";
import { Secret } from "../../../robot/lib/secret.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { download, perform } from "../../support/kit/installation/in-process.ts";
import { installed } from "../../support/kit/installation/installation.ts";
import { openPortal, THIS } from "../../support/kit/installation/portal.ts";
import { quickBrowser } from "../../support/kit/quick-browser.ts";

const PASSWORD = "Address-right-1";
const host = browserHost({ headless: true, executable: quickBrowser() });
const kept = await host.newContext();
afterAll(() => kept.close());

interface Listening {
  readonly url: string;
  readonly host: string;
}

/** A server of the attacker's, on a port of its own. */
async function listening(server: Server): Promise<Listening> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => server.close().closeAllConnections());
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  return { url: `http://127.0.0.1:${address.port}`, host: `127.0.0.1:${address.port}` };
}

/** Passes everything on to the portal, and keeps what it saw. */
function proxyTo(portal: string, seen: string[]): Server {
  return createServer((asked: IncomingMessage, answer) => {
    void (async () => {
      const body = await buffer(asked);
      seen.push(`${asked.method ?? ""} ${asked.url ?? ""} ${body.toString("utf8")}`);
      const { host: _host, connection: _connection, ...headers } = asked.headers;
      const sent = new Headers(Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]));
      const got = await fetch(new URL(asked.url ?? "/", portal), {
        method: asked.method ?? "GET",
        headers: sent,
        redirect: "manual",
        ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
      });
      const type = got.headers.get("content-type") ?? "text/html";
      const [cookie] = got.headers.getSetCookie();
      answer.writeHead(got.status, { "content-type": type, ...(cookie === undefined ? {} : { "set-cookie": cookie }) });
      const bytes = Buffer.from(await got.arrayBuffer());
      answer.end(bytes);
    })().catch(() => answer.destroy());
  });
}

test("a portal's address that was changed to a proxy gets no password: there is none for it, and it says what to do", async () => {
  const portal = await openPortal();
  onTestFinished(() => portal.close());
  const office = await installed({ portal, companies: [{ password: PASSWORD }] });
  const seen: string[] = [];
  const proxy = await listening(proxyTo(portal.url, seen));
  const written = JSON.parse(await readFile(office.configFile, "utf8"));
  await writeFile(office.configFile, JSON.stringify({ ...written, portal: { ...written.portal, address: proxy.url } }));
  const run = await perform({ ...office, config: await loadConfig(office.configFile) }, download(THIS));
  expect(run.failure).toMatchObject({ code: "secret-missing", next: expect.stringContaining("確認設定裡的網址") });
  expect(run.failure?.message).toContain(proxy.url);
  expect(seen.join("\n")).not.toContain(PASSWORD);
});

test("a secret is typed into no page and no frame of another host", async () => {
  const form = "<input type=password aria-label=密碼>";
  const page = (body: string): Server =>
    createServer((_asked, answer) => answer.setHeader("content-type", "text/html; charset=utf-8").end(body));
  const stranger = await listening(page(form));
  const own = await listening(page(`${form}<iframe src="${stranger.url}"></iframe>`));
  const around = await listening(page(`<iframe src="${own.url}"></iframe>`));
  const secret = Secret.read(PASSWORD, new Redactor(), "portal password");
  const { context } = kept;
  const tab = await context.newPage();
  const typed = async (address: string, frame: boolean): Promise<string> => {
    await tab.goto(address);
    const field = frame ? tab.frameLocator("iframe").first().getByLabel("密碼") : tab.getByLabel("密碼");
    const refused = await typeSecret(field.first(), secret, [own.host]).then(
      () => "typed",
      (error: unknown) => String(error),
    );
    expect(await field.first().inputValue()).toBe(refused === "typed" ? PASSWORD : "");
    expect(refused).not.toContain(PASSWORD);
    return refused;
  };
  expect(await typed(own.url, false)).toBe("typed");
  expect(await typed(stranger.url, false)).toContain(stranger.url);
  expect(await typed(own.url, true)).toContain(stranger.url);
  expect(await typed(around.url, true)).toContain(around.url);
});
