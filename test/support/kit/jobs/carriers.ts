import type { Card, Holder } from "../../../portal/model/carriers.ts";
import type { PracticePortal } from "../../../portal/portal.ts";
import type { LedgerEntry } from "../../../portal/model/ledger.ts";
import type { Job } from "../installation/in-process.ts";
import type { Installation } from "../installation/installation.ts";

let last = 0;

/** Somebody with a 手機條碼 of their own at the portal. */
export function newHolder(portal: PracticePortal, about: Partial<Holder> = {}): Holder {
  last++;
  const holder = {
    phone: `09${String(last).padStart(8, "0")}`,
    barcode: `/AB${String(last).padStart(4, "0")}+`,
    code: `Holder-${last}-code`,
    ...about,
  };
  portal.carriers.addHolder(holder);
  return holder;
}

/** A carrier of the installation's company at the member site, and its link. */
export function newCard(at: Installation, about: Partial<Card> = {}): { readonly card: string; readonly link: string } {
  last++;
  const id = `k${last}`;
  const card = `88b6c8f9-436c-476f-9ba1-${String(last).padStart(12, "0")}`;
  at.portal.carriers.addCard({ id, ban: at.ubn, card, ...about });
  return { card, link: `${at.portal.memberUrl}/card/${id}` };
}

export function bind(link: string, { phone, barcode }: Pick<Holder, "phone" | "barcode">): Job {
  return { flow: "bind-carrier", input: { link, phone, barcode } };
}

/** What the portal really bound for the company, `card barcode`. */
export function bindings({ portal, ubn }: Pick<Installation, "portal" | "ubn">): string[] {
  return portal
    .ledger()
    .filter((line): line is Extract<LedgerEntry, { type: "carrier-bound" }> => line.type === "carrier-bound")
    .filter(({ ban, refusal }) => ban === ubn && refusal === null)
    .map(({ card, barcode }) => `${card} ${barcode}`);
}
