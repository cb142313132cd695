import { downloadTracks } from "../../flows/download-tracks.ts";
import { notifyWinners } from "../../flows/notify-winners.ts";
import { takeTracks } from "../../flows/take-tracks.ts";
import { checkMissingUploads } from "../../flows/check-missing-uploads.ts";
import { correctBlankNumbers } from "../../flows/correct-blank-numbers.ts";
import { downloadFailureDetails } from "../../flows/download-failure-details.ts";
import { bindCarrier } from "../../flows/bind-carrier.ts";
import { fetchWinningList } from "../../flows/fetch-winning-list.ts";
import { keepNoticeList } from "../../flows/keep-notice-list.ts";
import { learnFileFormats } from "../../flows/learn-file-formats.ts";
import { platformBlankNumbers } from "../../flows/platform-blank-numbers.ts";
import { platformWinningList } from "../../flows/platform-winning-list.ts";
import { uploadBlankNumbers } from "../../flows/upload-blank-numbers.ts";
import { verifyBlankNumbers } from "../../flows/verify-blank-numbers.ts";
import { browserHost } from "../browser/launch.ts";
import type { Config } from "../config/schema.ts";
import type { AnyFlow } from "../engine/flow.ts";
import { openRobot, type Robot } from "../engine/workflow/robot.ts";
import { openStore, type Store, type StoreConfig } from "../store/store.ts";
import { confirmLive, isLive } from "./live-consent.ts";
import { type Log, openLog } from "../log/log.ts";
import { heedAnswer } from "../login/attempts.ts";
import { openCaptchaReader } from "../login/captcha/engine.ts";
import type { CaptchaReader } from "../login/captcha/reader.ts";
import { Redactor } from "../recording/redaction/redactor.ts";
import { openSecretStore } from "../secrets/store.ts";
import { openSession, type Wiring } from "./run-session.ts";

export type { Wiring } from "./run-session.ts";

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
  const titleOf = (flow: string): string => FLOWS.find(({ name }) => name === flow)?.title ?? flow;
  const robot = await openRobot({
    store,
    storeConfig,
    flows: FLOWS,
    onAnswer: (question) => heedAnswer(store, question),
    openSession: (run) => openSession(run, { config: current, store, host, captcha, wiring, log, titleOf }),
  }).catch(async (error: unknown) => {
    await store.destroy();
    await log.close();
    throw error;
  });
  return {
    robot,
    store,
    log,
    confirmLive: () => confirmLive(store),
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
