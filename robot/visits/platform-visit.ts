import { SignedInPlatform } from "../../selectors/platform/signed-in-platform.ts";
import { PlatformSignIn } from "../../selectors/platform/sign-in.ts";
import type { PlatformSite } from "../../selectors/pages.ts";
import type { PageContext } from "../../selectors/dom/windows/page-context.ts";
import { platformAccountName } from "../config/secret-names.ts";
import type { PlatformAccount } from "../config/parts/platform.ts";
import type { Visit } from "../engine/workflow/visits.ts";
import { Failure } from "../failures/failure.ts";
import type { Attempts } from "../login/attempts.ts";
import type { Secret } from "../lib/secret.ts";
import { typeSecret } from "../browser/type-secret.ts";
import { type CommonVisit, openVisit, type VisitTools } from "./visit.ts";
import { tellAct } from "../../selectors/dom/page-log.ts";

/** What a visit to the value-added platform needs besides what every visit needs. */
export interface PlatformVisitContext {
  readonly at: PlatformAccount;
  readonly ubn: string;
  readonly password: Secret;
  readonly attempts: Attempts;
}

/**
 * Signs in to the value-added platform, under a lease of the account. The password is submitted once: the facts know of no captcha there, so
 * nothing is a reason to do it again.
 * @throws Busy
 * @throws Failure `account-disabled`, `credentials-rejected`, `account-locked` and what the page says of itself
 */
export async function openPlatformVisit(
  common: CommonVisit,
  world: PlatformVisitContext,
): Promise<Visit<PlatformSite>> {
  const { host } = new URL(world.at.address);
  return openVisit<PlatformSite>({
    ...common,
    account: platformAccountName(world.at),
    allowedHosts: [host, ...world.at.hosts],
    followsWindows: false,
    typePassword: () => Promise.resolve(null),
    passwordOutdated: () => world.attempts.outdated(),
    enter: async ({ main }, tools) => {
      await signIn(main, world, tools);
      const shell = await SignedInPlatform.enter(main);
      return { site: shell, event: "visit.signed-in", about: { platform: host }, leave: () => shell.signOut() };
    },
  });
}

async function signIn(
  pageContext: PageContext,
  { at, ubn, password, attempts }: PlatformVisitContext,
  { record, picture }: VisitTools,
): Promise<void> {
  await attempts.assertEnabled();
  tellAct(pageContext.page, "open the sign-in page");
  await pageContext.page.goto(at.address, { waitUntil: "domcontentloaded" });
  const form = new PlatformSignIn(pageContext);
  await form.open();
  await form.fill(ubn, at.user);
  await picture("加值平台的登入頁");
  await typeSecret(await form.passwordField(), password, [new URL(at.address).host, ...at.hosts]);
  const setResult = await attempts.begin(null);
  const { state, words } = await form.submit();
  await setResult(state);
  await record("sign-in.answered", { state, words });
  const detail = { wanted: `以 ${at.user} 登入加值平台`, pageSays: words };
  switch (state) {
    case "signed-in":
      return;
    case "credentials-rejected":
    case "account-locked":
      await attempts.disable(state);
      throw new Failure(state, detail);
    case "password-change-forced":
      await attempts.outdated();
      throw new Failure(state, detail);
    case "captcha-rejected":
      throw new Failure("page-changed", { ...detail, wanted: "只要帳號和密碼的登入頁" });
    case "access-challenged":
    case "portal-down":
    case "session-expired":
      throw new Failure(state, detail);
    case "not-understood":
      throw new Failure("sign-in-not-understood", detail);
    case "not-submitted":
      throw new Failure("page-changed", { wanted: "可以按的「登入」", seen: words });
    case "unknown":
      throw new Failure("portal-slow", { wanted: detail.wanted, seen: words });
    default:
      return state satisfies never;
  }
}
