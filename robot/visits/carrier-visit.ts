import { CarrierPages } from "../../selectors/carrier/carrier.ts";
import type { CarrierSite, OpenForm } from "../../selectors/pages.ts";
import type { CarrierTarget } from "../engine/flow.ts";
import type { Visit } from "../engine/workflow/visits.ts";
import { Failure } from "../failures/failure.ts";
import { isConfidential } from "../lib/loopback.ts";
import type { OnePage } from "../../selectors/carrier/one-page.ts";
import type { Attempts } from "../login/attempts.ts";
import { type SignInContext, typeCaptcha } from "../login/sign-in.ts";
import type { Secret } from "../lib/secret.ts";
import { isAllowed } from "../browser/allow-list.ts";
import { typeSecret } from "../browser/type-secret.ts";
import { type CommonVisit, openVisit, type VisitTools } from "./visit.ts";
import { sha256 } from "../lib/hash.ts";

/** What a visit to a carrier needs besides what every visit needs. */
export interface CarrierVisitContext {
  /** Hosts of member sites and of their short links. */
  readonly hosts: readonly string[];
  /** Whether a person sits in front of the browser's window. */
  readonly attended: boolean;
  /** Where the portal asks for the 驗證碼: no member site may. */
  readonly portalHosts: readonly string[];
  /** The holder's 驗證碼. @throws Failure `secret-missing` */
  readonly code: (phone: string) => Promise<Secret>;
  /** Who reads the captcha of the portal's page of today, and how many pictures are looked at. */
  readonly captcha: () => Promise<Pick<SignInContext, "captcha" | "limits">>;
  /** Digests of the texts that a person has read and agreed to. */
  readonly agreedTerms: readonly string[];
  /** What is remembered of the holder's 驗證碼: one that was refused is not tried again. */
  readonly attempts: (phone: string) => Attempts;
}

/**
 * Opens a visit to one carrier at its member site, under a lease of the carrier. Nobody signs in; the trace ends before the 驗證碼 is
 * typed, since it is sent from the same window.
 * @throws Busy
 * @throws Failure `carrier-link-dead` for a host that is not allowed, `carrier-needs-card` where nobody is there,
 *   `carrier-code-rejected` and `secret-missing` before anything is opened
 */
export async function openCarrierVisit(
  common: CommonVisit,
  { link, phone, needsPerson }: CarrierTarget,
  context: CarrierVisitContext,
): Promise<Visit<CarrierSite>> {
  const url = new URL(link);
  if (!isAllowed(url, context.hosts)) {
    const seen = `${url.host} 不在設定檔的 carriers.hosts`;
    throw new Failure("carrier-link-dead", { wanted: link, seen });
  }
  if (!isConfidential(url)) {
    const seen = "http:// 會把連結與會員資料在網路上明文傳送；要 https:// 的連結";
    throw new Failure("carrier-link-dead", { wanted: link, seen });
  }
  if (needsPerson && !context.attended) throw new Failure("carrier-needs-card", { wanted: link });
  const code = phone === null ? null : await usableCode(phone, context);
  return openVisit<CarrierSite>({
    ...common,
    account: `carrier ${link}`,
    allowedHosts: [...common.allowedHosts, ...context.hosts],
    followsWindows: true,
    typePassword: () => Promise.resolve(null),
    passwordOutdated: () => Promise.resolve(),
    enter: (windows, tools) => {
      const pages = new CarrierPages(windows, link);
      const site: CarrierSite = {
        info: (told) => pages.info(told),
        bindToBarcode: async (number) => {
          if (code === null || number !== phone) throw new Error("This door was opened without the holder's code.");
          return opened(pages, number, code, context, tools);
        },
        bindWithCard: () => pages.bindWithCard(),
      };
      return Promise.resolve({ site, event: "visit.entered", about: { link }, leave: () => windows.closeOthers() });
    },
  });
}

/** A code that the portal refused once is refused here, before it is sent a second time. */
async function usableCode(phone: string, { attempts, code }: CarrierVisitContext): Promise<Secret> {
  await attempts(phone)
    .assertEnabled()
    .catch((error: unknown) => {
      if (!(error instanceof Failure) || error.code !== "account-disabled") throw error;
      throw new Failure("carrier-code-rejected", { wanted: phone, seen: "先前已被平台拒絕，這次沒有再試" });
    });
  return code(phone);
}

async function opened(
  pages: CarrierPages,
  phone: string,
  code: Secret,
  context: CarrierVisitContext,
  { endTrace, record }: VisitTools,
): Promise<OpenForm> {
  const { codeField, fillPhone, form, today } = await pages.openBarcodeForm(phone);
  if (today !== null) assertAgreed(today, context);
  return {
    form: {
      ...form,
      answer: async () => {
        const answer = await form.answer();
        if (answer.kind === "refused" && answer.reason === "credentials")
          await context.attempts(phone).disable("credentials-rejected");
        return answer;
      },
    },
    fill: async () => {
      await fillPhone();
      await today?.terms?.box.check();
      await endTrace();
      if (today !== null) {
        const place = { field: () => Promise.resolve(today.captcha), picture: today.picture, refresh: today.refresh };
        await typeCaptcha(place, { ...(await context.captcha()), hosts: context.portalHosts, record }, "會員載具歸戶");
      }
      await typeSecret(codeField, code, context.portalHosts);
    },
  };
}

/** What a tick agrees to is read by a person once, and agreed to by what it says: another text is another agreement. */
function assertAgreed({ terms }: OnePage, { agreedTerms }: CarrierVisitContext): void {
  if (terms === null) return;
  const digest = sha256(terms.words);
  if (agreedTerms.includes(digest)) return;
  throw new Failure("carrier-terms-unread", { wanted: `SHA-256 ${digest}`, pageSays: terms.words });
}
