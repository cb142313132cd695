import type { Json } from "../../lib/json.ts";
import { Failure } from "../../failures/failure.ts";
import type { EffectSpec } from "../flow.ts";
import { commit } from "./commit.ts";
import {
  beginEffect,
  type EffectRow,
  findEffect,
  OPEN_STATUSES,
  UNSETTLED_STATUSES,
  wasConfirmedIn,
} from "./effect-table.ts";
import {
  type EffectRef,
  type EffectProgress,
  type EffectContext,
  type PressContext,
  settleEffect,
} from "./effect-context.ts";
import { observeBefore } from "./observe.ts";
import { rehearseEffect } from "./rehearsal.ts";
import { AGAIN, AS_IT_IS, doneDifferently, MENDED, unknownOutcome, vanished } from "./questions.ts";

/**
 * Carries the act as far as it can go now. May be called again after a crash at any place: what the store says decides, and
 * nothing is ever pressed where an earlier press may have worked.
 */
export async function advanceEffect<Before extends Json, Site>(
  key: string,
  name: string,
  spec: EffectSpec<Before, Site>,
  world: EffectContext<Site>,
): Promise<EffectProgress<Before>> {
  const act = { key, name };
  const known = await findEffect(world.store, key);
  if (world.isRehearsal) return rehearseEffect(known, act, spec, world);
  if (known && UNSETTLED_STATUSES.includes(known.status)) return reconcile(known, act, spec, world);
  if (known?.status === "confirmed" && (await wasConfirmedIn(world.store, key, world.runId)))
    return provedHere(known, act, spec, world);
  const before = await observeBefore(act, spec, world);
  const judgement = spec.decide(before, known?.status === "confirmed");
  if ("already" in judgement) {
    if (known?.status !== "confirmed") {
      const row = { key, name, runId: world.runId, wanted: spec.wanted, baseline: before };
      await beginEffect(world.store, { ...row, effect: spec.id, address: world.address, status: "already-done" });
    }
    await world.record("effect.already-done", { effect: name, key, why: judgement.already });
    return { state: "done", result: { status: "already-done", proof: judgement.already, before } };
  }
  if ("refuse" in judgement) throw new Failure(judgement.refuse, judgement.detail);
  if (known?.status === "confirmed") {
    // It was proved once and the portal no longer shows it: someone undid it there. Doing it again is a person's decision.
    if (!spec.mayRecur) return vanished(name);
    await settleEffect("released", { undone: before }, act, world);
  }
  return world.visit((site) => commit(site, before, act, spec, world));
}

/**
 * Proved in this very run, by the portal or by a person: it is done. The portal is looked at for the record only, since what it shows by now would be
 * judged as something else than what was asked before the press: rows of our own file as a person's, what was done otherwise as a mistake.
 */
async function provedHere<Before extends Json, Site>(
  known: EffectRow,
  { key, name }: EffectRef,
  spec: EffectSpec<Before, Site>,
  world: EffectContext<Site>,
): Promise<EffectProgress<Before>> {
  await world.point(name, "before-look");
  const now = await world.visit((site) => spec.observe(site));
  await world.record("effect.looked", { effect: name, key, before: now });
  await world.point(name, "looked");
  // What another version of the flow looked at is nothing that this one can go on from.
  const before = known.flowVersion === world.flowVersion ? (known.baseline as Before) : now;
  const proof = isLeftAsItIs(known) ? "和要求的不同，由人決定就這樣" : "這次執行裡已確認成功";
  return { state: "done", result: { status: "confirmed", proof, before } };
}

async function reconcile<Before extends Json, Site>(
  row: EffectRow,
  act: EffectRef,
  spec: EffectSpec<Before, Site>,
  world: EffectContext<Site>,
): Promise<EffectProgress<Before>> {
  const { key, name } = act;
  await world.point(name, "before-reconcile");
  if (row.status === "intended") await settleEffect("unknown", { found: "intended" }, act, world);
  const look = (): Promise<Before> => world.visit((site) => spec.observe(site));
  let after = await look();
  await world.picture(`${name} 查證`);
  await world.point(name, "reconcile-looked");
  // The baseline went through JSON and was written by the same spec's `observe`.
  const before = row.baseline as Before;
  // What another version of the flow looked at can't be compared.
  let proof = row.flowVersion === world.flowVersion ? spec.proof(before, after) : "unclear";
  if (typeof proof === "object") {
    after = await look();
    proof = spec.proof(before, after);
  }
  await world.record("effect.reconciled", { effect: name, key, before, after, verdict: proof });
  if (typeof proof === "object") {
    if (row.status !== "done-differently")
      await settleEffect("done-differently", { reconciled: true, differs: proof.differs }, act, world);
    return doneDifferently(name, proof.differs);
  }
  switch (proof) {
    case "as-asked":
      await settleEffect("confirmed", { reconciled: true, after }, act, world);
      return { state: "done", result: { status: "confirmed", proof: "平台清單上已出現這一筆（事後查證）", before } };
    case "absent": {
      if (row.status === "done-differently") return vanished(name);
      const waited = Date.now() - Date.parse(row.intendedAt ?? "");
      if (waited < world.reconcile.timeout) return { state: "look-again", after: world.reconcile.every };
      return unknownOutcome(name, before, after, claimIn(row.evidence));
    }
    case "unclear":
      return unknownOutcome(name, before, after, claimIn(row.evidence));
  }
}

/**
 * Holds an act that was confirmed against what the portal shows of it later; null where that is as asked, or shows nothing yet.
 */
export async function holdEffect<Before extends Json, Site>(
  key: string,
  name: string,
  spec: EffectSpec<Before, Site>,
  { before, after }: { readonly before: Before; readonly after: Before },
  world: PressContext,
): Promise<Extract<EffectProgress<Before>, { state: "ask" }> | null> {
  const known = await findEffect(world.store, key);
  const proof = spec.proof(before, after);
  if (typeof proof !== "object" || known === null || isLeftAsItIs(known)) return null;
  if (known.status === "confirmed")
    await settleEffect("done-differently", { late: true, differs: proof.differs }, { key, name }, world);
  return doneDifferently(name, proof.differs, "final");
}

/** A person's word on an act whose outcome the portal does not show, or shows otherwise. Repeatable: what was written down before a crash stays. */
export async function settleByPerson(
  key: string,
  name: string,
  answer: string,
  world: PressContext,
): Promise<"confirmed" | "released" | "look-again"> {
  // What was mended at the portal, the portal shows.
  if (answer === MENDED) return "look-again";
  const status = answer === "not-happened" || answer === AGAIN ? "released" : "confirmed";
  const row = await findEffect(world.store, key);
  const isSettled = answer === AGAIN ? row?.status === "released" : row !== null && !isOpenTo(row);
  if (!isSettled) await settleEffect(status, { person: answer, about: row?.evidence ?? null }, { key, name }, world);
  return status;
}

function isOpenTo({ status }: EffectRow): boolean {
  return OPEN_STATUSES.includes(status) || status === "done-differently";
}

/** A person has said that what the portal did otherwise may stay so. */
function isLeftAsItIs({ status, evidence }: EffectRow): boolean {
  if (status !== "confirmed" || evidence === null || typeof evidence !== "object") return false;
  return "person" in evidence && evidence.person === AS_IT_IS;
}

/** What the portal claimed, as noted with the last change of status; where it was silent, what stood on the page is no claim. */
function claimIn(evidence: Json): string | null {
  if (evidence === null || typeof evidence !== "object" || !("said" in evidence)) return null;
  const { said } = evidence;
  return typeof said === "string" && said.trim() !== "" ? said.trim().slice(0, 200) : null;
}
