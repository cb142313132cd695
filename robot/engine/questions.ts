import { createHash } from "node:crypto";
import { Failure } from "../failures.ts";
import type { Question } from "./flow.ts";
import { now, type Store } from "./store.ts";

export type OpenQuestion = { readonly id: string; readonly expiresAt: string };

/** A question as it is shown to the person who may answer it. */
export interface QuestionRow {
  readonly id: string;
  readonly runId: string;
  readonly text: string;
  readonly choices: Question["choices"];
  readonly askedAt: string;
  readonly expiresAt: string;
}

/** Writes the question down; the same question of the same run is asked once, however often the step is repeated. */
export async function askPerson(
  store: Store,
  runId: string,
  name: string,
  question: Question,
  openFor: number,
): Promise<OpenQuestion> {
  const id = `q-${createHash("sha256").update(`${runId}|${name}`).digest("hex").slice(0, 10)}`;
  await store
    .insertInto("questions")
    .values({
      id,
      run_id: runId,
      kind: name,
      version: 1,
      question: question.text,
      choices: JSON.stringify(question.choices),
      context: question.context === undefined ? null : JSON.stringify(question.context),
      asked_at: now(),
      expires_at: new Date(Date.now() + openFor).toISOString(),
      answered_at: null,
      answered_by: null,
      answer: null,
    })
    .onConflict((oc) => oc.column("id").doNothing())
    .execute();
  const row = await store.selectFrom("questions").select("expires_at").where("id", "=", id).executeTakeFirstOrThrow();
  return { id, expiresAt: row.expires_at };
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
  return rows.map((row) => ({
    id: row.id,
    runId: row.run_id,
    text: row.question,
    choices: JSON.parse(row.choices),
    askedAt: row.asked_at,
    expiresAt: row.expires_at,
  }));
}

/** The answer, or null while there is none. */
export async function readAnswer(store: Store, id: string): Promise<{ answer: string; by: string } | null> {
  const row = await store
    .selectFrom("questions")
    .select(["answer", "answered_by"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return row.answer === null ? null : { answer: row.answer, by: row.answered_by ?? "" };
}

/**
 * Takes a person's answer. The first one counts.
 * @returns what kind of question it was
 * @throws Failure `wrong-use` for an unknown question or an answer that is no choice; `question-expired`
 */
export async function answerQuestion(store: Store, id: string, answer: string, by: string): Promise<string> {
  const row = await store.selectFrom("questions").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row) throw new Failure("wrong-use", { wanted: `問題 ${id}`, seen: "沒有這個編號" });
  const choices: Question["choices"] = JSON.parse(row.choices);
  if (!Object.hasOwn(choices, answer)) {
    const offered = Object.entries(choices).map(([key, meaning]) => `${key}（${meaning}）`);
    throw new Failure("wrong-use", { wanted: `回答其中之一：${offered.join("、")}`, seen: answer });
  }
  const taken = await store
    .updateTable("questions")
    .set({ answer, answered_by: by, answered_at: now() })
    .where("id", "=", id)
    .where("answered_at", "is", null)
    .where("expires_at", ">", now())
    .returning("id")
    .executeTakeFirst();
  if (!taken) throw new Failure("question-expired", { wanted: row.question, seen: row.answer ?? row.expires_at });
  return row.kind;
}
