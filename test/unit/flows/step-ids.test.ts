import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";
import { FLOWS } from "../../../flows/index.ts";
import { stepIdsOf } from "../../support/flows/step-ids.ts";

const NOTED = fileURLToPath(new URL("../../fixtures/flows/step-ids.json", import.meta.url));
const table = z.record(z.string(), z.object({ version: z.number(), digest: z.string() }));
const RAISE = "raise `version` in the flow, then EINVOICE_DOCS=write npx vitest run test/unit/flows/step-ids.test.ts";

test("who changes the ids of a flow's steps raises its version: a run begun with other steps is not continued", async () => {
  const found = stepIdsOf(FLOWS);
  const noted = table.parse(JSON.parse(await readFile(NOTED, "utf8")));
  const today = Object.fromEntries(
    FLOWS.map(({ name, version }) => {
      const [digest, before] = [found.get(name)?.digest ?? "", noted[name]];
      const isFree = before === undefined || version > before.version;
      expect(
        isFree || before.digest === digest,
        `${name} has other step ids than version ${version} had: ${RAISE}`,
      ).toBe(true);
      return [name, { version, digest }];
    }),
  );
  if (process.env["EINVOICE_DOCS"] === "write") await writeFile(NOTED, `${JSON.stringify(today, null, 2)}\n`);
  expect(table.parse(JSON.parse(await readFile(NOTED, "utf8")))).toEqual(today);
});

test("the steps, waits, questions and acts of a flow are found, those of shared code too", () => {
  const found = stepIdsOf(FLOWS).get("take-tracks")?.ids;
  expect(found).toContain("mark-mailbox");
  expect(found).toContain("allocation-${}");
  expect(found).toContain("submit-take|${}|${}|${}");
  expect(found).toContain("download-tracks-${}-${}-${}");
});

test("a flow names every kind of act that its code may do, and no other: they are what `approve` knows", () => {
  const found = stepIdsOf(FLOWS);
  for (const { name, acts } of FLOWS) {
    const done = found.get(name)?.ids.filter((id) => id.includes("|")) ?? [];
    const ids = new Set(done.map((id) => id.split("|")[0] ?? ""));
    expect({ name, acts: acts.toSorted((a, b) => (a < b ? -1 : 1)) }).toEqual({
      name,
      acts: [...ids].toSorted((a, b) => (a < b ? -1 : 1)),
    });
  }
});
