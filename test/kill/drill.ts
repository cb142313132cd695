import { setTimeout as delay } from "node:timers/promises";
import { loadConfig } from "../../robot/config/load.ts";
import { openQuestions } from "../../robot/engine/questions.ts";
import { getRun } from "../../robot/engine/runs.ts";
import { Failure } from "../../robot/failures.ts";
import { assemble } from "../../robot/wire.ts";
import { toldCaptcha } from "../kit/told-captcha.ts";
import { orderSchema, type Told } from "./generation.ts";

/**
 * One process of the robot for a kill test, ordered by one JSON argument: does a job until it has ended or asks a person, or kills
 * itself with SIGKILL at the first of the named points that it reaches. Prints JSON lines: each point, and its end.
 */
const order = orderSchema.parse(JSON.parse(process.argv[2] ?? ""));

const tell = (line: Told): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const config = await loadConfig(order.config);
const assembled = await assemble(config, {
  captcha: toldCaptcha(order.control),
  point(effect, point) {
    const here = `${effect}@${point}`;
    tell({ point: here });
    // A SIGKILL of ourselves takes effect before the next instruction of ours; nothing after this line runs.
    if (order.deaths.includes(here)) process.kill(process.pid, "SIGKILL");
    return Promise.resolve();
  },
});
const { robot, store } = assembled;
const company = config.companies.find(({ ubn }) => ubn === order.company);
if (!company) throw new Error(`no company ${order.company} in ${order.config}`);
const { run } = await robot.submit({ flow: order.flow, company, input: order.input, startedBy: "drill" });
for (const { id } of await openQuestions(store, run.id)) {
  const question = await store.selectFrom("questions").select("kind").where("id", "=", id).executeTakeFirstOrThrow();
  const [effect = ""] = question.kind.split("：");
  const answer = order.truth[effect];
  if (answer === undefined) throw new Error(`nobody knows what to answer to ${question.kind}`);
  await robot.answer(id, answer, "drill").catch((error: unknown) => {
    // The other process of a race was quicker.
    if (!(error instanceof Failure && error.code === "question-expired")) throw error;
  });
}
await robot.work(1);
for (;;) {
  const { state, outcome, failure } = await getRun(store, run.id);
  const questions = await openQuestions(store, run.id);
  if (state === "ended" || questions.length > 0) {
    tell({ end: { runId: run.id, state, outcome, code: failure?.code ?? null, questions: questions.length } });
    break;
  }
  await delay(50);
}
await robot.stop();
await assembled.close();
