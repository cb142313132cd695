import { afterAll, afterEach, describe, expect, test } from "vitest";
import { download, perform, take } from "../../support/kit/installation/in-process.ts";
import { installed } from "../../support/kit/installation/installation.ts";
import {
  ledgerOf,
  letTimePass,
  NEXT,
  openPortal,
  stopClock,
  takeBackFaults,
  THIS,
} from "../../support/kit/installation/portal.ts";
import { expectIntact } from "../../support/kit/record/record.ts";
import { untilWaiting } from "../../support/kit/installation/runs.ts";
import type { FaultInput } from "../../portal/model/faults.ts";

const portal = await openPortal();
afterAll(() => portal.close());
afterEach(() => takeBackFaults(portal));

const ODDITIES: FaultInput[] = [
  { name: "announcement" },
  { name: "late-render", ms: 2000 },
  { name: "menu-covers-table" },
  { name: "two-clicks", on: "query" },
  { name: "tick-undone", real: true },
  { name: "password-180-days" },
];

const nameOf = ({ name, ...more }: FaultInput): string => [name, ...Object.values(more)].join(" ");

describe("a page that behaves oddly stops nobody", () => {
  test.each(ODDITIES.map((fault) => ({ fault, oddity: nameOf(fault) })))("$oddity", async ({ fault }) => {
    const office = await installed({ portal, companies: [{ portal: { taken: [{ period: "this", books: 2 }] } }] });
    const order = { ...fault, ban: office.ubn, times: "always" } as const;
    portal.order(order);
    const run = await perform(office, download(THIS));
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(run.result?.files).toMatchObject([{ sha256: ledgerOf(portal, "download", office.ubn)[0]?.sha256 }]);
    expect(portal.ledger()).toContainEqual(expect.objectContaining({ type: "fault", name: fault.name }));
  });

  test("all of them together, from nothing to the file, and still one submit", async () => {
    // By the mail alone, so that the portal is visited no more than needed.
    const office = await installed({ portal, settings: { portal: { allocation: { source: "mail" } } } });
    for (const fault of ODDITIES) portal.order({ ...fault, ban: office.ubn, times: 2 });
    portal.order({ name: "two-clicks", on: "menu", ban: office.ubn, times: 2 });
    stopClock(portal);
    const running = perform(office, take(NEXT, 4));
    await untilWaiting(office);
    letTimePass(portal, 60);
    const run = await running;
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(ledgerOf(portal, "take-submitted", office.ubn)).toMatchObject([{ books: 4, accepted: true }]);
    expect(ledgerOf(portal, "mailbox-list", office.ubn)).toHaveLength(1);
    await expectIntact(run);
  });
});
