import { createHash } from "node:crypto";
import type { Config } from "../../../../robot/config/schema.ts";
import type { Store } from "../../../../robot/store/store.ts";
import type { RunState } from "../../../../robot/store/tables.ts";
import { failureData, type FailureCode, isFailureCode } from "../../../../robot/failures/failure.ts";
import { isUbn } from "../../../../robot/invoicing/values/ubn.ts";
import { openRecorder } from "../../../../robot/recording/writing/recorder.ts";
import { Redactor } from "../../../../robot/recording/redaction/redactor.ts";
import { headerOf, JPEG } from "../../recording/recording-samples.ts";

/** A book-keeping office's life, made up: its clients, and the runs of some weeks. The same every time. */

const PLACES = ["晨光", "山海", "河岸", "青苔", "大稻", "北迴", "南風", "雙溪", "月見", "金門", "赤崁", "鹿野", "玉里"];
const TRADES = [
  "小舖",
  "茶行",
  "書店",
  "咖啡",
  "布行",
  "五金",
  "診所",
  "食品",
  "木作",
  "印刷",
  "花店",
  "車業",
  "農場",
  "文具",
  "設計",
  "海產",
];

export interface OfficeCompany {
  readonly name: string;
  readonly ubn: string;
  readonly books?: number;
  readonly blanksReportedBy?: { readonly name: string; readonly day: number };
}

/** So many clients, each with a name and a number of its own. */
export function officeCompanies(count: number): OfficeCompany[] {
  let number = 20_000_000;
  return Array.from({ length: count }, (_, index) => {
    do number += 7;
    while (!isUbn(String(number)));
    const place = PLACES[index % PLACES.length] ?? "";
    // Thirteen and sixteen have no divisor in common: no name comes twice before the two hundred and ninth.
    const trade = TRADES[index % TRADES.length] ?? "";
    const again = Math.floor(index / (PLACES.length * TRADES.length));
    const company = {
      name: `${place}${trade}${again === 0 ? "" : again + 1}`,
      ubn: String(number),
      books: 1 + (index % 9),
    };
    return index % 6 === 4 ? { ...company, blanksReportedBy: { name: "盟立", day: 6 } } : company;
  });
}

/** A run as the store holds it. */
export interface MadeUpRun {
  readonly flow: string;
  readonly ubn: string;
  readonly company: string;
  readonly period: string;
  readonly at: Date;
  readonly state?: RunState;
  readonly outcome?: string;
  readonly failure?: FailureCode;
  readonly progress?: string;
  readonly waitingUntil?: Date;
  readonly folder?: string;
  readonly startedBy?: string;
  readonly minutes?: number;
  /** When it ended, where that is not so many minutes after its beginning: a real record says its own end. */
  readonly endedAt?: Date;
  readonly input?: Readonly<Record<string, string | number>>;
  readonly result?: unknown;
}

/** Its number, made as the robot makes them. */
export function idOf({ at, ubn, flow }: Pick<MadeUpRun, "at" | "ubn" | "flow">): string {
  const stamp = at.toISOString().replaceAll(/[-:]/g, "").slice(0, 15);
  return `${stamp}-${createHash("sha256").update(`${ubn}${flow}${at.getTime()}`).digest("hex").slice(0, 6)}`;
}

/** Writes runs into the store. Returns their numbers. */
export async function enterRuns(store: Store, runs: readonly MadeUpRun[]): Promise<string[]> {
  const rows = runs.map((run) => {
    const id = idOf(run);
    const state = run.state ?? "ended";
    const end = run.endedAt ?? new Date(run.at.getTime() + (run.minutes ?? 4) * 60_000);
    const ended = state === "ended" ? end.toISOString() : null;
    const failure = run.failure === undefined ? null : JSON.stringify(failureData(run.failure, {}));
    return {
      id,
      engine_id: `engine-${id}`,
      flow: run.flow,
      flow_version: 1,
      company: run.company,
      ubn: run.ubn,
      period: run.period,
      identity: id,
      input: JSON.stringify(run.input ?? { period: run.period }),
      started_by: run.startedBy ?? "command line",
      state,
      progress: run.progress ?? null,
      waiting_until: run.waitingUntil?.toISOString() ?? null,
      outcome: state === "ended" ? (run.outcome ?? "done") : null,
      failure,
      result: run.result === undefined ? null : JSON.stringify(run.result),
      folder: run.folder ?? null,
      created_at: run.at.toISOString(),
      updated_at: ended ?? run.at.toISOString(),
      ended_at: ended,
    };
  });
  for (let index = 0; index < rows.length; index += 200) {
    await store
      .insertInto("runs")
      .values(rows.slice(index, index + 200))
      .execute();
  }
  return rows.map(({ id }) => id);
}

const FAILURES = ["portal-down", "captcha-unreadable", "page-changed", "nothing-allocated", "quota-exceeded"].filter(
  isFailureCode,
);

/** A number between 0 and 1 that is the same for the same words. */
function chance(...words: readonly (string | number)[]): number {
  return createHash("sha256").update(words.join("|")).digest().readUInt32BE(0) / 2 ** 32;
}

/**
 * The runs of an office up to an instant: last period's blank numbers, the tracks of this one, and nightly downloads until there are
 * as many as wanted.
 */
export function officeRuns(companies: readonly OfficeCompany[], until: Date, count: number): MadeUpRun[] {
  const runs: MadeUpRun[] = [];
  const day = 86_400_000;
  const add = (
    company: OfficeCompany,
    flow: string,
    period: string,
    daysAgo: number,
    more: Partial<MadeUpRun> = {},
  ): void => {
    const at = new Date(
      until.getTime() - daysAgo * day - Math.floor(chance(company.ubn, flow, daysAgo) * 5 * 3_600_000),
    );
    runs.push({ flow, ubn: company.ubn, company: company.name, period, at, ...more });
  };
  for (const company of companies) {
    const luck = chance(company.ubn);
    const by = company.blanksReportedBy;
    add(company, "take-tracks", "11512", 64, {
      minutes: 190,
      input: { period: "11512", category: "07", books: company.books ?? 1 },
    });
    if (!by && luck > 0.08) add(company, "upload-blank-numbers", "11510", 14, { minutes: 75, startedBy: "王會計" });
    if (by && luck > 0.2)
      add(company, "verify-blank-numbers", "11510", 12, { startedBy: "排程 核對 2026-11-08T18:00:00.000Z" });
    if (luck > 0.93) {
      add(company, "take-tracks", "11602", 1, { outcome: "needs-person", failure: "credentials-rejected" });
    } else if (luck > 0.5) add(company, "take-tracks", "11602", 3, { minutes: 45, startedBy: "王會計" });
    else if (luck > 0.44) add(company, "take-tracks", "11602", 0.02, { outcome: "failed", failure: "quota-exceeded" });
  }
  for (let night = 1; runs.length < count; night++) {
    for (const company of companies) {
      if (runs.length >= count) break;
      const luck = chance(company.ubn, night);
      const failure = FAILURES[Math.floor(luck * 1_000) % FAILURES.length];
      const bad = luck < 0.04 && failure !== undefined;
      const startedBy = "排程 每夜下載 2026-11-20T18:00:00.000Z";
      add(company, "download-tracks", night % 3 === 0 ? "11510" : "11512", night, {
        startedBy,
        minutes: 2,
        ...(bad ? { outcome: "failed", failure } : { outcome: luck > 0.9 ? "done" : "already-done" }),
      });
    }
  }
  return runs;
}

/**
 * A run with a record of its own: steps, pictures, a file.
 * @param pictures what its pages looked like; a tiny picture where nothing is given
 */
export async function recordedRunOf(
  { recordings }: Pick<Config, "recordings">,
  run: MadeUpRun,
  pictures: readonly Uint8Array[] = [JPEG],
): Promise<MadeUpRun & { folder: string }> {
  const title = run.flow === "take-tracks" ? "取號" : "下載配號檔";
  const recorder = await openRecorder({
    root: recordings.folder,
    redactor: new Redactor(),
    noted: () => undefined,
    header: {
      ...headerOf(idOf(run)),
      flow: run.flow,
      title,
      company: { name: run.company, ubn: run.ubn },
      input: { ...(run.input ?? { period: run.period }) },
      startedAt: run.at.toISOString(),
    },
  });
  await recorder.event("step.started", { step: "查詢配號清單" });
  for (const [index, picture] of pictures.entries()) await recorder.picture(`畫面 ${index + 1}`, picture, { visit: 1 });
  await recorder.event("note", { line: "查到的配號清單", data: [{ period: run.period, state: "是" }] });
  await recorder.event("step.done", { step: "查詢配號清單" });
  await recorder.event("step.started", { step: "下載字軌檔" });
  await recorder.file(`invnoapply_${run.ubn}.csv`, TRACK_FILE(run.ubn), { origin: "平台：下載", direction: "in" });
  if (run.failure === undefined) await recorder.event("step.done", { step: "下載字軌檔" });
  else await recorder.event("step.failed", { step: "下載字軌檔", failure: { ...failureData(run.failure, {}) } });
  if ((run.state ?? "ended") === "ended") {
    await recorder.end({
      outcome: run.outcome ?? "done",
      failure: run.failure === undefined ? null : { ...failureData(run.failure, {}) },
      summary: null,
    });
  } else await recorder.suspend();
  return { ...run, folder: recorder.folder, endedAt: new Date() };
}

const TRACK_FILE = (ubn: string): Buffer =>
  Buffer.from(
    `營業人統編,發票類別代號,發票類別,發票期別,發票字軌名稱,發票起號,發票迄號\r\n${ubn},07,一般稅額計算,115/11 ~ 115/12,NQ,42519550,42522049\r\n`,
  );
