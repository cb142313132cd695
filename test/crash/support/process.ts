import { setTimeout as delay } from "node:timers/promises";
import type { z } from "zod";
import { openQuestions } from "../../../robot/engine/people/questions.ts";
import type { Robot } from "../../../robot/engine/workflow/robot.ts";
import { getRun, type RunRow } from "../../../robot/engine/runs/runs.ts";
import type { Store } from "../../../robot/store/store.ts";
import { Failure } from "../../../robot/failures/failure.ts";
import type { planSchema, Told } from "./generation.ts";

type Plan = z.infer<typeof planSchema>;

const tell = (line: Told): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** Prints the place, and dies there if that is its plan. */
export function passThrough(place: string, { crashPoints }: Pick<Plan, "crashPoints">): void {
  tell({ point: place });
  // A SIGKILL of ourselves takes effect before the next instruction of ours; nothing after this line runs.
  if (crashPoints.includes(place)) process.kill(process.pid, "SIGKILL");
}

/** What a question begins with whose password was right, although its sign-in was killed before the portal's answer came. */
const ABOUT_ACCOUNT = "account ";

/** The name of the act that a question is about: the question's kind begins with what the act's key ends with. */
async function actIn(store: Store, kind: string): Promise<string> {
  const [act = ""] = kind.split("/");
  const rows = await store.selectFrom("effects").select(["key", "name"]).execute();
  return rows.find(({ key }) => key.endsWith(`|${act}`))?.name ?? "";
}

/** Answers what a person was asked, then works until the run has ended or asks a person; prints its end. */
export async function runToItsEnd(
  robot: Robot,
  store: Store,
  run: RunRow,
  { truth, agrees }: Pick<Plan, "truth" | "agrees">,
): Promise<void> {
  const kindOf = async (id: string): Promise<string> =>
    (await store.selectFrom("questions").select("kind").where("id", "=", id).executeTakeFirstOrThrow()).kind;
  const give = async (id: string, answer: string): Promise<void> => {
    await robot.answer(id, answer, "drill").catch((error: unknown) => {
      // The other process of a race was quicker.
      if (!(error instanceof Failure && error.code === "question-expired")) throw error;
    });
  };
  // Those of earlier runs of the job too: whether their account may be used again.
  for (const { id } of await openQuestions(store)) {
    const kind = await kindOf(id);
    const answer = kind.startsWith(ABOUT_ACCOUNT) ? "enable" : (agrees[kind] ?? truth[await actIn(store, kind)]);
    if (answer === undefined) throw new Error(`nobody knows what to answer to ${kind}`);
    await give(id, answer);
  }
  await robot.work(1);
  for (;;) {
    const { state, outcome, failure } = await getRun(store, run.id);
    const questions = [];
    for (const question of await openQuestions(store, run.id)) {
      const yes = agrees[await kindOf(question.id)];
      if (yes === undefined) questions.push(question);
      else await give(question.id, yes);
    }
    if (state === "ended" || questions.length > 0) {
      tell({ end: { runId: run.id, state, outcome, code: failure?.code ?? null, questions: questions.length } });
      break;
    }
    await delay(50);
  }
}
