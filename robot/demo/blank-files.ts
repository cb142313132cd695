import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** What a run that downloaded tracks says of them. */
export const tracksSchema = z.object({
  tracks: z.array(z.object({ track: z.string(), begin: z.string(), end: z.string() })).min(1),
});
export type DemoTracks = z.infer<typeof tracksSchema>["tracks"];

/** Numbers that are used of each run. */
const USED = 30;

/** An invoice ledger as an invoice program exports it: the first numbers of each run are used, the very first one voided. */
export async function writeInvoices(folder: string, ubn: string, tracks: DemoTracks): Promise<string> {
  const rows = tracks.flatMap(({ track, begin }) =>
    Array.from({ length: USED }, (_, nth) =>
      [`${track}${plus(begin, nth)}`, dayOf(nth), nth === 0 ? "作廢" : "開立", ubn].join(","),
    ),
  );
  const path = join(folder, "發票明細.csv");
  await writeFile(path, `${["發票號碼,發票日期,狀態,賣方統編", ...rows].join("\r\n")}\r\n`);
  return path;
}

/** Over the whole period, from its first day to its last. */
function dayOf(nth: number): string {
  const day = new Date(Date.UTC(2026, 8, 1 + Math.floor((nth / (USED - 1)) * 60)));
  return day.toISOString().slice(0, 10).replaceAll("-", "/");
}

/** A file of blank numbers after Excel had opened and saved it: what looks like a number has lost its leading zeros. */
export async function writeDamaged(folder: string, ubn: string, tracks: DemoTracks): Promise<string> {
  const rows = tracks.map(({ track, begin, end }, index) =>
    [index + 1, ubn, "11510", track, Number(plus(begin, USED)), Number(end), 7].join(","),
  );
  const path = join(folder, "用Excel存過.csv");
  await writeFile(path, `${rows.join("\r\n")}\r\n`);
  return path;
}

function plus(number: string, more: number): string {
  return String(Number(number) + more).padStart(8, "0");
}
