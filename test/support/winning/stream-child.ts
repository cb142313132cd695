import process from "node:process";
import { type WinningOptions, readWinners } from "../../../robot/invoicing/winners/winning-list.ts";
import { winnersCsv, winnersXlsx } from "../../../robot/invoicing/winners/winning-table.ts";
import type { FileSource } from "../../../robot/invoicing/reading/table.ts";
import { footer, record } from "./record.ts";

/**
 * Reads a list of very many winners or, with `write`, writes it both ways into nothing; says what it counted and the most memory it
 * held.
 */
const LINES = Number(process.argv[2]);
const WRITES = process.argv[3] === "write";

const list: FileSource = {
  name: "many.txt",
  async *read() {
    const usual = Buffer.concat([record({ sellerName: "商".repeat(31) }), Buffer.from("\r\n")]);
    for (let line = 0; line < LINES; line += 1) {
      const bytes = Buffer.from(usual);
      bytes.write(String(line).padStart(8, "0"), 17, "latin1");
      yield bytes;
    }
    yield footer({ count: LINES, sum: LINES * 200 });
  },
};

let faults = 0;
const options: WinningOptions = { onFault: () => void (faults += 1) };
let lines = 0;
if (WRITES) {
  for await (const piece of winnersCsv(readWinners("winning-list", list, options))) {
    for (const byte of piece) if (byte === 0x0a) lines += 1;
  }
  let bytes = 0;
  for await (const piece of winnersXlsx(readWinners("winning-list", list, options))) bytes += piece.length;
  if (bytes === 0) throw new Error("no workbook");
} else {
  for await (const { fields } of readWinners("winning-list", list, options)) if (fields.invoice !== "") lines += 1;
}
const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify({ faults, lines, peakMegabytes }));
