import type { Confirmation, Sites } from "../../../selectors/pages.ts";
import type { TypedPassword } from "../effects/effect-context.ts";
import type { SiteTarget, SiteTargets } from "../flow.ts";
import type { Assistance } from "../people/assistance.ts";

/** A visit to the portal, signed in, or to another site; with pictures and a trace of it. */
export interface Visit<Site> {
  readonly site: Site;
  /** Returns where in the record the picture is; null where the page can't be pictured. */
  picture(name: string): Promise<string | null>;
  /** Title and address of the page, without what may be secret in it. */
  whereabouts(): Promise<string>;
  /** @throws Failure `lease-lost` */
  assertHeld(): Promise<void>;
  /** Keeps the browser from repeating by itself what the page sends while `work` runs. */
  sendOnce<T>(work: () => Promise<T>): Promise<T>;
  /** Types the password of this visit's account where the site asks for it once more; null where it has none. */
  typePassword?(asked: Confirmation): Promise<TypedPassword | null>;
  /** What the page says about an error that appeared on it: the failure to report, or the error itself. */
  explain(error: unknown): Promise<unknown>;
  /** Signs out and closes. Never throws. */
  end(): Promise<void>;
}

/** Who is there when a visit begins. */
export interface VisitAssistance {
  /** How a person helps with the sign-in; it is offered until a sign-in has worked, also to passes that come later. */
  readonly help: Assistance | null;
  /** Anyone who waits for that person gives up when the process is to end. */
  readonly isStopping: () => boolean;
}

/** How each kind of site is entered. @throws Busy, Failure */
export type SiteOpeners = {
  readonly [Kind in keyof Sites]: (to: SiteTargets[Kind], helpers: VisitAssistance) => Promise<Visit<Sites[Kind]>>;
};

/** The signed-in portal. */
export const PORTAL: SiteTarget<"portal"> = { kind: "portal", to: null };
const KINDS = ["portal", "carrier", "platform"] as const satisfies readonly (keyof Sites)[];

/** Where the visit to one kind of site is kept while it is open. */
interface Slot<Kind extends keyof Sites> {
  open: { readonly door: string; readonly visit: Visit<Sites[Kind]> } | null;
}

/** The visit of a pass: one at a time, whatever its site, kept until another door is wanted or it is left. */
export class Visits {
  readonly #entrances: SiteOpeners;
  readonly #slots: { readonly [Kind in keyof Sites]: Slot<Kind> } = {
    portal: { open: null },
    carrier: { open: null },
    platform: { open: null },
  };

  constructor(entrances: SiteOpeners) {
    this.#entrances = entrances;
  }

  /** The visit that is open, whatever its site. */
  get current(): Visit<unknown> | null {
    return KINDS.map((kind) => this.#slots[kind].open).find((open) => open !== null)?.visit ?? null;
  }

  /** What is behind the door; another visit that is open is ended first. */
  async through<Kind extends keyof Sites>(
    { kind, to }: SiteTarget<Kind>,
    helpers: VisitAssistance,
  ): Promise<Sites[Kind]> {
    const slot: Slot<Kind> = this.#slots[kind];
    const door = JSON.stringify(to);
    if (slot.open?.door === door) return slot.open.visit.site;
    await this.leave();
    slot.open = { door, visit: await this.#entrances[kind](to, helpers) };
    return slot.open.visit.site;
  }

  /** Ends the visit, if one is open. */
  async leave(): Promise<void> {
    const visit = this.current;
    for (const kind of KINDS) this.#slots[kind].open = null;
    await visit?.end();
  }
}
