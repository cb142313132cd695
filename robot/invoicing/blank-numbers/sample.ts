import { ENCODING_NAMES } from "../reading/encoding.ts";
import { readTable } from "../reading/table.ts";
import { DEFAULT_UPLOAD_LAYOUT, UPLOAD_COLUMN_NAMES, type UploadColumn, type UploadLayout } from "./upload-layout.ts";

/** Words by which a heading of the portal's sample is taken for one of our columns; the first that fits. */
const HEADINGS: readonly { readonly column: UploadColumn; readonly words: RegExp }[] = [
  { column: "sequence", words: /序號|項次/ },
  { column: "begin", words: /起號|起始/ },
  { column: "end", words: /迄號|訖號|結束|終止/ },
  { column: "ubn", words: /統編|統一編號/ },
  { column: "period", words: /年月|期別/ },
  { column: "category", words: /類別/ },
  { column: "track", words: /字軌/ },
  { column: "disabled", words: /註記|停用/ },
];

/**
 * How the portal's own 範例檔 differs from the layout that is configured, in sentences for people; empty where nothing does. Only the
 * headings that are understood are compared, and what is not understood is said: a person compares the rest.
 */
export function sampleDifferences(bytes: Uint8Array, layout: UploadLayout = DEFAULT_UPLOAD_LAYOUT): string[] {
  const { rows, encoding, faults } = readTable(bytes);
  if (faults.length > 0) return faults.map(({ message }) => `範例檔：${message}`);
  const heading = rows.find(
    ({ cells }) => cells.filter((cell) => columnOf(cell) !== undefined).length >= FEWEST_HEADINGS,
  );
  if (heading === undefined) return ["範例檔裡找不到欄位名稱，請人工對照說明檔。"];
  const cells = heading.cells.map((cell) => cell.trim()).filter((cell) => cell !== "");
  const columns = cells.map(columnOf);
  const strange = cells.filter((cell) => columnOf(cell) === undefined);
  const wanted = layout.columns.map((column) => UPLOAD_COLUMN_NAMES[column]).join("、");
  const same =
    columns.length === layout.columns.length && columns.every((column, index) => column === layout.columns[index]);
  return [
    ...strange.map((cell) => `範例檔有不認得的欄位「${cell}」。`),
    ...(same ? [] : [`欄位不同：範例檔是 ${cells.join("、")}；設定是 ${wanted}。`]),
    // The sample's own headings are taken out before uploading, so they say nothing of whether a header is wanted.
    ...(encoding === undefined || encoding === layout.encoding
      ? []
      : [`編碼不同：範例檔是 ${ENCODING_NAMES[encoding]}；設定是 ${ENCODING_NAMES[layout.encoding]}。`]),
  ];
}

const FEWEST_HEADINGS = 3;

function columnOf(cell: string): UploadColumn | undefined {
  return HEADINGS.find(({ words }) => words.test(cell))?.column;
}
