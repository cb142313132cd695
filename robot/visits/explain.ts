import type { Page } from "playwright";
import { CallbackError, takeCallbackError } from "../../selectors/dom/guard.ts";
import { shownMessages } from "../../selectors/dom/overlays/messages.ts";
import { PageError } from "../../selectors/dom/page-error.ts";
import { detectPageState, stateInMessages, visibleText } from "../../selectors/dom/page-state.ts";
import type { PageContext } from "../../selectors/dom/windows/page-context.ts";
import { Failure } from "../failures/failure.ts";
import { browserConnectionFailure } from "../failures/connection.ts";
import { plannedOutageEnd } from "../invoicing/deadlines/planned-outage.ts";
import { Interrupted } from "../lib/interrupted.ts";
import type { Redactor } from "../recording/redaction/redactor.ts";

/** What an error means, asked of the page first, and of what it said in dialogs: that beats what the clock says. */
export async function explain({ page, dialogs }: PageContext, error: unknown, redactor: Redactor): Promise<unknown> {
  const known = await recognised({ page, dialogs }, error);
  if (!(known instanceof Failure)) return known;
  redactor.seeAddress(page.url());
  const planned = known.code === "portal-down" ? await plannedOutage(page) : {};
  const { en: _en, ...told } = known.detail;
  const detail = { ...told, ...planned, page: told.page ?? (await whereabouts(page)) };
  const safe = Object.entries(detail).map(([name, text]) => [name, redactor.text(text)]);
  return new Failure(known.code, Object.fromEntries(safe), { cause: known.cause });
}

/** An outage that the portal has announced ends by itself, and its page says when. */
async function plannedOutage(page: Page): Promise<{ readonly seen?: string }> {
  const end = plannedOutageEnd(await visibleText(page), new Date());
  return end === null ? {} : { seen: `平台公告的停機，到 ${end} 為止` };
}

/** What one of our own functions threw that the browser called: a page that is not as it was known, or a fault of the program. */
function ofCallback(thrown: CallbackError, error: unknown): Failure {
  const { cause, what } = thrown;
  if (cause instanceof PageError)
    return new Failure(cause.state, { wanted: cause.wanted, seen: cause.seen }, { cause: error });
  if (cause instanceof Failure) return cause;
  const inPage =
    cause instanceof Error && (cause.name === "TimeoutError" || /locator|element|strict mode/i.test(cause.message));
  const seen = `${what}：${cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause)}`.slice(
    0,
    300,
  );
  return new Failure(inPage ? "page-changed" : "program-error", { seen }, { cause: thrown });
}

/** The page's title and its address without what may be secret in it. */
export async function whereabouts(page: Page): Promise<string> {
  const title = await page.title().catch(() => "");
  const address = page.url().replace(/[?#].*$/, "");
  return title === "" ? address : `${title}（${address}）`;
}

async function recognised({ page, dialogs }: PageContext, error: unknown): Promise<unknown> {
  if (error instanceof Failure || error instanceof Interrupted) return error;
  const heard = dialogs.takeMessages();
  const sign = (await detectPageState(page).catch(() => null)) ?? stateInMessages(heard);
  // What it says besides is reported as well, understood or not.
  const said = [...heard, ...(await shownMessages(page))].join("／").slice(0, 200);
  const saying = said === "" ? {} : { pageSays: said };
  const wanted = error instanceof PageError ? { wanted: error.wanted } : {};
  if (sign) return new Failure(sign.state, { ...wanted, pageSays: sign.words }, { cause: error });
  if (error instanceof PageError)
    return new Failure(error.state, { ...saying, ...wanted, seen: error.seen }, { cause: error });
  const thrown = error instanceof CallbackError ? error : takeCallbackError(page);
  if (thrown !== null) return ofCallback(thrown, error);
  if (!(error instanceof Error)) return error;
  // The browser's own sentences are for programmers; people get its code, which a help desk can look up.
  const unreachable = /(?<=net::)ERR_\w+|NS_ERROR_\w+|ECONNREFUSED/.exec(error.message);
  if (unreachable) return browserConnectionFailure(unreachable[0], error);
  if (error.name === "TimeoutError")
    return new Failure("portal-slow", { ...saying, seen: "頁面在時限內沒有反應" }, { cause: error });
  return error;
}
