import { existsSync } from "node:fs";
import { basename, extname } from "node:path";
import { DEFAULT_CONFIG, loadConfig } from "../../../config/load.ts";
import { Failure, failureData } from "../../../failures/failure.ts";
import { winnersToldWithin } from "../../../invoicing/deadlines/deadlines.ts";
import { formatPeriod, isPeriod } from "../../../invoicing/values/period.ts";
import type { FileSource } from "../../../invoicing/reading/table.ts";
import { firstBytes } from "../../../invoicing/reading/head.ts";
import { checkFile, identifyFile } from "../../../invoicing/file-recognition.ts";
import { maskedWinner } from "../../../invoicing/winners/winner.ts";
import { type WinningKind, looksEncrypted, readWinners } from "../../../invoicing/winners/winning-list.ts";
import { type WinningSummary, summarizeWinners } from "../../../invoicing/winners/winning-summary.ts";
import { winnersCsv, winnersXlsx } from "../../../invoicing/winners/winning-table.ts";
import { type OpenedList, openEncrypted } from "../../../app/decryption/decrypt.ts";
import { faultData, faultLines, inputFile } from "../../terminal/input-file.ts";
import type { Answer, Output } from "../../terminal/output.ts";
import { type WrittenFile, saveNewStream, shownPath } from "../../terminal/save-new.ts";

/** More lines than anybody reads on a terminal; the files have all. */
const MOST_LINES = 20;

/**
 * `files winners <file> --out <folder>`: a list of winners as a table, a CSV and a workbook, with the totals held against its last line. Every
 * line is in what is written, also one that can't be read; what is wrong ends the command with 1 all the same.
 */
export async function listWinners(path: string, options: Options, output: Output): Promise<Answer> {
  const opened = await openedIfNeeded(path, options, output);
  try {
    return await writeList(path, await inputFile(opened?.path ?? path, output), options, output);
  } finally {
    await opened?.close();
  }
}

type Options = { readonly out: string; readonly config?: string };

/** An encrypted list is opened where the configuration names the ministry's tool. */
async function openedIfNeeded(path: string, { config }: Options, output: Output): Promise<OpenedList | null> {
  const file = await inputFile(path, output);
  const head = await firstBytes(file);
  if (identifyFile(head, file.name) !== "unknown" || !looksEncrypted(head, file.name)) return null;
  if (config === undefined && !existsSync(DEFAULT_CONFIG)) return null;
  const { decrypt } = (await loadConfig(config)).winningList;
  return decrypt === undefined ? null : openEncrypted(decrypt, path);
}

async function writeList(path: string, file: FileSource, options: Options, output: Output): Promise<Answer> {
  const kind = await kindOf(file, output);
  const read = await summarizeWinners(kind, file, MOST_LINES);
  const quiet = { onFault: () => undefined };
  const name = `winners-${basename(path, extname(path))}`;
  const files: WrittenFile[] = [];
  for (const [extension, bytes] of [
    [".csv", winnersCsv(readWinners(kind, file, quiet))],
    [".xlsx", winnersXlsx(readWinners(kind, file, quiet))],
  ] as const) {
    files.push(await saveNewStream(options.out, `${name}${extension}`, bytes, output));
  }
  return answer(path, kind, read, files, output);
}

/** @throws Failure `file-invalid` for what is no list of winners */
async function kindOf(file: FileSource, output: Output): Promise<WinningKind> {
  const head = await firstBytes(file);
  const kind = identifyFile(head, file.name);
  if (kind === "winning-list" || kind === "winning-csv") return kind;
  const wanted = output.say("中獎清冊（平台或加值平台的）", "a list of winners of the portal or of a platform");
  if (kind !== "unknown" || !looksEncrypted(head, file.name)) {
    const { title } = await checkFile(file);
    throw new Failure("file-invalid", { wanted, seen: output.say(title.zh, title.en) });
  }
  const seen = output.say(
    "還沒解密的清冊；請先用財政部的解密程式打開",
    "a list that is still encrypted; open it with the ministry's tool first",
  );
  throw new Failure("file-invalid", { wanted, seen });
}

function answer(
  path: string,
  kind: WinningKind,
  { winners, prizes, shown, prizeSum, periods, footer, faults, omitted, remarks }: WinningSummary,
  files: readonly WrittenFile[],
  output: Output,
): Answer {
  const told = faults.map((fault) => faultData(fault, path, output));
  const notes = remarks.map(({ line, column, text }) => ({ line, column, text: output.say(text.zh, text.en) }));
  const more = winners - shown.length;
  const named = periods.map((one) => (isPeriod(one) ? formatPeriod(one, "zh") : one)).join(output.say("、", ", "));
  const count = (value: number): string => value.toLocaleString("en");
  const notifyBy = periods.filter(isPeriod).map((period) => ({ period, by: winnersToldWithin(period).by }));
  const data = {
    kind,
    winners,
    prizeSum,
    periods,
    footer: footer === null ? null : { ...footer },
    prizes,
    faults: told,
    omitted,
    remarks: notes,
    notifyBy,
    files,
  };
  const lines = [
    output.say(
      `${named}中獎清冊：${count(winners)} 張，獎金共 ${count(prizeSum)} 元`,
      `Winners of ${periods.join(", ")}: ${count(winners)} invoices, ${count(prizeSum)} TWD`,
    ),
    ...shown.map((winner) => `  ${maskedWinner(winner)}`),
    ...(more > 0
      ? [output.say(`  … 還有 ${count(more)} 張，都在檔案裡`, `  … ${count(more)} more, all in the files`)]
      : []),
    ...[...prizes].map((one) =>
      output.say(
        `  ${one.name}：${one.count} 張，${count(one.sum)} 元`,
        `  ${one.name}: ${one.count}, ${count(one.sum)}`,
      ),
    ),
    ...told.slice(0, MOST_LINES).flatMap((one) => faultLines(one, output)),
    ...notes
      .slice(0, MOST_LINES)
      .map((one) => `⚠ ${output.say(`第 ${one.line} 行　`, `line ${one.line}  `)}${one.text}`),
    ...(notes.length > MOST_LINES
      ? [output.say("  … 其餘都在檔案的「備註」欄", "  … the rest is in the column 備註 of the files")]
      : []),
    ...notifyBy.map(({ period, by }) =>
      output.say(
        `${formatPeriod(period, "zh")}的中獎人，最晚 ${by} 前通知`,
        `Winners of ${period} have to be told by ${by}`,
      ),
    ),
    output.say("檔案：", "Files:"),
    ...files.map((one) => `  ${shownPath(one.path)}`),
  ];
  if (faults.length === 0) return { data, lines, exit: 0 };
  const seen = output.say(
    `${path} 有 ${faults.length + omitted} 處和應有的不同；每一行都已寫入輸出的檔案`,
    `${path} has ${faults.length + omitted} faults; every line is in what was written`,
  );
  return { data, lines, failure: failureData("file-invalid", { seen }, output.language), exit: 1 };
}
