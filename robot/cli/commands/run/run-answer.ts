import { failureInQuestion } from "../../../engine/people/assistance.ts";
import type { AnyFlow } from "../../../engine/flow.ts";
import { heldFailure, isHeldByPage } from "../../../engine/workflow/pages-first.ts";
import type { Outcome, RunRow } from "../../../engine/runs/runs.ts";
import { failureData } from "../../../failures/failure.ts";
import type { Json } from "../../../lib/json.ts";
import { FLOWS } from "../../../../flows/index.ts";
import type { Followed } from "../../terminal/follow.ts";
import { type Answer, exitOfOutcome, type Output } from "../../terminal/output.ts";
import { questionData, questionLines } from "../../terminal/format-question.ts";

function flowOf({ flow }: Pick<RunRow, "flow">): AnyFlow | undefined {
  return FLOWS.find(({ name }) => name === flow);
}

/** What flows find out, one shape for all: those of other flows are there, too, and empty. */
export function factsOf(run: Pick<RunRow, "flow" | "result">): { readonly [fact: string]: Json } {
  const none = FLOWS.map((flow) => flow.facts(null));
  return Object.assign({}, ...none, flowOf(run)?.facts(run.result) ?? {});
}

export function answerOf({ run, questions }: Followed, output: Output): Answer {
  const [question] = questions;
  const isHeld = isHeldByPage(run);
  const outcome: Outcome = run.outcome ?? (question || isHeld ? "needs-person" : "waiting");
  const asks = question
    ? (failureInQuestion(question.context) ?? failureData("person-needed", { seen: question.text }))
    : null;
  const failure = run.failure ?? asks ?? (isHeld ? heldFailure(run) : null);
  return {
    data: {
      runId: run.id,
      outcome,
      company: run.company,
      period: run.period,
      rehearsal: run.rehearsal ? { wouldPress: run.result?.rehearsal?.wouldPress ?? null } : null,
      ...factsOf(run),
      files: run.result?.files ?? [],
      notes: run.result?.notes ?? [],
      folder: run.folder,
      questions: questions.map(questionData),
    },
    lines: [
      ...headline(run, outcome, output),
      ...resultLines(run, output),
      ...questions.flatMap((one) => questionLines(one)),
    ],
    failure,
    exit: outcome === "waiting" && run.state === "queued" ? 0 : exitOfOutcome(outcome),
  };
}

const OUTCOMES: { readonly [outcome in Outcome]: readonly [zh: string, en: string] } = {
  done: ["✓ 完成", "✓ done"],
  "already-done": ["✓ 早已完成，這次沒有送出任何東西", "✓ done before; nothing was sent this time"],
  waiting: ["⏸ 等待中；再執行一次同樣的命令就會接著做", "⏸ waiting; the same command goes on with it"],
  "needs-person": ["？ 需要人處理", "? a person is needed"],
  failed: ["✗ 沒有完成", "✗ failed"],
  unknown: ["？ 結果不明", "? outcome unknown"],
};

const REHEARSED = ["✓ 演練完成，沒有送出任何東西", "✓ rehearsed; nothing was sent"] as const;

function headline(run: RunRow, outcome: Outcome, output: Output): string[] {
  const isOver = run.rehearsal && (outcome === "done" || outcome === "already-done");
  const words = isOver ? REHEARSED : OUTCOMES[outcome];
  const rehearses =
    run.rehearsal && !isOver ? output.say("（演練，沒有送出）", " (a rehearsal, nothing was sent)") : "";
  return [`${output.say(...words)}${rehearses}：${run.company} ${run.flow} ${run.period ?? ""}（${run.id}）`];
}

export function resultLines(run: RunRow, output: Output): string[] {
  const { files = [], notes = [] } = run.result ?? {};
  return [
    ...notes.map((note) => `  ${note}`),
    ...(flowOf(run)?.tell(run.result) ?? []).map((line) => `  ${line}`),
    ...files.map(({ path, sha256 }) => `  ${output.say("檔案", "file")} ${path}\n  SHA-256 ${sha256}`),
    ...(run.folder === null ? [] : [`  ${output.say("紀錄", "record")} ${run.folder}`]),
  ];
}
