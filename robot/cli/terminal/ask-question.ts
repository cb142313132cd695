import { confirm, isCancel, select } from "@clack/prompts";
import type { FormValues, QuestionField } from "../../engine/people/question-form.ts";
import { TICKED } from "../../engine/people/question-form.ts";
import type { QuestionRow } from "../../engine/people/questions.ts";
import { Failure } from "../../failures/failure.ts";
import { ANOTHER } from "../../login/remote-captcha-reader.ts";
import { typedDigits } from "./person-at-terminal.ts";
import type { Output } from "./output.ts";
import { aboutLines } from "./format-question.ts";

export interface AnsweredHere {
  readonly answer: string;
  readonly values: FormValues;
}

/**
 * Asks anyone who sits at the terminal: shows what the question is about, then its choices, then what has to be filled in, box by box.
 * @throws Failure `cancelled` where the person left, or did not tick a box that has to be ticked
 */
export async function askedHere(question: QuestionRow, output: Output): Promise<AnsweredHere> {
  const { text, choices, picture, form } = question;
  if (picture !== null) return { answer: (await typedDigits(picture, output)) || ANOTHER, values: {} };
  output.settle();
  const about = aboutLines(question);
  if (about.length > 0) process.stderr.write(`${about.map((line) => output.words(line)).join("\n")}\n`);
  const options = Object.entries(choices).map(([value, label]) => ({ value, label: output.words(label) }));
  const answer = given<string>(await select({ message: output.words(text), options }));
  const values: Record<string, string> = {};
  for (const field of form?.answer === answer ? form.fields : []) values[field.id] = await filledHere(field, output);
  return { answer, values };
}

async function filledHere(field: QuestionField, output: Output): Promise<string> {
  const message = output.say(field.label.zh, field.label.en);
  if (field.kind === "tick") {
    const yes = given(
      await confirm({
        message,
        active: output.say("看過，沒有問題", "seen, that is right"),
        inactive: output.say("不對", "that is wrong"),
        initialValue: false,
      }),
    );
    if (!yes) throw new Failure("cancelled", { seen: message });
    return TICKED;
  }
  const options = field.options.map(({ value, label }) => ({ value, label: output.words(label) }));
  return given<string>(
    await select({ message, options, ...(field.value === undefined ? {} : { initialValue: field.value }) }),
  );
}

function given<T extends string | boolean>(prompted: T | symbol): T {
  if (isCancel(prompted) || typeof prompted === "symbol") throw new Failure("cancelled");
  return prompted;
}
