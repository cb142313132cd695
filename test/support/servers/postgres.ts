import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import postgres from "postgres";
import { installSystemPackages } from "../../../robot/setup/system-packages.mjs";
import { portOf } from "./port.ts";

/** A real PostgreSQL in a temporary folder, on loopback and a socket. `robot` needs no password there, `guarded` does. */
export interface Postgres {
  readonly port: number;
  /** The folder of its socket. */
  readonly socket: string;
  /** The address of a new, empty database. */
  newDatabase(): Promise<string>;
  /** One statement as the owner of everything, in the database of this address. */
  sql(url: string, statement: string): Promise<readonly Record<string, unknown>[]>;
  /** Ends it as an administrator does who does not wait: connections are cut, what was committed stays. */
  stop(): Promise<void>;
  /** Kills it, as a power failure does. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Makes it deaf: it accepts connections and answers nothing. */
  freeze(): void;
  wake(): void;
  close(): Promise<void>;
}

/** The password of the account `guarded`: all that is special in an address. */
export const GUARDED_PASSWORD = "pg pass/wörd@1:%";

/** Where Debian keeps the programs of each version; they are not in PATH. */
const VERSIONS = "/usr/lib/postgresql";

/**
 * Null where it can be had; else why not, as the reason of a visible skip.
 * @throws in CI, where nothing is skipped
 */
export function missingPostgres(): string | null {
  if (programs() !== null) return null;
  const attempt = installSystemPackages(["postgresql"]);
  if (programs() !== null) return null;
  const reason = attempt.installed ? `the package postgresql holds no server` : attempt.byHand;
  if (process.env["CI"]) throw new Error(`These tests may not be skipped in CI: ${reason}`);
  return `needs postgresql: ${reason}`;
}

/** The newest version's folder of programs. */
function programs(): string | null {
  if (!existsSync(VERSIONS)) return null;
  const versions = readdirSync(VERSIONS)
    .filter((version) => existsSync(path.join(VERSIONS, version, "bin", "initdb")))
    .sort((x, y) => Number(y) - Number(x));
  return versions[0] === undefined ? null : path.join(VERSIONS, versions[0], "bin");
}

/** The version of which this is the folder of programs. */
function majorOf(folder: string): number {
  return Number(path.basename(path.dirname(folder)));
}

export async function startPostgres(): Promise<Postgres> {
  const folder = programs();
  if (folder === null) throw new Error("PostgreSQL is not installed");
  const home = mkdtempSync(path.join(tmpdir(), "postgres-"));
  const owner = unprivileged();
  chownSync(home, owner.uid, owner.gid);
  const data = path.join(home, "data");
  const init = ["-D", data, "-U", "robot", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"];
  // Where the version can, a server that sorts as a Taiwanese office's may, and not as SQLite does.
  const sorting = majorOf(folder) >= 15 ? ["--locale-provider=icu", "--icu-locale=zh-Hant-TW"] : [];
  const made = spawnSync(path.join(folder, "initdb"), [...init, ...sorting], { ...owner, encoding: "utf8", cwd: home });
  if (made.status !== 0) throw new Error(`initdb ended with ${made.status}: ${made.stderr}`);
  const port = await freePort();

  let server: ChildProcess | null = null;
  let ended: Promise<unknown> = Promise.resolve();
  async function end(signal: "SIGINT" | "SIGKILL"): Promise<void> {
    if (server !== null) ended = once(server, "exit");
    server?.kill(signal);
    server = null;
    await ended;
  }
  async function start(): Promise<void> {
    await ended;
    const args = ["-D", data, "-p", String(port), "-k", home, "-h", "127.0.0.1", "-c", "fsync=off"];
    const child = spawn(path.join(folder ?? "", "postgres"), args, { ...owner, stdio: "ignore", cwd: home });
    server = child;
    const ready = ["-q", "-h", home, "-p", String(port)];
    while (spawnSync(path.join(folder ?? "", "pg_isready"), ready).status !== 0) {
      if (child.exitCode !== null) throw new Error(`postgres ended with ${child.exitCode}`);
      await delay(20);
    }
  }
  async function sql(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
    const client = postgres(url, { max: 1, onnotice: () => undefined });
    try {
      return [...(await client.unsafe(statement))];
    } finally {
      await client.end();
    }
  }
  const rules = [
    "local all robot trust",
    "host all guarded 127.0.0.1/32 scram-sha-256",
    "host all all 127.0.0.1/32 trust",
  ];
  writeFileSync(path.join(data, "pg_hba.conf"), `${rules.join("\n")}\n`);
  await start();
  const own = `postgres://robot@127.0.0.1:${port}`;
  await sql(`${own}/postgres`, `create role guarded login password '${GUARDED_PASSWORD}'`);
  let databases = 0;
  return {
    port,
    socket: home,
    async newDatabase() {
      const name = `test_${++databases}`;
      await sql(`${own}/postgres`, `create database ${name} owner guarded`);
      return `${own}/${name}`;
    },
    sql,
    stop: () => end("SIGINT"),
    kill: () => end("SIGKILL"),
    start,
    freeze: () => void server?.kill("SIGSTOP"),
    wake: () => void server?.kill("SIGCONT"),
    async close() {
      await end("SIGINT");
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root; its package has made an account for it. */
function unprivileged(): { uid: number; gid: number } {
  const { uid, gid } = userInfo();
  if (uid !== 0) return { uid, gid };
  const id = (which: "-u" | "-g"): number => {
    const asked = spawnSync("id", [which, "postgres"], { encoding: "utf8" });
    if (asked.status !== 0) throw new Error(`there is no account "postgres" to run the server as: ${asked.stderr}`);
    return Number(asked.stdout);
  };
  return { uid: id("-u"), gid: id("-g") };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const port = portOf(probe);
  probe.close();
  await once(probe, "close");
  return port;
}
