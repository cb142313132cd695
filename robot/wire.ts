import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { downloadTracks } from "../flows/download-tracks.ts";
import { notifyWinners } from "../flows/notify-winners.ts";
import { takeTracks } from "../flows/take-tracks.ts";
import { checkMissingUploads } from "../flows/check-missing-uploads.ts";
import { correctBlankNumbers } from "../flows/correct-blank-numbers.ts";
import { downloadFailureDetails } from "../flows/download-failure-details.ts";
import { bindCarrier } from "../flows/bind-carrier.ts";
import { fetchWinningList } from "../flows/fetch-winning-list.ts";
import { keepNoticeList } from "../flows/keep-notice-list.ts";
import { learnFileFormats } from "../flows/learn-file-formats.ts";
import { platformBlankNumbers } from "../flows/platform-blank-numbers.ts";
import { platformWinningList } from "../flows/platform-winning-list.ts";
import { uploadBlankNumbers } from "../flows/upload-blank-numbers.ts";
import { verifyBlankNumbers } from "../flows/verify-blank-numbers.ts";
import { type BrowserHost, browserHost } from "./browser/launch.ts";
import { openCarrierVisit } from "./browser/carrier-visit.ts";
import { openPlatformVisit } from "./browser/platform-visit.ts";
import { openVisit, type VisitWorld } from "./browser/visit.ts";
import {
  carrierCodeName,
  companyOf,
  holderAccount,
  isLoopback,
  platformAccountName,
  platformPasswordName,
  portalAccount,
  portalPasswordName,
} from "./config/load.ts";
import type { CompanyConfig, Config } from "./config/schema.ts";
import type { EffectPoint } from "./engine/effect.ts";
import type { AnyFlow, WaitTiming } from "./engine/flow.ts";
import { here } from "./engine/here.ts";
import { Busy } from "./engine/lease.ts";
import { openRobot, type Robot, type RunSession } from "./engine/robot.ts";
import type { RunRow } from "./engine/runs.ts";
import { openStore, type Store, type StoreConfig } from "./engine/store.ts";
import { Failure, type FailureCode } from "./failures.ts";
import { attemptsOf, heedAnswer } from "./login/attempts.ts";
import { openCaptchaReader } from "./login/captcha/engine.ts";
import type { CaptchaReader } from "./login/captcha/reader.ts";
import { logEvents } from "./log/events.ts";
import { type Log, openLog } from "./log/log.ts";
import { captchaByQuestion } from "./login/ask-captcha.ts";
import { signIn } from "./login/sign-in.ts";
import { readByPerson, whileTrusted } from "./login/trust.ts";
import { mailboxProof } from "./mail/access.ts";
import { noticesOf } from "./mail/notices.ts";
import { postWith } from "./mail/out/smtp-access.ts";
import { type LetterPoint, winnerPost } from "./mail/out/winner-post.ts";
import type { EventLine } from "./recording/chain.ts";
import { keepHead } from "./recording/heads.ts";
import { keptFiles } from "./recording/kept-files.ts";
import { openRecorder, type Recorder, RecordingError } from "./recording/recorder.ts";
import { Redactor } from "./recording/redactor.ts";
import { openSecretStore } from "./secrets/store.ts";
import { sealedLists } from "./winning/sealed-lists.ts";

/** Every flow there is. */
export const FLOWS: readonly AnyFlow[] = [
  takeTracks,
  downloadTracks,
  uploadBlankNumbers,
  verifyBlankNumbers,
  downloadFailureDetails,
  correctBlankNumbers,
  learnFileFormats,
  keepNoticeList,
  bindCarrier,
  checkMissingUploads,
  fetchWinningList,
  notifyWinners,
  platformBlankNumbers,
  platformWinningList,
];

/** Name of the setting that says that a person has agreed to submits at a real portal. */
const LIVE = "live-confirmed";

/** Trouble that may be over a little later, without anyone doing anything. */
const PASSING: readonly FailureCode[] = ["portal-down", "portal-slow", "session-expired", "captcha-unreadable"];

export interface Wiring {
  /** Called at each point of each effect. For drills that end the process there; nothing else uses it. */
  readonly point?: (effect: string, point: EffectPoint) => Promise<void>;
  /** The same for letters to people outside. */
  readonly letterPoint?: (letter: string, point: LetterPoint) => Promise<void>;
  /** Who reads captchas instead of the robot: a person, or another engine. */
  readonly captcha?: CaptchaReader;
  /**
   * A person sits at this machine and reads the captchas (`captcha`); what only a person may do (pass an access challenge, change the
   * password) is waited for in the browser's window.
   */
  readonly attended?: boolean;
}

export interface Assembled {
  readonly robot: Robot;
  readonly log: Log;
  readonly store: Store;
  /** A person agrees, once per installation, that this robot submits at a portal that is not on this machine. */
  confirmLive(): Promise<void>;
  /** Whether that is so, or the portal is on this machine and nobody need agree. */
  isLiveConfirmed(): Promise<boolean>;
  /** From now on sessions are opened with this configuration. Store, recordings, log and browser stay those of the beginning. */
  adopt(config: Config): void;
  close(): Promise<void>;
}

/**
 * Puts the robot together from its configuration. Nothing is started before `robot.work`.
 * @throws Failure `store-unavailable`
 */
export async function assemble(config: Config, wiring: Wiring = {}): Promise<Assembled> {
  const storeConfig = await storeConfigOf(config);
  const store = await openStore(storeConfig);
  const log = await openLog(config.log);
  const host = browserHost(config.browser);
  let current = config;
  let reader: Promise<CaptchaReader> | null = null;
  const captcha = (): Promise<CaptchaReader> =>
    (reader ??= wiring.captcha ? Promise.resolve(wiring.captcha) : openCaptchaReader(config.captcha.engine));
  const robot = await openRobot({
    store,
    storeConfig,
    flows: FLOWS,
    onAnswer: (question) => heedAnswer(store, question),
    openSession: (run) => openSession(run, { config: current, store, host, captcha, wiring, log }),
  }).catch(async (error: unknown) => {
    await store.destroy();
    await log.close();
    throw error;
  });
  return {
    robot,
    store,
    log,
    async confirmLive() {
      const at = new Date().toISOString();
      await store
        .insertInto("settings")
        .values({ name: LIVE, value: at })
        .onConflict((oc) => oc.column("name").doNothing())
        .execute();
    },
    isLiveConfirmed: () => isLive(current, store),
    adopt(next) {
      current = next;
    },
    async close() {
      await robot.close();
      await (await reader)?.close();
      await log.close();
    },
  };
}

/**
 * The run database with its password, where it has one.
 * @throws Failure `secret-missing`, `keychain-locked` or `keychain-denied`
 */
export async function storeConfigOf({ store, secrets }: Config): Promise<StoreConfig> {
  if (store.kind === "sqlite") return store;
  const { kind, url, passwordSecret } = store;
  if (passwordSecret === null) return { kind, url };
  const password = await (await openSecretStore(secrets, new Redactor())).get(passwordSecret);
  return { kind, url, password };
}

interface SessionParts {
  readonly config: Config;
  readonly store: Store;
  readonly host: BrowserHost;
  readonly captcha: () => Promise<CaptchaReader>;
  readonly wiring: Wiring;
  readonly log: Log;
}

async function openSession(run: RunRow, parts: SessionParts): Promise<RunSession> {
  const { config, store } = parts;
  const company = companyOf(config, run.ubn);
  // One redactor a session: a worker that runs for days must not remember every token of every visit.
  const redactor = new Redactor();
  const log = parts.log.ofRun(run.id, redactor);
  const recorder = await record(run, company, config, redactor, logEvents(log)).catch((error: unknown) => {
    log.write("error", "the run can't be recorded", { why: String(error) });
    log.close();
    throw error;
  });
  try {
    return await openWith(run, company, recorder, redactor, parts);
  } catch (error) {
    await recorder.event("session.failed", { why: error instanceof Failure ? { ...error.toData() } : String(error) });
    await recorder.suspend();
    log.close();
    throw error;
  }

  async function openWith(
    run: RunRow,
    company: CompanyConfig,
    recorder: Recorder,
    redactor: Redactor,
    { host, captcha, wiring }: SessionParts,
  ): Promise<RunSession> {
    const secrets = await openSecretStore(config.secrets, redactor);
    const { mailbox } = config;
    const letGo = async (): Promise<void> => {
      // What shows later that the record was cut short must not itself keep a run from ending.
      await keepHead(store, run.id, recorder.head, new Date()).catch((error: unknown) =>
        log.write("warn", "the head of the record was not kept", { why: String(error) }),
      );
      log.close();
    };
    const asking = { openFor: config.portal.question, mayAnswer: company.answeredBy };
    const assertMayPress = async (): Promise<void> => {
      await assertLive(config, store);
      await recorder.assertRoom();
    };
    let visits = await visitsSoFar(recorder.folder);
    const common = (): Omit<VisitWorld<unknown>, "account" | "followsWindows" | "passwordOutdated" | "enter"> => ({
      host,
      store,
      recorder,
      redactor,
      holder: `${here.id}/${run.id}/${randomUUID()}`,
      maxVisits: config.portal.maxVisits,
      allowedHosts: [new URL(config.portal.address).host, ...config.portal.hosts],
      sendOnce: config.portal.sendOnce,
      number: ++visits,
    });
    return {
      folder: recorder.folder,
      world: {
        company: {
          name: company.name,
          ubn: company.ubn,
          noticeAddress: mailbox ? (company.noticeAddress ?? null) : null,
          notified: {
            addresses: [...(company.noticeAddress ? [company.noticeAddress] : []), ...(company.noticeList ?? [])],
            whole: company.noticeList !== undefined,
          },
          branches: config.files.branches.find(({ head }) => head === company.ubn)?.branches ?? [],
          blanksReportedBy: company.blanksReportedBy ?? null,
        },
        formats: { ...config.files, carrierPage: config.carriers.memberPage },
        allowed: { correctBlankNumbers: config.blankNumbers.correctWithoutAsking },
        timing: {
          ...config.portal,
          imported: importedTiming(config.portal.imported),
          made: listTiming(config.platform.made),
          retry: { on: PASSING, ...config.portal.retry },
        },
        mayAnswer: company.answeredBy,
        recorder,
        files: keptFiles(store, recorder, run),
        sealedLists: sealedLists(config.winningList),
        winnerPost: (isStopping) =>
          winnerPost({
            store,
            run,
            settings: config.winningList.notify,
            post: config.mail ? postWith(config.mail, secrets, redactor) : null,
            record: (type, data) => recorder.event(type, data),
            assertMayPress,
            isStopping,
            point: wiring.letterPoint ?? (() => Promise.resolve()),
          }),
        mailbox: noticesOf(
          mailbox ?? null,
          company,
          config.companies.map(({ ubn }) => ubn),
          (box) => mailboxProof(box, secrets, redactor),
        ),
        entrances: {
          portal: async (_to, { help: offered, isStopping }) => {
            const visit = common();
            const password = await secrets.get(portalPasswordName(company));
            const user = company.user ?? company.ubn;
            const account = portalAccount(company);
            const attempts = attemptsOf(store, account, run.id, asking, offered?.since ?? null);
            const help = offered !== null && !(await attempts.isOver(offered)) ? offered : null;
            return openVisit({
              ...visit,
              account,
              followsWindows: false,
              passwordOutdated: () => attempts.outdated(),
              enter: async (windows, { record, picture }) => {
                const shell = await signIn({
                  ...windows.main,
                  address: new URL(config.portal.signInPath, config.portal.address).href,
                  account: { ubn: company.ubn, user, identity: company.identity, password },
                  limits: config.captcha,
                  attended: help?.by === "acting" || (wiring.attended ?? false),
                  captcha:
                    help?.by === "typing" && !wiring.attended
                      ? captchaByQuestion(
                          store,
                          run.id,
                          { ...asking, openFor: config.captcha.answerWithin },
                          isStopping,
                        )
                      : wiring.attended
                        ? readByPerson(await captcha())
                        : whileTrusted(await captcha(), store),
                  isStopping,
                  attempts,
                  record,
                  picture,
                });
                return {
                  site: shell,
                  event: "visit.signed-in",
                  about: { design: shell.design },
                  leave: () => shell.signOut(),
                };
              },
            });
          },
          carrier: (door) =>
            openCarrierVisit(common(), door, {
              hosts: config.carriers.hosts,
              attended: wiring.attended ?? false,
              code: (phone) => secrets.get(carrierCodeName(phone)),
              attempts: (phone) => attemptsOf(store, holderAccount(phone), run.id, asking, null),
            }),
          platform: async () => {
            const at = company.platform;
            if (at === undefined) {
              const seen = `設定檔裡${company.name}沒有 platform（加值平台的網址與帳號）`;
              throw new Failure("config-invalid", { wanted: "加值平台的帳號", seen });
            }
            const password = await secrets.get(platformPasswordName(at));
            const attempts = attemptsOf(store, platformAccountName(at), run.id, asking);
            return openPlatformVisit(common(), { at, ubn: company.ubn, password, attempts });
          },
        },
        assertMayPress,
        point: wiring.point ?? (() => Promise.resolve()),
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

/** Of an import no mail tells: only the portal's list does. */
function importedTiming({ every, justAfter, giveUp }: Config["portal"]["imported"]): WaitTiming {
  const look = { first: every, every, ...(justAfter === null ? {} : { justAfter }) };
  return { source: "list", mail: look, list: look, giveUp };
}

/** What only a list tells, at any time. */
function listTiming({ first, every, giveUp }: Config["platform"]["made"]): WaitTiming {
  return { source: "list", mail: { first, every }, list: { first, every }, giveUp };
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
): Promise<Recorder> {
  const flow = FLOWS.find(({ name }) => name === run.flow);
  try {
    return await openRecorder({
      root: config.recordings.folder,
      redactor,
      noted,
      header: {
        runId: run.id,
        flow: run.flow,
        flowVersion: String(run.flowVersion),
        title: flow?.title ?? run.flow,
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

async function isLive(config: Config, store: Store): Promise<boolean> {
  const platforms = config.companies.flatMap(({ platform }) => (platform ? [platform.address] : []));
  if ([config.portal.address, ...platforms].every((address) => isLoopback(address))) return true;
  const agreed = await store.selectFrom("settings").select("value").where("name", "=", LIVE).executeTakeFirst();
  return agreed !== undefined;
}

async function assertLive(config: Config, store: Store): Promise<void> {
  if (!(await isLive(config, store))) throw new Failure("live-not-confirmed", { wanted: config.portal.address });
}

/** The robot's own version, out of package.json. */
export function robotVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? "unknown";
}
