import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page, Request } from "playwright";
import type { Confirmation } from "../../selectors/pages.ts";
import { onlyWindow, type Windows, windowsOf } from "../../selectors/dom/windows/windows.ts";
import { type CallbackError, guarded, takeCallbackError } from "../../selectors/dom/guard.ts";
import { keepReaderAtHand } from "../../selectors/dom/reading/read-page.ts";
import { machineTag } from "../lib/process-identity.ts";
import type { Json } from "../lib/json.ts";
import { type Lease, takeLease, takePlace } from "../store/lease.ts";
import type { TypedPassword } from "../engine/effects/effect-context.ts";
import type { Visit } from "../engine/workflow/visits.ts";
import type { Store } from "../store/store.ts";
import { Failure } from "../failures/failure.ts";
import type { Recorder } from "../recording/writing/recorder.ts";
import type { Redactor } from "../recording/redaction/redactor.ts";
import type { RunLog } from "../log/log.ts";
import { notKnownOn } from "../../selectors/dom/local/not-known.ts";
import { PageError } from "../../selectors/dom/page-error.ts";
import { NOT_KNOWN } from "../picks/not-known.ts";
import { logVisit } from "./visit-log.ts";
import { allowOnly } from "../browser/allow-list.ts";
import type { BrowserHost } from "../browser/launch.ts";
import { screenshotOf } from "../browser/highlight.ts";
import { explain, whereabouts } from "./explain.ts";
import { type SendOnce, sendOnce } from "../browser/send-once.ts";

export interface VisitContext<Site> {
  readonly host: BrowserHost;
  readonly store: Store;
  readonly recorder: Pick<Recorder, "event" | "picture" | "trace">;
  readonly redactor: Redactor;
  readonly log: RunLog;
  /** Who takes the leases: one name per visit. */
  readonly holder: string;
  /** The account at the portal: one visit at a time, over all processes. */
  readonly account: string;
  readonly maxVisits: number;
  readonly allowedHosts: readonly string[];
  /** The console's own address: what a person agrees to there no page may reach. */
  readonly isConsole: (url: URL) => boolean;
  readonly sendOnce: SendOnce;
  /** Number of this visit in its run; names its trace and pictures. */
  readonly number: number;
  /** Types the account's password where the site asks for it before an act; null where there is none of ours. Sent nothing yet. */
  typePassword(field: PasswordField): Promise<TypedPassword | null>;
  /** The portal demands a new password, and says so only on a later page. */
  passwordOutdated(): Promise<void>;
  /**
   * Whether windows that a page opens are part of what is visited. The portal's are not: a download's window is looked after where it
   * is asked for.
   */
  readonly followsWindows: boolean;
  /** Goes in, and leaves the site ready to work on. */
  enter(windows: Windows, tools: VisitTools): Promise<EnteredSite<Site>>;
}

/** What every visit needs, whatever the site and however it is entered. */
export type CommonVisit = Omit<
  VisitContext<unknown>,
  "account" | "followsWindows" | "typePassword" | "passwordOutdated" | "enter"
>;

type PasswordField = Awaited<ReturnType<NonNullable<Confirmation["passwordField"]>>>;

export interface VisitTools {
  readonly record: Record;
  readonly picture: (name: string) => Promise<string | null>;
  /** Keeps the trace as it is now and goes on without one: what is typed from here on is sent, and must not be in it. */
  readonly endTrace: () => Promise<void>;
}

export interface EnteredSite<Site> {
  readonly site: Site;
  /** How the record calls the entering, and what it tells of it. */
  readonly event: "visit.signed-in" | "visit.entered";
  readonly about: { readonly [name: string]: string };
  leave(): Promise<void>;
  /** What is seen where the site has ended the session without a word; null where it has not. */
  readonly signedOut?: () => Promise<string | null>;
}

type Record = (type: string, data: Json) => Promise<void>;

/** What may hold something secret on any page; it is covered in every picture. */
const SENSITIVE =
  'input[type=password], input[id*=captcha i], input[name*=captcha i], input[autocomplete=one-time-code], img[alt*="驗證碼"]';
const JPEG_QUALITY = 55;

/**
 * Opens a visit: the account's lease, a place among all visits, a fresh browser context, the sign-in.
 * @throws Busy when account or places are in use
 * @throws Failure of signing in; the picture of the page is in the record by then
 */
export async function openVisit<Site>(world: VisitContext<Site>): Promise<Visit<Site>> {
  const leases: Lease[] = [];
  const releaseAll = async (): Promise<void> => {
    for (const lease of leases.toReversed()) await lease.release().catch(() => undefined);
  };
  try {
    leases.push(await takeLease(world.store, `account:${world.account}`, world.holder));
    leases.push(await takePlace(world.store, "visit", world.maxVisits, world.holder));
    const opened = await world.host.newContext(world.allowedHosts);
    try {
      return await enter(world, opened.context, opened.version, leases, async () => {
        await opened.close();
        await releaseAll();
      });
    } catch (error) {
      await opened.close();
      throw error;
    }
  } catch (error) {
    await releaseAll();
    throw error;
  }
}

async function enter<Site>(
  world: VisitContext<Site>,
  context: BrowserContext,
  browser: string,
  leases: readonly Lease[],
  close: () => Promise<void>,
): Promise<Visit<Site>> {
  const { recorder } = world;
  const record: Record = async (type, data) => void (await recorder.event(type, data));
  await record("visit.began", { visit: world.number, account: world.account, browser });
  await allowOnly(
    context,
    { hosts: world.allowedHosts, never: world.isConsole },
    guarded(context, "a host that is not allowed", (host: string) => record("visit.blocked", { host })),
  );
  const seen = (request: Request): void => seeRequest(request, world.redactor);
  context.on("request", guarded(context, "a request", seen));
  logVisit(context, world.log, world.number);
  await keepReaderAtHand(context);
  const page = await context.newPage();
  const windows = world.followsWindows ? windowsOf(context, page) : onlyWindow(page);
  const picture = async (name: string): Promise<string | null> => {
    const { page, dialogs } = windows.front();
    const question = dialogs.openConfirm();
    if (question) {
      // A page can't be pictured while the browser itself asks; what it asks is all there is to see.
      await record("visit.question", { visit: world.number, name, words: question.words });
      return null;
    }
    const image = await screenshotOf(page, SENSITIVE, JPEG_QUALITY);
    // A page may write its address itself, without asking the server for it.
    world.redactor.seeAddress(page.url());
    return recorder.picture(name, image, { visit: world.number, address: page.url() });
  };
  let tracing = false;
  const endTrace = async (): Promise<void> => {
    if (!tracing) return;
    tracing = false;
    // What was not signed in to begins its session on the way.
    if (world.followsWindows) {
      for (const open of context.pages()) if (!open.isClosed()) await enrolSession(open, context, world.redactor);
    }
    await keepTrace(context, world).catch((error: unknown) => record("visit.no-trace", { why: String(error) }));
  };
  let entered: EnteredSite<Site>;
  try {
    entered = await world.enter(windows, { record, picture, endTrace });
  } catch (error) {
    await recordNotKnown(windows.front().page, error, record);
    await picture("登入失敗").catch(() => undefined);
    throw await explain(windows.front(), error, world.redactor);
  }
  if (!world.followsWindows) await enrolSession(page, context, world.redactor);
  await record(entered.event, { visit: world.number, ...entered.about });
  // Only now: a trace that ran during the sign-in would hold the password's request.
  await context.tracing.start({ snapshots: true, screenshots: false, sources: false, title: `${world.number}` });
  tracing = true;
  return {
    site: entered.site,
    picture,
    async whereabouts() {
      const { page } = windows.front();
      world.redactor.seeAddress(page.url());
      return world.redactor.text(await whereabouts(page));
    },
    async assertHeld() {
      for (const lease of leases) await lease.assertHeld();
      const thrown = takeCallbackError(context);
      if (thrown !== null) throw thrown;
    },
    async typePassword({ passwordField }) {
      if (passwordField === undefined) return null;
      const field = await passwordField();
      // What is typed is sent, and no trace may see that.
      await endTrace();
      return world.typePassword(field);
    },
    sendOnce: (work) => sendOnce(windows.front().page, world.sendOnce, work),
    async explain(error) {
      await recordNotKnown(windows.front().page, error, record);
      const explained = await explain(windows.front(), error, world.redactor);
      if (!(explained instanceof Failure)) return explained;
      if (explained.code === "password-change-forced") await world.passwordOutdated();
      const seen = explained.code === "page-changed" ? ((await entered.signedOut?.()) ?? null) : null;
      if (seen === null) return explained;
      const { en: _en, ...told } = explained.detail;
      return new Failure("session-expired", { ...told, seen: world.redactor.text(seen) }, { cause: explained });
    },
    async end() {
      const thrown = takeCallbackError(context);
      if (thrown !== null) await noteThrown(record, world.number, thrown).catch(() => undefined);
      await endTrace();
      await entered.leave().catch(() => undefined);
      await record("visit.ended", { visit: world.number }).catch(() => undefined);
      await close();
    },
  };
}

/** What a page shows instead of parts that were not found: a person may show where they are now. The picture follows. */
async function recordNotKnown(page: Page, error: unknown, record: Record): Promise<void> {
  const missing = [error, error instanceof Error ? error.cause : null].find((one) => one instanceof PageError);
  if (missing === undefined || missing.state !== "page-changed" || missing.parts.length === 0) return;
  // A page that is gone shows nothing.
  await notKnownOn(page, missing.parts)
    .then((shown) => record(NOT_KNOWN, shown))
    .catch(() => undefined);
}

/** The session is as good as a password while it lives: what the browser holds of it must not stay in any record. */
async function enrolSession(page: Page, context: BrowserContext, redactor: Redactor): Promise<void> {
  const stored = await page.evaluate(() =>
    [sessionStorage, localStorage].flatMap((storage) =>
      Array.from({ length: storage.length }, (_, index) => storage.getItem(storage.key(index) ?? "") ?? ""),
    ),
  );
  // What a page carries in fields that nobody sees is sent with its form: known before a trace of the page is kept, and not only then.
  const carried = await page.evaluate(() =>
    Array.from(document.querySelectorAll<HTMLInputElement>("input[type=hidden]"), ({ name, value }) => [name, value]),
  );
  redactor.seeForm(new URLSearchParams(carried).toString());
  const cookies = (await context.cookies()).map(({ value }) => value);
  for (const value of [...stored, ...cookies]) if (value.length >= MIN_TOKEN) redactor.enrol(value, "portal session");
}

/** Shorter values are settings ("zh-TW"), not tokens, and would be found everywhere. */
const MIN_TOKEN = 16;

async function keepTrace(context: BrowserContext, world: VisitContext<unknown>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), `einvoice-robot-${machineTag}-${process.pid}-trace-`));
  try {
    const path = join(folder, "trace.zip");
    await context.tracing.stop({ path });
    await world.recorder.trace(`visit-${world.number}`, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a request carries is known before its page is, whatever happens in between. */
function seeRequest(request: Request, redactor: Redactor): void {
  try {
    redactor.seeAddress(request.url());
    if (request.isNavigationRequest()) redactor.seeForm(request.postData() ?? "");
  } catch {
    // A request of a page that is gone. What is thrown here would end the process.
  }
}

function noteThrown(record: Record, visit: number, { what, message }: CallbackError): Promise<void> {
  return record("visit.callback-failed", { visit, what, why: message.slice(0, 500) });
}
