import { compareWithList, type OwnedRange } from "../../robot/invoicing/blank-numbers/portal-list.ts";
import { formatPeriod, type Period } from "../../robot/invoicing/values/period.ts";
import { formatRange } from "../../robot/invoicing/values/track.ts";
import {
  type UploadRow as SentRow,
  checkUploadFile,
  readUploadFile,
} from "../../robot/invoicing/blank-numbers/upload-file.ts";
import type { Words } from "../../robot/invoicing/problems/problems.ts";
import type { BlankRow, Portal } from "../../selectors/pages.ts";
import { Failure, fileField, type FlowPorts, type SavedFile } from "../../robot/engine/flow.ts";
import { downloadedTracks, listedRows } from "./allocation.ts";
import type { BlankFact, TrackFact } from "./facts.ts";

/** What the flows of blank numbers share: the file, and the portal's list. */

/** The file of blank numbers that a flow is given. */
export function blankFile(about: { readonly hint?: Words } = {}): ReturnType<typeof fileField> {
  return fileField({
    label: { zh: "空白號碼檔", en: "file of blank numbers" },
    is: ["upload-file", "e0402"],
    ...about,
  });
}

/** A file that was checked, as it will be sent. */
export type CheckedFile = {
  readonly file: SavedFile;
  readonly rows: readonly SentRow[];
  /** What is allocated, where it was compared with that. */
  readonly tracks?: readonly TrackFact[];
};

/** How many faults are listed in one message; the others are in the record. */
const MOST_FAULTS = 5;

/**
 * Takes the file into the record and checks it: first in itself and against this company and period, so that a broken file costs no
 * visit to the portal, then against the tracks.
 * @param known what is allocated, where that has been read already
 * @throws Failure `file-invalid` with lines, values and remedies
 */
export async function checkedFile(
  ports: FlowPorts<unknown>,
  period: Period,
  bring: () => Promise<SavedFile>,
  known?: readonly TrackFact[],
): Promise<CheckedFile> {
  const { step } = ports;
  const { file, rows } = await soundFile(ports, period, bring);
  const tracks = known ?? (await allocatedTracks(ports, period));
  await step("compare-with-tracks", "和字軌比對", async () => (await soundRows(ports, period, file, tracks)).length);
  return { file, rows, tracks };
}

/**
 * The same without a visit to the portal: checked in itself and against this company and period, not against the tracks.
 * @throws Failure `file-invalid` with lines, values and remedies
 */
export async function soundFile(
  ports: FlowPorts<unknown>,
  period: Period,
  bring: () => Promise<SavedFile>,
): Promise<CheckedFile> {
  const { step } = ports;
  const file = await step("bring-file", "收下檔案", bring);
  return { file, rows: await step("check-file", "檢查檔案", () => soundRows(ports, period, file)) };
}

/** The rows of a file in which no fault is found. */
async function soundRows(
  { company, files, formats, record }: FlowPorts<unknown>,
  period: Period,
  file: SavedFile,
  tracks?: readonly TrackFact[],
): Promise<SentRow[]> {
  if (!/\.csv$/i.test(file.name)) {
    throw new Failure("file-invalid", { wanted: "副檔名是 .csv 的檔案（平台的規定）", seen: file.name });
  }
  const read = readUploadFile(await files.read(file), formats.upload);
  const ubns = [company.ubn, ...company.branches];
  // Which numbers were passed on to which branch the portal's file does not say: each may hold any of the head office's.
  const allocations = tracks?.flatMap((track) => ubns.map((ubn) => ({ ...track, ubn })));
  const faults = checkUploadFile(read, { ubns, period, ...(allocations === undefined ? {} : { allocations }) });
  if (faults.length === 0) return [...read.rows];
  await record(`檔案有 ${faults.length} 個問題`, {
    data: faults.map(({ line, message, remedy }) => ({ line, message, remedy })),
  });
  throw new Failure("file-invalid", {
    wanted: `${company.ubn} ${formatPeriod(period, "zh")}的空白號碼檔`,
    seen: summarize(faults.map(({ line, message, remedy }) => `第 ${line} 行：${message}${remedy}`)),
  });
}

/** What is allocated to the company in the period: from the track files that are kept, else downloaded now. */
export async function allocatedTracks(ports: FlowPorts<unknown>, period: Period): Promise<TrackFact[]> {
  const { company, step, visit, timing } = ports;
  const tracks: TrackFact[] = [];
  const rows = await step(
    `list-allocations-${period}`,
    `查詢 ${period} 期的配號`,
    () => visit((portal) => listedRows(portal, company, period)),
    timing.retry,
  );
  for (const category of ["07", "08"] as const) {
    const ofCategory = rows.filter((row) => row.category === category);
    for (const [index, row] of ofCategory.filter(({ state }) => state === "ready").entries()) {
      const of = { number: index + 1, rows: ofCategory.length };
      tracks.push(...(await downloadedTracks(ports, row, of)).tracks);
    }
  }
  if (tracks.length === 0) {
    throw new Failure("nothing-allocated", {
      wanted: `${formatPeriod(period, "zh")}的字軌`,
      seen: "平台上沒有這一期的配號",
    });
  }
  return tracks;
}

/** The numbers that the portal lists as blank, of this company and its branches. */
export async function listedBlanks(portal: Portal, period: Period): Promise<BlankRow[]> {
  return (await portal.blankNumbers()).list(period);
}

/** Whether the portal lists exactly what is wanted, in words where it doesn't; null where it does. */
export function formatDifference(wanted: readonly OwnedRange[], listed: readonly OwnedRange[]): string | null {
  const { missing, extra } = compareWithList(wanted, listed);
  const parts = [
    ...(missing.length === 0 ? [] : [`平台沒有列出：${formatRanges(missing)}`]),
    ...(extra.length === 0 ? [] : [`平台多列了：${formatRanges(extra)}`]),
  ];
  return parts.length === 0 ? null : parts.join("；");
}

export function formatRanges(runs: readonly OwnedRange[]): string {
  return summarize(runs.map((run) => `${run.ubn} ${formatRange(run)}`));
}

/** The first few of many, and how many more there are. */
export function summarize(lines: readonly string[]): string {
  const rest = lines.length - MOST_FAULTS;
  return [...lines.slice(0, MOST_FAULTS), ...(rest > 0 ? [`…還有 ${rest} 項`] : [])].join("；");
}

export function asBlank({ ubn, period, category, track, begin, end }: SentRow): BlankFact {
  return { ubn, period, category, track, begin, end };
}
