import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { withZip } from "../../../robot/lib/zip.ts";
import { command } from "../../support/kit/installation/command.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";
import { type Installation, installed, NOTICE_ADDRESS } from "../../support/kit/installation/installation.ts";
import { openPortal } from "../../support/kit/installation/portal.ts";
import { envelopeOf, robot } from "../../support/kit/installation/robot-process.ts";

/** `selectors` as a person gives it: what it says, how it exits, and what is written for the maintainers. */

const portal = await openPortal();
afterAll(() => portal.close());
afterEach(() => portal.show("current"));

const checkData = z.looseObject({
  runId: z.string(),
  pages: z.array(
    z.looseObject({
      page: z.string(),
      problem: z.string().nullable(),
      parts: z.array(
        z.looseObject({ id: z.string(), by: z.string().nullable(), elements: z.int(), milliseconds: z.number() }),
      ),
    }),
  ),
});
const statusData = z.looseObject({
  pages: z.array(z.looseObject({ page: z.string(), problem: z.string().nullable(), stops: z.array(z.string()) })),
});

function office(settings: { readonly portal?: { readonly address: string } } = {}): Promise<Installation> {
  const taken = [{ period: "previous" as const, books: 2 }];
  return installed({ portal, companies: [{ portal: { taken, mailboxList: [NOTICE_ADDRESS] } }], settings });
}

describe.for(["current", "classic"] as const)("selectors check (%s)", (design) => {
  test("knows every page, exits with 0, and what it kept of the pages is reported without anybody's data", async () => {
    const at = await office();
    portal.show(design);
    const ended = await robot(at, ["selectors", "check", "--json"]);
    expectExit(ended, 0);
    const { pages } = checkData.parse(envelopeOf(ended).data);
    expect(pages.filter(({ problem }) => problem !== null)).toEqual([]);
    // On the others parts are looked for; what these two need is there only once a file is.
    const empty = pages.filter(({ parts }) => parts.every(({ by }) => by === null)).map(({ page }) => page);
    expect(empty).toEqual(["missing-uploads", "winning-lists"]);
    const status = await command(at, ["status", "--json"]);
    expect(statusData.parse(envelopeOf(status).data).pages).toHaveLength(pages.length);
    const zip = join(at.folder, "report.zip");
    expectExit(await command(at, ["selectors", "report", "--out", zip]), 0);
    const texts = await withZip(zip, (members) =>
      Promise.all(members.map(async ({ name, read }) => ({ name, text: (await read()).toString("utf8") }))),
    );
    expect(texts.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["report.json", "words.txt", ...pages.map(({ page }) => `pages/${page}.html`)]),
    );
    for (const { name, text } of texts.filter((one) => one.name !== "report.json")) {
      expect({ name, leaked: leaksIn(text, at) }).toEqual({ name, leaked: [] });
    }
    // The file that is there is not written over.
    expectExit(await command(at, ["selectors", "report", "--out", zip]), 2);
    expect((await readFile(zip)).length).toBeGreaterThan(1000);
  });
});

/** What of a business is in a text: its name, its number, its addresses, its tracks and numbers. */
function leaksIn(text: string, { ubn }: Installation): string[] {
  const numbers = text.match(/[A-Z]{2}\d{8}|\b\d{8}\b/g) ?? [];
  const named = [ubn, "試作商行", NOTICE_ADDRESS, "office.test"].filter((one) => text.includes(one));
  return [...named, ...numbers.filter((one) => one !== "00000000")];
}

test("what it can't do is wrong use: a company that is not configured, an option that there is not, a report before any check, a page to overrule that is known", async () => {
  const at = await office();
  const wrong = [
    ["selectors", "check", "--company", "沒有這家"],
    ["selectors", "check", "--press"],
    ["selectors", "report"],
    ["selectors", "overrule", "take-form"],
  ];
  for (const args of wrong) expect({ args, code: (await command(at, args)).code }).toEqual({ args, code: 2 });
});
