import { checkTrackFile, readTrackFile, type TrackFile } from "../../robot/invoicing/tracks/track-file.ts";
import { booksIn, type Category } from "../../robot/invoicing/values/track.ts";
import type { Period } from "../../robot/invoicing/values/period.ts";
import type { AllocationRow, Portal } from "../../selectors/pages.ts";
import { Failure, type FlowPorts, type SavedFile, type TrackResult } from "../../robot/engine/flow.ts";

/** What both flows do with an allocation that is ready: get its file, check it, read it. */

export type Downloaded = { readonly file: SavedFile; readonly tracks: readonly TrackResult[]; readonly fresh: boolean };

/** Reads the portal's list for one period and category; null when there is no row. */
export async function rowOf(portal: Portal, period: Period, category: Category): Promise<AllocationRow | null> {
  const list = await (await portal.tracks()).list(period, period);
  return list.find((row) => row.period === period && row.category === category) ?? null;
}

/**
 * The track file of one period and category: the one kept earlier, or a fresh download that is kept as it came.
 * @throws Failure `download-broken` with every fault of the file
 */
export async function downloadedTracks<Input>(
  { company, timing, step, visit, files, record }: FlowPorts<Input>,
  row: AllocationRow,
): Promise<Downloaded> {
  const { period, category } = row;
  const kind = { kind: "tracks", period, category } as const;
  const kept = await step(`找 ${period} 期已下載的字軌檔`, () => files.find(kind));
  const file =
    kept ??
    (await step(
      `下載 ${period} 期的字軌檔`,
      async () => {
        const { name, bytes } = await visit(async (portal) => (await portal.tracks()).download(period, category));
        // Kept before it is judged: a file that is not right is evidence too.
        const saved = await files.save(name, bytes, { origin: `平台：字軌號碼取號，${period} 期` });
        const faults = checkTrackFile(readFile(bytes), {
          ubn: company.ubn,
          period,
          category,
          books: row.booksAllocated,
        });
        if (faults.length > 0) {
          const seen = faults.slice(0, MOST_FAULTS).map((fault) => `第 ${fault.line} 行：${fault.message}`);
          throw new Failure("download-broken", {
            wanted: `${company.ubn} ${period} 期的字軌檔`,
            seen: seen.join("；"),
          });
        }
        await files.know(saved, kind);
        const remarks = readFile(bytes).remarks.map(({ line, column, message }) => ({ line, column, message }));
        if (remarks.length > 0) await record(`字軌檔有 ${remarks.length} 處要注意`, { data: remarks });
        await record(`下載了 ${name}`, { picture: true });
        return saved;
      },
      timing.retry,
    ));
  const tracks = await step(`讀出 ${period} 期的字軌`, async () => readFile(await files.read(file)).rows.map(asTrack));
  return { file, tracks, fresh: kept === null };
}

const MOST_FAULTS = 5;

/** A file that can't be read at all is as broken as one with faults. */
function readFile(bytes: Uint8Array): TrackFile {
  try {
    return readTrackFile(bytes);
  } catch (error) {
    throw new Failure("download-broken", { seen: error instanceof Error ? error.message : String(error) });
  }
}

function asTrack(row: TrackFile["rows"][number]): TrackResult {
  const { track, begin, end, period, category } = row;
  return { period, category, track, begin, end, books: booksIn(row) };
}
