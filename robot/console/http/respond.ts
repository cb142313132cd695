import type { MiddlewareHandler } from "hono";
import { type Failure, failureData } from "../../failures/failure.ts";
import { countOpenQuestions } from "../../engine/people/questions.ts";
import { html, type Markup } from "../../lib/html.ts";
import { noteAction } from "../access/audit.ts";
import { may, type Role, ROLE_NAMES } from "../access/roles.ts";
import { isCsrf, type Session } from "../access/sessions.ts";
import { asFailure } from "../view/run/failures.ts";
import { BodyRefused, FIELD_LIMITS, FILE_LIMITS, type Form, readForm } from "./read-form.ts";
import { Seldom } from "./seldom.ts";
import { bareDocument, page, type Section } from "../view/layout.ts";
import { icon } from "../view/icons.ts";
import { noticeText } from "../view/notices.ts";
import type { RequestContext, ConsoleContext, Env } from "./console-context.ts";
import { addressOf } from "../access/address.ts";
import type { Json } from "../../lib/json.ts";

export interface PageAnswer {
  readonly title: string;
  readonly section: Section | null;
  readonly body: Markup;
  /** The address of its live news, where it has some. */
  readonly live?: string;
  readonly status?: 200 | 400 | 403 | 404 | 409 | 500 | 503;
}

/** Answers with a page of the console. */
export async function renderPage(c: RequestContext, world: ConsoleContext, shown: PageAnswer): Promise<Response> {
  const open = await countOpenQuestions(world.store).catch(() => 0);
  const { title, section, body, live = null, status = 200 } = shown;
  const notice = noticeText(c.req.query("done"));
  return c.html(page({ title, section, body, live, open, notice, session: c.get("session") }), status);
}

/** Errors of the program that are written to the log within a minute: anyone who finds one can make it happen as often as they like. */
const LOGGED = new Seldom(10, 60_000);

/** Answers with what went wrong, in words, and what to do about it; also to a person who is not signed in. */
export async function renderFailure(c: RequestContext, world: ConsoleContext, error: unknown): Promise<Response> {
  if (error instanceof BodyRefused) return refuseBody(c, error);
  const failure = asFailure(error);
  const { code, message, next } = failureData(failure.code, failure.detail);
  const leftOut = code === "program-error" ? LOGGED.next() : null;
  if (leftOut !== null) {
    const about = { why: String(error), path: c.req.path, ...(leftOut === 0 ? {} : { leftOut }) };
    world.log.write("error", "the console failed", about);
  }
  const body = html`<h1>${icon("failed")}沒有做成</h1>
<section class="card bad"><p>${message}</p><p><strong>接下來：</strong>${next}</p><p class="soft small">代碼 ${code}</p></section>`;
  const status = statusOf(failure);
  if (isSignedIn(c)) return renderPage(c, world, { title: "沒有做成", section: null, body, status });
  return c.html(bareDocument("沒有做成", body), status);
}

/** Set by what demands a session, which a request may not have come to. */
function isSignedIn(c: RequestContext): boolean {
  const session: Session | undefined = c.get("session");
  return session !== undefined;
}

/** What came of it is the sender's matter: nothing was carried out, and nothing is logged. */
function refuseBody(c: RequestContext, { status, words }: BodyRefused): Response | Promise<Response> {
  return c.html(bareDocument("不接受這個要求", html`<h1>不接受這個要求</h1><p>${words}</p>`), status);
}

function statusOf({ code }: Failure): 400 | 409 | 500 | 503 {
  if (code === "program-error") return 500;
  if (code === "store-unavailable" || code === "disk-full") return 503;
  return code === "question-expired" ? 409 : 400;
}

export function renderNotFound(c: RequestContext, world: ConsoleContext, what: string): Promise<Response> {
  const body = html`<h1>找不到</h1><p>${what}</p><p><a href="/">回總覽</a></p>`;
  return renderPage(c, world, { title: "找不到", section: null, body, status: 404 });
}

/** Lets nobody through whose role is not enough. */
export function requireRole(role: Role, world: ConsoleContext): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (may(c.get("session").role, role)) return next();
    return refuseRole(c, world, role);
  };
}

function refuseRole(c: RequestContext, world: ConsoleContext, role: Role): Promise<Response> {
  const body = html`<h1>${icon("warn")}沒有權限</h1>
<p>這需要「${ROLE_NAMES[role]}」的權限；您現在的權限是「${ROLE_NAMES[c.get("session").role]}」。</p><p><a href="/">回總覽</a></p>`;
  return renderPage(c, world, { title: "沒有權限", section: null, body, status: 403 });
}

/** What an action came to: where to go on, or a page; and what of it is written down. */
export interface ActionResult {
  readonly response: Response;
  /** What it was done to. Never a secret. */
  readonly about: Json;
  /** Default `done`. */
  readonly result?: string;
}

/** Something that a person may do. The only way in which this console changes anything. */
export interface Action {
  /** Its name in the audit. */
  readonly name: string;
  readonly role: Role;
  readonly act: (c: RequestContext, form: Form, session: Session) => Promise<ActionResult>;
}

/**
 * Carries out an action: for a role that is enough, by a form of this very session, and never without writing down who did what and
 * what came of it.
 */
export function withAudit(
  { name, role, act }: Action,
  world: ConsoleContext,
): (c: RequestContext) => Promise<Response> {
  return async (c) => {
    const session = c.get("session");
    const note = (about: Json, result: string): Promise<void> =>
      noteAction(world.store, {
        person: session.person,
        role: session.role,
        action: name,
        about,
        result,
        address: addressOf(c),
      });
    if (!may(session.role, role)) {
      await note({}, "role-missing");
      return refuseRole(c, world, role);
    }
    const hasFiles = (c.req.header("content-type") ?? "").startsWith("multipart/");
    const form = await readForm(c, hasFiles ? FILE_LIMITS : FIELD_LIMITS);
    if (!isCsrf(session, fieldOf(form, "csrf"))) {
      await note({}, "form-foreign");
      return c.html(
        bareDocument(
          "表單過期",
          html`<h1>這份表單不能用了</h1><p>登入後表單換過，或它不是這個主控台的。請<a href="/">回總覽</a>重新開啟。</p>`,
        ),
        403,
      );
    }
    try {
      const { response, about, result = "done" } = await act(c, form, session);
      await note(about, result);
      return response;
    } catch (error) {
      const { code, detail } = asFailure(error);
      await note({ wanted: detail.wanted ?? null }, code);
      return renderFailure(c, world, error);
    }
  };
}

/** A text field of a form; empty where it is missing. */
export function fieldOf(form: Form, name: string): string {
  const value = form[name];
  return typeof value === "string" ? value : "";
}

/** All texts of a field that a form may hold several times. */
export function fieldValues(form: Form, name: string): string[] {
  const value = form[name];
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return list.filter((one) => typeof one === "string");
}

/** A file of a form; null where none was chosen. */
export function fileOf(form: Form, name: string): File | null {
  const value = form[name];
  return value instanceof File && value.size > 0 ? value : null;
}
