import { parseArgs } from "node:util";
import { setTimeout as delay } from "node:timers/promises";
import { loadConfig } from "../../robot/config/load.ts";
import { openQuestions } from "../../robot/engine/questions.ts";
import { getRun } from "../../robot/engine/runs.ts";
import type { CaptchaReader } from "../../robot/login/captcha/reader.ts";
import { assemble } from "../../robot/wire.ts";

/**
 * One process of the robot for a kill test: does a job until its effects are settled, or kills itself with SIGKILL at a named
 * point of an effect. Prints one JSON line when it gets to its end.
 *
 *   node test/kill/drill.ts --config c.json --control http://… --company 12345675 --input '{"period":…}' [--kill "提交取號@pressed"]
 *   --trace prints each point that is reached, as `effect@point`, before anything else happens there.
 */
const { values } = parseArgs({
  options: {
    config: { type: "string", default: "" },
    control: { type: "string", default: "" },
    company: { type: "string", default: "" },
    input: { type: "string", default: "{}" },
    kill: { type: "string", default: "" },
    trace: { type: "boolean", default: false },
  },
});

/** Asks the portal's control address: signing in is not what is proved here. */
const toldCaptcha: CaptchaReader = {
  async read(picture) {
    const response = await fetch(new URL("/captcha", values.control), { method: "POST", body: Buffer.from(picture) });
    const { answer }: { answer?: string } = await response.json();
    return { text: answer ?? "", confidence: answer === undefined ? 0 : 1, refused: answer === undefined };
  },
  close: () => Promise.resolve(),
};

const config = await loadConfig(values.config);
const assembled = await assemble(config, {
  captcha: toldCaptcha,
  point(effect, point) {
    const here = `${effect}@${point}`;
    if (values.trace) process.stdout.write(`${JSON.stringify({ point: here })}\n`);
    if (here === values.kill) process.kill(process.pid, "SIGKILL");
    // A SIGKILL of ourselves takes effect before the next instruction of ours; nothing after this line runs.
    return Promise.resolve();
  },
});
const { robot, store } = assembled;
const company = config.companies.find(({ ubn }) => ubn === values.company);
if (!company) throw new Error(`no company ${values.company} in ${values.config}`);
const { run } = await robot.submit({
  flow: "take-tracks",
  company,
  input: JSON.parse(values.input),
  startedBy: "drill",
});
await robot.work(1);
for (;;) {
  const now = await getRun(store, run.id);
  const questions = await openQuestions(store, run.id);
  const settled = now.progress?.startsWith("等配號結果") ?? false;
  if (now.state === "ended" || questions.length > 0 || settled) {
    const { state, outcome, failure } = now;
    process.stdout.write(
      `${JSON.stringify({ end: { runId: run.id, state, outcome, code: failure?.code ?? null, questions: questions.length } })}\n`,
    );
    break;
  }
  await delay(50);
}
await robot.stop();
await assembled.close();
