import type { BlankReport } from "./blank.ts";
import { writeE0402 } from "./e0402.ts";
import { writeUploadFile } from "./upload-file.ts";
import type { UploadLayout } from "./upload-layout.ts";

/** A file of the report, ready to be saved. */
export type BlankFile = { readonly kind: "upload-file" | "e0402"; readonly name: string; readonly bytes: Uint8Array };

/**
 * The files of a report: an upload file for each head office (it uploads for itself and its branches in one session), and the E0402
 * messages for whoever uses Turnkey instead. A business without blank numbers gets none.
 * @throws DomainError as {@link writeUploadFile} and {@link writeE0402}
 */
export function blankFiles(report: BlankReport, layout?: UploadLayout): BlankFile[] {
  const byHead = Map.groupBy(report.blanks, (run) => run.headUbn ?? run.ubn);
  return Array.from(byHead).flatMap(([head, blanks]): BlankFile[] => [
    { kind: "upload-file", name: `blank-${head}-${report.period}.csv`, bytes: writeUploadFile(blanks, layout) },
    ...writeE0402(blanks).map((file) => ({ kind: "e0402" as const, ...file })),
  ]);
}
