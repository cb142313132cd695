import { setTimeout as delay } from "node:timers/promises";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { getRun } from "../engine/runs.ts";
import { EVENTS } from "../recording/folder.ts";
import { sessionOf } from "./access/sessions.ts";
import type { ConsoleWorld, Env } from "./world.ts";

/** Milliseconds between two looks for news, and between two signs of life where there are none. */
const LOOK_MS = 1_000;
const LIFE_MS = 15_000;

/**
 * Tells an open page that something it shows has changed; the page then fetches itself again. So there is one way in which a page
 * is made, and no state of a page is kept here.
 */
export function liveRoutes(app: Hono<Env>, world: ConsoleWorld): void {
  app.get("/live", (c) => {
    const run = c.req.query("run") ?? null;
    const { token } = c.get("session");
    return streamSSE(c, async (stream) => {
      let known = await newsOf(world, run).catch(() => null);
      let told = performance.now();
      await stream.writeSSE({ event: "hello", data: "" });
      while (!stream.closed && !stream.aborted) {
        await delay(LOOK_MS);
        const news = await newsOf(world, run).catch(() => null);
        if (news !== null && news !== known) {
          known = news;
          told = performance.now();
          await stream.writeSSE({ event: "changed", data: "" });
        } else if (performance.now() - told > LIFE_MS) {
          // Whoever is signed out, or whose session is over, hears nothing more.
          if ((await sessionOf(world.store, token).catch(() => null)) === null) return;
          told = performance.now();
          await stream.writeSSE({ event: "still", data: "" });
        }
      }
    });
  });
}

/** A text that changes whenever what is shown of the runs, or of one run, does. */
async function newsOf(world: ConsoleWorld, runId: string | null): Promise<string> {
  const { store } = world;
  const questions = await store
    .selectFrom("questions")
    .select(({ fn }) => [fn.countAll().as("asked"), fn.count("answered_at").as("answered")])
    .executeTakeFirstOrThrow();
  const about = `${questions.asked} ${questions.answered} ${world.robot.trouble()?.kind ?? ""}`;
  if (runId === null) {
    const runs = await store
      .selectFrom("runs")
      .select(({ fn }) => fn.max("updated_at").as("at"))
      .executeTakeFirstOrThrow();
    return `${about} ${runs.at ?? ""}`;
  }
  const run = await getRun(store, runId);
  const written = run.folder === null ? null : await stat(join(run.folder, EVENTS)).catch(() => null);
  return [about, run.state, run.progress, run.waitingUntil, run.cancelRequested, written?.size].join(" ");
}
