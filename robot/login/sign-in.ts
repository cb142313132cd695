import type { Locator, Page } from "playwright";
import type { DialogMonitor } from "../../selectors/dom/windows/dialogs.ts";
import type { Design, Identity, SignInPage, SignInResult } from "../../selectors/pages.ts";
import { waitUntil } from "../../selectors/dom/wait-until.ts";
import { SignedInPortal } from "../../selectors/portal/signed-in-portal.ts";
import { type Inside, insideOf, recogniseSignIn } from "../../selectors/portal/sign-in/sign-in.ts";
import { type DetectedState, detectPageState, visibleText } from "../../selectors/dom/page-state.ts";
import { typeSecret } from "../browser/type-secret.ts";
import { Interrupted } from "../lib/interrupted.ts";
import type { Json } from "../lib/json.ts";
import { Failure } from "../failures/failure.ts";
import type { Redactor } from "../recording/redaction/redactor.ts";
import { Secret } from "../lib/secret.ts";
import type { Attempts, ReadBy } from "./attempts.ts";
import type { CaptchaReader } from "./captcha/reader.ts";
import { TIMING } from "../../selectors/dom/timing.ts";
import { PageError } from "../../selectors/dom/page-error.ts";
import { signInSpecs } from "../../selectors/portal/sign-in/sign-in-form.ts";
import { tellAct } from "../../selectors/dom/page-log.ts";

export interface SignInContext {
  readonly page: Page;
  readonly dialogs: DialogMonitor;
  /** The sign-in page's address. */
  readonly address: string;
  readonly account: {
    readonly ubn: string;
    readonly user: string;
    readonly identity: Identity;
    readonly password: Secret;
  };
  /** Where the password may be typed. */
  readonly hosts: readonly string[];
  readonly limits: { readonly maxSubmits: number; readonly maxPictures: number };
  readonly captcha: Pick<CaptchaReader, "read"> & { readonly by: ReadBy };
  /** Whether a person is there to act in the browser's window: to pass an access challenge, to change the password. */
  readonly attended: boolean;
  readonly attempts: Attempts;
  /** The process is to end: nobody is waited for any more. */
  readonly isStopping: () => boolean;
  readonly record: (type: string, data: Json) => Promise<void>;
  readonly picture: (name: string) => Promise<string | null>;
}

/** By which a form to sign in is known; where none of them is there, a person may show them. */
const SIGN_IN_PARTS = [signInSpecs.ubn, signInSpecs.password];

/** Milliseconds a person has to pass an access challenge, or to change the password. */
const PERSON_MS = 5 * 60_000;
/** Characters that are told of a page that is no sign-in: its own words may say why. */
const MOST_SAID = 200;

/**
 * Signs in as the business. Each submit is counted before it is made, and only a proven captcha rejection is tried again.
 * @returns the portal, signed in
 * @throws Failure one of the codes of signing in, with the page's own words
 */
export async function signIn(context: SignInContext): Promise<SignedInPortal> {
  await context.attempts.assertEnabled();
  const opened = await openForm(context);
  const form = "inside" in opened ? opened : await fillIn(opened, context);
  if ("inside" in form) {
    await context.record("sign-in.already", { design: form.inside });
    return SignedInPortal.enter(form.inside, context);
  }
  await context.picture("登入頁");
  let pictures = 0;
  for (;;) {
    if ((await context.attempts.made()) >= context.limits.maxSubmits)
      throw new Failure("captcha-rejected", { wanted: "登入" });
    pictures = await answerCaptcha(form, context, pictures);
    await typeSecret(await form.passwordField(), context.account.password, context.hosts);
    const setResult = await context.attempts.begin(context.captcha.by);
    const result = await form.submit();
    await setResult(result.state);
    await context.record("sign-in.answered", { state: result.state, words: result.words });
    const design = await designInside(result, form, context);
    if (design !== null) {
      await context.picture("登入後");
      return SignedInPortal.enter(design, context);
    }
    await form.refreshCaptcha();
  }
}

/** The form, with who signs in filled in; or where it went away, since a session that is still alive leads inside a few seconds late. */
async function fillIn(form: SignInPage, { page, account }: SignInContext): Promise<SignInPage | Inside> {
  try {
    await form.chooseIdentity(account.identity);
    await form.fill(account.ubn, account.user);
    return form;
  } catch (error) {
    const inside = await insideOf(page);
    if (inside === null) throw error;
    return inside;
  }
}

/** The design in which the portal is open now; null when only the captcha was wrong. Anything else is a failure. */
async function designInside(result: SignInResult, form: SignInPage, context: SignInContext): Promise<Design | null> {
  const detail = { wanted: `以 ${context.account.user} 登入`, pageSays: result.words };
  switch (result.state) {
    case "signed-in":
      // The one thing that the portal says to a person it has let in: the password is getting old.
      if (result.words !== "") await context.record("sign-in.warning", { words: result.words });
      return form.design;
    case "captcha-rejected":
      await context.picture("驗證碼被退回");
      return null;
    case "credentials-rejected":
    case "account-locked":
      await context.attempts.disable(result.state);
      throw new Failure(result.state, detail);
    case "password-change-forced": {
      // Anyone who changes it now changes it behind our back: what is stored would be a wrong password from then on.
      await context.attempts.outdated();
      const changed = context.attended ? await passwordChanged(context) : null;
      if (changed === null) throw new Failure(result.state, detail);
      return changed.inside;
    }
    case "access-challenged":
    case "portal-down":
    case "session-expired":
      throw new Failure(result.state, detail);
    case "not-understood":
      throw new Failure("sign-in-not-understood", detail);
    case "not-submitted":
      throw new Failure("page-changed", { wanted: "可以按的「登入」", seen: result.words });
    case "unknown":
      throw new Failure("portal-slow", { wanted: detail.wanted, seen: result.words });
  }
}

/** Waits for the person who changes the password in the browser's window. Null when nobody did. */
async function passwordChanged({ page, record, isStopping }: SignInContext): Promise<Inside | null> {
  await record("sign-in.password-change", { waiting: PERSON_MS });
  return waitUntil(page, PERSON_MS, async () => {
    if (isStopping()) throw new Interrupted();
    return (await detectPageState(page)) === null ? insideOf(page) : null;
  });
}

/** The sign-in page of whatever design the portal shows now; where the address is another design's, from the front page. */
async function openForm(context: SignInContext): Promise<SignInPage | Inside> {
  const { page, address, attended, record, isStopping } = context;
  tellAct(page, "open the sign-in page");
  const opened = await page.goto(address, { waitUntil: "domcontentloaded" });
  if (opened?.status() === 404) await page.goto(new URL("/", address).href, { waitUntil: "domcontentloaded" });
  let seen = await recogniseSignIn(context, TIMING.signInPage);
  if (attended && seen !== null && "state" in seen && seen.state === "access-challenged") {
    await record("sign-in.challenge", { words: seen.words });
    const passed = await waitUntil(page, PERSON_MS, async (): Promise<SignInPage | DetectedState | Inside | null> => {
      if (isStopping()) throw new Interrupted();
      const now = await recogniseSignIn(context, TIMING.signInPage);
      return now !== null && "state" in now ? null : now;
    });
    seen = passed ?? seen;
  }
  if (seen === null) {
    const pageSays = (await visibleText(page)).replaceAll(/\s+/g, " ").trim().slice(0, MOST_SAID);
    const said = pageSays === "" ? {} : { pageSays };
    const about = { wanted: "登入頁", seen: `停在 ${page.url()}，沒有登入身分可選` };
    const cause = new PageError("page-changed", about.wanted, about.seen, { parts: SIGN_IN_PARTS });
    throw new Failure("page-changed", { ...about, ...said }, { cause });
  }
  if (!("state" in seen)) return seen;
  throw new Failure(seen.state, { wanted: "登入頁", pageSays: seen.words });
}

/** Reads captchas until one is certain enough and types it. Another picture costs nothing; a wrong submit counts. */
async function answerCaptcha(form: SignInPage, context: SignInContext, picturesBefore: number): Promise<number> {
  const place = {
    field: () => form.captchaField(),
    picture: () => form.captchaPicture(),
    refresh: () => form.refreshCaptcha(),
  };
  return typeCaptcha(place, context, "登入", picturesBefore);
}

/** Where a captcha stands on a page. */
export interface CaptchaPlace {
  readonly field: () => Promise<Locator>;
  readonly picture: () => Promise<Uint8Array>;
  readonly refresh: () => Promise<void>;
}

/**
 * Reads a captcha and types it, or asks for another picture as long as it can't be read.
 * @param purpose what it stands in the way of, for people
 * @returns how many pictures have been looked at
 * @throws Failure `captcha-unreadable`
 */
export async function typeCaptcha(
  place: CaptchaPlace,
  { captcha, limits, hosts, record }: Pick<SignInContext, "captcha" | "limits" | "hosts" | "record">,
  purpose: string,
  picturesBefore = 0,
): Promise<number> {
  for (let pictures = picturesBefore + 1; pictures <= limits.maxPictures; pictures++) {
    const reading = await captcha.read(await place.picture());
    await record("captcha.read", { confidence: reading.confidence, refused: reading.refused });
    if (!reading.refused) {
      await typeSecret(await place.field(), Secret.read(reading.text, NOT_ENROLLED, "圖形驗證碼"), hosts);
      return pictures;
    }
    if (pictures < limits.maxPictures) await place.refresh();
  }
  throw new Failure("captcha-unreadable", { wanted: purpose, seen: `看了 ${limits.maxPictures} 張` });
}

/**
 * A captcha's answer is spent by its one submit. It is typed like a secret, so that no trace has it; but as five digits it is
 * not searched for in the record, where it would be found in innocent invoice numbers.
 */
const NOT_ENROLLED: Pick<Redactor, "enrol"> = { enrol: () => undefined };
