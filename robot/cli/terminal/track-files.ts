import { Failure } from "../../failures/failure.ts";
import { type TrackRow, checkRuns, readTrackFile } from "../../invoicing/tracks/track-file.ts";
import { bytesOf, faultData, faultLines, inputFile } from "./input-file.ts";
import type { Output } from "./output.ts";

/** Most faults that are repeated in a failure; `files check` shows all of them. */
const MOST_FAULTS = 5;

/**
 * Reads track files that somebody named. From one with a fault nothing is taken: what were made of it would be wrong.
 * @throws Failure `wrong-use` for a file that can't be read, `file-invalid` with the first faults
 */
export async function readTrackFiles(paths: readonly string[], output: Output): Promise<TrackRow[]> {
  const rows: TrackRow[] = [];
  for (const path of paths) {
    const file = readTrackFile(await bytesOf(await inputFile(path, output)));
    const faults = [...file.faults, ...checkRuns(file.rows)];
    if (faults.length > 0) {
      const shown = faults.slice(0, MOST_FAULTS).map((fault) => faultLines(faultData(fault, path, output), output)[0]);
      const more = output.say(`共 ${faults.length} 處`, `${faults.length} in all`);
      const seen = `${path} (${more}) ${shown.map((line) => line?.trim()).join(output.say("；", "; "))}`;
      throw new Failure("file-invalid", { wanted: output.say("平台的字軌檔", "a track file of the portal"), seen });
    }
    rows.push(...file.rows);
  }
  return rows;
}
