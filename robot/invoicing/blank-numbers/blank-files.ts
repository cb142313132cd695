import type { BlankReport, BlankRange } from "./blank.ts";
import { writeE0402 } from "./e0402.ts";
import { MOST_UPLOAD_ROWS, compareUploadRows, writeUploadFile } from "./upload-file.ts";
import type { UploadLayout } from "./upload-layout.ts";

/** A file of the report, ready to be saved. */
export type BlankFile = { readonly kind: "upload-file" | "e0402"; readonly name: string; readonly bytes: Uint8Array };

/**
 * The files of a report: an upload file for each head office (it uploads for itself and its branches in one session), a further one
 * after every 99,999 rows, and the E0402 messages for anyone who uses Turnkey instead. A business without blank numbers gets none.
 * @throws DomainError `big5-loss`
 */
export function blankFiles(report: BlankReport, layout?: UploadLayout): BlankFile[] {
  const byHead = Map.groupBy(report.blanks, (run) => run.headUbn ?? run.ubn);
  return Array.from(byHead).flatMap(([head, blanks]): BlankFile[] => [
    ...uploadFiles(`blank-${head}-${report.period}`, blanks, layout),
    ...writeE0402(blanks).map((file) => ({ kind: "e0402" as const, ...file })),
  ]);
}

function uploadFiles(name: string, blanks: readonly BlankRange[], layout: UploadLayout | undefined): BlankFile[] {
  const sorted = blanks.toSorted(compareUploadRows);
  const parts = Math.ceil(sorted.length / MOST_UPLOAD_ROWS);
  return Array.from({ length: parts }, (_, part) => ({
    kind: "upload-file",
    name: `${name}${parts > 1 ? `-${part + 1}` : ""}.csv`,
    bytes: writeUploadFile(sorted.slice(part * MOST_UPLOAD_ROWS, (part + 1) * MOST_UPLOAD_ROWS), layout),
  }));
}
