import { randomUUID } from "node:crypto";
import type { Office } from "./office.ts";
import type { Holder } from "./records.ts";

type Sent = Readonly<Record<string, string>>;

/** What member sites sent along with people who want a carrier bound, and who has shown to be the holder of a barcode. */
export class Parcels {
  readonly #office: Office;
  readonly #sent = new Map<string, Sent>();
  readonly #holders = new Map<string, Holder>();

  constructor(office: Office) {
    this.#office = office;
  }

  take(sent: Sent): string {
    const id = randomUUID();
    this.#sent.set(id, sent);
    return id;
  }

  cardOf(id: string): { readonly number: string; readonly kind: string } {
    const sent = this.#sent.get(id) ?? {};
    return { number: decoded(sent["card_no1"]), kind: decoded(sent["card_type"]) };
  }

  /** The holder who is to have the card, or why there is none. */
  identify(id: string, mobile: string, code: string): Holder | string {
    const holder = this.#office.holder(mobile.trim(), code);
    if (holder === null) return "手機或驗證碼錯誤";
    this.#holders.set(id, holder);
    return holder;
  }

  /** Binds, and tells the member site. */
  async bind(id: string): Promise<string | null> {
    const holder = this.#holders.get(id);
    if (holder === undefined) return "連線逾時，請重新操作";
    this.#holders.delete(id);
    this.#office.bind(holder, this.cardOf(id).number);
    const { back_url: back, token = "" } = this.#sent.get(id) ?? {};
    if (back === undefined) return null;
    await fetch(back, { method: "POST", body: new URLSearchParams({ token, rtn_flag: "Y" }) }).then(
      (answer) => answer.arrayBuffer(),
      () => undefined,
    );
    return null;
  }
}

function decoded(value: string | undefined): string {
  return Buffer.from(value ?? "", "base64").toString("utf8");
}
