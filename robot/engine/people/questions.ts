import type { Selectable } from "kysely";
import { Failure } from "../../failures/failure.ts";
import type { Question, QuestionTopic } from "../flow.ts";
import { type FormValues, type QuestionForm, readFormAnswer } from "./question-form.ts";
import type { Json } from "../../lib/json.ts";
import { now, type Store } from "../../store/store.ts";
import type { QuestionsTable } from "../../store/tables.ts";
import { sha256 } from "../../lib/hash.ts";

/** How long and of whom something is asked. */
export interface Asking {
  /** How long the question stays open, in milliseconds. */
  readonly timeout: number;
  /** Names of those who may answer; empty: anyone. */
  readonly answerers: readonly string[];
}

export type OpenQuestion = { readonly id: string; readonly expiresAt: string };

/** A question as it is shown to the person who may answer it. */
export interface QuestionRow {
  readonly id: string;
  readonly runId: string;
  /** What it is about: the same name in the same run is the same question. */
  readonly kind: string;
  /** Raised whenever it is asked again. An answer is given to one version. */
  readonly version: number;
  readonly text: string;
  readonly choices: Question["choices"];
  /** What may be typed instead of a choice: the digits of a captcha. */
  readonly free: "captcha" | null;
  /** What is to be read, as PNG; it leaves the store with the answer, or when the question has expired. */
  readonly picture: Uint8Array | null;
  readonly context: Json;
  /** What it is about, where that decides how it is shown. */
  readonly topic: QuestionTopic | null;
  /** What has to be filled in with one of the answers. */
  readonly form: QuestionForm | null;
  /** Where in the run's record a picture of what it is about is. */
  readonly formPicture: string | null;
  readonly answerers: readonly string[];
  readonly askedAt: string;
  readonly expiresAt: string;
}

export type GivenAnswer = {
  readonly answer: string;
  /** What was filled in with it, by field. */
  readonly values: FormValues;
  readonly by: string;
  /** UTC, ISO 8601. */
  readonly at: string;
};

/** Writes the question down; the same question of the same run is asked once, however often the step is repeated. */
export async function askPerson(
  store: Store,
  runId: string,
  name: string,
  question: Question,
  { timeout, answerers }: Asking,
): Promise<OpenQuestion> {
  const id = idOf(runId, name);
  const about = { id, run_id: runId, kind: name, version: 1, ...asked(timeout, answerers) };
  await store
    .insertInto("questions")
    .values({ ...about, ...wordsOf(question), free: null, picture: null })
    .onConflict((oc) => oc.column("id").doNothing())
    .execute();
  const row = await store.selectFrom("questions").select("expires_at").where("id", "=", id).executeTakeFirstOrThrow();
  return { id, expiresAt: row.expires_at };
}

/** Digits that are asked for, of a picture that is good for a few minutes. */
export type PictureQuestion = Pick<Question, "text" | "choices"> & { readonly picture: Uint8Array };

export type AskedDigits = OpenQuestion & { readonly version: number };

/** Asks for the digits on a picture. Asked again, it is a new version of the same question: anyone who still looks at the old picture is told. */
export async function askDigits(
  store: Store,
  runId: string,
  name: string,
  question: PictureQuestion,
  { timeout, answerers }: Asking,
): Promise<AskedDigits> {
  const id = idOf(runId, name);
  const content = {
    ...wordsOf({ text: question.text, choices: question.choices }),
    ...asked(timeout, answerers),
    free: "captcha" as const,
    picture: Buffer.from(question.picture).toString("base64"),
  };
  const row = await store
    .insertInto("questions")
    .values({ id, run_id: runId, kind: name, version: 1, ...content })
    .onConflict((oc) => oc.column("id").doUpdateSet((eb) => ({ ...content, version: eb("questions.version", "+", 1) })))
    .returning(["version", "expires_at"])
    .executeTakeFirstOrThrow();
  return { id, version: row.version, expiresAt: row.expires_at };
}

/** What was typed for this version, or null while nothing was. The digits leave the store with it: a captcha's answer is kept nowhere. */
export async function takeDigits(store: Store, { id, version }: AskedDigits): Promise<string | null> {
  const row = await store
    .selectFrom("questions")
    .select("answer")
    .where("id", "=", id)
    .where("version", "=", version)
    .executeTakeFirst();
  if (!row || row.answer === null) return null;
  await store.updateTable("questions").set({ answer: TAKEN }).where("id", "=", id).execute();
  return row.answer;
}

/** What stands in the store instead of the digits. */
const TAKEN = "taken";

/** Nobody waits for the answer any more: the question is over, and its picture is gone. */
export async function withdrawDigits(store: Store, { id, version }: AskedDigits): Promise<void> {
  await store
    .updateTable("questions")
    .set({ expires_at: now(), picture: null })
    .where("id", "=", id)
    .where("version", "=", version)
    .execute();
}

/** Pictures and digits of questions that are over, which a process that was killed could not take away. */
export async function forgetPictures(store: Store): Promise<void> {
  await store
    .updateTable("questions")
    .set((eb) => ({ picture: null, answer: eb.case().when("answer", "is not", null).then(TAKEN).else(null).end() }))
    .where("free", "is not", null)
    .where("expires_at", "<=", now())
    .execute();
}

/** The questions that wait for an answer, oldest first; of one run, or of all. */
export async function openQuestions(store: Store, runId?: string): Promise<QuestionRow[]> {
  const rows = await store
    .selectFrom("questions")
    .selectAll()
    .where("answered_at", "is", null)
    .where("expires_at", ">", now())
    .$if(runId !== undefined, (query) => query.where("run_id", "=", runId ?? ""))
    .orderBy("asked_at")
    .execute();
  return rows.map(toRow);
}

/** The question, while it waits for an answer. @throws Failure `wrong-use` when there is none, `question-expired` */
export async function openQuestion(store: Store, id: string): Promise<QuestionRow> {
  const row = await questionOf(store, id);
  if (row.answered_at !== null || row.expires_at <= now()) throw expired(row);
  return toRow(row);
}

/** How many questions wait for an answer. */
export async function countOpenQuestions(store: Store): Promise<number> {
  const row = await store
    .selectFrom("questions")
    .select(({ fn }) => fn.countAll().as("open"))
    .where("answered_at", "is", null)
    .where("expires_at", ">", now())
    .executeTakeFirstOrThrow();
  return Number(row.open);
}

/** The answer, or null while there is none. */
export async function readAnswer(store: Store, id: string): Promise<GivenAnswer | null> {
  const row = await store
    .selectFrom("questions")
    .select(["answer", "answered_by", "answered_at", "answer_values"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  if (row.answer === null) return null;
  const values: FormValues = row.answer_values === null ? {} : JSON.parse(row.answer_values);
  return { answer: row.answer, values, by: row.answered_by ?? "", at: row.answered_at ?? "" };
}

/** An answer that was taken, and what it was about. */
export interface AnsweredQuestion {
  readonly kind: string;
  readonly answer: string;
  readonly by: string;
}

/** What a person says to a question. */
export interface PersonsAnswer {
  readonly id: string;
  /** The key of a choice, or the five digits of a captcha. */
  readonly answer: string;
  /** What is filled in with it, by field. */
  readonly values?: FormValues | undefined;
  /** Who says it. */
  readonly by: string;
  /** Which version was looked at; left out, the one that is open. */
  readonly version?: number | undefined;
}

/**
 * Takes a person's answer. The first one counts.
 * @returns what kind of question it was
 * @throws Failure `wrong-use` for an unknown question, an answer that is none, or a person who may not answer; `question-expired`
 *   also for an answer to a version that has been replaced
 */
export async function answerQuestion(
  store: Store,
  { id, answer, by, version, values = {} }: PersonsAnswer,
): Promise<string> {
  const row = await questionOf(store, id);
  const { choices, free, answerers, form } = toRow(row);
  if (answerers.length > 0 && !answerers.includes(by)) {
    throw new Failure("wrong-use", { wanted: `由 ${answerers.join("、")} 回答`, seen: by });
  }
  if (!Object.hasOwn(choices, answer) && !(free === "captcha" && DIGITS.test(answer))) {
    const offered = Object.entries(choices).map(([key, meaning]) => `${key}（${meaning}）`);
    const wanted = [...(free === "captcha" ? ["圖中的五個數字"] : []), ...offered].join("、");
    throw new Failure("wrong-use", { wanted: `回答其中之一：${wanted}`, seen: answer });
  }
  const filled = readFormAnswer(form, answer, values);
  if (version !== undefined && version !== row.version) throw expired(row);
  const taken = await store
    .updateTable("questions")
    .set({ answer, answer_values: JSON.stringify(filled), answered_by: by, answered_at: now(), picture: null })
    .where("id", "=", id)
    .where("version", "=", row.version)
    .where("answered_at", "is", null)
    .where("expires_at", ">", now())
    .returning("id")
    .executeTakeFirst();
  if (!taken) throw expired(await questionOf(store, id));
  return row.kind;
}

/**
 * Closes every open question of this name, whichever run asked it: what it asks for has been done, anyone who was to answer it.
 * @param by who did it, or by which command
 */
export async function closeQuestions(store: Store, name: string, answer: string, by: string): Promise<void> {
  await store
    .updateTable("questions")
    .set({ answer, answered_by: by, answered_at: now() })
    .where("kind", "=", name)
    .where("answered_at", "is", null)
    .where("expires_at", ">", now())
    .execute();
}

const DIGITS = /^\d{5}$/;

function idOf(runId: string, name: string): string {
  return `q-${sha256(`${runId}|${name}`).slice(0, 10)}`;
}

function wordsOf({
  text,
  choices,
  context,
  topic,
  form,
  picture,
}: Question): Pick<QuestionsTable, "question" | "choices" | "context" | "topic" | "form" | "form_picture"> {
  return {
    question: text,
    topic: topic ?? null,
    form: form === undefined ? null : JSON.stringify(form),
    form_picture: picture ?? null,
    choices: JSON.stringify(choices),
    context: context === undefined ? null : JSON.stringify(context),
  };
}

function asked(timeout: number, answerers: readonly string[]) {
  return {
    asked_at: now(),
    expires_at: new Date(Date.now() + timeout).toISOString(),
    may_answer: JSON.stringify(answerers),
    answered_at: null,
    answered_by: null,
    answer: null,
    answer_values: null,
  };
}

async function questionOf(store: Store, id: string): Promise<Selectable<QuestionsTable>> {
  const row = await store.selectFrom("questions").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row) {
    const en = { wanted: `question ${id}`, seen: "there is none of this id" };
    throw new Failure("wrong-use", { wanted: `問題 ${id}`, seen: "沒有這個編號", en });
  }
  return row;
}

/** Why it takes no answer: who gave one, what and when; or until when it was open. */
function expired(row: Selectable<QuestionsTable>): Failure {
  const wanted = row.question;
  if (row.answered_at !== null) return new Failure("question-expired", { wanted, seen: answeredText(row) });
  const over = row.expires_at <= now() ? `只到 ${clock(row.expires_at)} 為止，沒有人回答` : "內容已換過，請看新的";
  return new Failure("question-expired", { wanted, seen: `第 ${row.version} 版，${over}` });
}

function answeredText(row: Selectable<QuestionsTable>): string {
  const { choices, free } = toRow(row);
  const who = `${row.answered_by ?? ""} 在 ${clock(row.answered_at ?? "")} 已經回答`;
  const answer = row.answer ?? "";
  const meaning = Object.hasOwn(choices, answer) ? choices[answer] : undefined;
  // What was typed of a captcha is kept nowhere.
  if (meaning === undefined) return free === null ? `${who}：${answer}` : who;
  return `${who}「${meaning}」（${answer}）`;
}

/** Taipei's month, day, hour and minute. */
function clock(instant: string): string {
  const format = { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  return new Date(instant).toLocaleString("zh-TW", { timeZone: "Asia/Taipei", ...format });
}

function toRow(row: Selectable<QuestionsTable>): QuestionRow {
  return {
    id: row.id,
    runId: row.run_id,
    kind: row.kind,
    version: row.version,
    text: row.question,
    choices: JSON.parse(row.choices),
    free: row.free,
    picture: row.picture === null ? null : Buffer.from(row.picture, "base64"),
    context: row.context === null ? null : JSON.parse(row.context),
    topic: topicOf(row.topic),
    form: row.form === null ? null : JSON.parse(row.form),
    formPicture: row.form_picture,
    answerers: row.may_answer === null ? [] : JSON.parse(row.may_answer),
    askedAt: row.asked_at,
    expiresAt: row.expires_at,
  };
}

const TOPICS: readonly QuestionTopic[] = ["approval", "ledger-columns", "ledger-words"];

function topicOf(text: string | null): QuestionTopic | null {
  return TOPICS.find((topic) => topic === text) ?? null;
}
