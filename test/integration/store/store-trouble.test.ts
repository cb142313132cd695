import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Followed, follow } from "../../../robot/cli/terminal/follow.ts";
import { Output } from "../../../robot/cli/terminal/output.ts";
import { openStore } from "../../../robot/store/store.ts";
import { isStoreError } from "../../../robot/store/errors.ts";
import { z } from "zod";
import { missingPostgres, type Postgres, startPostgres } from "../../support/servers/postgres.ts";
import { missingSmallDisk, openSmallDisk, type SmallDisk } from "../../support/servers/small-disk.ts";
import { type Bench, PLACES } from "../../support/store/store-bench.ts";
import { openBench } from "../../support/store/store-databases.ts";
import { EVERY_TEST } from "../../support/every-test.ts";

const missing = missingPostgres();

/** `EINVOICE_TESTS=all`: at every place, and at each single write; else around the press, and at every sixth write. */
const AWAY_AT = EVERY_TEST ? PLACES : (["reading", "effect:intended", "effect:confirm-pressed", "suspended"] as const);
const NEXT_WRITE = EVERY_TEST ? 1 : 6;

/** Hears what a person would read, and does something when a line begins like this. */
class Ear extends Output {
  readonly lines: string[] = [];
  readonly #beginning: string;
  #once: (() => Promise<void>) | null;
  done: Promise<void> = Promise.resolve();

  constructor(beginning: string, once: () => Promise<void>) {
    super({ json: true, language: "zh" });
    this.#beginning = beginning;
    this.#once = once;
  }

  override progress(line: string): void {
    if (this.lines.at(-1) !== line) this.lines.push(line);
    if (this.#once === null || !line.startsWith(this.#beginning)) return;
    this.done = this.#once();
    this.#once = null;
  }
}

describe.skipIf(missing !== null)(`PostgreSQL that goes away${missing === null ? "" : ` (${missing})`}`, () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.close());

  it.for(AWAY_AT)(
    "in the middle of a run, at %s: said to who follows, done when it is back, nothing done twice",
    async (place) => {
      let away = false;
      const bench = await openBench({ kind: "postgres", url: await server.newDatabase() }, async (at) => {
        if (at !== place || away) return;
        away = true;
        await server.stop();
      });
      const run = await bench.submit();
      await bench.robot.work(1);
      const dialogs = new Ear("⚠ 執行資料庫暫時無法使用", () => server.start());
      const following = { store: bench.store, working: bench.robot };
      const followed = await follow(following, run.id, dialogs, new AbortController().signal);
      await dialogs.done;
      expect(followed.run).toMatchObject({ state: "ended", outcome: "done", failure: null });
      expect(bench.stamps()).toEqual(["1"]);
      expect(bench.robot.trouble()).toBeNull();
      expect(dialogs.lines.some((line) => line.startsWith("⚠"))).toBe(true);
      await bench.close();
    },
  );

  it.for(["ours", "the engine's"])(
    "at any single write to a table, %s: done once, and a person is asked at most between intent and press",
    async (whose) => {
      const url = await server.newDatabase();
      const bench = await openBench({ kind: "postgres", url });
      const fail = await failingWrites(url, whose === "ours");
      await bench.robot.work(1);
      await fail.nth(NEVER);
      await toItsEnd(bench, "0");
      const writes = await fail.counted();
      expect(writes).toBeGreaterThan(10);
      let asked = 0;
      for (let nth = 1; nth <= writes; nth += NEXT_WRITE) {
        await fail.nth(nth);
        let { run, questions } = await toItsEnd(bench, `${nth}`);
        for (const { id } of questions) {
          asked++;
          expect(bench.stamps()).not.toContain(`${nth}`);
          await bench.robot.answer(id, "not-happened", "test");
          ({ run, questions } = await toItsEnd(bench, `${nth}`));
        }
        const stamps = bench.stamps().filter((one) => one === `${nth}`);
        expect({ nth, failure: run.failure, stamps }).toEqual({ nth, failure: null, stamps: [`${nth}`] });
        expect(["done", "already-done"]).toContain(run.outcome);
      }
      expect(asked).toBeLessThanOrEqual(1);
    },
  );

  const NEVER = 1_000_000;
  const counted = z.tuple([z.object({ writes: z.coerce.number() })]);

  /** Lets the server answer one write to the tables as when it is being shut down. */
  async function failingWrites(url: string, ours: boolean) {
    await server.sql(
      url,
      `create sequence public.writes;
       create table public.failing (nth integer);
       insert into public.failing values (${NEVER});
       create function public.fail_nth() returns trigger language plpgsql as $fail$
       begin
         if nextval('public.writes') = (select nth from public.failing) then
           raise exception 'terminating connection due to administrator command' using errcode = '57P01';
         end if;
         return null;
       end $fail$;
       do $all$ declare name text; begin
         for name in select format('%I.%I', schemaname, tablename) from pg_tables
           where schemaname = 'public' and tablename <> 'failing' and tablename ${ours ? "not like" : "like"} 'engine_%' loop
           execute format('create trigger fail_nth before insert or update or delete on %s '
             'for each statement execute function public.fail_nth()', name);
         end loop;
       end $all$`,
    );
    return {
      /** @param nth counted from now */
      nth: (nth: number) => server.sql(url, `update failing set nth = ${nth}; select setval('writes', 1, false)`),
      counted: async () => counted.parse(await server.sql(url, "select last_value as writes from writes"))[0].writes,
    };
  }
});

const noDisk = missingSmallDisk();

describe.skipIf(noDisk !== null)(
  `a SQLite store on a disk that is full${noDisk === null ? "" : ` (${noDisk})`}`,
  () => {
    let disk: SmallDisk;
    beforeEach(() => {
      disk = openSmallDisk();
    });
    afterEach(() => disk.close());

    it.for(["reading", "effect:compared", "effect:confirm-pressed", "ending"] as const)(
      "from %s on: named to who follows, done when there is room, nothing done twice",
      async (place) => {
        let filled = false;
        const config = { kind: "sqlite", file: path.join(disk.folder, "robot.sqlite") } as const;
        const bench = await openBench(config, (at) => {
          if (at !== place || filled) return;
          filled = true;
          disk.fill();
        });
        const run = await bench.submit();
        await bench.robot.work(1);
        const following = { store: bench.store, working: bench.robot };
        const dialogs = new Ear("⚠ 磁碟已滿", () => Promise.resolve());
        const given = follow({ ...following, patience: 500 }, run.id, dialogs, new AbortController().signal);
        await expect(given).rejects.toMatchObject({ code: "disk-full" });
        expect(dialogs.lines.some((line) => line.startsWith("⚠ 磁碟已滿"))).toBe(true);
        expect(bench.stamps().length).toBeLessThanOrEqual(1);
        disk.makeRoom();
        const followed = await follow(following, run.id, dialogs, new AbortController().signal);
        expect(followed.run).toMatchObject({ state: "ended", outcome: "done" });
        expect(bench.stamps()).toEqual(["1"]);
        await bench.close();
      },
    );

    it("can't be made there: disk-full", async () => {
      disk.fill();
      const made = openStore({ kind: "sqlite", file: path.join(disk.folder, "robot.sqlite") });
      await expect(made).rejects.toMatchObject({ code: "disk-full" });
    });
  },
);

/** Submits a job as a person does, who gives the command again when it answers that the database is away; and follows it. */
async function toItsEnd(bench: Bench, coordinate: string): Promise<Followed> {
  const submitted = await bench.submit(coordinate).catch((error: unknown) => {
    if (!isStoreError(error)) throw error;
    return bench.submit(coordinate);
  });
  const dialogs = new Ear("", () => Promise.resolve());
  const following = { store: bench.store, working: bench.robot };
  return follow(following, submitted.id, dialogs, new AbortController().signal);
}
