import { readFile } from "node:fs/promises";
import { afterAll, afterEach, expect, test } from "vitest";
import { z } from "zod";
import type { RunRow } from "../../../robot/engine/runs/runs.ts";
import { CHECKED_PAGES } from "../../../selectors/pages.ts";
import { perform } from "../../support/kit/installation/in-process.ts";
import { type Installation, installed, NOTICE_ADDRESS } from "../../support/kit/installation/installation.ts";
import { ledgerOf, openPortal } from "../../support/kit/installation/portal.ts";
import { reworded } from "../../support/kit/installation/reworded.ts";
import { EVERY_TEST } from "../../support/every-test.ts";
import { expectIntact, recorded } from "../../support/kit/record/record.ts";

/** Whether the portal is still what the robot knows, asked without changing anything there. */

const portal = await openPortal();
afterAll(() => portal.close());
afterEach(() => portal.show("current"));

const CHANGES = ["mailbox-list", "take-submitted", "blank-upload", "blank-deleted", "carrier-bound"] as const;
const found = z.object({
  pages: z.array(
    z.object({
      page: z.string(),
      problem: z.string().nullable(),
      parts: z.array(z.object({ id: z.string(), by: z.string().nullable(), elements: z.number() })),
    }),
  ),
});

function pagesOf({ result }: RunRow): z.infer<typeof found>["pages"] {
  return found.parse(result).pages;
}

async function office(): Promise<Installation> {
  const taken = [{ period: "previous" as const, books: 2 }];
  return installed({ portal, companies: [{ portal: { taken, mailboxList: [NOTICE_ADDRESS] } }] });
}

test.for(EVERY_TEST ? (["current", "classic"] as const) : (["classic"] as const))(
  "every page is known, part by part, with a picture of each; nothing is changed, and a second look is held against the first (%s)",
  async (design) => {
    const at = await office();
    portal.show(design);
    const run = await perform(at, { flow: "check-pages", input: {} });
    expect(run).toMatchObject({ outcome: "done", failure: null });
    const pages = pagesOf(run);
    expect(pages.map(({ page, problem }) => [page, problem])).toEqual(CHECKED_PAGES.map((page) => [page, null]));
    const parts = pages.flatMap((page) => page.parts);
    for (const id of ["take.books", "take.submit", "notice-list.add", "blank.upload.submit"])
      expect([id, parts.find((one) => one.id === id)?.by]).toEqual([id, expect.stringMatching(/「.+」/)]);
    expect(recorded(run, "picture").length).toBeGreaterThanOrEqual(CHECKED_PAGES.length);
    expect(CHANGES.flatMap((type) => ledgerOf(portal, type, at.ubn))).toEqual([]);
    expect(run.result?.notes).toContain("這是第一次檢查，沒有上一次可以比");
    await expectIntact(run);
    const again = await perform(at, { flow: "check-pages", input: {} });
    expect(again.result?.notes?.join("\n")).not.toContain("這是第一次檢查");
  },
);

test("a page that is no longer known fails the check by its name, the others are looked at all the same, and it says what is otherwise", async () => {
  let label = "取號電子郵件信箱維護";
  const address = await reworded(portal.url, (text) => text.replaceAll("取號電子郵件信箱維護", label));
  const taken = [{ period: "previous" as const, books: 2 }];
  const at = await installed({
    portal,
    companies: [{ portal: { taken, mailboxList: [NOTICE_ADDRESS] } }],
    settings: { portal: { address } },
  });
  expect(await perform(at, { flow: "check-pages", input: {} })).toMatchObject({ outcome: "done", failure: null });
  label = "甲乙丙";
  const run = await perform(at, { flow: "check-pages", input: {} });
  expect(run).toMatchObject({ outcome: "needs-person", failure: { code: "page-changed" } });
  const pages = pagesOf(run);
  expect(pages.filter(({ problem }) => problem !== null).map(({ page }) => page)).toEqual(["notice-list"]);
  expect(run.failure?.seen).toContain("取號電子郵件信箱維護");
  expect(run.result?.notes?.join("\n")).toContain("和上一次不同：取號電子郵件信箱維護 上次認得");
  const [file] = run.result?.files ?? [];
  const kept = found.parse(JSON.parse(await readFile(file?.path ?? "", "utf8")));
  expect(kept.pages).toHaveLength(CHECKED_PAGES.length);
});
