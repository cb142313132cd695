import { once } from "node:events";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** The same site at another address, with other words. */
export async function reworded(url: string, words: (text: string) => string): Promise<string> {
  const server = createServer((asked, answer) => {
    void (async () => {
      const body = await buffer(asked);
      const { host: _host, connection: _connection, "accept-encoding": _encoding, ...rest } = asked.headers;
      const headers = new Headers(Object.entries(rest).map(([name, value]): [string, string] => [name, String(value)]));
      for (const name of ["origin", "referer"]) {
        const from = headers.get(name);
        if (from !== null) headers.set(name, from.replace(here, new URL(url).origin));
      }
      const got = await fetch(new URL(asked.url ?? "/", url), {
        method: asked.method ?? "GET",
        headers,
        redirect: "manual",
        ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
      });
      const bytes = Buffer.from(await got.arrayBuffer());
      const type = got.headers.get("content-type") ?? "text/html";
      const isText = /text|json|javascript/.test(type);
      const location = got.headers.get("location")?.replace(new URL(url).origin, here);
      answer.writeHead(got.status, {
        "content-type": type,
        "set-cookie": got.headers.getSetCookie(),
        ...(location === undefined ? {} : { location }),
      });
      answer.end(isText ? words(bytes.toString("utf8")) : bytes);
    })().catch(() => answer.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => server.close().closeAllConnections());
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  const here = `http://127.0.0.1:${address.port}`;
  return here;
}
