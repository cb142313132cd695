import { z } from "zod";
import type { Ledger } from "../model/ledger.ts";

/** The two generations of the site's pages. */
export const design = z.enum(["current", "classic"]);
export type Design = z.output<typeof design>;

/** Which design is served: sites roll designs out, and back. */
export class ShownDesign {
  private shown: Design;
  private readonly ledger: Ledger;

  constructor(shown: Design, ledger: Ledger) {
    this.shown = shown;
    this.ledger = ledger;
  }

  get now(): Design {
    return this.shown;
  }

  /** From the next request on. Who is signed in has to sign in again: each design keeps that in another place. */
  show(other: Design): void {
    this.shown = other;
    this.ledger.append({ type: "design", design: other });
  }
}
