import { companyOf } from "../../../../robot/config/load.ts";
import type { Json } from "../../../../robot/lib/json.ts";
import { openQuestions, type QuestionRow } from "../../../../robot/engine/people/questions.ts";
import { getRun, type RunRow } from "../../../../robot/engine/runs/runs.ts";
import { createApp, type TestHooks } from "../../../../robot/app/compose.ts";
import type { Installation } from "./installation.ts";
import { waitUntil } from "../wait-until.ts";
import { keptBrowser } from "../kept-browser.ts";

export interface Job {
  readonly flow: string;
  /** Default: the installation's first company. */
  readonly ubn?: string;
  readonly input: { readonly [name: string]: Json };
  /** Presses nothing. */
  readonly rehearsal?: boolean;
}

/** An answer with what is filled in. */
export type Filled = { readonly answer: string; readonly values: Readonly<Record<string, string>> };

/** 取號 of some books, one if not said, for one period of the general category. */
export function take(period: string, books = 1): Job {
  return { flow: "take-tracks", input: { period, category: "07", books } };
}

/** 下載配號檔 of one period, or from one to another. */
export function download(period: string, to = period): Job {
  return { flow: "download-tracks", input: { period, to } };
}

/**
 * Runs a job in this process, with a real browser against the portal, until it has ended or asks a person.
 * Quicker than the command line; what a process's death does needs `startRobot`.
 * @param answer a person who is there and answers at once; without one, a question is where it returns
 */
export async function perform(
  installation: Pick<Installation, "config" | "ubn">,
  job: Job,
  hooks: TestHooks = {},
  answer?: (question: QuestionRow) => string | Filled,
): Promise<RunRow> {
  const { config } = installation;
  const { name, ubn } = companyOf(config, job.ubn ?? installation.ubn);
  const assembled = await createApp(config, { browser: keptBrowser(config.browser), ...hooks });
  try {
    const { run } = await assembled.robot.submit({
      flow: job.flow,
      company: { name, ubn },
      input: job.input,
      startedBy: "test",
      rehearsal: job.rehearsal ?? false,
    });
    await assembled.robot.work(1);
    return await waitUntil(`the end of ${job.flow} for ${ubn}`, async () => {
      const now = await getRun(assembled.store, run.id);
      const [question] = answer ? await openQuestions(assembled.store, run.id) : [];
      if (answer && question) {
        const given = answer(question);
        const { answer: said, values } = typeof given === "string" ? { answer: given, values: {} } : given;
        await assembled.robot.answer(question.id, said, "test", question.version, values);
        return null;
      }
      return now.state === "ended" || (now.state === "needs-person" && !answer) ? now : null;
    });
  } finally {
    await assembled.robot.stop();
    await assembled.close();
  }
}
