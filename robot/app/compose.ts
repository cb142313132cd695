import { FLOWS } from "../../flows/index.ts";
import { browserHost } from "../browser/launch.ts";
import { portalOrigin } from "../config/portal-origin.ts";
import type { Config } from "../config/schema.ts";
import { openRobot, type Robot } from "../engine/workflow/robot.ts";
import { openStore, type Store } from "../store/store.ts";
import { storeConfigOf } from "./store-config.ts";
import { assertKnownActs } from "./approval-mode.ts";
import { confirmLive, isLive } from "./live-consent.ts";
import { type Log, openLog } from "../log/log.ts";
import { applyAccountAnswer } from "../login/attempts.ts";
import { openCaptchaReader } from "../login/captcha/engine.ts";
import type { CaptchaReader } from "../login/captcha/reader.ts";
import { openSession, type TestHooks } from "./run-session.ts";

export type { TestHooks } from "./run-session.ts";

export interface App {
  readonly robot: Robot;
  readonly log: Log;
  readonly store: Store;
  /** A person agrees, once per installation and address, that this robot submits at sites that are not on this machine. */
  confirmLive(): Promise<void>;
  /** Whether that is so, or the portal is on this machine and nobody need agree. */
  isLiveConfirmed(): Promise<boolean>;
  /** From now on sessions are opened with this configuration. Store, recordings, log and browser stay those of the beginning. */
  adopt(config: Config): void;
  close(): Promise<void>;
}

/**
 * Puts the robot together from its configuration. Nothing is started before `robot.work`.
 * @throws Failure `store-unavailable`, `config-invalid`
 */
export async function createApp(config: Config, hooks: TestHooks = {}): Promise<App> {
  assertKnownActs(config, FLOWS);
  const storeConfig = await storeConfigOf(config);
  const store = await openStore(storeConfig);
  const log = await openLog(config.log);
  const host = hooks.browser ?? browserHost(config.browser);
  let current = config;
  let reader: Promise<CaptchaReader> | null = null;
  const captcha = (): Promise<CaptchaReader> =>
    (reader ??= hooks.captcha ? Promise.resolve(hooks.captcha) : openCaptchaReader(config.captcha.engine));
  const titleOf = (flow: string): string => FLOWS.find(({ name }) => name === flow)?.title.zh ?? flow;
  const robot: Robot = await openRobot({
    store,
    storeConfig,
    flows: FLOWS,
    onAnswer: (question) => applyAccountAnswer(store, question),
    portalAddress: () => portalOrigin(current),
    openSession: (run) =>
      openSession(run, {
        config: current,
        store,
        host,
        captcha,
        hooks,
        log,
        titleOf,
        pagesNoted: () => robot.pagesNoted(),
      }),
  }).catch(async (error: unknown) => {
    await store.destroy();
    await log.close();
    throw error;
  });
  return {
    robot,
    store,
    log,
    confirmLive: () => confirmLive(current, store),
    isLiveConfirmed: () => isLive(current, store),
    adopt(next) {
      assertKnownActs(next, FLOWS);
      current = next;
    },
    async close() {
      await robot.close();
      await (await reader)?.close();
      await log.close();
    },
  };
}
