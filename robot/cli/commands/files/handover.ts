import { companyOf, loadConfig } from "../../../config/load.ts";
import type { CompanyConfig, Config } from "../../../config/schema.ts";
import { openStore } from "../../../store/store.ts";
import { Failure } from "../../../failures/failure.ts";
import { decodeText } from "../../../invoicing/reading/encoding.ts";
import { type HandoverFile, type HandoverTarget, handover } from "../../../invoicing/tracks/handover.ts";
import { type Period, formatPeriod, parsePeriod } from "../../../invoicing/values/period.ts";
import type { TrackRow } from "../../../invoicing/tracks/track-file.ts";
import { type Category, booksIn } from "../../../invoicing/values/track.ts";
import { isUbn } from "../../../invoicing/values/ubn.ts";
import { findKept } from "../../../recording/writing/kept-files.ts";
import { storeConfigOf } from "../../../app/store-config.ts";
import { refusing } from "../../terminal/input-file.ts";
import type { Answer, Output } from "../../terminal/output.ts";
import { saveNew, shownPath } from "../../terminal/save-new.ts";
import { readTrackFiles } from "../../terminal/track-files.ts";

export interface HandoverOptions {
  readonly to: HandoverTarget;
  readonly company?: string;
  readonly tracks?: readonly string[];
  readonly out?: string;
  readonly config?: string;
}

/**
 * `handover <period>`: the tracks of a period in the form the next system wants, out of what was downloaded last, or out of a file
 * that a person names. Without a folder to save into they are printed.
 */
export async function handOver(wanted: string, options: HandoverOptions, output: Output): Promise<Answer> {
  const period = refusing("wrong-use", output, () => parsePeriod(wanted));
  const rows = await (options.tracks === undefined
    ? keptRows(period, options, output)
    : namedRows(period, options.tracks, options, output));
  const files = refusing("file-invalid", output, () => handover(options.to, rows));
  const tracks = rows.map(({ line: _line, ...row }) => ({ ...row, books: booksIn(row) }));
  if (options.out === undefined) {
    return { data: { tracks, files: [] }, lines: files.flatMap(printed), exit: 0 };
  }
  const saved = await saveNew(options.out, files, output);
  return { data: { tracks, files: saved }, lines: saved.map(({ path }) => shownPath(path)), exit: 0 };
}

function printed({ bytes }: HandoverFile): string[] {
  return decodeText(bytes).text.trimEnd().split(/\r?\n/);
}

/** Rows of files that a person named; a company need not be configured for that. */
async function namedRows(
  period: Period,
  paths: readonly string[],
  { company, config }: HandoverOptions,
  output: Output,
): Promise<TrackRow[]> {
  const all = await readTrackFiles(paths, output);
  const ubn = company === undefined || isUbn(company) ? company : companyOf(await loadConfig(config), company).ubn;
  const rows = all.filter((row) => row.period === period && (ubn === undefined || row.ubn === ubn));
  if (rows.length > 0) return rows;
  const there = Array.from(new Set(all.map((row) => `${row.ubn} ${row.period}`)));
  throw new Failure("wrong-use", {
    wanted: [output.say("字軌", "tracks of"), ubn, period].join(" "),
    seen: there.join(output.say("、", ", ")),
  });
}

/** Rows of the newest kept track file of each category. */
async function keptRows(period: Period, options: HandoverOptions, output: Output): Promise<TrackRow[]> {
  const config = await loadConfig(options.config);
  const company = companyMeant(config, options.company, output);
  const store = await openStore(await storeConfigOf(config));
  try {
    const rows: TrackRow[] = [];
    for (const category of CATEGORIES) {
      const kept = await findKept(store, company.ubn, { kind: "tracks", period, category });
      if (kept !== null) rows.push(...(await readTrackFiles([kept.path], output)));
    }
    if (rows.length > 0) return rows;
    const whose = `${company.name}（${company.ubn}）`;
    throw new Failure("not-downloaded", {
      wanted: output.say(
        `${whose}${formatPeriod(period, "zh")}的字軌檔`,
        `the track file of ${whose}${formatPeriod(period, "roc")}`,
      ),
    });
  } finally {
    await store.destroy();
  }
}

const CATEGORIES: readonly Category[] = ["07", "08"];

function companyMeant(config: Config, wanted: string | undefined, output: Output): CompanyConfig {
  const [only, ...others] = config.companies;
  if (wanted === undefined && only !== undefined && others.length === 0) return only;
  if (wanted !== undefined) return companyOf(config, wanted);
  throw new Failure("wrong-use", {
    wanted: output.say("--company，或用 --tracks 指定字軌檔", "--company, or a file with --tracks"),
    seen: output.say(
      `設定檔裡有 ${config.companies.length} 家公司`,
      `${config.companies.length} companies are configured`,
    ),
  });
}
