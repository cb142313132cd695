import type { Page } from "playwright";
import type { PageReading } from "../reading/reading.ts";
import { readPage } from "../reading/read-page.ts";

/** The messages that a person sees on the page now, each on one line: toasts, alerts, and what lies over the page. */
export async function shownMessages(page: Page): Promise<string[]> {
  return readPage(page).then(messagesOf, () => []);
}

export function messagesOf({ messages, layers }: PageReading): string[] {
  const over = layers.filter(({ words }) => words !== "").map(({ words }) => words);
  const said = [...messages.map(({ text }) => text), ...over].map((text) => text.replaceAll(/\s+/g, " ").trim());
  return [...new Set(said)].filter((text) => text !== "");
}
