import { z } from "zod";
import { isLoopbackHost } from "../../lib/loopback.ts";
import { duration } from "../fields/duration.ts";
import { path } from "../fields/path.ts";

/** The web console that `serve` opens. It is for this machine only, unless the settings say otherwise. */
export const consoleSettings = z.strictObject({
  /** Address to listen on. Another than loopback is refused without TLS and a person who has a password. */
  host: z.string().min(1).default("127.0.0.1"),
  /** 0: any that is free. */
  port: z.int().min(0).max(65_535).default(8470),
  /** Names by which other machines reach it; a request for any other name is refused. */
  names: z.array(z.string().regex(/^[a-z0-9.-]+$/i, "主機名稱只寫名稱，不含 https:// 和連接埠")).default([]),
  /** PEM files: certificate (with its chain) and key. */
  tls: z.strictObject({ cert: path(), key: path() }).nullable().default(null),
  /** How long somebody stays signed in. */
  session: duration.prefault("12h"),
  /** Where files are kept that people hand over in the browser, until their run has taken them into its record. */
  uploads: path().prefault("var/uploads"),
  /** How long one of them waits for its run; a run takes it into its record with its first step. */
  uploadsKept: duration.prefault("30d"),
  /** Bytes of all of them together; what would be more is refused. */
  uploadsMaxBytes: z.int().positive().default(2_000_000_000),
});

export type ConsoleSettings = z.output<typeof consoleSettings>;

/** Whether an address is this console's, by whichever of its names. Port 0 is known to nobody before it is opened. */
export function isConsoleAddress({ host, port, names }: ConsoleSettings, url: URL): boolean {
  const own = url.port === "" ? (["https:", "wss:"].includes(url.protocol) ? 443 : 80) : Number(url.port);
  if (own !== port) return false;
  const name = url.hostname.toLowerCase();
  const isOwn = name === host.toLowerCase() || names.some((one) => one.toLowerCase() === name);
  // What listens on this machine is reached by these, too.
  return isOwn || isLoopbackHost(name) || name.endsWith(".localhost") || ["0.0.0.0", "[::]"].includes(name);
}
