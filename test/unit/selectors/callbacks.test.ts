import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/**
 * What a callback of the browser throws has nobody above it and would end the process, so each one that is given to the browser goes through
 * `guarded`. What such a callback may throw is tried in `test/browser/machine/callbacks.test.ts`.
 */

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const GIVEN =
  /\.(?:on|once|prependListener|addListener|route|routeWebSocket|exposeFunction|exposeBinding|addLocatorHandler)\(/g;

/** What stands between the brackets that open there. */
function within(source: string, from: number): string {
  let depth = 1;
  let at = from;
  while (depth > 0 && at < source.length) {
    const character = source[at++];
    if (character === "(") depth++;
    if (character === ")") depth--;
  }
  return source.slice(from, at - 1);
}

/** The callbacks of a file that are given away as they are. */
export function unguarded(source: string): string[] {
  return Array.from(source.matchAll(GIVEN), ({ index, 0: call }) => within(source, index + call.length)).filter(
    (given) => {
      const named = given.split(",").at(-1)?.trim() ?? "";
      const isWrapped = /\bguarded\(/.test(given) || new RegExp(`\\b${named} = guarded\\(`).test(source);
      return !isWrapped;
    },
  );
}

test("every callback that is given to the browser is guarded", () => {
  const found = ["robot", "selectors", "flows"].flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(ROOT, room, name))
      .map((path) => [path, readFileSync(path, "utf8")] as const)
      .filter(([, source]) => /from "playwright"/.test(source))
      .flatMap(([path, source]) => unguarded(source).map((given) => `${path.slice(ROOT.length)}: ${given}`)),
  );
  expect(found).toEqual([]);
});

test("one that is not would be seen", () => {
  expect(unguarded(`page.on("request", (request) => see(request));`)).toHaveLength(1);
  expect(unguarded(`const see = (one) => one;\npage.once("popup", see);`)).toEqual([`"popup", see`]);
  expect(unguarded(`const see = guarded(page, "a window", (one) => one);\npage.once("popup", see);`)).toEqual([]);
  expect(unguarded(`page.route("**/*", guarded(page, "x", async (route) => { await f(route); }));`)).toEqual([]);
});
