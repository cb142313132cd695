import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { readBlankFile } from "./blank-file.ts";
import { Captchas } from "./captcha.ts";
import { periodAfter, periodOn, slashed, type PeriodCode } from "./periods.ts";
import {
  CATEGORY_NAMES,
  type Allotted,
  type Application,
  type BlankRow,
  type Category,
  type Entry,
  type Holder,
  type Member,
  type MissingRow,
  type NumberRun,
  type SignInOutcome,
  type UploadJob,
} from "./records.ts";

export interface OfficeOptions {
  readonly members: readonly Member[];
  readonly now?: () => Date;
  /** How long an application waits for its numbers, and how long these are checked then. */
  readonly allotAfter?: number;
  readonly checkFor?: number;
  readonly importAfter?: number;
  readonly mail?: (mail: { readonly to: string; readonly subject: string; readonly text: string }) => Promise<void>;
  readonly holders?: readonly Holder[];
}

interface Session {
  readonly member: Member;
}

/** The rules of the ministry's office and what truly happened there. Faces show it; none of them decides anything. */
export class Office {
  readonly ledger: Entry[] = [];
  readonly captchas = new Captchas();
  readonly applications: Application[] = [];
  readonly uploads: UploadJob[] = [];
  readonly missing: MissingRow[] = [];
  readonly #blanks: BlankRow[] = [];
  readonly #notices = new Map<string, readonly string[]>();
  readonly #sessions = new Map<string, Session>();
  readonly #mailed = new Set<string>();
  readonly #options: OfficeOptions;
  quota = 60;

  constructor(options: OfficeOptions) {
    this.#options = options;
  }

  get now(): Date {
    return this.#options.now?.() ?? new Date();
  }

  /** Signs in; a session's token, or why not. */
  signIn(asked: {
    readonly ban: string;
    readonly user: string;
    readonly password: string;
    readonly captchaToken: string;
    readonly captcha: string;
  }): { readonly token: string } | { readonly refused: string } {
    const outcome = this.#judge(asked);
    this.ledger.push({ kind: "sign-in", ban: asked.ban, user: asked.user, outcome });
    if (outcome === "captcha-wrong") return { refused: "圖形驗證碼驗證失敗" };
    const member = this.#options.members.find((one) => one.ban === asked.ban);
    if (outcome === "credentials-wrong" || member === undefined) return { refused: "使用者帳號或密碼錯誤" };
    const token = randomBytes(24).toString("hex");
    this.#sessions.set(token, { member });
    return { token };
  }

  #judge(asked: Parameters<Office["signIn"]>[0]): SignInOutcome {
    if (!this.captchas.spend(asked.captchaToken, asked.captcha)) return "captcha-wrong";
    const right = this.#options.members.some(
      (one) => one.ban === asked.ban && one.user === asked.user && one.password === asked.password,
    );
    return right ? "in" : "credentials-wrong";
  }

  signOut(token: string): void {
    const session = this.#sessions.get(token);
    if (session !== undefined) this.ledger.push({ kind: "sign-out", ban: session.member.ban });
    this.#sessions.delete(token);
  }

  memberOf(token: string | undefined): Member | undefined {
    return token === undefined ? undefined : this.#sessions.get(token)?.member;
  }

  confirmPassword(member: Member, password: string): boolean {
    const right = password === member.password;
    this.ledger.push({ kind: "password-asked-again", ban: member.ban, right });
    return right;
  }

  /** The periods whose numbers can be taken: this one and the next. */
  openPeriods(): readonly PeriodCode[] {
    const current = periodOn(this.now);
    return [current, periodAfter(current)];
  }

  noticesOf(ban: string): readonly string[] {
    return this.#notices.get(ban) ?? [];
  }

  keepNotices(ban: string, addresses: readonly string[]): string | null {
    const kept = addresses.map((one) => one.trim()).filter((one) => one !== "");
    if (kept.length === 0) return "請至少輸入一組電子郵件信箱";
    if (kept.some((one) => !/^[^@\s]+@[^@\s]+$/u.test(one))) return "電子郵件信箱格式錯誤";
    this.#notices.set(ban, kept);
    this.ledger.push({ kind: "notice-list", ban, addresses: kept });
    return null;
  }

  taken(ban: string, period: PeriodCode, category: Category): number {
    return this.applications
      .filter((one) => one.ban === ban && one.period === period && one.category === category)
      .reduce((sum, one) => sum + one.books + one.extra, 0);
  }

  left(ban: string, period: PeriodCode, category: Category): number {
    return this.quota - this.taken(ban, period, category);
  }

  /** Takes numbers: the application, or why it was refused. */
  take(
    ban: string,
    asked: { readonly period: PeriodCode; readonly category: Category; readonly books: number; readonly extra: number },
  ): Application | string {
    const why = this.#refusal(ban, asked);
    if (why !== null) {
      this.ledger.push({ kind: "take-refused", ban, why });
      return why;
    }
    this.ledger.push({ kind: "take", ban, ...asked });
    return this.#apply(ban, asked, false);
  }

  #refusal(ban: string, asked: Parameters<Office["take"]>[1]): string | null {
    if (this.noticesOf(ban).length === 0) return "取號前，請先建立通知配號結果之Email";
    if (!this.openPeriods().includes(asked.period)) return "發票期別不開放取號";
    if (!(asked.category in CATEGORY_NAMES)) return "請選擇發票類別";
    if (!Number.isInteger(asked.books) || asked.books < 1) return "取用本數須大於0";
    if (!Number.isInteger(asked.extra) || asked.extra < 0) return "增加本數格式錯誤";
    if (asked.books + asked.extra > this.left(ban, asked.period, asked.category)) return "超過可取用本數";
    return null;
  }

  /** Numbers the office gives of its own accord, or that were taken before anybody looked. */
  seed(ban: string, asked: Parameters<Office["take"]>[1] & { readonly runs?: readonly NumberRun[] }): Application {
    const made = this.#apply(ban, asked, true);
    made.runs = asked.runs ?? made.runs;
    return made;
  }

  #apply(ban: string, asked: Parameters<Office["take"]>[1], byPlatform: boolean): Application {
    const made: Application = {
      id: String(this.applications.length + 1).padStart(4, "0"),
      ban,
      period: asked.period,
      category: asked.category,
      books: asked.books,
      extra: asked.extra,
      asked: byPlatform ? 0 : this.now.getTime(),
      byPlatform,
      runs: draw(asked.books + asked.extra),
    };
    this.applications.push(made);
    return made;
  }

  allotted(one: Application): Allotted {
    const age = this.now.getTime() - one.asked;
    const after = this.#options.allotAfter ?? 0;
    if (age < after) return "否";
    return age < after + (this.#options.checkFor ?? 0) ? "已配號，檢核中" : "是";
  }

  applicationsOf(ban: string, from: PeriodCode, to: PeriodCode, category = ""): readonly Application[] {
    return this.applications.filter(
      (one) =>
        one.ban === ban && one.period >= from && one.period <= to && (category === "" || one.category === category),
    );
  }

  /** The track file of the applications that were ticked. */
  trackFile(ban: string, ids: readonly string[]): { readonly name: string; readonly text: string } {
    const rows = this.applications.filter(
      (one) => one.ban === ban && ids.includes(one.id) && this.allotted(one) === "是",
    );
    const lines = rows.flatMap((one) =>
      one.runs.map((run) =>
        [
          ban,
          Number(one.category),
          CATEGORY_NAMES[one.category],
          slashed(one.period),
          run.track,
          run.begin,
          run.end,
        ].join(","),
      ),
    );
    this.ledger.push({ kind: "download", ban, what: `tracks ${ids.join("+")}` });
    return {
      name: `invnoapply${randomInt(1e6)}.csv`,
      text: ["營業人統編,發票類別代號,發票類別,發票期別,發票字軌名稱,發票起號,發票迄號", ...lines, ""].join("\r\n"),
    };
  }

  upload(ban: string, period: PeriodCode, text: string): UploadJob {
    const job: UploadJob = { id: randomUUID(), ban, period, at: this.now, text, state: "待處理", faults: [] };
    this.uploads.unshift(job);
    this.ledger.push({ kind: "upload", ban, period, id: job.id, text });
    return job;
  }

  blanksOf(ban: string, period: PeriodCode): readonly BlankRow[] {
    this.work();
    return this.#blanks.filter((row) => row.ban === ban && row.period === period);
  }

  seedBlanks(ban: string, period: PeriodCode, runs: readonly NumberRun[]): void {
    for (const run of runs) this.#blanks.push({ ...run, id: randomUUID(), ban, period, category: "07" });
  }

  delete(ban: string, ids: readonly string[]): number {
    const gone = this.#blanks.filter((row) => row.ban === ban && ids.includes(row.id));
    for (const row of gone) this.#blanks.splice(this.#blanks.indexOf(row), 1);
    if (gone.length > 0) {
      this.ledger.push({ kind: "deletion", ban, rows: gone.map(({ track, begin, end }) => ({ track, begin, end })) });
    }
    return gone.length;
  }

  failureFile(ban: string, id: string): string {
    const job = this.uploads.find((one) => one.ban === ban && one.id === id);
    this.ledger.push({ kind: "download", ban, what: `failures ${id}` });
    const rows = (job?.faults ?? []).map((one) => `${one.line},"${one.text}",${one.why}`);
    return ["行號,原始資料,錯誤原因", ...rows, ""].join("\r\n");
  }

  /** The holder of a telephone or barcode who gives the right code; null, and noted, where there is none. */
  holder(mobile: string, code: string): Holder | null {
    const found = (this.#options.holders ?? []).find(
      (one) => (one.phone === mobile || one.barcode === mobile) && one.code === code,
    );
    if (found === undefined) this.ledger.push({ kind: "binding-refused", mobile, why: "手機或驗證碼錯誤" });
    return found ?? null;
  }

  bind(holder: Holder, card: string): void {
    this.ledger.push({ kind: "binding", barcode: holder.barcode, card });
  }

  missingFile(ban: string, period: PeriodCode, what: string): string {
    this.ledger.push({ kind: "download", ban, what });
    const rows = this.missingOf(ban, period, what).map((row) =>
      [slashed(row.period, "~"), row.number, row.date].join(","),
    );
    return ["發票期別,發票號碼,發票日期", ...rows, ""].join("\r\n");
  }

  missingOf(ban: string, period: PeriodCode, what: string): readonly MissingRow[] {
    return this.missing.filter((row) => row.ban === ban && row.period === period && row.what === what);
  }

  /** What the office does while nobody looks: imports what is due, mails what is allotted. */
  work(): void {
    const now = this.now.getTime();
    for (const job of this.uploads) {
      if (job.state === "待處理" && now - job.at.getTime() >= (this.#options.importAfter ?? 0)) this.#import(job);
    }
    for (const one of this.applications) {
      if (one.byPlatform || this.allotted(one) === "否" || this.#mailed.has(one.id)) continue;
      this.#mailed.add(one.id);
      const text = `營業人統編 ${one.ban}，發票期別 ${slashed(one.period)}，${CATEGORY_NAMES[one.category]}，已完成配號。`;
      for (const to of this.noticesOf(one.ban)) {
        void this.#options.mail?.({ to, subject: "電子發票配號結果通知", text });
      }
    }
  }

  #import(job: UploadJob): void {
    const allotted = this.applications
      .filter((one) => one.ban === job.ban && one.period === job.period && this.allotted(one) === "是")
      .flatMap((one) => one.runs);
    const rows = this.#blanks.filter((row) => row.ban === job.ban && row.period === job.period);
    const { lines, faults } = readBlankFile(job.text, { ban: job.ban, period: job.period, allotted, rows });
    job.faults = faults;
    job.state = faults.length === 0 ? "已完成" : "處理失敗";
    if (faults.length > 0) return;
    for (const line of lines) this.#blanks.push({ ...line, id: randomUUID(), ban: job.ban, period: job.period });
  }
}

function draw(books: number): readonly NumberRun[] {
  const letter = (): string => String.fromCharCode(65 + randomInt(26));
  const begin = randomInt(1_000_000) * 50;
  const number = (value: number): string => String(value).padStart(8, "0");
  return [{ track: letter() + letter(), begin: number(begin), end: number(begin + books * 50 - 1) }];
}
