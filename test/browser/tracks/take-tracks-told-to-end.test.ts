import { afterAll, afterEach, expect, test } from "vitest";
import { openStore } from "../../../robot/store/store.ts";
import { storeConfigOf } from "../../../robot/app/store-config.ts";
import { type Installation, installed } from "../../support/kit/installation/installation.ts";
import { ledgerOf, NEXT, openPortal, takeBackFaults } from "../../support/kit/installation/portal.ts";
import { expectIntact } from "../../support/kit/record/record.ts";
import {
  envelopeOf,
  type RobotProcess,
  robot,
  runDataSchema,
  startRobot,
} from "../../support/kit/installation/robot-process.ts";
import { runsOf } from "../../support/kit/installation/runs.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

/** A service manager's SIGTERM: no new effect is begun, the open one is recorded, the portal is left signed out. */

const portal = await openPortal({ takes: { secondTake: "accept" } });
afterAll(() => portal.close());
afterEach(() => takeBackFaults(portal));

/** Where the portal's page sends 提交取號. */
const SUBMIT = "/api/btb004w/apply";

const take = (ubn: string): string[] => [
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

test("told to end while the submit is under way: it is recorded, the robot signs out; later it goes on with the same run", async () => {
  const office = await installed({ portal });
  portal.order({ name: "slow", ms: 3_000, path: SUBMIT, ban: office.ubn });
  const first = startRobot(office, take(office.ubn));
  await waitUntil("the submit", () =>
    portal.ledger().find((line) => line.type === "fault" && line.path?.includes(SUBMIT)),
  );
  await endedByItself(first, office);
  expect(submitsOf(office)).toBe(1);
  expect(await statusOf(office)).toMatch(/^(?:confirmed|unknown)$/);
  await goesOn(office);
  expect(submitsOf(office)).toBe(1);
});

test("told to end while it looks: nothing is pressed; later it is done, once", async () => {
  const office = await installed({ portal });
  portal.order({ name: "slow", ms: 3_000, path: "/status", ban: office.ubn });
  const first = startRobot(office, take(office.ubn));
  await waitUntil("the look", async () => ((await runsOf(office))[0]?.progress === "提交取號" ? true : null));
  await endedByItself(first, office);
  expect(submitsOf(office)).toBe(0);
  expect(await statusOf(office)).toBeNull();
  await goesOn(office);
  expect(submitsOf(office)).toBe(1);
});

async function endedByItself(told: RobotProcess, { ubn }: Installation): Promise<void> {
  told.tellToEnd();
  const ended = await told.ended;
  expect(ended).toMatchObject({ signal: null, code: 3 });
  expect(runDataSchema.parse(envelopeOf(ended).data).outcome).toBe("waiting");
  expect(ledgerOf(portal, "sign-out", ubn)).toHaveLength(
    ledgerOf(portal, "sign-in", ubn).filter(({ ok }) => ok).length,
  );
}

async function goesOn(office: Installation): Promise<void> {
  expectExit(await robot(office, take(office.ubn)), 0);
  const [run, ...others] = await runsOf(office);
  expect(others).toEqual([]);
  if (run === undefined) throw new Error("The run is gone.");
  await expectIntact(run);
}

function submitsOf({ ubn }: Installation): number {
  return ledgerOf(portal, "take-submitted", ubn).filter(({ accepted }) => accepted).length;
}

async function statusOf({ config }: Installation): Promise<string | null> {
  const store = await openStore(await storeConfigOf(config));
  try {
    const row = await store.selectFrom("effects").select("status").where("name", "=", "提交取號").executeTakeFirst();
    return row?.status ?? null;
  } finally {
    await store.destroy();
  }
}
