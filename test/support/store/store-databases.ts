import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, onTestFinished } from "vitest";
import { openStore, type Store, type StoreConfig } from "../../../robot/store/store.ts";
import { type At, type Bench, type BenchOptions, startBench } from "./store-bench.ts";
import { missingPostgres, type Postgres, startPostgres } from "../servers/postgres.ts";

/** One of the databases that the robot can keep its runs in. */
export interface Database {
  readonly name: "SQLite" | "PostgreSQL";
  /** Null, or why it can't be had here: the reason of a visible skip. */
  readonly missing: string | null;
  /** A new, empty one. It is gone when the file's tests have ended. */
  empty(): Promise<StoreConfig>;
}

/** Both databases, for tests that must hold on either. One server serves all tests of a file. */
export function databases(): readonly [Database, Database] {
  let server: Promise<Postgres> | null = null;
  const folders: string[] = [];
  afterAll(async () => {
    await (await server)?.close();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  return [
    {
      name: "SQLite",
      missing: null,
      empty: () => {
        const folder = mkdtempSync(path.join(tmpdir(), "store-"));
        folders.push(folder);
        return Promise.resolve({ kind: "sqlite", file: path.join(folder, "var", "robot.sqlite") });
      },
    },
    {
      name: "PostgreSQL",
      missing: missingPostgres(),
      empty: async () => ({ kind: "postgres", url: await (await (server ??= startPostgres())).newDatabase() }),
    },
  ];
}

/** A store for the test that is running; it is closed when the test has ended. */
export async function openedStore(config: StoreConfig): Promise<Store> {
  const store = await openStore(config);
  onTestFinished(() => store.destroy());
  return store;
}

/** A bench for the test that is running; it is closed when the test has ended. */
export async function openBench(config: StoreConfig, at?: At, options?: BenchOptions): Promise<Bench> {
  const bench = await startBench(config, at, options);
  onTestFinished(() => bench.close());
  return bench;
}

/** For the name of a group of tests: the database, and why it is skipped. */
export function titleOf({ name, missing }: Database): string {
  return missing === null ? name : `${name} (${missing})`;
}

/**
 * Runs a child of the tests to its end.
 * @returns its exit code and what it printed
 */
export async function runChild(
  script: string,
  args: readonly string[],
  options: { readonly env?: Record<string, string>; readonly uid?: number } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...options.env },
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  const ended = once(child, "exit");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  return { code: child.exitCode, stdout, stderr };
}
