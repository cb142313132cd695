import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Installation } from "../installation/installation.ts";
import type { Job } from "../installation/in-process.ts";

/** The period that has just ended when the portal opens: the one whose blank numbers are due. */
export const ENDED = "11510";

/** Numbers of one track, as they stand in files. */
export interface Run {
  readonly track: string;
  readonly begin: string;
  readonly end: string;
}

const stateSchema = z.looseObject({
  companies: z.array(
    z.looseObject({
      ban: z.string(),
      entries: z.array(
        z.looseObject({
          period: z.string(),
          runs: z.array(z.object({ track: z.string(), begin: z.string(), end: z.string() })),
        }),
      ),
      blank: z.looseObject({ rows: z.array(z.looseObject({ track: z.string(), begin: z.string(), end: z.string() })) }),
    }),
  ),
});

async function companyAt({ portal, ubn }: Installation): Promise<z.infer<typeof stateSchema>["companies"][number]> {
  const answer = await fetch(new URL("/state", portal.controlUrl));
  const company = stateSchema.parse(await answer.json()).companies.find(({ ban }) => ban === ubn);
  if (!company) throw new Error(`The portal does not know ${ubn}.`);
  return company;
}

/** What the portal has allocated to the company in the period that ended. */
export async function allocatedRuns(installation: Installation): Promise<Run[]> {
  const { entries } = await companyAt(installation);
  return entries.filter(({ period }) => period === ENDED).flatMap(({ runs }) => runs);
}

/** What the portal lists as blank, in order of the numbers. */
export async function listedRuns(installation: Installation): Promise<Run[]> {
  const { blank } = await companyAt(installation);
  return blank.rows
    .map(({ track, begin, end }) => ({ track, begin, end }))
    .toSorted((x, y) => `${x.track}${x.begin}`.localeCompare(`${y.track}${y.begin}`));
}

/** The last numbers of each run, as if the others had been used. */
export function lastOf(runs: readonly Run[], count: number): Run[] {
  return runs.map(({ track, end }) => ({ track, begin: String(Number(end) - count + 1).padStart(8, "0"), end }));
}

/** The lines of an upload file, as the facts describe it. */
export function uploadLines(ubn: string, runs: readonly Run[], period = ENDED): string {
  return runs
    .map(({ track, begin, end }, index) =>
      [String(index + 1).padStart(5, "0"), ubn, period, track, begin, end, "07"].join(","),
    )
    .map((line) => `${line}\r\n`)
    .join("");
}

/** Puts a file where a person would have put it, and says what it is. */
export async function putFile(
  { folder }: Installation,
  text: string,
  name = "空白號碼.csv",
): Promise<{ path: string; sha256: string }> {
  const path = join(folder, name);
  await writeFile(path, text);
  return { path, sha256: createHash("sha256").update(text).digest("hex") };
}

/** A job with a file of these runs. */
export async function blankJob(flow: string, installation: Installation, runs: readonly Run[]): Promise<Job> {
  const file = await putFile(installation, uploadLines(installation.ubn, runs), `${flow}.csv`);
  return { flow, input: { period: ENDED, file } };
}
