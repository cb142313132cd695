import { afterAll, afterEach, describe, expect, test } from "vitest";
import { createTransport } from "nodemailer";
import type { RunRow } from "../../../robot/engine/runs/runs.ts";
import { download, perform, take } from "../../support/kit/installation/in-process.ts";
import { installed, type Installation } from "../../support/kit/installation/installation.ts";
import {
  ledgerOf,
  letTimePass,
  NEXT,
  openPortal,
  stopClock,
  takeBackFaults,
} from "../../support/kit/installation/portal.ts";
import { expectExplained, expectIntact, recorded } from "../../support/kit/record/record.ts";
import { untilWaiting } from "../../support/kit/installation/runs.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";

const portal = await openPortal();
afterAll(() => portal.close());
afterEach(() => takeBackFaults(portal));

const OLD_MAILS = 300;
const SOON = "3s";

/** Fills the mailbox with notices of earlier allocations: the same sender, the same subject, every date there is. */
async function fillMailbox(): Promise<void> {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: "windows" });
  for (let number = 1; number <= OLD_MAILS; number++) {
    const { message } = await composer.sendMail({
      from: "einvoice@einvoice.nat.gov.tw",
      to: "robot@office.test",
      subject: "電子發票配號結果通知",
      date: new Date(Date.UTC(2024, 0, number * 5)),
      text: "發票期別：2027年01-02期",
      textEncoding: "base64",
    });
    if (!Buffer.isBuffer(message)) throw new Error("A composed mail is bytes.");
    await portal.mailbox.deliver("robot@office.test", message);
  }
}

/** Takes one book and lets the portal allocate only once the run waits for it. */
async function takeAndWait(office: Installation): Promise<RunRow> {
  stopClock(portal);
  const running = perform(office, take(NEXT));
  await untilWaiting(office);
  letTimePass(portal, 60);
  return running;
}

/** What the looks of the wait found, by their source; null for nothing. */
const looks = (run: RunRow, source: "mail" | "list"): unknown[] =>
  recorded(run, "wait.looked").flatMap(({ data }) =>
    data !== null && typeof data === "object" && "source" in data && data.source === source ? [data["answer"]] : [],
  );

describe("in a mailbox full of older notices", () => {
  test("only the new one counts", async () => {
    await fillMailbox();
    const office = await installed({ portal, settings: { portal: { allocation: { source: "mail" } } } });
    const run = await takeAndWait(office);
    expect(run).toMatchObject({ outcome: "done", failure: null });
    const [mail] = ledgerOf(portal, "mail", office.ubn);
    expect(mail?.fate).toBe("delivered");
    expect(looks(run, "mail").filter((answer) => answer !== null)).toHaveLength(1);
    // The answer's date is that of the portal's clock, not of one of the old ones.
    expect(looks(run, "mail").at(-1)).toMatchObject({ date: expect.stringMatching(/^2026-11-/) });
  });

  test("none counts where the new one was lost: where only mails are believed, that is said", async () => {
    const allocation = { source: "mail", timeout: SOON } as const;
    const office = await installed({ portal, settings: { portal: { allocation } } });
    portal.order({ name: "mail-lost", ban: office.ubn, times: "always" });
    const run = await takeAndWait(office);
    expect(run.outcome).toBe("failed");
    expect(looks(run, "mail").filter((answer) => answer !== null)).toEqual([]);
    expect(looks(run, "list")).toEqual([]);
    await expectExplained(run, "mail-missing");
    expect(ledgerOf(portal, "take-submitted", office.ubn)).toHaveLength(1);
    // What the failure tells to do next helps.
    expect(await perform(office, download(NEXT))).toMatchObject({ outcome: "done" });
  });

  test("none counts where the new one was lost: the list answers in its place", async () => {
    const office = await installed({ portal });
    portal.order({ name: "mail-lost", ban: office.ubn, times: "always" });
    const run = await takeAndWait(office);
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(looks(run, "mail").filter((answer) => answer !== null)).toEqual([]);
    expect(looks(run, "list").at(-1)).toBe("是");
    await expectIntact(run);
  });
});

test("a look that fails for the moment does not end the wait", async () => {
  const office = await installed({ portal, settings: { portal: { allocation: { source: "list" } } } });
  stopClock(portal);
  const running = perform(office, take(NEXT));
  await untilWaiting(office);
  portal.order({ name: "outage", times: 1, path: "/accounts/login" });
  await waitUntil("a look that met the outage", () =>
    portal.ledger().some((line) => line.type === "fault" && line.name === "outage") ? true : null,
  );
  letTimePass(portal, 60);
  const run = await running;
  expect(run).toMatchObject({ outcome: "done", failure: null });
  expect(ledgerOf(portal, "take-submitted", office.ubn)).toHaveLength(1);
});

describe("an allocation that does not come", () => {
  test("is given up in time and not asked for again; later it is downloaded", async () => {
    const allocation = { list: { first: "500ms", every: "1s" }, timeout: SOON };
    const office = await installed({ portal, settings: { portal: { allocation } } });
    portal.order({ name: "allocation-stuck", ban: office.ubn, times: "always" });
    const run = await takeAndWait(office);
    expect(run.outcome).toBe("failed");
    await expectExplained(run, "allocation-late");
    expect(run.failure?.seen).toContain("檢核中");
    expect(ledgerOf(portal, "take-submitted", office.ubn)).toHaveLength(1);

    await takeBackFaults(portal);
    expect(await perform(office, take(NEXT))).toMatchObject({ outcome: "already-done" });
    expect(ledgerOf(portal, "take-submitted", office.ubn)).toHaveLength(1);
  });
});
