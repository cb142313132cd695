import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import type { BrowserHost } from "../browser/launch.ts";
import type { CommonVisit } from "../visits/visit.ts";
import { type PickDialog, pickAt } from "./pick-at-browser.ts";
import { approvalModeOf } from "./approval-mode.ts";
import { isConsoleAddress } from "../config/parts/console.ts";
import { companyOf } from "../config/load.ts";
import type { CompanyConfig, Config } from "../config/schema.ts";
import type { EffectPoint } from "../engine/effects/effect-context.ts";
import { here } from "../lib/process-identity.ts";
import { Busy } from "../store/lease.ts";
import { outcomeOf, type RunSession } from "../engine/workflow/robot.ts";
import { ledgerTeachings } from "../engine/people/ledger-teachings.ts";
import type { RunRow } from "../engine/runs/runs.ts";
import type { Store } from "../store/store.ts";
import { portalHosts, siteOrigin, siteOpeners } from "../visits/sites.ts";
import { Failure, failureData, passingFailures } from "../failures/failure.ts";
import { assertLive } from "./live-consent.ts";
import { logEvents } from "../log/events.ts";
import type { Log } from "../log/log.ts";
import type { CaptchaReader } from "../login/captcha/reader.ts";
import { mailboxCredentials } from "../mail/credentials.ts";
import { companyMailbox } from "../mail/notices.ts";
import type { WinnerMailPoint } from "../mail/out/winner-mails.ts";
import type { EventLine } from "../recording/format/chain.ts";
import { keepHead } from "../recording/verification/heads.ts";
import { keptFiles } from "../recording/writing/kept-files.ts";
import { openRecorder, type Recorder, RecordingError } from "../recording/writing/recorder.ts";
import { Redactor } from "../recording/redaction/redactor.ts";
import { openSecretStore } from "../secrets/store.ts";
import { robotVersion } from "./version.ts";
import { ownPorts } from "./own-ports.ts";

export interface TestHooks {
  /** Called at each point of each effect. For drills that end the process there; nothing else uses it. */
  readonly point?: (effect: string, point: EffectPoint) => Promise<void>;
  /** The same for letters to people outside. */
  readonly winnerMailPoint?: (letter: string, point: WinnerMailPoint) => Promise<void>;
  /** Who reads captchas instead of the robot: a person, or another engine. */
  readonly captcha?: CaptchaReader;
  /**
   * A person sits at this machine and reads the captchas (`captcha`); what only a person may do (pass an access challenge, change the
   * password) is waited for in the browser's window.
   */
  readonly attended?: boolean;
  /** A person sits at the window, and shows what is not found on the portal's pages. */
  readonly pick?: PickDialog;
  /** The browser in which visits are made, instead of one of this application's. */
  readonly browser?: BrowserHost;
}

interface SessionParts {
  readonly config: Config;
  readonly store: Store;
  readonly host: BrowserHost;
  readonly captcha: () => Promise<CaptchaReader>;
  readonly hooks: TestHooks;
  readonly log: Log;
  /** Name of a flow for people. */
  readonly titleOf: (flow: string) => string;
  /** Wakes the runs that wait for a page of the portal. */
  readonly pagesNoted: () => Promise<void>;
}

/** Opens what belongs to one run for the time of one pass. @throws Busy, Failure */
export async function openSession(run: RunRow, parts: SessionParts): Promise<RunSession> {
  const { config, store } = parts;
  const company = companyOf(config, run.ubn);
  // One redactor a session: a worker that runs for days must not remember every token of every visit.
  const redactor = new Redactor();
  const log = parts.log.ofRun(run.id, redactor);
  const recorder = await record(run, company, config, redactor, logEvents(log), titleOf(run, parts)).catch(
    (error: unknown) => {
      log.write("error", "the run can't be recorded", { why: String(error) });
      log.close();
      throw error;
    },
  );
  try {
    return await openWith(run, company, recorder, redactor, parts);
  } catch (error) {
    await recorder.event("session.failed", { why: error instanceof Failure ? { ...error.toData() } : String(error) });
    await closeFailed(recorder, error);
    await letGo();
    throw error;
  }

  async function letGo(): Promise<void> {
    // What shows later that the record was cut short must not itself keep a run from ending.
    await keepHead(store, run.id, recorder.head, new Date()).catch((error: unknown) =>
      log.write("warn", "the head of the record was not kept", { why: String(error) }),
    );
    log.close();
  }

  async function openWith(
    run: RunRow,
    company: CompanyConfig,
    recorder: Recorder,
    redactor: Redactor,
    { host, captcha, hooks }: SessionParts,
  ): Promise<RunSession> {
    const secrets = await openSecretStore(config.secrets, redactor);
    const { mailbox } = config;
    const asking = { timeout: config.portal.questionTimeout, answerers: company.answerers };
    const assertMayPress = async (): Promise<void> => {
      if (run.rehearsal) throw new Error("A rehearsal was about to press something; it must not.");
      await assertLive(config, store);
      await recorder.assertRoom();
    };
    let visits = await visitsSoFar(recorder.folder);
    const common = (): CommonVisit => ({
      host,
      store,
      recorder,
      redactor,
      log,
      holder: `${here.id}/${run.id}/${randomUUID()}`,
      maxVisits: config.portal.maxVisits,
      allowedHosts: portalHosts(config),
      isConsole: (url) => isConsoleAddress(config.console, url),
      sendOnce: config.portal.sendOnce,
      number: ++visits,
    });
    return {
      folder: recorder.folder,
      context: {
        company: {
          name: company.name,
          ubn: company.ubn,
          noticeAddress: company.noticeAddress ?? null,
          notified: {
            addresses: [...(company.noticeAddress ? [company.noticeAddress] : []), ...(company.noticeList ?? [])],
            whole: company.noticeList !== undefined,
          },
          branches: config.files.branches.find(({ head }) => head === company.ubn)?.branches ?? [],
          blanksReportedBy: company.blanksReportedBy ?? null,
        },
        formats: { ...config.files, carrierPage: config.carriers.memberPage },
        addressOf: ({ kind }) => siteOrigin(config, company, kind),
        approvalMode: (effect) => approvalModeOf(config, company, effect),
        timing: {
          ...config.portal,
          retry: { on: passingFailures(), ...config.portal.retry },
        },
        answerers: company.answerers,
        recorder,
        files: keptFiles(store, recorder, run),
        ledgerTeachings: ledgerTeachings(store, run),
        own: (isStopping) =>
          ownPorts({
            config,
            store,
            run,
            secrets,
            redactor,
            pagesNoted: parts.pagesNoted,
            record: (type, data) => recorder.event(type, data),
            assertMayPress,
            isStopping,
            point: hooks.winnerMailPoint ?? (() => Promise.resolve()),
          }),
        mailbox: companyMailbox(
          mailbox ?? null,
          company,
          config.companies.map(({ ubn }) => ubn),
          (box) => mailboxCredentials(box, secrets, redactor),
        ),
        siteOpeners: siteOpeners({
          config,
          company,
          run,
          store,
          secrets,
          asking,
          attended: hooks.attended ?? false,
          pick: hooks.pick === undefined ? null : pickingWith(hooks.pick, config.portal.parts),
          captcha,
          common,
        }),
        assertMayPress,
        point: hooks.point ?? (() => Promise.resolve()),
      },
      end: async ({ outcome, failure, result }) => {
        await recorder.end({ outcome, failure, summary: result === null ? null : { ...result } });
        await letGo();
      },
      suspend: async () => {
        await recorder.suspend();
        await letGo();
      },
    };
  }
}

function pickingWith(dialog: PickDialog, file: string): (page: Page) => void {
  return (page) => pickAt(page, dialog, file);
}

/** Wherever the record is read, its title says that nothing was sent. */
function titleOf({ flow, rehearsal }: RunRow, parts: SessionParts): string {
  const title = parts.titleOf(flow);
  return rehearsal ? `${title}（演練，沒有送出）` : title;
}

/** A run that could not be begun ends with that failure: its record ends too, so that both say the same. */
async function closeFailed(recorder: Recorder, error: unknown): Promise<void> {
  if (!(error instanceof Failure)) return recorder.suspend();
  const { code, message, next } = failureData(error.code, error.detail);
  await recorder
    .end({ outcome: outcomeOf(error.code), failure: { code, message, next } })
    .catch(() => recorder.suspend());
}

/** Visits are numbered through the whole run, over all its passes. */
async function visitsSoFar(folder: string): Promise<number> {
  const events = await readFile(join(folder, "events.jsonl"), "utf8");
  return events.split("\n").filter((line) => line.includes('"type":"visit.began"')).length;
}

async function record(
  run: RunRow,
  company: CompanyConfig,
  config: Config,
  redactor: Redactor,
  noted: (event: EventLine) => void,
  title: string,
): Promise<Recorder> {
  try {
    return await openRecorder({
      root: config.recordings.folder,
      redactor,
      noted,
      header: {
        runId: run.id,
        flow: run.flow,
        flowVersion: String(run.flowVersion),
        title,
        company: { name: company.name, ubn: company.ubn },
        input: run.input,
        startedBy: run.startedBy,
        startedAt: run.createdAt,
        versions: { robot: robotVersion(), node: process.version },
      },
    });
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    if (error.problem === "busy") throw new Busy(error.message);
    throw new Failure("record-damaged", { wanted: run.id, seen: error.message }, { cause: error });
  }
}
