import { z } from "zod";
import type { Fields, FormState } from "../../../selectors/pages.ts";
import { Failure } from "../../failures/failure.ts";
import type { Words } from "../../invoicing/problems/problems.ts";
import { canonicalText } from "../../lib/json.ts";
import { isStoreError } from "../../store/errors.ts";
import { now, type Store } from "../../store/store.ts";
import type { EffectSpec, Json, Question, Shown } from "../flow.ts";
import type { GivenAnswer } from "../people/questions.ts";
import { sha256 } from "../../lib/hash.ts";

/**
 * When a person has to agree before an act: every time; the first time that this installation does it for the company, and whenever
 * something is odd; only where something is odd; never.
 */
export type ApprovalMode = "always" | "first" | "odd" | "never";

/** An act as it stands filled in on the page, and what a person is shown of it. */
export type ApprovalRequest = {
  /** SHA-256 of what is agreed to: where, effect, company, coordinates, every field that is compared, the file, the odd places. */
  readonly digest: string;
  readonly effect: string;
  /** Where it is sent: the site's address, as it is configured. */
  readonly address: string;
  readonly fields: Fields;
  /** What else the form holds: it was not asked for, and is pressed with the rest. */
  readonly others: readonly Other[];
  readonly file: string | null;
  /** What is odd about it; each is ticked by anyone who agrees. */
  readonly odd: readonly Words[];
  readonly shown: Shown;
  /** Where in the record the picture of the filled form is; null where the page can't be pictured. */
  readonly picture: string | null;
};

/** A control of the form that the act does not ask for. */
export type Other = { readonly name: string; readonly value: string };

/** Whether the act may be pressed now, with which approval; or what a person has to agree to first. */
export type Agreement = { readonly approval: string | null } | { readonly request: ApprovalRequest };

/** How long an approval is good, in milliseconds. */
export const APPROVAL_MS = 24 * 60 * 60_000;

/** The answer that agrees. Every other one does not. */
export const AGREE = "agree";

/**
 * What an approval is good for, and nothing else.
 * @param about.others left out where a person agreed before any form was open (`joint-agreement.ts`): then what is asked counts alone
 */
export function approvalDigest(about: {
  /** An agreement to an act at one site, such as the test environment, is none to the same act at another. */
  readonly address: string;
  readonly effect: string;
  readonly ubn: string;
  /** The business coordinates of the act. */
  readonly coordinates: readonly string[];
  readonly fields: Fields;
  readonly file: string | null;
  readonly odd: readonly Words[];
  readonly others?: readonly Other[];
}): string {
  const { address, effect, ubn, coordinates, fields, file, odd, others } = about;
  const asked = { address, effect, ubn, coordinates, fields: { ...fields }, file, odd: odd.map(({ zh }) => zh) };
  const text = canonicalText(others === undefined ? asked : { ...asked, others: others.map((one) => ({ ...one })) });
  return sha256(text);
}

/**
 * Looks whether the filled form may be pressed. Called after the form was compared with what is wanted, and again each time that it
 * is filled: what a person agreed to is good for exactly this digest.
 * @param about.fields what is compared, by label: it is what the form holds
 * @param about.form all that the filled form holds; null where none is open
 */
export async function agreementOn(
  about: {
    readonly mode: ApprovalMode;
    readonly address: string;
    readonly ubn: string;
    readonly fields: Fields;
    readonly form: FormState | null;
    readonly picture: string | null;
  },
  { id: effect, keyParts: coordinates, approval = {} }: Pick<EffectSpec<Json, never>, "id" | "keyParts" | "approval">,
  store: Store,
): Promise<Agreement> {
  const { mode, address, ubn, fields, form, picture } = about;
  const { odd = [], shown = [], file = null } = approval;
  if (!(await mustAsk(mode, odd.length > 0, { effect, address, ubn }, store))) return { approval: null };
  const others = (form ?? []).filter(({ asked }) => asked === null).map(({ name, value }) => ({ name, value }));
  const act = { address, effect, ubn, coordinates, fields, file, odd };
  const digest = approvalDigest({ ...act, others });
  const valid = await goodApprovals(store)
    .select("approvals.id")
    // An agreement to several acts at once was given before their forms were open.
    .where("digest", "in", [digest, approvalDigest(act)])
    .orderBy("good_until")
    .executeTakeFirst();
  if (valid) return { approval: valid.id };
  return { request: { digest, effect, address, fields, others, file, odd, shown, picture } };
}

async function mustAsk(mode: ApprovalMode, isOdd: boolean, act: KindOfAct, store: Store): Promise<boolean> {
  switch (mode) {
    case "always":
      return true;
    case "never":
      return false;
    case "odd":
      return isOdd;
    case "first":
      return isOdd || !(await wasDoneBefore(act, store));
  }
}

interface KindOfAct {
  readonly effect: string;
  readonly address: string;
  readonly ubn: string;
}

/** Whether this installation has proved such an act of the company at this site before. */
async function wasDoneBefore({ effect, address, ubn }: KindOfAct, store: Store): Promise<boolean> {
  const row = await store
    .selectFrom("effects")
    .innerJoin("effect_events", "effect_events.key", "effects.key")
    .select("effects.key")
    .where("effects.effect", "=", effect)
    // Acts that were begun before addresses were kept count nowhere: then it is asked once more.
    .where("effects.address", "=", address)
    .where("effects.key", "like", `${ubn}|%`)
    .where("effect_events.status", "=", "confirmed")
    .executeTakeFirst();
  return row !== undefined;
}

/** What a person is asked. */
export function approvalQuestion(name: string, request: ApprovalRequest): Question {
  const { odd, fields, others, file, shown, digest, effect, address, picture } = request;
  const check = odd.length === 0 ? "" : `有 ${odd.length} 處和平常不同，請逐項確認。`;
  return {
    topic: "approval",
    text: `「${name}」的表單已填好、比對過，還沒有送出。${check}同意送出嗎？`,
    choices: { [AGREE]: "同意，照這樣送出", refuse: "不同意，什麼都不送" },
    form: {
      answer: AGREE,
      fields: odd.map((label, index) => ({ kind: "tick", id: `odd-${index + 1}`, label })),
    },
    ...(picture === null ? {} : { picture }),
    context: {
      approval: { effect, address, digest, fields: { ...fields }, others, file, odd, shown },
    },
  };
}

/**
 * Writes a person's agreement down; repeatable. It is good once, for this digest, for a day from the answer.
 * @param id the question that was answered
 * @throws Failure `person-needed` where the person did not agree
 */
export async function noteAnswer(
  store: Store,
  about: { readonly id: string; readonly runId: string; readonly ubn: string; readonly name: string },
  request: ApprovalRequest,
  { answer, by, at }: GivenAnswer,
): Promise<void> {
  if (answer !== AGREE) {
    throw new Failure("person-needed", { wanted: about.name, seen: `${by} 沒有同意，什麼都沒有送出` });
  }
  const { digest, effect, address, fields, others, file, odd } = request;
  await store
    .insertInto("approvals")
    .values({
      id: about.id,
      run_id: about.runId,
      effect,
      ubn: about.ubn,
      digest,
      agreed_to: JSON.stringify({ address, fields, others, file, odd: odd.map(({ zh }) => zh) }),
      agreed_by: by,
      agreed_at: at,
      good_until: new Date(Date.parse(at) + APPROVAL_MS).toISOString(),
      used_at: null,
      used_key: null,
    })
    .onConflict((oc) => oc.column("id").doNothing())
    .execute();
}

/**
 * Approvals that are good now: not used, not of an earlier day, not of a run that was cancelled since, which takes back what was
 * agreed to in it. An approval is used by the very statement that writes the intent; `used_at` follows.
 */
function goodApprovals(store: Store) {
  return store
    .selectFrom("approvals")
    .innerJoin("runs", "runs.id", "approvals.run_id")
    .leftJoin("effects", "effects.approval", "approvals.id")
    .where("effects.key", "is", null)
    .where("used_at", "is", null)
    .where("good_until", ">", now())
    .where("runs.cancel_requested", "=", 0);
}

/**
 * Begins an act with an approval that is still good; anyone who begins it uses the approval up, and it is good for nobody else.
 * @param begin writes the intent with the approval in it, in one statement; of two processes that write the same one, one is refused
 * @throws Failure `lease-lost` where the approval is no longer good
 */
export async function withApproval<T>(
  store: Store,
  id: string | null,
  key: string,
  begin: () => Promise<T>,
): Promise<T> {
  // The row of this act may still hold the approval of an earlier try: it stays used when the row says another one.
  await noteUse(store, key);
  if (id === null) return begin();
  const refused = new Failure("lease-lost", { wanted: key, seen: "the approval is used up or its day is over" });
  const isGood = async (): Promise<boolean> =>
    (await goodApprovals(store).select("approvals.id").where("approvals.id", "=", id).executeTakeFirst()) !== undefined;
  if (!(await isGood())) throw refused;
  const begun = await begin().catch(async (error: unknown) => {
    throw isStoreError(error) || (await isGood()) ? error : refused;
  });
  await noteUse(store, key);
  return begun;
}

/** Says of the approval that an act holds when it was used. */
async function noteUse(store: Store, key: string): Promise<void> {
  await store
    .updateTable("approvals")
    .set({ used_at: now(), used_key: key })
    .where("used_at", "is", null)
    .where("id", "in", (eb) =>
      eb
        .selectFrom("effects")
        .select("effects.approval")
        .where("key", "=", key)
        .where("approval", "is not", null)
        .$castTo<{ approval: string }>(),
    )
    .execute();
}

/** What a question about an approval is about, as its row in the store has it; null where it is about something else. */
export function approvalOf(context: Json): ApprovalAbout | null {
  const read = aboutApproval.safeParse(context);
  return read.success ? read.data.approval : null;
}

const aboutApproval = z.object({
  approval: z.object({
    effect: z.string(),
    digest: z.string(),
    // Questions of earlier versions have neither of these.
    address: z.string().nullable().default(null),
    fields: z.record(z.string(), z.string()),
    others: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
    shown: z.array(z.object({ title: z.string(), lines: z.array(z.string()) })),
  }),
});

export type ApprovalAbout = z.output<typeof aboutApproval>["approval"];
