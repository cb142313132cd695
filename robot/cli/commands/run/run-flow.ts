import { guardProcess } from "../../../app/last-defence.ts";
import type { App } from "../../../app/compose.ts";
import type { PickDialog } from "../../../app/pick-at-browser.ts";
import { companyOf, loadConfig } from "../../../config/load.ts";
import type { Config } from "../../../config/schema.ts";
import type { AnyFlow } from "../../../engine/flow.ts";
import { PERSON_PRESENT } from "../../../engine/people/assistance.ts";
import { openQuestions } from "../../../engine/people/questions.ts";
import { getRun } from "../../../engine/runs/runs.ts";
import { askedHere } from "../../terminal/ask-question.ts";
import { follow, type Followed } from "../../terminal/follow.ts";
import type { Answer, Output } from "../../terminal/output.ts";
import { isInteractive, personAtTerminal, readPicture } from "../../terminal/person-at-terminal.ts";
import { NOTHING_TAUGHT } from "../../../invoicing/ledger/teaching.ts";
import { type LedgerWords, taughtBy } from "../files/ledger-options.ts";
import { sayToQuestions, teachLedgers } from "./taught-ledgers.ts";
import { untilShutdown } from "../../terminal/shutdown.ts";
import { givenInput, type GivenOptions } from "./given-input.ts";
import { answerOf } from "./run-answer.ts";

/** What every flow's command has, and that flow's own options beside it. */
export interface RunOptions extends GivenOptions {
  readonly company: string;
  readonly live: boolean;
  readonly detach: boolean;
  readonly attended: boolean;
  /** Of flows that press something: stop before that. */
  readonly rehearse?: boolean;
  /** A window that a person can watch, whatever the configuration says; and milliseconds between two actions. */
  readonly headed: boolean;
  readonly slow?: number;
  readonly config?: string;
}

/** Runs at once in a process that was started for one. Others that are due are taken along. */
const CONCURRENCY = 2;

/**
 * `run <flow>`: runs a flow now and follows it to its end, to a question, or until it is interrupted.
 * @param given.by who gave the command, with what they say of the ledger
 */
export async function runFlow(
  flow: AnyFlow,
  options: RunOptions,
  { by, pick, ...words }: LedgerWords & { readonly by: string; readonly pick?: PickDialog },
  output: Output,
): Promise<Answer> {
  const config = watched(await loadConfig(options.config), options);
  const company = companyOf(config, options.company);
  const input = await givenInput(flow, options, { now: new Date(), books: company.books });
  const said = taughtBy(words, NOTHING_TAUGHT, output);
  await teachLedgers(flow, options, { config, ubn: company.ubn, said }, output);
  const person = options.attended ? { captcha: personAtTerminal(output), attended: true } : {};
  const { createApp: assemble } = await import("../../../app/compose.ts");
  const assembled = await assemble(config, pick === undefined ? person : { ...person, pick });
  const unguard = guardProcess(assembled.log);
  const interrupted = (): void =>
    output.progress(output.say("收到中斷：把手上的做完、登出，然後結束…", "interrupted: finishing what is open…"));
  return untilShutdown(interrupted, async (stop) => {
    try {
      if (options.live) await assembled.confirmLive();
      const { run, joined } = await assembled.robot.submit({
        flow: flow.name,
        company,
        input,
        startedBy: "command line",
        rehearsal: options.rehearse ?? false,
      });
      if (joined) output.progress(output.say(`接續進行中的執行 ${run.id}`, `joining the run under way, ${run.id}`));
      if (joined) await sayToQuestions(assembled, run.id, said, by);
      if (options.detach) return answerOf({ run, questions: [] }, output);
      if (options.attended) await answerThatSomebodyIsHere(assembled, run.id, by);
      return await followHere(assembled, run.id, by, output, stop);
    } finally {
      await finish(assembled);
      unguard();
    }
  });
}

/** The configuration for a person who watches the browser. */
function watched(config: Config, { headed, slow }: RunOptions): Config {
  const browser = {
    ...config.browser,
    ...(headed ? { headless: false } : {}),
    ...(slow === undefined ? {} : { slow }),
  };
  return { ...config, browser };
}

/** Works on a run in this process, and follows it. Anyone who sits at the terminal reads the captchas that a person is asked for. */
export async function followHere(
  { robot, store }: App,
  runId: string,
  by: string,
  output: Output,
  stop: AbortSignal,
): Promise<Answer> {
  await robot.work(CONCURRENCY);
  const isAsked = isInteractive(output);
  const asked = isAsked ? readPicture(robot, by, output) : undefined;
  const look = (): Promise<Followed> => follow({ store, working: robot, asked }, runId, output, stop);
  let followed = await look();
  // Anyone who sits here is shown what will be sent, and what the robot could not understand, and answers at once.
  for (;;) {
    const question = followed.questions.find(({ topic }) => topic !== null);
    if (!isAsked || stop.aborted || question === undefined || followed.run.state === "ended") break;
    const { answer, values } = await askedHere(question, output);
    await robot.answer(question.id, answer, by, question.version, values);
    followed = await look();
  }
  await robot.stop();
  return answerOf({ ...followed, run: await getRun(store, runId) }, output);
}

/** What an earlier run of the same command asked for is given now: a person sits at the computer. */
async function answerThatSomebodyIsHere({ robot, store }: App, runId: string, by: string): Promise<void> {
  for (const { id, choices } of await openQuestions(store, runId))
    if (Object.hasOwn(choices, PERSON_PRESENT)) await robot.answer(id, PERSON_PRESENT, by);
}

export async function finish(assembled: App): Promise<void> {
  await assembled.robot.stop();
  await assembled.close();
}
