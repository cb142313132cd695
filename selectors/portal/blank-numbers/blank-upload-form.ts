import type { ElementHandle, Locator } from "playwright";
import type { Period } from "../../../robot/invoicing/values/period.ts";
import { click } from "../../dom/click.ts";
import { Submission } from "../../submit/submission.ts";
import { valueAfterLabel } from "../../dom/value-after-label.ts";
import type { Confirmation, Fields, FormState, Pace, PortalAnswer, UploadForm, UploadRequest } from "../../pages.ts";
import { atRest } from "../../dom/forms/at-rest.ts";
import { openFolded } from "../../dom/forms/folded.ts";
import { readFormState } from "../../dom/forms/form-state.ts";
import { submitButton, locate, tryLocate, namedSpec, locatorSpec, neededTogether } from "../../dom/locator-spec.ts";
import { locatePeriod, tryLocatePeriod } from "../period-field.ts";
import { normalPeriod, PERIODS } from "../period-text.ts";
import { waitUntil } from "../../dom/wait-until.ts";
import { PageError } from "../../dom/page-error.ts";
import { TERMS } from "../../dom/reading/vocabulary.ts";
import { TIMING } from "../../dom/timing.ts";
import type { PortalNavigation } from "../navigator.ts";
import { logInteraction } from "../../dom/interaction-log.ts";
import { sha256 } from "../../../robot/lib/hash.ts";

const parts = {
  period: locatorSpec("blank.upload.period", "choice", TERMS.trackPeriod, { offers: PERIODS }),
  file: locatorSpec("blank.upload.file", "file", TERMS.file, { pattern: /檔案|路徑|file/ }),
  /** Where there is no such field before something is pressed that opens the browser's own choice of files. */
  choose: namedSpec("blank.upload.choose", "press", "選擇檔案", {
    pattern:
      /^(選擇|選取|挑選|瀏覽)(檔案|\.\.\.|…)?$|拖[曳放拉]|(choose|select|browse)(a|the)?files?|^browse|drag|dropfile/,
    not: /^(開始|確定|確認|送出)?(上傳|匯入)(檔案)?$/,
  }),
  submit: submitButton("blank.upload.submit", TERMS.uploadSubmit, {
    purpose: /匯入|空白|未使用|blank|unused|import/,
    fields: [TERMS.file],
  }),
} as const;

/** By which the form is known. */
export const uploadFilePart = parts.file;

neededTogether(parts.period, parts.file, parts.submit);

const WORDS = {
  // Remarks speak of what is to be done "after the upload has been completed", or of the list of what was uploaded.
  accepted: /(上傳|匯入|傳送).{0,6}(成功|完成|受理|收到)(?!清單|後|時|者|之)|已(上傳|受理|收到|接收)(?!清單|之|者|的)/,
  refused:
    /失敗|錯誤|不得|不可|不能|無法|無權|不符|超過|過大|重複|重疊|逾期|已[逾過]|截止|非.{0,6}(期間|開放)|未(開放|選擇)|請(先|選擇|輸入)|僅(可|能|限|接受)/,
  reasons: [
    { words: /請(選擇|輸入)|未選擇/, reason: "other" },
    { words: /重複|重疊|已上傳/, reason: "already" },
    { words: /期別|期間|逾期|已[逾過]|截止|開放/, reason: "window" },
  ],
} as const;

/** What a confirming box, which may call things by other names, says of the fields of the form. */
const SHOWN: readonly (readonly [label: string, inBox: string, normal: (text: string) => string])[] = [
  ["字軌期別", "(?:字軌|發票)?期別", normalPeriod],
  ["檔案上傳路徑", "檔案上傳路徑|檔案名稱|檔案路徑|上傳檔案|檔名", fileName],
];

/** The form 匯入字軌; the facts give the same labels for every design. */
export class BlankUploadForm implements UploadForm {
  readonly #places: PortalNavigation;
  readonly #page: PortalNavigation["page"];
  readonly #submission: Submission;
  /** The field that the file was given to, where the page made one only then. */
  #given: ElementHandle | null = null;

  private constructor(places: PortalNavigation) {
    this.#places = places;
    this.#page = places.page;
    this.#submission = new Submission(places.page, places.dialogs, WORDS);
  }

  /** Null when the form does not show up. */
  static async open(places: PortalNavigation): Promise<BlankUploadForm | null> {
    const form = new BlankUploadForm(places);
    const there = await waitUntil(places.page, TIMING.form, () => form.#filePlace());
    if (!there && !(await openFolded(places.page, () => form.#filePlace()))) return null;
    await form.#submission.seeForm();
    return form;
  }

  get submit(): UploadForm["submit"] {
    this.#places.markDirty();
    return this.#submission.button(parts.submit);
  }

  async assertComplete(): Promise<void> {
    await locatePeriod(this.#page, parts.period, parts.file);
    if (!(await this.#filePlace())) throw noFile();
    await this.#submission.assertThere(parts.submit);
  }

  async offeredPeriods(): Promise<Period[]> {
    const offered = await (await locatePeriod(this.#page, parts.period, parts.file)).offered();
    this.#places.markClean();
    return offered;
  }

  async state(when: "at-rest" | "now"): Promise<FormState> {
    return when === "now" ? this.#held() : atRest(this.#page, () => this.#held());
  }

  async fill({ period, file }: UploadRequest, pace: Pace = "patient"): Promise<void> {
    this.#places.markDirty();
    await (await locatePeriod(this.#page, parts.period, parts.file)).choose(period);
    await atRest(this.#page, () => this.#held(), pace === "patient" ? TIMING.rest : TIMING.settle);
    const upload = { name: file.name, mimeType: "text/csv", buffer: Buffer.from(file.bytes) };
    const input = await this.#fileInput();
    if (input) await logInteraction(input).setInputFiles(upload);
    else this.#given = await this.#givenByChoice(upload);
  }

  async readBack(): Promise<Fields> {
    const input = this.#given ?? (await (await this.#fileInput())?.elementHandle());
    if (!input) throw noFile();
    const held = await heldFile(input);
    return {
      字軌期別: await (await locatePeriod(this.#page, parts.period, parts.file)).chosen(),
      檔案上傳路徑: held?.name ?? "沒有檔案",
      "檔案 SHA-256": held ? sha256(held.bytes) : "沒有檔案",
    };
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
    const period = await tryLocatePeriod(this.#page, parts.period, parts.file);
    return readFormState(
      this.#page,
      [...(period?.controls ?? []), await this.#fileInput()].flatMap((at) =>
        at === null ? [] : [{ at, how: "sets" }],
      ),
    );
  }

  /** The field for the file, or what is pressed to choose one; null while neither is there. */
  async #filePlace(): Promise<Locator | null> {
    return (await this.#fileInput()) ?? (await tryLocate(this.#page, parts.choose, 0));
  }

  /** @returns the field that the page has made for it, which need not be on the page */
  async #givenByChoice(upload: { name: string; mimeType: string; buffer: Buffer }): Promise<ElementHandle> {
    const press = await locate(this.#page, parts.choose);
    const asked = this.#page.waitForEvent("filechooser", { timeout: TIMING.form }).catch(() => null);
    const [chooser] = await Promise.all([asked, click(press)]);
    if (chooser === null)
      throw new PageError("page-changed", "選擇檔案的視窗", `按了「${await press.innerText()}」，沒有開啟`);
    await chooser.setFiles(upload);
    return chooser.element();
  }

  /** A page that draws its own button hides the browser's. */
  async #fileInput(): Promise<Locator | null> {
    const shown = await tryLocate(this.#page, parts.file, 0);
    if (shown) return shown;
    const any = this.#page.locator("input[type=file]");
    return (await any.count()) === 1 ? any : null;
  }
}

function noFile(): PageError {
  return new PageError("page-changed", "選擇檔案的欄位（檔案上傳路徑）", "沒有唯一符合的", {
    parts: [parts.file],
  });
}

function readConfirmation(box: string): Fields {
  const fields = SHOWN.map(([label, inBox, normal]) => [label, valueAfterLabel(box, inBox), normal] as const);
  return Object.fromEntries(
    fields.flatMap(([label, value, normal]) => (value === undefined ? [] : [[label, normal(value)]])),
  );
}

/** Browsers show a file with a made-up path before its name, and a sentence may go on behind it. */
function fileName(text: string): string {
  return text
    .replace(/^.*[\\/]/, "")
    .replace(/(\.\w{1,5})(?!\w).*$/, "$1")
    .trim();
}

/** The name and the bytes of the file that the page holds, out of the page; null when it holds none. */
async function heldFile(input: ElementHandle): Promise<{ name: string; bytes: Uint8Array } | null> {
  const held = await input.evaluate(async (element) => {
    const file = element instanceof HTMLInputElement ? element.files?.[0] : undefined;
    if (!file) return null;
    const address = await new Promise<string>((read, fail) => {
      const reader = new FileReader();
      reader.addEventListener("loadend", () =>
        typeof reader.result === "string" ? read(reader.result) : fail(reader.error ?? new Error("unreadable")),
      );
      reader.readAsDataURL(file);
    });
    return { name: file.name, base64: address.slice(address.indexOf(",") + 1) };
  });
  return held && { name: held.name, bytes: Buffer.from(held.base64, "base64") };
}
