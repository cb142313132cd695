import type { LocatorSpec } from "./reading/description.ts";

/** What a page can tell of itself instead of what was wanted. The names are failure codes of the robot. */
export type PageState =
  | "page-changed"
  | "portal-down"
  | "portal-slow"
  | "access-challenged"
  | "session-expired"
  | "password-change-forced"
  | "not-in-window"
  | "download-broken"
  | "carrier-link-dead"
  | "carrier-not-verified"
  | "platform-refused";

/** Thrown by page objects: the page is not what was expected, and this is what it says. */
export class PageError extends Error {
  override readonly name = "PageError";
  readonly state: PageState;
  readonly wanted: string;
  readonly seen: string;
  /** What was looked for and not found, where that are parts: a person may show where they are now. */
  readonly parts: readonly LocatorSpec[];

  constructor(
    state: PageState,
    wanted: string,
    seen: string,
    { parts = [], ...options }: ErrorOptions & { readonly parts?: readonly LocatorSpec[] } = {},
  ) {
    super(`${state}: wanted ${wanted}; seen ${seen}`, options);
    this.parts = parts;
    this.state = state;
    this.wanted = wanted;
    this.seen = seen;
  }
}
