import { randomBytes, randomUUID } from "node:crypto";
import { PNG } from "pngjs";
import { captchaDigits, drawCaptcha } from "./captcha-picture.ts";
import type { AccountConfig, CompanyConfig } from "./company.ts";
import type { Faults } from "./faults.ts";
import type { Ledger, SignInRefusal } from "./ledger.ts";

export interface Session {
  readonly token: string;
  readonly company: CompanyConfig;
  readonly account: AccountConfig;
  lastUsed: number;
  /** Nothing but 資料設定 can be opened until the password is changed. */
  mustChangePassword: boolean;
  /** The 180-day warning has still to be shown. */
  warnOldPassword: boolean;
}

export interface SignInRules {
  /** Wrong passwords until the account is locked. */
  readonly maxWrongPasswords: number;
  /** Real milliseconds without a request until a session is dead. */
  readonly sessionMs: number;
  /** A newer sign-in of the same account ends the older session. */
  readonly oneSessionPerAccount: boolean;
}

export interface Attempt {
  readonly ban: string;
  readonly account: string;
  readonly password: string;
  readonly captchaToken: string;
  readonly captcha: string;
}

export type AttemptResult = { ok: true; session: Session } | { ok: false; reason: SignInRefusal };

/** Accounts, captchas and sessions: the same for every design of the pages. */
export class SignIn {
  private readonly companies: Map<string, CompanyConfig>;
  private readonly rules: SignInRules;
  private readonly ledger: Ledger;
  private readonly faults: Faults;
  private readonly random: () => number;
  private readonly captchas = new Map<string, { answer: string; spent: boolean; picture: Buffer }>();
  private readonly sessions = new Map<string, Session>();
  private readonly wrongPasswords = new Map<string, number>();

  constructor(
    companies: Map<string, CompanyConfig>,
    rules: SignInRules,
    ledger: Ledger,
    faults: Faults,
    random: () => number,
  ) {
    this.companies = companies;
    this.rules = rules;
    this.ledger = ledger;
    this.faults = faults;
    this.random = random;
  }

  /** A new captcha: its token and the PNG's bytes. */
  serveCaptcha(): { token: string; picture: Buffer } {
    const token = `L_CAPTCHA_${randomUUID()}`;
    const answer = captchaDigits(this.random);
    const picture = drawCaptcha(answer, this.random);
    this.captchas.set(token, { answer, spent: false, picture });
    this.ledger.append({ type: "captcha-served", token });
    return { token, picture };
  }

  /** For pages where nobody signs in: whether it is right. It is spent whatever comes of it. */
  spend(token: string, answer: string): boolean {
    return this.spendCaptcha({ ban: "", account: "", captchaToken: token, captcha: answer });
  }

  /** For the control address only. */
  captchaAnswer(token: string): string | null {
    return this.captchas.get(token)?.answer ?? null;
  }

  /** For the control address only: who was shown this picture and can't read it. */
  answerToPicture(picture: Uint8Array): string | null {
    const seen = inkOf(picture);
    // A browser that copies the picture off its page writes other bytes with the same ink.
    return [...this.captchas.values()].findLast((served) => isSameInk(inkOf(served.picture), seen))?.answer ?? null;
  }

  /**
   * For a design that asks about the captcha before it sends the form. A right one stays good for the submit; a wrong one is spent
   * and counts as a submit that was refused.
   */
  captchaIsRight(attempt: Omit<Attempt, "password">): boolean {
    const known = this.captchas.get(attempt.captchaToken);
    const right = known !== undefined && !known.spent && known.answer === attempt.captcha;
    if (right && this.faults.use("captcha-rejected", { ban: attempt.ban }) === null) return true;
    this.spendCaptcha(attempt);
    this.note(attempt, "captcha", right, this.wrongPasswords.get(`${attempt.ban}/${attempt.account}`) ?? 0);
    return false;
  }

  /** One submit of the sign-in form. It spends the captcha token whatever comes of it. */
  attempt(attempt: Attempt): AttemptResult {
    const captchaRight = this.spendCaptcha(attempt);
    const captchaPasses = captchaRight && this.faults.use("captcha-rejected", { ban: attempt.ban }) === null;
    const key = `${attempt.ban}/${attempt.account}`;
    const refuse = (reason: SignInRefusal): AttemptResult => {
      this.note(attempt, reason, captchaRight, this.wrongPasswords.get(key) ?? 0);
      return { ok: false, reason };
    };
    if (!captchaPasses) return refuse("captcha");
    const company = this.companies.get(attempt.ban);
    const account = company?.accounts.find((candidate) => candidate.id === attempt.account);
    if ((this.wrongPasswords.get(key) ?? 0) >= this.rules.maxWrongPasswords) return refuse("locked");
    if (company === undefined || account === undefined || account.password !== attempt.password) {
      const wrong = (this.wrongPasswords.get(key) ?? 0) + 1;
      this.wrongPasswords.set(key, wrong);
      return refuse(wrong >= this.rules.maxWrongPasswords ? "locked" : "credentials");
    }
    this.wrongPasswords.delete(key);
    this.note(attempt, null, captchaRight, 0);
    return { ok: true, session: this.openSession(company, account) };
  }

  /** The session behind a token, or null when it is dead. Looking at it keeps it alive. */
  session(token: string, path: string): Session | null {
    const session = this.sessions.get(token);
    if (session === undefined) return null;
    if (this.faults.use("session-expired", { ban: session.company.ban, path }) !== null) {
      this.end(session, "ordered");
      return null;
    }
    if (Date.now() - session.lastUsed > this.rules.sessionMs) {
      this.end(session, "idle");
      return null;
    }
    session.lastUsed = Date.now();
    return session;
  }

  /** The 統一編號 of the company a token belongs to, or null. */
  companyOf(token: string): string | null {
    return this.sessions.get(token)?.company.ban ?? null;
  }

  signOut(session: Session): void {
    this.sessions.delete(session.token);
    this.ledger.append({ type: "sign-out", ban: session.company.ban, account: session.account.id });
  }

  /** @returns whether the old password was right and the new one differs. */
  changePassword(session: Session, old: string, fresh: string): boolean {
    if (session.account.password !== old || fresh === old || fresh === "") return false;
    Object.assign(session.account, { password: fresh, mustChangePassword: false, passwordOlderThan180Days: false });
    session.mustChangePassword = false;
    this.ledger.append({ type: "password-changed", ban: session.company.ban, account: session.account.id });
    return true;
  }

  /** A locked account can sign in again. */
  unlock(ban: string, account: string): void {
    this.wrongPasswords.delete(`${ban}/${account}`);
  }

  openSessions(): { ban: string; account: string }[] {
    return Array.from(this.sessions.values(), ({ company, account }) => ({ ban: company.ban, account: account.id }));
  }

  private spendCaptcha({ captchaToken, captcha }: Omit<Attempt, "password">): boolean {
    const known = this.captchas.get(captchaToken);
    const fresh = known !== undefined && !known.spent;
    if (known !== undefined) known.spent = true;
    return fresh && known.answer === captcha;
  }

  private note(
    attempt: Omit<Attempt, "password">,
    reason: SignInRefusal | null,
    captchaRight: boolean,
    wrongPasswords: number,
  ): void {
    const { ban, account } = attempt;
    this.ledger.append({ type: "sign-in", ban, account, ok: reason === null, reason, captchaRight, wrongPasswords });
  }

  private openSession(company: CompanyConfig, account: AccountConfig): Session {
    if (this.rules.oneSessionPerAccount) {
      for (const session of this.sessions.values()) {
        if (session.company.ban === company.ban && session.account.id === account.id)
          this.end(session, "newer-sign-in");
      }
    }
    const { ban } = company;
    const session: Session = {
      token: randomBytes(32).toString("base64url"),
      company,
      account,
      lastUsed: Date.now(),
      mustChangePassword: account.mustChangePassword || this.faults.use("forced-password-change", { ban }) !== null,
      warnOldPassword: account.passwordOlderThan180Days || this.faults.use("password-180-days", { ban }) !== null,
    };
    this.sessions.set(session.token, session);
    return session;
  }

  private end(session: Session, reason: "idle" | "newer-sign-in" | "ordered"): void {
    this.sessions.delete(session.token);
    this.ledger.append({ type: "session-ended", ban: session.company.ban, account: session.account.id, reason });
  }
}

/** How dark each pixel is on white paper; null for what is no picture. */
function inkOf(bytes: Uint8Array): Uint8Array | null {
  try {
    const { data } = PNG.sync.read(Buffer.from(bytes));
    return Uint8Array.from({ length: data.length / 4 }, (_, pixel) => {
      const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(pixel * 4, pixel * 4 + 4);
      return Math.round(((255 - (red + green + blue) / 3) * alpha) / 255);
    });
  } catch {
    return null;
  }
}

/** Rounding on the way through a canvas moves a pixel by a shade or two. */
function isSameInk(one: Uint8Array | null, other: Uint8Array | null): boolean {
  if (one === null || other === null || one.length !== other.length) return false;
  return one.every((ink, pixel) => Math.abs(ink - (other[pixel] ?? 0)) <= 3);
}
