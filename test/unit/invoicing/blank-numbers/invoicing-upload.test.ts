import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BlankRange } from "../../../../robot/invoicing/blank-numbers/blank.ts";
import { readE0402, writeE0402 } from "../../../../robot/invoicing/blank-numbers/e0402.ts";
import { encodeText } from "../../../../robot/invoicing/reading/encoding.ts";
import { explainFailures, readFailureDetails } from "../../../../robot/invoicing/blank-numbers/failure-details.ts";
import { parsePeriod } from "../../../../robot/invoicing/values/period.ts";
import { DomainError } from "../../../../robot/invoicing/problems/problems.ts";
import { type Category, compareRanges, numberOf, parseRange } from "../../../../robot/invoicing/values/track.ts";
import { parseUbn } from "../../../../robot/invoicing/values/ubn.ts";
import {
  type ExpectedUpload,
  checkUploadFile,
  readUploadFile,
  writeUploadFile,
} from "../../../../robot/invoicing/blank-numbers/upload-file.ts";
import {
  type UploadColumn,
  type UploadLayout,
  DEFAULT_UPLOAD_LAYOUT,
  uploadLayoutSchema,
} from "../../../../robot/invoicing/blank-numbers/upload-layout.ts";

const PERIOD = parsePeriod("11512");
const SHOP = parseUbn("12345675");
const BRANCH = parseUbn("01234569");

function blank(track: string, begin: string, end: string, more: Partial<BlankRange> = {}): BlankRange {
  return { ...parseRange(track, begin, end), ubn: SHOP, category: "07", period: PERIOD, ...more };
}

/** Blank runs that do not touch each other, of two businesses and both categories. */
const blanks = fc
  .uniqueArray(
    fc.record({
      track: fc.constantFrom("AA", "ZZ"),
      slot: fc.nat(900_000),
      size: fc.integer({ min: 1, max: 99 }),
      ubn: fc.constantFrom(SHOP, BRANCH),
      category: fc.constantFrom<Category>("07", "08"),
    }),
    { minLength: 1, maxLength: 30, selector: ({ track, slot }) => `${track}${slot}` },
  )
  .map((runs) =>
    runs.map(({ track, slot, size, ubn, category }) =>
      blank(track, numberOf(slot * 100), numberOf(slot * 100 + size - 1), { ubn, category }),
    ),
  );

const layout: fc.Arbitrary<UploadLayout> = fc.record({
  columns: fc.shuffledSubarray<UploadColumn>(["sequence", "disabled"]).chain((extra) =>
    fc.shuffledSubarray<UploadColumn>(["ubn", "period", "track", "begin", "end", "category", ...extra], {
      minLength: 6 + extra.length,
    }),
  ),
  header: fc.boolean(),
  encoding: fc.constantFrom("utf-8" as const, "utf-8-bom" as const, "big5" as const),
  newline: fc.constantFrom("\r\n" as const, "\n" as const),
});

function plain(run: BlankRange): string {
  return [run.ubn, run.category, run.period, run.track, run.begin, run.end].join();
}

describe("upload file", () => {
  const allocated = [blank("JZ", "50075650", "50075799")];
  const expected: ExpectedUpload = { period: PERIOD, ubns: [SHOP], category: "07", allocations: allocated };

  function faultsOf(rows: readonly BlankRange[], more: Partial<ExpectedUpload> = {}): [string, number, string][] {
    const file = readUploadFile(writeUploadFile(rows));
    return checkUploadFile(file, { ...expected, ...more }).map(({ code, line, wanted }) => [code, line, wanted]);
  }

  test("is written as two vendors write it: no header, UTF-8 without BOM, CRLF, every zero kept", () => {
    const bytes = writeUploadFile([blank("JZ", "50075681", "50075699"), blank("AA", "00000001", "00000049")]);
    expect(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)).toBe(
      "00001,12345675,11512,AA,00000001,00000049,07\r\n00002,12345675,11512,JZ,50075681,50075699,07\r\n",
    );
  });

  test("what is written in any layout reads back the same and has no fault", () => {
    fc.assert(
      fc.property(blanks, layout, (rows, how) => {
        const file = readUploadFile(writeUploadFile(rows, how), how);
        expect(checkUploadFile(file, { period: PERIOD, ubns: [SHOP, BRANCH], allocations: rows })).toEqual([]);
        expect(file.rows.map(plain).toSorted()).toEqual(rows.map(plain).toSorted());
      }),
    );
  });

  test("read by another layout than it was written in never passes", () => {
    const swapped = uploadLayoutSchema.parse({
      columns: ["ubn", "sequence", "period", "track", "begin", "end", "category"],
    });
    fc.assert(
      fc.property(blanks, (rows) => {
        expect(readUploadFile(writeUploadFile(rows, swapped)).faults).not.toEqual([]);
      }),
    );
  });

  test("a layout without a needed column is refused by the configuration", () => {
    expect(
      uploadLayoutSchema.safeParse({ columns: ["sequence", "ubn", "period", "track", "begin", "end"] }).success,
    ).toBe(false);
    expect(uploadLayoutSchema.parse({})).toEqual(DEFAULT_UPLOAD_LAYOUT);
  });

  test("nothing to report is not written as an empty file", () => {
    expect(() => writeUploadFile([])).toThrow(DomainError);
    expect(() => writeE0402([])).toThrow(DomainError);
  });

  test("a run may reach over adjoining books, but not beyond what was allocated", () => {
    const adjoining = [blank("JZ", "50075650", "50075699"), blank("JZ", "50075700", "50075749")];
    expect(faultsOf([blank("JZ", "50075690", "50075710")], { allocations: adjoining })).toEqual([]);
    expect(faultsOf([blank("JZ", "50075790", "50075800")])).toEqual([
      ["not-allocated", 1, "在 JZ 50075650-50075799 之內"],
    ]);
    expect(faultsOf([blank("KA", "50075790", "50075799")])).toEqual([
      ["not-allocated", 1, "12345675 在這一期、這個類別有配到的字軌"],
    ]);
  });

  test("numbers of another business are not allocated to this one", () => {
    const others = [blank("JZ", "50075650", "50075799", { ubn: BRANCH })];
    expect(faultsOf([blank("JZ", "50075650", "50075699")], { allocations: others }).map(([code]) => code)).toEqual([
      "not-allocated",
    ]);
  });

  test("what the portal lists already is not sent again", () => {
    const listed = [parseRange("JZ", "50075660", "50075661")];
    expect(faultsOf([blank("JZ", "50075650", "50075699")], { listed })).toEqual([
      ["already-listed", 1, "平台還沒有的號碼（已有 JZ 50075660-50075661）"],
    ]);
    expect(faultsOf([blank("JZ", "50075662", "50075699")], { listed })).toEqual([]);
  });

  test("another period, business or category is named with the line and the right value", () => {
    const rows = [blank("JZ", "50075650", "50075699")];
    expect(faultsOf(rows, { period: parsePeriod("11510"), allocations: rows })).toEqual([["period-other", 1, "11510"]]);
    expect(faultsOf(rows, { ubns: [BRANCH] })).toEqual([["ubn-other", 1, "01234569"]]);
    expect(faultsOf(rows, { category: "08" })).toEqual([["category-other", 1, "08"]]);
  });

  test("a changed character is never silently mended: it gives a fault or other rows", () => {
    const rows = [blank("JZ", "50075681", "50075699"), blank("JZ", "50075750", "50075799")];
    const bytes = writeUploadFile(rows);
    const change = fc.record({ at: fc.nat(bytes.length - 1), byte: fc.integer({ min: 0x20, max: 0x7e }) });
    fc.assert(
      fc.property(change, ({ at, byte }) => {
        fc.pre(bytes[at] !== byte);
        const changed = bytes.with(at, byte);
        const file = readUploadFile(changed);
        const faults = checkUploadFile(file, expected);
        const same = file.rows.map(plain).join() === rows.map(plain).join();
        expect(faults.length > 0 || !same).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test("a run inside a much longer one overlaps it, although another lies between them", () => {
    const rows = [
      blank("JZ", "50075650", "50075799"),
      blank("JZ", "50075660", "50075669"),
      blank("JZ", "50075700", "50075709"),
    ];
    expect(faultsOf(rows).map(([code, line]) => [code, line])).toEqual([
      ["runs-overlap", 2],
      ["runs-overlap", 3],
    ]);
  });

  test("each of 20,000 rows that the portal lists already is named", () => {
    const rows = Array.from({ length: 20_000 }, (_, index) =>
      blank("AA", numberOf(index * 100), numberOf(index * 100 + 9)),
    );
    const file = readUploadFile(writeUploadFile(rows));
    const listed = rows.map(({ track, begin, end }) => ({ track, begin, end }));
    expect(checkUploadFile(file, { ...expected, allocations: rows, listed }).length).toBe(20_000);
  });
});

describe("failure details", () => {
  const rows = [
    blank("JZ", "50075650", "50075699"),
    blank("JZ", "50075750", "50075799"),
    blank("KA", "50075650", "50075699"),
  ];
  const sent = readUploadFile(writeUploadFile(rows)).rows;

  /** The same two refusals in layouts the portal might use; nobody has seen its own. */
  test.each([
    [
      "commas and a header",
      "序號,字軌,起號,迄號,錯誤訊息\r\n00002,JZ,50075750,50075799,發票區間跟其他資料重疊\r\n00003,KA,50075650,50075699,非配號資料\r\n",
    ],
    ["tabs", "發票區間跟其他資料重疊\tJZ\t50075750\t50075799\n非配號資料\tKA\t50075650\t50075699\n"],
    [
      "our line and a reason behind it",
      "00002,12345675,11512,JZ,50075750,50075799,07,發票區間跟其他資料重疊\n00003,12345675,11512,KA,50075650,50075699,07,非配號資料\n",
    ],
    ["sentences", "第2筆 發票區間跟其他資料重疊\n第3筆 非配號資料\n"],
    ["a lone quotation mark", '00002,"發票區間跟其他資料重疊\n00003,非配號資料\n'],
  ])("%s: every refusal is joined to our line, with the portal's words and a remedy", (_, text) => {
    for (const encoding of ["utf-8", "big5"] as const) {
      const failures = explainFailures(readFailureDetails(encodeText(text, encoding)), sent);
      expect(failures.map(({ row }) => row?.line)).toEqual([2, 3]);
      expect(failures[0]?.reason).toContain("發票區間跟其他資料重疊");
      expect(failures[0]?.remedy).toBe("請刪除重複的一列，或把區間改成不重疊。");
      expect(failures[1]?.remedy).toContain("字軌檔");
    }
  });

  test("a refusal that names nothing of ours is shown without a line, not guessed at", () => {
    const details = readFailureDetails(new TextEncoder().encode("11512,ZZ,00000000,00000049,系統忙碌中\n"));
    expect(explainFailures(details, sent)).toEqual([
      { line: 1, row: undefined, reason: "系統忙碌中", remedy: "請對照平台的說明檔修改這一列後再上傳。" },
    ]);
  });

  test("a web page instead of the details is said to be one", () => {
    expect(readFailureDetails(new TextEncoder().encode("<html>逾時</html>")).faults.map(({ code }) => code)).toEqual([
      "html-not-csv",
    ]);
  });
});

describe("E0402", () => {
  test("one message for each business, category and track, and every one reads back the same", () => {
    fc.assert(
      fc.property(blanks, (rows) => {
        const messages = writeE0402(rows).map(({ bytes }) => readE0402(bytes));
        expect(messages.flatMap(({ faults }) => faults)).toEqual([]);
        const groups = new Set(rows.map(({ ubn, category, track }) => `${ubn}${category}${track}`));
        expect(messages.length).toBe(groups.size);
        expect(messages.flatMap((message) => message.rows.map(plain)).toSorted()).toEqual(rows.map(plain).toSorted());
      }),
    );
  });

  test("names are unique and say what is inside", () => {
    const rows = [
      blank("AA", "00000000", "00000009"),
      blank("AA", "00000020", "00000029"),
      blank("AA", "00000100", "00000109", { category: "08" }),
    ];
    expect(writeE0402(rows).map(({ name }) => name)).toEqual([
      "E0402-12345675-11512-07-AA.xml",
      "E0402-12345675-11512-08-AA.xml",
    ]);
  });

  test("a branch names its head office; a business without branches is its own", () => {
    const [own] = writeE0402([blank("AA", "00000000", "00000009")]);
    const [branch] = writeE0402([blank("AA", "00000000", "00000009", { ubn: BRANCH, headUbn: SHOP })]);
    expect(readE0402(own?.bytes ?? new Uint8Array())).toMatchObject({ headUbn: SHOP, rows: [{ ubn: SHOP }] });
    expect(readE0402(branch?.bytes ?? new Uint8Array())).toMatchObject({ headUbn: SHOP, rows: [{ ubn: BRANCH }] });
  });

  test("more than 10,000 runs become several messages that hold them all", () => {
    const rows = Array.from({ length: 20_001 }, (_, index) =>
      blank("AA", numberOf(index * 10), numberOf(index * 10 + 3)),
    );
    const files = writeE0402(rows.toReversed());
    expect(files.map(({ name }) => name.slice(-8))).toEqual(["AA-1.xml", "AA-2.xml", "AA-3.xml"]);
    const read = files.flatMap(({ bytes }) => readE0402(bytes).rows);
    expect(read.toSorted(compareRanges).map(plain)).toEqual(rows.map(plain));
  });

  test("is the message the ministry describes", () => {
    const [file] = writeE0402([blank("JZ", "50075681", "50075699")]);
    expect(new TextDecoder().decode(file?.bytes)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<BranchTrackBlank xmlns="urn:GEINV:eInvoiceMessage:E0402:4.1">
  <Main>
    <HeadBan>12345675</HeadBan>
    <BranchBan>12345675</BranchBan>
    <InvoiceType>07</InvoiceType>
    <YearMonth>11512</YearMonth>
    <InvoiceTrack>JZ</InvoiceTrack>
  </Main>
  <Details>
    <BranchTrackBlankItem>
      <InvoiceBeginNo>50075681</InvoiceBeginNo>
      <InvoiceEndNo>50075699</InvoiceEndNo>
    </BranchTrackBlankItem>
  </Details>
</BranchTrackBlank>
`);
  });
});
