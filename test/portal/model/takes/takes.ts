import type { HurriedClock } from "../clock.ts";
import type { Category, CompanyConfig, Entry, NumberRun } from "../company.ts";
import type { Faults } from "../faults.ts";
import type { Ledger, TakeRefusal } from "../ledger.ts";
import { dayOfEvenMonth, periodAt, shiftPeriod } from "../periods.ts";
import type { TrackPool } from "./pool.ts";
import { between } from "../random.ts";

export interface TakeRequest {
  readonly period: string;
  readonly category: Category;
  /** 取用本數 */
  readonly books: number;
  /** 增加本數 */
  readonly extraBooks: number;
}

export type TakeResult = { accepted: true; entry: Entry } | { accepted: false; refusal: TakeRefusal };

export interface TakeRules {
  /** Portal minutes from the submit to 已配號，檢核中, shortest and longest. */
  readonly allocateMinutes: readonly [number, number];
  /** Portal minutes from there to 是. */
  readonly checkMinutes: readonly [number, number];
  /** Day of the even month on which the next period is allocated by itself. */
  readonly automaticDay: number;
  /** `accept` lets a second 取號 of the same period through as a second entry: then a doubled submit has a doubled effect. */
  readonly secondTake: "refuse" | "accept";
}

interface Parts {
  readonly companies: Map<string, CompanyConfig>;
  readonly clock: HurriedClock;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly pool: TrackPool;
  readonly random: () => number;
  readonly rules: TakeRules;
  /** Called when numbers can be downloaded. */
  readonly onOpened: (entry: Entry) => void;
}

/** 取號: requests, the rules the server holds them to, and what becomes of them. The same for every design of the pages. */
export class Takes {
  private readonly parts: Parts;
  private readonly entries: Entry[] = [];
  private readonly stuck = new Set<Entry>();

  constructor(parts: Parts) {
    this.parts = parts;
    this.planAutomaticAllocation();
  }

  /** This and the next period by the portal's clock: the only ones that can be taken. */
  openPeriods(): [string, string] {
    const current = periodAt(this.parts.clock.now());
    return [current, shiftPeriod(current, 1)];
  }

  /** 提交取號 by somebody who is signed in. Writes the ledger line, whatever the answer. */
  submit(company: CompanyConfig, account: string, request: TakeRequest): TakeResult {
    this.overtake(company, request);
    const refusal = this.refusal(company, request);
    const other = refusal === null ? this.parts.faults.use("other-books", { ban: company.ban }) : null;
    const entered = { ...request, books: other?.books ?? request.books };
    const entry = refusal === null ? this.accept(company.ban, entered, "own") : null;
    this.parts.ledger.append({
      type: "take-submitted",
      ban: company.ban,
      account,
      ...request,
      accepted: refusal === null,
      refusal,
      entry: entry?.id ?? null,
    });
    if (refusal !== null) return { accepted: false, refusal };
    if (entry === null) throw new Error("an accepted take has an entry");
    const late = this.parts.faults.use("list-late", { ban: company.ban, at: "take" });
    if (late !== null) entry.visibleFrom = this.parts.clock.now() + late.minutes * 60_000;
    return { accepted: true, entry };
  }

  /** A take by somebody the robot knows nothing of: another employee, another program. Asks nobody for permission. */
  takeByOthers(ban: string, request: TakeRequest, by: "someone-else" | "automatic" = "someone-else"): Entry {
    return this.accept(ban, request, by);
  }

  /** What was allocated before the portal opened: done at once, without mail and without a ledger line. */
  recordHistory(ban: string, request: TakeRequest, by: Entry["by"]): void {
    const entry = this.newEntry(ban, request, by);
    const books = request.books + request.extraBooks;
    entry.runs = this.parts.pool.allocate(request.period, request.category, books);
    entry.allocatedBooks = books;
    entry.state = "是";
  }

  /** What the list shows now, by period and category. */
  visible(ban: string): Entry[] {
    const now = this.parts.clock.now();
    return this.entries
      .filter((entry) => entry.ban === ban && entry.visibleFrom <= now)
      .sort((a, b) => a.period.localeCompare(b.period) || a.category.localeCompare(b.category));
  }

  /** The rows of the list: the company's own, and what the fault `foreign-row` puts among them. */
  listed(ban: string): Entry[] {
    const foreign = this.parts.faults.use("foreign-row", { ban });
    if (foreign === null) return this.visible(ban);
    const [, period] = this.openPeriods();
    const row: Entry = {
      id: "B00499999999",
      ban: foreign.of,
      period,
      category: "07",
      books: foreign.books,
      extraBooks: 0,
      by: "own",
      allocatedBooks: foreign.books,
      state: "是",
      stopped: false,
      runs: [],
      visibleFrom: 0,
    };
    return [row, ...this.visible(ban)];
  }

  /** Everything, whether or not a list shows it. */
  all(): Entry[] {
    return structuredClone(this.entries);
  }

  /** 已取用本數: books asked for in that period and category, allocated or not. */
  usedBooks(ban: string, period: string, category: Category): number {
    return this.of(ban, period, category).reduce((sum, entry) => sum + entry.books + entry.extraBooks, 0);
  }

  /** Runs of books that the company has in that period and category, whether or not they can be downloaded yet. */
  allocatedRuns(ban: string, period: string, category: Category): NumberRun[] {
    return this.of(ban, period, category).flatMap(({ runs }) => runs);
  }

  /** Lets the allocations go on that the fault `allocation-stuck` holds. */
  releaseStuck(): void {
    for (const entry of this.stuck) this.open(entry);
    this.stuck.clear();
  }

  private of(ban: string, period: string, category: Category): Entry[] {
    return this.entries.filter((entry) => entry.ban === ban && entry.period === period && entry.category === category);
  }

  private refusal(company: CompanyConfig, request: TakeRequest): TakeRefusal | null {
    const { period, category, books, extraBooks } = request;
    if (company.status !== "正常") return "company-suspended";
    if (company.mailboxList.length === 0) return "mailbox-list-missing";
    if (!this.openPeriods().includes(period)) return "not-in-window";
    if (books + extraBooks < 1) return "nothing-asked";
    const known = this.of(company.ban, period, category);
    if (known.length > 0 && this.parts.rules.secondTake === "refuse") {
      if (books > 0) return "already-taken";
      if (known.some((entry) => entry.state !== "是")) return "allocation-pending";
    }
    const used = this.usedBooks(company.ban, period, category);
    return used + books + extraBooks > company.quota ? "beyond-quota" : null;
  }

  private accept(ban: string, request: TakeRequest, by: Entry["by"]): Entry {
    const [known] = this.of(ban, request.period, request.category);
    const increase = known !== undefined && request.books === 0;
    const entry = increase ? known : this.newEntry(ban, request, by);
    if (increase) entry.extraBooks += request.extraBooks;
    this.allocate(entry, request.books + request.extraBooks, by);
    return entry;
  }

  private newEntry(ban: string, request: TakeRequest, by: Entry["by"]): Entry {
    const entry: Entry = {
      id: `B004${String(this.entries.length + 1).padStart(8, "0")}`,
      ban,
      ...request,
      by,
      allocatedBooks: 0,
      state: "否",
      stopped: false,
      runs: [],
      visibleFrom: this.parts.clock.now(),
    };
    this.entries.push(entry);
    return entry;
  }

  private allocate(entry: Entry, books: number, by: Entry["by"]): void {
    const { clock, ledger, pool, random, rules, faults } = this.parts;
    const { ban, period, category } = entry;
    entry.state = "否";
    clock.afterMinutes(between(rules.allocateMinutes, random), () => {
      const runs = pool.allocate(period, category, books);
      entry.runs.push(...runs);
      entry.allocatedBooks += books;
      entry.state = "已配號，檢核中";
      ledger.append({ type: "allocation", ban, period, category, by, entry: entry.id, books, runs });
      clock.afterMinutes(between(rules.checkMinutes, random), () => {
        if (faults.use("allocation-stuck", { ban }) === null) this.open(entry);
        else this.stuck.add(entry);
      });
    });
  }

  private open(entry: Entry): void {
    const { ban, period, category, id } = entry;
    entry.state = "是";
    this.parts.ledger.append({ type: "allocation-opened", ban, period, category, entry: id });
    this.parts.onOpened(entry);
  }

  private overtake({ ban }: CompanyConfig, request: TakeRequest): void {
    const { faults } = this.parts;
    const stranger = faults.use("someone-else-at-submit", { ban, at: "take" });
    if (stranger !== null) this.takeByOthers(ban, { ...request, books: stranger.books ?? request.books });
    const automatic = faults.use("automatic-at-submit", { ban });
    if (automatic !== null) {
      this.takeByOthers(ban, { ...request, books: automatic.books ?? request.books, extraBooks: 0 }, "automatic");
    }
  }

  /** On its day of every even month, whether or not anybody looks; a day that has passed when the clock starts is left alone. */
  private planAutomaticAllocation(): void {
    const { clock, rules } = this.parts;
    const current = periodAt(clock.now());
    const thisTime = dayOfEvenMonth(current, rules.automaticDay);
    const period = thisTime > clock.now() ? current : shiftPeriod(current, 1);
    clock.at(dayOfEvenMonth(period, rules.automaticDay), () => {
      this.allocateNextPeriod(period);
      this.planAutomaticAllocation();
    });
  }

  private allocateNextPeriod(period: string): void {
    const next = shiftPeriod(period, 1);
    for (const { ban } of this.parts.companies.values()) {
      for (const category of ["07", "08"] as const) {
        const books = this.usedBooks(ban, period, category);
        if (books === 0 || this.of(ban, next, category).length > 0) continue;
        this.takeByOthers(ban, { period: next, category, books, extraBooks: 0 }, "automatic");
      }
    }
  }
}
