import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeText } from "../../../../robot/invoicing/reading/encoding.ts";
import { checkFile } from "../../../../robot/invoicing/file-recognition.ts";
import type { Fault } from "../../../../robot/invoicing/problems/problems.ts";
import type { FileSource } from "../../../../robot/invoicing/reading/table.ts";
import type { Remark, Winner } from "../../../../robot/invoicing/winners/winner.ts";
import { type WinningFooter, type WinningKind, readWinners } from "../../../../robot/invoicing/winners/winning-list.ts";
import { manyWinners } from "../../../support/winning/many.ts";
import { FIELDS, fileOf, footer, listOf, record } from "../../../support/winning/record.ts";

type Read = { winners: Winner[]; faults: Fault[]; remarks: Remark[]; footer: WinningFooter | null };

async function read(file: FileSource, kind: WinningKind = "winning-list"): Promise<Read> {
  const faults: Fault[] = [];
  const remarks: Remark[] = [];
  let last: WinningFooter | null = null;
  const winners = await Array.fromAsync(
    readWinners(kind, file, {
      onFault: (one) => void faults.push(one),
      onRemark: (one) => void remarks.push(one),
      onFooter: (found) => {
        last = found;
      },
    }),
  );
  return { winners, faults, remarks, footer: last };
}

const codes = ({ faults }: Read): string[] => faults.map(({ code }) => code);

describe("the portal's list of winners", () => {
  test("each field is read from its own bytes", async () => {
    const wanted = {
      headUbn: "12345675",
      period: "11512",
      sellerName: "甲商店",
      sellerUbn: "12345675",
      sellerAddress: "臺北市乙路一號",
      day: "2026/12/31",
      time: "23:59:58",
      carrierType: "3J0002",
      carrierName: "手機條碼",
      carrierClear: "/ABC+.-1",
      carrierHidden: "/HIDDEN9",
      randomNumber: "0042",
      buyerUbn: "12345675",
      paid: "Y",
      dataType: "1",
      exception: "E2",
      printFormat: "P3",
      uid: "uid-at-the-very-end-0000",
    };
    const bytes = record({
      ...wanted,
      track: "ZZ",
      number: "00000007",
      total: "000000001234",
      prizeType: "5",
      prizeAmount: "0000001000",
    });
    expect(bytes.length).toBe(474);
    const got = await read(fileOf(listOf([bytes, footer({ sum: 1000 })])));
    expect([got.faults, got.remarks]).toEqual([[], []]);
    expect(got.winners).toEqual([
      {
        line: 1,
        fields: { ...wanted, invoice: "ZZ00000007", total: "1234", member: "" },
        prize: { code: "5", name: "五獎", amount: 1000 },
        note: "",
        whole: true,
      },
    ]);
    expect(got.footer).toMatchObject({
      period: "11512",
      count: 1,
      prizeSum: 1000,
      claimFrom: "2027-02-06",
      claimBy: "2027-05-05",
    });
  });

  test("a name that does not fit is cut in the middle of a character without harm to the field behind it", async () => {
    // 31 characters of two bytes behind one of one byte: the 60th byte is half a character.
    const sellerName = encodeText(`a${"商".repeat(31)}`, "big5");
    const carrierName = encodeText(`b${"載".repeat(40)}`, "big5");
    const got = await read(fileOf(listOf([record({ sellerName, carrierName }), footer()])));
    expect(got.faults).toEqual([]);
    expect(got.winners[0]?.fields).toMatchObject({
      sellerName: `a${"商".repeat(29)}〓`,
      sellerUbn: "12345675",
      carrierName: `b${"載".repeat(29)}〓`,
      carrierClear: "/ABC1234",
    });
    expect(got.remarks.map(({ line, column }) => [line, column])).toEqual([
      [1, "賣方名稱"],
      [1, "載具名稱"],
    ]);
    expect(got.remarks[0]?.text.zh).toContain("b0");
  });

  test("half characters and characters that only the seller's machine knows leave their neighbours as they are", async () => {
    const [wang, ming] = [encodeText("王", "big5"), encodeText("明", "big5")];
    for (const [between, hex] of [
      [[0xfa, 0x40], "fa40"],
      [[0xc6, 0xfe], "c6fe"],
      [[0xa4], "a4"],
      [[0xff], "ff"],
      [[0x80], "80"],
    ] as const) {
      // A blank can't be the second half of a character.
      const sellerName = Buffer.concat([wang, Buffer.from(between), Buffer.from(" "), ming]);
      const got = await read(fileOf(listOf([record({ sellerName }), footer()])));
      expect([got.winners[0]?.fields.sellerName, got.faults]).toEqual(["王〓 明", []]);
      expect(got.remarks[0]?.text.en).toContain(`(${hex})`);
    }
  });

  test("a character whose second byte looks like a backslash, a bar or a letter is one character", async () => {
    const got = await read(fileOf(listOf([record({ sellerName: "功許蓋育枯" }), footer()])));
    expect([got.winners[0]?.fields.sellerName, got.remarks]).toEqual(["功許蓋育枯", []]);
  });

  test("CRLF, LF and no line ends at all give the same winners, in pieces of any size", async () => {
    const records = ["00000001", "00000002", "00000003", "00000004", "00000005"].map((number) =>
      record({ number, sellerName: encodeText(`a${"商".repeat(31)}`, "big5") }),
    );
    const whole = [...records, footer({ count: 5, sum: 1000 })];
    const expected = await read(fileOf(listOf(whole)));
    expect([expected.winners.length, expected.faults]).toEqual([5, []]);
    const files = [
      listOf(whole),
      listOf(whole, "\n"),
      listOf(whole, ""),
      Buffer.concat([listOf(whole, ""), Buffer.from("\r\n")]),
      Buffer.concat([listOf(records, "\r\n"), footer({ count: 5, sum: 1000 }), Buffer.from([0x1a])]),
    ];
    for (const bytes of files) {
      for (const piece of [1, 7, 473, 474, 475, 1423, 65_536]) {
        expect(await read(fileOf(bytes, "list.txt", piece))).toEqual(expected);
      }
    }
  });

  test("a record that is a byte too long or too short is kept as it is, and those beside it are read, with line ends or without", async () => {
    const [first, odd, last] = [record({ number: "00000001" }), record(), record({ number: "00000003" })];
    const damaged = [
      Buffer.concat([odd.subarray(0, 85), Buffer.from("x"), odd.subarray(85)]),
      Buffer.concat([odd.subarray(0, 84), odd.subarray(100)]),
      Buffer.concat([odd.subarray(0, 290), odd.subarray(291)]),
      odd.subarray(0, 200),
    ];
    for (const piece of damaged) {
      for (const end of ["\r\n", "\n", ""]) {
        const got = await read(fileOf(listOf([first, piece, last, footer({ count: 3, sum: 600 })], end)));
        expect(codes(got)).toEqual(["record-length"]);
        expect(got.winners.map(({ line, fields, whole }) => [line, fields.invoice, whole])).toEqual([
          [1, "AB00000001", true],
          [2, "", false],
          [3, "AB00000003", true],
        ]);
        expect(got.winners[1]?.note).toContain("AB00012345晨光小舖");
      }
    }
  });

  test("whatever bytes are changed, lost or put in, every untouched record comes out as it is and nothing throws", async () => {
    const records = Array.from({ length: 6 }, (_, index) => record({ number: String(index).padStart(8, "0") }));
    const noise = fc.uint8Array({ maxLength: 30 });
    const damage = fc.record({ at: fc.nat(473), cut: fc.nat(40), put: noise });
    await fc.assert(
      fc.asyncProperty(fc.nat(5), damage, fc.constantFrom("\r\n", "\n", ""), async (which, { at, cut, put }, end) => {
        const pieces: Uint8Array[] = records.map((bytes, index) =>
          index === which ? Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]) : bytes,
        );
        const { winners } = await read(
          fileOf(listOf([...pieces, footer({ count: 6, sum: 1200 })], end), "list.txt", 700),
        );
        for (const [index, bytes] of records.entries()) {
          // Without line ends, damage to the last bytes or the first ones of a record also hides where its neighbour begins.
          if (Math.abs(index - which) <= (end === "" ? 1 : 0)) continue;
          const invoice = `AB${bytes.subarray(17, 25).toString("latin1")}`;
          expect(winners.filter(({ fields, whole }) => whole && fields.invoice === invoice).length).toBe(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("blanks that an editor took off the end of a line are no damage", async () => {
    const short = record().subarray(0, 446);
    const got = await read(fileOf(listOf([short, record(), footer({ count: 2, sum: 400 })], "\n")));
    expect([got.faults, got.winners.length]).toEqual([[], 2]);
    expect(got.winners[0]?.fields).toEqual(got.winners[1]?.fields);
  });

  test("an unknown prize keeps its code and its amount, and is pointed out", async () => {
    const got = await read(
      fileOf(listOf([record({ prizeType: "F", prizeAmount: "0000000800" }), footer({ sum: 800 })])),
    );
    expect(got.faults).toEqual([]);
    expect(got.winners[0]?.prize).toEqual({ code: "F", name: "獎別 F", amount: 800 });
    expect(got.remarks[0]?.text.zh).toContain("獎別代號「F」");
    expect(got.winners[0]?.note).toContain("獎別代號「F」");
  });

  test("every prize whose code is known has its name and pays what the law says, or it is pointed out", async () => {
    const known: Readonly<Record<string, number>> = {
      A: 10_000_000,
      0: 2_000_000,
      1: 200_000,
      2: 40_000,
      3: 10_000,
      4: 4_000,
      5: 1_000,
      6: 200,
      B: 2_000,
      C: 1_000_000,
      D: 500,
      E: 800,
    };
    for (const [prizeType, amount] of Object.entries(known)) {
      const prizeAmount = String(amount).padStart(10, "0");
      const right = await read(fileOf(listOf([record({ prizeType, prizeAmount }), footer({ sum: amount })])));
      expect([right.faults, right.remarks, right.winners[0]?.prize.amount]).toEqual([[], [], amount]);
      const wrong = await read(fileOf(listOf([record({ prizeType, prizeAmount: "0000000007" }), footer({ sum: 7 })])));
      expect([wrong.remarks.length, wrong.winners[0]?.prize.amount]).toEqual([1, 7]);
    }
  });

  test("the last line is held against what was read: count, sum, period, its place and that it is there", async () => {
    const one = record();
    const cases: readonly (readonly [string[], readonly Buffer[]])[] = [
      [[], [one, footer()]],
      [[], [footer({ count: 0, sum: 0 })]],
      [["footer-count"], [one, footer({ count: 2 })]],
      [["footer-sum"], [one, footer({ sum: 201 })]],
      [["footer-missing"], [one, one]],
      [
        ["footer-not-last", "period-other"],
        [footer({ period: "11602" }), one],
      ],
      [["footer-not-last"], [footer({ count: 2, sum: 400 }), one, one]],
    ];
    for (const [expected, pieces] of cases) {
      for (const end of ["\r\n", ""]) expect(codes(await read(fileOf(listOf(pieces, end))))).toEqual(expected);
    }
  });

  test("a field that can't be right is named with line, column and value, and the line stays", async () => {
    const bad = record({
      period: "11513",
      number: "0001234X",
      sellerUbn: "1234567X",
      day: "2026/02/30",
      prizeAmount: "00000002OO",
    });
    const got = await read(fileOf(listOf([record(), bad, footer({ count: 2, sum: 400 })])));
    expect(got.faults.map(({ line, column, value }) => [line, column, value])).toEqual([
      [2, "期別", "11513"],
      [2, "號碼", "0001234X"],
      [2, "賣方統編", "1234567X"],
      [2, "發票日期", "2026/02/30"],
      [2, "中獎獎金", "00000002OO"],
    ]);
    expect(got.winners[1]).toMatchObject({ whole: false, fields: { invoice: "AB0001234X", sellerName: "晨光小舖" } });
  });

  test("a hundred thousand records are read in memory that does not grow with their number", async () => {
    const many = await manyWinners(100_000, "read");
    expect(many).toMatchObject({ faults: 0, lines: 100_000 });
    // The list alone has 47 MB, and as objects some 400.
    expect(many.peakMegabytes).toBeLessThan(250);
  });

  test("the layout covers 474 bytes without gap or overlap", () => {
    const places = Object.values(FIELDS);
    expect(places.map(([offset]) => offset)).toEqual(
      places.map((_, index) => places.slice(0, index).reduce((sum, [, length]) => sum + length, 0)),
    );
  });
});

const HEADER = "字軌期別,發票號碼,發票日期,金額,獎項,中獎獎金,統一編號,會員識別";

describe("the list of a value-added platform", () => {
  test("is read by the names of its columns, in Big5 and UTF-8, and in any order", async () => {
    const text = `${HEADER}\r\n10712,KK12351158,20181121,1,六獎,200,12345675,王小明\r\n`;
    for (const encoding of ["utf-8", "utf-8-bom", "big5"] as const) {
      const got = await read(fileOf(encodeText(text, encoding), "list.csv"), "winning-csv");
      expect(got.faults).toEqual([]);
      expect(got.winners).toMatchObject([
        {
          line: 2,
          prize: { code: "6", name: "六獎", amount: 200 },
          fields: {
            period: "10712",
            invoice: "KK12351158",
            day: "20181121",
            total: "1",
            sellerUbn: "12345675",
            member: "王小明",
          },
        },
      ]);
    }
    const other = "會員識別,隨機碼,中獎獎金,發票號碼,字軌期別,門市\nmongo,1553,六獎,KK12351156,10712,一店\n";
    const got = await read(fileOf(encodeText(other, "utf-8"), "list.csv"), "winning-csv");
    expect(got.winners[0]).toMatchObject({
      note: "門市=一店",
      prize: { name: "六獎", amount: 200 },
      fields: { invoice: "KK12351156", member: "mongo", randomNumber: "1553" },
    });
  });

  test("a prize that is not known keeps its words, and only its money if there is no more", async () => {
    const text = `${HEADER}\n10712,KK12351158,20181121,1,端午節加開獎,500,12345675,m\n10712,KK12351159,20181121,1,,800,12345675,m\n`;
    const got = await read(fileOf(encodeText(text, "utf-8"), "list.csv"), "winning-csv");
    expect([got.faults, got.winners.map(({ prize }) => [prize.name, prize.amount])]).toEqual([
      [],
      [
        ["端午節加開獎", 500],
        ["", 800],
      ],
    ]);
  });

  test("a line that is cut off or wrong is told and kept", async () => {
    const text = `${HEADER}\n10712,KK1235115,20181121,1,六獎,200,12345675,m\n10712,KK12351159\n`;
    const got = await read(fileOf(encodeText(text, "utf-8"), "list.csv"), "winning-csv");
    expect(got.faults.map(({ line, code }) => [line, code])).toEqual([
      [2, "invoice-number-invalid"],
      [3, "columns-wrong"],
    ]);
    expect(got.winners.map(({ whole, note }) => [whole, note.includes("10712,KK12351159")])).toEqual([
      [false, false],
      [false, true],
    ]);
  });
});

describe("a file", () => {
  test("is known as a list of winners by its content, and as an encrypted one by what it is not", async () => {
    const list = listOf([record(), footer()]);
    expect(await checkFile(fileOf(list, "anything.txt"))).toMatchObject({
      kind: "winning-list",
      rows: 1,
      ubns: ["12345675"],
      periods: ["11512"],
      faults: [],
    });
    expect((await checkFile(fileOf(listOf([footer({ count: 0, sum: 0 })]), "none.txt"))).kind).toBe("winning-list");
    const platform = encodeText(`${HEADER}\n10712,KK12351158,20181121,1,六獎,200,12345675,m\n`, "utf-8");
    expect(await checkFile(fileOf(platform, "a.csv"))).toMatchObject({ kind: "winning-csv", rows: 1, faults: [] });
    const encrypted = await checkFile(fileOf(Buffer.from([1, 2, 3, 250]), "A_12345675_11512_20270128.bin"));
    expect([encrypted.kind, encrypted.faults.map(({ code }) => code)]).toEqual(["unknown", ["winning-encrypted"]]);
  });
});
