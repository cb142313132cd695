import type { PortalConfig } from "../config.ts";
import { BlankNumbers } from "./blank-numbers/blank-numbers.ts";
import { Carriers } from "./carriers.ts";
import { HurriedClock } from "./clock.ts";
import type { CompanyConfig, NamedPeriod } from "./company.ts";
import { Faults } from "./faults.ts";
import { Ledger } from "./ledger.ts";
import { type Deliver, Mailing } from "./mailing.ts";
import { periodAt, shiftPeriod } from "./periods.ts";
import { Platform } from "./platform/platform.ts";
import { TrackPool } from "./takes/pool.ts";
import { seededRandom } from "./random.ts";
import { SignIn } from "./sign-in.ts";
import { Takes } from "./takes/takes.ts";

/** The portal without its pages. */
export interface World {
  readonly config: PortalConfig;
  readonly clock: HurriedClock;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly companies: Map<string, CompanyConfig>;
  readonly signIn: SignIn;
  readonly takes: Takes;
  readonly blanks: BlankNumbers;
  readonly carriers: Carriers;
  readonly platform: Platform;
  /** Adds a company, or puts another in the place of the one with the same 統一編號. */
  addCompany(company: CompanyConfig): void;
}

export function createWorld(config: PortalConfig, deliver: Deliver): World {
  const clock = new HurriedClock(config.clock.start ?? Date.now(), config.clock.msPerMinute);
  const ledger = new Ledger(clock, config.ledgerFile);
  const faults = new Faults(ledger);
  const companies = new Map<string, CompanyConfig>();
  const random = seededRandom(config.seed);
  const pool = new TrackPool(config.seed, config.pool.runBooks);
  const hadNumbers = (ban: string, period: string): boolean =>
    takes.all().some((entry) => entry.ban === ban && entry.period === period);
  const mailing = new Mailing({ companies, clock, ledger, faults, deliver, hadNumbers });
  const takes = new Takes({
    companies,
    clock,
    ledger,
    faults,
    pool,
    random,
    rules: config.takes,
    onOpened: (entry) => mailing.allocationOpened(entry),
  });
  const allocated = takes.allocatedRuns.bind(takes);
  const blanks = new BlankNumbers({ companies, clock, ledger, faults, settings: config.blank, allocated });
  const carriers = new Carriers(clock, ledger);
  const { batchMinutes } = config.platform;
  const platform = new Platform({ companies, clock, ledger, faults, batchMinutes });
  const signIn = new SignIn(companies, config.signIn, ledger, faults, random);

  const addCompany = (company: CompanyConfig): void => {
    companies.set(company.ban, company);
    const current = periodAt(clock.now());
    const named = { previous: shiftPeriod(current, -1), this: current, next: shiftPeriod(current, 1) };
    const code = (period: NamedPeriod): string =>
      period === "previous" || period === "this" || period === "next" ? named[period] : period;
    for (const { period, by, ...request } of company.taken) {
      takes.recordHistory(company.ban, { ...request, period: code(period) }, by);
    }
    for (const { period, branch, ...run } of company.blank) {
      blanks.recordHistory(company.ban, { ...run, period: code(period), ban: branch ?? company.ban });
    }
    for (const { period, runs } of company.platform?.unused ?? []) platform.setUnused(company.ban, period, runs);
  };
  for (const company of config.companies) addCompany(company);
  for (const holder of config.member.holders) carriers.addHolder(holder);
  for (const card of config.member.cards) carriers.addCard(card);
  return { config, clock, ledger, faults, companies, signIn, takes, blanks, carriers, platform, addCompany };
}
