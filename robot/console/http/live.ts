import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { join } from "node:path";
import type { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { getRun } from "../../engine/runs/runs.ts";
import { now, type Store } from "../../store/store.ts";
import { EVENTS } from "../../lib/files/durable-files.ts";
import { sessionOf } from "../access/sessions.ts";
import type { ConsoleContext, Env } from "./console-context.ts";

/** Milliseconds between two looks for news, and between two signs of life where there are none. */
const LOOK_MS = 1_000;
const LIFE_MS = 15_000;

/**
 * Where a page that shows the runs, or one run, hears its news. It names what the page knows, so ask for it before reading what the
 * page shows: whatever happens afterwards, also while the page is on its way, is news.
 */
export async function liveAddress(world: ConsoleContext, run: string | null = null): Promise<string> {
  const known = await newsOf(world, run);
  return `/live?${new URLSearchParams({ ...(run === null ? {} : { run }), known }).toString()}`;
}

/**
 * Tells an open page that something it shows has changed; the page then fetches itself again. So there is one way in which a page
 * is made, and no state of a page is kept here.
 */
export function liveRoutes(app: Hono<Env>, world: ConsoleContext): void {
  app.get("/live", (c) => {
    const run = c.req.query("run") ?? null;
    const { token } = c.get("session");
    return streamSSE(c, async (stream) => {
      let known = c.req.query("known") ?? null;
      let told = performance.now();
      await stream.writeSSE({ event: "hello", data: "" });
      for (; !stream.closed && !stream.aborted; await delay(LOOK_MS)) {
        const news = await newsOf(world, run).catch(() => null);
        if (news !== null && news !== known) {
          known = news;
          told = performance.now();
          await stream.writeSSE({ event: "changed", data: "" });
        } else if (performance.now() - told > LIFE_MS) {
          // Anyone who is signed out, or whose session is over, hears nothing more.
          if ((await sessionOf(world.store, token).catch(() => null)) === null) return;
          told = performance.now();
          await stream.writeSSE({ event: "still", data: "" });
        }
      }
    });
  });
}

/** A short text that is another one whenever something of the runs that a page shows, or of one run, is. */
async function newsOf(world: ConsoleContext, runId: string | null): Promise<string> {
  const { store, robot } = world;
  const asked = await store
    .selectFrom("questions")
    .select(({ fn }) => [
      fn.countAll().as("asked"),
      fn.sum("version").as("versions"),
      fn.count("answered_at").as("answered"),
    ])
    .executeTakeFirstOrThrow();
  // A question that expires changes nothing in the store.
  const expired = await store
    .selectFrom("questions")
    .select(({ fn }) => fn.countAll().as("expired"))
    .where("expires_at", "<=", now())
    .executeTakeFirstOrThrow();
  const about = [...Object.values(asked), expired.expired, robot.trouble()?.kind];
  const shown = runId === null ? await newestOf(store) : await partsOf(store, runId);
  return createHash("sha256")
    .update(JSON.stringify([...about, ...shown]))
    .digest("base64url")
    .slice(0, 16);
}

async function newestOf(store: Store): Promise<readonly unknown[]> {
  const { at } = await store
    .selectFrom("runs")
    .select(({ fn }) => fn.max("updated_at").as("at"))
    .executeTakeFirstOrThrow();
  return [at];
}

async function partsOf(store: Store, runId: string): Promise<readonly unknown[]> {
  const { state, progress, waitingUntil, cancelRequested, folder } = await getRun(store, runId);
  const written = folder === null ? null : await stat(join(folder, EVENTS)).catch(() => null);
  return [state, progress, waitingUntil, cancelRequested, written?.size];
}
