import { type Allocation, computeBlanks } from "../../robot/invoicing/blank-numbers/blank.ts";
import { readLedger } from "../../robot/invoicing/blank-numbers/ledger.ts";
import { formatPeriod, type Period } from "../../robot/invoicing/values/period.ts";
import { faultList } from "../../robot/invoicing/problems/problems.ts";
import { fileOfBytes } from "../../robot/invoicing/reading/table.ts";
import { writeUploadFile } from "../../robot/invoicing/blank-numbers/upload-file.ts";
import { Failure, type FlowPorts, type GivenFile, type SavedFile, type TrackResult } from "../../robot/engine/flow.ts";
import { told } from "./blank-numbers.ts";

/** The upload file that was made of an invoice ledger; no file where every number was used. */
type Computed = { readonly file: SavedFile | null; readonly notes: readonly string[] };

/**
 * Computes the blank numbers of the period from the tracks and the invoice ledger, and keeps the upload file of them.
 * @throws Failure `file-invalid` where it can't be known which numbers were used, or what was used can't be right: a number that was
 *   used and reported as blank is the worst of all mistakes
 */
export async function computedFile(
  { company, step, files, formats, record }: FlowPorts<unknown>,
  period: Period,
  tracks: readonly TrackResult[],
  invoices: GivenFile,
): Promise<Computed> {
  const ledger = await step("收下發票明細", () => files.bring(invoices));
  return step("算出空白號碼", async () => {
    const allocations: Allocation[] = tracks.map((track) => ({ ...track, ubn: company.ubn }));
    const faults = faultList();
    let uncertain = false;
    const bytes = await files.read(ledger);
    const uses = readLedger(fileOfBytes(ledger.name, bytes), {
      ...formats.ledger,
      onFault: (fault, doubt) => {
        faults.add(fault);
        uncertain ||= doubt === "numbers";
      },
    });
    const report = await computeBlanks(period, allocations, uses);
    const wanted = `${company.ubn} ${formatPeriod(period, "zh")}的發票明細`;
    if (uncertain) {
      const seen = faults.faults.map(({ line, message, remedy }) => `第 ${line} 行：${message}${remedy}`);
      throw new Failure("file-invalid", { wanted, seen: told(seen) });
    }
    const odd = report.findings.map(({ severity, text }) => ({ severity, text: text.zh }));
    if (odd.length > 0) await record(`發票明細有 ${odd.length} 處要注意`, { data: odd });
    const wrong = odd.filter(({ severity }) => severity === "error");
    if (wrong.length > 0) throw new Failure("file-invalid", { wanted, seen: told(wrong.map(({ text }) => text)) });
    const { allocated, used, blank } = report.totals;
    const notes = [`配號 ${allocated} 號，使用 ${used} 號，空白 ${blank} 號`, ...odd.map(({ text }) => text)];
    if (report.blanks.length === 0) {
      return { file: null, notes: [...notes, "沒有空白號碼，不用上傳"] };
    }
    const name = `空白號碼-${company.ubn}-${period}.csv`;
    const content = writeUploadFile(report.blanks, formats.upload);
    const file = await files.save(name, content, { origin: `由 ${ledger.name} 算出`, direction: "out" });
    return { file, notes };
  });
}
