import { Failure } from "../../failures/failure.ts";
import { messageTitle, migMessage } from "../../invoicing/messages/mig.ts";
import { readE0401, readE0501 } from "../../invoicing/messages/track-messages.ts";
import { fault } from "../../invoicing/problems/problems.ts";
import { type TrackFile, type TrackRow, checkRanges, readTrackFile } from "../../invoicing/tracks/track-file.ts";
import { inputBytes, faultData, faultLines, inputFile } from "./input-file.ts";
import type { Output } from "./output.ts";

/** Most faults that are repeated in a failure; `files check` shows all of them. */
const MOST_FAULTS = 5;

/** What the numbers of a file are to anyone who is worked for: allocated to a business, or passed on by it to its branches. */
export type TrackMeaning = "allocated" | "passed-on";

/**
 * Reads track files that are named on the command line: the portal's own, or the messages of Turnkey that say the same (E0501; E0401 for what
 * was passed on). From one with a fault nothing is taken: what were made of it would be wrong. What is odd is said as progress.
 * @throws Failure `wrong-use` for a file that can't be read, `file-invalid` with the first faults
 */
export async function readTrackFiles(
  paths: readonly string[],
  output: Output,
  meaning: TrackMeaning = "allocated",
): Promise<TrackRow[]> {
  const rows: TrackRow[] = [];
  for (const path of paths) {
    const file = readTracks(await inputBytes(await inputFile(path, output)), meaning);
    for (const remark of file.remarks) {
      output.progress(faultLines(faultData(remark, path, output), output, `${path} `).join(""));
    }
    const faults = [...file.faults, ...checkRanges(file.rows)];
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

function readTracks(bytes: Uint8Array, meaning: TrackMeaning): TrackFile {
  const message = migMessage(bytes);
  if (message === null) return readTrackFile(bytes);
  const fits = message.code === (meaning === "allocated" ? "E0501" : "E0401");
  if (fits) return meaning === "allocated" ? readE0501(bytes) : readE0401(bytes);
  const code = /^E0[45]01$/.test(message.code) ? "message-misplaced" : "message-other";
  const faults = [fault(code, { line: 1, value: messageTitle(message).zh })];
  return { rows: [], faults, remarks: [], encoding: undefined };
}
