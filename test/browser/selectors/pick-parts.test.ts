import { readFile } from "node:fs/promises";
import { afterAll, afterEach, expect, test } from "vitest";
import type { RunRow } from "../../../robot/engine/runs/runs.ts";
import { readNotKnown } from "../../../robot/picks/not-known.ts";
import { adoptPicks, listPicks, type NewPick, undoPick } from "../../../robot/picks/picks.ts";
import { readRecord } from "../../../robot/recording/format/read.ts";
import type { NotKnown } from "../../../selectors/pages.ts";
import { perform } from "../../support/kit/installation/in-process.ts";
import { type Installation, installed, NOTICE_ADDRESS } from "../../support/kit/installation/installation.ts";
import { ledgerOf, openPortal } from "../../support/kit/installation/portal.ts";
import { reworded } from "../../support/kit/installation/reworded.ts";

/** What the portal renames a person shows once, and the robot goes on with. */

const portal = await openPortal();
afterAll(() => portal.close());
afterEach(() => portal.show("current"));

async function office(words: (text: string) => string): Promise<Installation> {
  const address = await reworded(portal.url, words);
  const taken = [{ period: "previous" as const, books: 2 }];
  return installed({
    portal,
    companies: [{ portal: { taken, mailboxList: [NOTICE_ADDRESS] } }],
    settings: { portal: { address } },
  });
}

async function notKnownIn({ folder }: RunRow): Promise<NotKnown[]> {
  const record = await readRecord(folder ?? "");
  return (record?.events ?? []).map(readNotKnown).filter((one) => one !== null);
}

/** The first proposal of each part, agreed to. */
function firstOf({ parts, things }: NotKnown, role: NewPick["role"] = "manage"): NewPick[] {
  return parts.flatMap((part) => {
    const thing = things[part.proposals[0]?.thing ?? -1];
    return thing === undefined ? [] : [{ part, thing, by: "王小明", role }];
  });
}

test.for(["current", "classic"] as const)(
  "a renamed button is brought back by the first proposal, looked at twice, and taken back again (%s)",
  async (design) => {
    const at = await office((text) => text.replaceAll("提交取號", "甲乙丙丁"));
    portal.show(design);
    const file = at.config.portal.parts;
    const stopped = await perform(at, { flow: "check-pages", input: { page: "take-form" } });
    expect(stopped.failure?.code).toBe("page-changed");
    const [shown] = await notKnownIn(stopped);
    expect(shown?.parts).toMatchObject([{ id: "take.submit", changesPortal: true }]);
    if (shown === undefined) throw new Error("The record does not tell what the page shows.");
    await expect(adoptPicks(file, firstOf(shown, "operate"), new Date())).rejects.toMatchObject({ code: "wrong-use" });
    await adoptPicks(file, firstOf(shown), new Date());
    expect(await listPicks(file)).toMatchObject([
      { id: "take.submit", was: "提交取號", now: "甲乙丙丁", by: "王小明", verified: null },
    ]);
    const again = await perform(at, { flow: "check-pages", input: { page: "take-form" } });
    expect(again).toMatchObject({ outcome: "done", failure: null });
    expect((await listPicks(file))[0]?.verified).not.toBeNull();
    const role = design === "current" ? "button" : "link";
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({
      "take.submit": { candidates: [{ role, name: "甲乙丙丁" }, { text: "甲乙丙丁" }] },
    });
    await undoPick(file, "take.submit", "manage");
    expect(await listPicks(file)).toEqual([]);
    const back = await perform(at, { flow: "check-pages", input: { page: "take-form" } });
    expect(back.failure?.code).toBe("page-changed");
  },
);

const RENAMED: readonly (readonly [string, string])[] = [
  ["＋取號", "甲申請"],
  [">取號<", ">甲申請<"],
  ["提交取號", "乙交件"],
  ["取用本數", "丙冊數"],
  ["發票類別", "丁分別"],
  ["發票期別", "戊月份"],
];

function everyLabel(text: string): string {
  return RENAMED.reduce((said, [old, now]) => said.replaceAll(old, now), text);
}

test("a form with every label renamed is brought back by a person who clicks in the browser, and the portal hears none of the clicks", async () => {
  const at = await office(everyLabel);
  const asked: string[] = [];
  let clicks = 0;
  const run = await perform(
    at,
    { flow: "check-pages", input: { page: "take-form" } },
    {
      pick: {
        by: "王小明",
        only: null,
        asks: (part, page) => {
          asked.push(part.id);
          const words = wordsFor(part.name);
          const target = page.getByText(words, { exact: false }).locator("visible=true").last();
          const field = part.purpose.startsWith("要填") || part.purpose.startsWith("要選");
          const place = field ? page.getByLabel(words).last() : target;
          void (async () => {
            const box = await place.boundingBox();
            if (box === null) throw new Error(`Nobody sees ${words}.`);
            clicks++;
            await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
            await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
          })();
        },
        refuses: (part, why) => asked.push(`${part.id}: ${why}`),
        agrees: () => Promise.resolve(true),
      },
    },
  );
  expect({ failure: run.failure, asked }).toMatchObject({ failure: null });
  expect(clicks).toBeLessThanOrEqual(10);
  expect(asked).toContain("take.submit");
  for (const pick of await listPicks(at.config.portal.parts)) expect([pick.id, pick.verified]).not.toContain(null);
  const sent = ledgerOf(portal, "take-submitted", at.ubn);
  expect(sent).toEqual([]);
});

/** What the page calls now what was called so. */
function wordsFor(name: string): string {
  return RENAMED.find(([old]) => old.replaceAll(/[＋<>]/g, "") === name)?.[1].replaceAll(/[<>]/g, "") ?? name;
}
