import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  type WrittenEncoding,
  decodeStream,
  decodeText,
  encodeText,
} from "../../../robot/invoicing/reading/encoding.ts";
import { checkFile, identifyFile } from "../../../robot/invoicing/file-recognition.ts";
import {
  HANDOVER_TARGETS,
  type HandoverFile,
  type HandoverTarget,
  handover,
} from "../../../robot/invoicing/tracks/handover.ts";
import { parsePeriod } from "../../../robot/invoicing/values/period.ts";
import { DomainError } from "../../../robot/invoicing/problems/problems.ts";
import { checkTrackFile, readTrackFile, writeTrackFile } from "../../../robot/invoicing/tracks/track-file.ts";
import { type Category, numberOf, parseRange, parseTrack } from "../../../robot/invoicing/values/track.ts";
import { parseUbn } from "../../../robot/invoicing/values/ubn.ts";
import { sourceOf } from "./invoicing-support.ts";

const CORPUS = join(import.meta.dirname, "../../fixtures", "files");
const PERIOD = parsePeriod("11512");
const SHOP = parseUbn("12345675");
const OTHER = parseUbn("01234569");

/** What each file of the corpus must be taken for, and the faults it must give: `line | column | code | message`. */
const expectations = z
  .record(
    z.string(),
    z.object({ kind: z.string(), encoding: z.string().nullable(), rows: z.number(), faults: z.array(z.string()) }),
  )
  .parse(JSON.parse(readFileSync(join(CORPUS, "expected.json"), "utf8")));

const files = readdirSync(CORPUS).filter((name) => name !== "expected.json");

function corpus(name: string): Uint8Array {
  return readFileSync(join(CORPUS, name));
}

describe("files check", () => {
  test("every file of the corpus has an expectation and every expectation a file", () => {
    expect(Object.keys(expectations).toSorted()).toEqual(files.toSorted());
  });

  test.each(files)("%s is known for what it is, and gives exactly these faults", async (name) => {
    const { kind, encoding, rows, faults } = await checkFile(sourceOf(corpus(name), name));
    expect({
      kind,
      encoding: encoding ?? null,
      rows,
      faults: faults.map((one) => [one.line, one.column, one.code, one.message].join(" | ")),
    }).toEqual(expectations[name]);
  });

  test("a file named good has no fault, any other has one with a remedy", async () => {
    for (const name of files) {
      const { faults } = await checkFile(sourceOf(corpus(name), name));
      expect([name, faults.length === 0]).toEqual([name, name.includes("-good")]);
      for (const { remedy } of faults) expect(remedy).toMatch(/^.{6,}。$/);
    }
  });

  test("every fault is told in English too, with the value that was seen and what to do", async () => {
    for (const name of files) {
      for (const { value, english } of (await checkFile(sourceOf(corpus(name), name))).faults) {
        const [what = "", seen = ""] = english.message.split(/(?<=\.) Expected: /);
        expect(what).toMatch(/^[A-Z][\u0020-\u007E]{6,}\.$/);
        expect(seen).toContain(value.slice(0, 20).split(/[\r\n]/)[0]);
        // Names of columns, statuses and the portal's words are quoted as they are; the rest is English.
        expect(english.remedy).toMatch(/^[A-Z][\u0020-\u007E]{6,}\.$/);
      }
    }
  });

  test("a ledger of any length is told by its beginning, its encoding too, wherever that is cut off", async () => {
    const rows = Array.from(
      { length: 3_000 },
      (_, index) => `AB${String(index).padStart(8, "0")},2026/11/03,開立,晨光`,
    );
    for (const encoding of ["utf-8", "utf-8-bom", "big5"] as const) {
      // Pushes every part of a row, the middle of a character too, over the end of what is looked at.
      for (let pushed = 0; pushed < 40; pushed += 4) {
        const text = `發票號碼,發票日期,狀態,店名${"x".repeat(pushed)}\r\n${rows.join("\r\n")}\r\n`;
        const check = await checkFile(sourceOf(encodeText(text, encoding), "x.csv", 1_000 * (pushed + 1)));
        expect(check).toMatchObject({ kind: "ledger", encoding, rows: 3_000, faults: [], omitted: 0 });
      }
    }
  });

  test("more than ten thousand faults of one kind are counted, and no longer kept", async () => {
    const text = `發票號碼,發票日期,狀態\n${"AB1,2026/11/03,開立\n".repeat(10_005)}AB00000001,########,開立\n`;
    const { faults, omitted } = await checkFile(sourceOf(new TextEncoder().encode(text)));
    expect([faults.length, omitted]).toEqual([10_001, 5]);
    expect(faults.at(-1)).toMatchObject({ code: "excel-hashes", line: 10_007 });
  });

  test("any bytes at all are answered, never thrown at", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect((await checkFile(sourceOf(bytes, "x.csv"))).title).not.toBe("");
      }),
    );
  });

  test("a good file with any one byte changed is answered, never thrown at", async () => {
    const change = fc.record({ name: fc.constantFrom(...files), at: fc.nat(600), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(change, async ({ name, at, byte }) => {
        const bytes = Uint8Array.from(corpus(name));
        bytes[Math.min(at, Math.max(bytes.length - 1, 0))] = byte;
        expect((await checkFile(sourceOf(bytes, name))).faults).toBeInstanceOf(Array);
      }),
      { numRuns: 500 },
    );
  });

  test("other ledger columns are known once they are configured", async () => {
    const bytes = new TextEncoder().encode("Invoice,When,State\nAB00000001,2026-11-03,ok\n");
    expect(identifyFile(bytes, "x.csv")).toBe("unknown");
    const formats = {
      ledger: {
        columns: { number: "Invoice", date: "When", status: "State" },
        statuses: { ok: "issued" as const },
      },
    };
    expect(await checkFile(sourceOf(bytes, "x.csv"), formats)).toMatchObject({ kind: "ledger", rows: 1, faults: [] });
  });
});

describe("encoding", () => {
  const text = "營業人統編,發票類別\r\n12345675,一般稅額計算\r\n";
  const encodings: readonly WrittenEncoding[] = ["utf-8", "utf-8-bom", "big5"];

  test.each(encodings)("%s is recognised and reads back the same", (encoding) => {
    expect(decodeText(encodeText(text, encoding))).toEqual({ text, encoding });
  });

  test("any Chinese text that Big5 can hold survives; any other is refused, never replaced by question marks", () => {
    const chars = fc.string({
      unit: fc.integer({ min: 0x4e00, max: 0x9fff }).map((code) => String.fromCodePoint(code)),
      minLength: 1,
    });
    fc.assert(
      fc.property(chars, (value) => {
        const holds = iconv.decode(iconv.encode(value, "cp950"), "cp950") === value;
        const outcome = attempt(() => decodeText(encodeText(`${value}統`, "big5")).text);
        expect(outcome).toEqual(holds ? `${value}統` : "big5-loss");
      }),
    );
  });

  test("what Big5 cannot hold is named", () => {
    expect(() => encodeText("堃😀", "big5")).toThrow("😀");
  });

  test.each(encodings)("%s cut into pieces anywhere reads the same as in one", async (encoding) => {
    // Longer than what is looked at before deciding, so that cuts fall on both sides of that.
    const bytes = encodeText(`${"AB00000001\r\n".repeat(20)}${text.repeat(2000)}`, encoding);
    const whole = decodeText(bytes).text;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 8 }), async (cuts) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const pieces = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
        let read = "";
        for await (const piece of decodeStream(fromPieces(pieces))) read += piece;
        expect(read).toBe(whole);
      }),
    );
  });

  test("a stream that stops making sense is refused, not read on", async () => {
    const bytes = Buffer.concat([Buffer.from("發票號碼\n".repeat(20_000)), Buffer.from([0xff, 0xff])]);
    const read = async () => {
      for await (const piece of decodeStream(fromPieces([bytes.subarray(0, 100_000), bytes.subarray(100_000)])))
        void piece;
    };
    await expect(read()).rejects.toMatchObject({ code: "encoding-unknown" });
  });
});

async function* fromPieces(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield piece;
}

function attempt<Value>(action: () => Value): Value | string {
  try {
    return action();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

const trackRow = fc
  .record({
    track: fc
      .tuple(fc.integer({ min: 65, max: 90 }), fc.integer({ min: 65, max: 90 }))
      .map((pair) => String.fromCodePoint(...pair)),
    book: fc.nat(1_999_998),
    ubn: fc.constantFrom(SHOP, OTHER),
    category: fc.constantFrom<Category>("07", "08"),
    period: fc.constantFrom(PERIOD, parsePeriod("11602")),
  })
  .map(({ track, book, ...rest }) => ({
    ...parseRange(track, numberOf(book * 50), numberOf(book * 50 + 49)),
    ...rest,
  }));

describe("track file", () => {
  const expected = { ubn: SHOP, period: PERIOD };
  const run = (track: string, begin: string, end: string) => ({
    ...parseRange(track, begin, end),
    ubn: SHOP,
    period: PERIOD,
    category: "07" as const,
  });

  test("what is written reads back the same, in every encoding and line ending", () => {
    const style = fc.record({
      encoding: fc.constantFrom<WrittenEncoding>("utf-8", "utf-8-bom", "big5"),
      newline: fc.constantFrom("\r\n" as const, "\n" as const),
    });
    fc.assert(
      fc.property(fc.array(trackRow, { minLength: 1, maxLength: 20 }), style, (rows, how) => {
        const file = readTrackFile(writeTrackFile(rows, how));
        expect(file.faults).toEqual([]);
        expect(file.encoding).toBe(how.encoding);
        expect(file.rows.map(({ line: _line, ...row }) => row)).toEqual(rows);
        expect(file.rows.map(({ line }) => line)).toEqual(rows.map((_, index) => index + 2));
      }),
    );
  });

  test("is written as the portal writes it", () => {
    const bytes = writeTrackFile([run("NQ", "42519550", "42522049")]);
    expect(new TextDecoder().decode(bytes)).toBe(
      "營業人統編,發票類別代號,發票類別,發票期別,發票字軌名稱,發票起號,發票迄號\r\n" +
        "12345675,7,一般稅額計算,115/11 ~ 115/12,NQ,42519550,42522049\r\n",
    );
  });

  test("of the right business, period, category and number of books has no fault", () => {
    const file = readTrackFile(writeTrackFile([run("NQ", "42519550", "42522049"), run("AB", "00000000", "00000049")]));
    expect(checkTrackFile(file, { ...expected, category: "07", books: 51 })).toEqual([]);
  });

  test("of another business, period, category or number of books says which line and what it should be", () => {
    const file = readTrackFile(writeTrackFile([run("NQ", "42519550", "42522049")]));
    const faults = (more: Partial<Parameters<typeof checkTrackFile>[1]>) =>
      checkTrackFile(file, { ...expected, ...more }).map(({ code, line, value, wanted }) => [
        code,
        line,
        value,
        wanted,
      ]);
    expect(faults({ ubn: OTHER })).toEqual([["ubn-other", 2, "12345675", "01234569"]]);
    expect(faults({ period: parsePeriod("11602") })).toEqual([
      ["period-other", 2, "115/11 ~ 115/12", "116/01 ~ 116/02"],
    ]);
    expect(faults({ category: "08" })).toEqual([["category-other", 2, "07", "08"]]);
    expect(faults({ books: 49 })).toEqual([["books-other", 0, "50", "49"]]);
  });

  test("a run inside a much longer one overlaps it, although another lies between them in the file's order", () => {
    const rows = [
      run("NQ", "00000000", "00000199"),
      run("NQ", "00000000", "00000049"),
      run("NQ", "00000100", "00000149"),
    ];
    const faults = checkTrackFile(readTrackFile(writeTrackFile(rows)), expected);
    expect(faults.map(({ code, line }) => [code, line])).toEqual([
      ["runs-overlap", 3],
      ["runs-overlap", 4],
    ]);
  });

  test("cut off in the middle of a row is noticed, wherever it is", () => {
    const whole = writeTrackFile([run("NQ", "42519550", "42522049"), run("AB", "00000000", "00000049")]);
    const wholeLines = new TextDecoder().decode(whole).split("\r\n");
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        const cut = whole.subarray(0, length);
        const lastLine = new TextDecoder().decode(cut).split("\n").at(-1)?.trimEnd() ?? "";
        fc.pre(!wholeLines.includes(lastLine));
        expect(readTrackFile(cut).faults).not.toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});

describe("handover", () => {
  const rows = [
    { ...parseRange("NQ", "42519550", "42522049"), ubn: SHOP, period: parsePeriod("11006"), category: "07" as const },
    { ...parseRange("AB", "00000050", "00000099"), ubn: SHOP, period: parsePeriod("11006"), category: "07" as const },
  ];

  function onlyFile(target: HandoverTarget): HandoverFile {
    const [file, ...others] = handover(target, rows);
    if (file === undefined || others.length > 0) throw new Error("One business and one period are one file.");
    return file;
  }

  test("no file holds numbers of two businesses or two periods: its reader could not tell them apart", () => {
    const more = rows.flatMap((row) => [row, { ...row, ubn: OTHER }, { ...row, period: PERIOD }]);
    for (const target of HANDOVER_TARGETS) {
      const ending = target === "json" ? "json" : "csv";
      const names = handover(target, more).map(({ name }) => name.replace(/^[a-z]+-/, ""));
      expect(names).toEqual([`01234569-11006.${ending}`, `12345675-11006.${ending}`, `12345675-11512.${ending}`]);
    }
  });

  test("the hand-held printer gets the odd month and every zero", () => {
    const text = decodeText(onlyFile("handheld").bytes).text;
    expect(text).toBe("期別,字軌,起號,迄號\r\n11005,AB,00000050,00000099\r\n11005,NQ,42519550,42522049\r\n");
  });

  test("the portal's own layout reads back as the same tracks", () => {
    const file = readTrackFile(onlyFile("portal-csv").bytes);
    expect(file.rows.map(({ track, begin }) => `${track}${begin}`)).toEqual(["AB00000050", "NQ42519550"]);
  });

  test("a program gets text, never numbers", () => {
    const json: unknown = JSON.parse(new TextDecoder().decode(onlyFile("json").bytes));
    expect(json).toMatchObject({
      tracks: [
        { track: parseTrack("AB"), begin: "00000050", end: "00000099", books: 1, period: "11006", category: "07" },
        { track: "NQ", books: 50 },
      ],
    });
  });
});
