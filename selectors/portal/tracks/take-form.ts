import type { Page } from "playwright";
import { type Category, parseCategory } from "../../../robot/invoicing/values/track.ts";
import type { Period } from "../../../robot/invoicing/values/period.ts";
import { selectOption, selectedText } from "../../dom/forms/select-box.ts";
import { Submission } from "../../submit/submission.ts";
import { click } from "../../dom/click.ts";
import { valueAfterLabel } from "../../dom/value-after-label.ts";
import type { DialogMonitor } from "../../dom/windows/dialogs.ts";
import type { Confirmation, Fields, FormState, Pace, PortalAnswer, TakeForm, TakeRequest } from "../../pages.ts";
import { atRest } from "../../dom/forms/at-rest.ts";
import { hasFolded, openFolded } from "../../dom/forms/folded.ts";
import { readFormState } from "../../dom/forms/form-state.ts";
import { submitButton, locate, tryLocate, namedSpec, locatorSpec, neededTogether } from "../../dom/locator-spec.ts";
import { valueOf } from "../../dom/reading/rows.ts";
import { readPage } from "../../dom/reading/read-page.ts";
import { type Term, TERMS } from "../../dom/reading/vocabulary.ts";
import { locatePeriod, tryLocatePeriod } from "../period-field.ts";
import { reviewFollows } from "./review-step.ts";
import { normalPeriod, PERIODS } from "../period-text.ts";
import { waitUntil } from "../../dom/wait-until.ts";
import { visibleText } from "../../dom/page-state.ts";
import { TIMING } from "../../dom/timing.ts";
import { observeRequests } from "../../dom/network/network-activity.ts";
import { logInteraction } from "../../dom/interaction-log.ts";
import { NO_USE, type PageUse } from "../../dom/windows/page-context.ts";

const parts = {
  period: locatorSpec("take.period", "choice", TERMS.period, { offers: PERIODS }),
  category: locatorSpec("take.category", "choice", TERMS.category, { offers: /發票類別|稅額計算/ }),
  books: locatorSpec("take.books", "field", TERMS.books),
  extra: locatorSpec("take.extra", "field", TERMS.extraBooks),
  /** Beside the period in the classic design; never ours to tick. */
  stop: namedSpec("take.stop", "check", "停止使用", { pattern: /停止使用/ }),
  /** Where the form has several steps. */
  next: namedSpec("take.next-step", "press", "下一步", { pattern: /^(到?下一步|下一頁|繼續|next(step)?|continue)$/ }),
  submit: submitButton("take.submit", TERMS.takeSubmit, {
    purpose: /取號|字軌|takenumbers|taketracks/,
    fields: [TERMS.books],
  }),
} as const;

neededTogether(parts.period, parts.category, parts.books, parts.submit);

const WORDS = {
  accepted:
    /(提交|取號|申請|配號).{0,12}(成功|完成|已(受理|送出|提交|收到)|受理)|已(受理|送出|提交|收到).{0,8}(取號|申請)/,
  refused:
    /失敗|錯誤|超過|不得|不可|無法|尚未|請先|僅(可|能|限)|已(有|取用|取號|申請|提出).{0,20}(不|勿|請)|重複|逾期|已逾/,
  reasons: [
    { words: /可取用本數|超過.{0,12}本數|本數.{0,12}超過/, reason: "quota" },
    { words: /電子郵件信箱|Email|通知配號/i, reason: "notice-list" },
    { words: /已(有|取用|取號|申請|提出|配號)|重複/, reason: "already" },
    { words: /期別|本期|下期|期間/, reason: "window" },
  ],
} as const;

export class PortalTakeForm implements TakeForm {
  readonly #use: PageUse;
  readonly #page: Page;
  readonly #submission: Submission;
  /** What the step before this one held when it was left. */
  #left: Fields = {};

  private constructor(page: Page, submission: Submission, use: PageUse) {
    this.#page = page;
    this.#submission = submission;
    this.#use = use;
  }

  /** Whether the form, or the first step of one that has several, is to be seen. */
  static async isOn(page: Page): Promise<boolean> {
    if (await tryLocate(page, parts.books, 0)) return true;
    if ((await tryLocate(page, parts.period, 0)) === null) return false;
    return (await tryLocate(page, parts.next, 0)) !== null || hasFolded(page);
  }

  static async open(page: Page, dialogs: DialogMonitor, use: PageUse = NO_USE): Promise<PortalTakeForm> {
    if (!(await PortalTakeForm.isOn(page))) await locate(page, parts.books);
    const submission = new Submission(page, dialogs, WORDS);
    await submission.seeForm();
    return new PortalTakeForm(page, submission, use);
  }

  get submit(): TakeForm["submit"] {
    this.#use.markDirty();
    return this.#submission.button(parts.submit);
  }

  async offeredPeriods(): Promise<Period[]> {
    return (await locatePeriod(this.#page, parts.period)).offered();
  }

  async quota(period: Period, category: Category): Promise<{ available: number | null; taken: number | null }> {
    const found = await this.#quotaOf(period, category);
    if (found.available !== null) return found;
    // A form that is drawn once more forgets what was chosen, and with it the line.
    const field = await tryLocatePeriod(this.#page, parts.period);
    const isForgotten = field !== null && (await field.chosen()) !== period;
    return isForgotten ? this.#quotaOf(period, category) : found;
  }

  async #quotaOf(period: Period, category: Category): Promise<{ available: number | null; taken: number | null }> {
    // The line may stand there before, for another choice; what the choice makes the page ask for brings the right one.
    const traffic = await observeRequests(this.#page, async () => {
      await this.#choosePeriod(period, category);
      await this.#goOn();
    });
    const line = await waitUntil(this.#page, TIMING.quota, async () => {
      if (!traffic.isSilent(TIMING.asked) && !traffic.isAnswered(TIMING.settled)) return null;
      const reading = await readPage(this.#page);
      const available = valueOf(reading, TERMS.availableBooks);
      return available !== null && /\d/.test(available)
        ? { available, taken: valueOf(reading, TERMS.takenBooks) }
        : null;
    });
    traffic.stop();
    // What was chosen is chosen again by anyone who fills the form, and is gone with the tab.
    this.#use.markClean();
    return { available: numberIn(line?.available ?? null), taken: numberIn(line?.taken ?? null) };
  }

  async assertComplete(): Promise<void> {
    await locate(this.#page, parts.books);
    await tryLocate(this.#page, parts.extra, 0);
    await this.#submission.assertThere(parts.submit);
  }

  async state(when: "at-rest" | "now"): Promise<FormState> {
    return when === "now" ? this.#held() : atRest(this.#page, () => this.#held());
  }

  async fill(request: TakeRequest, pace: Pace = "patient"): Promise<void> {
    this.#use.markDirty();
    await this.#choosePeriod(request.period, request.category);
    // What is chosen makes the page fetch the quota, and some write their usual figure after that.
    await atRest(this.#page, () => this.#held(), pace === "patient" ? TIMING.rest : TIMING.settle);
    await this.#goOn();
    await logInteraction(await locate(this.#page, parts.books)).fill(String(request.books));
    const extra = await tryLocate(this.#page, parts.extra, 0);
    if (extra) await logInteraction(extra).fill("0");
    await this.#toReview();
  }

  async readBack(): Promise<Fields> {
    const shown =
      (await tryLocate(this.#page, parts.books, 0)) === null ? await this.#reviewed() : await this.#filled();
    return {
      ...((await tryLocate(this.#page, parts.period, 0)) === null ? this.#left : await this.#chosen()),
      ...shown,
    };
  }

  /** What the fields hold that are to be filled in. */
  async #filled(): Promise<Fields> {
    const extra = await tryLocate(this.#page, parts.extra, 0);
    const stopped = await (await tryLocate(this.#page, parts.stop, 0))?.isChecked();
    return {
      ...(stopped ? { 發票期別: "停止使用" } : {}),
      取用本數: normalCount(await (await locate(this.#page, parts.books)).inputValue()),
      增加本數: extra ? normalCount(await extra.inputValue()) : await this.#withoutExtra(),
    };
  }

  /** What a page says that shows once more what was filled in; what it does not say is what was held when the form was left. */
  async #reviewed(): Promise<Fields> {
    const reading = await readPage(this.#page);
    const said = (term: Term, normal: (text: string) => string): Fields => {
      const text = valueOf(reading, term);
      return text === null ? {} : { [term.name]: normal(text) };
    };
    return {
      ...said(TERMS.period, normalPeriod),
      ...said(TERMS.category, normalCategory),
      ...said(TERMS.books, normalCount),
      ...said(TERMS.extraBooks, normalCount),
    };
  }

  /** Where the form can't be submitted before it was shown once more, and says that such a step comes, it is gone on to. */
  async #toReview(): Promise<void> {
    if (await this.#submission.isThere(parts.submit)) return;
    const next = await tryLocate(this.#page, parts.next, 0);
    if (next === null || !reviewFollows(await readPage(this.#page))) return;
    await this.state("at-rest");
    // The page may have drawn its own way to send the form while it came to rest.
    if ((await this.#submission.isThere(parts.submit)) || !reviewFollows(await readPage(this.#page))) return;
    this.#left = { ...(await this.#chosen()), ...(await this.#filled()) };
    await click(next);
    await waitUntil(this.#page, TIMING.form, async () => (await this.#submission.isThere(parts.submit)) || null);
  }

  confirmation(): Promise<Confirmation | null> {
    return this.#submission.confirmation(readConfirmation);
  }

  passwordBox(): Promise<Confirmation | null> {
    return this.#submission.passwordBox();
  }

  answer(): Promise<PortalAnswer> {
    return this.#submission.answer();
  }

  async #held(): Promise<FormState> {
    const own = [parts.category, parts.books, parts.extra];
    const period = await tryLocatePeriod(this.#page, parts.period);
    const found = await Promise.all(own.map((one) => tryLocate(this.#page, one, 0)));
    return readFormState(
      this.#page,
      [...(period?.controls ?? []), ...found].flatMap((at) => (at === null ? [] : [{ at, how: "sets" }])),
    );
  }

  async #chosen(): Promise<Fields> {
    return {
      發票期別: await (await locatePeriod(this.#page, parts.period)).chosen(),
      發票類別: normalCategory(await selectedText(await locate(this.#page, parts.category))),
    };
  }

  /** A form of several steps asks for the books after the period: what its first step held is read before that is left. */
  async #goOn(): Promise<void> {
    if ((await tryLocate(this.#page, parts.books, 0)) !== null) return;
    const next = await tryLocate(this.#page, parts.next, 0);
    if (next === null) {
      // The step before stays where it is, or is folded up in its turn.
      this.#left = await this.#chosen();
      await openFolded(this.#page, () => tryLocate(this.#page, parts.books, 0));
      return;
    }
    this.#left = await this.#chosen();
    await click(next);
    await waitUntil(this.#page, TIMING.form, () => tryLocate(this.#page, parts.books, 0));
  }

  /** A form that has no such field adds nothing; one that names it and can't be read is not taken for that. */
  async #withoutExtra(): Promise<string> {
    return (await visibleText(this.#page)).includes("增加本數") ? "讀不出來" : "0";
  }

  async #choosePeriod(period: Period, category: Category): Promise<void> {
    await (await locatePeriod(this.#page, parts.period)).choose(period);
    await selectOption(
      await locate(this.#page, parts.category),
      "發票類別",
      (text) => normalCategory(text) === category,
    );
  }
}

/** The labels of the form that a confirming box repeats, with their values. */
function readConfirmation(box: string): Fields {
  const fields: Record<string, string> = {};
  const normal: Record<string, (text: string) => string> = {
    發票期別: normalPeriod,
    發票類別: normalCategory,
    取用本數: normalCount,
    增加本數: normalCount,
  };
  for (const [label, normalise] of Object.entries(normal)) {
    const value = valueAfterLabel(box, label);
    if (value !== undefined) fields[label] = normalise(value);
  }
  return fields;
}

/** Values are compared as codes, since each view prints a category in its own way. */
function normalCategory(text: string): string {
  try {
    return parseCategory(text.trim());
  } catch {
    return text.trim();
  }
}

function normalCount(text: string): string {
  const trimmed = text.replace(/本\s*$/, "").trim();
  return trimmed === "" ? "0" : trimmed.replace(/^0+(?=\d)/, "");
}

function numberIn(text: string | null): number | null {
  const digits = /[\d,]+/.exec(text ?? "")?.[0];
  return digits === undefined ? null : Number(digits.replaceAll(",", ""));
}
