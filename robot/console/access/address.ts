import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context } from "hono";

/** The network address that a request came from, as the connection says; no header is believed. */
export function addressOf(c: Context): string {
  return getConnInfo(c).remote.address ?? "";
}
