import type { Locator, Page } from "playwright";
import { pictureBytes } from "../portal/sign-in/captcha-picture.ts";
import { waitUntil } from "../dom/wait-until.ts";
import { PageError } from "../dom/page-error.ts";
import { describeLocator, type LocatorSpec } from "../dom/reading/description.ts";
import { controlAt } from "../dom/reading/handle.ts";
import { match } from "../dom/reading/match.ts";
import { formatProposals, propose } from "../dom/reading/propose.ts";
import { readPage } from "../dom/reading/read-page.ts";
import type { PageReading } from "../dom/reading/reading.ts";
import { TERMS } from "../dom/reading/vocabulary.ts";
import { TIMING } from "../dom/timing.ts";
import { followed } from "../dom/page-log.ts";

/**
 * The portal's page of 會員載具歸戶 as it is today: phone, 驗證碼, a captcha and a tick box that agrees to something stand on one page; its 查詢
 * shows what will be bound.
 */

const parts = {
  phone: describeLocator("carrier.phone", "field", { name: "手機號碼", also: [] }, { pattern: /^手機(號碼|條碼)/ }),
  code: describeLocator("carrier.code", "password", { name: "驗證碼", also: [] }),
  /** Where the 驗證碼 is no field of dots. */
  plainCode: describeLocator("carrier.code", "field", { name: "驗證碼", also: [] }, { not: /圖形|captcha/ }),
  captcha: describeLocator("carrier.captcha", "field", TERMS.captcha, { not: /^驗證碼$/ }),
  picture: describeLocator("carrier.captcha-picture", "picture", TERMS.captcha),
  refresh: describeLocator("carrier.captcha-refresh", "press", TERMS.refreshCaptcha),
} as const;

/** Tick boxes that agree to something say so. */
const AGREES = /同意|已閱讀|了解|遵守|agree|terms|consent/i;

export interface Terms {
  /** What is agreed to, as printed, blanks made one. */
  readonly words: string;
  readonly box: Locator;
}

export interface OnePage {
  readonly phone: Locator;
  readonly code: Locator;
  readonly captcha: Locator;
  /** Null where nothing has to be ticked. */
  readonly terms: Terms | null;
  readonly picture: () => Promise<Uint8Array>;
  readonly refresh: () => Promise<void>;
}

/** The page of today; null while it is not there. */
export async function onePage(page: Page): Promise<OnePage | null> {
  const reading = await readPage(page).catch(() => null);
  if (reading === null) return null;
  const at = (part: LocatorSpec): Locator | null => {
    const found = match(reading, part);
    return found.found === "one" && found.what.control !== null ? controlAt(page, found.what.control) : null;
  };
  const phone = at(parts.phone);
  const captcha = at(parts.captcha);
  const code = at(parts.code) ?? at(parts.plainCode);
  if (phone === null || captcha === null || code === null) return null;
  const picture = async (): Promise<Uint8Array> => pictureBytes(await findOne(page, parts.picture));
  return {
    phone,
    captcha,
    code,
    terms: termsOf(page, reading),
    picture,
    async refresh() {
      const before = await picture();
      await followed(await findOne(page, parts.refresh)).click();
      const changed = await waitUntil(page, TIMING.carrierPicture, async () => {
        const now = await picture().catch(() => before);
        return Buffer.compare(now, before) === 0 ? null : true;
      });
      if (!changed) throw new PageError("page-changed", "另一張圖形驗證碼", "按了更新，圖沒有變");
    },
  };
}

/**
 * The one tick box that agrees to something.
 * @throws PageError where there are several: which of them has to be ticked is a person's to say
 */
function termsOf(page: Page, reading: PageReading): Terms | null {
  const boxes = reading.controls.filter(({ kind }) => kind === "checkbox");
  const agreeing = boxes
    .map((box) => ({
      box,
      words: (box.names.find(({ text }) => AGREES.test(text))?.text ?? "").replaceAll(/\s+/g, " ").trim(),
    }))
    .filter(({ words }) => words !== "");
  const [only, ...others] = agreeing;
  if (others.length > 0) {
    const seen = agreeing.map(({ words }) => `「${words.slice(0, 60)}」`).join("、");
    throw new PageError("page-changed", "一個要勾選的同意事項", `有 ${agreeing.length} 個：${seen}`);
  }
  return only === undefined ? null : { words: only.words, box: controlAt(page, only.box) };
}

async function findOne(page: Page, part: LocatorSpec): Promise<Locator> {
  const reading = await readPage(page);
  const found = match(reading, part);
  if (found.found === "one" && found.what.control !== null) return controlAt(page, found.what.control);
  const alike = found.found === "one" ? [] : propose(reading, part, found.candidates);
  const seen = found.found === "one" ? "只有文字" : formatProposals(alike) || "頁面上沒有相近的東西";
  throw new PageError("page-changed", `「${part.name}」（${part.id}）`, seen, { parts: [part] });
}
