import { afterAll, afterEach, describe, expect, test } from "vitest";
import { documentWith } from "../../support/kit/written-table.ts";
import { openStore } from "../../../robot/store/store.ts";
import { storeConfigOf } from "../../../robot/app/store-config.ts";
import { perform, take } from "../../support/kit/installation/in-process.ts";
import { type Installation, type InstallationOptions, installed } from "../../support/kit/installation/installation.ts";
import { ledgerOf, NEXT, openPortal, takeBackFaults } from "../../support/kit/installation/portal.ts";
import { expectIntact } from "../../support/kit/record/record.ts";
import type { FaultInput } from "../../portal/model/faults.ts";

/**
 * What goes wrong at the portal in the moment of 提交取號, and what becomes of it. The portal takes a second 取號 of the same period,
 * so that a second submit would have a second effect. The table in docs/reliability.md is made of these cases.
 */

const BOOKS = 3;
const settings = (giveUp: string): NonNullable<InstallationOptions["settings"]> => ({
  portal: { reconcile: { first: "200ms", every: "300ms", timeout: giveUp } },
});

interface Case {
  /** As the document tells it. */
  readonly what: string;
  readonly faults: readonly FaultInput[];
  /** Our submits that took effect when the run first stops. */
  readonly happened: 0 | 1;
  /** What the store says of the effect, in order. */
  readonly statuses: readonly string[];
  /** Whether a person is asked; the answer is what the ledger says. */
  readonly asked: boolean;
  /** How the run ends, after that answer. */
  readonly end: string;
  /** Our submits that took effect in the end. */
  readonly total: 0 | 1;
}

const CASES: readonly Case[] = [
  {
    what: "the connection is cut before the submit takes effect",
    faults: [{ name: "cut-submit", when: "before" }],
    happened: 0,
    statuses: ["intended", "unknown", "released", "intended", "confirmed"],
    asked: true,
    end: "done",
    total: 1,
  },
  {
    what: "the connection is cut after the submit took effect",
    faults: [{ name: "cut-submit", when: "after" }],
    happened: 1,
    statuses: ["intended", "confirmed"],
    asked: false,
    end: "done",
    total: 1,
  },
  {
    what: "the answer is lost",
    faults: [{ name: "answer-lost" }],
    happened: 1,
    statuses: ["intended", "confirmed"],
    asked: false,
    end: "done",
    total: 1,
  },
  {
    what: "error 500 before the submit takes effect",
    faults: [{ name: "error-500", when: "before", path: "/api/btb004w/apply" }],
    happened: 0,
    statuses: ["intended", "unknown", "released", "intended", "confirmed"],
    asked: true,
    end: "done",
    total: 1,
  },
  {
    what: "error 500 after the submit took effect",
    faults: [{ name: "error-500", when: "after", path: "/api/btb004w/apply" }],
    happened: 1,
    statuses: ["intended", "confirmed"],
    asked: false,
    end: "done",
    total: 1,
  },
  {
    what: "the answer is lost, and the entry shows up in the list only later",
    faults: [{ name: "answer-lost" }, { name: "list-late", minutes: 2_000 }],
    happened: 1,
    statuses: ["intended", "unknown", "confirmed"],
    asked: false,
    end: "done",
    total: 1,
  },
  {
    what: "somebody else takes the same in the same moment, and the answer is lost",
    faults: [{ name: "answer-lost" }, { name: "someone-else-at-submit" }],
    happened: 1,
    statuses: ["intended", "unknown", "confirmed"],
    asked: true,
    end: "books-differ",
    total: 1,
  },
  {
    what: "the portal allocates by itself in the same moment, and the answer is lost",
    faults: [{ name: "answer-lost" }, { name: "automatic-at-submit", books: 5 }],
    happened: 1,
    statuses: ["intended", "unknown", "confirmed"],
    asked: true,
    end: "books-differ",
    total: 1,
  },
];

const portal = await openPortal({ takes: { secondTake: "accept" } });
afterAll(() => portal.close());
afterEach(() => takeBackFaults(portal));

describe("where the portal fails at the submit, the act is done once at most, and a person is asked where that can't be known", () => {
  test.for(CASES)("$what", async ({ faults, ...wanted }) => {
    // An entry that shows up late is waited for; where there is none, a person is asked soon.
    const late = faults.some(({ name }) => name === "list-late");
    const office = await installed({ portal, settings: settings(late ? "2m" : "3s") });
    for (const fault of faults) portal.order({ ...fault, ban: office.ubn });
    const stopped = await perform(office, take(NEXT, BOOKS));
    const happened = submitsOf(office);
    const asked = stopped.state === "needs-person";
    const run = asked
      ? await perform(office, take(NEXT, BOOKS), {}, () => (submitsOf(office) > 0 ? "happened" : "not-happened"))
      : stopped;
    const seen = {
      what: wanted.what,
      happened,
      statuses: await statusesOf(office),
      asked,
      end: run.failure?.code ?? run.outcome,
      total: submitsOf(office),
    };
    expect(seen).toEqual(wanted);
    await expectIntact(run);
  });
});

test("docs/reliability.md says of each of these faults what becomes of it", async () => {
  const { stands, right } = await documentWith("<!-- faults at 提交取號 -->\n", "<!-- end -->", table());
  expect(stands).toBe(right);
});

function table(): string {
  const rows = CASES.map(({ what, happened, statuses, asked, end, total }) =>
    [what, happened, statuses.join(" → "), asked ? "yes" : "no", end, total].join(" | "),
  );
  const head =
    "at the portal | took effect | what the robot knew, in order | a person was asked | end of the run | took effect in all";
  return `| ${[head, head.replaceAll(/[^|]+/g, " --- ").trim(), ...rows].join(" |\n| ")} |\n`;
}

function submitsOf({ portal: at, ubn }: Installation): number {
  return ledgerOf(at, "take-submitted", ubn).filter(({ accepted }) => accepted).length;
}

async function statusesOf({ config, ubn }: Installation): Promise<string[]> {
  const store = await openStore(await storeConfigOf(config));
  try {
    const rows = await store.selectFrom("effect_events").select(["key", "status"]).orderBy("id").execute();
    return rows
      .filter(({ key }) => key.startsWith(`${ubn}|`) && key.includes("submit-take"))
      .map(({ status }) => status);
  } finally {
    await store.destroy();
  }
}
