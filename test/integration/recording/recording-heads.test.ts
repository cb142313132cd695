import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Store } from "../../../robot/store/store.ts";
import type { Head } from "../../../robot/recording/format/chain.ts";
import {
  closeDays,
  headsDays,
  headsMessage,
  keepHead,
  keptHeads,
  noteMailed,
  readHeads,
  stampDays,
  unmailedDays,
} from "../../../robot/recording/verification/heads.ts";
import { timeStamper } from "../../../robot/recording/verification/time-stamp.ts";
import { maintain } from "../../../robot/recording/maintenance/maintenance.ts";
import { verifyRun } from "../../../robot/recording/verification/verify.ts";
import { perform, take } from "../../support/kit/installation/in-process.ts";
import { installed } from "../../support/kit/installation/installation.ts";
import { envelopeOf, robot } from "../../support/kit/installation/robot-process.ts";
import { NEXT } from "../../support/kit/installation/portal.ts";
import { folderOf } from "../../support/kit/record/record.ts";
import { recordOffice } from "../../support/recording/recording-office.ts";
import { databases, openedStore, titleOf } from "../../support/store/store-databases.ts";
import { eventsOf, record, temporaryRoot } from "../../support/recording/recording-support.ts";
import { type Behaviour, HAS_OPENSSL, startTimeStampService } from "../../support/recording/time-stamp-service.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

function store(file = join(temporaryRoot(), "robot.sqlite")): Promise<Store> {
  return openedStore({ kind: "sqlite", file });
}

const head = (seq: number): Head => ({ seq, hash: createHash("sha256").update(String(seq)).digest("hex") });
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Noon in Taipei of a day in November 2026. */
const noon = (date: number): Date => new Date(Date.UTC(2026, 10, date, 4));

describe.for(databases())("the heads of a day", (database) => {
  describe.skipIf(database.missing !== null)(`on ${titleOf(database)}`, () => {
    test("are the last one of each run, in one document that names the day before", async () => {
      const db = await openedStore(await database.empty());
      await keepHead(db, "run-b", head(4), noon(20));
      await keepHead(db, "run-b", head(9), noon(20));
      await keepHead(db, "run-b", head(7), noon(20));
      await keepHead(db, "run-a", head(3), noon(20));
      await keepHead(db, "run-b", head(12), noon(22));
      const [first, second, ...more] = await closeDays(db, noon(23));
      expect(more).toEqual([]);
      expect(first).toMatchObject({ day: "2026-11-20", sha256: sha256(first?.document ?? "") });
      expect(readHeads(first?.document ?? "")).toEqual({
        format: 1,
        day: "2026-11-20",
        heads: [
          { run: "run-a", events: 3, head: head(3).hash },
          { run: "run-b", events: 9, head: head(9).hash },
        ],
        previous: null,
      });
      expect(readHeads(second?.document ?? "")).toMatchObject({
        day: "2026-11-22",
        previous: { day: "2026-11-20", sha256: first?.sha256 },
      });
      expect(await closeDays(db, noon(24))).toEqual([]);
    });

    test("are closed when the day is over in Taipei, whatever the machine's zone, and not a moment before", async () => {
      const db = await openedStore(await database.empty());
      await keepHead(db, "run-a", head(1), new Date("2026-11-20T15:59:59Z"));
      await keepHead(db, "run-b", head(1), new Date("2026-11-20T16:00:01Z"));
      expect(await closeDays(db, new Date("2026-11-20T16:05:00Z"))).toEqual([]);
      const [day] = await closeDays(db, new Date("2026-11-20T16:11:00Z"));
      expect(readHeads(day?.document ?? "").heads.map(({ run }) => run)).toEqual(["run-a"]);
    });

    test("of two processes that close it at once are the same", async () => {
      const config = await database.empty();
      const [one, two] = [await openedStore(config), await openedStore(config)];
      await keepHead(one, "run-a", head(2), noon(20));
      const closed = await Promise.all([closeDays(one, noon(21)), closeDays(two, noon(21))]);
      const documents = new Set(closed.flat().map(({ document }) => document));
      expect(documents.size).toBe(1);
      expect(await headsDays(one, 9)).toHaveLength(1);
    });

    test("are told in a message that can be compared by hand, and queued until it is mailed", async () => {
      const db = await openedStore(await database.empty());
      await keepHead(db, "run-a", head(52), noon(20));
      await closeDays(db, noon(21));
      const [day] = await unmailedDays(db);
      if (!day) throw new Error("no day");
      const { subject, text, attachments } = headsMessage(day);
      expect(subject).toContain("2026-11-20");
      expect(text).toContain(`run-a　第 52 個事件　${head(52).hash}`);
      expect(text).toContain(day.sha256);
      expect(attachments.map(({ name }) => name)).toEqual(["heads-2026-11-20.json"]);
      expect(sha256(attachments[0]?.bytes.toString("utf8") ?? "")).toBe(day.sha256);
      await noteMailed(db, day.day, noon(21));
      expect(await unmailedDays(db)).toEqual([]);
    });
  });
});

describe("with a head that was kept, verify finds", () => {
  async function twoDays(): Promise<{ folder: string; kept: Head[] }> {
    const root = temporaryRoot();
    const first = await record(root);
    await first.event("step.done", { n: 1 });
    await first.suspend();
    const second = await record(root);
    await second.event("step.done", { n: 2 });
    await second.suspend();
    return { folder: second.folder, kept: [first.head, second.head] };
  }

  test("nothing where nothing was done, also when the run has gone on since", async () => {
    const { folder, kept } = await twoDays();
    expect(await verifyRun(folder, { heads: kept })).toMatchObject({ verdict: "interrupted", head: kept[1] });
    expect(await verifyRun(folder, { heads: kept.slice(0, 1) })).toMatchObject({ verdict: "interrupted" });
  });

  test("that the end of a run that was not ended was cut off, which its folder can't tell", async () => {
    const { folder, kept } = await twoDays();
    const lines = readFileSync(join(folder, "events.jsonl"), "utf8").split("\n").slice(0, -2);
    writeFileSync(join(folder, "events.jsonl"), lines.map((line) => `${line}\n`).join(""));
    expect(await verifyRun(folder)).toMatchObject({ verdict: "interrupted", after: 3 });
    const verdict = await verifyRun(folder, { heads: kept });
    expect(verdict).toMatchObject({ verdict: "tampered", problem: { kind: "cut-off", fromEvent: 4, toEvent: 4 } });
  });

  test("that a whole folder was made up in the place of the true one", async () => {
    const { folder, kept } = await twoDays();
    const forged = await twoDays();
    rmSync(folder, { recursive: true });
    renameSync(forged.folder, folder);
    expect(await verifyRun(folder)).toMatchObject({ verdict: "interrupted" });
    const verdict = await verifyRun(folder, { heads: kept });
    expect(verdict).toMatchObject({ verdict: "tampered", problem: { kind: "replaced", event: kept[0]?.seq } });
    expect(verdict.words.zh).toContain("和另外保存的鏈尾不同");
  });
});

test("a real run leaves its head in the run database; verify compares it, and names a record that is gone", async () => {
  const office = await installed();
  const run = await perform(office, take(NEXT));
  const last = eventsOf(folderOf(run)).at(-1);
  const db = await store(join(office.folder, "robot.sqlite"));
  expect((await keptHeads(db, run.id)).get(run.id)).toEqual([{ seq: last?.seq, hash: last?.hash }]);
  const whole = await robot(office, ["verify", "--all", "--json"]);
  expect(envelopeOf(whole)).toMatchObject({ ok: true, data: { headsCompared: true, runs: [{ verdict: "intact" }] } });
  rmSync(folderOf(run), { recursive: true });
  for (const words of [["--all"], [run.id]]) {
    const gone = await robot(office, ["verify", ...words, "--json"]);
    expect([gone.code, envelopeOf(gone).failure?.code]).toEqual([1, "record-altered"]);
    expect(envelopeOf(gone).failure?.message).toContain(run.id);
  }
});

describe.skipIf(!HAS_OPENSSL)("a time-stamp", () => {
  const BYTES = Buffer.from("the day's heads");

  test("is of these bytes only, and OpenSSL verifies it without us", async () => {
    const service = await startTimeStampService();
    const before = Math.floor(Date.now() / 1000) * 1000;
    const { answer, at } = await timeStamper({ url: service.url, ca: service.ca, timeout: 20_000 }).stamp(BYTES);
    expect(at.getTime()).toBeGreaterThanOrEqual(before);
    const folder = temporaryRoot();
    writeFileSync(join(folder, "a.tsr"), answer);
    writeFileSync(join(folder, "a"), BYTES);
    const verified = execFileSync("openssl", ["ts", "-verify", "-in", "a.tsr", "-data", "a", "-CAfile", service.ca], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    expect(verified.toString()).toContain("Verification: OK");
    expect(service.asked).toHaveLength(1);
    expect(service.asked[0]).not.toContain("heads");
  });

  test.each<[Behaviour, RegExp]>([
    ["refuses", /refused/],
    ["other-bytes", /of other bytes/],
    ["replays", /another request/],
    ["broken", /signature/],
    ["error", /500/],
    ["wrong-purpose", /not for time-stamping/],
  ])("is not taken from a service that is not right: %s", async (behaviour, why) => {
    const service = await startTimeStampService();
    const stamper = timeStamper({ url: service.url, ca: service.ca, timeout: 20_000 });
    await stamper.stamp(BYTES);
    service.behave(behaviour);
    await expect(stamper.stamp(BYTES)).rejects.toThrow(why);
  });

  test("is not taken from a stranger, where it is said who vouches; without that anybody's is", async () => {
    const service = await startTimeStampService();
    const { url } = service;
    await expect(timeStamper({ url, ca: service.stranger, timeout: 20_000 }).stamp(BYTES)).rejects.toThrow("vouches");
    expect((await timeStamper({ url, ca: null, timeout: 20_000 }).stamp(BYTES)).answer.length).toBeGreaterThan(100);
  });

  test("that can't be had now is got the next time, each day once", async () => {
    const service = await startTimeStampService();
    const settings = {
      folder: temporaryRoot(),
      timeStamp: { url: service.url, ca: service.ca, timeout: 20_000 },
      retention: { picturesAfter: null, tracesAfter: null, personalAfter: null, maxBytes: null },
    };
    const db = await store();
    await keepHead(db, "run-a", head(5), noon(19));
    await keepHead(db, "run-a", head(8), noon(20));
    service.behave("error");
    expect(await maintain(db, settings, noon(21))).toMatchObject({
      days: ["2026-11-19", "2026-11-20"],
      stamped: null,
      stampTrouble: expect.stringContaining("500"),
    });
    service.behave("right");
    expect(await maintain(db, settings, noon(21))).toMatchObject({ days: [], stamped: 2, stampTrouble: null });
    expect(await stampDays(db, timeStamper(settings.timeStamp))).toBe(0);
    const [day] = await headsDays(db, 1);
    if (!day?.stamp) throw new Error("no stamp");
    const [document, answer] = headsMessage(day).attachments;
    const folder = temporaryRoot();
    writeFileSync(join(folder, "heads"), document?.bytes ?? "");
    writeFileSync(join(folder, "tsr"), answer?.bytes ?? "");
    execFileSync("openssl", ["ts", "-verify", "-in", "tsr", "-data", "heads", "-CAfile", service.ca], { cwd: folder });
  });

  test("is got by the command, which writes the files to be kept elsewhere", async () => {
    const service = await startTimeStampService();
    const office = recordOffice({ recordings: { timeStamp: { url: service.url, ca: service.ca } } });
    const db = await store(join(office.folder, "robot.sqlite"));
    await keepHead(db, "run-a", head(5), noon(19));
    const { code, envelope } = await office.command("recordings", "heads", "--out", "kept");
    expect([code, envelope.data]).toMatchObject([
      0,
      {
        days: [{ day: "2026-11-19", heads: [{ run: "run-a", events: 5 }], stampedAt: expect.any(String) }],
        stampTrouble: null,
        files: [join(office.folder, "kept/heads-2026-11-19.json"), join(office.folder, "kept/heads-2026-11-19.tsr")],
      },
    ]);
    expectExit(await office.command("recordings", "heads", "--day", "2026-11-18"), 2);
  });
});
