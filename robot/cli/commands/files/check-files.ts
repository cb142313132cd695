import { failureData } from "../../../failures/failure.ts";
import { ENCODING_NAMES } from "../../../invoicing/reading/encoding.ts";
import type { Config } from "../../../config/schema.ts";
import { type LedgerTeaching, NOTHING_TAUGHT } from "../../../invoicing/ledger/teaching.ts";
import { type FileCheck, checkFile } from "../../../invoicing/file-recognition.ts";
import type { FileSource } from "../../../invoicing/reading/table.ts";
import { faultData, faultLines, fileFormatsOf, inputFile } from "../../terminal/input-file.ts";
import { appliedOf, joined, keptLine, layoutOf, memoryLines, recallTeaching } from "../../terminal/ledger-memory.ts";
import type { Answer, Output } from "../../terminal/output.ts";
import { readingData, readingLines } from "../../terminal/reading-lines.ts";
import { type LedgerWords, taughtBy } from "./ledger-options.ts";

/** `files check <file>…`: says which of the known files each one is, and everything that is wrong with it, line by line. */
export async function checkFiles(
  paths: readonly string[],
  options: LedgerWords & { readonly config?: string },
  output: Output,
): Promise<Answer> {
  const formats = await fileFormatsOf(options.config);
  const said = taughtBy(options, NOTHING_TAUGHT, output);
  // All of them are looked for before the first is read: a slip of the pen is reported at once.
  const files = await Promise.all(paths.map((path) => inputFile(path, output)));
  const all: CheckedFile[] = [];
  const lines: string[] = [];
  for (const file of files) {
    const { check, memory } = await checked(file, formats, said, options.config, output);
    const data = asData(file.name, check, output);
    all.push(data);
    lines.push(
      ...linesOf(data, output),
      ...(check.reading === null ? [] : readingLines(check.reading, output).slice(1)),
      ...memory.map((line) => `  ℹ ${line}`),
    );
  }
  const data = { files: all };
  const bad = all.filter(({ ok }) => !ok);
  if (bad.length === 0) return { data, lines, exit: 0 };
  const places = bad.reduce((sum, { faults, omitted }) => sum + faults.length + omitted, 0);
  const seen = output.say(
    `${bad.length} 個檔案共 ${places} 處有問題：${bad.map(({ path }) => path).join("、")}`,
    `${places} faults in ${bad.map(({ path }) => path).join(", ")}`,
  );
  return { data, lines, failure: failureData("file-invalid", { seen }, output.language), exit: 1 };
}

/**
 * Checks a file. A ledger of one seller that is not understood is read once more with what was said earlier of that company's ledgers of
 * this layout; what the command line says of it is kept.
 */
async function checked(
  file: FileSource,
  formats: Config["files"],
  said: LedgerTeaching,
  config: string | undefined,
  output: Output,
): Promise<{ check: FileCheck; memory: string[] }> {
  const withWords = (...words: readonly LedgerTeaching[]): Promise<FileCheck> =>
    checkFile(file, { ...formats, ledger: joined(formats.ledger, ...words) });
  const first = await withWords(said);
  const [ubn, ...others] = first.ubns;
  if (first.reading === null || ubn === undefined || others.length > 0) return { check: first, memory: [] };
  const isSaid = appliedOf(said, first.reading) !== null;
  if (first.reading.understood && !isSaid) return { check: first, memory: [] };
  const layout = await layoutOf(file, formats.ledger);
  const recalled = await recallTeaching(config, { ubn, layout });
  const known = recalled?.own?.teaching ?? NOTHING_TAUGHT;
  const check = first.reading.understood || !recalled?.own ? first : await withWords(known, said);
  const memory = first.reading.understood || recalled === null ? [] : memoryLines(recalled, file.name, output);
  const applied = check.reading?.understood ? appliedOf(said, check.reading) : null;
  if (applied === null) return { check, memory };
  const about = { ubn, layout, file: file.name };
  return {
    check,
    memory: [...memory, await keptLine(config, about, { teaching: joined(known, applied), applied }, output)],
  };
}

type CheckedFile = ReturnType<typeof asData>;

function asData(path: string, check: FileCheck, output: Output) {
  const { kind, title, encoding, rows, ubns, periods, faults, omitted, warnings, reading } = check;
  return {
    path,
    kind,
    title: output.say(title.zh, title.en),
    ok: faults.length === 0,
    encoding: encoding ?? null,
    rows,
    ubns,
    periods,
    faults: faults.map((fault) => faultData(fault, path, output)),
    omitted,
    warnings: warnings.map((fault) => faultData(fault, path, output)),
    reading: reading === null ? null : readingData(reading, output),
  };
}

function linesOf(file: CheckedFile, output: Output): string[] {
  const { ok, path, faults, omitted, warnings } = file;
  const more = output.say(`還有 ${omitted} 個同樣的問題`, `and ${omitted} more of the same`);
  return [
    `${ok ? "✓" : "✗"} ${path}${output.say("：", ": ")}${about(file, output)}`,
    ...faults.flatMap((fault) => faultLines(fault, output)),
    ...(omitted > 0 ? [`  … ${more}`] : []),
    ...warnings.flatMap((fault) => faultLines(fault, output, "！")),
  ];
}

/** What the file is, in one line. */
function about({ title, encoding, rows, ubns, periods }: CheckedFile, output: Output): string {
  const some = (values: readonly string[]): string =>
    values.length > 3 ? `${values.slice(0, 3).join(" ")} … (${values.length})` : values.join(" ");
  return [
    title,
    encoding === null ? "" : ENCODING_NAMES[encoding],
    output.say(`${rows} 列`, `${rows} rows`),
    ubns.length === 0 ? "" : output.say(`統編 ${some(ubns)}`, `UBN ${some(ubns)}`),
    periods.length === 0 ? "" : output.say(`期別 ${some(periods)}`, `period ${some(periods)}`),
  ]
    .filter((part) => part !== "")
    .join(output.say("，", ", "));
}
