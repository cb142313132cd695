import { getCookie, setCookie, deleteCookie } from "hono/cookie";
import type { Hono, MiddlewareHandler } from "hono";
import { html, type Markup } from "../../lib/html.ts";
import { addressOf } from "../access/address.ts";
import { noteAction } from "../access/audit.ts";
import type { ConsoleHost } from "../access/guard.ts";
import { personOf } from "../access/people.ts";
import { ROLE_NAMES, type Role } from "../access/roles.ts";
import { beginSession, endSession, readLink, sessionOf, useLink } from "../access/sessions.ts";
import { readForm, STRANGER_LIMITS } from "../http/read-form.ts";
import { withAudit, fieldOf } from "../http/respond.ts";
import { Seldom } from "../http/seldom.ts";
import { icon } from "../view/icons.ts";
import { bareDocument } from "../view/layout.ts";
import type { RequestContext, ConsoleContext, Env } from "../http/console-context.ts";

/** The cookie's name. Over TLS browsers keep a `__Host-` cookie from every other name and from plain HTTP. */
const cookieOf = ({ protocol }: ConsoleHost): string =>
  protocol === "https" ? "__Host-einvoice-console" : "einvoice-console";

/** What can be reached by a person who is not signed in: the page to do so, and nothing else. */
export function signInRoutes(app: Hono<Env>, world: ConsoleContext, place: ConsoleHost): void {
  const cookie = cookieOf(place);
  const letIn = async (
    c: RequestContext,
    who: { person: string; role: Role },
    how: "sign-in" | "sign-in-by-link",
  ): Promise<Response> => {
    const lasts = world.config().console.session;
    const enteredBy = how === "sign-in" ? "password" : "link";
    const token = await beginSession(world.store, who, lasts, { address: addressOf(c), enteredBy });
    setCookie(c, cookie, token, {
      httpOnly: true,
      sameSite: "Strict",
      secure: place.protocol === "https",
      path: "/",
      maxAge: Math.floor(lasts / 1_000),
    });
    await note(c, world, who.person, who.role, how, "done");
    return c.redirect("/", 303);
  };

  app.get("/sign-in", (c) => c.html(passwordPage(null)));
  app.post("/sign-in", async (c) => {
    const form = await readForm(c, STRANGER_LIMITS);
    const name = fieldOf(form, "name").trim();
    const attempts = c.get("attempts");
    const who = { name, address: addressOf(c) };
    const wait = attempts.begin(who, world.now().getTime());
    if (wait !== null) {
      await note(c, world, name, null, "sign-in", "too-many");
      return tooMany(c, wait);
    }
    const person = await personOf(world.store, name, fieldOf(form, "password"));
    if (!person) {
      await note(c, world, name, null, "sign-in", "refused");
      return c.html(passwordPage("姓名或密碼不對。"), 401);
    }
    attempts.succeeded(who);
    return letIn(c, { person: person.name, role: person.role }, "sign-in");
  });

  // Opening a link changes nothing, so that a program which looks at links in advance does not use it up.
  app.get("/enter/:link", async (c) => {
    const link = c.req.param("link");
    return c.html(linkPage({ link, who: await readLink(world.store, link) }, null));
  });
  app.post("/enter/:link", async (c) => {
    // No limit here: nobody guesses 256 random bits, and a limit would let a stranger keep the right ones out.
    const who = await useLink(world.store, c.req.param("link"));
    if (!who) {
      await note(c, world, "", null, "sign-in-by-link", "refused");
      return c.html(linkPage(null, "這個連結不能用：已經用過，或超過半小時。"), 401);
    }
    return letIn(c, who, "sign-in-by-link");
  });

  app.use(demandSession(world, cookie));
  app.post(
    "/sign-out",
    withAudit(
      {
        name: "sign-out",
        role: "look",
        async act(c, _form, session) {
          await endSession(world.store, session);
          deleteCookie(c, cookie, { path: "/", secure: place.protocol === "https" });
          return { response: c.redirect("/sign-in", 303), about: {} };
        },
      },
      world,
    ),
  );
}

function demandSession(world: ConsoleContext, cookie: string): MiddlewareHandler<Env> {
  return async (c, next) => {
    const session = await sessionOf(world.store, getCookie(c, cookie) ?? "");
    if (session) {
      c.set("session", session);
      return next();
    }
    if (c.req.method === "GET" && c.req.header("sec-fetch-dest") === "document") return c.redirect("/sign-in", 303);
    return c.html(passwordPage("請先登入。"), 401);
  };
}

/** Refused sign-ins that are written down within a minute; a stranger can make as many as they like. */
const WRITTEN = new Seldom(30, 60_000);

async function note(
  c: RequestContext,
  { store }: ConsoleContext,
  person: string,
  role: Role | null,
  action: string,
  result: string,
): Promise<void> {
  const isIn = result === "done";
  const leftOut = isIn ? 0 : WRITTEN.next();
  if (leftOut === null) return;
  const about = leftOut === 0 ? {} : { leftOut };
  // What was typed as a name may be a password in the wrong field.
  await noteAction(store, { person: isIn ? person : "", role, action, about, result, address: addressOf(c) });
}

function tooMany(c: RequestContext, seconds: number): Response | Promise<Response> {
  c.header("Retry-After", String(seconds));
  const minutes = Math.ceil(seconds / 60);
  return c.html(passwordPage(`試太多次了，請 ${minutes} 分鐘後再試，或在終端機另取一個登入連結。`), 429);
}

function passwordPage(trouble: string | null): string {
  return bareDocument(
    "登入",
    html`${brand()}
<h1>登入主控台</h1>
${said(trouble)}
<form method="post" action="/sign-in" class="stack">
<label>姓名或帳號<input name="name" autocomplete="username" required maxlength="40" autofocus></label>
<label>密碼<input name="password" type="password" autocomplete="current-password" required></label>
<button class="primary">登入</button>
</form>
<p class="soft small">還沒有密碼：在執行機器人的電腦上執行 <code>npm run -s robot -- console link</code>，開啟印出的一次性連結。</p>`,
  );
}

interface OfferedLink {
  readonly link: string;
  /** Null where it lets nobody in; that is said when it is used, as for one that never was. */
  readonly who: { readonly person: string; readonly role: Role } | null;
}

function linkPage(offered: OfferedLink | null, trouble: string | null): string {
  return bareDocument(
    "登入",
    html`${brand()}
<h1>以一次性連結登入</h1>
${said(trouble)}
${offered === null ? html`<p>請在執行機器人的電腦上執行 <code>npm run -s robot -- console link</code> 另取一個，或<a href="/sign-in">用密碼登入</a>。</p>` : html`<p>${offered.who === null ? null : html`您會以 <strong>${offered.who.person}</strong>（${ROLE_NAMES[offered.who.role]}）的身分登入。`}這個連結只能用一次。</p><form method="post" action="/enter/${offered.link}"><button class="primary" autofocus>進入主控台</button></form>`}`,
  );
}

function said(trouble: string | null): Markup | null {
  return trouble === null ? null : html`<p class="notice bad" role="alert">${icon("failed")}${trouble}</p>`;
}

function brand(): Markup {
  return html`<p class="brand"><span class="mark" aria-hidden="true">票</span><span>電子發票機器人</span></p>`;
}
