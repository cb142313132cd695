import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { download, perform } from "../../support/kit/installation/in-process.ts";
import { installed } from "../../support/kit/installation/installation.ts";
import { NEXT, openPortal } from "../../support/kit/installation/portal.ts";

const portal = await openPortal();
afterAll(() => portal.close());

const PASSWORD = "Kept-out-of-every-line-7";
const line = z.looseObject({ level: z.string(), msg: z.string() });

/** The log of one run that downloads a file, as text and line by line. */
async function logged(level: "debug" | "info"): Promise<{ text: string; lines: z.infer<typeof line>[] }> {
  const office = await installed({
    portal,
    companies: [{ password: PASSWORD, portal: { taken: [{ period: "next", books: 3 }] } }],
    settings: { log: { level } },
  });
  expect((await perform(office, download(NEXT))).outcome).toBe("done");
  const folder = office.config.log.folder;
  const text = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("");
  const lines = text.split("\n").filter((one) => one !== "");
  return { text, lines: lines.map((one) => line.parse(JSON.parse(one))) };
}

test("the log at debug shows each act on a page, what each look found and each request, without query, body or secret", async () => {
  const { text, lines } = await logged("debug");
  const of = (msg: string): z.infer<typeof line>[] => lines.filter((one) => one.msg === msg);
  const acts = of("page.act").map(({ what }) => what);
  expect(acts).toContain("open the sign-in page");
  expect(acts).toContain("a secret is typed");
  expect(acts.length).toBeGreaterThan(5);
  expect(of("page.look").length).toBeGreaterThan(10);
  for (const look of of("page.look"))
    expect(look).toMatchObject({ level: "debug", what: expect.stringMatching(/\(.+\)/) });
  expect(of("page.look").some(({ found }) => found === "found")).toBe(true);
  const requests = of("page.request");
  expect(requests).toContainEqual(expect.objectContaining({ method: "POST", status: 200 }));
  expect(requests.filter(({ address }) => /[?#]/.test(String(address)))).toEqual([]);
  // Whatever holds a body would have one of these names.
  expect(text).not.toMatch(/"(?:body|postData|headers)":/);
  expect(text).not.toContain(PASSWORD);
});

test("the log at info has none of it", async () => {
  const { lines } = await logged("info");
  expect(lines.filter(({ level, msg }) => level === "debug" || msg.startsWith("page."))).toEqual([]);
  expect(lines.length).toBeGreaterThan(5);
});
