import type { DurableSteps } from "./durable.ts";
import type { ApprovalMode } from "../effects/approval.ts";
import type { EffectPoint } from "../effects/effect-context.ts";
import type {
  RetryPolicy,
  CompanyFacts,
  Files,
  FlowPorts,
  Json,
  LedgerTeachings,
  NoticeMailbox,
  ProvidedPort,
  SiteTarget,
} from "../flow.ts";
import type { RunRow } from "../runs/runs.ts";
import type { Sites } from "../../../selectors/pages.ts";
import type { Store } from "../../store/store.ts";
import type { SiteOpeners } from "./visits.ts";

/** The part of a recorder that a pass uses. */
export interface ExecutionRecorder {
  event(type: string, data: Json): Promise<unknown>;
}

export interface ExecutionTiming {
  readonly reconcile: { readonly first: number; readonly every: number; readonly timeout: number };
  readonly retry: RetryPolicy;
  /** How long a step is put off when account or portal are in use by another run. */
  readonly accountBusyDelay: number;
  /** How long a question stays open. */
  readonly questionTimeout: number;
}

/** What one pass over a flow needs from outside. */
export interface ExecutionContext {
  readonly store: Store;
  readonly run: RunRow;
  readonly company: CompanyFacts;
  readonly formats: FlowPorts<unknown>["formats"];
  readonly timing: ExecutionTiming;
  /** Whether a person has to agree to such an act of this company before it is sent. */
  approvalMode(effect: string): ApprovalMode;
  /** The address of a site as it is configured: what is agreed to there is agreed to nowhere else. */
  addressOf(site: SiteTarget<keyof Sites>): string;
  /** Who may answer the run's questions; empty: anyone. */
  readonly answerers: readonly string[];
  readonly recorder: ExecutionRecorder;
  readonly mailbox: NoticeMailbox;
  readonly files: Files;
  readonly ledgerTeachings: LedgerTeachings;
  /** What single jobs need; opened once for a pass. */
  readonly own: (isStopping: () => boolean) => readonly ProvidedPort[];
  readonly steps: DurableSteps;
  readonly siteOpeners: SiteOpeners;
  /** Before each press: may this installation submit at all, is the record writable, is the process not ending? */
  assertMayPress(): Promise<void>;
  isStopping(): boolean;
  point(effect: string, point: EffectPoint): Promise<void>;
}
