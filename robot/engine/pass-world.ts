import type { Portal } from "../../selectors/pages.ts";
import type { DurableSteps } from "./durable.ts";
import type { EffectPoint } from "./effect.ts";
import type { Again, CompanyFacts, Files, FlowPorts, Json, Mailbox, WaitTiming } from "./flow.ts";
import type { Help } from "./help.ts";
import type { RunRow } from "./runs.ts";
import type { Store } from "./store.ts";

/** A visit to the portal: signed in, with a picture and a trace of it. */
export interface Visit {
  readonly portal: Portal;
  /** Returns where in the record the picture is; null where the page can't be pictured. */
  picture(name: string): Promise<string | null>;
  /** @throws Failure `lease-lost` */
  assertHeld(): Promise<void>;
  /** Keeps the browser from repeating by itself what the page sends while `work` runs. */
  sendOnce<T>(work: () => Promise<T>): Promise<T>;
  /** What the page says about an error that came up on it: the failure to report, or the error itself. */
  explain(error: unknown): Promise<unknown>;
  /** Signs out and closes. Never throws. */
  end(): Promise<void>;
}

/** The part of a recorder that a pass uses. */
export interface PassRecorder {
  event(type: string, data: Json): Promise<unknown>;
}

export interface PassTiming {
  readonly allocation: WaitTiming;
  readonly imported: WaitTiming;
  readonly reconcile: { readonly first: number; readonly every: number; readonly giveUp: number };
  readonly retry: Again;
  /** How long a step is put off when account or portal are in use by another run. */
  readonly busy: number;
  /** How long a question stays open. */
  readonly question: number;
}

/** What one pass over a flow needs from outside. */
export interface PassWorld {
  readonly store: Store;
  readonly run: RunRow;
  readonly company: CompanyFacts;
  readonly formats: FlowPorts<unknown>["formats"];
  readonly allowed: FlowPorts<unknown>["allowed"];
  readonly timing: PassTiming;
  /** Who may answer the run's questions; empty: whoever can. */
  readonly mayAnswer: readonly string[];
  readonly recorder: PassRecorder;
  readonly mailbox: Mailbox;
  readonly files: Files;
  readonly steps: DurableSteps;
  /**
   * @param help how a person helps with the sign-in; it is offered until a sign-in has worked, also to passes that come later
   * @param isStopping whoever waits for that person gives up when the process is to end
   */
  openVisit(help: Help | null, isStopping: () => boolean): Promise<Visit>;
  /** Before each press: may this installation submit at all, is the record writable, is the process not ending? */
  assertMayPress(): Promise<void>;
  isStopping(): boolean;
  point(effect: string, point: EffectPoint): Promise<void>;
}
