import type { Page } from "playwright";
import type { Sites } from "../../selectors/pages.ts";
import { scaleTiming } from "../../selectors/dom/timing.ts";
import { useLocalParts } from "../../selectors/dom/local/local-parts.ts";
import { unconfirmedOn } from "../../selectors/portal/to-do.ts";
import { signedOutOn } from "../../selectors/portal/sign-in/sign-in.ts";
import { openCarrierVisit } from "./carrier-visit.ts";
import { openPlatformVisit } from "./platform-visit.ts";
import { type CommonVisit, openVisit } from "./visit.ts";
import {
  carrierCodeName,
  holderAccount,
  platformAccountName,
  platformPasswordName,
  portalAccount,
  portalPasswordName,
} from "../config/secret-names.ts";
import { typeSecret } from "../browser/type-secret.ts";
import { portalOrigin } from "../config/portal-origin.ts";
import type { CompanyConfig, Config } from "../config/schema.ts";
import type { Asking } from "../engine/people/questions.ts";
import type { RunRow } from "../engine/runs/runs.ts";
import type { Store } from "../store/store.ts";
import type { SiteOpeners } from "../engine/workflow/visits.ts";
import { Failure } from "../failures/failure.ts";
import { remoteCaptchaReader } from "../login/remote-captcha-reader.ts";
import { attemptsOf } from "../login/attempts.ts";
import type { CaptchaReader } from "../login/captcha/reader.ts";
import { signIn } from "../login/sign-in.ts";
import { personReader, requireCaptchaAccuracy } from "../login/captcha-accuracy.ts";
import type { SecretStore } from "../secrets/store.ts";

/** What the entrances of one run need of it. */
interface SiteParts {
  readonly config: Config;
  readonly company: CompanyConfig;
  readonly run: RunRow;
  readonly store: Store;
  readonly secrets: SecretStore;
  /** Of whom, and how long, a person is asked. */
  readonly asking: Asking;
  /** A person sits at this machine and reads the captchas. */
  readonly attended: boolean;
  /** Where a person sits at the window who shows what is not found; null where nobody does. */
  readonly pick: ((page: Page) => void) | null;
  readonly captcha: () => Promise<CaptchaReader>;
  /** What every visit needs; each call is another visit. */
  readonly common: () => CommonVisit;
}

/** How this run gets into each kind of site. */
export function siteOpeners({
  config,
  company,
  run,
  store,
  secrets,
  asking,
  attended,
  pick,
  captcha,
  common,
}: SiteParts): SiteOpeners {
  scaleTiming(config.portal.pageTiming);
  takeLocalParts(config.portal.parts);
  return {
    portal: async (_to, { help: offered, isStopping }) => {
      const visit = common();
      const password = await secrets.get(portalPasswordName(config, company));
      const user = company.user ?? company.ubn;
      const account = portalAccount(company);
      const attempts = attemptsOf(store, account, run.id, asking, offered?.since ?? null);
      const help = offered !== null && !(await attempts.isOver(offered)) ? offered : null;
      return openVisit({
        ...visit,
        account,
        followsWindows: false,
        passwordOutdated: () => attempts.outdated(),
        typePassword: async (field) => {
          await attempts.assertEnabled();
          await typeSecret(field, password, portalHosts(config));
          const setResult = await attempts.begin(null);
          return {
            ended: async (how) => {
              await setResult(RETYPED[how]);
              if (how === "refused") await attempts.disable("credentials-rejected");
            },
          };
        },
        enter: async (windows, { record, picture }) => {
          pick?.(windows.main.page);
          const shell = await signIn({
            ...windows.main,
            address: new URL(config.portal.signInPath, config.portal.address).href,
            account: { ubn: company.ubn, user, identity: company.identity, password },
            hosts: portalHosts(config),
            limits: config.captcha,
            attended: help?.by === "acting" || attended,
            captcha:
              help?.by === "typing" && !attended
                ? remoteCaptchaReader(store, run.id, { ...asking, timeout: config.captcha.answerWithin }, isStopping)
                : attended
                  ? personReader(await captcha())
                  : requireCaptchaAccuracy(await captcha(), store),
            isStopping,
            attempts,
            record,
            picture,
          });
          const unconfirmed = await unconfirmedOn(windows.main.page);
          if (unconfirmed.length > 0) await record("note", { line: "待辦事項：尚未接收確認", data: unconfirmed });
          return {
            site: shell,
            event: "visit.signed-in",
            about: { design: shell.design },
            leave: () => shell.signOut(),
            signedOut: () => signedOutOn(windows.main.page),
          };
        },
      });
    },
    carrier: (door) =>
      openCarrierVisit(common(), door, {
        hosts: config.carriers.hosts,
        portalHosts: portalHosts(config),
        attended: attended,
        agreedTerms: config.carriers.agreedTerms,
        captcha: async () => ({
          limits: config.captcha,
          captcha: attended ? personReader(await captcha()) : requireCaptchaAccuracy(await captcha(), store),
        }),
        code: (phone) => secrets.get(carrierCodeName(config, phone)),
        attempts: (phone) => attemptsOf(store, holderAccount(phone), run.id, asking, null),
      }),
    platform: async () => {
      const at = company.platform;
      if (at === undefined) {
        const seen = `設定檔裡${company.name}沒有 platform（加值平台的網址與帳號）`;
        throw new Failure("config-invalid", { wanted: "加值平台的帳號", seen });
      }
      const password = await secrets.get(platformPasswordName(at));
      const attempts = attemptsOf(store, platformAccountName(at), run.id, asking);
      return openPlatformVisit(common(), { at, ubn: company.ubn, password, attempts });
    },
  };
}

/** @throws Failure `config-invalid` where it can't be understood: half-read words must not steer clicks */
function takeLocalParts(file: string): void {
  try {
    useLocalParts(file);
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    throw new Failure("config-invalid", { wanted: file, seen }, { cause: error });
  }
}

/** What became of a password that was typed once more, as sign-ins are counted. */
const RETYPED = {
  accepted: "signed-in",
  refused: "credentials-rejected",
  unknown: "unknown",
  "not-sent": "not-submitted",
} as const;

/** Where acts at a site are sent, as it is configured. A carrier's member site leads to the portal, which binds. */
export function siteOrigin(config: Pick<Config, "portal">, company: CompanyConfig, kind: keyof Sites): string {
  const platform = kind === "platform" ? company.platform : undefined;
  return platform === undefined ? portalOrigin(config) : new URL(platform.address).origin;
}

/** The portal's own hosts: what a visit may load, and where its secrets may be typed. */
export function portalHosts({ portal }: Pick<Config, "portal">): string[] {
  return [new URL(portal.address).host, ...portal.hosts];
}
