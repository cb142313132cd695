import type { BrowserContext, Page } from "playwright";

/** A function of ours that the browser's driver calls has thrown. There is nobody above it: thrown on, it would end the process. */
export class CallbackError extends Error {
  override readonly name = "CallbackError";
  /** Which of them, in a few words for the record. */
  readonly what: string;

  constructor(what: string, cause: unknown) {
    super(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.what = what;
  }
}

const noted = new WeakMap<BrowserContext, CallbackError[]>();

/**
 * Makes a function safe to be called by the browser's driver (a listener, a route, a handler of something that covers the page): what it throws,
 * also later, is noted at its context, and the visit fails with it. Every callback that is given to the browser goes through here.
 * @param owner the context, or a page of it
 */
export function guarded<Args extends readonly unknown[]>(
  owner: Page | BrowserContext,
  what: string,
  work: (...args: Args) => unknown,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    try {
      await work(...args);
    } catch (error) {
      note(owner, new CallbackError(what, error));
    }
  };
}

/** What was thrown first by a callback of this context since it was asked last; null where nothing was. */
export function takeCallbackError(owner: Page | BrowserContext): CallbackError | null {
  const context = contextOf(owner);
  const [first] = noted.get(context) ?? [];
  noted.delete(context);
  return first ?? null;
}

/** How many are kept: a listener that always throws is called for every request of a page. */
const MOST = 20;

function note(owner: Page | BrowserContext, error: CallbackError): void {
  // A page that is closed while its callback runs has nothing left to do for it.
  if (/Target (page, context or browser|closed)|has been closed/.test(error.message)) return;
  const context = contextOf(owner);
  const errors = noted.get(context) ?? [];
  if (errors.length < MOST) errors.push(error);
  noted.set(context, errors);
}

function contextOf(owner: Page | BrowserContext): BrowserContext {
  return "pages" in owner ? owner : owner.context();
}
