import { type ApprovalAbout, approvalOf } from "../../engine/effects/approval.ts";
import { ledgerOf } from "../../engine/people/asked-ledger.ts";
import { type FormValues, TICKED } from "../../engine/people/question-form.ts";
import type { QuestionRow } from "../../engine/people/questions.ts";
import { Failure } from "../../failures/failure.ts";
import type { Json } from "../../lib/json.ts";

/** A question without its picture, which is no text. */
export function questionData({ picture: _picture, ...question }: QuestionRow): Json {
  return question;
}

/** A question for anyone who reads it on a terminal, with the commands that answer it. */
export function questionLines(question: QuestionRow): string[] {
  const { id, text, choices, free, form } = question;
  return [
    `  問題 ${id}：${text}`,
    ...aboutLines(question).map((line) => `    ${line}`),
    ...(free === "captcha" ? [`    answer ${id}　看圖並輸入`] : []),
    ...Object.entries(choices).map(
      ([key, meaning]) => `    answer ${id} ${key}${form?.answer === key ? optionsOf(question) : ""}　${meaning}`,
    ),
  ];
}

/** What the question is about, and what has to be filled in with its answer. */
export function aboutLines({ context, form }: QuestionRow): string[] {
  const approval = approvalOf(context);
  const shown =
    approval === null
      ? []
      : [
          ...(approval.address === null ? [] : [{ title: "送到哪裡", lines: [approval.address] }]),
          ...approval.shown,
          { title: "表單上的每一欄", lines: factLines(approval.fields) },
          { title: "表單上的其他欄位，沒有改過", lines: otherLines(approval.others) },
        ].filter(({ lines }) => lines.length > 0);
  const ticks = (form?.fields ?? []).filter(({ kind }) => kind === "tick");
  const ledger = ledgerOf(context);
  return [
    ...(ledger === null ? [] : ledger.lines),
    ...(ledger === null ? [] : ledger.rows.map(({ line, cells }) => `第 ${line} 行：${cells.join("｜")}`)),
    ...shown.flatMap(({ title, lines }) => [`${title}：`, ...lines.map((line) => `  ${line}`)]),
    ...(ticks.length === 0 ? [] : ["和平常不同的地方："]),
    ...ticks.map(({ label }, index) => `  ${index + 1}. ${label.zh}`),
    ...(form?.fields ?? []).flatMap((field) =>
      field.kind === "choice"
        ? [
            `${field.id}：${field.label.zh}（${field.options.map(({ value, label }) => choiceWords(value, label)).join("、")}）`,
          ]
        : [],
    ),
  ];
}

function otherLines(others: ApprovalAbout["others"]): string[] {
  return others.flatMap(({ name, value }) => (value === "" ? [] : [`${name}　${value}`]));
}

function factLines(fields: Readonly<Record<string, string>>): string[] {
  return Object.entries(fields).map(([label, value]) => `${label}　${value}`);
}

function choiceWords(value: string, label: string): string {
  return value === label ? value : `${value} ${label}`;
}

/** The options that fill in what an answer needs. */
function optionsOf({ form }: QuestionRow): string {
  const fields = form?.fields ?? [];
  const open = fields.flatMap((field) => (field.kind === "choice" && field.value === undefined ? [field.id] : []));
  return [
    ...(fields.some(({ kind }) => kind === "tick") ? [" --odd all"] : []),
    ...(open.length === 0 ? [] : [` --set ${open.map((id) => `${id}=…`).join(" ")}`]),
  ].join("");
}

/**
 * What `--odd` and `--set` fill in.
 * @param odd the numbers of the odd places, or `all`
 * @param set `field=value`
 * @throws Failure `wrong-use`
 */
export function formValues(
  { form }: QuestionRow,
  { odd = [], set = [] }: { readonly odd?: readonly string[]; readonly set?: readonly string[] },
): FormValues {
  const values: Record<string, string> = {};
  const ticks = (form?.fields ?? []).filter(({ kind }) => kind === "tick");
  for (const which of odd) {
    const ticked =
      which === "all" ? ticks : ticks.filter(({ id }, index) => id === which || String(index + 1) === which);
    if (ticked.length === 0) {
      const wanted = ticks.length === 0 ? "這個問題沒有要逐項確認的" : `--odd all，或 1 到 ${ticks.length}`;
      throw new Failure("wrong-use", { wanted, seen: which });
    }
    for (const { id } of ticked) values[id] = TICKED;
  }
  for (const pair of set) {
    const at = pair.indexOf("=");
    if (at < 1) throw new Failure("wrong-use", { wanted: "--set 欄位=值", seen: pair });
    values[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return values;
}
