import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeXlsx } from "hucre/xlsx";
import { describe, expect, onTestFinished, test } from "vitest";
import { readLedger } from "../../../../robot/invoicing/ledger/read-ledger.ts";
import { fileOfBytes } from "../../../../robot/invoicing/reading/table.ts";
import { withZip, writeZip } from "../../../../robot/lib/zip.ts";

const ROWS = [["發票號碼"], ["AB00000000"], ["AB00000001"], ["AB00000002"]];

/** A workbook of a bare list of numbers, whose third row holds this instead of its number. */
async function workbookWith(cell: (name: string) => string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "einvoice-workbook-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const plain = Buffer.from(await writeXlsx({ sheets: [{ name: "發票", rows: ROWS }] }));
  const file = join(folder, "ledger.xlsx");
  await withZip(plain, async (members) => {
    const contents = members.map(async ({ name, read }) => {
      const bytes = await read();
      if (!name.startsWith("xl/worksheets/sheet")) return { name, bytes };
      const text = bytes.toString("utf8").replace(/<c\b[^>]*\br="(A3)".*?<\/c>/, (_whole, at: string) => cell(at));
      return { name, bytes: Buffer.from(text) };
    });
    await writeZip(file, await Promise.all(contents));
  });
  return readFile(file);
}

/** The numbers that were read, and what stopped the reading. */
async function read(bytes: Buffer): Promise<{ numbers: string[]; stops: [string, string][] }> {
  const numbers: string[] = [];
  const stops: [string, string][] = [];
  const found = readLedger(fileOfBytes("ledger.xlsx", bytes), {
    onFault: ({ code, value }, doubt) => void (doubt === "numbers" && stops.push([code, value])),
  });
  for await (const { track, number } of found) numbers.push(track + number);
  return { numbers, stops };
}

describe("a number that a workbook computes", () => {
  test("counts where its value is stored", async () => {
    const bytes = await workbookWith((at) => `<c r="${at}" t="str"><f>"AB"&amp;"00000001"</f><v>AB00000001</v></c>`);
    expect(await read(bytes)).toEqual({ numbers: ["AB00000000", "AB00000001", "AB00000002"], stops: [] });
  });

  test.each([
    ["no value", '<f>"AB"&amp;"00000001"</f>'],
    ["an empty value", '<f>"AB"&amp;"00000001"</f><v></v>'],
    ["a formula that it shares", '<f t="shared" si="0"/>'],
  ])("stops the reading at its cell where it is stored with %s", async (_what, inside) => {
    const bytes = await workbookWith((at) => `<c r="${at}">${inside}</c>`);
    expect(await read(bytes)).toEqual({ numbers: [], stops: [["formula-without-value", "sheet1.xml A3"]] });
  });
});
