import type { Store } from "../../../../robot/store/store.ts";
import { askPerson } from "../../../../robot/engine/people/questions.ts";
import { drawnPage } from "./drawn-page.ts";
import type { ConsoleOffice } from "./console.ts";
import { enterRuns, idOf, type MadeUpRun, officeRuns, recordedRunOf } from "./office.ts";

/** The runs of a furnished office that tests and pictures look at. */
export interface Furnished {
  /** Done, with a record. */
  readonly good: string;
  /** Failed at a page that had changed, with a record. */
  readonly broken: string;
  /** Waits for the allocation. */
  readonly waiting: string;
  /** Being done right now, with a record so far. */
  readonly running: string;
  /** Asks whether something took effect. */
  readonly asking: string;
}

const MINUTE = 60_000;

/**
 * Fills an office: runs of some weeks, one that waits, one under way, one that asks, one that broke.
 * @param now the instant at which it is looked at
 * @param count runs in all, about
 */
export async function seedConsole(office: ConsoleOffice, now: Date, count: number): Promise<Furnished> {
  const { config, assembled } = office;
  const { store } = assembled;
  const companies = config.companies.map(({ name, ubn, books, blanksReportedBy }) => ({
    name,
    ubn,
    ...(books === undefined ? {} : { books }),
    ...(blanksReportedBy === undefined ? {} : { blanksReportedBy }),
  }));
  const [first, second, third, fourth, fifth] = companies;
  if (!first || !second || !third || !fourth || !fifth) throw new Error("An office has five clients at least.");
  const at = (minutesAgo: number): Date => new Date(now.getTime() - minutesAgo * MINUTE);
  const of = ({ name, ubn }: { name: string; ubn: string }): Pick<MadeUpRun, "company" | "ubn"> => ({
    company: name,
    ubn,
  });
  const pages = await Promise.all([
    drawnPage("電子發票字軌號碼取號", ["發票期別　2026年11-12期", "發票類別　一般稅額計算", "是否已配號　是"]),
    drawnPage("查詢結果", ["12345675　11512　一般稅額計算　50 本　是", "查詢成功"]),
    drawnPage("系統訊息", ["下載檔案編碼為UTF-8", "［是］　［否］"]),
  ]);
  const good = await recordedRunOf(
    config,
    {
      flow: "download-tracks",
      ...of(second),
      period: "11512",
      at: at(60 * 33),
      minutes: 2,
      startedBy: "排程 每夜下載",
    },
    pages,
  );
  const broken = await recordedRunOf(
    config,
    {
      flow: "download-tracks",
      ...of(second),
      period: "11512",
      at: at(60 * 8),
      minutes: 1,
      outcome: "needs-person",
      failure: "page-changed",
      startedBy: "排程 每夜下載",
    },
    pages.slice(0, 2),
  );
  const running = await recordedRunOf(
    config,
    {
      flow: "take-tracks",
      ...of(first),
      period: "11602",
      at: at(2),
      state: "running",
      progress: "提交取號",
      startedBy: "王會計",
      input: { period: "11602", category: "07", books: 5 },
    },
    pages.slice(0, 1),
  );
  const waiting: MadeUpRun = {
    flow: "take-tracks",
    ...of(third),
    period: "11602",
    at: at(47),
    state: "waiting",
    progress: "等配號結果 1",
    waitingUntil: at(-25 * 60),
    startedBy: "王會計",
    input: { period: "11602", category: "07", books: 3 },
  };
  const asking: MadeUpRun = {
    flow: "take-tracks",
    ...of(fourth),
    period: "11602",
    at: at(95),
    state: "needs-person",
    progress: "提交取號：請人確認 1",
    startedBy: "排程 取號",
    input: { period: "11602", category: "07", books: 4 },
  };
  const correcting: MadeUpRun = {
    flow: "correct-blank-numbers",
    ...of(fifth),
    period: "11510",
    at: at(30),
    state: "needs-person",
    progress: "更正空白號碼",
    startedBy: "王會計",
  };
  const special = [good, broken, running, waiting, asking, correcting];
  const busy = new Set(special.filter(({ state }) => state !== undefined).map(({ ubn, flow }) => `${ubn} ${flow}`));
  const others = officeRuns(companies, now, count).filter(
    ({ ubn, flow, at: began }) =>
      !busy.has(`${ubn} ${flow}`) || began.getTime() < now.getTime() - 30 * 24 * 60 * MINUTE,
  );
  await enterRuns(store, [...others, ...special]);
  await ask(store, idOf(asking), idOf(correcting));
  return {
    good: idOf(good),
    broken: idOf(broken),
    running: idOf(running),
    waiting: idOf(waiting),
    asking: idOf(asking),
  };
}

const ASKING = { timeout: 3 * 24 * 60 * MINUTE, answerers: [] };

async function ask(store: Store, asking: string, correcting: string): Promise<void> {
  const reading = (taken: number, rows: readonly object[]): { readonly [key: string]: number | string } => ({
    可取用本數: 9,
    已取用本數: taken,
    清單上的筆數: rows.length,
  });
  await askPerson(
    store,
    asking,
    "提交取號：請人確認 1",
    {
      text: "「提交取號」按下送出後沒有得到平台的回覆，事後查證也無法確定。請到平台查看：這一筆有沒有成功？",
      choices: { happened: "已成功，平台上看得到", "not-happened": "沒有成功，平台上沒有；可以再做一次" },
      context: { before: reading(0, []), after: reading(4, []) },
    },
    ASKING,
  );
  const row = (begin: string, end: string): { readonly [key: string]: string } => ({
    track: "AB",
    begin,
    end,
    category: "07",
  });
  await askPerson(
    store,
    correcting,
    "更正空白號碼",
    {
      text: "要把平台上的空白號碼改成和檔案一樣：刪除 1 段（AB 00000004-00000099），上傳 2 段（AB 00000004-00000049、AB 00000060-00000099）。刪除不能復原。同意嗎？",
      choices: { yes: "同意，照做", no: "不同意，什麼都不做" },
      context: {
        delete: [row("00000004", "00000099")],
        upload: [row("00000004", "00000049"), row("00000060", "00000099")],
      },
    },
    ASKING,
  );
}
