import type { CDPSession, Page } from "playwright";
import { guarded } from "../guard.ts";
import { PageError } from "../page-error.ts";
import { TIMING } from "../timing.ts";

const sessions = new WeakMap<Page, Promise<CDPSession>>();

/**
 * Asks the page's own frame something, in one message of the browser's protocol: a reading changes nothing, and a picture of the page before
 * and after each, as a trace takes of everything else, costs more than the reading.
 * @param expression its value, or what it promises, is data
 * @param silentMs how long the page may take: one whose own script never ends answers nothing any more
 * @throws Error where the page throws one, or is gone; PageError `portal-slow` where it does not answer
 */
export function askMainFrame(page: Page, expression: string, silentMs = TIMING.silent): Promise<unknown> {
  return unlessSilent(silentMs, () => answered(page, expression));
}

async function unlessSilent<T>(silentMs: number, ask: () => Promise<T>): Promise<T> {
  const silent = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const seen = `頁面 ${Math.round(silentMs / 1000)} 秒沒有回應，它自己的程式停不下來`;
    silent.reject(new PageError("portal-slow", "讀這一頁", seen));
  }, silentMs);
  try {
    return await Promise.race([ask(), silent.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function answered(page: Page, expression: string): Promise<unknown> {
  const { result, exceptionDetails } = await unlessCrashed(page, (session) =>
    session.send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true }),
  );
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
}

/** A JPEG of what is to be seen of the page, as it stands. @throws Error where it is gone; PageProblem `portal-slow` where it does not draw itself */
export function captured(page: Page, quality: number): Promise<Buffer> {
  return unlessSilent(TIMING.silent, async () => {
    const { data } = await unlessCrashed(page, (session) =>
      session.send("Page.captureScreenshot", { format: "jpeg", quality, optimizeForSpeed: true }),
    );
    return Buffer.from(data, "base64");
  });
}

/** Types a text where the focus is, as one input of the browser's own. */
export async function insertText(page: Page, text: string): Promise<void> {
  await unlessCrashed(page, (session) => session.send("Input.insertText", { text }));
}

async function unlessCrashed<T>(page: Page, ask: (session: CDPSession) => Promise<T>): Promise<T> {
  const session = await sessionOf(page);
  const crashed = Promise.withResolvers<never>();
  const tell = guarded(page, "the page's crash", () => crashed.reject(new Error("The page has crashed.")));
  page.once("crash", tell);
  try {
    const answer = ask(session);
    // The promise that loses the race is nobody's error.
    answer.catch(() => undefined);
    return await Promise.race([answer, crashed.promise]);
  } finally {
    page.off("crash", tell);
  }
}

function sessionOf(page: Page): Promise<CDPSession> {
  const known = sessions.get(page);
  if (known) return known;
  const session = page.context().newCDPSession(page);
  sessions.set(page, session);
  session.catch(() => sessions.delete(page));
  return session;
}
