import { randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type BlankLedger, Blanks } from "./blanks.ts";
import { drawCaptcha } from "./captcha.ts";
import {
  allocate,
  CATEGORY_NAMES,
  type Company,
  periodAfter,
  periodAt,
  periodBefore,
  periodOnScreen,
  refusal,
  type Take,
  type TakeState,
  trackFile,
} from "./rules.ts";

/** How this imitation looks and behaves; the business behind it is always the same. */
export type Habits = {
  dropdowns: "native" | "drawn";
  table: "one" | "split";
  labels: "ids" | "placeholder" | "beside";
  errors: "toast" | "inline";
  confirm: "box" | "browser" | "none";
  /** Whether an inner address can be opened, or leads to the first page from where the menu goes on. */
  links: "deep" | "menu";
};

export type StrangerOptions = Partial<Habits> & {
  /** How many right answers to a captcha are called wrong before one is accepted. */
  captchasRejected?: number;
  /** Milliseconds after the submit until 否 turns into 已配號，檢核中. */
  allocatedAfter?: number;
  /** Milliseconds after the submit until it turns into 是. */
  openAfter?: number;
  /** Milliseconds after an upload of blank numbers until it is imported. */
  importedAfter?: number;
};

export type Ledger = {
  logins: { ubn: string; account: string; result: "ok" | "captcha" | "credentials" }[];
  submits: { ubn: string; period: string; category: string; books: number; extra: number; refused: string | null }[];
  mailboxes: { ubn: string; email: string }[];
  downloads: { ubn: string; ids: number[] }[];
  logouts: string[];
} & BlankLedger;

export type Stranger = {
  url: string;
  ledger(): Ledger;
  addCompany(company: Company): void;
  takes(): Take[];
  /** The list of blank numbers; runs can be put on it. */
  readonly blanks: Blanks;
  /** The token of a session of this company, as if it had signed in. */
  session(ubn: string): string;
  close(): Promise<void>;
};

export const BUILT_IN: Company = {
  ubn: "12345675",
  name: "路人甲商行",
  account: "robot01",
  password: 'Str4nger"&+路人%',
  quota: 9,
  mailboxes: ["tracks@stranger.example"],
};

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
});
const mailBody = z.object({ email: z.email() });

type Site = {
  habits: Habits;
  captchasToReject: number;
  allocatedAfter: number;
  openAfter: number;
  companies: Company[];
  captchas: Map<string, string>;
  sessions: Map<string, Company>;
  takes: Take[];
  ledger: Omit<Ledger, keyof BlankLedger>;
  blanks: Blanks;
};
type Answer = { status: number; body: unknown };

/** Starts the stranger on a free loopback port. */
export async function startStranger(options: StrangerOptions = {}): Promise<Stranger> {
  const site: Site = {
    habits: {
      dropdowns: options.dropdowns ?? "native",
      table: options.table ?? "one",
      labels: options.labels ?? "ids",
      errors: options.errors ?? "toast",
      confirm: options.confirm ?? "box",
      links: options.links ?? "deep",
    },
    captchasToReject: options.captchasRejected ?? 0,
    allocatedAfter: options.allocatedAfter ?? 3_000,
    openAfter: options.openAfter ?? 6_000,
    companies: [{ ...BUILT_IN, mailboxes: [...BUILT_IN.mailboxes] }],
    captchas: new Map(),
    sessions: new Map(),
    takes: [],
    ledger: { logins: [], submits: [], mailboxes: [], downloads: [], logouts: [] },
    blanks: new Blanks(options.importedAfter ?? 1_500),
  };
  const server = createServer((request, response) => {
    serve(site, request, response).catch((trouble: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(trouble));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the stranger got no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    ledger: () => structuredClone({ ...site.ledger, ...site.blanks.ledger }),
    addCompany: (company) => void site.companies.push({ ...company, mailboxes: [...company.mailboxes] }),
    takes: () => structuredClone(site.takes),
    blanks: site.blanks,
    session(ubn) {
      const company = site.companies.find((one) => one.ubn === ubn);
      if (company === undefined) throw new Error(`the stranger knows no company ${ubn}`);
      return openSession(site, company);
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function serve(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://stranger");
  if (/^\/\w+\.js$/.test(url.pathname)) return script(response, url.pathname.slice(1));
  if (url.pathname === "/__ledger") return json(response, { status: 200, body: site.ledger });
  const api = `${request.method} ${url.pathname}`;
  if (url.pathname.startsWith("/act/") || url.pathname.startsWith("/btb/")) {
    const text = await bodyOf(request);
    const sent: unknown = text === "" ? {} : JSON.parse(text);
    return json(response, answer(site, api, sent, request.headers.authorization?.replace("Bearer ", "") ?? "", url));
  }
  if (url.pathname === "/") {
    response.writeHead(302, { location: "/accounts/login" }).end();
    return;
  }
  const page = await readFile(new URL("site/index.html", import.meta.url), "utf8");
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end(page.replace("{{habits}}", JSON.stringify(site.habits)));
}

function answer(site: Site, api: string, sent: unknown, token: string, url: URL): Answer {
  if (api === "GET /act/login/api/act002i/captcha") {
    const captcha = drawCaptcha();
    const name = `L_CAPTCHA_${randomUUID()}`;
    site.captchas.set(name, captcha.digits);
    return { status: 200, body: { token: name, image: captcha.png } };
  }
  if (api === "POST /act/login/api/client/doLogin") return signIn(site, loginBody.parse(sent));
  const company = site.sessions.get(token);
  if (company === undefined) return refused(401, "Session has expired, please try again.");
  switch (api) {
    case "POST /act/login/api/client/logout":
      site.sessions.delete(token);
      site.ledger.logouts.push(company.ubn);
      return { status: 200, body: {} };
    case "GET /btb/me":
      return {
        status: 200,
        body: {
          ubn: company.ubn,
          name: company.name,
          account: company.account,
          periods: offeredPeriods(),
          blankPeriods: blankPeriods(),
        },
      };
    case "GET /btb/mailboxes":
      return { status: 200, body: company.mailboxes };
    case "POST /btb/mailboxes":
      return addMailbox(site, company, sent);
    case "GET /btb/quota":
      return { status: 200, body: quota(site, company, url.searchParams) };
    case "GET /btb/takes":
      return { status: 200, body: listed(site, company, url.searchParams) };
    case "POST /btb/takes":
      return take(site, company, takeBody.parse(sent));
    case "GET /btb/file":
      return download(site, company, url.searchParams);
    default:
      return site.blanks.answer(api, company, sent, url.searchParams) ?? refused(404, "查無此功能");
  }
}

function signIn(site: Site, body: z.infer<typeof loginBody>): Answer {
  const expected = site.captchas.get(body.captchaToken);
  site.captchas.delete(body.captchaToken);
  const note = (result: "ok" | "captcha" | "credentials") =>
    site.ledger.logins.push({ ubn: body.ban, account: body.customId, result });
  if (expected !== body.captcha || site.captchasToReject > 0) {
    site.captchasToReject -= 1;
    note("captcha");
    return refused(400, "Image verification code verification failed. (圖形驗證碼驗證失敗)");
  }
  const company = site.companies.find(
    (one) => one.ubn === body.ban && one.account === body.customId && one.password === body.password,
  );
  if (company === undefined) {
    note("credentials");
    return refused(400, "使用者帳號或密碼錯誤");
  }
  note("ok");
  return { status: 200, body: { redirectTo: "/dashboard/btb/btb013w", token: openSession(site, company) } };
}

function openSession(site: Site, company: Company): string {
  const token = randomBytes(24).toString("base64url");
  site.sessions.set(token, company);
  return token;
}

/** The list offers a period too many, as such lists do; the rule is enforced on submit. */
function offeredPeriods(): { code: string; text: string }[] {
  const current = periodAt(Date.now());
  const next = periodAfter(current);
  return [current, next, periodAfter(next)].map((code) => ({ code, text: periodOnScreen(code) }));
}

/** Of what is over and what is not, newest first; some are offered that can't be uploaded any more. */
function blankPeriods(): { code: string; text: string }[] {
  const current = periodAt(Date.now());
  const before = periodBefore(current);
  return [current, before, periodBefore(before)].map((code) => ({ code, text: periodOnScreen(code) }));
}

function addMailbox(site: Site, company: Company, sent: unknown): Answer {
  const body = mailBody.safeParse(sent);
  if (!body.success) return refused(400, "電子郵件信箱格式錯誤");
  if (company.mailboxes.includes(body.data.email)) return refused(400, "電子郵件信箱重複");
  company.mailboxes.push(body.data.email);
  site.ledger.mailboxes.push({ ubn: company.ubn, email: body.data.email });
  return { status: 200, body: company.mailboxes };
}

function takesOf(site: Site, company: Company, period: string | null, category: string | null): Take[] {
  return site.takes.filter((one) => one.ubn === company.ubn && one.period === period && one.category === category);
}

function quota(site: Site, company: Company, query: URLSearchParams) {
  const earlier = takesOf(site, company, query.get("period"), query.get("category"));
  return { available: company.quota, taken: earlier.reduce((sum, one) => sum + one.books + one.extra, 0) };
}

function take(site: Site, company: Company, body: z.infer<typeof takeBody>): Answer {
  const now = Date.now();
  const reason = refusal(company, takesOf(site, company, body.period, body.category), body, now);
  site.ledger.submits.push({ ubn: company.ubn, ...body, refused: reason ?? null });
  if (reason !== undefined) return refused(400, reason);
  const id = site.takes.length + 1;
  const runs = allocate(body.period, body.books + body.extra, id);
  site.takes.push({ id, ubn: company.ubn, ...body, at: now, runs });
  return { status: 200, body: { id } };
}

function listed(site: Site, company: Company, query: URLSearchParams) {
  const from = query.get("from") ?? "";
  const to = query.get("to") ?? "";
  const category = query.get("category") ?? "";
  return site.takes
    .filter((one) => one.ubn === company.ubn && one.period >= from && one.period <= to)
    .filter((one) => category === "" || one.category === category)
    .map((one) => {
      const state = stateOf(site, one);
      return {
        id: one.id,
        ubn: one.ubn,
        period: periodOnScreen(one.period),
        category: CATEGORY_NAMES[one.category],
        books: one.books,
        extra: one.extra,
        allocated: state === "否" ? 0 : one.books + one.extra,
        state,
      };
    });
}

function stateOf(site: Site, one: Take): TakeState {
  const age = Date.now() - one.at;
  if (age >= site.openAfter) return "是";
  return age >= site.allocatedAfter ? "已配號，檢核中" : "否";
}

function download(site: Site, company: Company, query: URLSearchParams): Answer {
  const ids = (query.get("ids") ?? "").split(",").map(Number);
  const takes = site.takes.filter((one) => one.ubn === company.ubn && ids.includes(one.id));
  if (takes.length === 0 || takes.some((one) => stateOf(site, one) !== "是")) return refused(400, "尚未開放下載");
  site.ledger.downloads.push({ ubn: company.ubn, ids });
  return { status: 200, body: { name: `invnoapply${Date.now()}.csv`, text: trackFile(takes) } };
}

function refused(status: number, title: string): Answer {
  return { status, body: { title } };
}

async function script(response: ServerResponse, name: string): Promise<void> {
  const file = await readFile(fileURLToPath(new URL(`site/${name}`, import.meta.url)));
  response.writeHead(200, { "content-type": "text/javascript; charset=utf-8" }).end(file);
}

function json(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(answer.body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
