import type { Control, Layer, Line, PageReading } from "./reading.ts";
import { namesOf, TERMS } from "./vocabulary.ts";
import { keyOf, looseKeysOf } from "./words.ts";

/**
 * What something that lies over the page wants of a person, as far as its words and its buttons tell: `question` a yes or a no, `consent`
 * agreement to terms, `receipt` that it is read, `news` the same of an announcement, `form` to be filled in, `busy` patience.
 */
export type Nature = "question" | "consent" | "receipt" | "news" | "form" | "busy" | "other";

const YES = new Set(namesOf(TERMS.yes).map(keyOf));
const NO = new Set(namesOf(TERMS.no).map(keyOf));
const CLOSE = new Set(namesOf(TERMS.close).map(keyOf));
const AGREE = /^(我?同意|接受|全部接受|同意並繼續|我已閱讀並同意|accept(all)?|agree|iagree|allow(all)?)/;
const CONSENT = /同意|授權書|條款|隱私|個資|個人資料|cookie|consent|terms|privacy/i;
const ASKS = /[？?]|是否|確定要|請確認(?!.{0,6}(信箱|收))|are you sure|please confirm/i;
/** A page that asks for the password again says what that is for; one that wants a new one asks for something else. */
const VOUCHES =
  /(驗證|確認|核對).{0,6}密碼|密碼.{0,6}(驗證|確認|授權)|授權|(verify|confirm).{0,12}password|password.{0,12}(verification|confirmation)/i;
const NEW_PASSWORD = /(新|變更|修改|重設|忘記).{0,3}密碼|(new|change|reset|forgot).{0,12}password/i;
const NEWS = /公告|最新消息|重要通知|重要訊息|announcement|notice|important/i;
const CLOSE_HINT = /(^|[\s_-])(close|dismiss|icon-x|times|cross)($|[\s_-])/i;

/** Something that can be pressed in a layer, with its words. */
export interface Button {
  readonly control: Control | null;
  readonly line: Line | null;
  readonly key: string;
}

const PRESSED = new Set(["button", "link", "clickable", "tab", "picture"]);

/** What can be pressed in a layer: its buttons; where it has none, the words that are called like one. */
export function buttonsOf(reading: PageReading, layer: Pick<Layer, "id" | "frame">): Button[] {
  const buttons = reading.controls
    .filter(
      (control) =>
        control.layer === layer.id && control.frame === layer.frame && PRESSED.has(control.kind) && !control.hidden,
    )
    .flatMap((control): Button[] => {
      const own = control.names.find(
        ({ from }) => from === "own" || from === "accessible" || from === "tooltip" || from === "picture",
      );
      const hint = control.names.find(({ from }) => from === "hint");
      const isMark = own === undefined && hint !== undefined && CLOSE_HINT.test(hint.text);
      return own || isMark ? [{ control, line: null, key: isMark ? "關閉" : answerKey(own?.text ?? "") }] : [];
    });
  const words = reading.lines
    .filter(
      (line) =>
        line.layer === layer.id &&
        line.frame === layer.frame &&
        line.control === null &&
        line.role === "plain" &&
        isKnown(answerKey(line.text)),
    )
    .map((line): Button => ({ control: null, line, key: answerKey(line.text) }));
  return [...buttons, ...words];
}

function isKnown(key: string): boolean {
  return YES.has(key) || NO.has(key) || CLOSE.has(key);
}

/** An answer may be said in two languages: `確認 Confirm`. */
function answerKey(text: string): string {
  const key = keyOf(text);
  return isKnown(key) ? key : (looseKeysOf(text).find(isKnown) ?? key);
}

export function isYes({ key }: Button): boolean {
  return YES.has(key);
}

export function isNo({ key }: Button): boolean {
  return NO.has(key);
}

export function isClose({ key }: Button): boolean {
  return CLOSE.has(key);
}

/** It leads to other pages: a menu that was opened over this one. */
export function isMenu({ controls }: PageReading, layer: Pick<Layer, "id" | "frame">): boolean {
  const leading = controls.filter(
    (one) =>
      one.layer === layer.id &&
      one.frame === layer.frame &&
      (one.navigation || one.kind === "link" || one.kind === "menuitem"),
  );
  return leading.length >= 3;
}

export function natureOf(reading: PageReading, layer: Layer): Nature {
  if (layer.kind === "busy") return "busy";
  const buttons = buttonsOf(reading, layer);
  const fields = reading.controls.filter(
    (control) =>
      control.layer === layer.id &&
      control.frame === layer.frame &&
      ["text", "password", "select", "drawn-select", "file", "radio"].includes(control.kind),
  );
  const yes = buttons.some(isYes);
  if (yes && fields.every(({ kind }) => kind === "password") && fields.length > 0) return "question";
  if (fields.length > 0) return "form";
  if (CONSENT.test(layer.words) && buttons.some(({ key }) => AGREE.test(key))) return "consent";
  if (yes && buttons.some(isNo)) return "question";
  if (yes && ASKS.test(layer.words) && !NEWS.test(layer.words))
    return buttons.filter((one) => isYes(one)).length > 0 ? "question" : "other";
  if (NEWS.test(layer.words) && (yes || buttons.some(isClose))) return "news";
  if (yes || buttons.some(isClose)) return "receipt";
  return "other";
}

/**
 * How a person closes what only informs: ✕, 關閉, or the one button it has. Null where it asks for something, or can't be closed: never
 * agreed to where its words ask for consent.
 */
export function closerOf(reading: PageReading, layer: Layer): Button | null {
  const nature = natureOf(reading, layer);
  if (nature === "question" || nature === "form" || nature === "busy") return null;
  const buttons = buttonsOf(reading, layer);
  // Two things may close it, a mark and a word; either does.
  const closer = buttons.findLast((one) => isClose(one) && one.control !== null) ?? buttons.findLast(isClose);
  if (closer) return closer;
  if (nature === "consent") return null;
  const yes = buttons.filter(isYes);
  return yes.length === 1 && !buttons.some(isNo) ? (yes[0] ?? null) : null;
}

/** What a page has before something is pressed: by that, what has appeared since is known. */
export interface Before {
  readonly lines: ReadonlySet<string>;
  readonly controls: ReadonlySet<string>;
  /** What could be pressed was called so. */
  readonly names: ReadonlySet<string>;
}

export function standing({ lines, controls }: PageReading): Before {
  return {
    lines: new Set(lines.map(({ text }) => text)),
    controls: new Set(controls.map(identityOf)),
    names: new Set(controls.filter(({ kind }) => PRESSED.has(kind)).flatMap(keysOf)),
  };
}

function identityOf({ frame, id, kind, names }: Control): string {
  return [frame, id, kind, names[0]?.text].join(" ");
}

function keysOf({ names }: Control): string[] {
  return names.filter(({ from }) => from === "own" || from === "accessible").map(({ text }) => answerKey(text));
}

/** A question that the page asks in itself instead of in a box: on a part of it, or as a page that shows what was filled in once more. */
export interface PageQuestion {
  readonly words: string;
  readonly yes: Control;
  readonly no: Control;
  readonly asksPassword: boolean;
  /** The one field for it; null where there is none, or several. */
  readonly password: Control | null;
}

const FILLED_IN = new Set<Control["kind"]>(["text", "select", "drawn-select", "checkbox", "radio", "file"]);
const ASKING = new Set<Line["role"]>(["plain", "heading", "message"]);

/**
 * The question that has appeared on the page: words that ask, or that want the password again and nothing else; a no, and one yes of a name
 * that nothing had before, so that it can't be the form once more. Where the button that was pressed is gone, nothing new may be there to be filled in.
 */
export function questionOnPage(reading: PageReading, before: Before, pressed: Control): PageQuestion | null {
  const fresh = reading.controls.filter(
    (control) => control.layer === null && !control.hidden && !before.controls.has(identityOf(control)),
  );
  const isPressedThere = reading.controls.some((control) => identityOf(control) === identityOf(pressed));
  const isFilledIn = fresh.some(({ kind, readOnly, disabled }) => FILLED_IN.has(kind) && !readOnly && !disabled);
  if (!isPressedThere && isFilledIn) return null;
  const lines = reading.lines.filter(
    ({ text, layer, control }) => layer === null && control === null && !before.lines.has(text),
  );
  const passwords = fresh.filter(({ kind }) => kind === "password");
  const password = passwords.length === 1 ? (passwords[0] ?? null) : null;
  const vouches =
    password !== null &&
    !isFilledIn &&
    lines.some(({ text }) => VOUCHES.test(text)) &&
    !lines.some(({ text }) => NEW_PASSWORD.test(text));
  if (!vouches && !lines.some(({ text, role }) => ASKING.has(role) && ASKS.test(text))) return null;
  const buttons = fresh.filter(
    ({ kind, navigation, disabled, row }) => PRESSED.has(kind) && !navigation && !disabled && row === null,
  );
  const [yes, ...others] = buttons.filter((one) => keysOf(one).some((key) => YES.has(key) && !before.names.has(key)));
  const [no] = buttons.filter((one) => keysOf(one).some((key) => NO.has(key)));
  if (yes === undefined || no === undefined || others.length > 0) return null;
  return { words: lines.map(({ text }) => text).join("\n"), yes, no, asksPassword: passwords.length > 0, password };
}
