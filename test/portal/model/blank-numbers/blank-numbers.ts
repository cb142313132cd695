import { createHash, randomUUID } from "node:crypto";
import { failureDetails } from "./blank-details.ts";
import { guideFile, readBlankFile, sampleFile } from "./blank-file.ts";
import { ImportJob } from "./blank-job.ts";
import {
  type BlankCells,
  type BlankCircumstances,
  type BlankProblem,
  type BlankRun,
  checkBlank,
  overlaps,
} from "./blank-rules.ts";
import type { BlankSettings } from "./blank-settings.ts";
import type { HurriedClock } from "../clock.ts";
import { type Category, categoryNames, type CompanyConfig, type NumberRun } from "../company.ts";
import { type Damage, damaged, STRANGER } from "../damage.ts";
import type { Faults } from "../faults.ts";
import type { BlankRefusal, Ledger, Party } from "../ledger.ts";
import { periodAt, shiftPeriod } from "../periods.ts";

/** A row of 查詢. */
export interface ListedBlank extends BlankRun {
  readonly id: string;
  /** The company that listed it: `ban` itself, or its head office. */
  readonly owner: string;
}

/** A row of 上傳列表. */
export interface BlankUpload {
  /** 匯入檔名, made by the server: `<uuid>.csv`. */
  readonly name: string;
  readonly ban: string;
  readonly period: string;
  readonly by: Party;
  readonly bytes: Buffer;
  /** 匯入時間: portal time at which the file arrived, epoch milliseconds. */
  readonly receivedAt: number;
  /** Portal time from which the list shows it. */
  readonly visibleFrom: number;
  state: "waiting" | "done" | "failed";
  /** 失敗明細, of a failed upload. */
  details: Buffer | null;
}

export interface UploadedFile {
  /** The 字軌期別 that was chosen in the form. */
  readonly period: string;
  /** The name that the visitor's file had. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** 匯入字軌 as it was sent: `bytes` is null where no file was chosen. */
export type UploadRequest = Omit<UploadedFile, "bytes"> & { readonly bytes: Buffer | null };

export type UploadResult = { accepted: true; upload: BlankUpload } | { accepted: false; refusal: BlankRefusal };
export type AddResult = { accepted: true } | { accepted: false; problems: readonly (BlankProblem | "period-closed")[] };

export interface BlankDownload {
  readonly name: string;
  readonly bytes: Buffer;
}

interface Parts {
  readonly companies: Map<string, CompanyConfig>;
  readonly clock: HurriedClock;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly settings: BlankSettings;
  readonly allocated: (ban: string, period: string, category: Category) => readonly NumberRun[];
}

const MINUTE = 60_000;
const LISTED_PERIODS = 7;
const UNEXPECTED = "系統處理逾時(ERR-9001)，請洽客服專線";

/** 上傳空白未使用發票號碼: the list, the uploads and the hourly job between them. The same for every design of the pages. */
export class BlankNumbers {
  private readonly parts: Parts;
  private readonly listed: ListedBlank[] = [];
  private readonly received: BlankUpload[] = [];
  private readonly job: ImportJob<BlankUpload>;
  private counter = 0;

  constructor(parts: Parts) {
    this.parts = parts;
    const { clock, faults, settings } = parts;
    this.job = new ImportJob({
      clock,
      faults,
      minute: settings.importMinute,
      waiting: () => this.received.filter(({ state }) => state === "waiting"),
      process: (upload) => this.process(upload),
    });
  }

  /** Periods that 匯入字軌 and 新增 take now, the oldest first. */
  openPeriods(): string[] {
    const current = periodAt(this.parts.clock.now());
    return this.parts.settings.periods.map((steps) => shiftPeriod(current, steps)).sort();
  }

  /** Periods that 查詢 offers, the newest (this one) first. */
  listedPeriods(): string[] {
    const current = periodAt(this.parts.clock.now());
    return Array.from({ length: LISTED_PERIODS }, (_, index) => shiftPeriod(current, -index));
  }

  /** 匯入字軌's 上傳 by somebody who is signed in. Writes the ledger line, whatever the answer. */
  upload({ ban }: CompanyConfig, account: string, request: UploadRequest): UploadResult {
    this.overtake(ban, request);
    const judged = this.judge(request);
    if (judged.ok) {
      const late = this.parts.faults.use("list-late", { ban, at: "upload" });
      return { accepted: true, upload: this.receive(ban, account, judged.file, late?.minutes ?? 0) };
    }
    const { refusal } = judged;
    const { period, name: originalName, bytes } = request;
    this.parts.ledger.append({
      type: "blank-upload",
      ban,
      account,
      by: "own",
      period,
      originalName,
      ...digest(bytes ?? Buffer.alloc(0)),
      accepted: false,
      refusal,
      upload: null,
    });
    return { accepted: false, refusal };
  }

  /** An upload by somebody the robot knows nothing of, such as a value-added centre. The job treats it like any other. */
  uploadByOthers(ban: string, file: UploadedFile): BlankUpload {
    return this.receive(ban, null, file, 0);
  }

  /** 新增: one run by hand, held to the same rules as a line of a file. */
  add(company: CompanyConfig, account: string, cells: BlankCells): AddResult {
    const { ban } = company;
    const { period } = cells;
    const checked = this.openPeriods().includes(period)
      ? checkBlank(cells, this.circumstances(company, period))
      : { ok: false as const, problems: ["period-closed" as const] };
    const problems = checked.ok ? [] : [...checked.problems];
    this.parts.ledger.append({ type: "blank-added", ban, account, run: { ...cells }, accepted: checked.ok, problems });
    if (!checked.ok) return { accepted: false, problems };
    this.take(ban, [checked.run]);
    return { accepted: true };
  }

  /**
   * 刪除: takes the rows out of the list, all of them or, where one is not (or no longer) there, none.
   *
   * @param account null where somebody the robot knows nothing of does it.
   * @returns whether they were there.
   */
  remove(ban: string, account: string | null, ids: readonly string[]): boolean {
    const rows = this.listed.filter((row) => row.owner === ban && ids.includes(row.id));
    if (rows.length === 0 || rows.length !== new Set(ids).size) return false;
    for (const row of rows) this.listed.splice(this.listed.indexOf(row), 1);
    const by = account === null ? "someone-else" : "own";
    this.parts.ledger.append({ type: "blank-deleted", ban, account, by, runs: rows.map(runOf) });
    return true;
  }

  /** What was listed before the portal opened: no upload, no check and no ledger line. */
  recordHistory(owner: string, run: BlankRun): void {
    this.list(owner, run);
  }

  /** The rows of 查詢 for one period, in the order of their numbers. */
  rows(ban: string, period: string): ListedBlank[] {
    const key = ({ track, begin }: ListedBlank): string => `${track}${begin}`;
    return this.listed
      .filter((row) => row.owner === ban && row.period === period)
      .sort((a, b) => key(a).localeCompare(key(b)));
  }

  /** The rows of 上傳列表 that can be seen now, the newest first. */
  uploads(ban: string): BlankUpload[] {
    const now = this.parts.clock.now();
    return this.received.filter((upload) => upload.ban === ban && upload.visibleFrom <= now).toReversed();
  }

  /** 處理狀態 as the list prints it. */
  stateWord({ state }: BlankUpload): string {
    return { waiting: this.parts.settings.waitingWord, done: "已完成", failed: "處理失敗" }[state];
  }

  /** 發票類別 as the list prints it. */
  categoryWord({ category }: BlankRun): string {
    return category === "07" && this.parts.settings.categoryWord === "triplicate"
      ? "三聯式發票"
      : categoryNames[category];
  }

  /** 失敗明細's 下載; null where that upload is not to be seen, or did not fail. */
  failureDetails(ban: string, account: string, name: string): BlankDownload | null {
    const upload = this.uploads(ban).find((candidate) => candidate.name === name);
    const whole = upload?.details ?? null;
    if (whole === null) return null;
    const fault = this.parts.faults.use("download-broken", { ban, at: "details" });
    const anothers = (): Buffer => Buffer.from(whole.toString("latin1").replaceAll(ban, STRANGER), "latin1");
    const bytes = fault === null ? whole : damaged(fault.kind, whole, anothers);
    this.noteDownload(ban, account, { what: "details", upload: name, broken: fault?.kind ?? null }, bytes);
    return { name: name.replace(".csv", "_error.csv"), bytes };
  }

  /** 範例下載 and 說明檔下載. */
  explanation(ban: string, account: string, what: "sample" | "guide"): BlankDownload {
    const { file } = this.parts.settings;
    const bytes = what === "sample" ? sampleFile(file) : guideFile(file);
    this.noteDownload(ban, account, { what, upload: null, broken: null }, bytes);
    return { name: what === "sample" ? "blank_sample.csv" : "blank_guide.txt", bytes };
  }

  /** Everything, whether or not a list shows it. */
  all(ban: string): { rows: ListedBlank[]; uploads: Pick<BlankUpload, "name" | "period" | "by" | "state">[] } {
    const rows = this.listed.filter((row) => row.owner === ban);
    const uploads = this.received.filter((upload) => upload.ban === ban);
    return {
      rows: structuredClone(rows),
      uploads: uploads.map(({ name, period, by, state }) => ({ name, period, by, state })),
    };
  }

  private judge({
    period,
    name,
    bytes,
  }: UploadRequest): { ok: true; file: UploadedFile } | { ok: false; refusal: BlankRefusal } {
    if (bytes === null) return { ok: false, refusal: "no-file" };
    if (!name.toLowerCase().endsWith(".csv")) return { ok: false, refusal: "not-csv" };
    if (!this.openPeriods().includes(period)) return { ok: false, refusal: "period-closed" };
    return { ok: true, file: { period, name, bytes } };
  }

  private overtake(ban: string, { period, name, bytes }: UploadRequest): void {
    const stranger = this.parts.faults.use("someone-else-at-submit", { ban, at: "upload" });
    if (stranger === null) return;
    const theirs = stranger.file === undefined ? bytes : Buffer.from(stranger.file, "utf8");
    if (theirs !== null) this.uploadByOthers(ban, { period, name, bytes: theirs });
  }

  private receive(
    ban: string,
    account: string | null,
    { period, name: originalName, bytes }: UploadedFile,
    minutesUnseen: number,
  ): BlankUpload {
    const now = this.parts.clock.now();
    const by = account === null ? "someone-else" : "own";
    const upload: BlankUpload = {
      name: `${randomUUID()}.csv`,
      ban,
      period,
      by,
      bytes,
      receivedAt: now,
      visibleFrom: now + minutesUnseen * MINUTE,
      state: "waiting",
      details: null,
    };
    this.received.push(upload);
    this.parts.ledger.append({
      type: "blank-upload",
      ban,
      account,
      by,
      period,
      originalName,
      ...digest(bytes),
      accepted: true,
      refusal: null,
      upload: upload.name,
    });
    this.job.plan();
    return upload;
  }

  private process(upload: BlankUpload): void {
    const { companies, faults, ledger, settings } = this.parts;
    const { ban, period, name } = upload;
    const company = companies.get(ban);
    if (company === undefined) throw new Error(`the practice portal has an upload of ${ban}, which it does not know`);
    const odd = faults.use("import-error", { ban });
    const { runs, faults: found } =
      odd === null
        ? readBlankFile(upload.bytes, settings.file, this.circumstances(company, period))
        : { runs: [], faults: [{ line: null, text: "", problems: [odd.text ?? UNEXPECTED] }] };
    const ok = found.length === 0;
    const taken = ok || settings.onFailure === "partial" ? runs : [];
    this.take(ban, taken);
    upload.state = ok ? "done" : "failed";
    upload.details = ok ? null : failureDetails(found, settings.details, settings.file);
    const problems = found.flatMap(({ line, problems: said }) => said.map((problem) => ({ line, problem })));
    ledger.append({ type: "blank-import", ban, period, upload: name, ok, taken: taken.length, problems });
  }

  private noteDownload(
    ban: string,
    account: string,
    about: { what: "details" | "sample" | "guide"; upload: string | null; broken: Damage | null },
    bytes: Buffer,
  ): void {
    this.parts.ledger.append({ type: "blank-download", ban, account, ...about, ...digest(bytes) });
  }

  private take(owner: string, runs: readonly BlankRun[]): void {
    for (const run of runs) {
      if (this.parts.settings.overlap === "overwrite") {
        const old = this.listed.filter((row) => row.owner === owner && row.period === run.period && overlaps(row, run));
        for (const row of old) this.listed.splice(this.listed.indexOf(row), 1);
      }
      this.list(owner, run);
    }
  }

  private list(owner: string, run: BlankRun): void {
    this.counter += 1;
    this.listed.push({ id: `BLK${String(this.counter).padStart(8, "0")}`, owner, ...run });
  }

  private circumstances({ ban, branches }: CompanyConfig, period: string): BlankCircumstances {
    const refuses = this.parts.settings.overlap === "refuse";
    return {
      bans: [ban, ...branches],
      period,
      allocated: (category) => this.parts.allocated(ban, period, category),
      present: refuses ? this.listed.filter((row) => row.owner === ban && row.period === period) : [],
    };
  }
}

function digest(bytes: Buffer): { bytes: number; sha256: string } {
  return { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

function runOf({ ban, period, category, track, begin, end }: ListedBlank): BlankRun {
  return { ban, period, category, track, begin, end };
}
