/**
 * What the machine may do after this failure.
 * - `never`: the same request would fail again; the request or the configuration has to change.
 * - `later`: nothing was changed at the portal and the same request may be tried again later.
 * - `person`: only a person can take away the reason.
 * - `reconcile`: it is not known what the portal did; read it again, never press again.
 */
export type After = "never" | "later" | "person" | "reconcile";

interface Words {
  readonly zh: string;
  readonly en: string;
}

/** How a person helps: types a captcha, acts in the browser's window, or has done already what was wanted. */
export type HelpKind = "typing" | "acting" | "having-done";

export interface Assist {
  readonly ask: string;
  readonly choices: { readonly [answer: string]: { readonly means: string; readonly help: HelpKind } };
}

/** What one code means, for people and for the machine. */
export interface FailureKind {
  readonly explain: Words;
  readonly next: Words;
  readonly after: After;
  /** It may be over a little later without anybody doing anything: what only reads is tried again. */
  readonly passing?: true;
  /** How a command that ends with it exits: 2 wrong use or configuration, 3 a person is needed; left out: 1. */
  readonly exit?: 2 | 3;
  /** What is asked of a person who alone can take the reason away while the run waits. */
  readonly assist?: Assist;
}
