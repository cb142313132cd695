import { afterAll, expect, test } from "vitest";
import type { Store } from "../../../robot/store/store.ts";
import { storeConfigOf } from "../../../robot/app/store-config.ts";
import { perform, take } from "../../support/kit/installation/in-process.ts";
import { type CompanySetup, type Installation, installed } from "../../support/kit/installation/installation.ts";
import { ledgerOf, NEXT, openPortal, THIS } from "../../support/kit/installation/portal.ts";
import { type Ended, robot } from "../../support/kit/installation/robot-process.ts";
import { openedStore } from "../../support/store/store-databases.ts";

const portal = await openPortal();
afterAll(() => portal.close());

const HAS_BOTH: CompanySetup = {
  portal: {
    taken: [
      { period: "this", books: 1 },
      { period: "next", books: 1 },
    ],
  },
};

test("two processes with two accounts hold no more visits at once than the installation may have", async () => {
  const office = await installed({ portal, companies: [HAS_BOTH, HAS_BOTH], settings: { portal: { maxVisits: 1 } } });
  const ended = await Promise.all(office.ubns.map((ubn) => download(office, ubn, THIS)));
  expect(ended).toMatchObject([{ code: 0 }, { code: 0 }]);
  expect(mostSessionsAtOnce(office.ubns)).toBe(1);
});

test("two processes with two jobs of one account visit the portal one after the other", async () => {
  const office = await installed({ portal, companies: [HAS_BOTH], settings: { portal: { maxVisits: 2 } } });
  const ended = await Promise.all([THIS, NEXT].map((period) => download(office, office.ubn, period)));
  expect(ended).toMatchObject([{ code: 0 }, { code: 0 }]);
  expect(mostSessionsAtOnce(office.ubns)).toBe(1);
});

test("an account that another machine took over before the press: nothing is pressed, and said; later it is done once", async () => {
  const office = await installed({ portal });
  const store = await openedStore(await storeConfigOf(office.config));
  const run = await perform(office, take(NEXT), {
    point: async (effect, point) => {
      if (effect === "提交取號" && point === "compared") await takeAccountOver(store);
    },
  });
  expect(run).toMatchObject({ state: "ended", failure: { code: "lease-lost" } });
  expect(ledgerOf(portal, "take-submitted", office.ubn)).toEqual([]);
  await store.deleteFrom("leases").execute();
  expect(await perform(office, take(NEXT))).toMatchObject({ outcome: "done", failure: null });
  expect(ledgerOf(portal, "take-submitted", office.ubn)).toHaveLength(1);
});

function download(office: Installation, ubn: string, period: string): Promise<Ended> {
  return robot(office, ["run", "download-tracks", "--company", ubn, "--period", period, "--json"]);
}

/** As the portal counts them, from each sign-in that was right to its sign-out. */
function mostSessionsAtOnce(ubns: readonly string[]): number {
  let open = 0;
  let most = 0;
  let all = 0;
  for (const line of portal.ledger()) {
    if ((line.type !== "sign-in" && line.type !== "sign-out") || !ubns.includes(line.ban)) continue;
    if (line.type === "sign-in" && line.ok) {
      all++;
      most = Math.max(most, ++open);
    }
    if (line.type === "sign-out") open--;
  }
  expect(all).toBeGreaterThanOrEqual(2);
  expect(open).toBe(0);
  return most;
}

/** What a machine does that finds the lease's time over: the old one slept, or its store was out of reach. */
async function takeAccountOver(store: Store): Promise<void> {
  const lease = { holder: "another machine", host: "elsewhere", until: new Date(Date.now() + 3_600_000).toISOString() };
  const taken = await store
    .updateTable("leases")
    .set(lease)
    .where("name", "like", "account:%")
    .returning("name")
    .execute();
  expect(taken).toHaveLength(1);
}
