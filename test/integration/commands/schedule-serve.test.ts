import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { getRun, listRuns } from "../../../robot/engine/runs/runs.ts";
import { openStore, type Store } from "../../../robot/store/store.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { createVault } from "../../../robot/secrets/vault.ts";
import { ROOT } from "../../../robot/setup/node-runtime.mjs";
import { waitUntil } from "../../support/kit/wait-until.ts";
import { EVERY_TEST } from "../../support/every-test.ts";
import { soak } from "../../soak/soak.ts";
import { databases, openBench, titleOf } from "../../support/store/store-databases.ts";

const ready = z.strictObject({
  ok: z.literal(true),
  command: z.enum(["serve", "work"]),
  data: z.object({ pid: z.number(), schedules: z.array(z.object({ name: z.string(), next: z.iso.datetime() })) }),
  failure: z.null(),
});

interface Served {
  readonly child: ChildProcess;
  readonly ready: z.infer<typeof ready>;
  /** Everything on standard output so far. */
  readonly lines: readonly string[];
}

describe("serve", () => {
  const CRON = "0 2 * * *";
  let folder: string;
  let config: string;
  let store: Store;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "serve-"));
    const identity = `${folder}.key`;
    await createVault(path.join(folder, "vault.age"), identity, new Redactor());
    config = path.join(folder, "robot.config.json");
    const settings = {
      // Nothing listens there, and nothing goes there: the vault has no password for it.
      portal: { address: "http://127.0.0.1:9" },
      companies: [{ name: "甲", ubn: "12345675" }],
      secrets: { provider: "vault", file: "vault.age", identity: { file: identity } },
      store: { file: "robot.sqlite" },
      schedules: [{ name: "每夜", flow: "download-tracks", companies: "all", cron: CRON, input: { period: "this" } }],
    };
    writeFileSync(config, JSON.stringify(settings));
    store = await openStore({ kind: "sqlite", file: path.join(folder, "robot.sqlite") });
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await store.destroy();
    rmSync(folder, { recursive: true, force: true });
    rmSync(`${folder}.key`, { force: true });
  });

  async function start(command: "serve" | "work"): Promise<Served> {
    const program = path.join(ROOT, "robot", "start.mjs");
    const child = spawn(process.execPath, [program, command, "--json", "--config", config], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    const lines: string[] = [];
    const read = createInterface(child.stdout);
    read.on("line", (line) => lines.push(line));
    await once(read, "line");
    return { child, ready: ready.parse(JSON.parse(lines[0] ?? "")), lines };
  }

  async function end({ child }: Served): Promise<number | null> {
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    await exit;
    return child.exitCode;
  }

  /** As if the schedule had been known for two days and nobody had been there since. */
  async function missedSinceTwoDays(): Promise<void> {
    const value = JSON.stringify({ cron: CRON, since: new Date(Date.now() - 48 * 3_600_000).toISOString() });
    await store.insertInto("settings").values({ name: "schedule:每夜", value }).execute();
  }

  it("says in one line that it is ready and what comes next, and ends with 0 at SIGTERM", async () => {
    for (const command of ["serve", "work"] as const) {
      const served = await start(command);
      expect(served.ready).toMatchObject({ command, data: { pid: served.child.pid } });
      expect(served.ready.data.schedules.map(({ name }) => name)).toEqual(command === "serve" ? ["每夜"] : []);
      expect(await end(served)).toBe(0);
      expect(served.lines).toHaveLength(1);
    }
    expect(await listRuns(store, 10)).toEqual([]);
  });

  it("catches up the night that was missed: two of them at once, then one again, make one run", async () => {
    await missedSinceTwoDays();
    const both = await Promise.all([start("serve"), start("serve")]);
    const run = await waitUntil("the run's end", async () => {
      const [newest] = await listRuns(store, 10);
      return newest?.state === "ended" ? newest : null;
    });
    expect(run).toMatchObject({ flow: "download-tracks", company: "甲", failure: { code: "secret-missing" } });
    expect(run.startedBy).toMatch(/^排程 每夜 \d{4}-\d\d-\d\dT18:00:00\.000Z$/);
    expect(await Promise.all(both.map(end))).toEqual([0, 0]);
    const again = await start("serve");
    await waitUntil("a look at the schedule", async () =>
      (await store.selectFrom("occurrences").selectAll().where("state", "=", "enqueued").execute()).length === 1
        ? true
        : null,
    );
    expect(await end(again)).toBe(0);
    expect(await listRuns(store, 10)).toHaveLength(1);
  });
});

describe.for(databases())("a worker that is told to end", (database) => {
  describe.skipIf(database.missing !== null)(`on ${titleOf(database)}`, () => {
    const slack = database.name === "SQLite" ? 2 : 10;
    const nights = EVERY_TEST ? 30 : 6 + slack + 4;

    it("lets the open step be recorded and starts nothing new; another one goes on from there", async () => {
      const config = await database.empty();
      const read: string[] = [];
      const stopping: Promise<void>[] = [];
      const first = await openBench(config, (at) => {
        if (at !== "reading") return;
        read.push("first");
        stopping.push(first.robot.stop());
      });
      const { id } = await first.submit();
      await first.robot.work(1);
      await waitUntil("the end", () => (stopping.length > 0 ? true : null));
      await Promise.all(stopping);
      expect((await getRun(first.store, id)).state).not.toBe("ended");
      expect(first.stamps()).toEqual([]);
      const second = await openBench(
        config,
        (at) => {
          if (at === "reading") read.push("second");
        },
        { kept: first.folder },
      );
      await second.robot.work(1);
      await waitUntil("the run's end", async () => ((await getRun(second.store, id)).state === "ended" ? true : null));
      expect(second.stamps()).toEqual(["1"]);
      // The step that was open when the first was told to end is not done again.
      expect(read).toEqual(["first"]);
    });

    it("has after many nights no more files, children and connections than after six", async () => {
      const held = await soak(await database.empty(), nights);
      const [early, late] = [held.find(({ runs }) => runs === 6), held.at(-1)];
      expect(late).toMatchObject({ runs: nights, children: early?.children });
      // A leak of one a night is more than this. PostgreSQL's pools open their eight connections when they need them.
      expect(late?.files ?? 0).toBeLessThanOrEqual((early?.files ?? 0) + slack);
      expect(late?.resources ?? 0).toBeLessThanOrEqual((early?.resources ?? 0) + slack);
    });
  });
});
