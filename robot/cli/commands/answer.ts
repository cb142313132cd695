import { loadConfig } from "../../config/load.ts";
import { openQuestion, type QuestionRow } from "../../engine/people/questions.ts";
import type { App } from "../../app/compose.ts";
import { askedHere } from "../terminal/ask-question.ts";
import { isInteractive, pictureFile } from "../terminal/person-at-terminal.ts";
import type { Answer, Output } from "../terminal/output.ts";
import { formValues, questionData, questionLines } from "../terminal/format-question.ts";
import { finish, followHere } from "./run/run-flow.ts";
import { untilShutdown } from "../terminal/shutdown.ts";

/**
 * `answer <question> [answer]`: a person's answer. Without one, the question is asked on the terminal, or shown where there is none, its
 * picture as a file. At a terminal the run goes on here at once, since it may ask this very person for more; else in whichever
 * process works.
 */
export async function answerOpenQuestion(
  id: string,
  answer: string | undefined,
  options: { config?: string; by: string; odd?: readonly string[]; set?: readonly string[] },
  output: Output,
): Promise<Answer> {
  const { createApp: assemble } = await import("../../app/compose.ts");
  const assembled = await assemble(await loadConfig(options.config));
  const { robot, store } = assembled;
  try {
    const question = await openQuestion(store, id);
    const filled = answer === undefined ? null : { answer, values: formValues(question, options) };
    const given = filled ?? (isInteractive(output) ? await askedHere(question, output) : null);
    if (given === null) return await shown(question);
    await robot.answer(id, given.answer, options.by, question.version, given.values);
    if (isInteractive(output)) return await goOn(assembled, question.runId, options.by, output);
    return {
      data: { question: id, answer: question.free === null ? given.answer : null },
      lines: [`已記下回答：${id}。執行同樣的 run 命令（或 serve）就會接著做。`],
      exit: 0,
    };
  } finally {
    await finish(assembled);
  }
}

function goOn(assembled: App, runId: string, by: string, output: Output): Promise<Answer> {
  const interrupted = (): void =>
    output.progress(output.say("收到中斷：把手上的做完、登出，然後結束…", "interrupted: finishing what is open…"));
  return untilShutdown(interrupted, (stop) => followHere(assembled, runId, by, output, stop));
}

async function shown(question: QuestionRow): Promise<Answer> {
  const picture = question.picture === null ? null : await pictureFile(question.picture);
  return {
    data: { question: questionData(question), picture },
    lines: [...questionLines(question), ...(picture === null ? [] : [`  圖：${picture}`])],
    exit: 3,
  };
}
