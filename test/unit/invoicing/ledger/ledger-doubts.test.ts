import { expect, test } from "vitest";
import type { LedgerEntry } from "../../../../robot/invoicing/ledger/entry.ts";
import { type Doubt, type LedgerOptions, readLedger } from "../../../../robot/invoicing/ledger/read-ledger.ts";
import type { Fault } from "../../../../robot/invoicing/problems/problems.ts";
import { sourceOf } from "../invoicing-support.ts";

async function read(
  text: string,
  options: Partial<LedgerOptions> = {},
): Promise<{ entries: LedgerEntry[]; said: { fault: Fault; doubt: Doubt }[] }> {
  const said: { fault: Fault; doubt: Doubt }[] = [];
  const entries: LedgerEntry[] = [];
  const onFault = (fault: Fault, doubt: Doubt): void => void said.push({ fault, doubt });
  const file = sourceOf(new TextEncoder().encode(text), "ledger.csv", 64);
  for await (const entry of readLedger(file, { onFault, ...options })) entries.push(entry);
  return { entries, said };
}

test("a file of words, without a table, is no ledger in which nothing was issued", async () => {
  const { entries, said } = await read("本月發票如附件\n請查收\n");
  expect(entries).toEqual([]);
  expect(said.map(({ doubt }) => doubt)).toContain("numbers");
});

test("a column that a person named, and that no row has, is named in what is said", async () => {
  const { said } = await read("甲,乙\n一,二\n", { columns: { number: "憑證號", date: "甲" } });
  expect(said.map(({ fault, doubt }) => [fault.code, fault.column, doubt])).toEqual([
    ["column-missing", "憑證號", "numbers"],
  ]);
});

test.for([
  ["date", "checks"],
  ["seller", "checks"],
  ["status", "numbers"],
] as const)("a %s column that was named and is missing is a doubt about the %s", async ([field, doubt]) => {
  const { said } = await read("發票號碼,發票日期,狀態,賣方統編\nAB00000001,2026/11/03,開立,12345675\n", {
    columns: { [field]: "沒有這一欄" },
  });
  expect(said).toMatchObject([{ fault: { code: "column-missing", column: "沒有這一欄" }, doubt }]);
});

test("a row for each item says so, so that the items of one invoice are not taken for a number used twice", async () => {
  const { entries } = await read("發票號碼,發票日期,狀態,品名\nAB00000001,2026/11/03,開立,蛋糕\n");
  expect(entries).toMatchObject([{ number: "00000001", perItem: true }]);
});
