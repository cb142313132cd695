import { describe, expect, test, vi } from "vitest";
import { type PageResult, playPages } from "../../support/kit/looks/look-pages.ts";
import { keptBrowser } from "../../support/kit/kept-browser.ts";
import { quickBrowser } from "../../support/kit/quick-browser.ts";
import { LOOKS } from "../../stranger/looks/habits.ts";

/**
 * Every look, act by act on the pages themselves: what `variations.test.ts` tells of whole jobs, this tells in minutes of where the pages of
 * a look are not understood. `EINVOICE_LOOKS=frame,chips` plays the looks of these names only.
 */

vi.setConfig({ maxConcurrency: 3, testTimeout: 400_000 });

const wanted = (process.env["EINVOICE_LOOKS"] ?? "").split(",").filter((word) => word !== "");
/** What stops there for a person, or asks for the password again, which only the engine gives. */
const NOT_HERE = /consent|the password again|a session that ends|two buttons of one name/;
const looks = LOOKS.filter(
  ({ name }) => !NOT_HERE.test(name) && (wanted.length === 0 || wanted.some((word) => name.includes(word))),
);

const host = keptBrowser({ headless: true, executable: quickBrowser() });

describe.concurrent("every act on the pages of a look does what is wanted and nothing else", () => {
  test.for(looks.map((look) => ({ look, name: look.name })))("$name", async ({ look }) => {
    const results: PageResult[] = await playPages(host, look);
    for (const one of results) if (one.wrong !== null) process.stderr.write(`${JSON.stringify(one)}\n`);
    expect(results.filter(({ harm }) => harm)).toEqual([]);
    expect(results.filter(({ wrong }) => wrong !== null)).toEqual([]);
  });
});
