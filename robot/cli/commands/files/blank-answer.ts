import { type FailureData, failureData } from "../../../failures/failure.ts";
import type { Anomaly } from "../../../invoicing/blank-numbers/odd/anomalies.ts";
import type { BlankReport, BlankRange } from "../../../invoicing/blank-numbers/blank.ts";
import type { ReadingReport } from "../../../invoicing/ledger/reading-report.ts";
import { taipeiDay } from "../../../invoicing/values/day.ts";
import type { Finding, FindingSeverity } from "../../../invoicing/blank-numbers/odd/findings.ts";
import { formatPeriod, periodEnd } from "../../../invoicing/values/period.ts";
import { formatRange, rangeSize } from "../../../invoicing/values/track.ts";
import { readingData, readingLines } from "../../terminal/reading-lines.ts";
import { type FaultData, faultLines } from "../../terminal/input-file.ts";
import type { Answer, Output } from "../../terminal/output.ts";
import { type WrittenFile, shownPath } from "../../terminal/save-new.ts";

/** More lines of one kind than anybody reads on a terminal; the files and `--json` have all. */
const MOST_LINES = 20;

/** What `files blank` answers once the files are saved. */
export function blankAnswer(
  {
    reports,
    readings,
    faults,
    files,
    anomalies,
    memory,
  }: {
    readonly reports: readonly BlankReport[];
    readonly readings: readonly ReadingReport[];
    readonly faults: readonly FaultData[];
    readonly files: readonly WrittenFile[];
    /** What a person looks at before the numbers are sent. */
    readonly anomalies: readonly Anomaly[];
    /** What was applied, offered or kept of what people said of the ledgers. */
    readonly memory: readonly string[];
  },
  output: Output,
): Answer {
  const notes = reports.filter(notOver).map(({ period }) => {
    const name = formatPeriod(period, "zh");
    return output.say(
      `${name}還沒結束，之後再開立的號碼就不是空白了；請在期末後再產生一次。`,
      `${period} is not over: numbers used from now on will not be blank. Make the files again when it is.`,
    );
  });
  const odd = reports.flatMap(({ findings }) => findings.map((finding) => oddData(finding, output)));
  const isEmpty = anomalies.some(({ code }) => code === "none-used");
  const omitted = reports.reduce((sum, report) => sum + report.omitted, 0);
  const allowances = reports.reduce((sum, report) => sum + report.allowancesElsewhere, 0);
  return {
    data: {
      blanks: reports.flatMap(({ blanks }) => blanks.map(blankData)),
      odd,
      omitted,
      totals: reports.map(({ period, totals }) => ({ period, ...totals })),
      allowancesElsewhere: allowances,
      readings: readings.map((reading) => readingData(reading, output)),
      faults,
      anomalies: anomalies.map(({ code, text }) => ({ code, text: output.say(text.zh, text.en) })),
      memory: [...memory],
      notes,
      files,
    },
    lines: [
      ...readings.flatMap((reading) => readingLines(reading, output)),
      ...memory.map((line) => `ℹ ${line}`),
      ...reports.flatMap((report) => reportLines(report, output)),
      ...(allowances > 0
        ? [
            output.say(
              `另有 ${allowances} 列折讓，號碼不是這一期配到的，沒有算進去。`,
              `${allowances} more rows are about allowances for numbers that were not allocated here; they were left aside.`,
            ),
          ]
        : []),
      ...oddLines("error", odd, output),
      ...anomalyLines(anomalies, odd, output),
      ...oddLines("warning", odd, output),
      ...(omitted > 0 ? [output.say(`另有 ${omitted} 處同樣的情形。`, `And ${omitted} more of the same.`)] : []),
      ...faultSection(faults, output),
      ...notes.map((note) => `⚠ ${note}`),
      ...(files.length > 0 ? [output.say("檔案：", "Files:"), ...files.map(({ path }) => `  ${shownPath(path)}`)] : []),
    ],
    ...(isEmpty ? { failure: emptyFailure(anomalies, output), exit: 3 } : { exit: 0 }),
  };
}

/** A ledger that uses none of the numbers may be right, and may be the wrong file: the files are there, and a person looks. */
function emptyFailure(anomalies: readonly Anomaly[], output: Output): FailureData {
  const seen = anomalies.filter(({ code }) => code === "none-used").map(({ text }) => output.say(text.zh, text.en));
  const { code, message } = failureData("person-needed", { seen: seen.join("") }, output.language);
  const next = output.say(
    "確認真的一張都沒有開之後，產生的檔案可以直接用；拿錯檔案或匯出時沒有資料的話，請換成對的明細再執行一次。",
    "If really nothing was issued, the files that were made are right; if it was the wrong file, run it again with the right one.",
  );
  return { code, message, next };
}

/** What the upload would show to a person, besides what is told of single numbers anyway. */
function anomalyLines(anomalies: readonly Anomaly[], odd: readonly OddData[], output: Output): string[] {
  const told = new Set(odd.map(({ text }) => text));
  const own = anomalies.map(({ text }) => output.say(text.zh, text.en)).filter((text) => !told.has(text));
  if (own.length === 0) return [];
  const title = output.say("和平常不同，上傳前要有人看過", "Odd: a person looks at this before it is uploaded");
  return [output.say(`${title}（${own.length}）：`, `${title} (${own.length}):`), ...own.map((text) => `  ⚠ ${text}`)];
}

/** What `files blank` answers where it can't be known which numbers were used. */
export function uncertainAnswer(
  faults: readonly FaultData[],
  readings: readonly ReadingReport[],
  memory: readonly string[],
  output: Output,
): Answer {
  const [first] = faults;
  const seen = output.say(
    `看不出用了哪些號碼，所以沒有產生任何檔案：共 ${faults.length} 處`,
    `It can't be known which numbers were used, so no file was made: ${faults.length} places`,
  );
  const example = first === undefined ? "" : ` ${first.file} ${faultLines(first, output)[0]?.trim()}`;
  return {
    data: {
      blanks: [],
      odd: [],
      readings: readings.map((reading) => readingData(reading, output)),
      faults,
      memory: [...memory],
      files: [],
    },
    lines: [
      ...readings.flatMap((reading) => readingLines(reading, output)),
      ...memory.map((line) => `ℹ ${line}`),
      ...faultSection(faults, output),
    ],
    failure: failureData(
      "file-invalid",
      { seen: `${seen}${output.say("，例如", ", such as")}${example}` },
      output.language,
    ),
    exit: 1,
  };
}

function notOver({ period }: BlankReport): boolean {
  return taipeiDay(new Date()) <= periodEnd(period);
}

function blankData({ ubn, headUbn, period, category, track, begin, end }: BlankRange) {
  return { ubn, ...(headUbn === undefined ? {} : { headUbn }), period, category, track, begin, end };
}

type OddData = ReturnType<typeof oddData>;

function oddData({ code, severity, ubn, run, count, file, line, text }: Finding, output: Output) {
  return { code, severity, ubn: ubn ?? null, ...run, count, file, line, text: output.say(text.zh, text.en) };
}

function reportLines({ period, blanks, totals }: BlankReport, output: Output): string[] {
  const { allocated, used, blank } = totals;
  const count = (value: number): string => value.toLocaleString("en");
  const more = blanks.length - MOST_LINES;
  return [
    output.say(
      `${formatPeriod(period, "zh")}：配給 ${count(allocated)} 號，已用 ${count(used)} 號，空白 ${count(blank)} 號（${count(blanks.length)} 段）`,
      `${period}: ${count(allocated)} numbers allocated, ${count(used)} used, ${count(blank)} blank in ${count(blanks.length)} runs`,
    ),
    ...blanks.slice(0, MOST_LINES).map((run) => {
      const size = output.say(`（${rangeSize(run)} 號）`, ` (${rangeSize(run)})`);
      return `  ${run.ubn}  ${run.category}  ${formatRange(run)}${size}`;
    }),
    ...(more > 0
      ? [output.say(`  … 還有 ${count(more)} 段，都在檔案裡`, `  … ${count(more)} more, all in the files`)]
      : []),
  ];
}

function oddLines(severity: FindingSeverity, odd: readonly OddData[], output: Output): string[] {
  const own = odd.filter((one) => one.severity === severity);
  if (own.length === 0) return [];
  const title =
    severity === "error" ? output.say("請先處理", "To be settled first") : output.say("請留意", "Worth knowing");
  const more = own.length - MOST_LINES;
  return [
    output.say(`${title}（${own.length}）：`, `${title} (${own.length}):`),
    ...own.slice(0, MOST_LINES).map(({ text, file, line }) => {
      const where = line > 0 ? output.say(`（${file} 第 ${line} 行）`, ` (${file} line ${line})`) : "";
      return `  ${severity === "error" ? "✗" : "⚠"} ${text}${where}`;
    }),
    ...(more > 0 ? [output.say(`  … 還有 ${more} 項，加 --json 可看全部`, `  … ${more} more; --json has all`)] : []),
  ];
}

function faultSection(faults: readonly FaultData[], output: Output): string[] {
  if (faults.length === 0) return [];
  const more = faults.length - MOST_LINES;
  return [
    output.say(`讀不懂的地方（${faults.length}）：`, `What could not be read (${faults.length}):`),
    ...faults.slice(0, MOST_LINES).flatMap((fault) => faultLines(fault, output)),
    ...(more > 0
      ? [output.say(`  … 還有 ${more} 處，用 files check 可看全部`, `  … ${more} more; files check has all`)]
      : []),
  ];
}
