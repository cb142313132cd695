// What an old server gets and sends.
import type { IncomingMessage, ServerResponse } from "node:http";

export interface Call {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly cookies: ReadonlyMap<string, string>;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export async function receive(request: IncomingMessage, response: ServerResponse): Promise<Call> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const { pathname: path, searchParams: query } = new URL(request.url ?? "/", "http://old.test");
  const cookies = new Map(
    (request.headers.cookie ?? "").split(/; */).map((one) => [one.split("=")[0] ?? "", one.split("=")[1] ?? ""]),
  );
  return { path, query, body: Buffer.concat(parts), cookies, request, response };
}

export function fields({ body, request }: Call): URLSearchParams {
  const isForm = (request.headers["content-type"] ?? "").includes("urlencoded");
  return new URLSearchParams(isForm ? body.toString() : "");
}

export function ids(sent: URLSearchParams): number[] {
  return sent.getAll("id").map(Number);
}

/** The period and the file of a form in several parts. */
export function uploaded({ body }: Call): { readonly period: string; readonly text: string } {
  const sent = body.toString("utf8");
  const valueOf = (name: string): string =>
    new RegExp(`name="${name}"[^\\r]*\\r\\n(?:Content-Type[^\\r]*\\r\\n)?\\r\\n([^]*?)\\r\\n--`).exec(sent)?.[1] ?? "";
  return { period: valueOf("period"), text: valueOf("file") };
}

type Headers = Readonly<Record<string, string>>;

export function send(
  { response }: Call,
  type: string,
  content: string | Buffer,
  more: Headers = {},
  status = 200,
): void {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store", ...more });
  response.end(content);
}

export function html(call: Call, content: string, status = 200): void {
  send(call, "text/html; charset=utf-8", content, {}, status);
}

export function picture(call: Call, content: Buffer, more: Headers = {}): void {
  send(call, "image/png", content, more);
}

export function file(call: Call, name: string, content: string): void {
  send(call, "text/csv", content, { "content-disposition": `attachment; filename=${name}` });
}

export function redirect(call: Call, location: string, more: Headers = {}): void {
  send(call, "text/plain", "", { location, ...more }, 302);
}
