import type { Page } from "playwright";
import type { Ear } from "../../selectors/ear.ts";
import type { Identity, SignInPage, SignInResult } from "../../selectors/pages.ts";
import { lookUntil } from "../../selectors/poll.ts";
import { Shell } from "../../selectors/shell.ts";
import { recogniseSignIn } from "../../selectors/sign-in.ts";
import type { PageSign } from "../../selectors/signs.ts";
import { typeSecret } from "../browser/type-secret.ts";
import type { Json } from "../engine/json.ts";
import { Failure } from "../failures.ts";
import type { Redactor } from "../recording/redactor.ts";
import { Secret } from "../secrets/secret.ts";
import type { Attempts } from "./attempts.ts";
import type { CaptchaReader } from "./captcha/reader.ts";

export interface SignInWorld {
  readonly page: Page;
  readonly ear: Ear;
  /** The sign-in page's address. */
  readonly address: string;
  readonly account: {
    readonly ubn: string;
    readonly user: string;
    readonly identity: Identity;
    readonly password: Secret;
  };
  readonly limits: { readonly maxSubmits: number; readonly maxPictures: number };
  readonly captcha: CaptchaReader;
  /** Whether a person is there to pass an access challenge in the browser's window. */
  readonly attended: boolean;
  readonly attempts: Attempts;
  readonly record: (type: string, data: Json) => Promise<void>;
  readonly picture: (name: string) => Promise<string | null>;
}

/** Milliseconds a person has to pass an access challenge. */
const PERSON_MS = 5 * 60_000;
/** Milliseconds for the sign-in page to show itself. */
const APPEAR_MS = 30_000;

/**
 * Signs in as the business. Each submit is counted before it is made, and only a proven captcha rejection is tried again.
 * @returns the portal, signed in
 * @throws Failure one of the codes of signing in, with the page's own words
 */
export async function signIn(world: SignInWorld): Promise<Shell> {
  await world.attempts.assertEnabled();
  const form = await openForm(world);
  await form.chooseIdentity(world.account.identity);
  await form.fill(world.account.ubn, world.account.user);
  await world.picture("登入頁");
  let pictures = 0;
  for (;;) {
    if ((await world.attempts.made()) >= world.limits.maxSubmits)
      throw new Failure("captcha-rejected", { wanted: "登入" });
    pictures = await answerCaptcha(form, world, pictures);
    await typeSecret(await form.passwordField(), world.account.password);
    const setResult = await world.attempts.begin();
    const result = await form.submit();
    await setResult(result.state);
    await world.record("sign-in.answered", { state: result.state, words: result.words });
    if (await isSignedIn(result, world)) break;
    await form.refreshCaptcha();
  }
  await world.picture("登入後");
  return Shell.enter(form.design, world);
}

/** True when inside, false when only the captcha was wrong; anything else is a failure. */
async function isSignedIn(result: SignInResult, world: SignInWorld): Promise<boolean> {
  const detail = { wanted: `以 ${world.account.user} 登入`, pageSays: result.words };
  switch (result.state) {
    case "signed-in":
      return true;
    case "captcha-rejected":
      await world.picture("驗證碼被退回");
      return false;
    case "credentials-rejected":
    case "account-locked":
      await world.attempts.disable(result.state);
      throw new Failure(result.state, detail);
    case "password-change-forced":
    case "access-challenged":
    case "portal-down":
      throw new Failure(result.state, detail);
    case "unknown":
      throw new Failure("portal-slow", { wanted: detail.wanted, seen: result.words });
  }
}

/** The sign-in page of whatever design the portal shows now; where the address is another design's, from the front page. */
async function openForm(world: SignInWorld): Promise<SignInPage> {
  const { page, address, attended, record } = world;
  const opened = await page.goto(address, { waitUntil: "domcontentloaded" });
  if (opened?.status() === 404) await page.goto(new URL("/", address).href, { waitUntil: "domcontentloaded" });
  let seen = await recogniseSignIn(world, APPEAR_MS);
  if (attended && seen !== null && "state" in seen && seen.state === "access-challenged") {
    await record("sign-in.challenge", { words: seen.words });
    const passed = await lookUntil(page, PERSON_MS, async (): Promise<SignInPage | PageSign | null> => {
      const now = await recogniseSignIn(world, APPEAR_MS);
      return now !== null && "state" in now ? null : now;
    });
    seen = passed ?? seen;
  }
  if (seen === null)
    throw new Failure("page-changed", { wanted: "登入頁", seen: `停在 ${page.url()}，沒有登入身分可選` });
  if ("chooseIdentity" in seen) return seen;
  throw new Failure(seen.state, { wanted: "登入頁", pageSays: seen.words });
}

/** Reads captchas until one is certain enough and types it. Another picture costs nothing; a wrong submit counts. */
async function answerCaptcha(form: SignInPage, world: SignInWorld, picturesBefore: number): Promise<number> {
  for (let pictures = picturesBefore + 1; pictures <= world.limits.maxPictures; pictures++) {
    const reading = await world.captcha.read(await form.captchaPicture());
    await world.record("captcha.read", { confidence: reading.confidence, refused: reading.refused });
    if (!reading.refused) {
      await typeSecret(await form.captchaField(), Secret.read(reading.text, NOT_ENROLLED, "圖形驗證碼"));
      return pictures;
    }
    if (pictures < world.limits.maxPictures) await form.refreshCaptcha();
  }
  throw new Failure("captcha-unreadable", { wanted: "登入", seen: `看了 ${world.limits.maxPictures} 張` });
}

/**
 * A captcha's answer is spent by its one submit. It is typed like a secret, so that no trace has it; but as five digits it is
 * not searched for in the record, where it would be found in innocent invoice numbers.
 */
const NOT_ENROLLED: Pick<Redactor, "enrol"> = { enrol: () => undefined };
