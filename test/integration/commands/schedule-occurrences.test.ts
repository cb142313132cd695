import * as fc from "fast-check";
import { createTask } from "node-cron";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { cronFault, dueOccurrences, nextOccurrence } from "../../../robot/lib/cron.ts";
import { decide } from "../../../robot/engine/runs/schedule.ts";
import { runChild } from "../../support/store/store-databases.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NIGHTLY = "0 2 * * *";

const field = (min: number, max: number) =>
  fc.oneof(
    fc.constant("*"),
    fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 }).map((values) => values.join(",")),
    fc.integer({ min: 2, max: 20 }).map((step) => `*/${step}`),
  );
const crons = fc
  .tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 7))
  .map((fields) => fields.join(" "))
  .filter((cron) => cronFault(cron) === null);
const instants = fc.date({
  noInvalidDate: true,
  min: new Date("2024-01-01T00:00:00Z"),
  max: new Date("2031-01-01T00:00:00Z"),
});

describe("occurrences", () => {
  it("are exactly the minutes that node-cron would ring at in Taipei", () => {
    fc.assert(
      fc.property(crons, instants, fc.integer({ min: 1, max: 400 }), (cron, from, minutes) => {
        const bell = createTask(cron, () => undefined, { timezone: "Asia/Taipei" });
        const first = Math.floor(from.getTime() / MINUTE) + 1;
        const rung = Array.from({ length: minutes }, (_, n) => new Date((first + n) * MINUTE)).filter((at) =>
          bell.match(at),
        );
        const to = new Date((first + minutes - 1) * MINUTE);
        void bell.destroy();
        expect(dueOccurrences(cron, from, to).join()).toBe(rung.join());
      }),
      { numRuns: 300 },
    );
  });

  it("are the same ones however the time between was cut into looks: none twice, none left out", () => {
    const sleeps = fc.array(fc.integer({ min: 1, max: DAY }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(crons, instants, sleeps, (cron, from, gaps) => {
        let at = from;
        const pieces: Date[] = [];
        for (const gap of gaps) {
          const next = new Date(at.getTime() + gap);
          pieces.push(...dueOccurrences(cron, at, next));
          at = next;
        }
        expect(pieces.join()).toBe(dueOccurrences(cron, from, at).join());
      }),
      { numRuns: 100 },
    );
  });

  it("are none when the clock went backwards", () => {
    fc.assert(
      fc.property(crons, instants, fc.integer({ min: 0, max: 400 * DAY }), (cron, from, back) => {
        expect(dueOccurrences(cron, from, new Date(from.getTime() - back))).toEqual([]);
      }),
    );
  });

  it("begin with the next one", () => {
    fc.assert(
      fc.property(crons, instants, (cron, from) => {
        const next = nextOccurrence(cron, from);
        fc.pre(next !== null && next.getTime() - from.getTime() < 400 * DAY);
        expect(dueOccurrences(cron, from, next ?? from)).toEqual([next]);
      }),
    );
  });

  it.for(["UTC", "America/Los_Angeles", "Asia/Taipei", "Pacific/Kiritimati", "Europe/Berlin"])(
    "are in Taipei's time on a machine whose zone is %s",
    async (zone) => {
      const args = [NIGHTLY, "2026-03-07T00:00:00Z", "2026-03-10T00:00:00Z"];
      const { stdout } = await runChild("../schedule-child.ts", args, { env: { TZ: zone } });
      const seen = z.object({ due: z.array(z.string()), next: z.string(), zone: z.number() }).parse(JSON.parse(stdout));
      // The zone must have taken effect; America's clocks were put forward in these days.
      expect(seen.zone === 0).toBe(zone === "UTC");
      const nights = ["2026-03-07T18:00:00.000Z", "2026-03-08T18:00:00.000Z", "2026-03-09T18:00:00.000Z"];
      expect(seen).toMatchObject({ due: nights, next: nights[0] });
    },
  );

  it("the third of each odd month at two is what the tax calendar asks for", () => {
    const year = dueOccurrences(
      "0 2 3 1,3,5,7,9,11 *",
      new Date("2026-01-01T00:00:00Z"),
      new Date("2027-01-01T00:00:00Z"),
    );
    expect(year.map((at) => at.toISOString())).toEqual(
      ["01", "03", "05", "07", "09", "11"].map((month) => `2026-${month}-02T18:00:00.000Z`),
    );
  });

  it.for([
    ["61 * * * *", "minute"],
    ["hello", "expression"],
    ["*/5 * * * * *", "一分鐘一次"],
    ["0 2 L * *", "不支援"],
    ["0 2 31 2 *", "impossible day"],
  ] as const)("written as %s are refused, with the reason", ([cron, reason]) => {
    expect(cronFault(cron)).toContain(reason);
  });
});

it("a day that does not come for eight years is none: the next 29 February that is a Monday is in 2044", () => {
  expect(nextOccurrence("0 2 29 2 1", new Date("2026-11-21T00:00:00Z"))).toBeNull();
  expect(nextOccurrence("0 2 29 2 1", new Date("2037-01-01T00:00:00Z"))).toEqual(new Date("2044-02-28T18:00:00Z"));
});

describe("what is done about occurrences that are due", () => {
  it("is to run the latest one in time, and to skip all others", () => {
    fc.assert(
      fc.property(
        crons,
        instants,
        fc.integer({ min: 0, max: 3 * DAY }),
        fc.integer({ min: 0, max: 2 * DAY }),
        (cron, from, gap, catchUp) => {
          const now = new Date(from.getTime() + gap);
          const due = dueOccurrences(cron, from, now);
          const { run, skipped } = decide(due, now, catchUp);
          expect([...skipped, ...(run ? [run] : [])].join()).toBe(due.join());
          const latest = due.at(-1);
          const inTime = latest !== undefined && now.getTime() - latest.getTime() <= catchUp;
          expect(run).toEqual(inTime ? latest : null);
        },
      ),
    );
  });
});
