// What the outsiders' portals know of one business, whatever their pages look like. Written from the facts alone.
import { randomUUID } from "node:crypto";
import { drawCaptcha } from "../stranger/captcha.ts";
import {
  allocate,
  CATEGORY_NAMES,
  type Category,
  type Company,
  periodAfter,
  periodAt,
  periodBefore,
  refusal,
  type Take,
  trackFile,
} from "../stranger/rules.ts";

/** What asks for the password once more. */
export type Saves = "take" | "upload" | "delete" | "notice";

export interface OutsiderOptions {
  /** Saves at which 驗證密碼 is asked for, and whether what is typed there is refused whatever it is. */
  readonly asksPassword?: readonly Saves[];
  readonly refusesPassword?: boolean;
  /** Milliseconds until what was taken can be downloaded, and until an upload is imported. */
  readonly takes?: number;
}

export type Entry =
  | { readonly type: "sign-in"; readonly result: "ok" | "captcha" | "credentials" }
  | { readonly type: "sign-out" }
  | { readonly type: "password"; readonly act: Saves; readonly ok: boolean }
  | { readonly type: "take"; readonly period: string; readonly category: string; readonly books: number }
  | { readonly type: "notice"; readonly action: "add" | "delete"; readonly address: string }
  | { readonly type: "download"; readonly ids: readonly number[] }
  | { readonly type: "upload"; readonly period: string; readonly lines: readonly string[] }
  | { readonly type: "delete"; readonly runs: readonly string[] };

interface Blank {
  readonly id: number;
  readonly period: string;
  readonly track: string;
  readonly begin: string;
  readonly end: string;
}

interface Upload {
  readonly name: string;
  readonly period: string;
  readonly at: number;
  readonly lines: readonly string[];
}

export const OUTSIDER: Company = {
  ubn: "12345675",
  name: "外人商行",
  account: "robot01",
  password: "Outs1der-right",
  quota: 9,
  mailboxes: ["tracks@outsider.example"],
};

const LINE = /^\d{5},\d{8},(\d{5}),([A-Z]{2}),(\d{8}),(\d{8}),0[78]$/;

export class Business {
  readonly company: Company = { ...OUTSIDER, mailboxes: [...OUTSIDER.mailboxes] };
  readonly ledger: Entry[] = [];
  readonly takes: Take[] = [];
  readonly options: OutsiderOptions;
  #blanks: Blank[] = [];
  readonly #uploads: Upload[] = [];
  readonly #imported = new Set<Upload>();
  readonly #captchas = new Map<string, string>();
  readonly #sessions = new Set<string>();
  #captcha = "";

  constructor(options: OutsiderOptions) {
    this.options = options;
  }

  /** The periods that can be taken, and the one that has ended. */
  get periods(): { readonly now: string; readonly next: string; readonly ended: string } {
    const now = periodAt(Date.now());
    return { now, next: periodAfter(now), ended: periodBefore(now) };
  }

  captcha(): { readonly token: string; readonly png: Buffer } {
    const { digits, png } = drawCaptcha();
    const token = randomUUID();
    this.#captchas.set(token, (this.#captcha = digits));
    return { token, png: Buffer.from(png, "base64") };
  }

  /** What is on the picture that was drawn last, for whoever can't read it. */
  get captchaAnswer(): string {
    return this.#captcha;
  }

  signIn(
    ban: string,
    user: string,
    password: string,
    token: string,
    digits: string,
  ): { readonly session: string } | { readonly refused: "captcha" | "credentials" } {
    const isRight = this.#captchas.get(token) === digits;
    this.#captchas.delete(token);
    const { ubn, account, password: own } = this.company;
    const result = !isRight ? "captcha" : ban === ubn && user === account && password === own ? "ok" : "credentials";
    this.ledger.push({ type: "sign-in", result });
    if (result !== "ok") return { refused: result };
    const session = randomUUID();
    this.#sessions.add(session);
    return { session };
  }

  isSignedIn(session: string | undefined): boolean {
    return session !== undefined && this.#sessions.has(session);
  }

  signOut(session: string): void {
    this.#sessions.delete(session);
    this.ledger.push({ type: "sign-out" });
  }

  asks(act: Saves): boolean {
    return this.options.asksPassword?.includes(act) ?? false;
  }

  verify(act: Saves, password: string): boolean {
    const ok = password === this.company.password && this.options.refusesPassword !== true;
    this.ledger.push({ type: "password", act, ok });
    return ok;
  }

  /** What was taken of the period before the robot came. */
  seedTake(period: string, books: number): Take {
    return this.#allocate(period, "07", books, 0);
  }

  take(period: string, category: Category, books: number, extra: number): string | null {
    this.ledger.push({ type: "take", period, category, books });
    const earlier = this.takes.filter((one) => one.period === period && one.category === category);
    const refused = refusal(this.company, earlier, { period, books, extra }, Date.now());
    if (refused !== undefined) return refused;
    this.#allocate(period, category, books, Date.now());
    return null;
  }

  #allocate(period: string, category: Category, books: number, at: number): Take {
    const id = this.takes.length + 1;
    const runs = allocate(period, books, id);
    const take: Take = { id, ubn: this.company.ubn, period, category, books, extra: 0, at, runs };
    this.takes.push(take);
    return take;
  }

  stateOf({ at }: Take): "是" | "否" {
    return Date.now() - at > (this.options.takes ?? 1_000) ? "是" : "否";
  }

  taken(period: string): number {
    return this.takes.filter((one) => one.period === period).reduce((sum, { books }) => sum + books, 0);
  }

  file(ids: readonly number[]): string {
    this.ledger.push({ type: "download", ids });
    return trackFile(this.takes.filter(({ id }) => ids.includes(id)));
  }

  setNotice(action: "add" | "delete", address: string): void {
    this.ledger.push({ type: "notice", action, address });
    const { mailboxes } = this.company;
    if (action === "add") mailboxes.push(address);
    else mailboxes.splice(mailboxes.indexOf(address), 1);
  }

  seedBlanks(period: string, runs: readonly { track: string; begin: string; end: string }[]): void {
    for (const run of runs) this.#blanks.push({ id: 100 + this.#blanks.length, period, ...run });
  }

  upload(period: string, text: string): void {
    const lines = text.split(/\r?\n/).filter((line) => line !== "");
    this.ledger.push({ type: "upload", period, lines });
    this.#uploads.push({ name: `${randomUUID()}.csv`, period, at: Date.now(), lines });
  }

  uploads(): { time: string; name: string; state: string }[] {
    this.#import();
    return this.#uploads.toReversed().map((one) => ({
      time: new Date(one.at).toLocaleString("sv"),
      name: one.name,
      state: this.#imported.has(one) ? "已完成" : "處理中",
    }));
  }

  blanks(period: string): readonly Blank[] {
    this.#import();
    return this.#blanks.filter((one) => one.period === period);
  }

  delete(ids: readonly number[]): void {
    const gone = this.#blanks.filter(({ id }) => ids.includes(id));
    this.ledger.push({ type: "delete", runs: gone.map(({ track, begin, end }) => `${track}${begin}-${end}`) });
    this.#blanks = this.#blanks.filter(({ id }) => !ids.includes(id));
  }

  #import(): void {
    for (const upload of this.#uploads) {
      if (this.#imported.has(upload) || Date.now() - upload.at < (this.options.takes ?? 1_000)) continue;
      this.#imported.add(upload);
      for (const line of upload.lines) {
        const [, period = "", track = "", begin = "", end = ""] = LINE.exec(line) ?? [];
        this.seedBlanks(period, [{ track, begin, end }]);
      }
    }
  }
}

export const categoryName = (category: Category): string => CATEGORY_NAMES[category];
