import { Failure } from "../../failures/failure.ts";
import type { Words } from "../../invoicing/problems/problems.ts";

/** What has to be given together with one answer: boxes that must all be ticked, choices out of a list. */
export type QuestionField =
  | { readonly kind: "tick"; readonly id: string; readonly label: Words }
  | {
      readonly kind: "choice";
      readonly id: string;
      readonly label: Words;
      readonly options: readonly { readonly value: string; readonly label: string }[];
      /** What is chosen where nobody chooses otherwise; without it a choice has to be made. */
      readonly value?: string;
    };

export type QuestionForm = {
  /** The answer that the fields belong to. With every other answer nothing is filled in. */
  readonly answer: string;
  readonly fields: readonly QuestionField[];
};

/** What was filled in, by field. */
export type FormValues = Readonly<Record<string, string>>;

/** The value of a ticked box. */
export const TICKED = "yes";

/**
 * What was filled in, checked: every box ticked, every choice one of its options.
 * @throws Failure `wrong-use` naming what is missing, wrong or unknown
 */
export function readFormAnswer(form: QuestionForm | null, answer: string, values: FormValues): FormValues {
  const fields = form !== null && form.answer === answer ? form.fields : [];
  const unknown = Object.keys(values).filter((id) => !fields.some((field) => field.id === id));
  if (unknown.length > 0) {
    throw new Failure("wrong-use", {
      wanted: fields.length === 0 ? `回答 ${answer} 不用再填別的` : `要填的是 ${fields.map(({ id }) => id).join("、")}`,
      seen: unknown.join("、"),
    });
  }
  const unticked = fields.filter((field) => field.kind === "tick" && values[field.id] !== TICKED);
  if (unticked.length > 0) {
    throw new Failure("wrong-use", {
      wanted: `回答 ${answer} 要先逐項確認這 ${unticked.length} 項`,
      seen: `還沒有勾：${unticked.map(({ id, label }) => `${id}（${label.zh}）`).join("、")}`,
    });
  }
  return Object.fromEntries(fields.map((field) => [field.id, valueOf(field, values[field.id])]));
}

function valueOf(field: QuestionField, given: string | undefined): string {
  if (field.kind === "tick") return TICKED;
  const value = given ?? field.value;
  if (value !== undefined && field.options.some((one) => one.value === value)) return value;
  const options = field.options.map((one) => (one.value === one.label ? one.value : `${one.value}（${one.label}）`));
  throw new Failure("wrong-use", {
    wanted: `${field.label.zh}（${field.id}）：${options.join("、")} 其中之一`,
    seen: value ?? "沒有選",
  });
}
