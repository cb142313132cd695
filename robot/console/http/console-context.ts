import type { Context } from "hono";
import type { Config } from "../../config/schema.ts";
import type { AnyFlow } from "../../engine/flow.ts";
import type { Robot } from "../../engine/workflow/robot.ts";
import type { Store } from "../../store/store.ts";
import type { Log } from "../../log/log.ts";
import type { SettingsStore } from "./settings-store.ts";
import type { SignInAttempts } from "../access/attempts.ts";
import type { Session } from "../access/sessions.ts";

/** What the console is given to show and to act with. */
export interface ConsoleContext {
  readonly store: Store;
  readonly flows: readonly AnyFlow[];
  readonly robot: Pick<Robot, "submit" | "answer" | "cancel" | "trouble" | "pagesNoted">;
  readonly log: Pick<Log, "write">;
  /** As it is now: it changes when a person saves settings. */
  config(): Config;
  readonly settings: SettingsStore;
  /** Whether a person has agreed to submits at this portal, and the agreement. */
  isLiveConfirmed(): Promise<boolean>;
  confirmLive(): Promise<void>;
  now(): Date;
}

export type Env = { Variables: { session: Session; attempts: SignInAttempts } };
export type RequestContext = Context<Env>;
