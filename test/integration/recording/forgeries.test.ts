import { describe, expect, onTestFinished, test } from "vitest";
import { documentWith } from "../../support/kit/written-table.ts";
import { type Archive, archive, found, type HeldAgainst } from "../../support/recording/forger/archive.ts";
import { FORGERIES, type Variant } from "../../support/recording/forger/forgeries.ts";
import { alignDatabase, remakeDocuments } from "../../support/recording/forger/forger.ts";
import { temporaryRoot } from "../../support/recording/recording-support.ts";

/**
 * What a forger who knows the format can do, and what `verify` finds of it where it has more and more to hold the records against. In the
 * database the forger makes everything agree with the folders but the documents of the days; against the mailed heads those as well. The
 * table in docs/reliability.md is made of these cases.
 */

const AGAINST: readonly HeldAgainst[] = ["folder", "database", "mailed"];

async function after(variant: Variant | null): Promise<string[]> {
  const seen: string[] = [];
  for (const against of AGAINST) {
    const at = await archive(temporaryRoot());
    onTestFinished(() => at.store.destroy());
    if (variant) {
      await variant.forge(at);
      await alignDatabase(at);
      await variant.inDatabase?.(at);
      if (against === "mailed") await remakeDocuments(at);
    }
    seen.push(await found(at, against));
  }
  return seen;
}

test("nothing is found where nothing was forged", async () => {
  expect(await after(null)).toEqual(["nothing", "nothing", "nothing"]);
});

describe.each(FORGERIES)("$what", ({ variants }) => {
  test.each(variants)("$as", async (variant) => {
    expect(await after(variant)).toEqual(variant.found);
    // Whoever has the mailed heads finds every one of them.
    expect(variant.found[2]).not.toBe("nothing");
  });
});

describe("before a day is closed there is the database alone, and it", () => {
  const today = async (): Promise<Archive> => {
    const at = await archive(temporaryRoot(), false);
    onTestFinished(() => at.store.destroy());
    expect(await found(at, "database")).toBe("nothing");
    return at;
  };

  const forged = (what: string, at: Archive): unknown =>
    FORGERIES.find((one) => one.what === what)?.variants[0]?.forge(at);

  test("does not know a run put in that never was, unless the forger writes there as well", async () => {
    const at = await today();
    await forged("a run put in that never was", at);
    // With the run in the database, too, nothing is left to hold it against before the day's document.
    expect(await found(at, "database")).toBe("nothing");
    await at.store.deleteFrom("chain_heads").where("run_id", "=", "made-up").execute();
    await at.store.deleteFrom("runs").where("id", "=", "made-up").execute();
    expect(await found(at, "database")).toBe("unlisted");
    expect(await found(at, "folder")).toBe("nothing");
  });

  test("misses a run deleted", async () => {
    const at = await today();
    await forged("a run deleted", at);
    expect(await found(at, "database")).toBe("gone");
    expect(await found(at, "folder")).toBe("nothing");
  });
});

test("docs/reliability.md says of each of these forgeries what is found", async () => {
  const { stands, right } = await documentWith("<!-- forgeries -->\n", "<!-- end of forgeries -->", table());
  expect(stands).toBe(right);
});

function table(): string {
  const rows = FORGERIES.map(({ what, variants }) => {
    const marks = variants.length > 1 ? variants.map((_, index) => `(${"abcd"[index] ?? ""}) `) : [""];
    const told = variants
      .map(({ as }, index) => (as === undefined ? "" : `${marks[index] ?? ""}${as}`))
      .filter(Boolean);
    const cells = AGAINST.map((_, column) => {
      const all = variants.map(({ found: seen }) => seen[column] ?? "");
      if (new Set(all).size === 1) return all[0] ?? "";
      return all.map((one, index) => `${marks[index] ?? ""}${one}`).join("<br>");
    });
    return [told.length === 0 ? what : `${what}: ${told.join("; ")}`, ...cells];
  });
  const head = ["forgery", "folder alone", "folder and database", "folder, database and mailed heads"];
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`);
  return lines.join("");
}
