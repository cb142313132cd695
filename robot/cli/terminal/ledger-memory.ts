import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { DEFAULT_CONFIG, loadConfig } from "../../config/load.ts";
import type { Config } from "../../config/schema.ts";
import { Failure } from "../../failures/failure.ts";
import type { KnownTeaching } from "../../engine/flow.ts";
import type { LedgerTeachings } from "../../engine/flow.ts";
import { MEANING_TITLES } from "../../invoicing/ledger/vocabulary.ts";
import { shellWord } from "../../invoicing/ledger/questions.ts";
import { readLedger } from "../../invoicing/ledger/read-ledger.ts";
import { layoutKey, type ReadingReport } from "../../invoicing/ledger/reading-report.ts";
import type { LedgerTeaching } from "../../invoicing/ledger/teaching.ts";
import type { FileSource } from "../../invoicing/reading/table.ts";
import { taipeiDay } from "../../invoicing/values/day.ts";
import type { Output } from "./output.ts";

/** What is known of a layout of ledgers: of this company, to be applied; of others, to be offered and never applied. */
export type Recalled = { readonly own: KnownTeaching | null; readonly others: readonly KnownTeaching[] };

/** The run of what is said on the command line: none. */
const NO_RUN = "files";

/**
 * What was said earlier of this company's ledgers of a layout, in a run or on the command line.
 * @returns null where there is no configuration or no run database yet
 */
export async function recallTeaching(
  configFile: string | undefined,
  about: { readonly ubn: string; readonly layout: string },
): Promise<Recalled | null> {
  if (configFile === undefined && !existsSync(DEFAULT_CONFIG)) return null;
  return recallIn(await loadConfig(configFile), about);
}

/** The same with the configuration at hand. */
export async function recallIn(
  config: Config,
  about: { readonly ubn: string; readonly layout: string },
): Promise<Recalled | null> {
  if (config.store.kind === "sqlite" && !existsSync(config.store.file)) return null;
  return withMemory(config, about.ubn, (memory) => memory.find(about.layout));
}

/**
 * Keeps what was said of a company's ledger, for runs and for the command line.
 * @returns why it was not kept; null where it was
 */
async function keepTeaching(
  configuration: Config | string | undefined,
  about: { readonly ubn: string; readonly layout: string },
  teaching: LedgerTeaching,
  output: Output,
): Promise<string | null> {
  if (configuration === undefined && !existsSync(DEFAULT_CONFIG)) {
    return output.say("還沒有設定檔，所以沒有記住", "there is no configuration, so it was not kept");
  }
  const config = typeof configuration === "object" ? configuration : await loadConfig(configuration);
  try {
    await withMemory(config, about.ubn, (memory) => memory.keep(about.layout, teaching, userInfo().username));
    return null;
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

/** The database is loaded where something is asked of it: most files are understood without. */
async function withMemory<T>(config: Config, ubn: string, work: (memory: LedgerTeachings) => Promise<T>): Promise<T> {
  const [{ withStore }, { ledgerTeachings }] = await Promise.all([
    import("./records.ts"),
    import("../../engine/people/ledger-teachings.ts"),
  ]);
  return withStore(config, (store) => work(ledgerTeachings(store, { id: NO_RUN, ubn })));
}

/** What was said of a ledger as options that say it again: `--columns status=發票狀態 --statuses 已結案=issued`. */
function teachingOptions({ columns, statuses }: LedgerTeaching): string {
  const named = Object.entries(columns).map(([field, name]) => shellWord(`${field}=${name ?? ""}`));
  const words = Object.entries(statuses).map(([word, meaning]) => shellWord(`${word}=${meaning}`));
  return [
    ...(named.length === 0 ? [] : [`--columns ${named.join(" ")}`]),
    ...(words.length === 0 ? [] : [`--statuses ${words.join(" ")}`]),
  ].join(" ");
}

const MOST_OFFERED = 2;

/** What is applied of what was said earlier, or offered. */
export function memoryLines({ own, others }: Recalled, file: string, output: Output): string[] {
  if (own !== null) return [appliedLine(own, file, output)];
  return others.slice(0, MOST_OFFERED).map((one) => offeredLine(one, file, output));
}

/** Keeps what was said, and says so, or why not. */
export async function keptLine(
  configuration: Config | string | undefined,
  { file, ...about }: { readonly ubn: string; readonly layout: string; readonly file: string },
  { teaching, applied }: { readonly teaching: LedgerTeaching; readonly applied: LedgerTeaching },
  output: Output,
): Promise<string> {
  const why = await keepTeaching(configuration, about, teaching, output);
  if (why !== null) return `${file}：${why}`;
  const what = teachingOptions(applied);
  return output.say(
    `${file} 的說明已記在 ${about.ubn}，下次同樣的明細直接照用：${what}`,
    `${file}: kept for ${about.ubn}, and applied to its next ledger of this layout: ${what}`,
  );
}

/** What of the words on the command line applied to the ledger; null where nothing did. */
export function appliedOf(said: LedgerTeaching, { taught }: ReadingReport): LedgerTeaching | null {
  const statuses = Object.fromEntries(
    Object.entries(said.statuses).filter(([word]) => Object.hasOwn(taught?.statuses ?? {}, word)),
  );
  return Object.keys(said.columns).length + Object.keys(statuses).length === 0
    ? null
    : { columns: said.columns, statuses };
}

/** The layout of a ledger as it is read without what anybody said of it. */
export async function layoutOf(file: FileSource, configured: LedgerTeaching): Promise<string> {
  let layout = "";
  const options = {
    ...configured,
    onFault: () => undefined,
    onReport: (report: ReadingReport) => void (layout = layoutKey(report)),
  };
  for await (const _entry of readLedger(file, options));
  return layout;
}

export function joined(...all: readonly LedgerTeaching[]): LedgerTeaching {
  return {
    columns: Object.assign({}, ...all.map(({ columns }) => columns)),
    statuses: Object.assign({}, ...all.map(({ statuses }) => statuses)),
  };
}

/** That what was said earlier is applied again, by whom and when. */
function appliedLine({ teaching, by, at }: KnownTeaching, file: string, output: Output): string {
  const day = taipeiDay(new Date(at)).replaceAll("-", "/");
  const meanings = Object.entries(teaching.statuses).map(
    ([word, meaning]) => `${word}：${output.say(MEANING_TITLES[meaning].zh, MEANING_TITLES[meaning].en)}`,
  );
  const what = [teachingOptions({ columns: teaching.columns, statuses: {} }), ...meanings].filter((one) => one !== "");
  return output.say(
    `${file} 沿用 ${day} ${by} 對這家公司這種明細的說明：${what.join("、")}`,
    `${file}: as ${by} said of this company's ledgers on ${day}: ${what.join(", ")}`,
  );
}

/** That something was said of another company's ledgers of this layout: offered, never applied. */
function offeredLine({ ubn, teaching, by }: KnownTeaching, file: string, output: Output): string {
  const options = teachingOptions(teaching);
  return output.say(
    `${file} 這種明細，${by} 對別家公司（${ubn}）說明過，沒有套用；要照用請加上 ${options}`,
    `${file}: ${by} explained such a ledger for another company (${ubn}); it was not applied. To say the same, add ${options}`,
  );
}
