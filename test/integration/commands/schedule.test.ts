import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { schedulesOf } from "../../../robot/cli/commands/serve.ts";
import { loadConfig } from "../../../robot/config/load.ts";
import { takeLease } from "../../../robot/store/lease.ts";
import { lookAtSchedule, type Schedule } from "../../../robot/engine/runs/schedule.ts";
import { openStore, type Store, type StoreConfig } from "../../../robot/store/store.ts";
import { FLOWS } from "../../../flows/index.ts";
import { databases, titleOf } from "../../support/store/store-databases.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NIGHTLY = "0 2 * * *";

describe.for(databases())("a schedule", (database) => {
  describe.skipIf(database.missing !== null)(`on ${titleOf(database)}`, () => {
    const NEW = new Date("2026-11-20T04:00:00Z");
    const NIGHT = new Date("2026-11-20T18:00:00Z");
    const COMPANIES = [
      { name: "甲", ubn: "12345675" },
      { name: "乙", ubn: "24681353" },
    ];
    let config: StoreConfig;
    let store: Store;
    let other: Store;
    let submitted: { ubn: string; input: unknown; startedBy: string }[];
    beforeEach(async () => {
      config = await database.empty();
      [store, other] = await Promise.all([openStore(config), openStore(config)]);
      submitted = [];
    });
    afterEach(async () => {
      await Promise.all([store.destroy(), other.destroy()]);
    });

    const schedule: Schedule = {
      name: "每夜",
      flow: "download-tracks",
      companies: COMPANIES,
      cron: NIGHTLY,
      rehearsal: false,
      catchUp: 36 * HOUR,
      input: (_company, at) => ({ at: at.toISOString() }),
    };
    const submitter = {
      submit({ company, input, startedBy }: { company: { ubn: string }; input: unknown; startedBy: string }) {
        submitted.push({ ubn: company.ubn, input, startedBy });
        return Promise.resolve({ run: { id: `run-${submitted.length}` } });
      },
    };
    const look = (at: Date, on = store) => lookAtSchedule(on, schedule, submitter, at);
    const after = (from: Date, gap: number): Date => new Date(from.getTime() + gap);
    const states = async (): Promise<(readonly [string, string])[]> =>
      (await store.selectFrom("occurrences").selectAll().orderBy("instant").execute()).map(
        ({ instant, state }) => [instant, state] as const,
      );

    it("that is new catches up nothing of before, and enqueues its first occurrence for every company", async () => {
      expect(await look(NEW)).toBeNull();
      expect(await look(after(NIGHT, -1))).toBeNull();
      const enqueued = await look(NIGHT);
      expect(enqueued).toMatchObject({ occurrence: NIGHT, runs: ["run-1", "run-2"], problems: [] });
      expect(submitted.map(({ ubn, input }) => ({ ubn, input }))).toEqual(
        COMPANIES.map(({ ubn }) => ({ ubn, input: { at: NIGHT.toISOString() } })),
      );
      expect(await look(after(NIGHT, 1))).toBeNull();
      expect(submitted).toHaveLength(2);
    });

    it("is enqueued once by two machines that look at the same moments", async () => {
      await look(NEW);
      for (let minute = 0; minute < 5; minute++) {
        const at = after(NIGHT, minute * MINUTE);
        await Promise.all([look(at), look(at, other), look(at), look(at, other)]);
      }
      expect(submitted.map(({ ubn }) => ubn)).toEqual(COMPANIES.map(({ ubn }) => ubn));
      expect(await states()).toEqual([[NIGHT.toISOString(), "enqueued"]]);
    });

    it("that was missed for days is caught up once, with the latest night", async () => {
      await look(NEW);
      await look(after(NIGHT, 3 * DAY + 5 * HOUR));
      expect(submitted.map(({ ubn }) => ubn)).toEqual(COMPANIES.map(({ ubn }) => ubn));
      expect((await states()).map(([, state]) => state)).toEqual(["skipped", "skipped", "skipped", "enqueued"]);
      expect(await look(after(NIGHT, 3 * DAY + 6 * HOUR))).toBeNull();
    });

    it("that was missed for longer than its window is not caught up", async () => {
      const monthly = { ...schedule, cron: "0 2 3 * *" };
      await lookAtSchedule(store, monthly, submitter, NEW);
      const third = new Date("2026-12-02T18:00:00Z");
      expect(await lookAtSchedule(store, monthly, submitter, after(third, 37 * HOUR))).toBeNull();
      expect(submitted).toEqual([]);
      expect(await states()).toEqual([[third.toISOString(), "skipped"]]);
    });

    it("is neither silent nor doubled after a clock that ran a year ahead for a while", async () => {
      await look(NEW);
      await look(after(NIGHT, 365 * DAY));
      const ahead = submitted.splice(0);
      expect(ahead).toHaveLength(2);
      // The clock is right again: each of the coming nights is enqueued, once.
      for (let night = 0; night < 5; night++) {
        await look(after(NIGHT, night * DAY - MINUTE));
        await look(after(NIGHT, night * DAY));
        await look(after(NIGHT, night * DAY + MINUTE));
      }
      expect(submitted.map(({ input }) => input)).toEqual(
        [0, 1, 2, 3, 4].flatMap((night) => COMPANIES.map(() => ({ at: after(NIGHT, night * DAY).toISOString() }))),
      );
    });

    it("is not enqueued again when the clock goes back over an occurrence", async () => {
      await look(NEW);
      await look(NIGHT);
      await look(after(NIGHT, -2 * HOUR));
      await look(after(NIGHT, MINUTE));
      expect(submitted).toHaveLength(2);
    });

    it("that was begun yesterday and first looked at with the clock set back begins anew", async () => {
      await look(after(NEW, 400 * DAY));
      expect(await look(NEW)).toBeNull();
      expect(await look(NIGHT)).toMatchObject({ occurrence: NIGHT });
    });

    it("whose times are changed begins anew: what the new times would have been was not missed", async () => {
      await look(NEW);
      await look(NIGHT);
      const changed = { ...schedule, cron: "0 5 * * *" };
      expect(await lookAtSchedule(store, changed, submitter, after(NIGHT, 8 * HOUR))).toBeNull();
      expect(submitted).toHaveLength(2);
    });

    it("whose enqueuing was cut off between two companies is finished by the next look, for the rest", async () => {
      await look(NEW);
      const lost = new Error("cut off");
      const dying = {
        async submit(
          job: Parameters<typeof submitter.submit>[0] & { flow: string; company: { name: string; ubn: string } },
        ) {
          const { ubn } = job.company;
          if (ubn !== COMPANIES[0]?.ubn) process.emitWarning(lost);
          await insertRun(store, job);
          // As when the process dies here: the lease is left behind, the note of the occurrence too.
          await other.updateTable("leases").set({ holder: "somebody", host: "elsewhere" }).execute();
          return submitter.submit(job);
        },
      };
      await expect(lookAtSchedule(store, schedule, dying, NIGHT)).rejects.toMatchObject({ code: "lease-lost" });
      expect(submitted.map(({ ubn }) => ubn)).toEqual(["12345675"]);
      expect(await states()).toEqual([[NIGHT.toISOString(), "due"]]);

      // While the other's lease lives, nobody interferes.
      expect(await look(after(NIGHT, MINUTE))).toBeNull();
      await other.updateTable("leases").set({ until: "2026-01-01T00:00:00.000Z" }).execute();
      expect(await look(after(NIGHT, 2 * MINUTE))).toMatchObject({ occurrence: NIGHT, runs: ["run-2"] });
      expect(submitted.map(({ ubn }) => ubn)).toEqual(["12345675", "24681353"]);
    });

    it("goes on with the other companies when one can't be enqueued, and says which", async () => {
      await look(NEW);
      const picky = {
        submit: (job: Parameters<typeof submitter.submit>[0]) =>
          job.company.ubn === "12345675" ? Promise.reject(new Error("不收")) : submitter.submit(job),
      };
      expect(await lookAtSchedule(store, schedule, picky, NIGHT)).toMatchObject({
        runs: ["run-1"],
        problems: ["甲：不收"],
      });
      expect(await look(after(NIGHT, MINUTE))).toBeNull();
    });

    it("waits while another process enqueues it", async () => {
      await look(NEW);
      const lease = await takeLease(other, `schedule:${schedule.name}`, "another");
      expect(await look(NIGHT)).toBeNull();
      await lease.release();
      expect(await look(NIGHT)).toMatchObject({ occurrence: NIGHT });
    });
  });
});

async function insertRun(
  store: Store,
  job: { company: { name: string; ubn: string }; flow: string; startedBy: string },
) {
  const at = new Date().toISOString();
  await store
    .insertInto("runs")
    .values({
      id: `r-${job.company.ubn}`,
      engine_id: "e",
      flow: job.flow,
      flow_version: 1,
      company: job.company.name,
      ubn: job.company.ubn,
      period: null,
      identity: job.company.ubn,
      input: "{}",
      started_by: job.startedBy,
      state: "queued",
      progress: null,
      waiting_until: null,
      outcome: null,
      failure: null,
      result: null,
      folder: null,
      created_at: at,
      updated_at: at,
      ended_at: null,
    })
    .execute();
}

describe("schedules in the configuration", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "schedule-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function schedules(...list: unknown[]): Promise<Schedule[]> {
    const file = path.join(folder, "robot.config.json");
    const companies = [
      { name: "甲", ubn: "12345675", books: 3 },
      { name: "乙", ubn: "24681353", books: 12 },
    ];
    const settings = { portal: { address: "http://127.0.0.1:9" }, companies, schedules: list };
    writeFileSync(file, JSON.stringify(settings));
    return schedulesOf(await loadConfig(file), FLOWS);
  }
  const right = { name: "取號", flow: "take-tracks", companies: "all", cron: "0 2 3 1,3,5,7,9,11 *" };
  const input = { period: "next", category: "07" };

  it("get each company's own books, and a period that counts from the occurrence, not from today", async () => {
    const [one] = await schedules({ ...right, input });
    expect(one).toMatchObject({ name: "取號", flow: "take-tracks", catchUp: 36 * HOUR });
    // 31 October 17:00 in UTC is 1 November in Taipei: the next period begins in January.
    const at = new Date("2026-10-31T17:00:00Z");
    expect(one?.companies.map((company) => one.input(company, at))).toEqual([
      { period: "11602", category: "07", books: 3 },
      { period: "11602", category: "07", books: 12 },
    ]);
    expect(one?.input({ ubn: "12345675" }, new Date("2026-10-31T15:00:00Z"))).toMatchObject({ period: "11512" });
  });

  it.for([
    ["this", "11512"],
    ["previous", "11510"],
    ["11504", "11504"],
  ] as const)("take the period %s as %s in November 2026", async ([period, code]) => {
    const [one] = await schedules({ ...right, flow: "download-tracks", companies: ["乙"], input: { period } });
    expect(one?.companies.map(({ ubn }) => ubn)).toEqual(["24681353"]);
    expect(one?.input({ ubn: "24681353" }, new Date("2026-11-03T18:00:00Z"))).toEqual({ period: code });
  });

  it.for([
    [{ ...right, input, flow: "take-trucks" }, /流程 take-trucks.*take-tracks/],
    [{ ...right, input, companies: ["丙"] }, /公司「丙」不在設定檔裡/],
    [{ ...right, input, cron: "0 26 * * *" }, /排程時間「0 26 \* \* \*」不對/],
    [{ ...right, input: { category: "07" } }, /排程「取號」為「甲」.*period/],
    [{ ...right, input, everyHour: true }, /everyHour/],
  ] as const)("are refused before anything starts: %o", async ([wrong, says]) => {
    const refused = schedules(wrong);
    await expect(refused).rejects.toMatchObject({ code: "config-invalid" });
    await expect(refused).rejects.toThrow(says);
  });

  it("can't have the same name twice", async () => {
    await expect(schedules({ ...right, input }, { ...right, input })).rejects.toThrow("排程「取號」重複了");
  });
});
