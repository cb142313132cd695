import type { Json } from "../../lib/json.ts";
import type { FormValues, QuestionForm } from "../people/question-form.ts";

/** What a question is about, where it is shown or answered in its own way. */
export type QuestionTopic = "approval" | "ledger-columns" | "ledger-words";

export type Question = {
  readonly topic?: QuestionTopic;
  readonly text: string;
  /** What has to be filled in together with one of the answers. */
  readonly form?: QuestionForm;
  /** Where in the record a picture of what it is about is. */
  readonly picture?: string;
  /** Possible answers: key and what it means. */
  readonly choices: { readonly [answer: string]: string };
  readonly context?: Json;
  /** The answer that lets the run go on to what can't be undone: in a rehearsal, which does not come to that, it is taken as given. */
  readonly consent?: string;
};

export type FilledAnswer = {
  readonly answer: string;
  /** What was filled in, by field. */
  readonly values: FormValues;
  readonly by: string;
  /** UTC, ISO 8601. */
  readonly at: string;
};
