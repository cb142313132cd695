import { describe, expect, test } from "vitest";
import { readMembers, readOptedOut } from "../../../../robot/invoicing/winners/members.ts";
import { fileOfBytes } from "../../../../robot/invoicing/reading/table.ts";
import { letterTo, noticesOf, unknownPlaces, winnerSheets } from "../../../../robot/invoicing/winners/winner-letter.ts";
import { maskedWinner, type Winner } from "../../../../robot/invoicing/winners/winner.ts";
import { isSealed, isWebPage, readWinningFileName } from "../../../../robot/invoicing/winners/winning-file.ts";
import { readWinners } from "../../../../robot/invoicing/winners/winning-list.ts";
import { winnersCsv } from "../../../../robot/invoicing/winners/winning-table.ts";
import { bouncesOf } from "../../../../robot/mail/bounces.ts";
import { footer, listOf, record } from "../../../support/winning/record.ts";

const quiet = { onFault: () => undefined };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function winnersOf(list: Uint8Array): Promise<Winner[]> {
  return Array.fromAsync(readWinners("winning-list", fileOfBytes("list.txt", list), quiet));
}

describe("a table of winners", () => {
  test("is read again as it was written: who won, what, and what a spreadsheet would have computed", async () => {
    const before = await winnersOf(
      listOf([
        record(),
        record({
          number: "00000007",
          carrierClear: "=1+1",
          carrierHidden: "+1",
          prizeType: "5",
          prizeAmount: "0000001000",
        }),
        record({
          number: "00000008",
          carrierType: "",
          carrierName: "",
          carrierClear: "",
          carrierHidden: "",
          paid: "Y",
        }),
        record().subarray(0, 300),
        footer({ count: 4, sum: 1_600 }),
      ]),
    );
    const pieces = await Array.fromAsync(
      winnersCsv(
        (async function* () {
          yield* before;
        })(),
      ),
    );
    const file = fileOfBytes("winners.csv", Buffer.concat(pieces));
    const after = await Array.fromAsync(readWinners("winning-csv", file, quiet));
    const about = ({ whole, prize, fields }: Winner): unknown => {
      const { period, invoice, day, total, sellerUbn, buyerUbn, carrierType, carrierClear, carrierHidden, paid } =
        fields;
      const { name, amount } = prize;
      return {
        whole,
        name,
        amount,
        period,
        invoice,
        day,
        total,
        sellerUbn,
        buyerUbn,
        carrierType,
        carrierClear,
        carrierHidden,
        paid,
      };
    };
    expect(after.map(about)).toEqual(before.map(about));
    expect(after).toHaveLength(4);
  });
});

describe("members", () => {
  test("are found by any of their keys, whatever the order of the columns", () => {
    const { byKey, faults } = readMembers(bytes("電子郵件,手機條碼,會員編號\nanna@example.com,/ABC1234,m-1\n"));
    expect(faults).toEqual([]);
    expect([byKey.get("/ABC1234")?.address, byKey.get("m-1")?.address]).toEqual([
      "anna@example.com",
      "anna@example.com",
    ]);
  });

  test.each([
    ["會員識別,電子郵件\nm-1,anna.example.com\n", "address-invalid", 2],
    ["會員識別,電子郵件\nm-1,anna@example.com\nm-1,ANNA@example.com\nm-1,other@example.com\n", "member-twice", 4],
    ["會員識別\nm-1\n", "column-missing", 1],
    ["姓名,電子郵件\nAnna,anna@example.com\n", "column-missing", 1],
  ])("with a fault are refused with its line, and without the address: %j", (text, code, line) => {
    const { faults } = readMembers(bytes(text));
    expect(faults.map((one) => [one.code, one.line])).toEqual([[code, line]]);
    expect(JSON.stringify(faults)).not.toMatch(/example\.com"/);
  });

  test("who wants no mail is found in any file of addresses", () => {
    expect(readOptedOut(bytes("\uFEFF信箱\r\nAnna@Example.com, bert@example.com\r\n# nobody\r\n"))).toEqual(
      new Set(["anna@example.com", "bert@example.com"]),
    );
  });
});

describe("a letter", () => {
  const template = { subject: "{period} {invoice}", text: "{name}：{company} {day} {prize} {amount}" };

  test("says what the list says; a name from a list adds no line to its head, and no other letter", async () => {
    const [winner] = await winnersOf(listOf([record(), footer()]));
    if (!winner) throw new Error("no winner");
    expect(letterTo({ winner, name: "" }, template, "晨光小舖")).toEqual({
      subject: "115年11-12月 AB-00012345",
      text: "中獎人：晨光小舖 2026/11/03 六獎 200",
    });
    const nasty = letterTo(
      { winner, name: "x\r\nBcc: y@example.com {amount}" },
      { subject: "{name}", text: "{name}" },
      "",
    );
    expect(nasty.subject).toBe("x Bcc: y@example.com {amount}");
    expect(winnerSheets([{ winner, name: "<script>" }], template, "晨光")).not.toContain("<script>");
    expect(unknownPlaces("{name} {prise} {}")).toEqual(["prise", ""]);
  });

  test("goes out once for an invoice that stands in two lists, and to nobody for a line that can't be read", async () => {
    const winners = await winnersOf(listOf([record(), record(), record().subarray(0, 300), footer({ count: 3 })]));
    const members = readMembers(bytes("手機條碼,電子郵件\n/ABC1234,a@example.com\n")).byKey;
    expect(noticesOf(winners, members, new Set()).map(({ way }) => way)).toEqual(["mail", "person"]);
    expect(noticesOf(winners, members, new Set(["a@example.com"])).map(({ way }) => way)).toEqual(["paper", "person"]);
    expect(winners.map(maskedWinner).join()).not.toMatch(/ABC1234|晨光/);
  });
});

describe("a portal's file of winners", () => {
  test.each([
    ["A_12345675_11512_20270128.bin", { kind: "A", ubn: "12345675", period: "11512" }],
    ["z_12345675_11512_1.BIN", { kind: "Z", ubn: "12345675", period: "11512" }],
    ["A_12345675_11511_1.bin", null],
    ["B_12345675_11512_1.bin", null],
    ["winners.csv", null],
  ])("says by its name %s whose and of which period it is", (name, said) => {
    expect(readWinningFileName(name)).toEqual(said);
  });

  test("that is open already needs no tool, and a web page is none", () => {
    const name = "A_12345675_11512_20270128.bin";
    expect(isSealed(name, listOf([record(), footer()]))).toBe(false);
    expect(isSealed(name, Uint8Array.of(7, 1, 2, 200, 0))).toBe(true);
    expect(isWebPage(bytes("<!DOCTYPE html><html></html>"))).toBe(true);
    expect(isWebPage(Uint8Array.of(7, 1, 2, 200, 0))).toBe(false);
  });
});

describe("a mail server's report", () => {
  const mail = (action: string, returned: string): Uint8Array =>
    bytes(
      [
        "From: postmaster@mx.test",
        "Message-ID: <report@mx.test>",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        `Final-Recipient: rfc822; a@example.com\r\nAction: ${action}\r\nStatus: 5.1.1`,
        "",
        "--b",
        `Content-Type: ${returned}`,
        "",
        "Message-ID: <letter@office.test>\r\nSubject: x",
        "",
        "text",
        "--b--",
      ].join("\r\n"),
    );

  test.each(["text/rfc822-headers", "message/rfc822"])("names the mail that came back (%s)", async (returned) => {
    expect(await bouncesOf(mail("failed", returned))).toEqual([{ messageId: "<letter@office.test>", words: "5.1.1" }]);
  });

  test("of a delay, or no report at all, says nothing", async () => {
    expect(await bouncesOf(mail("delayed", "message/rfc822"))).toEqual([]);
    expect(await bouncesOf(bytes("From: postmaster@mx.test\r\nSubject: Action: failed\r\n\r\nAction: failed"))).toEqual(
      [],
    );
  });
});
