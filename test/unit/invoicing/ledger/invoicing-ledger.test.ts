import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LedgerEntry } from "../../../../robot/invoicing/ledger/entry.ts";
import { type Doubt, type LedgerOptions, readLedger } from "../../../../robot/invoicing/ledger/read-ledger.ts";
import type { Fault } from "../../../../robot/invoicing/problems/problems.ts";
import { sourceOf } from "../invoicing-support.ts";

const HEADER = "發票號碼,發票日期,狀態,賣方統編";

async function read(
  text: string,
  options: Partial<LedgerOptions> = {},
  size = 64,
): Promise<{ uses: LedgerEntry[]; faults: Fault[]; doubts: Doubt[] }> {
  const faults: Fault[] = [];
  const doubts: Doubt[] = [];
  const uses: LedgerEntry[] = [];
  const onFault = (fault: Fault, doubt: Doubt): void => {
    faults.push(fault);
    doubts.push(doubt);
  };
  for await (const use of readLedger(sourceOf(new TextEncoder().encode(text), "ledger.csv", size), {
    onFault,
    ...options,
  })) {
    uses.push(use);
  }
  return { uses, faults, doubts };
}

describe("ledger", () => {
  test("keeps zeros, tells void from issued, and knows the line of each row", async () => {
    const { uses, faults } = await read(
      `${HEADER}\r\nAB00000001,2026/11/03,開立,12345675\r\nAB00000002,115/11/04,作廢,12345675\r\n`,
    );
    expect(faults).toEqual([]);
    expect(uses).toEqual([
      {
        track: "AB",
        number: "00000001",
        day: "2026-11-03",
        ubn: "12345675",
        how: "issued",
        file: "ledger.csv",
        line: 2,
      },
      {
        track: "AB",
        number: "00000002",
        day: "2026-11-04",
        ubn: "12345675",
        how: "voided",
        file: "ledger.csv",
        line: 3,
      },
    ]);
  });

  test("a row about an allowance (折讓) proves that its number was used, whatever form it has", async () => {
    const words = [
      "折讓",
      "已折讓",
      "作廢折讓",
      "折讓作廢",
      "折讓已確認",
      "部分折讓",
      "全額折讓",
      "折讓單已開立",
      "折讓作廢已確認",
    ];
    const rows = words.map((word, index) => `AB0000000${index},2026/11/03,${word},12345675`);
    const { uses, faults } = await read(`${HEADER}\n${rows.join("\n")}\n`);
    expect(faults).toEqual([]);
    expect(uses.map(({ how }) => how)).toEqual(words.map(() => "allowance"));
  });

  test("columns may stand in any order, under other names, between others", async () => {
    const { uses, faults } = await read("備註,State,Invoice No,Date,Seller\nx,V,AB00000001,20261103,12345675\n", {
      columns: { number: "Invoice No", date: "Date", status: "State", seller: "Seller" },
      statuses: { V: "voided" },
    });
    expect(faults).toEqual([]);
    expect(uses).toMatchObject([{ number: "00000001", day: "2026-11-03", how: "voided" }]);
  });

  test("a number whose status or date can't be read is used all the same: it must not be reported as blank", async () => {
    const { uses, faults } = await read(
      `${HEADER}\nAB00000001,########,開立,12345675\nAB00000002,2026/11/03,取消,12345675\nAB00000003\n`,
    );
    expect(uses.map(({ number }) => number)).toEqual(["00000001", "00000002", "00000003"]);
    expect(faults.map(({ code, line }) => [code, line])).toEqual([
      ["excel-hashes", 2],
      ["status-unknown", 3],
      ["columns-wrong", 4],
    ]);
  });

  test.each([
    ["without a header", "AB00000001\nAB-00000002\n", 1],
    ["with its header", "發票號碼\r\nAB00000001\r\nAB-00000002\r\n", 2],
  ])("a plain list of numbers %s is a ledger", async (_what, text, firstLine) => {
    const { uses, faults } = await read(text);
    expect(faults).toEqual([]);
    expect(uses.map(({ number, day, how, line }) => [number, day, how, line - firstLine])).toEqual([
      ["00000001", undefined, "listed", 0],
      ["00000002", undefined, "listed", 1],
    ]);
  });

  test("a fault says whether it leaves in doubt which numbers were used, or only their date and seller", async () => {
    const doubtOf = async (row: string): Promise<Doubt[]> => (await read(`${HEADER}\n${row}\n`)).doubts;
    expect(await doubtOf("AB1,2026/11/03,開立,12345675")).toEqual(["numbers"]);
    expect(await doubtOf("AB00000001,2026/11/03,取消,12345675")).toEqual(["numbers"]);
    expect(await doubtOf("AB00000001,2026/11/03,,12345675")).toEqual(["numbers"]);
    expect(await doubtOf("AB00000001,2026/11/03,開立失敗,12345675")).toEqual(["numbers"]);
    expect(await doubtOf("AB00000001,2026/11/03")).toEqual(["numbers"]);
    expect(await doubtOf("AB00000001,2026/11/03,開立")).toEqual(["checks"]);
    expect(await doubtOf("AB00000001,########,開立,1234567")).toEqual(["checks", "checks"]);
    expect((await read("發票號碼,發票日期\nAB00000001,2026/11/03\n")).doubts).toEqual(["numbers"]);
    expect((await read("發票號碼,狀態\nAB00000001,開立\n")).doubts).toEqual(["checks"]);
    expect((await read("號碼,發票日期,狀態\nAB00000001,2026/11/03,開立\n")).doubts).toEqual(["numbers"]);
  });

  test("a column that the ledger is said not to have is not missed, one that it is said to have is", async () => {
    const text = "發票號碼,金額\nAB00000001,105\n";
    expect((await read(text, { columns: { date: null, status: null } })).faults).toEqual([]);
    const { faults } = await read(text, { columns: { date: null, status: null, seller: "門市統編" } });
    expect(faults.map(({ code, column }) => [code, column])).toEqual([["column-missing", "門市統編"]]);
  });

  test("a quotation mark without its partner is found where it stands, and does not take in the rest of the file", async () => {
    const good = "AB00000001,2026/11/03,開立,12345675\n";
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(`${HEADER}\n${good}AB00000002,"2026/11/03,開立,12345675\n`);
      for (; given < 200; given += 1) yield new TextEncoder().encode(good.repeat(1000));
    }
    const faults: Fault[] = [];
    const lines: number[] = [];
    for await (const use of readLedger(
      { name: "ledger.csv", read: endless },
      { onFault: (fault) => faults.push(fault) },
    ))
      lines.push(use.line);
    expect(lines).toEqual([2]);
    expect(faults.map(({ code, line }) => [code, line])).toEqual([["csv-broken", 3]]);
    expect(given).toBeLessThan(100);
  });

  test.each([
    ["", "empty-file"],
    ["<!DOCTYPE html><html><body>Session has expired</body></html>", "html-not-csv"],
    ["PK\u0003\u0004xxxx", "workbook-not-csv"],
    [`${HEADER}\nAB00000001,"2026`, "csv-broken"],
    ["號碼,日期\nAB00000001,2026/11/03\n", "column-missing"],
  ])("%j is refused as what it is", async (text, code) => {
    const { faults } = await read(text);
    expect(faults.map((fault) => fault.code)).toContain(code);
  });

  test("how the stream is cut changes nothing", async () => {
    const text = `${HEADER},備註\r\n${Array.from({ length: 40 }, (_, index) => `AB${String(index).padStart(8, "0")},2026/11/03,開立,12345675,"甲,乙\n丙"`).join("\r\n")}\r\n`;
    const whole = await read(text, {}, 1_000_000);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 200 }), async (size) => {
        expect(await read(text, {}, size)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
    expect(whole.uses.length).toBe(40);
  });

  test("stopping half-way stops the source", async () => {
    let given = 0;
    let closed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        yield new TextEncoder().encode(`${HEADER}\n`);
        for (;;) {
          given += 1;
          yield new TextEncoder().encode("AB00000001,2026/11/03,開立,12345675\n".repeat(1000));
        }
      } finally {
        closed = true;
      }
    }
    for await (const use of readLedger({ name: "ledger.csv", read: endless }, { onFault: () => undefined })) {
      if (use.line > 10) break;
    }
    expect(given).toBeLessThan(1000);
    await expect.poll(() => closed).toBe(true);
  });

  test("an error of the source reaches the reader", async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(`${HEADER}\n`);
      throw new Error("disk gone");
    }
    const all = async () => {
      for await (const use of readLedger({ name: "ledger.csv", read: failing }, { onFault: () => undefined })) void use;
    };
    await expect(all()).rejects.toThrow("disk gone");
  });
});
