import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { RunRow } from "../../../robot/engine/runs/runs.ts";
import { perform } from "../../support/kit/installation/in-process.ts";
import { configured, LOOK_FLOWS, readsDigitsOf } from "../../support/kit/looks/look-case.ts";
import type { Habits } from "../../stranger/looks/habits.ts";
import { LOOKS_COMPANY } from "../../stranger/looks/model.ts";
import { type LooksPortal, startLook } from "../../stranger/looks/start.ts";

// 驗證密碼 at the acts and in the places where the practice portal does not ask for it.

vi.setConfig({ testTimeout: 300_000 });

interface Played {
  readonly portal: LooksPortal;
  /** Everything that the job wants to happen at the portal. */
  readonly wanted: readonly unknown[];
  readonly isRight: (run: RunRow) => boolean;
  readonly play: () => Promise<RunRow>;
}

async function prepared(flow: string, habits: Partial<Habits>): Promise<Played> {
  const portal = await startLook(habits);
  const folder = await mkdtemp(join(tmpdir(), "einvoice-vouch-"));
  onTestFinished(async () => {
    await portal.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const prepare = LOOK_FLOWS[flow];
  if (prepare === undefined) throw new Error(`No scene for ${flow}`);
  const { input, wanted, isRight } = await prepare(portal, folder);
  const config = await configured(folder, portal.url);
  return {
    portal,
    wanted,
    isRight: (run) => isRight(run, portal),
    play: () => perform({ config, ubn: LOOKS_COMPANY.ubn }, { flow, input }, { captcha: readsDigitsOf(portal) }),
  };
}

describe("a page that asks for the password again, in the place of the one where the act was pressed,", () => {
  test.for([
    ["刪除 of blank numbers", "correct-blank-numbers", "deletions"],
    ["新增 and 刪除 of addresses", "keep-notice-list", "notices"],
  ] as const)("is given it once for each act: %s", async ([, flow, reauthenticate]) => {
    const { portal, wanted, isRight, play } = await prepared(flow, { reauthenticate, reauthenticateIn: "page" });

    const run = await play();

    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(portal.ledger().acts).toEqual(wanted);
    expect(portal.ledger().passwords).toEqual(wanted.map(() => "right"));
    expect(isRight(run)).toBe(true);
  });
});

describe("a password that is asked for again and refused: nothing is done, the account is switched off, and that is told", () => {
  test.for([
    ["上傳, in a box", "upload-blank-numbers", { reauthenticate: "uploads" }],
    ["刪除 of blank numbers, in a box", "correct-blank-numbers", { reauthenticate: "deletions" }],
    [
      "刪除 of blank numbers, on a page",
      "correct-blank-numbers",
      { reauthenticate: "deletions", reauthenticateIn: "page" },
    ],
    ["新增 of an address, on a page", "keep-notice-list", { reauthenticate: "notices", reauthenticateIn: "page" }],
  ] as const)("%s", async ([, flow, habits]) => {
    const { portal, play } = await prepared(flow, habits);
    portal.refusePasswords();
    const listed = [...portal.blanks()];

    const run = await play();

    expect(run).toMatchObject({ failure: { code: "password-refused", pageSays: expect.stringContaining("密碼錯誤") } });
    expect(portal.ledger().acts).toEqual([]);
    expect(portal.blanks()).toEqual(listed);
    // Typed once, and rightly: that it was refused is no reason to type it again.
    expect(portal.ledger().passwords).toEqual(["right"]);

    const { logins } = portal.ledger();
    expect(await play()).toMatchObject({ outcome: "needs-person", failure: { code: "account-disabled" } });
    expect(portal.ledger().logins).toEqual(logins);
  });
});
