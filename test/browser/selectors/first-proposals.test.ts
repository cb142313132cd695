import { afterAll, afterEach, expect, test } from "vitest";
import type { RunRow } from "../../../robot/engine/runs/runs.ts";
import { readNotKnown } from "../../../robot/picks/not-known.ts";
import { adoptPicks, type NewPick } from "../../../robot/picks/picks.ts";
import { readRecord } from "../../../robot/recording/format/read.ts";
import type { CheckedPage, NotKnown } from "../../../selectors/pages.ts";
import { perform } from "../../support/kit/installation/in-process.ts";
import { installed, NOTICE_ADDRESS } from "../../support/kit/installation/installation.ts";
import { openPortal } from "../../support/kit/installation/portal.ts";
import { reworded } from "../../support/kit/installation/reworded.ts";

/**
 * The portal renames one thing that a page needs, in words that nobody knows; a person agrees to the first proposal, and the page is known again. How many
 * came back is printed.
 */

const portal = await openPortal();
afterAll(() => portal.close());
afterEach(() => portal.show("current"));

/** What is renamed, and where a check meets it. */
const RENAMED: readonly (readonly [old: string, page: CheckedPage])[] = [
  ["提交取號", "take-form"],
  ["取用本數", "take-form"],
  ["是否已配號", "tracks-list"],
  ["取號電子郵件信箱維護", "notice-list"],
  ["匯入字軌", "upload-form"],
  ["上傳列表", "upload-list"],
  ["處理狀態", "upload-list"],
  ["匯入檔名", "upload-list"],
  ["字軌號碼取號", "tracks-list"],
  ["發票起號", "blank-list"],
  ["發票迄號", "blank-list"],
];
const NEW = "甲乙丙";

const cases = (["current", "classic"] as const).flatMap((design) =>
  RENAMED.map(([old, page]) => ({ design, old, page })),
);
const ended: { readonly old: string; readonly design: string; readonly how: "not stopped" | "back" | "not back" }[] =
  [];

test.for(cases)("$old renamed ($design)", async ({ design, old, page }) => {
  const address = await reworded(portal.url, (text) => text.replaceAll(old, NEW));
  const taken = [{ period: "previous" as const, books: 2 }];
  const companies = [{ portal: { taken, mailboxList: [NOTICE_ADDRESS] } }];
  const at = await installed({ portal, companies, settings: { portal: { address } } });
  portal.show(design);
  const look = (): Promise<RunRow> => perform(at, { flow: "check-pages", input: { page } });
  const stopped = await look();
  expect([undefined, "page-changed"]).toContain(stopped.failure?.code);
  if (stopped.failure === null) {
    ended.push({ old, design, how: "not stopped" });
    return;
  }
  const picks = firstOf(await lastNotKnown(stopped));
  if (picks.length > 0) await adoptPicks(at.config.portal.parts, picks, new Date());
  const again = await look();
  expect([undefined, "page-changed"]).toContain(again.failure?.code);
  const how = again.failure === null ? "back" : "not back";
  ended.push({ old, design, how });
  process.stderr.write(`${JSON.stringify({ old, design, how, why: again.failure?.seen ?? "" })}\n`);
});

test("nine in ten of what stops come back by the first proposal", () => {
  const stops = ended.filter(({ how }) => how !== "not stopped");
  const back = stops.filter(({ how }) => how === "back");
  process.stderr.write(`${back.length} of ${stops.length} came back, ${ended.length - stops.length} never stopped\n`);
  expect(back.length / stops.length).toBeGreaterThanOrEqual(0.9);
});

async function lastNotKnown({ folder }: RunRow): Promise<NotKnown | null> {
  const record = await readRecord(folder ?? "");
  return (record?.events ?? []).map(readNotKnown).findLast((one) => one !== null) ?? null;
}

function firstOf(shown: NotKnown | null): NewPick[] {
  return (shown?.parts ?? []).flatMap((part) => {
    const thing = shown?.things[part.proposals[0]?.thing ?? -1];
    return thing === undefined || thing.candidates.length === 0
      ? []
      : [{ part, thing, by: "王小明", role: "manage" as const }];
  });
}
