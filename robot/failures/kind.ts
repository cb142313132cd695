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

/** What one code means, for people and for the machine. */
export interface FailureKind {
  readonly explain: Words;
  readonly next: Words;
  readonly after: After;
}
