import type { Locator, Page } from "playwright";
import type { Ear } from "./ear.ts";
import { irreversible } from "./irreversible.ts";
import { readMessages } from "./messages.ts";
import type { Confirmation, Fields, PortalAnswer, RefusalReason } from "./pages.ts";
import { find, findIfThere, type Part, visible } from "./part.ts";
import { lookUntil } from "./poll.ts";
import { readSigns, visibleText } from "./signs.ts";

/** Words with which the portal accepts or refuses, for one kind of form. */
export interface AnswerWords {
  readonly accepted: RegExp;
  readonly refused: RegExp;
  readonly reasons: readonly { readonly words: RegExp; readonly reason: RefusalReason }[];
}

/** Milliseconds the portal has to answer a submit before its silence is `unknown`. */
const ANSWER_MS = 30_000;
/** A box with a yes and a no asks; a box with only a yes tells. */
const YES = /^\s*(確認|確定|是|確認送出|確認授權)\s*$/;
const NO = /^\s*(取消|否|返回|關閉)\s*$/;

/** What follows the press of a button that changes the portal: the portal's question, and its answer. */
export class Commitment {
  readonly #page: Page;
  readonly #ear: Ear;
  readonly #words: AnswerWords;
  /** The button that was pressed; null before. */
  #button: Part | null = null;
  /** What stood on the page before the press: old words are no answer. */
  #stale: readonly string[] = [];

  constructor(page: Page, ear: Ear, words: AnswerWords) {
    this.#page = page;
    this.#ear = ear;
    this.#words = words;
  }

  button(part: Part): ReturnType<typeof irreversible> {
    return irreversible(part.name, async () => {
      const button = await find(this.#page, part);
      await this.#remember();
      this.#button = part;
      await button.click();
    });
  }

  /** The portal's "are you sure", or null when it answers, or stays silent, without one. */
  async confirmation(read: (box: string) => Fields): Promise<Confirmation | null> {
    const seen = await lookUntil(this.#page, ANSWER_MS, async () => {
      const box = await this.#question();
      if (box) return { box };
      return (await this.#said()) ? { box: null } : null;
    });
    const box = seen?.box;
    if (!box) return null;
    const words = (await box.innerText()).trim();
    return {
      shows: read(words),
      words: words.replaceAll(/\s+/g, " "),
      confirm: irreversible("確認", async () => {
        await this.#remember();
        await visible(box.getByRole("button", { name: YES }))
          .last()
          .click();
      }),
      withdraw: async () => {
        await visible(box.getByRole("button", { name: NO }))
          .first()
          .click();
        await box.waitFor({ state: "hidden" });
      },
    };
  }

  async answer(): Promise<PortalAnswer> {
    if (!this.#button) throw new Error("The answer was asked for before the button was pressed.");
    const said = await lookUntil(this.#page, ANSWER_MS, () => this.#said());
    return said ?? { kind: "silent", words: (await visibleText(this.#page)).slice(0, 200) };
  }

  async #remember(): Promise<void> {
    this.#stale = [...(await readMessages(this.#page, this.#ear)), ...(await this.#lines())];
  }

  async #question(): Promise<Locator | null> {
    const boxes = visible(
      this.#page.locator("[role=dialog], [role=alertdialog], dialog, [class*=modal], [class*=dialog]"),
    )
      .filter({ has: this.#page.getByRole("button", { name: YES }) })
      .filter({ has: this.#page.getByRole("button", { name: NO }) });
    return (await boxes.count()) > 0 ? boxes.last() : null;
  }

  async #said(): Promise<PortalAnswer | null> {
    if (await this.#question()) return null;
    const messages = (await readMessages(this.#page, this.#ear)).filter((line) => !this.#stale.includes(line));
    const lines = (await this.#lines()).filter((line) => !this.#stale.includes(line));
    // Remarks of another page ("before taking numbers, first …") read like a refusal. So a plain line of the page refuses only
    // while the form itself is still there; a toast, an alert or a box may do so anywhere.
    const formIsThere = this.#button !== null && (await findIfThere(this.#page, this.#button, 1)) !== null;
    const refusal = [...messages, ...(formIsThere ? lines : [])].find((words) => this.#words.refused.test(words));
    if (refusal !== undefined) {
      const reason = this.#words.reasons.find((one) => one.words.test(refusal))?.reason ?? "other";
      return { kind: "refused", words: refusal, reason };
    }
    const receipt = [...messages, ...lines].find((words) => this.#words.accepted.test(words));
    if (receipt !== undefined) return { kind: "accepted", words: receipt };
    // A page that is no longer there can't answer; the engine reads the portal's own list later.
    const sign = await readSigns(this.#page);
    return sign ? { kind: "silent", words: sign.words } : null;
  }

  /** Everything that stands on the page, line by line. */
  async #lines(): Promise<string[]> {
    const text = await visibleText(this.#page);
    return text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
  }
}
