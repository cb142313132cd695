import type { Dialog, Page } from "playwright";
import { guarded } from "../guard.ts";
import { requestsOf } from "../traffic/requests.ts";

/** A question of the browser (`confirm()`) that stands open. The page does nothing, and can't be read or pictured, until it is answered. */
export interface BrowserQuestion {
  readonly words: string;
  /** Answers yes. */
  accept(): Promise<void>;
  /** Answers no. */
  dismiss(): Promise<void>;
}

/** What the page said in dialogs of the browser (`alert()` and its kin). */
export interface Ear {
  /** The messages since the last time they were asked for. */
  heard(): string[];
  /** The question that stands open now. */
  question(): BrowserQuestion | null;
  /** From now until `rest`, a question is left open for whoever asked for it. Resolves when there is one. */
  expectQuestion(): Promise<BrowserQuestion>;
  /** Questions are answered with no again; one that stands open is, too. */
  rest(): Promise<void>;
}

/**
 * Listens to a page's browser dialogs and closes them: an `alert()` would block the page for ever. A question (`confirm()`) is
 * answered with no: what is irreversible is never agreed to in passing. Only who has just pressed a button that is meant to ask
 * may have the question left open, and then answers it.
 */
export function listen(page: Page): Ear {
  // What is under way can only be known by who has listened from the beginning.
  requestsOf(page);
  let messages: string[] = [];
  let open: BrowserQuestion | null = null;
  let expected: ((question: BrowserQuestion) => void) | null = null;

  const spoken = (dialog: Dialog): Promise<void> | void => {
    if (dialog.type() === "confirm" && expected) {
      open = asQuestion(dialog, () => (open = null));
      // One question per press: the next one is nobody's.
      expected(open);
      expected = null;
      return;
    }
    messages.push(dialog.message());
    const closing = dialog.type() === "alert" ? dialog.accept() : dialog.dismiss();
    // The page may be gone before its dialog is closed; then there is nothing left to close.
    return closing.catch(() => undefined);
  };
  page.on("dialog", guarded(page, "a dialog of the page", spoken));

  return {
    heard() {
      const heard = messages;
      messages = [];
      return heard;
    },
    question: () => open,
    expectQuestion: () => new Promise((resolve) => (expected = resolve)),
    async rest() {
      expected = null;
      await open?.dismiss();
    },
  };
}

function asQuestion(dialog: Dialog, closed: () => void): BrowserQuestion {
  return {
    words: dialog.message(),
    async accept() {
      closed();
      await dialog.accept();
    },
    async dismiss() {
      closed();
      await dialog.dismiss();
    },
  };
}
