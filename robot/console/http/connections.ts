import type { Server } from "node:http";
import type { Server as SecureServer } from "node:https";

/** How long a connection may say nothing, and how many there may be. Times in milliseconds. */
export interface ConnectionLimits {
  /** From the opening of a connection, or its last answer, to the end of a request's head. */
  readonly head: number;
  /** Until a whole request has come, with its files. */
  readonly request: number;
  /** Without a byte in either direction. An open page that waits for news hears a sign of life every 15 s. */
  readonly silent: number;
  /** Connections from one address, and from all together. Behind one address may be a whole office. */
  readonly perAddress: number;
  readonly all: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  head: 10_000,
  request: 5 * 60_000,
  silent: 120_000,
  perAddress: 250,
  all: 1_000,
};

/** Closes connections that send nothing or too slowly, and refuses more than there is room for. */
export function limitConnections(server: Server | SecureServer, limits: ConnectionLimits): void {
  server.headersTimeout = limits.head;
  server.requestTimeout = limits.request;
  server.setTimeout(limits.silent);
  server.maxConnections = limits.all;
  const open = new Map<string, number>();
  server.on("connection", (socket) => {
    const address = socket.remoteAddress ?? "";
    const now = (open.get(address) ?? 0) + 1;
    if (now > limits.perAddress) {
      socket.destroy();
      return;
    }
    open.set(address, now);
    socket.once("close", () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
  });
}
