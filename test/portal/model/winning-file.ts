import iconv from "iconv-lite";
import type { CompanyConfig, WinningList } from "./company.ts";
import { taipeiDate } from "./clock.ts";
import { dayOfNextOddMonth } from "./periods.ts";

/** One of the portal's lists of winners, as it is offered for download. */
export interface WinningFile {
  readonly name: string;
  /** 清冊類別, as the page prints it. */
  readonly kind: string;
  readonly content: Buffer;
}

/** A: winners with a member carrier, Y: without a carrier, Z: whose prize was transferred already. */
const KINDS: Readonly<Record<WinningList["list"], string>> = { A: "會員載具", Y: "無載具", Z: "已匯款" };

/** From this moment the lists of a period can be downloaded: midnight of the 28th of the odd month that follows it. */
export function winningListsFrom(period: string): number {
  return dayOfNextOddMonth(period, 28);
}

/** The company's lists of one period, sealed as the portal gives them out. */
export function winningFiles({ ban, winning }: CompanyConfig, period: string): WinningFile[] {
  const { year, month, day } = taipeiDate(winningListsFrom(period));
  const stamp = [year, month, day].map((part) => String(part).padStart(2, "0")).join("");
  return winning
    .filter((one) => one.period === period)
    .map((one) => ({
      name: `${one.list}_${ban}_${period}_${one.stamp ?? stamp}.bin`,
      kind: KINDS[one.list],
      content: sealed(listText(ban, one)),
    }));
}

/** Closes a list. The real encryption is not known; the practice's own stands for it, and only its stand-in tool opens it. */
export function sealed(text: Buffer): Buffer {
  return Buffer.concat([Buffer.from("SEALED1\0", "latin1"), text.map((byte) => byte ^ 0x5a)]);
}

function listText(ban: string, { period, list, winners, says }: WinningList): Buffer {
  const records = winners.map((winner) =>
    line([
      [ban, 10],
      [period, 5],
      [winner.number, 10],
      ["演練商行", 60],
      [ban, 10],
      ["臺北市中正區忠孝東路一段1號", 100],
      ["2026/07/03", 10],
      ["12:34:56", 8],
      ["100".padStart(12, "0"), 12],
      [list === "A" ? "BG0001" : "", 6],
      [winner.name, 60],
      [winner.carrier, 64],
      [winner.carrier, 64],
      ["0042", 4],
      [winner.prize, 1],
      [String(winner.amount).padStart(10, "0"), 10],
      ["0".repeat(10), 10],
      [list === "Z" ? "Y" : "", 1],
      ["", 1],
      ["", 2],
      ["", 2],
      ["", 24],
    ]),
  );
  const count = says?.count ?? winners.length;
  const sum = says?.sum ?? winners.reduce((total, { amount }) => total + amount, 0);
  const last = ["M", period, String(count).padStart(7, "0"), String(sum).padStart(15, "0"), "11510061160106"].join("");
  return Buffer.concat([...records, Buffer.from(`${last}\r\n`, "latin1")]);
}

/** Fields of so many Big5 bytes, filled up with blanks; what is too long is cut off at the byte. */
function line(fields: readonly (readonly [text: string, bytes: number])[]): Buffer {
  const parts = fields.map(([text, bytes]) => {
    const field = Buffer.alloc(bytes, " ");
    iconv.encode(text, "cp950").copy(field);
    return field;
  });
  return Buffer.concat([...parts, Buffer.from("\r\n", "latin1")]);
}
