import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadConfig } from "../../../config/load.ts";
import { openQuestions } from "../../../engine/people/questions.ts";
import { getRun, listRuns, type RunRow } from "../../../engine/runs/runs.ts";
import { failureIn } from "../../../failures/failure.ts";
import type { Json } from "../../../lib/json.ts";
import { formatTime } from "../../terminal/follow.ts";
import type { Answer, Output } from "../../terminal/output.ts";
import { questionData, questionLines } from "../../terminal/format-question.ts";
import { withStore } from "../../terminal/records.ts";
import { factsOf, resultLines } from "./run-answer.ts";

/** `runs`: the newest runs. */
export async function showRuns(options: { config?: string; limit: number }, output: Output): Promise<Answer> {
  const config = await loadConfig(options.config);
  return withStore(config, async (store) => {
    const runs = await listRuns(store, options.limit);
    return {
      data: { runs: runs.map(asData) },
      lines:
        runs.length === 0
          ? [output.say("還沒有任何執行。", "No runs yet.")]
          : runs.map(
              (run) =>
                `${run.id}  ${formatTime(run.createdAt)}  ${stateOf(run)}  ${run.company} ${run.flow} ${run.period ?? ""}`,
            ),
      exit: 0,
    };
  });
}

/** `show <run>`: one run with its timeline. */
export async function showRun(runId: string, options: { config?: string }, output: Output): Promise<Answer> {
  const config = await loadConfig(options.config);
  return withStore(config, async (store) => {
    const run = await getRun(store, runId);
    const questions = await openQuestions(store, runId);
    const timeline = run.folder === null ? [] : await readTimeline(run.folder);
    return {
      data: { ...asData(run), questions: questions.map(questionData), timeline },
      lines: [
        `${run.id}  ${stateOf(run)}  ${run.company} ${run.flow} ${run.period ?? ""}`,
        ...timeline.map(({ time, type, line }) => `  ${formatTime(time)}  ${type}  ${line}`),
        ...failureLines(run, output),
        ...resultLines(run, output),
        ...questions.flatMap(questionLines),
      ],
      exit: 0,
    };
  });
}

async function readTimeline(folder: string): Promise<{ seq: number; time: string; type: string; line: string }[]> {
  const text = await readFile(join(folder, "events.jsonl"), "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const event: { seq: number; time: string; type: string; data?: Record<string, Json> } = JSON.parse(line);
      const data = event.data ?? {};
      const words = ["line", "step", "effect", "wait", "file", "name", "state", "words"]
        .map((key) => data[key])
        .filter((one) => typeof one === "string");
      return { seq: event.seq, time: event.time, type: event.type, line: words.join(" · ") };
    });
}

/** `cancel <run>`: the run ends before its next step. */
export async function cancelRun(id: string, options: { config?: string }, output: Output): Promise<Answer> {
  const { createApp: assemble } = await import("../../../app/compose.ts");
  const assembled = await assemble(await loadConfig(options.config));
  try {
    await assembled.robot.cancel(id);
    return {
      data: { run: id },
      lines: [
        output.say(
          `已要求取消 ${id}；進行中的步驟做完就會停。`,
          `${id} is asked to stop: it ends after the step that is under way.`,
        ),
      ],
      exit: 0,
    };
  } finally {
    await assembled.close();
  }
}

function failureLines({ failure }: RunRow, { language }: Output): string[] {
  if (!failure) return [];
  const { message, next } = failureIn(failure, language);
  return [`  ✗ ${message}`, `  → ${next}`];
}

function stateOf(run: RunRow): string {
  const outcome = standingOf(run);
  return run.rehearsal ? `演練 ${outcome}` : outcome;
}

function standingOf(run: RunRow): string {
  if (run.outcome === null) return run.progress === null ? run.state : `${run.state}（${run.progress}）`;
  return run.failure ? `${run.outcome}（${run.failure.code}）` : run.outcome;
}

function asData(run: RunRow): { readonly [key: string]: Json | undefined } {
  const { id, flow, company, ubn, period, state, progress, waitingUntil, outcome, createdAt, endedAt, folder } = run;
  const facts = factsOf(run);
  return {
    runId: id,
    flow,
    company,
    ubn,
    period,
    state,
    progress,
    waitingUntil,
    outcome,
    createdAt,
    endedAt,
    folder,
    failure: run.failure ? { ...run.failure } : null,
    tracks: facts["tracks"] ?? [],
    blanks: facts["blanks"] ?? [],
    counts: facts["counts"] ?? null,
    files: run.result?.files ?? [],
  };
}
