import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { onTestFinished } from "vitest";

/** Starts a server on loopback for the length of the test. */
export async function serve(answer: (request: IncomingMessage, body: string) => Answer): Promise<string> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const { type, body, headers } = answer(request, Buffer.concat(pieces).toString());
      response.writeHead(200, { "content-type": type, ...headers }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const at = server.address();
  if (at === null || typeof at === "string") throw new Error("The server has no port.");
  return `http://127.0.0.1:${at.port}`;
}

export interface Answer {
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/** Playwright's own viewer, as it lies in the package, and one trace. */
export async function serveViewer(trace: Buffer): Promise<string> {
  const types: Record<string, string> = { ".js": "text/javascript", ".css": "text/css", ".html": "text/html" };
  const viewer = join(
    dirname(createRequire(import.meta.url).resolve("playwright-core/package.json")),
    "lib/vite/traceViewer",
  );
  return serve(({ url = "/" }) => {
    const { pathname } = new URL(url, "http://localhost");
    if (pathname === "/trace.zip") return { type: "application/zip", body: trace };
    return { type: types[extname(pathname)] ?? "application/octet-stream", body: readFileSync(join(viewer, pathname)) };
  });
}
