import { pressOnce } from "../../../selectors/submit/press-once.ts";
import type { CommitForm, Confirmation, Fields, PortalAnswer, RefusalReason } from "../../../selectors/pages.ts";
import { Failure, type FailureCode } from "../../failures/failure.ts";
import { agreementOn, type ApprovalMode, type ApprovalRequest } from "./approval.ts";
import { beginEffect, findEffect, moveEffect, OPEN_STATUSES, type EffectRow, wasConfirmedIn } from "./effect-table.ts";
import type { EffectResult, EffectSpec, Question } from "../flow.ts";
import { STOP } from "../people/assistance.ts";
import type { Json } from "../../lib/json.ts";
import type { Store } from "../../store/store.ts";

/**
 * The protocol of an irreversible act (section 4 of the design). The points are where a process may die; a test kills it at each
 * of them and counts at the portal.
 */
export const EFFECT_POINTS = [
  "before-look",
  "looked",
  "filled",
  "compared",
  "intended",
  "pressed",
  "confirm-compared",
  "confirm-pressed",
  "answered",
  "settled",
  "before-reconcile",
  "reconcile-looked",
] as const;
export type EffectPoint = (typeof EFFECT_POINTS)[number];

/** What the protocol needs of the run it belongs to. */
export interface EffectWorld<Site> {
  readonly store: Store;
  readonly runId: string;
  readonly flowVersion: number;
  /** The company, and whether a person has to agree to such an act of it. */
  readonly ubn: string;
  approvalMode(effect: string): ApprovalMode;
  readonly reconcile: { readonly first: number; readonly every: number; readonly giveUp: number };
  visit<T>(work: (site: Site) => Promise<T>): Promise<T>;
  /** Signs out; the next `visit` starts a new one. */
  leave(): Promise<void>;
  /** The last check before a press: lease still ours, recording writable, no shutdown under way, installation allowed to submit. */
  assertMayPress(): Promise<void>;
  record(type: string, data: Json): Promise<void>;
  /** Returns where in the record the picture is; null where the page can't be pictured. */
  picture(name: string): Promise<string | null>;
  /** Sees to it that what the page sends while `work` runs reaches the portal at most once. */
  sendOnce<T>(work: () => Promise<T>): Promise<T>;
  point(effect: string, point: EffectPoint): Promise<void>;
}

/** What is needed after the form is filled, whatever the site. */
type Pressing = Omit<EffectWorld<unknown>, "visit">;

export type EffectProgress<Before> =
  | { readonly state: "done"; readonly result: EffectResult<Before> }
  /** Not known yet: look again after so many milliseconds. */
  | { readonly state: "look-again"; readonly after: number }
  | { readonly state: "ask"; readonly question: Question }
  /** Filled and compared; nothing is pressed before a person agrees to exactly this. */
  | { readonly state: "approve"; readonly request: ApprovalRequest };

/**
 * Carries the act as far as it can go now. May be called again after a crash at any place: what the store says decides, and
 * nothing is ever pressed where an earlier press may have worked.
 */
export async function advanceEffect<Before extends Json, Site>(
  key: string,
  name: string,
  spec: EffectSpec<Before, Site>,
  world: EffectWorld<Site>,
): Promise<EffectProgress<Before>> {
  const known = await findEffect(world.store, key);
  if (known && OPEN_STATUSES.includes(known.status)) return reconcile(known, name, spec, world);
  await world.point(name, "before-look");
  const before = await world.visit((site) => spec.look(site));
  await world.record("effect.looked", { effect: name, key, before });
  await world.picture(`${name} 之前`);
  await world.point(name, "looked");
  const judgement = spec.judge(before, known?.status === "confirmed");
  if ("already" in judgement) {
    if (known?.status !== "confirmed") {
      const row = { key, name, runId: world.runId, wanted: spec.wanted, baseline: before };
      await beginEffect(world.store, { ...row, effect: spec.id, status: "already-done" });
    }
    await world.record("effect.already-done", { effect: name, key, why: judgement.already });
    return { state: "done", result: { status: "already-done", proof: judgement.already, before } };
  }
  if ("refuse" in judgement) throw new Failure(judgement.refuse, judgement.detail);
  if (known?.status === "confirmed" && spec.mayRecur) {
    await settleEffect("released", { undone: before }, key, name, world);
  } else if (known?.status === "confirmed") {
    // Proved in this very run, by the portal or by a person: what would show it is only late.
    if (await wasConfirmedIn(world.store, key, world.runId))
      return { state: "done", result: { status: "confirmed", proof: "這次執行裡已確認成功", before } };
    // It was proved once and the portal no longer shows it: someone undid it there. Doing it again is a person's decision.
    return { state: "ask", question: vanished(name) };
  }
  return world.visit((site) => commit(site, before, key, name, spec, world));
}

async function commit<Before extends Json, Site>(
  site: Site,
  before: Before,
  key: string,
  name: string,
  spec: EffectSpec<Before, Site>,
  world: EffectWorld<Site>,
): Promise<EffectProgress<Before>> {
  const form = await spec.fill(site);
  await world.point(name, "filled");
  const held = await form.readBack();
  const picture = await world.picture(`${name} 填好的表單`);
  demandEqual(name, spec.wanted, held, "all");
  await world.record("effect.compared", { effect: name, wanted: spec.wanted, held });
  await world.point(name, "compared");
  const agreement = await agreementOn(
    {
      mode: world.approvalMode(spec.id),
      ubn: world.ubn,
      fields: { ...spec.wanted, ...spec.confirmed?.(before) },
      picture,
    },
    spec,
    world.store,
  );
  if ("request" in agreement) {
    await world.leave();
    return { state: "approve", request: agreement.request };
  }
  await world.assertMayPress();
  await beginEffect(world.store, {
    key,
    name,
    effect: spec.id,
    approval: agreement.approval,
    runId: world.runId,
    wanted: spec.wanted,
    baseline: before,
    status: "intended",
  });
  const { approval } = agreement;
  await world.record("effect.intended", { effect: name, key, button: form.submit.name, approval });
  await world.point(name, "intended");
  const settle = (status: "confirmed" | "refused" | "withdrawn" | "unknown", evidence: Json): Promise<void> =>
    settleEffect(status, evidence, key, name, world).catch((error: unknown) => {
      throw status === "withdrawn" ? error : unrecorded(error, name);
    });
  let answer: PortalAnswer;
  try {
    answer = await world.sendOnce(() => press(form, before, name, spec, settle, world));
    await world.point(name, "answered");
    if (answer.kind !== "accepted") answer = await askTheList(site, before, spec, answer);
  } catch (error) {
    // Whatever happens between the press and the proof says nothing of what the portal did.
    if (error instanceof NotSent) throw error.cause;
    await settle("unknown", { error: String(error) });
    await world.picture(`${name} 按下之後`).catch(() => undefined);
    await world.leave();
    return { state: "look-again", after: world.reconcile.first };
  }
  // No picture is worth the answer that is known already.
  await world.picture(`${name} 之後`).catch(() => undefined);
  switch (answer.kind) {
    case "accepted":
      await settle("confirmed", { words: answer.words });
      return { state: "done", result: { status: "confirmed", proof: answer.words, before } };
    case "refused":
      await settle("refused", { words: answer.words });
      throw new Failure(spec.refusals?.[answer.reason] ?? REFUSALS[answer.reason], { pageSays: answer.words });
    case "silent":
      await settle("unknown", { words: answer.words });
      await world.leave();
      return { state: "look-again", after: world.reconcile.first };
  }
}

/** "The disk is full, so nothing was sent" is no longer true. */
function unrecorded(error: unknown, name: string): unknown {
  if (!(error instanceof Failure) || error.code !== "disk-full") return error;
  return new Failure("outcome-unknown", { wanted: name, seen: error.message }, { cause: error });
}

/** The presses themselves, and the portal's own question between them. */
async function press<Before extends Json, Site>(
  form: CommitForm,
  before: Before,
  name: string,
  spec: EffectSpec<Before, Site>,
  settle: (status: "withdrawn", evidence: Json) => Promise<void>,
  world: Pressing,
): Promise<PortalAnswer> {
  await pressOnce(form.submit);
  await world.point(name, "pressed");
  const confirmation = await form.confirmation();
  if (confirmation) {
    const demanded = spec.confirmed?.(before) ?? {};
    const difference =
      firstDifference(demanded, confirmation.shows, "all") ??
      firstDifference({ ...spec.wanted, ...demanded }, confirmation.shows, "shown");
    if (difference) {
      const about = { wanted: name, seen: difference, pageSays: confirmation.words };
      await withdraw(confirmation, new Failure("form-mismatch", about), name, settle, world);
    }
    if (confirmation.asksPassword) {
      const about = { wanted: name, pageSays: confirmation.words };
      await withdraw(confirmation, new Failure("password-asked", about), name, settle, world);
    }
    await world.picture(`${name} 確認畫面`);
    await world.point(name, "confirm-compared");
    await world.assertMayPress().catch(async (error: unknown) => {
      await confirmation.withdraw();
      await settle("withdrawn", { error: String(error) });
      throw new NotSent(error);
    });
    await pressOnce(confirmation.confirm);
    await world.point(name, "confirm-pressed");
  }
  return form.answer();
}

/**
 * Where the page says nothing, the portal's own list may: a new row is as good as a receipt. A refusal is checked against the
 * list too: a browser that sent the request twice shows the refusal of the second one.
 */
async function askTheList<Before extends Json, Site>(
  site: Site,
  before: Before,
  spec: EffectSpec<Before, Site>,
  said: Exclude<PortalAnswer, { kind: "accepted" }>,
): Promise<PortalAnswer> {
  const verdict = spec.compare(before, await spec.look(site));
  if (verdict === "happened") return { kind: "accepted", words: `清單上已出現這一筆（頁面訊息：${said.words}）` };
  const contradicts = said.kind === "refused" && said.reason === "already";
  return verdict === "absent" && !contradicts ? said : { kind: "silent", words: said.words };
}

const REFUSALS: { readonly [reason in RefusalReason]: FailureCode } = {
  quota: "quota-exceeded",
  window: "not-in-window",
  "notice-list": "mailbox-list-missing",
  already: "books-differ",
  bound: "carrier-bound-elsewhere",
  credentials: "credentials-rejected",
  other: "take-refused",
};

/** Nothing was sent, and that is known: the one failure after the first press that is not `unknown`. */
class NotSent extends Error {
  constructor(reason: unknown) {
    super("nothing was sent", { cause: reason });
  }
}

async function withdraw(
  confirmation: Confirmation,
  reason: Failure,
  name: string,
  settle: (status: "withdrawn", evidence: Json) => Promise<void>,
  world: Pressing,
): Promise<never> {
  await world.picture(`${name} 確認畫面不符`);
  await confirmation.withdraw();
  await settle("withdrawn", { difference: reason.detail.seen ?? reason.message, words: confirmation.words });
  throw new NotSent(reason);
}

async function reconcile<Before extends Json, Site>(
  row: EffectRow,
  name: string,
  spec: EffectSpec<Before, Site>,
  world: EffectWorld<Site>,
): Promise<EffectProgress<Before>> {
  await world.point(name, "before-reconcile");
  if (row.status === "intended") await settleEffect("unknown", { found: "intended" }, row.key, name, world);
  const after = await world.visit((site) => spec.look(site));
  await world.picture(`${name} 查證`);
  await world.point(name, "reconcile-looked");
  // The baseline went through JSON and was written by the same spec's `look`; what another version of the flow looked at can't be compared.
  const before = row.baseline as Before;
  const verdict = row.flowVersion === world.flowVersion ? spec.compare(before, after) : "unclear";
  await world.record("effect.reconciled", { effect: name, key: row.key, before, after, verdict });
  switch (verdict) {
    case "happened":
      await settleEffect("confirmed", { reconciled: true, after }, row.key, name, world);
      return { state: "done", result: { status: "confirmed", proof: "平台清單上已出現這一筆（事後查證）", before } };
    case "absent": {
      const waited = Date.now() - Date.parse(row.intendedAt ?? "");
      if (waited < world.reconcile.giveUp) return { state: "look-again", after: world.reconcile.every };
      return { state: "ask", question: unknownOutcome(name, before, after) };
    }
    case "unclear":
      return { state: "ask", question: unknownOutcome(name, before, after) };
  }
}

/** A person's answer where an act that was proved is no longer to be seen at the portal. */
const AGAIN = "again";

/** A person's word on an act whose outcome the portal does not show. Repeatable: what was written down before a crash stays. */
export async function settleByPerson(
  key: string,
  name: string,
  answer: string,
  world: Pressing,
): Promise<"confirmed" | "released"> {
  const status = answer === "happened" ? "confirmed" : "released";
  const row = await findEffect(world.store, key);
  const settled = answer === AGAIN ? row?.status === "released" : row !== null && !OPEN_STATUSES.includes(row.status);
  if (!settled) await settleEffect(status, { person: answer }, key, name, world);
  return status;
}

async function settleEffect(
  status: "confirmed" | "refused" | "withdrawn" | "unknown" | "released",
  evidence: Json,
  key: string,
  name: string,
  world: Pressing,
): Promise<void> {
  await moveEffect(world.store, { key, runId: world.runId }, status, evidence);
  await world.record(`effect.${status}`, { effect: name, key, evidence });
  await world.point(name, "settled");
}

function unknownOutcome(name: string, before: Json, after: Json): Question {
  return {
    text: `「${name}」按下送出後沒有得到平台的回覆，事後查證也無法確定。請到平台查看：這一筆有沒有成功？`,
    choices: { happened: "已成功，平台上看得到", "not-happened": "沒有成功，平台上沒有；可以再做一次" },
    context: { before, after },
  };
}

function vanished(name: string): Question {
  return {
    text: `「${name}」以前已成功過，但平台上現在看不到。是否有人刪除？要不要再做一次？`,
    choices: { [AGAIN]: "再做一次", [STOP]: "不要再做" },
  };
}

function demandEqual(name: string, wanted: Fields, held: Fields, which: "all" | "shown"): void {
  const difference = firstDifference(wanted, held, which);
  if (difference) throw new Failure("form-mismatch", { wanted: name, seen: difference });
}

/** The first label whose value differs. With `shown`, labels that the page does not show are not compared. */
function firstDifference(wanted: Fields, held: Fields, which: "all" | "shown"): string | null {
  for (const [label, value] of Object.entries(wanted)) {
    const seen = held[label];
    if (seen === undefined && which === "shown") continue;
    if (seen !== value) return `${label}：要「${value}」，頁面是「${seen ?? "（沒有這一欄）"}」`;
  }
  return null;
}
