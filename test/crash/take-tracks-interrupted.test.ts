import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { installed } from "../support/kit/installation/installation.ts";
import { ledgerOf, letTimePass, NEXT, openPortal, stopClock } from "../support/kit/installation/portal.ts";
import { expectIntact, recorded } from "../support/kit/record/record.ts";
import { type Ended, envelopeOf, robot, runDataSchema, startRobot } from "../support/kit/installation/robot-process.ts";
import { runsOf, untilWaiting } from "../support/kit/installation/runs.ts";
import { expectExit } from "../support/kit/installation/expect-exit.ts";

const portal = await openPortal();
afterAll(() => portal.close());

const takeCommand = (ubn: string): string[] => [
  "run",
  "take-tracks",
  "--company",
  ubn,
  "--period",
  NEXT,
  "--books",
  "3",
  "--json",
];

const runIdOf = (ended: Ended): string => runDataSchema.parse(envelopeOf(ended).data).runId;

test("killed while it waits and started again, it goes on: same run, one submit, the file, one unbroken chain", async () => {
  const office = await installed({ portal });
  stopClock(portal);
  const first = startRobot(office, takeCommand(office.ubn));
  const waiting = await untilWaiting(office);
  await first.kill();
  expect((await first.ended).stdout).toBe("");
  letTimePass(portal, 60);

  const second = await robot(office, takeCommand(office.ubn));
  expectExit(second, 0);
  const data = runDataSchema.parse(envelopeOf(second).data);
  const [allocation] = ledgerOf(portal, "allocation", office.ubn);
  expect(data).toMatchObject({ runId: waiting.id, outcome: "done", tracks: allocation?.runs });
  expect(data.files).toMatchObject([{ sha256: ledgerOf(portal, "download", office.ubn)[0]?.sha256 }]);
  expect(ledgerOf(portal, "take-submitted", office.ubn)).toHaveLength(1);

  const [run, ...others] = await runsOf(office);
  expect(others).toEqual([]);
  if (run === undefined) throw new Error("The run is gone.");
  await expectIntact(run);
  // Its record was begun by one process and ended by another.
  expect(recorded(run, "run-resumed", "lock-taken-over").length).toBeGreaterThan(0);
  expect(recorded(run, "effect.intended").map(({ data: about }) => about)).toMatchObject([
    { effect: "登錄通知信箱" },
    { effect: "提交取號" },
  ]);
});

test("two commands for the same job at the same moment are one run: one submit, and both tell its end", async () => {
  const office = await installed({ portal });
  // Not even the store's tables are there yet.
  await rm(join(office.folder, "robot.sqlite"));
  const both = await Promise.all([robot(office, takeCommand(office.ubn)), robot(office, takeCommand(office.ubn))]);
  const told = both.map((ended) => ({ code: ended.code, envelope: envelopeOf(ended) }));
  const done = { code: 0, envelope: { failure: null, data: { outcome: "done" } } };
  expect(told).toMatchObject([done, done]);
  const [one, other] = both;
  expect(runIdOf(one)).toBe(runIdOf(other));
  expect(ledgerOf(portal, "take-submitted", office.ubn)).toHaveLength(1);
  expect(ledgerOf(portal, "download", office.ubn)).toHaveLength(1);
  const [run] = await runsOf(office);
  if (run === undefined) throw new Error("The run is gone.");
  await expectIntact(run);
});
