import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import type { RollingFile } from "pino-roll";
import roll from "pino-roll";
import type { Json } from "../lib/json.ts";
import { withoutTokens } from "../recording/redaction/opaque.ts";
import type { Redactor } from "../recording/redaction/redactor.ts";

export type Level = "debug" | "info" | "warn" | "error";

/** What else a line says; values are redacted like everything that is kept. */
export type About = { readonly [name: string]: Json | undefined };

export interface LogSettings {
  readonly folder: string;
  /** The least that is written; `silent` writes nothing and makes no file. */
  readonly level: Level | "silent";
  /** Size in bytes at which a new file is begun; each day begins one too. */
  readonly maxBytes: number;
  /** How many files are kept. */
  readonly keep: number;
}

/** The log of this process: one JSON line each, time in UTC. Writing never throws and never waits. */
export interface Log {
  write(level: Level, message: string, about?: About): void;
  /** Lines about one run, with its id, redacted with what was a secret of it. Close it when the run is let go of. */
  ofRun(runId: string, redactor: Redactor): RunLog;
  close(): Promise<void>;
}

export interface RunLog {
  /** Whether lines of this level are written, for those that cost something to make. */
  writes(level: Level): boolean;
  write(level: Level, message: string, about?: About): void;
  close(): void;
}

/** A line may still come when its run has been let go of, so its secrets are remembered for this many more runs. */
const REMEMBERED = 16;
/** Bytes that wait to be written where the disk is full; more are dropped. */
const MOST_WAITING = 1_000_000;

/** Opens the log files of this process. Several processes may write to the same folder. */
export async function openLog(settings: LogSettings): Promise<Log> {
  if (settings.level === "silent") return SILENT;
  const file = await openFile(settings);
  const secrets = new KnownSecrets();
  const logger = pino(
    {
      level: settings.level,
      timestamp: pino.stdTimeFunctions.isoTime,
      base: { pid: process.pid },
      formatters: { level: (level) => ({ level }) },
      hooks: { streamWrite: (line) => secrets.text(line) },
    },
    file,
  );
  let isClosed = false;
  const writer =
    (to: typeof logger, redactor: Redactor | null) =>
    (level: Level, message: string, about: About = {}): void => {
      if (isClosed) return;
      const safe = redactor?.value(about) ?? about;
      to[level](safe, redactor?.text(message) ?? message);
    };
  return {
    write: writer(logger, null),
    ofRun(runId, redactor) {
      secrets.add(redactor);
      return {
        writes: (level) => logger.isLevelEnabled(level),
        write: writer(logger.child({ run: runId }), redactor),
        close: () => secrets.forgetLater(redactor),
      };
    },
    close: () =>
      new Promise((closed) => {
        isClosed = true;
        file.once("close", closed);
        // Not `end`, which waits for ever for what a full disk did not take; whatever could be written has been.
        file.destroy();
      }),
  };
}

async function openFile({ folder, maxBytes, keep }: LogSettings): Promise<RollingFile> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = await roll({
    file: join(folder, "robot"),
    extension: ".log",
    size: `${maxBytes}b`,
    frequency: "daily",
    dateFormat: "yyyy-MM-dd",
    limit: { count: keep, removeOtherLogFiles: true },
    // A process that is killed leaves all that it had said.
    sync: true,
    mode: 0o600,
    maxLength: MOST_WAITING,
  });
  // A full disk stops what has to be recorded, and that says so; the log alone stops nothing.
  file.on("error", () => undefined);
  return file;
}

/** The secrets of all runs that are open in this process, and of the last ones that were. */
class KnownSecrets {
  readonly #open = new Set<Redactor>();
  #closed: Redactor[] = [];

  add(redactor: Redactor): void {
    this.#open.add(redactor);
  }

  forgetLater(redactor: Redactor): void {
    this.#open.delete(redactor);
    this.#closed = [...this.#closed, redactor].slice(-REMEMBERED);
  }

  text(line: string): string {
    let safe = withoutTokens(line);
    for (const redactor of [...this.#open, ...this.#closed]) safe = redactor.text(safe);
    return safe;
  }
}

const NOTHING = (): void => undefined;

/** A log that writes nothing. */
export const SILENT: Log = {
  write: NOTHING,
  ofRun: () => ({ writes: () => false, write: NOTHING, close: NOTHING }),
  close: () => Promise.resolve(),
};
