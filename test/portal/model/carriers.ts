import { randomUUID } from "node:crypto";
import type { HurriedClock } from "./clock.ts";
import type { CarrierRefusal, Ledger } from "./ledger.ts";

/** Somebody with a 手機條碼 at the portal. */
export interface Holder {
  readonly phone: string;
  readonly barcode: string;
  /** 驗證碼 */
  readonly code: string;
  /** The barcode is no longer in use. */
  readonly stopped?: boolean;
}

/** A member carrier at its member site. */
export interface Card {
  /** The last part of its link. */
  readonly id: string;
  /** 統一編號 of the member site. */
  readonly ban: string;
  /** 卡號 */
  readonly card: string;
  /** Where its form is posted to. */
  readonly address?: "membercardlogin" | "BTC103I";
  /** The member site answers N when the portal asks about the token. */
  readonly isDenied?: boolean;
  /** The barcode to which it is bound at the portal since before. */
  readonly bound?: string;
  /** The member site was not told of that. */
  readonly isUntold?: boolean;
}

export const CARD_TYPE = "BG0001";

interface Kept extends Card {
  /** What the portal knows. */
  barcode: string | null;
  /** What the member site knows: since when it is bound, portal time. */
  toldAt: number | null;
  toldBarcode: string | null;
}

/** One way through the portal's pages. */
interface Passage {
  readonly card: Kept;
  readonly backUrl: string;
  holder: Holder | null;
}

/** Carriers, their holders, and what is bound to what: the portal's side and the member site's. */
export class Carriers {
  private readonly holders = new Map<string, Holder>();
  private readonly cards = new Map<string, Kept>();
  private readonly tokens = new Map<string, string>();
  private readonly passages = new Map<string, Passage>();
  private readonly clock: HurriedClock;
  private readonly ledger: Ledger;

  constructor(clock: HurriedClock, ledger: Ledger) {
    this.clock = clock;
    this.ledger = ledger;
  }

  addHolder(holder: Holder): void {
    this.holders.set(holder.phone, holder);
  }

  addCard(card: Card): void {
    const barcode = card.bound ?? null;
    const told = barcode !== null && card.isUntold !== true;
    const toldAt = told ? this.clock.now() : null;
    this.cards.set(card.id, { ...card, barcode, toldAt, toldBarcode: told ? barcode : null });
  }

  card(id: string): Readonly<Kept> | null {
    return this.cards.get(id) ?? null;
  }

  /** A token that is good for one question. */
  issueToken(id: string): string {
    const token = randomUUID();
    this.tokens.set(token, id);
    return token;
  }

  /** The member site's answer to the portal. */
  answerToken(token: string, card: string): "Y" | "N" {
    const found = this.cards.get(this.tokens.get(token) ?? "");
    this.tokens.delete(token);
    const answer = found?.card === card && found.isDenied !== true ? "Y" : "N";
    this.ledger.append({ type: "carrier-token", ban: found?.ban ?? null, card, answer });
    return answer;
  }

  /** The portal lets a carrier in whose member site said Y. */
  open(card: string, backUrl: string): string | null {
    const found = [...this.cards.values()].find((one) => one.card === card);
    if (found === undefined) return null;
    const passage = randomUUID();
    this.passages.set(passage, { card: found, backUrl, holder: null });
    return passage;
  }

  backUrl(passage: string): string | null {
    return this.passages.get(passage)?.backUrl ?? null;
  }

  /** 手機號碼 and 驗證碼; null where they do not belong together. */
  verify(passage: string, phone: string, code: string): { holder: Holder; card: string } | null {
    const open = this.passages.get(passage);
    const holder = this.holders.get(phone);
    const ok = open !== undefined && holder?.code === code;
    this.ledger.append({ type: "carrier-code", ban: open?.card.ban ?? null, phone, ok });
    if (!ok) return null;
    open.holder = holder;
    return { holder, card: open.card.card };
  }

  /** What was agreed to with the tick box of today's page. */
  agree(passage: string, terms: string): void {
    const open = this.passages.get(passage);
    if (open !== undefined) this.ledger.append({ type: "carrier-agreed", ban: open.card.ban, terms });
  }

  /** The last 確定. */
  bind(passage: string): CarrierRefusal | null {
    const open = this.passages.get(passage);
    const holder = open?.holder ?? null;
    if (open === undefined || holder === null) return "no-passage";
    const { card } = open;
    const refusal = card.barcode !== null ? "bound-already" : holder.stopped === true ? "stopped" : null;
    if (refusal === null) card.barcode = holder.barcode;
    this.ledger.append({ type: "carrier-bound", ban: card.ban, card: card.card, barcode: holder.barcode, refusal });
    return refusal;
  }

  /** The person with the card has done it. */
  bindByCertificate(passage: string): CarrierRefusal | null {
    const open = this.passages.get(passage);
    if (open === undefined) return "no-passage";
    const refusal = open.card.barcode === null ? null : "bound-already";
    open.card.barcode = "certificate";
    const { ban, card } = open.card;
    this.ledger.append({ type: "carrier-bound", ban, card, barcode: "certificate", refusal });
    return refusal;
  }

  /** The portal's POST to back_url. */
  tell(id: string, flag: string): void {
    const card = this.cards.get(id);
    if (card === undefined) return;
    this.ledger.append({ type: "carrier-told", ban: card.ban, card: card.card, flag });
    if (flag !== "Y") return;
    card.toldAt = this.clock.now();
    card.toldBarcode = card.barcode;
  }
}
