import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { EffectPoint } from "../../robot/engine/effects/effect-context.ts";
import { verifyRun } from "../../robot/recording/verification/verify.ts";
import { perform, take } from "../support/kit/installation/in-process.ts";
import { type Installation, installed } from "../support/kit/installation/installation.ts";
import { ledgerOf, NEXT, openPortal, THIS } from "../support/kit/installation/portal.ts";
import { expectIntact, folderOf, recorded } from "../support/kit/record/record.ts";
import { temporaryRoot } from "../support/recording/recording-support.ts";

const MOUNT = ["-t", "tmpfs", "-o", "size=24m", "tmpfs"];

/** A real small disk; making one needs the right to mount. */
function canMount(): boolean {
  const folder = temporaryRoot();
  const mounted = spawnSync("mount", [...MOUNT, folder]).status === 0;
  if (mounted) spawnSync("umount", [folder]);
  return mounted;
}

/** An installation whose recordings are on a small disk of their own, and what can be done to that disk. */
async function onSmallDisk(): Promise<{
  office: Installation;
  readonly fill: () => void;
  readonly makeRoom: () => void;
  readonly remount: (how: "ro" | "rw") => void;
}> {
  const portal = await openPortal();
  onTestFinished(() => portal.close());
  const office = await installed({ portal });
  const disk = office.config.recordings.folder;
  mkdirSync(disk);
  expect(spawnSync("mount", [...MOUNT, disk]).status).toBe(0);
  onTestFinished(() => void spawnSync("umount", ["-l", disk]));
  const ballast = join(disk, "ballast");
  return {
    office,
    fill() {
      const file = openSync(ballast, "w");
      try {
        for (;;) writeSync(file, Buffer.alloc(4096));
      } catch {
        closeSync(file);
      }
    },
    makeRoom: () => rmSync(ballast),
    remount: (how) => expect(spawnSync("mount", ["-o", `remount,${how}`, disk]).status).toBe(0),
  };
}

/** Does something at one point of the act 提交取號. */
const at = (when: EffectPoint, work: () => void) => ({
  point: (effect: string, point: EffectPoint): Promise<void> => {
    if (effect === "提交取號" && point === when) work();
    return Promise.resolve();
  },
});

describe.skipIf(process.platform !== "linux" || process.getuid?.() !== 0)("when the disk of the recordings", () => {
  test("becomes full before an act is begun, it is not begun, and the next run does it once", async (context) => {
    if (!canMount()) context.skip();
    const { office, fill, makeRoom } = await onSmallDisk();
    // What was kept for emergencies is used up by an earlier one.
    const full = () => {
      rmSync(join(office.config.recordings.folder, ".work", "reserve"));
      fill();
    };
    const run = await perform(office, take(NEXT), at("looked", full));
    expect(run).toMatchObject({ outcome: "failed", failure: { code: "disk-full" } });
    expect(ledgerOf(office.portal, "take-submitted", office.ubn)).toEqual([]);
    expect(await verifyRun(folderOf(run))).toMatchObject({ verdict: "interrupted", tornBytes: 0 });
    makeRoom();
    expect(await perform(office, take(NEXT))).toMatchObject({ outcome: "done" });
    expect(ledgerOf(office.portal, "take-submitted", office.ubn)).toHaveLength(1);
  });

  test("is read-only, no run begins, and the next one does its act once", async (context) => {
    if (!canMount()) context.skip();
    const { office, remount } = await onSmallDisk();
    remount("ro");
    const run = await perform(office, take(NEXT));
    expect(run).toMatchObject({ outcome: "failed", failure: { code: "disk-full" } });
    expect(ledgerOf(office.portal, "take-submitted", office.ubn)).toEqual([]);
    remount("rw");
    expect(await perform(office, take(NEXT))).toMatchObject({ outcome: "done" });
    expect(ledgerOf(office.portal, "take-submitted", office.ubn)).toHaveLength(1);
  });

  test("becomes full between the press and the portal's question, the question is answered with no and nothing is sent", async (context) => {
    if (!canMount()) context.skip();
    const { office, fill, makeRoom } = await onSmallDisk();
    const run = await perform(office, take(NEXT), at("intended", fill));
    expect(run).toMatchObject({ outcome: "failed", failure: { code: "disk-full" } });
    expect(recorded(run, "effect.withdrawn")).toHaveLength(1);
    await expectIntact(run);
    expect(ledgerOf(office.portal, "take-submitted", office.ubn)).toEqual([]);
    makeRoom();
    expect(await perform(office, take(NEXT))).toMatchObject({ outcome: "done" });
    expect(ledgerOf(office.portal, "take-submitted", office.ubn)).toHaveLength(1);
  });

  test("becomes full after an act, all that comes of it is recorded, and nothing new is begun", async (context) => {
    if (!canMount()) context.skip();
    const { office, fill } = await onSmallDisk();
    const run = await perform(office, take(NEXT), at("answered", fill));
    expect(run).toMatchObject({ outcome: "done" });
    expect(ledgerOf(office.portal, "take-submitted", office.ubn)).toHaveLength(1);
    expect(recorded(run, "effect.confirmed").at(-1)).toMatchObject({ data: { effect: "提交取號" } });
    await expectIntact(run);
    const next = await perform(office, take(THIS));
    expect(next).toMatchObject({ outcome: "failed", failure: { code: "disk-full" } });
    expect(ledgerOf(office.portal, "take-submitted", office.ubn)).toHaveLength(1);
  });
});
