import type { Locator } from "playwright";
import { addressProof, type Recipient } from "../../robot/invoicing/winners/recipients.ts";
import { selectOption, selectedText } from "../dom/forms/select-box.ts";
import { type AnswerWords, Submission } from "../submit/submission.ts";
import { atRest } from "../dom/forms/at-rest.ts";
import { readFormState } from "../dom/forms/form-state.ts";
import type { SubmissionForm, Fields, FormState, OpenForm } from "../pages.ts";
import { submitButton, locate, tryLocate, namedSpec, type LocatorSpec } from "../dom/locator-spec.ts";
import { PageError } from "../dom/page-error.ts";
import type { PageContext } from "../dom/windows/page-context.ts";
import { logInteraction } from "../dom/interaction-log.ts";

const submit = submitButton(
  "platform.mailing.submit",
  { name: "確定郵寄實體中獎發票", also: [] },
  { purpose: /郵寄|寄送|中獎/, fields: [{ name: "收件人名稱", also: [] }] },
  { pattern: /^(確定|確認)郵寄(實體)?(中獎)?(實體)?發票$/ },
);

type Field = "name" | "zip" | "county" | "town" | "street";

function field(id: Field, name: string, pattern: RegExp): LocatorSpec {
  return namedSpec(`platform.mailing.${id}`, "entry", name, { pattern });
}

/** In the order of the form: the choice of 縣市 says which 鄉鎮市區 there are. */
const FIELDS: readonly (readonly [Field, LocatorSpec])[] = [
  ["name", field("name", "收件人名稱", /^收件人(名稱|姓名)?/)],
  ["zip", field("zip", "郵遞區號", /^郵遞區號/)],
  ["county", field("county", "縣市", /^縣市/)],
  ["town", field("town", "鄉鎮市區", /^鄉鎮市?區/)],
  ["street", field("street", "地址", /地址/)],
];

/** What it says is not in the facts; where it says nothing that is known, 發票寄送歷程 does. */
const WORDS: AnswerWords = {
  accepted: /(郵寄|寄送|申請).{0,8}(成功|完成|受理|送出)/,
  refused: /失敗|錯誤|不完整|不足|無法|不可|不得|不能|逾期|請(先|選擇|選取|輸入|填)|已(寄送|郵寄|申請)|重複/,
  reasons: [{ words: /已(寄送|郵寄|申請)|重複/, reason: "already" }],
};

/**
 * 郵寄中獎實體發票, which is open. Filling it reads each field back.
 * @param invoices 發票號碼 of the rows that are chosen behind it
 * @throws PageError `page-changed` when a field does not take what was typed, or does not offer it
 */
export async function mailingForm(
  { page, dialogs }: PageContext,
  recipient: Recipient,
  invoices: () => Promise<readonly string[]>,
): Promise<OpenForm> {
  const controls = new Map<Field, Locator>();
  const fill = async (): Promise<void> => {
    for (const [name, wanted] of FIELDS) {
      const control = logInteraction(await locate(page, wanted));
      await enter(control, wanted, recipient[name]);
      controls.set(name, control);
    }
  };
  const state = async (): Promise<FormState> => {
    const found = await Promise.all(FIELDS.map(([, wanted]) => tryLocate(page, wanted, 0)));
    return readFormState(
      page,
      // Who gets it and where stays at the platform.
      found.flatMap((at) => (at === null ? [] : [{ at, how: "sets", secret: true }])),
    );
  };
  const held = async (name: Field): Promise<string> => {
    const control = controls.get(name);
    return control ? shown(control) : "";
  };
  const submission = new Submission(page, dialogs, WORDS);
  const form: SubmissionForm = {
    state: (when) => (when === "now" ? state() : atRest(page, state)),
    submit: submission.button(submit),
    readBack: async (): Promise<Fields> => ({
      發票號碼: (await invoices()).join("、"),
      "收件資料 SHA-256": addressProof({
        name: await held("name"),
        zip: await held("zip"),
        county: await held("county"),
        town: await held("town"),
        street: await held("street"),
      }),
    }),
    confirmation: () => submission.confirmation(() => ({})),
    answer: () => submission.answer(),
  };
  return { form, fill };
}

async function enter(control: Locator, { name }: LocatorSpec, value: string): Promise<void> {
  if (await isBox(control)) return selectOption(control, name, (text) => same(text, value));
  await control.fill(value);
  if ((await shown(control)) !== value) throw new PageError("page-changed", `「${name}」填好的值`, "讀回來的不同");
}

async function shown(control: Locator): Promise<string> {
  return (await isBox(control)) ? selectedText(control) : control.inputValue();
}

/** 臺 and 台 are the same place. */
function same(text: string, value: string): boolean {
  return text.trim().replaceAll("臺", "台") === value.replaceAll("臺", "台");
}

function isBox(control: Locator): Promise<boolean> {
  return control.evaluate(
    (element) => !(element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement),
  );
}
