import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import type { CompanySetup, InstallationOptions } from "../installation/installation.ts";

/** The newest period whose lists are out when the portal opens, and by any clock since. */
export const OUT = "11508";

const TOOL = join(import.meta.dirname, "..", "..", "winning", "stand-in-tool.ts");
/** The ministry's tool as far as tests have it. */
export const tool = {
  winningList: { decrypt: { command: process.execPath, args: [TOOL, "{in}", "{out}"] } },
} satisfies InstallationOptions["settings"];

export const WINNERS = [
  { number: "AB00000001", carrier: "/ABC1234", name: "手機條碼" },
  { number: "AB00000007", prize: "5", amount: 1_000, carrier: "member-7788", name: "會員" },
];
/** A company whose customers have won. */
export const won = {
  winning: [
    { period: OUT, list: "A" as const, winners: WINNERS },
    { period: OUT, list: "Y" as const, winners: [{ number: "CD00000003" }] },
  ],
} satisfies CompanySetup["portal"];

/** 發票號碼 in each line of a table of winners. */
export async function invoicesIn(path: string): Promise<(string | undefined)[]> {
  const [header = [], ...rows] = z.array(z.array(z.string())).parse(parse(await readFile(path), { bom: true }));
  return rows.map((row) => row[header.indexOf("發票號碼")]);
}

/** Names of the files in a run's record that may not be deleted after a time, since nothing says that they name people. */
export async function keptForEver({ folder }: { readonly folder: string | null }): Promise<string[]> {
  const events = await readFile(join(folder ?? "", "events.jsonl"), "utf8");
  const about = z.object({ data: z.object({ path: z.string(), personal: z.boolean().default(false) }) });
  return events
    .split("\n")
    .filter((line) => line.includes('"path":"files/'))
    .map((line) => about.parse(JSON.parse(line)).data)
    .flatMap(({ path, personal }) => (personal ? [] : [path]));
}
