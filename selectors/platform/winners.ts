import type { Period } from "../../robot/invoicing/values/period.ts";
import type { Recipient } from "../../robot/invoicing/winners/recipients.ts";
import { selectOption } from "../dom/forms/select-box.ts";
import { click } from "../dom/click.ts";
import { downloadFile } from "../dom/network/download.ts";
import { fetchList, pagesOf } from "../dom/lists/list.ts";
import type { DownloadedFile, OpenForm, PlatformDelivery, PlatformWinnersPage } from "../pages.ts";
import { locate, namedSpec, locatorSpec } from "../dom/locator-spec.ts";
import { TERMS } from "../dom/reading/vocabulary.ts";
import { readPeriod } from "../portal/period-text.ts";
import { PageError } from "../dom/page-error.ts";
import type { PageContext } from "../dom/windows/page-context.ts";
import { columns, type TableRow } from "../dom/lists/table.ts";
import { periodSpec } from "./blank-tracks.ts";
import { chooseRow } from "./choose-row.ts";
import { mailingForm } from "./mailing-form.ts";

const parts = {
  details: namedSpec("platform.winners.details", "press", "查看明細"),
  list: namedSpec("platform.winners.list", "press", "下載中獎清冊"),
  print: namedSpec("platform.winners.print", "press", "列印"),
  mail: namedSpec("platform.winners.mail", "press", "郵寄實體中獎發票"),
  search: locatorSpec("platform.deliveries.search", "press", TERMS.search, { pattern: /^(查詢|查看明細)$/ }),
} as const;

const NUMBER = "發票號碼";
const COLUMNS = columns(["字軌期別", NUMBER]);
const DELIVERIES = columns([NUMBER]);

/** 會員載具中獎發票清冊 of the value-added platform, and 查詢發票寄送歷程. */
export class Winners implements PlatformWinnersPage {
  readonly #pageContext: PageContext;
  readonly #open: (place: "winners" | "deliveries") => Promise<unknown>;

  /** @param open opens a page again, so that it shows what is so now */
  constructor(pageContext: PageContext, open: (place: "winners" | "deliveries") => Promise<unknown>) {
    this.#pageContext = pageContext;
    this.#open = open;
  }

  async download(period: Period): Promise<DownloadedFile | null> {
    const rows = await this.#details(period);
    if (rows.length === 0) return null;
    return downloadFile(this.#pageContext, `${period} 期的中獎清冊`, async () =>
      click(await locate(this.#pageContext.page, parts.list)),
    );
  }

  async print(period: Period, invoice: string): Promise<DownloadedFile> {
    await this.#chosen(period, invoice);
    return downloadFile(this.#pageContext, `${invoice} 的列印檔`, async () =>
      click(await locate(this.#pageContext.page, parts.print)),
    );
  }

  async mailing(period: Period, recipient: Recipient): Promise<OpenForm> {
    const chosen = await this.#chosen(period, recipient.invoice);
    await click(await locate(this.#pageContext.page, parts.mail));
    return mailingForm(this.#pageContext, recipient, async () => (await chosen()).map(numberOf));
  }

  async deliveries(period: Period): Promise<PlatformDelivery[]> {
    await this.#open("deliveries");
    await this.#choosePeriod(period);
    const first = await fetchList(this.#pageContext, DELIVERIES, parts.search);
    const deliveries: PlatformDelivery[] = [];
    for await (const rows of pagesOf(this.#pageContext, DELIVERIES, first)) deliveries.push(...rows.map(asDelivery));
    return deliveries;
  }

  async #details(period: Period): Promise<readonly TableRow[]> {
    await this.#open("winners");
    await this.#choosePeriod(period);
    return fetchList(this.#pageContext, COLUMNS, parts.details);
  }

  /** Chooses the row of this invoice, on whichever page of the list it is. Returns what is chosen then. */
  async #chosen(period: Period, invoice: string): Promise<() => Promise<readonly TableRow[]>> {
    for await (const rows of pagesOf(this.#pageContext, COLUMNS, await this.#details(period))) {
      const [row, ...others] = rows.filter((one) => numberOf(one) === invoice);
      if (row && others.length === 0) return chooseRow(rows, row);
    }
    throw new PageError("page-changed", `中獎明細裡的 ${invoice}`, "沒有這張發票，或不只一列");
  }

  async #choosePeriod(period: Period): Promise<void> {
    const box = await locate(this.#pageContext.page, periodSpec);
    await selectOption(box, periodSpec.name, (text) => readPeriod(text) === period, "not-in-window");
  }
}

function numberOf({ cells }: TableRow): string {
  return (cells[NUMBER] ?? "").replaceAll(/[\s-]/g, "");
}

/** Its columns are not known but for the number: whose name says it is the recipient's, and all the others as they stand. */
function asDelivery(row: TableRow): PlatformDelivery {
  const cells = Object.entries(row.cells);
  const isRecipient = (name: string): boolean => /收件人|收件者/.test(name);
  const isPersonal = (name: string): boolean => isRecipient(name) || /地址|電話|手機/.test(name);
  return {
    invoice: numberOf(row),
    recipient: cells.find(([name]) => isRecipient(name))?.[1] ?? null,
    words: cells
      .filter(([name, text]) => name !== NUMBER && !isPersonal(name) && text !== "")
      .map(([, text]) => text)
      .join(" "),
  };
}
