import type { Portal, Sites } from "../../../selectors/pages.ts";
import type { FailureCode } from "../../failures/failure.ts";
import type { FileFormats } from "../../invoicing/file-recognition.ts";
import type { Ubn } from "../../invoicing/values/ubn.ts";
import type { Json } from "../../lib/json.ts";
import type { EffectResult, EffectSpec, JointAgreement } from "./effect-spec.ts";
import type { Files } from "./files.ts";
import type { LedgerTeachings } from "./ledger-teachings.ts";
import type { NoticeMailbox } from "./mailbox.ts";
import type { FilledAnswer, Question } from "./questions.ts";
import type { WaitResult, WaitSpec } from "./waits.ts";
import type { OwnPort } from "./own-ports.ts";

/** The company a run works for, as far as a flow may know it. */
export interface CompanyFacts {
  readonly name: string;
  readonly ubn: Ubn;
  /** The address that must be on the portal's list for notices, whether or not the robot reads its mail; null where none is configured. */
  readonly noticeAddress: string | null;
  /**
   * Who shall be on the portal's list for notices; `whole`: and nobody else. Without `whole` the configuration names some of them
   * only.
   */
  readonly notified: { readonly addresses: readonly string[]; readonly whole: boolean };
  /** 分支機構 for which this company reports, by their UBNs. */
  readonly branches: readonly Ubn[];
  /** Who else reports the company's blank numbers, and on which day of the odd month; exactly one party may do it. */
  readonly blanksReportedBy: { readonly name: string; readonly day: number } | null;
}

/** All that a flow gets. */
export interface FlowPorts<Input> {
  readonly input: Input;
  readonly company: CompanyFacts;
  /** How this installation's files look where they differ from what is usual. */
  readonly formats: FileFormats;
  /** The run presses nothing: whatever is no effect and yet can't be undone, the flow must leave out. Effects stop by themselves. */
  readonly rehearsal: boolean;
  readonly timing: {
    /** For reading what the portal has already been asked for: passing trouble is not the end of the run. */
    readonly retry: RetryPolicy;
  };
  /**
   * The id, in kebab-case English, is the checkpoint for ever; the title is for people and may be improved.
   *
   * Does repeatable work and keeps its result: after a crash a finished step is not done again, an unfinished one is.
   * Never retried, unless `again` says on which failures.
   */
  readonly step: <T extends Json>(id: string, title: string, work: () => Promise<T>, again?: RetryPolicy) => Promise<T>;
  /** An irreversible act, at most once. */
  readonly effect: <Before extends Json>(name: string, spec: EffectSpec<Before>) => Promise<EffectResult<Before>>;
  /** An irreversible act somewhere else than on the signed-in portal. */
  readonly effectAt: <Kind extends keyof Sites, Before extends Json>(
    door: SiteTarget<Kind>,
    name: string,
    spec: EffectSpec<Before, Sites[Kind]>,
  ) => Promise<EffectResult<Before>>;
  /**
   * Holds an act that was confirmed against what the portal shows of it later. Where it shows something else than was asked a person decides.
   * @throws Failure `done-differently` where the person leaves it at that
   */
  readonly hold: <Before extends Json, Site>(
    name: string,
    spec: EffectSpec<Before, Site>,
    seen: { readonly before: Before; readonly after: Before },
  ) => Promise<void>;
  /** Waits durably: no browser, no timer that dies with the process. Null when nobody answered until `timeout`. */
  readonly wait: <Answer extends Json>(
    id: string,
    title: string,
    spec: WaitSpec<Answer>,
  ) => Promise<WaitResult<Answer> | null>;
  /** The portal, signed in. One visit serves all steps until the next wait, then it is signed out. */
  readonly visit: <T>(work: (portal: Portal) => Promise<T>) => Promise<T>;
  /** The same somewhere else. Only one visit is open at a time: going through another door ends the one before. */
  readonly visitAt: <Kind extends keyof Sites, T>(
    door: SiteTarget<Kind>,
    work: (site: Sites[Kind]) => Promise<T>,
  ) => Promise<T>;
  /**
   * Asks a person once to agree to several acts of this run: each is bound to its own digest, and is not asked about again.
   * @throws Failure `cancelled` where the person does not agree
   */
  readonly agree: (id: string, title: string, agreement: JointAgreement) => Promise<void>;
  /** Asks a person and suspends until the answer. Returns the chosen answer. */
  readonly person: (id: string, title: string, question: Question) => Promise<string>;
  /** The same where something has to be filled in with the answer. */
  readonly personsForm: (id: string, title: string, question: Question) => Promise<FilledAnswer>;
  readonly mailbox: NoticeMailbox;
  readonly files: Files;
  readonly ledgerTeachings: LedgerTeachings;
  /** What only some jobs need (`flows/ports.ts`). */
  readonly own: <Port>(port: OwnPort<Port>) => Port;
  /** A line of the run's timeline; with `picture` and an open page also a picture of it. */
  readonly record: (line: string, about?: { readonly data?: Json; readonly picture?: boolean }) => Promise<void>;
}

/** Retries as data: on these failures only, this many times, after this many milliseconds. */
export interface RetryPolicy {
  readonly on: readonly FailureCode[];
  readonly times: number;
  readonly after: number;
}

/** What leads to each kind of site. */
export interface SiteTargets {
  /** Signing in as the run's company. */
  readonly portal: null;
  readonly carrier: CarrierTarget;
  /** Signing in as the run's company at its value-added platform. */
  readonly platform: null;
}

/** The link to one carrier at its member site, whose holder's 驗證碼 may be typed there. */
export type CarrierTarget = {
  readonly link: string;
  /** 手機號碼 of the holder: the 驗證碼 is kept under it. Null where none is needed. */
  readonly phone: string | null;
  /** Only a person can do it, with a card of theirs, in the window on this machine. */
  readonly needsPerson: boolean;
};

export type SiteTarget<Kind extends keyof Sites> = { readonly kind: Kind; readonly to: SiteTargets[Kind] };
