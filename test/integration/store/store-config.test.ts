import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { loadConfig } from "../../../robot/config/load.ts";
import { getRun } from "../../../robot/engine/runs/runs.ts";
import { openStore } from "../../../robot/store/store.ts";
import { retryStoreCall, StoreError } from "../../../robot/store/errors.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { openSecretStore } from "../../../robot/secrets/store.ts";
import { createVault } from "../../../robot/secrets/vault.ts";
import { ROOT } from "../../../robot/setup/node-runtime.mjs";
import { storeConfigOf } from "../../../robot/app/store-config.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";
import { GUARDED_PASSWORD, missingPostgres, type Postgres, startPostgres } from "../../support/servers/postgres.ts";
import { openBench, runChild } from "../../support/store/store-databases.ts";

const missing = missingPostgres();
const envelope = z.strictObject({
  ok: z.boolean(),
  command: z.string(),
  data: z.unknown(),
  failure: z.looseObject({ code: z.string(), seen: z.string().optional() }).nullable(),
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "store-config-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function configFile(store: unknown, more: Record<string, unknown> = {}): string {
  const file = path.join(folder, "robot.config.json");
  writeFileSync(file, JSON.stringify({ portal: { address: "http://127.0.0.1:9" }, store, ...more }));
  return file;
}

/** One command of the robot in a process of its own. */
async function command(words: readonly string[], config: string, options: { uid?: number } = {}) {
  const start = path.join(ROOT, "robot", "start.mjs");
  const { code, stdout, stderr } = await runChild(start, [...words, "--json", "--config", config], options);
  return { code, stderr, answer: envelope.parse(JSON.parse(stdout)) };
}

describe("the configuration of the store", () => {
  it("is a file beside the configuration when nothing is said", async () => {
    const config = await loadConfig(configFile(undefined));
    expect(config.store).toEqual({ kind: "sqlite", file: path.join(folder, "var", "robot.sqlite") });
  });

  it.for(["postgres://robot:geheim@db.example/robot", "postgresql://db.example/robot?password=geheim"])(
    "refuses a password in the address and says where it belongs: %s",
    async (url) => {
      const refused = loadConfig(configFile({ url }));
      await expect(refused).rejects.toMatchObject({ code: "config-invalid" });
      await expect(refused).rejects.toThrow(/passwordSecret.*credentials set --store/);
      await expect(refused).rejects.not.toThrow("geheim");
    },
  );

  it.for([
    { store: { url: "mysql://db/robot" }, says: "postgres://" },
    { store: { url: "postgres://db/robot", file: "x.sqlite" }, says: "file 和 url 只能寫一個" },
    { store: { passwordSecret: "store/password" }, says: "passwordSecret 要和 url 一起寫" },
  ])("names what is wrong with $store", async ({ store, says }) => {
    await expect(loadConfig(configFile(store))).rejects.toThrow(says);
  });
});

describe("a store that can't be had", () => {
  it("is answered by every command with store-unavailable and exit code 1: a path that is no file", async () => {
    mkdirSync(path.join(folder, "taken"));
    const { code, answer } = await command(["runs"], configFile({ file: "taken" }));
    expect({ code, ...answer }).toMatchObject({ code: 1, ok: false, failure: { code: "store-unavailable" } });
  });

  it.skipIf(process.platform === "win32")("likewise: a file that may only be read", async () => {
    const file = path.join(folder, "robot.sqlite");
    const config = configFile({ file: "robot.sqlite" });
    await (await openStore({ kind: "sqlite", file })).destroy();
    // Nobody is kept from writing who is root: then the command runs as somebody else.
    const uid = process.getuid?.() === 0 ? NOBODY : undefined;
    chmodSync(file, 0o444);
    chmodSync(folder, 0o555);
    try {
      const { code, answer } = await command(["cancel", "20261121T000000-abcdef"], config, { ...(uid && { uid }) });
      expect({ code, ...answer }).toMatchObject({ code: 1, ok: false, failure: { code: "store-unavailable" } });
    } finally {
      chmodSync(folder, 0o755);
    }
  });

  it("is not waited for without end when it stays busy", async () => {
    let calls = 0;
    const busy = retryStoreCall(
      () => {
        calls++;
        throw new StoreError("busy", new Error("database is locked"));
      },
      () => 100,
    );
    await expect(busy).rejects.toMatchObject({ name: "StoreError", kind: "busy" });
    expect(calls).toBeGreaterThan(2);
  });
});

const NOBODY = 65_534;

describe.skipIf(missing !== null)(`PostgreSQL by configuration alone${missing === null ? "" : ` (${missing})`}`, () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.close());

  it("with a password out of the vault, and with none or a wrong one the server's own words", async () => {
    const url = (await server.newDatabase()).replace("robot@", "guarded@");
    const identity = path.join(folder, "..", `${path.basename(folder)}.key`);
    const secrets = { provider: "vault", file: "vault.age", identity: { file: identity } } as const;
    const config = configFile({ url, passwordSecret: "store/password" }, { secrets });
    try {
      await createVault(path.join(folder, "vault.age"), identity, new Redactor());
      const none = await command(["runs"], config);
      expect({ code: none.code, ...none.answer }).toMatchObject({ code: 3, failure: { code: "secret-missing" } });
      const vault = await openSecretStore((await loadConfig(config)).secrets, new Redactor());
      await vault.set("store/password", "wrong");
      const wrong = await command(["runs"], config);
      expect({ code: wrong.code, ...wrong.answer }).toMatchObject({ code: 1, failure: { code: "store-unavailable" } });
      expect(wrong.answer.failure?.seen).toContain("password authentication failed");
      await vault.set("store/password", GUARDED_PASSWORD);
      const right = await command(["runs"], config);
      expect({ code: right.code, ...right.answer }).toMatchObject({ code: 0, ok: true, data: { runs: [] } });
      for (const { answer, stderr } of [none, wrong, right]) {
        expect(JSON.stringify(answer) + stderr).not.toContain(GUARDED_PASSWORD);
      }
    } finally {
      rmSync(identity, { force: true });
    }
  });

  it.for([
    (port: number, database: string, socket: string) =>
      `postgres://robot@nowhere.invalid:${port}${database}?host=${socket}`,
    (port: number, database: string, socket: string) => `postgres://${database}?user=robot&port=${port}&host=${socket}`,
  ])("over its socket, for our tables and the engine's: %s", async (address) => {
    const database = new URL(await server.newDatabase()).pathname;
    const settings = configFile({ url: address(server.port, database, encodeURIComponent(server.socket)) });
    const bench = await openBench(await storeConfigOf(await loadConfig(settings)));
    const { id } = await bench.submit();
    await bench.robot.work(1);
    await waitUntil("the run's end", async () => ((await getRun(bench.store, id)).state === "ended" ? true : null));
    expect(bench.stamps()).toEqual(["1"]);
    expect(process.env["PGHOST"]).toBeUndefined();
  });

  it("with two workers on it: each run is done by one of them, once", async () => {
    const config = { kind: "postgres", url: await server.newDatabase() } as const;
    const [one, two] = await Promise.all([openBench(config), openBench(config)]);
    await Promise.all([one.robot.work(2), two.robot.work(2)]);
    const coordinates = Array.from({ length: 12 }, (_, n) => `${n}`);
    const runs = await Promise.all(coordinates.map((at, n) => (n % 2 ? one : two).submit(at)));
    await waitUntil("the end of all runs", async () => {
      const seen = await Promise.all(runs.map(({ id }) => getRun(one.store, id)));
      return seen.every(({ state }) => state === "ended") ? true : null;
    });
    expect([...one.stamps(), ...two.stamps()].sort()).toEqual([...coordinates].sort());
  });

  it("that may only be read for a while: nothing is done, the run goes on when it may be written again", async () => {
    const url = await server.newDatabase();
    const name = new URL(url).pathname.slice(1);
    const admin = url.replace(name, "postgres");
    const readOnly = async (on: boolean): Promise<void> => {
      await server.sql(admin, `alter database ${name} set default_transaction_read_only = ${on ? "on" : "off"}`);
      await server.sql(admin, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
    };
    let once = false;
    const bench = await openBench({ kind: "postgres", url }, async (at) => {
      if (at !== "effect:compared" || once) return;
      once = true;
      await readOnly(true);
    });
    const { id } = await bench.submit();
    await bench.robot.work(1);
    await waitUntil("trouble", () => (bench.robot.trouble()?.kind === "read-only" ? true : null));
    expect(bench.stamps()).toEqual([]);
    await readOnly(false);
    await waitUntil("the run's end", async () => {
      const run = await getRun(bench.store, id).catch(() => null);
      return run?.state === "ended" ? run : null;
    });
    expect(bench.stamps()).toEqual(["1"]);
  });

  it("that is down when a command starts: store-unavailable, exit code 1, at once", async () => {
    const config = configFile({ url: await server.newDatabase() });
    await server.stop();
    try {
      const { code, answer } = await command(["runs"], config);
      expect({ code, ...answer }).toMatchObject({ code: 1, ok: false, failure: { code: "store-unavailable" } });
      expect(answer.failure?.seen).toContain("ECONNREFUSED");
    } finally {
      await server.start();
    }
  });
});
