import type { Dialog, Page } from "playwright";
import { guarded } from "../guard.ts";
import { pendingRequestsOf } from "../network/pending-requests.ts";

/** A question of the browser (`confirm()`) that stands open. The page does nothing, and can't be read or pictured, until it is answered. */
export interface BrowserConfirm {
  readonly words: string;
  /** Answers yes. */
  accept(): Promise<void>;
  /** Answers no. */
  dismiss(): Promise<void>;
}

/** What the page said in dialogs of the browser (`alert()` and its kin). */
export interface DialogMonitor {
  /** The messages since the last time they were asked for. */
  takeMessages(): string[];
  /** The question that stands open now. */
  openConfirm(): BrowserConfirm | null;
  /** Until `release()`, leaves the next confirm() to the caller. Resolves when it is open. */
  holdNextConfirm(): Promise<BrowserConfirm>;
  /** Questions are answered with no again; one that stands open is, too. */
  release(): Promise<void>;
}

/**
 * Listens to a page's browser dialogs and closes them: an `alert()` would block the page for ever. A question (`confirm()`) is
 * answered with no: what is irreversible is never agreed to in passing. Only who has just pressed a button that is meant to ask
 * may have the question left open, and then answers it.
 */
export function monitorDialogs(page: Page): DialogMonitor {
  // What is under way can only be known by who has listened from the beginning.
  pendingRequestsOf(page);
  let messages: string[] = [];
  let open: BrowserConfirm | null = null;
  let expected: ((question: BrowserConfirm) => void) | null = null;

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
    takeMessages() {
      const heard = messages;
      messages = [];
      return heard;
    },
    openConfirm: () => open,
    holdNextConfirm: () => new Promise((resolve) => (expected = resolve)),
    async release() {
      expected = null;
      await open?.dismiss();
    },
  };
}

function asQuestion(dialog: Dialog, closed: () => void): BrowserConfirm {
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
