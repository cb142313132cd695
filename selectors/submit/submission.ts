import type { Locator, Page } from "playwright";
import { type Modal, modalButtons, pageAsModal, inlineQuestion, questionModalIn } from "../dom/overlays/modal.ts";
import type { BrowserConfirm, DialogMonitor } from "../dom/windows/dialogs.ts";
import { awaitsCheck } from "../dom/local/local-parts.ts";
import { waitUntilUncovered } from "../dom/click.ts";
import { irreversible } from "./irreversible.ts";
import { messagesOf } from "../dom/overlays/messages.ts";
import type { Confirmation, Fields, PortalAnswer, RefusalReason } from "../pages.ts";
import {
  type SubmitButton,
  locate,
  tryLocate,
  type LocatorSpec,
  controlReadAt,
  type Scope,
  visible,
} from "../dom/locator-spec.ts";
import { waitUntil } from "../dom/wait-until.ts";
import { type Before, questionOnPage, standing } from "../dom/reading/over.ts";
import { readPage } from "../dom/reading/read-page.ts";
import type { Control, PageReading } from "../dom/reading/reading.ts";
import { pageStateOf, textOf, visibleText } from "../dom/page-state.ts";
import { PageError } from "../dom/page-error.ts";
import { TIMING } from "../dom/timing.ts";
import { logInteraction } from "../dom/interaction-log.ts";
import { trackedClick } from "./tracked-click.ts";

/** Words with which the portal accepts or refuses, for one kind of form. */
export interface AnswerWords {
  readonly accepted: RegExp;
  readonly refused: RegExp;
  readonly reasons: readonly { readonly words: RegExp; readonly reason: RefusalReason }[];
}

/** The site's own trouble: with such words it says nothing of what became of the submit. */
const TROUBLE =
  /系統(發生|出現)?(錯誤|異常|忙碌|忙線)|(連線|網路|伺服器|服務).{0,6}(錯誤|異常|失敗|中斷|逾時|忙碌)|逾時|稍[後候]再試|Internal Server Error|Bad Gateway|\b50[0234]\b|Failed to fetch|Network ?Error/i;

/** What a person has picked is pressed only once the page was opened again and it was found there. */
const NOT_LOOKED_AT = "有人指出了它現在的位置，還沒有重新開啟頁面核對過；請先檢查頁面（selectors check）";

interface Press {
  /** The button that was pressed, and where it was found. */
  readonly part: LocatorSpec;
  readonly scope: Scope;
  /** As what it was read. */
  readonly control: Control | null;
  /** The question that the browser asks because of it; never comes where the browser asks none. */
  readonly question: Promise<BrowserConfirm>;
  /** Does not end before that question is answered. */
  readonly click: Promise<void>;
}

type ConfirmationButtons = Pick<Confirmation, "confirm" | "withdraw">;

/** What follows the press of a button that changes the portal: the portal's question, and its answer. */
export class Submission {
  readonly #page: Page;
  readonly #dialogs: DialogMonitor;
  readonly #words: AnswerWords;
  #press: Press | null = null;
  /** What stood on the page before the press: old words are no answer. */
  #stale: readonly string[] = [];
  /** Words of the form so far: a page may draw it again, empty or as it was, once it has answered. */
  #form: readonly string[] = [];
  #before: Before | null = null;
  /** The words of a page that asks, where a page does instead of a box; it asks until it is answered. */
  #asks: RegExp | null;
  /** The box that asked for the password was agreed to; one that says what is wrong may stay open. */
  #isVouching = false;
  /** Until when an answer to the press is waited for, where that has begun. */
  #answerBy: number | null = null;
  /** What dialogs of the browser have said since. */
  #heard: string[] = [];

  constructor(page: Page, dialogs: DialogMonitor, words: AnswerWords, asks: RegExp | null = null) {
    this.#asks = asks;
    this.#page = page;
    this.#dialogs = dialogs;
    this.#words = words;
  }

  /** @param scope where the button is looked for, such as a row that has one of its own */
  button({ submitSpec: part }: SubmitButton, scope: Scope = this.#page): ReturnType<typeof irreversible> {
    return irreversible(part.name, async () => {
      if (awaitsCheck(part.id)) throw new PageError("page-changed", `「${part.name}」（${part.id}）`, NOT_LOOKED_AT);
      const button = logInteraction(await locate(scope, part));
      // A page that comes from the server shows its buttons before the script has come that makes them work.
      await this.#page.waitForLoadState("domcontentloaded");
      await waitUntilUncovered(button);
      await button.click({ trial: true, timeout: TIMING.aim });
      await this.#remember();
      return async () => {
        const question = this.#dialogs.holdNextConfirm();
        const click = trackedClick(button, part.name);
        this.#press = { part, scope, control: controlReadAt(button), question, click };
        await Promise.race([click, question]);
        // Its end is waited for where the question is answered; a page that is closed before is nobody's error.
        click.catch(() => undefined);
      };
    });
  }

  /** Notes what the form says while nobody has filled it in: said again later, it is no answer. */
  async seeForm(): Promise<void> {
    this.#form = linesOf(await readPage(this.#page));
  }

  /** Whether the button is there now; presses nothing. */
  async isThere({ submitSpec }: SubmitButton): Promise<boolean> {
    return (await tryLocate(this.#page, submitSpec, 0)) !== null;
  }

  /** Sees that the button is there; presses nothing. @throws PageError `page-changed` */
  async assertThere({ submitSpec: part }: SubmitButton): Promise<void> {
    await locate(this.#page, part);
  }

  /** The portal's "are you sure", in a box of the page or of the browser; null when it answers, or stays silent, without one. */
  async confirmation(read: (box: string) => Fields): Promise<Confirmation | null> {
    const press = this.#pressed();
    let decided = false;
    const look = async (): Promise<Modal | "no question" | null> => {
      if (decided) return "no question";
      return (await this.#question()) ?? ((await this.#said()) ? "no question" : null);
    };
    // While the browser asks, the page can't be read: a look then hangs until the question is answered, and is given up.
    const asked = await Promise.race([waitUntil(this.#page, TIMING.answer, look), press.question]);
    decided = true;
    if (asked !== null && asked !== "no question" && "accept" in asked) {
      return asConfirmation(asked.words, read, { ...this.#inBrowser(asked, press.click), asksPassword: false });
    }
    await this.#dialogs.release();
    if (asked === null || asked === "no question") return null;
    return this.#boxed(asked, read);
  }

  /** The box that asks for the password after the portal's question was agreed to; null when it answers, or stays silent, without one. */
  async passwordBox(): Promise<Confirmation | null> {
    this.#answerBy = Date.now() + TIMING.answer;
    const asked = await waitUntil(this.#page, TIMING.answer, async () => {
      const box = await this.#question();
      if (box?.asksPassword) return box;
      return (await this.#said()) ? "answered" : null;
    });
    return asked === null || asked === "answered" ? null : this.#boxed(asked, () => ({}));
  }

  async #boxed(box: Modal, read: (words: string) => Fields): Promise<Confirmation> {
    const field = box.password ?? visible(box.place.locator("input[type=password]"));
    const inPlace = box.answers === null && (await field.count()) > 0;
    const asksPassword = box.asksPassword || inPlace;
    const passwordField = async (): Promise<Locator> => {
      const fields = await field.count();
      if (fields === 1) return field;
      throw new PageError("page-changed", "驗證密碼的一個欄位", `有 ${fields} 個`);
    };
    return asConfirmation(box.words, read, { ...this.#inBox(box, asksPassword), asksPassword, passwordField });
  }

  #inBox({ place, answers }: Modal, asksPassword: boolean): ConfirmationButtons {
    return {
      confirm: irreversible("確認", async () => {
        const yes = logInteraction(answers?.yes ?? (await locate(place, modalButtons.yes)));
        await yes.click({ trial: true, timeout: TIMING.aim });
        await this.#remember();
        return async () => {
          this.#asks = null;
          this.#isVouching = asksPassword;
          await trackedClick(yes, "確認");
        };
      }),
      withdraw: async () => {
        const isPage = this.#asks !== null || answers !== null;
        await (answers?.no ?? (await locate(place, modalButtons.no))).click();
        if (!isPage) await place.waitFor({ state: "hidden" });
      },
    };
  }

  #inBrowser(question: BrowserConfirm, click: Promise<void>): ConfirmationButtons {
    return {
      confirm: irreversible("確認", async () => async () => {
        await question.accept();
        await click;
      }),
      withdraw: async () => {
        await question.dismiss();
        await click;
      },
    };
  }

  async answer(): Promise<PortalAnswer> {
    this.#pressed();
    const left = this.#answerBy === null ? TIMING.answer : Math.max(0, this.#answerBy - Date.now());
    const said = await waitUntil(this.#page, left, () => this.#said());
    return said ?? { kind: "silent", words: (await visibleText(this.#page)).slice(0, 200) };
  }

  async #remember(): Promise<void> {
    this.#dialogs.takeMessages();
    this.#heard = [];
    this.#answerBy = null;
    const reading = await readPage(this.#page);
    // The form may be drawn once more when its question has been answered.
    this.#form = [...this.#form, ...linesOf(reading)];
    this.#stale = [...messagesOf(reading), ...this.#form];
    this.#before = standing(reading);
  }

  #pressed(): Press {
    if (!this.#press) throw new Error("The answer was asked for before the button was pressed.");
    return this.#press;
  }

  async #question(): Promise<Modal | null> {
    const reading = await readPage(this.#page).catch(() => null);
    return reading === null ? null : this.#questionOn(reading);
  }

  #questionOn(reading: PageReading): Modal | null {
    const box = questionModalIn(this.#page, reading);
    if (box !== null) return box;
    if (this.#asks !== null) {
      const words = textOf(reading);
      return this.#asks.test(words) ? pageAsModal(this.#page, words) : null;
    }
    const pressed = this.#press?.control ?? null;
    if (pressed === null || this.#before === null) return null;
    const asked = questionOnPage(reading, this.#before, pressed);
    return asked === null ? null : inlineQuestion(this.#page, asked);
  }

  async #said(): Promise<PortalAnswer | null> {
    const reading = await readPage(this.#page).catch(() => null);
    if (reading === null) return null;
    const box = this.#questionOn(reading);
    if (box !== null && !(this.#isVouching && box.asksPassword)) return null;
    this.#heard.push(...this.#dialogs.takeMessages());
    const messages = [...this.#heard, ...messagesOf(reading).filter((line) => !this.#stale.includes(line))];
    const lines = linesOf(reading).filter((line) => !this.#stale.includes(line));
    const refuses = (words: string): boolean => this.#words.refused.test(words) && !TROUBLE.test(words);
    const accepts = (words: string): boolean => this.#words.accepted.test(words);
    // Remarks of another page ("before taking numbers, first …") read like a refusal. So a plain line of the page refuses only
    // while the form itself is still there, and nothing that is said apart from it accepts; a toast, an alert or a box may do so anywhere.
    const inForm = messages.some(accepts) ? undefined : lines.find(refuses);
    const refusal =
      messages.find(refuses) ?? (inForm !== undefined && (await this.#isFormThere()) ? inForm : undefined);
    if (refusal !== undefined) {
      const reason = this.#words.reasons.find((one) => one.words.test(refusal))?.reason ?? "other";
      return { kind: "refused", words: refusal, reason };
    }
    const receipt = [...messages, ...lines].find(accepts);
    if (receipt !== undefined) return { kind: "accepted", words: receipt };
    const trouble = messages.find((words) => TROUBLE.test(words));
    if (trouble !== undefined) return { kind: "silent", words: trouble };
    // A page that is no longer there can't answer; the engine reads the portal's own list later.
    const sign = pageStateOf(reading);
    return sign ? { kind: "silent", words: sign.words } : null;
  }

  async #isFormThere(): Promise<boolean> {
    const { part, scope } = this.#pressed();
    return (await tryLocate(scope, part, 0)) !== null;
  }
}

/** All that the page says, line by line; what a choice or a button says of itself (請選擇) is no answer. */
function linesOf({ lines }: PageReading): string[] {
  return lines
    .filter(({ control }) => control === null)
    .map(({ text }) => text.trim())
    .filter((line) => line !== "");
}

function asConfirmation(
  words: string,
  read: (box: string) => Fields,
  rest: Omit<Confirmation, "shows" | "words">,
): Confirmation {
  return { shows: read(words), words: words.replaceAll(/\s+/g, " "), ...rest };
}
