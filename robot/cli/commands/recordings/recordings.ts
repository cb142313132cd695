import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { storeConfigOf } from "../../../app/store-config.ts";
import { loadConfig } from "../../../config/load.ts";
import type { Config } from "../../../config/schema.ts";
import { Failure } from "../../../failures/failure.ts";
import { RecordingError } from "../../../recording/writing/resume.ts";
import { sizeText } from "../../../recording/export/format.ts";
import { closeDays, headsDays, headsMessage, readHeads, stampDays } from "../../../recording/verification/heads.ts";
import { type KeptBecause, prune, type RetentionLedger } from "../../../recording/maintenance/prune.ts";
import { allRecords } from "../../../recording/format/records.ts";
import { changeHold } from "../../../recording/format/retention.ts";
import { timeStamper } from "../../../recording/verification/time-stamp.ts";
import { hasRules, ledgerIn } from "../../../recording/maintenance/maintenance.ts";
import type { Answer, Output } from "../../terminal/output.ts";
import { openStore } from "../../../store/store.ts";
import { recordOf, withStore } from "../../terminal/records.ts";

const KEPT: { readonly [why in KeptBecause]: readonly [zh: string, en: string] } = {
  held: ["有保留令，不刪", "held, kept"],
  "not-ended": ["還沒有結束，不刪", "not ended, kept"],
  altered: ["紀錄被更動過，留作證據，不刪", "altered, kept as evidence"],
  busy: ["正在使用中，下次再刪", "in use, kept until the next time"],
};

/** `recordings prune`: deletes pictures and traces that the rules of retention say are to go. */
export async function pruneRecordings(options: { config?: string; dryRun: boolean }, output: Output): Promise<Answer> {
  const config = await loadConfig(options.config);
  const { folder: root, retention } = config.recordings;
  if (!hasRules(retention)) {
    throw new Failure("wrong-use", {
      wanted: "recordings.retention 裡的 picturesAfter、tracesAfter、personalAfter 或 maxBytes",
      seen: "設定檔都沒有寫，所以全部保存，沒有東西可刪",
      en: {
        wanted: "picturesAfter, tracesAfter, personalAfter or maxBytes in recordings.retention",
        seen: "the configuration has none of them, so all is kept and nothing is to be deleted",
      },
    });
  }
  const { pruned, kept, before, after } = await withLedger(config, output, async (ledger) =>
    prune(root, await allRecords(root), retention, { now: new Date(), dryRun: options.dryRun, ledger }),
  );
  const done = options.dryRun ? output.say("會刪除", "would delete") : output.say("刪除了", "deleted");
  const over = retention.maxBytes !== null && after > retention.maxBytes;
  return {
    data: { dryRun: options.dryRun, pruned, kept, bytes: { before, after } },
    lines: [
      ...pruned.map(({ runId, files, bytes }) => `${runId}  ${done} ${files}　${sizeText(bytes)}`),
      ...kept.map(({ runId, why }) => `${runId}  ${output.say(...KEPT[why])}`),
      `${output.say("全部紀錄", "all recordings")}：${sizeText(before)} → ${sizeText(after)}`,
      ...(over
        ? [
            output.say(
              "⚠ 仍超過 maxBytes：剩下的是事件、檔案與有保留令的紀錄，不會自動刪除。請移到別處，或放寬上限。",
              "⚠ still above maxBytes: what is left is never deleted by itself. Move it elsewhere or raise the limit.",
            ),
          ]
        : []),
    ],
    exit: 0,
  };
}

/** `recordings hold <run>` and `recordings release <run>`: nothing of a held record is deleted. */
export async function holdRecording(
  target: string,
  held: boolean,
  options: { config?: string; why: string; by: string },
  output: Output,
): Promise<Answer> {
  const config = await loadConfig(options.config);
  const { folder, header, events } = await recordOf(config, target);
  const { runId } = header;
  const [first] = events;
  if (!first) throw new Failure("record-damaged", { wanted: folder, seen: "一個事件都沒有" });
  const { by, why } = options;
  const place = { root: config.recordings.folder, folder, runId, first: first.hash };
  const hold = await withLedger(config, output, (ledger) =>
    changeHold(place, { held, by, why }, async (head) => ledger?.note(runId, head)),
  ).catch((error: unknown) => {
    if (!(error instanceof RecordingError)) throw error;
    const code = error.problem === "damaged" ? "record-altered" : "store-unavailable";
    throw new Failure(code, { wanted: folder, seen: error.message }, { cause: error });
  });
  const line =
    hold === null
      ? output.say(`${runId} 沒有保留令，會照保存規定處理。`, `${runId} has no hold; the rules of retention apply.`)
      : output.say(
          `${runId} 有保留令（${hold.by}：${hold.why}），任何內容都不會被刪除。`,
          `${runId} is held (${hold.by}: ${hold.why}); nothing of it is deleted.`,
        );
  return { data: { runId, hold: hold && { ...hold } }, lines: [line], exit: 0 };
}

/**
 * Works with the run database at hand, where what is done with records is noted. Without it a hold is put on all the same, and it is
 * said that nothing outside the folder knows of it.
 */
async function withLedger<T>(
  config: Config,
  output: Output,
  work: (ledger: RetentionLedger | null) => Promise<T>,
): Promise<T> {
  const store = await openStore(await storeConfigOf(config)).catch((error: unknown) => {
    if (error instanceof Failure) return null;
    throw error;
  });
  if (store === null) {
    output.progress(
      output.say("⚠ 執行資料庫讀不到：這次的變更只記在紀錄的資料夾裡", "⚠ no run database: noted in the folder only"),
    );
    return work(null);
  }
  try {
    return await work(ledgerIn(store, new Date(), { waits: false }));
  } finally {
    await store.destroy();
  }
}

/** `recordings heads`: the days' heads, made and stamped where that is due; with `--out` as files to be kept elsewhere. */
export async function showHeads(
  options: { config?: string; day?: string; out?: string },
  output: Output,
): Promise<Answer> {
  const config = await loadConfig(options.config);
  const { timeStamp } = config.recordings;
  const { days, trouble } = await withStore(config, async (store) => {
    await closeDays(store, new Date());
    const trouble =
      timeStamp === null
        ? null
        : await stampDays(store, timeStamper(timeStamp)).then(
            () => null,
            (error: unknown) => (error instanceof Error ? error.message : String(error)),
          );
    return { days: await headsDays(store, MOST_DAYS), trouble };
  });
  const shown = days.filter(({ day }) => options.day === undefined || day === options.day);
  if (options.day !== undefined && shown.length === 0) {
    throw new Failure("wrong-use", {
      wanted: `${options.day} 的鏈尾`,
      seen: "那一天沒有紀錄，或還沒有結束；日期寫成 2026-11-21",
      en: {
        wanted: `the heads of ${options.day}`,
        seen: "no records of that day, or it has not ended; a date is written 2026-11-21",
      },
    });
  }
  const files: string[] = [];
  if (options.out !== undefined) {
    const out = resolve(options.out);
    await mkdir(out, { recursive: true });
    for (const { name, bytes } of shown.flatMap((day) => headsMessage(day).attachments)) {
      await writeFile(join(out, name), bytes);
      files.push(join(out, name));
    }
  }
  const lineOf = ({ day, sha256, stamp, document }: (typeof shown)[number]): string =>
    `${day}  ${readHeads(document).heads.length} ${output.say("筆", "runs")}  ${sha256}  ${
      stamp === null ? output.say("沒有時戳", "not stamped") : `${output.say("時戳", "stamped")} ${stamp.at}`
    }`;
  return {
    data: {
      days: shown.map(({ day, sha256, stamp, mailedAt, document }) => {
        const { heads } = readHeads(document);
        return { day, sha256, heads, stampedAt: stamp?.at ?? null, mailedAt };
      }),
      stampTrouble: trouble,
      files,
    },
    lines: [
      ...(shown.length === 0 ? [output.say("還沒有任何一天的鏈尾。", "No day has heads yet.")] : shown.map(lineOf)),
      ...(trouble === null ? [] : [`⚠ ${output.say("時戳服務", "time-stamping service")}：${trouble}`]),
      ...files,
    ],
    exit: 0,
  };
}

/** Two years of days. */
const MOST_DAYS = 731;
