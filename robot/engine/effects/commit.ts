import { aimAt, pressOnce } from "../../../selectors/submit/press-once.ts";
import { NotPressed } from "../../../selectors/submit/irreversible.ts";
import type { SubmissionForm, Confirmation, FormState, PortalAnswer } from "../../../selectors/pages.ts";
import { Failure, type FailureDetail } from "../../failures/failure.ts";
import type { Json } from "../../lib/json.ts";
import type { Difference, EffectSpec, Proof } from "../flow.ts";
import { agreementOn } from "./approval.ts";
import { beginEffect } from "./effect-table.ts";
import {
  type EffectRef,
  type EffectProgress,
  type EffectContext,
  type PressContext,
  type SettledStatus,
  type TypedPassword,
  settleEffect,
} from "./effect-context.ts";
import { firstDifference, occupied, strayChange } from "./fields.ts";
import { differenceDetail, doneDifferently } from "./questions.ts";

/** What came of a press, once the page's words were held against the portal's own list. */
type Outcome =
  | Extract<PortalAnswer, { kind: "accepted" }>
  // `said`: what the portal claims and its list does not show; null where it claimed nothing.
  | (Extract<PortalAnswer, { kind: "silent" }> & { readonly said: string | null })
  // With what the list shows instead of what was asked, where it shows something.
  | (Extract<PortalAnswer, { kind: "refused" }> & { readonly listed: FailureDetail })
  | { readonly kind: "differs"; readonly words: string; readonly differs: readonly Difference[] };

/** Fills the form, compares, writes down the intent, presses once, and proves. */
export async function commit<Before extends Json, Site>(
  site: Site,
  before: Before,
  act: EffectRef,
  spec: EffectSpec<Before, Site>,
  world: EffectContext<Site>,
): Promise<EffectProgress<Before>> {
  const { name } = act;
  await spec.laterPages?.(site);
  const { form, filled, picture } = await openedAndFilled(site, name, spec, world);
  const agreement = await agreementOn(
    {
      mode: world.approvalMode(spec.id),
      address: world.address,
      ubn: world.ubn,
      fields: { ...spec.wanted, ...spec.confirmed?.(before) },
      form: filled,
      picture,
    },
    spec,
    world.store,
  );
  if ("request" in agreement) {
    await world.leave();
    return { state: "approve", request: agreement.request };
  }
  const { approval } = agreement;
  await world.assertMayPress();
  await beginEffect(world.store, {
    ...act,
    effect: spec.id,
    address: world.address,
    approval,
    runId: world.runId,
    wanted: spec.wanted,
    baseline: before,
    status: "intended",
  });
  await world.record("effect.intended", { effect: name, key: act.key, button: form.submit.name, approval });
  await world.point(name, "intended");
  const settle = (status: SettledStatus, evidence: Json): Promise<void> =>
    settleEffect(status, evidence, act, world).catch((error: unknown) => {
      throw status === "withdrawn" ? error : unrecorded(error, name);
    });
  // Only a click that was begun is a press.
  const pressed: Pressed = { isBegun: false, isPasswordRefused: false };
  let outcome: Outcome;
  try {
    const answer = await world.sendOnce(() => press(form, filled, before, name, spec, world, pressed));
    await world.point(name, "answered");
    outcome = await heldAgainstList(site, before, spec, answer);
  } catch (error) {
    if (error instanceof NotSent || !pressed.isBegun) {
      const reason = error instanceof NotSent ? error.cause : error;
      await settle("withdrawn", whyNotSent(reason));
      throw reason;
    }
    // Whatever happens between the press and the proof says nothing of what the portal did.
    await settle("unknown", { error: String(error) });
    await world.picture(`${name} 按下之後`).catch(() => undefined);
    await world.leave();
    return { state: "look-again", after: world.reconcile.first };
  }
  // No picture is worth the answer that is known already.
  await world.picture(`${name} 之後`).catch(() => undefined);
  switch (outcome.kind) {
    case "accepted":
      await settle("confirmed", { words: outcome.words });
      return { state: "done", result: { status: "confirmed", proof: outcome.words, before } };
    case "differs":
      await settle("done-differently", { words: outcome.words, differs: outcome.differs });
      return doneDifferently(name, outcome.differs);
    case "refused":
      await settle("refused", { words: outcome.words });
      if (pressed.isPasswordRefused)
        throw new Failure("password-refused", { wanted: name, pageSays: outcome.words, ...outcome.listed });
      throw new Failure(spec.refusals[outcome.reason], { pageSays: outcome.words, ...outcome.listed });
    case "silent":
      await settle("unknown", { words: outcome.words, said: outcome.said });
      await world.leave();
      return { state: "look-again", after: world.reconcile.first };
  }
}

/** A form that holds what is asked, and nothing else that it did not hold before. */
interface Filled {
  readonly form: SubmissionForm;
  /** What the whole form holds. */
  readonly filled: FormState;
  readonly picture: string | null;
}

/**
 * Opens the form and fills it: without a pause where that can be done again. Where the page has meanwhile written something of its own, the form
 * is reopened and filled once it has come to rest. Either way it is compared at rest, and once more in the moment of the press.
 * @throws Failure `form-mismatch` where it holds anything else than what is asked
 */
export async function openedAndFilled<Before extends Json, Site>(
  site: Site,
  name: string,
  spec: EffectSpec<Before, Site>,
  world: PressContext,
): Promise<Filled> {
  const opened = await spec.open(site);
  if (opened.fillBriskly !== undefined) {
    const brisk = await fillAndCompare("now", opened.form, opened.fillBriskly, name, spec, world);
    if (!("mismatch" in brisk)) return brisk;
    await world.record("effect.fills-again", { effect: name, seen: brisk.mismatch });
  }
  const { form, fill } = opened.fillBriskly === undefined ? opened : await spec.open(site);
  const filled = await fillAndCompare("at-rest", form, fill, name, spec, world);
  if ("mismatch" in filled) throw new Failure("form-mismatch", { wanted: name, seen: filled.mismatch });
  return filled;
}

/** @param when the form is looked at before it is filled: at rest, or now, where what it writes later is found and `mismatch` says so */
async function fillAndCompare<Before extends Json, Site>(
  when: "at-rest" | "now",
  form: SubmissionForm,
  fill: () => Promise<void>,
  name: string,
  spec: EffectSpec<Before, Site>,
  world: PressContext,
): Promise<Filled | { readonly mismatch: string }> {
  const untouched = await form.state(when);
  const taken = occupied(untouched);
  if (taken !== null) return { mismatch: taken };
  try {
    await fill();
  } catch (error) {
    // The page was still being drawn; what is really wrong with it is told once it is at rest.
    if (when === "now") return { mismatch: String(error) };
    throw error;
  }
  await world.point(name, "filled");
  // The page comes to rest while it is pictured. A picture of anything else than what is compared is taken again.
  const first = await form.state("now");
  const early = await world.picture(`${name} 填好的表單`);
  const filled = await form.state("at-rest");
  const held = await form.readBack();
  const mismatch = firstDifference(spec.wanted, held, "all") ?? strayChange(untouched, filled);
  if (mismatch !== null) return { mismatch };
  const isSame = JSON.stringify(first) === JSON.stringify(filled);
  const picture = isSame ? early : await world.picture(`${name} 填好的表單`);
  await world.record("effect.compared", { effect: name, wanted: spec.wanted, held });
  await world.point(name, "compared");
  return { form, filled, picture };
}

/** Finds the button, sees that it can be pressed, and that the form holds what it held; presses nothing. */
export async function readyToPress<Before extends Json, Site>(
  form: SubmissionForm,
  filled: FormState,
  name: string,
  spec: EffectSpec<Before, Site>,
): Promise<SubmissionForm["submit"]> {
  // One and the same: another would be aimed at once more between the last look at the form and the press.
  const { submit } = form;
  await aimAt(submit);
  await assertStillAsked(form, filled, name, spec);
  return submit;
}

/** "The disk is full, so nothing was sent" is no longer true. */
function unrecorded(error: unknown, name: string): unknown {
  if (!(error instanceof Failure) || error.code !== "disk-full") return error;
  return new Failure("outcome-unknown", { wanted: name, seen: error.message }, { cause: error });
}

/**
 * The presses themselves, and the portal's own question between them.
 * @throws NotSent where it is certain that nothing was sent
 */
async function press<Before extends Json, Site>(
  form: SubmissionForm,
  filled: FormState,
  before: Before,
  name: string,
  spec: EffectSpec<Before, Site>,
  world: PressContext,
  pressed: Pressed,
): Promise<PortalAnswer> {
  const submit = await readyToPress(form, filled, name, spec);
  pressed.isBegun = true;
  await pressOnce(submit).catch((error: unknown) => {
    throw error instanceof NotPressed ? new NotSent(error.cause) : error;
  });
  await world.point(name, "pressed");
  const confirmation = await form.confirmation();
  let typed: TypedPassword | null = null;
  if (confirmation) {
    typed = await confirmed(confirmation, before, name, spec, world);
    // What was agreed to may have to be vouched for.
    const box = confirmation.asksPassword ? null : ((await form.passwordBox?.()) ?? null);
    if (box) typed = await confirmed(box, before, name, spec, world);
  }
  if (typed === null) return form.answer();
  return answerToPassword(typed, form, pressed);
}

/** Agrees to the portal's question about just this act, with the password where it wants that. @throws NotSent */
async function confirmed<Before extends Json, Site>(
  confirmation: Confirmation,
  before: Before,
  name: string,
  spec: EffectSpec<Before, Site>,
  world: PressContext,
): Promise<TypedPassword | null> {
  await assertAsksTheSame(confirmation, before, name, spec).catch(async (error: unknown) => {
    await world.picture(`${name} 確認畫面不符`).catch(() => undefined);
    return withdrawn(confirmation, error);
  });
  await world.picture(`${name} 確認畫面`);
  await world.point(name, "confirm-compared");
  await world.assertMayPress().catch((error: unknown) => withdrawn(confirmation, error));
  const typed = await passwordFor(confirmation, name, world).catch((error: unknown) => withdrawn(confirmation, error));
  await pressOnce(confirmation.confirm).catch(async (error: unknown) => {
    if (!(error instanceof NotPressed)) throw error;
    await typed?.ended("not-sent");
    return withdrawn(confirmation, error.cause);
  });
  await world.point(name, "confirm-pressed");
  return typed;
}

/** @throws Failure `password-asked` where it wants a password that is not ours to give */
async function passwordFor(
  confirmation: Confirmation,
  name: string,
  world: PressContext,
): Promise<TypedPassword | null> {
  if (!confirmation.asksPassword) return null;
  const typed = (await world.typePassword?.(confirmation)) ?? null;
  if (typed === null) throw new Failure("password-asked", { wanted: name, pageSays: confirmation.words });
  await world.record("effect.password-typed", { effect: name, words: confirmation.words });
  return typed;
}

/** How a portal says that it was the password. */
const PASSWORD_REFUSED = /(密碼|password).{0,16}(錯誤|有誤|不符|不正確|incorrect|wrong|invalid|not match)|未取得授權/i;

/** The answer to an act that was sent with the password: what it says of the password is written down before anything else is done. */
async function answerToPassword(typed: TypedPassword, form: SubmissionForm, pressed: Pressed): Promise<PortalAnswer> {
  let answer: PortalAnswer;
  try {
    answer = await form.answer();
  } catch (error) {
    await typed.ended("unknown");
    throw error;
  }
  pressed.isPasswordRefused = answer.kind === "refused" && PASSWORD_REFUSED.test(answer.words);
  await typed.ended(pressed.isPasswordRefused ? "refused" : answer.kind === "accepted" ? "accepted" : "unknown");
  return answer;
}

/** What is known of a press while it is made. */
interface Pressed {
  isBegun: boolean;
  /** The portal wanted the account's password once more, and did not take it. */
  isPasswordRefused: boolean;
}

/** The form as it is in the very moment before the press: pages change their fields behind one's back. */
async function assertStillAsked<Before extends Json, Site>(
  form: SubmissionForm,
  filled: FormState,
  name: string,
  spec: EffectSpec<Before, Site>,
): Promise<void> {
  const stray = strayChange(filled, await form.state("now"));
  const difference = firstDifference(spec.wanted, await form.readBack(), "all") ?? stray;
  if (difference === null) return;
  throw new Failure("form-mismatch", { wanted: name, seen: `按下之前頁面又變了：${difference}` });
}

/** Whether the portal's "are you sure" is about what was asked. */
async function assertAsksTheSame<Before extends Json, Site>(
  { shows, words }: Confirmation,
  before: Before,
  name: string,
  spec: EffectSpec<Before, Site>,
): Promise<void> {
  const demanded = spec.confirmed?.(before) ?? {};
  const difference =
    firstDifference(demanded, shows, "all") ?? firstDifference({ ...spec.wanted, ...demanded }, shows, "shown");
  if (difference) throw new Failure("form-mismatch", { wanted: name, seen: difference, pageSays: words });
}

/** Nothing was sent, and that is known: the one failure after the intent that is not `unknown`. */
class NotSent extends Error {
  constructor(reason: unknown) {
    super("nothing was sent", { cause: reason });
  }
}

function whyNotSent(reason: unknown): Json {
  if (!(reason instanceof Failure)) return { error: String(reason) };
  return { difference: reason.detail.seen ?? reason.message, words: reason.detail.pageSays ?? null };
}

/** Leaves the confirming view. It sends nothing before it is agreed to, so that a way out that can't be found changes nothing of that. */
async function withdrawn(confirmation: Confirmation, reason: unknown): Promise<never> {
  await confirmation.withdraw().catch(() => undefined);
  throw new NotSent(reason);
}

/** What the list proves. That it shows something else than was asked is believed at the second look: a list may be half drawn. */
export async function provedBy<Before extends Json, Site>(
  spec: EffectSpec<Before, Site>,
  before: Before,
  look: () => Promise<Before>,
): Promise<Proof> {
  const proof = spec.proof(before, await look());
  return typeof proof === "object" ? spec.proof(before, await look()) : proof;
}

/**
 * What the page says, held against the portal's own list. A new row is as good as a receipt, and better than the page's word: it
 * also shows what the portal made of the act. A refusal is checked too: a browser that sent the request twice shows the refusal of the second one.
 */
async function heldAgainstList<Before extends Json, Site>(
  site: Site,
  before: Before,
  spec: EffectSpec<Before, Site>,
  said: PortalAnswer,
): Promise<Outcome> {
  const proof = await provedBy(spec, before, () => spec.observeProof?.(site, before) ?? spec.observe(site));
  const { words } = said;
  const isTaken = said.kind === "refused" && said.reason === "already";
  // It refuses because of what is there: someone else's, since ours was not taken.
  if (typeof proof === "object" && isTaken) return { ...said, listed: differenceDetail(proof.differs) };
  if (typeof proof === "object") return { kind: "differs", words, differs: proof.differs };
  if (proof === "as-asked") {
    return { kind: "accepted", words: said.kind === "accepted" ? words : `清單上已出現這一筆（頁面訊息：${words}）` };
  }
  const silent = { kind: "silent", words, said: said.kind === "silent" ? null : words } as const;
  if (proof === "unclear") return silent;
  switch (said.kind) {
    case "accepted":
      return spec.listed === "later" ? said : silent;
    case "refused":
      return isTaken ? silent : { ...said, listed: {} };
    case "silent":
      return silent;
  }
}
