import type { Page } from "playwright";
import type { Period } from "../../robot/invoicing/values/period.ts";
import { choose } from "../dom/forms/choose.ts";
import { click } from "../dom/click.ts";
import { downloaded } from "../dom/traffic/download.ts";
import type { Ear } from "../dom/windows/dialogs.ts";
import { shownMessages } from "../dom/over-the-page/messages.ts";
import type { DownloadedFile, PlatformBlankPage, PlatformJob } from "../pages.ts";
import { find, findIfThere, named, part } from "../dom/part.ts";
import { TERMS } from "../dom/reading/vocabulary.ts";
import { PERIODS, readPeriod } from "../portal/period-text.ts";
import { lookUntil } from "../dom/poll.ts";
import { PageProblem } from "../dom/problem.ts";
import { readSigns, signOf } from "../dom/signs.ts";
import type { Surface } from "../dom/windows/window.ts";
import { columns, readTable, type TableRow } from "../dom/lists/table.ts";
import { chooseRow } from "./choose-row.ts";
import { TIMING } from "../dom/timing.ts";

export const periodPart = part("platform.period", "choice", TERMS.trackPeriod, { offers: PERIODS });

const parts = {
  make: named("platform.make-blank", "press", "產生空白字軌"),
  result: named("platform.result", "press", "下載結果"),
  refresh: part("platform.refresh", "press", TERMS.refresh),
} as const;

const COLUMNS = columns(["作業名稱", "申請時間", "作業狀態", "備註"], ["申請人", "完成時間"]);
/** What it says where it makes nothing; anything else that it says may go with a new row. */
const REFUSED = /失敗|錯誤|無法|不可|不得|不能|沒有|查無|無資料|請選擇/;

/** 空白字軌下載 of the value-added platform. */
export class BlankTracks implements PlatformBlankPage {
  readonly #page: Page;
  readonly #ear: Ear;
  readonly #open: () => Promise<unknown>;

  /** @param open opens the page anew, so that it shows what is so now */
  constructor({ page, ear }: Surface, open: () => Promise<unknown>) {
    this.#page = page;
    this.#ear = ear;
    this.#open = open;
  }

  async jobs(): Promise<PlatformJob[]> {
    await this.#open();
    return (await this.#rows()).map(asJob);
  }

  async make(period: Period): Promise<PlatformJob> {
    const before = await this.jobs();
    const box = await find(this.#page, periodPart);
    await choose(box, periodPart.name, (text) => readPeriod(text) === period, "not-in-window");
    this.#ear.heard();
    const stale = await shownMessages(this.#page);
    await click(await find(this.#page, parts.make));
    return this.#newRow(period, before, stale);
  }

  async result(job: PlatformJob): Promise<DownloadedFile> {
    await this.#open();
    const rows = await this.#rows();
    const [row, ...others] = rows.filter((one) => isSame(asJob(one), job));
    if (!row || others.length > 0) {
      const seen = rows.map((one) => inWords(asJob(one))).join("；");
      throw new PageProblem("page-changed", `作業狀態裡的 ${inWords(job)}`, seen || "沒有任何作業");
    }
    await chooseRow(rows, row);
    return downloaded({ page: this.#page, ear: this.#ear }, `${job.period ?? ""} 期的空白字軌`, async () =>
      click(await find(this.#page, parts.result)),
    );
  }

  /** The row of what was just pressed, which was not in the list before. Where none comes, the platform says why. */
  async #newRow(period: Period, before: readonly PlatformJob[], stale: readonly string[]): Promise<PlatformJob> {
    const heard: string[] = [];
    const refreshAt = Date.now() + TIMING.refresh;
    let refreshed = false;
    const found = await lookUntil(this.#page, TIMING.list, async () => {
      heard.push(...this.#ear.heard());
      const now = (await this.#rows().catch(() => [])).map(asJob);
      const fresh = now.find((one) => one.period === period && !before.some((old) => isSame(old, one)));
      if (fresh) return fresh;
      const shown = (await shownMessages(this.#page)).filter((words) => !stale.includes(words));
      const refused = [...heard, ...shown].find((words) => REFUSED.test(words));
      const sign = signOf(heard);
      if (sign) return sign;
      if (refused !== undefined) return { state: "platform-refused" as const, words: refused };
      if (!refreshed && Date.now() > refreshAt) {
        refreshed = true;
        await (await findIfThere(this.#page, parts.refresh, 0))?.click();
      }
      return null;
    });
    if (found && "name" in found) return found;
    const sign = found ?? (await readSigns(this.#page));
    const seen = heard.length === 0 ? "作業狀態裡沒有新的一筆" : `${heard.join("／")}；作業狀態裡沒有新的一筆`;
    throw new PageProblem(sign?.state ?? "page-changed", `${period} 期的產生空白字軌`, sign?.words ?? seen);
  }

  #rows(): Promise<TableRow[]> {
    return readTable(this.#page, COLUMNS);
  }
}

function asJob({ cells }: TableRow): PlatformJob {
  const cell = (name: string): string => cells[name] ?? "";
  const stateText = cell("作業狀態");
  return {
    name: cell("作業名稱"),
    applicant: cell("申請人"),
    appliedAt: cell("申請時間"),
    period: readPeriod(cell("備註")),
    state: /成功|完成/.test(stateText) ? "done" : /失敗|錯誤|異常|取消/.test(stateText) ? "failed" : "waiting",
    stateText,
  };
}

/** Nothing in the list names a job for good: what it is, who asked for it, and when. */
function isSame(one: PlatformJob, other: PlatformJob): boolean {
  return (
    one.name === other.name &&
    one.applicant === other.applicant &&
    one.appliedAt === other.appliedAt &&
    one.period === other.period
  );
}

function inWords({ appliedAt, name, period, stateText }: PlatformJob): string {
  return `${appliedAt} ${name} ${period ?? ""}（${stateText}）`;
}
