import { basename, join } from "node:path";
import { loadConfig } from "../../config/load.ts";
import type { Config } from "../../config/schema.ts";
import { Failure, failureData } from "../../failures/failure.ts";
import { allRecords } from "../../recording/format/records.ts";
import { type Verdict, verifyKnownRun } from "../../recording/verification/verify.ts";
import type { Answer, Output } from "../terminal/output.ts";
import { headsKept, type KeptHeads, recordFolder } from "../terminal/records.ts";

/** `verify [<run>|--all]`: recomputes a record and names the first thing that is not as it was written. */
export async function verify(
  target: string | undefined,
  options: { config?: string; all: boolean },
  output: Output,
): Promise<Answer> {
  const config = await loadConfig(options.config);
  if (!options.all && target === undefined) {
    throw new Failure("wrong-use", { wanted: "要驗證的執行編號或資料夾，或 --all", seen: "都沒有給" });
  }
  const kept = await headsKept(config);
  if (kept === null) {
    output.progress(output.say("沒有讀到執行資料庫，不和保存的鏈尾比對", "no run database: heads are not compared"));
  }
  const verdicts: { folder: string; verdict: Verdict }[] = [];
  for (const folder of await foldersOf(config, options.all ? undefined : target, kept)) {
    output.progress(output.say(`驗證 ${folder}`, `verifying ${folder}`));
    verdicts.push({ folder, verdict: await verifyKnownRun(folder, kept?.get(basename(folder))) });
  }
  const tampered = verdicts.find(({ verdict }) => verdict.verdict === "tampered");
  const { language } = output;
  return {
    data: {
      headsCompared: kept !== null,
      runs: verdicts.map(({ folder, verdict }) => ({ folder, ...JSON.parse(JSON.stringify(verdict)) })),
    },
    lines:
      verdicts.length === 0
        ? [output.say("沒有任何紀錄。", "No records.")]
        : verdicts.map(
            ({ folder, verdict }) =>
              `${MARKS[verdict.verdict]} ${folder}\n  ${output.say(verdict.words.zh, verdict.words.en)}`,
          ),
    failure: tampered
      ? failureData("record-altered", { wanted: tampered.folder, seen: tampered.verdict.words[language] }, language)
      : null,
    exit: tampered ? 1 : 0,
  };
}

const MARKS = { intact: "✓", interrupted: "…", tampered: "✗" } as const;

/** Those that are there, and those that were: a record that is gone as a whole leaves its head in the run database. */
async function foldersOf(config: Config, target: string | undefined, kept: KeptHeads | null): Promise<string[]> {
  const root = config.recordings.folder;
  if (target !== undefined) {
    return kept?.has(target)
      ? [await recordFolder(config, target).catch(() => join(root, target))]
      : [await recordFolder(config, target)];
  }
  const there = await allRecords(root);
  const names = new Set(there.map((folder) => basename(folder)));
  const gone = [...(kept?.keys() ?? [])].filter((runId) => !names.has(runId));
  return [...there, ...gone.map((runId) => join(root, runId))];
}
