import type { Fields, OpenForm, Portal, RefusalReason } from "../../../selectors/pages.ts";
import type { FailureCode, FailureDetail } from "../../failures/failure.ts";
import type { Words } from "../../invoicing/problems/problems.ts";
import type { Json } from "../../lib/json.ts";

export interface EffectSpec<Before extends Json, Site = Portal> {
  /** What kind of act it is, in kebab-case: its name in the configuration's `approve`, whatever the words for people are. */
  readonly id: string;
  /** What a person who has to agree is shown, besides the fields of the form. */
  readonly approval?: ApprovalTopic;
  /** The business coordinates of the act; with company, flow and id they are its key for ever. */
  readonly keyParts: readonly string[];
  /** What is asked, by the labels of the form: compared with what the form holds before anything is pressed. */
  readonly wanted: Fields;
  /** Reads what the portal itself knows: the baseline before, the proof afterwards. */
  observe(site: Site): Promise<Before>;
  /** Of the same only what the proof needs, right after the press and in the same visit; left out where that is all of it. */
  observeProof?(site: Site, before: Before): Promise<Before>;
  /**
   * From the baseline: go on, already as wanted, or impossible.
   * @param proved this very act was proved in an earlier run
   */
  decide(before: Before, proved: boolean): Judgement;
  /** Opens, and knows, every page that the rest of the job needs: nothing is begun that could not be finished. Presses nothing. */
  readonly laterPages?: (site: Site) => Promise<unknown>;
  /** What the portal lacks once this is done and the rest of the job is not, and the last day to make up for it. */
  readonly leaves?: { readonly missing: string; readonly until?: string };
  /** Opens the form; it is filled once its state before is known. */
  open(site: Site): Promise<OpenForm>;
  /** What the portal's confirming view has to show, all of it, before it is agreed to. Else only what it shows of `wanted` is compared. */
  confirmed?(before: Before): Fields;
  /**
   * What the portal's own list says now, held against the baseline and every field that was asked. After the press this alone tells
   * what became of the act, whatever the page says.
   */
  proof(before: Before, after: Before): Proof;
  /**
   * When the portal's list shows the act: at once, or perhaps later. What is accepted and not on a list that shows it at once is not known to be
   * done; where it may come later the flow looks again and holds what it then finds against what was asked (`hold`).
   */
  readonly listed: "at-once" | "later";
  /** What each reason for which the portal may refuse is called. */
  readonly refusals: { readonly [reason in RefusalReason]: FailureCode };
  /**
   * The act sets a state that anybody may set otherwise at any time, such as an address on a list. Where it was done once and is so no
   * longer, it is done again; every other act is then a person's decision.
   */
  readonly mayRecur?: true;
}

export interface ApprovalTopic {
  /** What is odd about it, each a sentence with its figures. Anyone who agrees ticks each. */
  readonly odd?: readonly Words[];
  readonly shown?: Shown;
  /** SHA-256 of the file that is sent. */
  readonly file?: string;
}

/** Several acts that a person agrees to at once. */
export type JointAgreement = {
  readonly text: string;
  /** Whether a person is asked even where nobody has to agree to any of the acts. */
  readonly always: boolean;
  readonly acts: readonly AgreedAct[];
  readonly shown: Shown;
};

/** What of an act is agreed to. */
export type AgreedAct = Pick<EffectSpec<Json, never>, "id" | "keyParts" | "wanted" | "approval">;

/** What a person reads before deciding: parts with a title, line by line. */
export type Shown = readonly { readonly title: string; readonly lines: readonly string[] }[];
/**
 * What the portal's list proves: the act happened exactly once and as asked; it happened otherwise; it did not happen; or nothing of it can
 * be said.
 */
export type Proof = "as-asked" | { readonly differs: readonly Difference[] } | "absent" | "unclear";

/** One field that the portal shows otherwise than was asked. */
export type Difference = { readonly label: string; readonly asked: string; readonly found: string };

/** The fields that differ; null where all are as asked. Fields that the portal does not show are not compared. */
export function differences(asked: Fields, found: { readonly [label: string]: string | undefined }): Proof | null {
  const differs = Object.entries(asked).flatMap(([label, value]) => {
    const seen = found[label];
    return seen === undefined || seen === value ? [] : [{ label, asked: value, found: seen }];
  });
  return differs.length === 0 ? null : { differs };
}

/** The codes for refusals of one kind of act: one for all reasons, but for those that have a name of their own. */
export function refusedAs(
  other: FailureCode,
  named: { readonly [reason in RefusalReason]?: FailureCode } = {},
): { readonly [reason in RefusalReason]: FailureCode } {
  return {
    quota: other,
    window: other,
    "notice-list": other,
    already: other,
    bound: other,
    credentials: other,
    other,
    ...named,
  };
}

export type Judgement =
  | { readonly go: true }
  | { readonly already: string }
  | { readonly refuse: FailureCode; readonly detail: FailureDetail };

export type EffectResult<Before> = {
  readonly status: "confirmed" | "already-done";
  /** The portal's words, or how it was found out. */
  readonly proof: string;
  readonly before: Before;
};
