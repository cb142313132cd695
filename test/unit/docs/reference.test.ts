import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { referencePages } from "../../support/docs/reference.ts";

const FOLDER = fileURLToPath(new URL("../../../docs/reference", import.meta.url));

test("each page of docs/reference is what the code says of itself today", async () => {
  for (const [name, right] of await referencePages()) {
    const file = join(FOLDER, name);
    if (process.env["EINVOICE_DOCS"] === "write") {
      await mkdir(FOLDER, { recursive: true });
      await writeFile(file, right);
    }
    expect(await readFile(file, "utf8").catch(() => `${name} is not there`)).toBe(right);
  }
});

test("the guide to a flow shows the flow that the test of flows adds, as it is", async () => {
  const guide = await readFile(join(FOLDER, "../guides/add-a-flow.md"), "utf8");
  const [, shown] = /```ts\n(.*?)```/s.exec(guide) ?? [];
  expect(shown).toBe(await readFile(join(FOLDER, "../../test/fixtures/flows/count-reminders.ts"), "utf8"));
});
