import { createHash, randomUUID } from "node:crypto";
import type { HurriedClock } from "../clock.ts";
import type { CompanyConfig, NumberRun } from "../company.ts";
import { type Damage, damaged, STRANGER } from "../damage.ts";
import type { Faults } from "../faults.ts";
import type { Ledger, MailingRefusal, PlatformFile } from "../ledger.ts";
import { periodAt, shiftPeriod } from "../periods.ts";
import type { PlatformWinner } from "./platform-company.ts";

/** Who is signed in at the platform. */
export interface PlatformVisitor {
  readonly company: CompanyConfig;
  readonly account: string;
}

/** One line of 最後10筆作業狀態. */
export interface BatchJob {
  readonly id: string;
  readonly name: string;
  readonly applicant: string;
  readonly period: string;
  /** Portal time. */
  readonly appliedAt: number;
  finishedAt: number | null;
  state: "處理中" | "處理成功" | "處理失敗";
}

/** To whom a winning invoice is sent; the fields of the platform's own form. */
export interface Recipient {
  readonly name: string;
  readonly zip: string;
  readonly county: string;
  readonly town: string;
  readonly street: string;
}

/** One line of 發票寄送歷程. */
export interface Delivery {
  readonly period: string;
  readonly number: string;
  readonly recipient: Recipient;
  /** Portal time. */
  readonly at: number;
}

interface Parts {
  readonly companies: Map<string, CompanyConfig>;
  readonly clock: HurriedClock;
  readonly ledger: Ledger;
  readonly faults: Faults;
  /** Portal minutes that 產生空白字軌 takes. */
  readonly batchMinutes: number;
}

/** Periods that 字軌期別 offers, this one included. */
const OFFERED = 7;

/** The value-added platform: its accounts, its batch jobs, its list of winners and what was sent by mail. */
export class Platform {
  private readonly parts: Parts;
  private readonly sessions = new Map<string, PlatformVisitor>();
  private readonly unused = new Map<string, readonly NumberRun[]>();
  private readonly batches = new Map<string, BatchJob[]>();
  private readonly mailed = new Map<string, Delivery[]>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** What the company did not use in the period. */
  setUnused(ban: string, period: string, runs: readonly NumberRun[]): void {
    this.unused.set(`${ban} ${period}`, runs);
  }

  /** 登入. Returns the session's token, or null. */
  signIn(account: string, password: string): string | null {
    const owners = [...this.parts.companies.values()].filter(({ platform }) => platform?.account === account);
    const company = owners.find(({ platform }) => platform?.password === password);
    const ban = company?.ban ?? owners[0]?.ban ?? null;
    this.parts.ledger.append({ type: "platform-sign-in", ban, account, ok: company !== undefined });
    if (company === undefined) return null;
    const token = randomUUID();
    this.sessions.set(token, { company, account });
    return token;
  }

  signOut(token: string): void {
    this.sessions.delete(token);
  }

  visitor(token: string): PlatformVisitor | null {
    return this.sessions.get(token) ?? null;
  }

  /** Newest first. */
  periods(): string[] {
    const now = periodAt(this.parts.clock.now());
    return Array.from({ length: OFFERED }, (_, index) => shiftPeriod(now, -index));
  }

  /** 最後10筆作業狀態, newest first. */
  jobs(ban: string): readonly BatchJob[] {
    return (this.batches.get(ban) ?? []).slice(0, 10);
  }

  /** 產生空白字軌. False where it is refused. */
  makeBlank({ company: { ban }, account }: PlatformVisitor, period: string): boolean {
    const { clock, ledger, faults, batchMinutes } = this.parts;
    const trouble = faults.use("batch-job", { ban });
    if (trouble?.how === "refused") return false;
    const times = { appliedAt: clock.now(), finishedAt: null };
    const job: BatchJob = {
      id: randomUUID(),
      name: "產生空白字軌",
      applicant: account,
      period,
      ...times,
      state: "處理中",
    };
    this.batches.set(ban, [job, ...(this.batches.get(ban) ?? [])]);
    ledger.append({ type: "platform-job", ban, account, period });
    if (trouble?.how === "stuck") return true;
    clock.afterMinutes(batchMinutes, () => {
      job.finishedAt = clock.now();
      job.state = trouble?.how === "failed" ? "處理失敗" : "處理成功";
    });
    return true;
  }

  /** 下載結果: the upload file of 空白未使用發票號碼; null while there is none. */
  blankFile(ban: string, id: string): { name: string; content: Buffer } | null {
    const job = this.jobs(ban).find((one) => one.id === id);
    if (job?.state !== "處理成功") return null;
    const lines = (who: string): Buffer =>
      Buffer.from(
        (this.unused.get(`${ban} ${job.period}`) ?? [])
          .map(({ track, begin, end }, index) =>
            [String(index + 1).padStart(5, "0"), who, job.period, track, begin, end, "07"].join(","),
          )
          .map((line) => `${line}\r\n`)
          .join(""),
      );
    const fault = this.parts.faults.use("download-broken", { ban, at: "platform" });
    const content = fault === null ? lines(ban) : damaged(fault.kind, lines(ban), () => lines(STRANGER));
    this.noteFile(ban, "blank", content, fault?.kind ?? null);
    return { name: `${ban}_${job.period}_blank.csv`, content };
  }

  winners({ platform }: CompanyConfig, period: string): readonly PlatformWinner[] {
    return (platform?.winners ?? []).filter((one) => one.period === period);
  }

  /** 郵寄實體中獎發票. The platform takes a second order for the same invoice as well: nothing hides what was sent twice. */
  mail(
    { company }: PlatformVisitor,
    period: string,
    numbers: readonly string[],
    recipient: Recipient,
  ): MailingRefusal | null {
    const { ban } = company;
    const own = this.winners(company, period);
    const refusal = numbers.some((number) => !own.some((one) => one.number === number))
      ? "no-winner"
      : Object.values(recipient).some((text) => text.trim() === "")
        ? "incomplete"
        : this.parts.faults.use("mailing-refused", { ban })
          ? "no-credit"
          : null;
    for (const number of numbers) {
      this.parts.ledger.append({ type: "platform-mailing", ban, period, number, recipient: recipient.name, refusal });
    }
    if (refusal !== null) return refusal;
    const at = this.parts.clock.now();
    const fresh = numbers.map((number) => ({ period, number, recipient, at }));
    this.mailed.set(ban, [...fresh, ...(this.mailed.get(ban) ?? [])]);
    return null;
  }

  /** 發票寄送歷程 of a period, newest first. */
  deliveries(ban: string, period: string): readonly Delivery[] {
    return (this.mailed.get(ban) ?? []).filter((one) => one.period === period);
  }

  noteFile(ban: string, what: PlatformFile, content: Buffer, broken: Damage | null = null): void {
    const sha256 = createHash("sha256").update(content).digest("hex");
    this.parts.ledger.append({ type: "platform-download", ban, what, bytes: content.length, sha256, broken });
  }
}
