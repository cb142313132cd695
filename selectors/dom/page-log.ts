import type { BrowserContext, Locator, Page } from "playwright";

/**
 * What is done on pages and what each look at them finds, told as it happens to anyone who follows: the log at its finest. Only names of what a page shows are told,
 * never what is typed.
 */
export interface PageLog {
  /** Something is pressed, chosen or filled. */
  act(what: string, address: string): void;
  /** Something was looked for. */
  look(what: string, found: string): void;
}

const logs = new WeakMap<BrowserContext, PageLog>();
const named = new WeakMap<Locator, string>();

/** Tells about all pages of a context from now on. */
export function followPages(context: BrowserContext, log: PageLog): void {
  logs.set(context, log);
}

/** Says what people call what a locator leads to. */
export function nameLocator(locator: Locator, words: string): Locator {
  named.set(locator, words);
  return locator;
}

/** Tells that this is about to be acted on, and returns it. */
export function followed(target: Locator, words = named.get(target)): Locator {
  tellAct(target.page(), words ?? "a part of the page");
  return target;
}

/** Tells of an act that has no target, such as a key or an address. */
export function tellAct(page: Page, words: string): void {
  logs.get(page.context())?.act(words, withoutQuery(page.url()));
}

/** @param found in words; asked for only where a person follows */
export function tellLook(page: Page, what: string, found: () => string): void {
  logs.get(page.context())?.look(what, found());
}

/** What comes after the path may be a token. */
export function withoutQuery(address: string): string {
  const url = URL.parse(address);
  return url === null ? "" : `${url.origin === "null" ? url.protocol : url.origin}${url.pathname}`;
}
