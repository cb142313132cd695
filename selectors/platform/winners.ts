import type { Period } from "../../robot/invoicing/values/period.ts";
import type { Recipient } from "../../robot/invoicing/winners/recipients.ts";
import { choose } from "../dom/forms/choose.ts";
import { click } from "../dom/click.ts";
import { downloaded } from "../dom/traffic/download.ts";
import { fetchList, pagesOf } from "../dom/lists/list.ts";
import type { DownloadedFile, OpenForm, PlatformDelivery, PlatformWinnersPage } from "../pages.ts";
import { find, named, part } from "../dom/part.ts";
import { TERMS } from "../dom/reading/vocabulary.ts";
import { readPeriod } from "../portal/period-text.ts";
import { PageProblem } from "../dom/problem.ts";
import type { Surface } from "../dom/windows/window.ts";
import { columns, type TableRow } from "../dom/lists/table.ts";
import { periodPart } from "./blank-tracks.ts";
import { chooseRow } from "./choose-row.ts";
import { mailingForm } from "./mailing-form.ts";

const parts = {
  details: named("platform.winners.details", "press", "查看明細"),
  list: named("platform.winners.list", "press", "下載中獎清冊"),
  print: named("platform.winners.print", "press", "列印"),
  mail: named("platform.winners.mail", "press", "郵寄實體中獎發票"),
  search: part("platform.deliveries.search", "press", TERMS.search, { pattern: /^(查詢|查看明細)$/ }),
} as const;

const NUMBER = "發票號碼";
const COLUMNS = columns(["字軌期別", NUMBER]);
const DELIVERIES = columns([NUMBER]);

/** 會員載具中獎發票清冊 of the value-added platform, and 查詢發票寄送歷程. */
export class Winners implements PlatformWinnersPage {
  readonly #surface: Surface;
  readonly #open: (place: "winners" | "deliveries") => Promise<unknown>;

  /** @param open opens a page anew, so that it shows what is so now */
  constructor(surface: Surface, open: (place: "winners" | "deliveries") => Promise<unknown>) {
    this.#surface = surface;
    this.#open = open;
  }

  async download(period: Period): Promise<DownloadedFile | null> {
    const rows = await this.#details(period);
    if (rows.length === 0) return null;
    return downloaded(this.#surface, `${period} 期的中獎清冊`, async () =>
      click(await find(this.#surface.page, parts.list)),
    );
  }

  async print(period: Period, invoice: string): Promise<DownloadedFile> {
    await this.#chosen(period, invoice);
    return downloaded(this.#surface, `${invoice} 的列印檔`, async () =>
      click(await find(this.#surface.page, parts.print)),
    );
  }

  async mailing(period: Period, recipient: Recipient): Promise<OpenForm> {
    const chosen = await this.#chosen(period, recipient.invoice);
    await click(await find(this.#surface.page, parts.mail));
    return mailingForm(this.#surface, recipient, async () => (await chosen()).map(numberOf));
  }

  async deliveries(period: Period): Promise<PlatformDelivery[]> {
    await this.#open("deliveries");
    await this.#choosePeriod(period);
    const first = await fetchList(this.#surface, DELIVERIES, parts.search);
    const deliveries: PlatformDelivery[] = [];
    for await (const rows of pagesOf(this.#surface, DELIVERIES, first)) deliveries.push(...rows.map(asDelivery));
    return deliveries;
  }

  async #details(period: Period): Promise<readonly TableRow[]> {
    await this.#open("winners");
    await this.#choosePeriod(period);
    return fetchList(this.#surface, COLUMNS, parts.details);
  }

  /** Chooses the row of this invoice, on whichever page of the list it is. Returns what is chosen then. */
  async #chosen(period: Period, invoice: string): Promise<() => Promise<readonly TableRow[]>> {
    for await (const rows of pagesOf(this.#surface, COLUMNS, await this.#details(period))) {
      const [row, ...others] = rows.filter((one) => numberOf(one) === invoice);
      if (row && others.length === 0) return chooseRow(rows, row);
    }
    throw new PageProblem("page-changed", `中獎明細裡的 ${invoice}`, "沒有這張發票，或不只一列");
  }

  async #choosePeriod(period: Period): Promise<void> {
    const box = await find(this.#surface.page, periodPart);
    await choose(box, periodPart.name, (text) => readPeriod(text) === period, "not-in-window");
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
