import { readFile } from "node:fs/promises";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { checkFile, type FileCheck } from "../../../robot/invoicing/file-recognition.ts";
import { fileOfBytes } from "../../../robot/invoicing/reading/table.ts";
import { readTrackFile } from "../../../robot/invoicing/tracks/track-file.ts";
import { readE0401, readE0501 } from "../../../robot/invoicing/messages/track-messages.ts";

const HEADER = "營業人統編,發票類別代號,發票類別,發票期別,發票字軌名稱,發票起號,發票迄號";
const RUN = { track: "AB", begin: "00000000", end: "00000049" };
const ROW = { ubn: "12345675", category: "07", period: "11510", ...RUN };

async function fixture(name: string): Promise<Uint8Array> {
  return readFile(new URL(`../../fixtures/cases/${name}`, import.meta.url));
}

async function check(name: string, bytes: Uint8Array | string): Promise<FileCheck> {
  return checkFile(fileOfBytes(name, typeof bytes === "string" ? Buffer.from(bytes) : bytes));
}

/** A track file whose texts went through a wrong encoding. */
function damaged(header: string, category: string, period = "115/09 ~ 115/10", code = "7"): string {
  return `${header}\r\n12345675,${code},${category},${period},AB,00000000,00000049\r\n`;
}

function through(text: string, written: string, read: string): string {
  return iconv.decode(iconv.encode(text, written), read);
}

describe("a track file with damaged texts", () => {
  const QUESTION = HEADER.replaceAll(/[^,]/g, "?");
  test.each([
    ["question marks", damaged(HEADER, "????????????")],
    ["one question mark", damaged(HEADER, "一般稅?計算")],
    ["full-width question marks", damaged(HEADER, "？？？？？？")],
    ["boxes", damaged(HEADER, "\uFFFD\uFFFD\uFFFD")],
    ["what printers write", damaged(HEADER, "〓〓稅額計算")],
    ["UTF-8 read as Latin-1", damaged(HEADER, through("一般稅額計算", "utf-8", "latin1"))],
    ["UTF-8 read as Big5", damaged(HEADER, through("一般稅額計算", "utf-8", "cp950"))],
    ["Big5 read as Latin-1", damaged(HEADER, through("一般稅額計算", "cp950", "latin1"))],
    ["cut off", damaged(HEADER, "一般稅額計")],
    ["nothing", damaged(HEADER, "")],
    ["the names of the columns as well", damaged(QUESTION, "??????")],
    [
      "names of columns read as Latin-1",
      damaged(through(HEADER, "utf-8", "latin1"), through("一般稅額計算", "utf-8", "latin1")),
    ],
    ["names of columns read as Big5", damaged(through(HEADER, "utf-8", "cp950"), "銝€?祉?憿?")],
    ["the sign between two months", damaged(HEADER, "??????", "115/09 ? 115/10")],
    ["the words of a period", damaged(QUESTION, "??????", "2026?09-10?")],
  ])("%s: the codes decide, and it is said", (_name, text) => {
    const read = readTrackFile(Buffer.from(text));
    expect(read.faults).toEqual([]);
    expect(read.rows).toEqual([{ ...ROW, line: 2 }]);
    expect(read.remarks.map(({ code }) => code)).toContain("text-damaged");
  });

  test("bytes that are no character in any encoding do not hide the rows around them", async () => {
    const utf8 = Buffer.from(damaged(HEADER, "一般稅額計算"));
    const place = utf8.indexOf(Buffer.from("一般")) + 1;
    const big5 = iconv.encode(damaged(HEADER, "一般稅額計算"), "cp950");
    for (const bytes of [
      Buffer.concat([utf8.subarray(0, place), Buffer.from([0xff]), utf8.subarray(place + 1)]),
      Buffer.concat([
        big5.subarray(0, big5.indexOf(0x0a) + 12),
        Buffer.from([0xff, 0xfe]),
        big5.subarray(big5.indexOf(0x0a) + 14),
      ]),
    ]) {
      const read = await check("tracks.csv", bytes);
      expect([read.kind, read.faults, read.rows]).toEqual(["track-file", [], 1]);
      expect(read.warnings.map(({ code }) => code)).toContain("text-damaged");
    }
  });

  test("a name that contradicts its code, and a code that is damaged, stop", () => {
    expect(readTrackFile(Buffer.from(damaged(HEADER, "特種稅額計算"))).faults.map(({ code }) => code)).toEqual([
      "category-invalid",
    ]);
    expect(readTrackFile(Buffer.from(damaged(HEADER, "不明的稅額類別"))).faults.map(({ code }) => code)).toEqual([
      "category-invalid",
    ]);
    expect(readTrackFile(Buffer.from(damaged(HEADER, "????", "115/09 ~ 115/10", "?"))).rows).toEqual([]);
    expect(readTrackFile(Buffer.from(damaged(HEADER, "????", "115/0? ~ 115/10"))).rows).toEqual([]);
  });

  test("names of columns that are damaged do not make a row of another shape readable", () => {
    const other = `${QUESTION}\r\nAB,00000000,00000049,7,??????,115/09 ~ 115/10,12345675\r\n`;
    expect(readTrackFile(Buffer.from(other)).faults.map(({ code }) => code)).toContain("header-missing");
  });

  test.each(["c21-tracks.csv", "c22-tracks.csv", "c23-tracks.csv", "tracks.csv"])("%s is read", async (name) => {
    const read = await check(name, await fixture(name));
    expect([read.kind, read.faults, read.rows, read.periods]).toEqual(["track-file", [], 1, ["11510"]]);
  });
});

describe("a business whose check digit fails", () => {
  test("is taken from the portal's own file, with a remark", async () => {
    const read = readTrackFile(await fixture("c23-tracks.csv"));
    expect(read.rows.map(({ ubn }) => ubn)).toEqual(["90316313"]);
    expect(read.remarks.map(({ code, line, column, value }) => [code, line, column, value])).toEqual([
      ["ubn-check-digit", 2, "營業人統編", "90316313"],
    ]);
  });

  test("is an error where a person or another program writes what is sent", async () => {
    const upload = "00001,90316313,11510,AB,00000001,00000049,07\r\n";
    expect((await check("blank.csv", upload)).faults.map(({ code }) => code)).toEqual(["ubn-invalid"]);
  });

  test("seven digits or letters stay an error in every file", () => {
    const short = damaged(HEADER, "一般稅額計算").replace("12345675", "1234567A");
    expect(readTrackFile(Buffer.from(short)).faults.map(({ code }) => code)).toEqual(["ubn-invalid"]);
  });
});

const E0401 = `<?xml version="1.0" encoding="UTF-8"?>
<BranchTrack xmlns="urn:GEINV:eInvoiceMessage:E0401:4.1">
  <Main><HeadBan>12345675</HeadBan><BranchBan>01234569</BranchBan><InvoiceType>07</InvoiceType><YearMonth>11510</YearMonth>
  <InvoiceTrack>AB</InvoiceTrack><InvoiceBeginNo>00000000</InvoiceBeginNo><InvoiceEndNo>00000149</InvoiceEndNo></Main>
  <Details>
    <BranchTrackItem><InvoiceBeginNo>00000000</InvoiceBeginNo><InvoiceEndNo>00000049</InvoiceEndNo><InvoiceBooklet>1</InvoiceBooklet></BranchTrackItem>
    <BranchTrackItem><InvoiceBeginNo>00000050</InvoiceBeginNo><InvoiceEndNo>00000149</InvoiceEndNo><InvoiceBooklet>2</InvoiceBooklet></BranchTrackItem>
  </Details>
</BranchTrack>
`;

describe("messages of the MIG", () => {
  test("E0501 is read as the tracks that were allocated", async () => {
    const bytes = await fixture("c09-message.xml");
    expect(readE0501(bytes)).toMatchObject({ rows: [ROW], faults: [] });
    const found = await check("c09-message.xml", bytes);
    expect([found.kind, found.faults, found.rows, found.ubns, found.periods]).toEqual([
      "e0501",
      [],
      1,
      ["12345675"],
      ["11510"],
    ]);
  });

  test("E0501 of another version, with several assignments, prefixes or without its envelope is the same", () => {
    const one = (begin: string, end: string, books: string): string =>
      `<n:InvoiceAssignNo><n:Ban>12345675</n:Ban><n:InvoiceType>07</n:InvoiceType><n:YearMonth>11510</n:YearMonth><n:InvoiceTrack>AB</n:InvoiceTrack><n:InvoiceBeginNo>${begin}</n:InvoiceBeginNo><n:InvoiceEndNo>${end}</n:InvoiceEndNo><n:InvoiceBooklet>${books}</n:InvoiceBooklet></n:InvoiceAssignNo>`;
    const two = `${one("00000000", "00000049", "1")}${one("00000100", "00000199", "2")}`;
    const envelope = `<n:InvoiceEnvelope xmlns:n="urn:GEINV:E0501:4.0"><n:InvoicePack count="2">${two}</n:InvoicePack></n:InvoiceEnvelope>`;
    const read = readE0501(Buffer.from(envelope));
    expect([read.faults, read.rows.map(({ begin, end }) => [begin, end])]).toEqual([
      [],
      [
        ["00000000", "00000049"],
        ["00000100", "00000199"],
      ],
    ]);
    expect(readE0501(Buffer.from(one("00000000", "00000049", "1"))).rows.map(({ begin }) => begin)).toEqual([
      "00000000",
    ]);
    expect(
      readE0501(Buffer.from(one("00000000", "00000049", "3"))).faults.map(({ code, column }) => [code, column]),
    ).toEqual([["books-other", "InvoiceBooklet"]]);
    expect(
      readE0501(Buffer.from(envelope.slice(0, envelope.indexOf("</n:InvoicePack>")))).faults.map(({ code }) => code),
    ).toEqual(["message-broken"]);
  });

  test("E0401 is read as what was passed on to the branch", async () => {
    expect(readE0401(Buffer.from(E0401)).rows.map(({ line: _line, ...row }) => row)).toEqual([
      { ...ROW, ubn: "01234569" },
      { ...ROW, ubn: "01234569", begin: "00000050", end: "00000149" },
    ]);
    expect(await check("branch.xml", E0401)).toMatchObject({ kind: "e0401", faults: [], rows: 2, ubns: ["01234569"] });
    const outside = E0401.replace(
      "<InvoiceEndNo>00000149</InvoiceEndNo></Main>",
      "<InvoiceEndNo>00000099</InvoiceEndNo></Main>",
    );
    expect(readE0401(Buffer.from(outside)).faults.map(({ code }) => code)).toEqual(["not-allocated"]);
  });

  test.each([
    ["F0401", "Invoice", "開立發票"],
    ["F0501", "CancelInvoice", "作廢發票"],
    ["F0701", "VoidInvoice", "註銷發票"],
    ["G0401", "Allowance", "開立折讓證明單"],
    ["G0501", "CancelAllowance", "作廢折讓證明單"],
    ["A0101", "Invoice", "開立發票"],
    ["C0401", "Invoice", "開立發票"],
    ["E0502", "Anything", "電子發票訊息"],
    ["E0503", "Anything", "電子發票訊息"],
    ["E0504", "Award", "中獎發票清冊"],
  ])("%s is no file for this, and is called by its name", async (code, root, name) => {
    const text = `<?xml version="1.0"?>\n<!-- from Turnkey -->\n<x:${root} xmlns:x="urn:GEINV:eInvoiceMessage:${code}:4.1"><x:Main/></x:${root}>`;
    const found = await check(`${code}.txt`, text);
    expect([found.kind, found.faults.map((one) => one.code)]).toEqual(["other-message", ["message-other"]]);
    expect(found.title.zh).toContain(`${code} `);
    expect(found.title.zh).toContain(name);
    expect(found.faults[0]?.message).toContain(name);
  });

  test("the invoice of the corpus, answers of Turnkey and messages without a namespace are named, other XML is unknown", async () => {
    expect((await check("c09-message-2.xml", await fixture("c09-message-2.xml"))).title.zh).toBe(
      "F0401 開立發票（存證）訊息",
    );
    expect((await check("r.xml", "<?xml version='1.0'?><SummaryResult/>")).title.zh).toContain("每日彙總");
    expect((await check("i.xml", "<Invoice><Main/></Invoice>")).title.zh).toContain("開立發票");
    expect((await check("o.xml", "<?xml version='1.0'?><order/>")).kind).toBe("unknown");
    expect((await check("b.xml", "<BranchTrackBlank>")).kind).toBe("e0402");
  });
});
