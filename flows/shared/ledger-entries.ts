import type { LedgerEntry } from "../../robot/invoicing/ledger/entry.ts";
import { type LedgerOptions, readLedger } from "../../robot/invoicing/ledger/read-ledger.ts";
import type { ReadingReport } from "../../robot/invoicing/ledger/reading-report.ts";
import type { LedgerTeaching } from "../../robot/invoicing/ledger/teaching.ts";
import type { Fault } from "../../robot/invoicing/problems/problems.ts";
import { fileOfBytes } from "../../robot/invoicing/reading/table.ts";
import type { FlowPorts, SavedFile } from "../../robot/engine/flow.ts";

/** How the ledger is read with what was said of it; nothing is computed. */
export async function readingOf(
  ports: LedgerPorts,
  ledger: SavedFile,
  teaching: LedgerTeaching,
): Promise<ReadingReport> {
  let reading: ReadingReport | null = null;
  const options = { onFault: () => undefined, onReport: (report: ReadingReport) => void (reading = report) };
  for await (const _entry of await entriesOf(ports, ledger, teaching, options));
  if (reading === null) throw new Error("The ledger was read without a report.");
  return reading;
}

/** The entries of the ledger, by what the configuration and a person say of it. */
export async function entriesOf(
  { files, formats }: LedgerPorts,
  ledger: SavedFile,
  { columns, statuses }: LedgerTeaching,
  events: Pick<LedgerOptions, "onFault" | "onReport">,
): Promise<AsyncIterable<LedgerEntry>> {
  return readLedger(fileOfBytes(ledger.name, await files.read(ledger)), {
    columns: { ...formats.ledger?.columns, ...columns },
    statuses: { ...formats.ledger?.statuses, ...statuses },
    ...events,
  });
}

type LedgerPorts = Pick<FlowPorts<unknown>, "files" | "formats">;

/** A fault of a ledger, for people. */
export function faultLine({ line, message, remedy }: Fault): string {
  return line > 0 ? `第 ${line} 行：${message}${remedy}` : `${message}${remedy}`;
}
