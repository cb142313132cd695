import type { Page } from "playwright";
import type { Period } from "../../robot/invoicing/values/period.ts";
import { selectOption } from "../dom/forms/select-box.ts";
import { click } from "../dom/click.ts";
import { downloadFile } from "../dom/network/download.ts";
import type { DialogMonitor } from "../dom/windows/dialogs.ts";
import { shownMessages } from "../dom/overlays/messages.ts";
import type { DownloadedFile, PlatformBlankPage, PlatformJob } from "../pages.ts";
import { locate, tryLocate, namedSpec, locatorSpec } from "../dom/locator-spec.ts";
import { TERMS } from "../dom/reading/vocabulary.ts";
import { PERIODS, readPeriod } from "../portal/period-text.ts";
import { waitUntil } from "../dom/wait-until.ts";
import { PageError } from "../dom/page-error.ts";
import { detectPageState, stateInMessages } from "../dom/page-state.ts";
import type { PageContext } from "../dom/windows/page-context.ts";
import { columns, readRows, type TableRow } from "../dom/lists/table.ts";
import { chooseRow } from "./choose-row.ts";
import { TIMING } from "../dom/timing.ts";
import { followed } from "../dom/page-log.ts";

export const periodSpec = locatorSpec("platform.period", "choice", TERMS.trackPeriod, { offers: PERIODS });

const parts = {
  make: namedSpec("platform.make-blank", "press", "產生空白字軌"),
  result: namedSpec("platform.result", "press", "下載結果"),
  refresh: locatorSpec("platform.refresh", "press", TERMS.refresh),
} as const;

const COLUMNS = columns(["作業名稱", "申請時間", "作業狀態", "備註"], ["申請人", "完成時間"]);
/** What it says where it makes nothing; anything else that it says may go with a new row. */
const REFUSED = /失敗|錯誤|無法|不可|不得|不能|沒有|查無|無資料|請選擇/;

/** 空白字軌下載 of the value-added platform. */
export class BlankTracks implements PlatformBlankPage {
  readonly #page: Page;
  readonly #dialogs: DialogMonitor;
  readonly #open: () => Promise<unknown>;

  /** @param open opens the page again, so that it shows what is so now */
  constructor({ page, dialogs }: PageContext, open: () => Promise<unknown>) {
    this.#page = page;
    this.#dialogs = dialogs;
    this.#open = open;
  }

  async jobs(): Promise<PlatformJob[]> {
    await this.#open();
    return (await this.#rows()).map(asJob);
  }

  async make(period: Period): Promise<PlatformJob> {
    const before = await this.jobs();
    const box = await locate(this.#page, periodSpec);
    await selectOption(box, periodSpec.name, (text) => readPeriod(text) === period, "not-in-window");
    this.#dialogs.takeMessages();
    const stale = await shownMessages(this.#page);
    await click(await locate(this.#page, parts.make));
    return this.#newRow(period, before, stale);
  }

  async result(job: PlatformJob): Promise<DownloadedFile> {
    await this.#open();
    const rows = await this.#rows();
    const [row, ...others] = rows.filter((one) => isSame(asJob(one), job));
    if (!row || others.length > 0) {
      const seen = rows.map((one) => inWords(asJob(one))).join("；");
      throw new PageError("page-changed", `作業狀態裡的 ${inWords(job)}`, seen || "沒有任何作業");
    }
    await chooseRow(rows, row);
    return downloadFile({ page: this.#page, dialogs: this.#dialogs }, `${job.period ?? ""} 期的空白字軌`, async () =>
      click(await locate(this.#page, parts.result)),
    );
  }

  /** The row of what was just pressed, which was not in the list before. Where none comes, the platform says why. */
  async #newRow(period: Period, before: readonly PlatformJob[], stale: readonly string[]): Promise<PlatformJob> {
    const heard: string[] = [];
    const refreshAt = Date.now() + TIMING.refresh;
    let refreshed = false;
    const found = await waitUntil(this.#page, TIMING.list, async () => {
      heard.push(...this.#dialogs.takeMessages());
      const now = (await this.#rows().catch(() => [])).map(asJob);
      const fresh = now.find((one) => one.period === period && !before.some((old) => isSame(old, one)));
      if (fresh) return fresh;
      const shown = (await shownMessages(this.#page)).filter((words) => !stale.includes(words));
      const refused = [...heard, ...shown].find((words) => REFUSED.test(words));
      const sign = stateInMessages(heard);
      if (sign) return sign;
      if (refused !== undefined) return { state: "platform-refused" as const, words: refused };
      if (!refreshed && Date.now() > refreshAt) {
        refreshed = true;
        const refresh = await tryLocate(this.#page, parts.refresh, 0);
        if (refresh) await followed(refresh).click();
      }
      return null;
    });
    if (found && "name" in found) return found;
    const sign = found ?? (await detectPageState(this.#page));
    const seen = heard.length === 0 ? "作業狀態裡沒有新的一筆" : `${heard.join("／")}；作業狀態裡沒有新的一筆`;
    throw new PageError(sign?.state ?? "page-changed", `${period} 期的產生空白字軌`, sign?.words ?? seen);
  }

  #rows(): Promise<TableRow[]> {
    return readRows(this.#page, COLUMNS);
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
