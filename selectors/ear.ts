import type { Page } from "playwright";

/** What the page said in dialogs of the browser (`alert()` and its kin). */
export interface Ear {
  /** The messages since the last time they were asked for. */
  heard(): string[];
}

/**
 * Listens to a page's browser dialogs and closes them: an `alert()` would block the page for ever. A question (`confirm()`) is
 * answered with no: what is irreversible is never agreed to in passing.
 */
export function listen(page: Page): Ear {
  let messages: string[] = [];
  page.on("dialog", (dialog) => {
    messages.push(dialog.message());
    const closing = dialog.type() === "alert" ? dialog.accept() : dialog.dismiss();
    // The page may be gone before its dialog is closed; then there is nothing left to close.
    closing.catch(() => undefined);
  });
  return {
    heard() {
      const heard = messages;
      messages = [];
      return heard;
    },
  };
}
