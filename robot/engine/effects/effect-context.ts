import type { Json } from "../../lib/json.ts";
import type { Confirmation } from "../../../selectors/pages.ts";
import type { Store } from "../../store/store.ts";
import type { FailureCode, FailureDetail } from "../../failures/failure.ts";
import type { EffectResult, Question } from "../flow.ts";
import type { ApprovalMode, ApprovalRequest } from "./approval.ts";
import { moveEffect } from "./effect-table.ts";
import type { WouldPress } from "./rehearsal.ts";

/** The places of an irreversible act at which a process may die. A test kills it at each of them and counts at the portal. */
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
export interface EffectContext<Site> {
  readonly store: Store;
  readonly runId: string;
  readonly flowVersion: number;
  /** The company, and whether a person has to agree to such an act of it. */
  readonly ubn: string;
  /** Where the act is sent, as it is configured. */
  readonly address: string;
  approvalMode(effect: string): ApprovalMode;
  /** The run only rehearses: nothing is pressed. */
  readonly isRehearsal: boolean;
  readonly reconcile: { readonly first: number; readonly every: number; readonly timeout: number };
  visit<T>(work: (site: Site) => Promise<T>): Promise<T>;
  /** Signs out; the next `visit` starts a new one. */
  leave(): Promise<void>;
  /** The last check before a press: lease still ours, recording writable, no shutdown under way, installation allowed to submit. */
  assertMayPress(): Promise<void>;
  record(type: string, data: Json): Promise<void>;
  /** Title and address of the page that is open, without what may be secret in it; null where none is open. */
  whereabouts(): Promise<string | null>;
  /** Returns where in the record the picture is; null where the page can't be pictured. */
  picture(name: string): Promise<string | null>;
  /**
   * Types the account's password into a box that asks for it, once, and counts that like a sign-in. Null where the site has no password of ours.
   */
  typePassword?(asked: Confirmation): Promise<TypedPassword | null>;
  /** Sees to it that what the page sends while `work` runs reaches the portal at most once. */
  sendOnce<T>(work: () => Promise<T>): Promise<T>;
  point(effect: string, point: EffectPoint): Promise<void>;
}

/** A password that was typed in a box and not sent yet. */
export interface TypedPassword {
  /** Writes down what became of it; one that was refused switches the account off. */
  ended(how: "accepted" | "refused" | "unknown" | "not-sent"): Promise<void>;
}

/** What is needed where no page is open, whatever the site. */
export type PressContext = Omit<EffectContext<unknown>, "visit">;

export type EffectProgress<Before> =
  | { readonly state: "done"; readonly result: EffectResult<Before> }
  /** Not known yet: look again after the given number of milliseconds. */
  | { readonly state: "look-again"; readonly after: number }
  /** Filled and compared; nothing is pressed before a person agrees to exactly this. */
  | { readonly state: "approve"; readonly request: ApprovalRequest }
  /** Filled and compared in a rehearsal, and left without saving. */
  | { readonly state: "rehearsed"; readonly wouldPress: WouldPress }
  | {
      readonly state: "ask";
      readonly question: Question;
      /** How the run ends where the person leaves it at that. */
      readonly otherwise: { readonly code: FailureCode; readonly detail: FailureDetail };
    };

/** What a key is about: which row of the table, and how people call it. */
export interface EffectRef {
  readonly key: string;
  readonly name: string;
}

export type SettledStatus = "confirmed" | "refused" | "withdrawn" | "unknown" | "done-differently" | "released";

/** Writes down what became of the act: in the store first, then in the record. */
export async function settleEffect(
  status: SettledStatus,
  evidence: Json,
  { key, name }: EffectRef,
  context: PressContext,
): Promise<void> {
  await moveEffect(context.store, { key, runId: context.runId }, status, evidence);
  await context.record(`effect.${status}`, { effect: name, key, evidence });
  await context.point(name, "settled");
}
