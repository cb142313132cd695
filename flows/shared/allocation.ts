import { checkTrackFile, readTrackFile, type TrackFile } from "../../robot/invoicing/tracks/track-file.ts";
import { booksIn, type Category } from "../../robot/invoicing/values/track.ts";
import type { Period } from "../../robot/invoicing/values/period.ts";
import type { AllocationRow, Portal } from "../../selectors/pages.ts";
import { type CompanyFacts, Failure, type FlowPorts, type SavedFile } from "../../robot/engine/flow.ts";
import type { TrackFact } from "./facts.ts";

/** What both flows do with an allocation that is ready: get its file, check it, read it. */

export type Downloaded = { readonly file: SavedFile; readonly tracks: readonly TrackFact[]; readonly fresh: boolean };

/** Of a list, the rows of one company: a row of another one with the same books is not ours. A list without such a column shows only ours. */
export function allocationRows(rows: readonly AllocationRow[], { ubn }: Pick<CompanyFacts, "ubn">): AllocationRow[] {
  return rows.filter((row) => row.ubn === "" || row.ubn === ubn);
}

/** Reads the company's rows of one period from the portal's list, of all categories or of one. */
export async function listedRows(
  portal: Portal,
  company: Pick<CompanyFacts, "ubn">,
  period: Period,
  category?: Category,
): Promise<AllocationRow[]> {
  const list = await (await portal.tracks()).list(period, period);
  return allocationRows(list, company).filter(
    (row) => row.period === period && (category === undefined || row.category === category),
  );
}

/**
 * The row that a request for this many books led to: the only one there is, or the only one of this many books.
 * @throws Failure `person-needed` where the list does not tell which of several it is
 */
export function rowTaken(rows: readonly AllocationRow[], books: number): AllocationRow | null {
  const [row, ...others] = rows;
  if (!row) return null;
  if (others.length === 0) return row;
  const [fitting, ...rest] = rows.filter((one) => booksOf(one) === books);
  if (fitting && rest.length === 0) return fitting;
  throw new Failure("person-needed", {
    wanted: `${row.period} 期取用 ${books} 本的那一列`,
    seen: `平台上有 ${rows.length} 列，分不出是哪一列：${rows.map(inWords).join("；")}`,
  });
}

/** Every book that was asked for: 取用本數 and 增加本數. */
export function booksOf(row: AllocationRow): number {
  return row.booksTaken + row.booksAdded;
}

function inWords({ booksTaken, booksAdded, booksAllocated, stateText }: AllocationRow): string {
  return `取用 ${booksTaken} 本、增加 ${booksAdded} 本、已配 ${booksAllocated} 本（${stateText}）`;
}

/**
 * The track file of one row: the one kept earlier, or a fresh download that is kept as it came.
 * @param of which of several rows of its period and category it is; a file kept earlier does not tell of which it is
 * @throws Failure `download-broken` with every fault of the file
 */
export async function downloadedTracks<Input>(
  { company, timing, step, visit, files, record }: FlowPorts<Input>,
  row: AllocationRow,
  of: { readonly number: number; readonly rows: number } = { number: 1, rows: 1 },
): Promise<Downloaded> {
  const { period, category } = row;
  const kind = { kind: "tracks", period, category } as const;
  const which = of.rows === 1 ? "" : `（第 ${of.number} 列）`;
  const kept =
    of.rows === 1
      ? await step(`find-tracks-${period}-${row.category}`, `找 ${period} 期已下載的字軌檔`, () => files.find(kind))
      : null;
  const file =
    kept ??
    (await step(
      `download-tracks-${period}-${row.category}-${of.number}`,
      `下載 ${period} 期的字軌檔${which}`,
      async () => {
        const { name, bytes } = await visit(async (portal) => (await portal.tracks()).download(row));
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
  const tracks = await step(
    `read-tracks-${period}-${row.category}-${of.number}`,
    `讀出 ${period} 期的字軌${which}`,
    async () => readFile(await files.read(file)).rows.map(asTrack),
  );
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

function asTrack(row: TrackFile["rows"][number]): TrackFact {
  const { track, begin, end, period, category } = row;
  return { period, category, track, begin, end, books: booksIn(row) };
}
