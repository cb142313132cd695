import { randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import { Blanks } from "../blanks.ts";
import { drawCaptcha } from "../captcha.ts";
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
} from "../rules.ts";
import type { Habits } from "./habits.ts";
import type { LooksLedger } from "./ledger.ts";

export const LOOKS_COMPANY: Omit<Company, "mailboxes"> = {
  ubn: "12345675",
  name: "路人甲商行",
  account: "robot01",
  password: 'Str4nger"&+路人%',
  quota: 9,
};
/** A branch, or whoever else the account may look at. */
const OTHER_UBN = "04595257";
/** How many answers a session lives that ends. */
const SHORT_SESSION = 4;

const loginBody = z.object({
  ban: z.string(),
  customId: z.string(),
  password: z.string(),
  captchaToken: z.string(),
  captcha: z.string(),
});
const takeBody = z.object({
  period: z.string().regex(/^\d{5}$/),
  category: z.enum(["07", "08"]),
  books: z.int().min(0),
  extra: z.int().min(0),
  stop: z.boolean(),
});
const noticesBody = z.object({ emails: z.array(z.email()) });
const passwordBody = z.object({ password: z.string() });
const trapBody = z.object({ name: z.string() });

type Answer = { status: number; body: unknown };

/** What the portal knows and answers, whatever it looks like. */
export class Site {
  readonly habits: Habits;
  readonly company: Company = { ...LOOKS_COMPANY, mailboxes: ["tracks@stranger.example", "old@stranger.example"] };
  readonly blanks = new Blanks(300);
  readonly takes: Take[] = [];
  readonly pictures = new Map<string, string>();
  readonly ledger: LooksLedger = { acts: [], logins: [], passwords: [], downloads: [], logouts: 0, pages: 0 };
  readonly #captchas = new Map<string, string>();
  readonly #sessions = new Set<string>();
  /** A password that is given again is refused, whatever it is. */
  refusesPasswords = false;
  /** A password that was given again counts for the next save. */
  #reauthenticated = false;
  #answersLeft: number;

  constructor(habits: Habits) {
    this.habits = habits;
    this.#answersLeft = habits.session === "ends" ? SHORT_SESSION : Number.POSITIVE_INFINITY;
  }

  seedTake({
    period,
    category = "07",
    books,
    ubn = this.company.ubn,
  }: {
    period: string;
    category?: Category;
    books: number;
    ubn?: string;
  }): Take {
    const id = this.takes.length + 1;
    const take: Take = { id, ubn, period, category, books, extra: 0, at: 0, runs: allocate(period, books, id) };
    this.takes.push(take);
    return take;
  }

  answer(api: string, sent: unknown, token: string, url: URL): Answer {
    if (api === "GET /data/captcha") return this.#captcha();
    if (api === "POST /data/login") return this.#signIn(loginBody.parse(sent));
    if (!this.#sessions.has(token))
      return refused(401, this.#in("連線已逾時，請重新登入", "Session has expired, please try again."));
    this.#answersLeft -= 1;
    if (this.#answersLeft < 0) {
      this.#answersLeft = Number.POSITIVE_INFINITY;
      this.#sessions.delete(token);
      return refused(401, "Session has expired, please try again.");
    }
    const { company, blanks, ledger } = this;
    switch (api) {
      case "POST /data/logout":
        this.#sessions.delete(token);
        ledger.logouts += 1;
        return fine({});
      case "GET /data/me":
        return fine(this.#me());
      case "GET /data/notices":
        return fine(company.mailboxes);
      case "POST /data/notices":
        return this.#saveNotices(noticesBody.parse(sent).emails);
      case "POST /data/password":
        return this.#password(passwordBody.parse(sent).password);
      case "GET /data/quota":
        return fine(this.#quota(url.searchParams));
      case "GET /data/takes":
        return fine(this.#list(url.searchParams));
      case "POST /data/takes":
        return this.#take(takeBody.parse(sent));
      case "GET /data/file":
        return this.#file(url.searchParams);
      case "POST /data/consent":
        ledger.acts.push({ kind: "consent" });
        return fine({});
      case "POST /data/trap":
        ledger.acts.push({ kind: "trap", name: trapBody.parse(sent).name });
        return fine({});
      default:
        return this.#blankNumbers(api, sent, url, blanks);
    }
  }

  #in(zh: string, en: string): string {
    return this.habits.language === "en" ? en : zh;
  }

  #captcha(): Answer {
    const { digits, png } = drawCaptcha();
    const token = `L_CAPTCHA_${randomUUID()}`;
    this.#captchas.set(token, digits);
    this.pictures.set(png, digits);
    return fine({ token, image: png });
  }

  #signIn(body: z.infer<typeof loginBody>): Answer {
    const expected = this.#captchas.get(body.captchaToken);
    this.#captchas.delete(body.captchaToken);
    if (expected !== body.captcha) {
      this.ledger.logins.push("captcha");
      return refused(400, this.#in("圖形驗證碼驗證失敗", "Image verification code verification failed."));
    }
    const { ubn, account, password } = this.company;
    if (body.ban !== ubn || body.customId !== account || body.password !== password) {
      this.ledger.logins.push("credentials");
      return refused(400, this.#in("使用者帳號或密碼錯誤", "The username or password is incorrect"));
    }
    this.ledger.logins.push("ok");
    const token = randomBytes(24).toString("base64url");
    this.#sessions.add(token);
    return fine({ token });
  }

  #me() {
    const { ubn, name, account } = this.company;
    const now = periodAt(Date.now());
    const before = periodBefore(now);
    const next = periodAfter(now);
    const older = periodBefore(before);
    return {
      ubn,
      name,
      account,
      searchable: [older, before, now, next],
      takeable: [now, next, periodAfter(next)],
      reportable: [now, before, older],
    };
  }

  #saveNotices(emails: readonly string[]): Answer {
    if (!this.#mayTakeEffect("notices")) return refused(403, this.#in("請先驗證密碼", "Password required"));
    const { mailboxes } = this.company;
    const added = emails.filter((email) => !mailboxes.includes(email));
    const removed = mailboxes.filter((email) => !emails.includes(email));
    for (const email of added) this.ledger.acts.push({ kind: "notice-added", email });
    for (const email of removed) this.ledger.acts.push({ kind: "notice-removed", email });
    mailboxes.splice(0, mailboxes.length, ...emails);
    return fine(mailboxes);
  }

  #password(password: string): Answer {
    const right = password === this.company.password;
    this.ledger.passwords.push(right ? "right" : "wrong");
    this.#reauthenticated = right && !this.refusesPasswords;
    return this.#reauthenticated ? fine({}) : refused(400, this.#in("密碼錯誤", "The password is incorrect"));
  }

  /** The password given again counts once. */
  #mayTakeEffect(what: Habits["reauthenticate"]): boolean {
    if (this.habits.reauthenticate !== what) return true;
    const may = this.#reauthenticated;
    this.#reauthenticated = false;
    return may;
  }

  #quota(query: URLSearchParams) {
    const earlier = this.#own(query.get("period"), query.get("category"));
    return { available: this.company.quota, taken: earlier.reduce((sum, one) => sum + one.books + one.extra, 0) };
  }

  #own(period: string | null, category: string | null): Take[] {
    const { ubn } = this.company;
    return this.takes.filter((one) => one.ubn === ubn && one.period === period && one.category === category);
  }

  /** What the list shows: what was taken, and what this look has beside it. */
  #rows(): Take[] {
    const rows = [...this.takes];
    if (this.habits.others === "second-row")
      for (const period of new Set(rows.map((one) => one.period)))
        rows.push({
          id: 900 + rows.length,
          ubn: this.company.ubn,
          period,
          category: "08",
          books: 2,
          extra: 0,
          at: 0,
          runs: allocate(period, 2, 900),
        });
    if (this.habits.others === "other-company")
      for (const one of rows.slice())
        rows.unshift({ ...one, id: 900 + rows.length, ubn: OTHER_UBN, books: one.books + 1, runs: [] });
    return rows;
  }

  #list(query: URLSearchParams) {
    const [from = "", to = "", category = ""] = [query.get("from"), query.get("to"), query.get("category")].map(
      (one) => one ?? "",
    );
    const rows = this.#rows();
    return rows
      .filter((one) => one.period >= from && one.period <= to && (category === "" || one.category === category))
      .map(({ runs: _runs, at: _at, ...one }) => ({
        ...one,
        categoryText: CATEGORY_NAMES[one.category],
        allocated: one.books + one.extra,
        state: "是",
      }));
  }

  #take(body: z.infer<typeof takeBody>): Answer {
    if (!this.#mayTakeEffect("takes")) return refused(403, this.#in("請先驗證密碼", "Password required"));
    const reason = refusal(this.company, this.#own(body.period, body.category), body, Date.now());
    this.ledger.acts.push({ kind: "take", ...body, refused: reason ?? null });
    if (reason !== undefined) return refused(400, reason);
    const id = this.takes.length + 1;
    const runs = allocate(body.period, body.books + body.extra, id);
    const { period, category, books, extra } = body;
    this.takes.push({ id, ubn: this.company.ubn, period, category, books, extra, at: Date.now(), runs });
    return fine({ id });
  }

  #file(query: URLSearchParams): Answer {
    const ids = (query.get("ids") ?? "").split(",").map(Number);
    this.ledger.downloads.push(ids);
    const takes = this.#rows().filter((one) => ids.includes(one.id));
    if (takes.length === 0) return refused(400, "查無資料");
    return fine({ name: `invnoapply${Date.now()}.csv`, text: trackFile(takes) });
  }

  #blankNumbers(api: string, sent: unknown, url: URL, blanks: Blanks): Answer {
    if (api === "POST /btb/blanks/upload" && !this.#mayTakeEffect("uploads")) return refused(403, "請先驗證密碼");
    if (api === "POST /btb/blanks/remove" && !this.#mayTakeEffect("deletions")) return refused(403, "請先驗證密碼");
    const before = [...blanks.listed];
    const answer = blanks.answer(api, this.company, sent, url.searchParams) ?? refused(404, "查無此功能");
    const { acts } = this.ledger;
    if (api === "POST /btb/blanks/upload") {
      const upload = blanks.ledger.uploads.at(-1);
      if (upload)
        acts.push({
          kind: "upload",
          period: upload.period,
          name: upload.name,
          sha256: upload.sha256,
          refused: upload.refused,
        });
    }
    if (api === "POST /btb/blanks/remove") {
      const ids = blanks.ledger.deletions.at(-1)?.ids ?? [];
      const runs = before.filter((one) => ids.includes(one.id)).map((one) => `${one.track}${one.begin}-${one.end}`);
      acts.push({ kind: "deletion", runs });
    }
    return answer;
  }
}

function fine(body: unknown): Answer {
  return { status: 200, body };
}

function refused(status: number, title: string): Answer {
  return { status, body: { title } };
}
