import type { Locator, Page } from "playwright";
import { buttonAt } from "./layers.ts";
import { locate } from "../locator-spec.ts";
import { describeLocator, type LocatorSpec } from "../reading/description.ts";
import { controlAt, layerAt } from "../reading/handle.ts";
import { TERMS } from "../reading/vocabulary.ts";
import { type Button, buttonsOf, isNo, isYes, natureOf, type PageQuestion } from "../reading/over.ts";
import type { Layer, PageReading } from "../reading/reading.ts";
import { readPage } from "../reading/read-page.ts";
import { followed } from "../page-log.ts";

/** What heads an announcement. */
export const NEWS = /公告|最新消息|重要通知|重要訊息/;

/** A box over the page, with its words and what it can be answered with. */
export interface Modal {
  readonly place: Locator;
  readonly words: string;
  /** It has a field for a password in it. */
  readonly asksPassword: boolean;
  /** That field, where it is known as what it was read, in whatever frame; null where it is looked for in the box. */
  readonly password: Locator | null;
  /** Its buttons, where it is a part of the page, which has others beside them. */
  readonly answers: { readonly yes: Locator; readonly no: Locator } | null;
  /** Agrees. @throws Error of the browser where it can't be pressed */
  yes(): Promise<void>;
  /** Says no, or closes it where it has no such word. */
  no(): Promise<void>;
}

/** The box that asks for a yes or a no, with its words; null when none is open. */
export async function questionModal(page: Page): Promise<Modal | null> {
  return questionModalIn(page, await readPage(page));
}

export function questionModalIn(page: Page, reading: PageReading): Modal | null {
  const layer = reading.layers.find((one) => natureOf(reading, one) === "question");
  return layer === undefined ? null : asModal(page, reading, layer);
}

/** The box that can be agreed to and says these words; null when none is open. */
export async function noticeModal(page: Page, words: RegExp): Promise<Modal | null> {
  const reading = await readPage(page);
  const layer = reading.layers.find(
    (one) => words.test(one.words) && natureOf(reading, one) !== "form" && buttonsOf(reading, one).some(isYes),
  );
  return layer === undefined ? null : asModal(page, reading, layer);
}

function asModal(page: Page, reading: PageReading, layer: Layer): Modal {
  const buttons = buttonsOf(reading, layer);
  const inLayer = reading.controls.filter((one) => one.layer === layer.id && one.frame === layer.frame);
  const press = async (fits: (button: Button) => boolean, name: string): Promise<void> => {
    const fitting = buttons.filter(fits);
    const [button] = fitting;
    if (button === undefined) throw new Error(`The box has no ${name}: ${layer.words}`);
    // The last of several is the one at its foot.
    await followed(buttonAt(page, fitting.at(-1) ?? button)).click();
  };
  return {
    place: layerAt(page, layer),
    words: layer.words,
    asksPassword: inLayer.some(({ kind }) => kind === "password"),
    password: null,
    answers: null,
    yes: () => press(isYes, "yes"),
    no: () => (buttons.some(isNo) ? press(isNo, "no") : page.keyboard.press("Escape")),
  };
}

/** The answers of a box, for those who look for them in its place. Which of them changes the portal, only the press of a submission knows. */
export const modalButtons = {
  yes: describeLocator("box.yes", "press", TERMS.yes),
  no: describeLocator("box.no", "press", {
    name: TERMS.no.name,
    also: [...TERMS.no.also, ...TERMS.close.also, { words: TERMS.close.name, seen: "portal" }],
  }),
} as const;

/** What a page asks in itself. */
export function inlineQuestion(page: Page, { words, yes, no, asksPassword, password }: PageQuestion): Modal {
  const at = {
    yes: buttonAt(page, { control: yes, line: null, key: "" }),
    no: buttonAt(page, { control: no, line: null, key: "" }),
  };
  return {
    place: page.locator("body"),
    words,
    asksPassword,
    password: password === null ? null : controlAt(page, password),
    answers: at,
    yes: () => followed(at.yes).click(),
    no: () => followed(at.no).click(),
  };
}

/** A whole page that asks, where a page does instead of a box. */
export function pageAsModal(page: Page, words: string): Modal {
  const place = page.locator("body");
  const press = async (part: LocatorSpec): Promise<void> => followed(await locate(place, part)).click();
  return {
    place,
    words,
    asksPassword: false,
    password: null,
    answers: null,
    yes: () => press(modalButtons.yes),
    no: () => press(modalButtons.no),
  };
}
