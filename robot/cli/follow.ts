import { setTimeout as delay } from "node:timers/promises";
import { openQuestions, type QuestionRow } from "../engine/questions.ts";
import { getRun, type RunRow } from "../engine/runs.ts";
import type { Store } from "../engine/store.ts";
import type { Output } from "./output.ts";

const LOOK_MS = 200;

export interface Followed {
  readonly run: RunRow;
  readonly questions: readonly QuestionRow[];
}

/** Shows what a run is doing until it ends, asks a person, or `stop` says so. Works whichever process does the run. */
export async function follow(store: Store, runId: string, output: Output, stop: AbortSignal): Promise<Followed> {
  for (;;) {
    const run = await getRun(store, runId);
    if (run.state === "ended" || stop.aborted) return { run, questions: [] };
    if (run.state === "needs-person") {
      const questions = await openQuestions(store, runId);
      if (questions.length > 0) return { run, questions };
    }
    output.progress(progressLine(run, output));
    await delay(LOOK_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}

function progressLine(run: RunRow, output: Output): string {
  const what = run.progress ?? output.say("排隊中", "queued");
  switch (run.state) {
    case "queued":
      return `· ${run.company}：${output.say("排隊中", "queued")}`;
    case "running":
      return `▶ ${run.company}：${what}`;
    case "waiting": {
      const until =
        run.waitingUntil === null
          ? ""
          : output.say(`，最晚到 ${clock(run.waitingUntil)}`, `, until ${clock(run.waitingUntil)}`);
      return `⏸ ${run.company}：${what}${until}`;
    }
    case "needs-person":
      return `？ ${run.company}：${what}`;
    case "ended":
      return "";
  }
}

/** Local to the business, whatever zone the machine is in. */
export function clock(instant: string): string {
  return new Intl.DateTimeFormat("zh-TW", {
    timeZone: "Asia/Taipei",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hour12: false,
  }).format(new Date(instant));
}
