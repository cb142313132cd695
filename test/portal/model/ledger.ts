import { appendFileSync } from "node:fs";
import type { HurriedClock } from "./clock.ts";
import type { BlankCells } from "./blank-numbers/blank-rules.ts";
import type { Category, NumberRun } from "./company.ts";
import type { Damage } from "./damage.ts";

export type TakeRefusal =
  | "mailbox-list-missing"
  | "not-in-window"
  | "beyond-quota"
  | "already-taken"
  | "allocation-pending"
  | "nothing-asked"
  | "company-suspended";

/** Why 匯入字軌 does not take a file: the job says the rest. */
export type BlankRefusal = "no-file" | "not-csv" | "period-closed";

/** Why the last 確定 of a 會員載具歸戶 binds nothing. */
export type CarrierRefusal = "no-passage" | "bound-already" | "stopped";

/** Why the value-added platform does not take 郵寄實體中獎發票. */
export type MailingRefusal = "no-winner" | "incomplete" | "no-credit";

/** What is downloaded from the value-added platform: the blank numbers, the list of winners, invoices to print. */
export type PlatformFile = "blank" | "winners" | "print";

/** Someone else is whoever the portal does not show: another employee, another program, a value-added centre. */
export type Party = "own" | "someone-else";

export type SignInRefusal = "captcha" | "credentials" | "locked" | "wrong-identity" | "login-challenge";

/** What happened, without the stamps that the ledger adds. `ban` is the company's 統一編號, `account` the 帳號. */
export type Happening =
  | { type: "captcha-served"; token: string }
  | {
      type: "sign-in";
      ban: string;
      account: string;
      ok: boolean;
      reason: SignInRefusal | null;
      captchaRight: boolean;
      wrongPasswords: number;
    }
  | { type: "sign-out"; ban: string; account: string }
  | { type: "session-ended"; ban: string; account: string; reason: "idle" | "newer-sign-in" | "ordered" }
  | { type: "password-changed"; ban: string; account: string }
  /** A whole page was asked for; `from` is the path of the page that led to it, null where the address was typed. */
  | { type: "page-load"; path: string; from: string | null }
  | { type: "page-view"; ban: string | null; account: string | null; code: string; path: string }
  | {
      type: "take-submitted";
      ban: string;
      account: string;
      period: string;
      category: Category;
      books: number;
      extraBooks: number;
      accepted: boolean;
      refusal: TakeRefusal | null;
      entry: string | null;
    }
  | {
      type: "allocation";
      ban: string;
      period: string;
      category: Category;
      by: "own" | "automatic" | "someone-else";
      entry: string;
      books: number;
      runs: NumberRun[];
    }
  | { type: "allocation-opened"; ban: string; period: string; category: Category; entry: string }
  | {
      type: "mail";
      kind: "allocation" | "reminder";
      ban: string;
      to: string;
      subject: string;
      fate: "delivered" | "lost" | "failed";
      error: string | null;
    }
  | {
      type: "download";
      ban: string;
      account: string;
      entries: string[];
      bytes: number;
      sha256: string;
      broken: Damage | null;
    }
  | {
      type: "blank-upload";
      ban: string;
      account: string | null;
      by: Party;
      period: string;
      originalName: string;
      bytes: number;
      sha256: string;
      accepted: boolean;
      refusal: BlankRefusal | null;
      upload: string | null;
    }
  | {
      type: "blank-import";
      ban: string;
      period: string;
      upload: string;
      ok: boolean;
      taken: number;
      problems: { line: number | null; problem: string }[];
    }
  | { type: "blank-added"; ban: string; account: string; run: BlankCells; accepted: boolean; problems: string[] }
  | { type: "blank-deleted"; ban: string; account: string | null; by: Party; runs: BlankCells[] }
  | {
      type: "blank-download";
      ban: string;
      account: string;
      what: "details" | "sample" | "guide";
      upload: string | null;
      bytes: number;
      sha256: string;
      broken: Damage | null;
    }
  | {
      type: "winning-download";
      ban: string;
      account: string;
      name: string;
      bytes: number;
      sha256: string;
      broken: Damage | null;
    }
  /** The password that was asked for once more at a save. */
  | { type: "password-verified"; ban: string; account: string; ok: boolean }
  | { type: "mailbox-list"; ban: string; account: string; action: "add" | "delete"; address: string }
  | { type: "carrier-token"; ban: string | null; card: string; answer: "Y" | "N" }
  | { type: "carrier-agreed"; ban: string; terms: string }
  | { type: "carrier-code"; ban: string | null; phone: string; ok: boolean }
  | { type: "carrier-bound"; ban: string; card: string; barcode: string; refusal: CarrierRefusal | null }
  | { type: "carrier-told"; ban: string; card: string; flag: string }
  | { type: "platform-sign-in"; ban: string | null; account: string; ok: boolean }
  | { type: "platform-job"; ban: string; account: string; period: string }
  | {
      type: "platform-download";
      ban: string;
      what: PlatformFile;
      bytes: number;
      sha256: string;
      broken: Damage | null;
    }
  | {
      type: "platform-mailing";
      ban: string;
      period: string;
      number: string;
      recipient: string;
      refusal: MailingRefusal | null;
    }
  | { type: "fault"; name: string; path: string | null }
  | { type: "design"; design: "current" | "classic" }
  | { type: "clock"; action: "set" | "advance" | "pace" };

/** A ledger line: `portalTime` is the portal's clock in Taipei, `realTime` the machine's clock in UTC. */
export type LedgerEntry = Happening & { seq: number; portalTime: string; realTime: string };

/** Append-only list of what truly happened at the portal. It can also be followed in a JSON Lines file while the portal runs. */
export class Ledger {
  private readonly lines: LedgerEntry[] = [];
  private readonly clock: HurriedClock;
  private readonly file: string | null;

  constructor(clock: HurriedClock, file: string | null) {
    this.clock = clock;
    this.file = file;
  }

  append(happening: Happening): void {
    const stamps = { seq: this.lines.length + 1, portalTime: this.clock.iso(), realTime: new Date().toISOString() };
    const entry: LedgerEntry = { ...stamps, ...happening };
    this.lines.push(entry);
    if (this.file !== null) appendFileSync(this.file, `${JSON.stringify(entry)}\n`);
  }

  entries(): LedgerEntry[] {
    return structuredClone(this.lines);
  }
}
