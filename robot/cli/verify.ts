import { readdir } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { loadConfig } from "../config/load.ts";
import { Failure } from "../failures.ts";
import { verifyRun } from "../recording/verify.ts";
import type { Answer, Output } from "./output.ts";

/** `verify [<run>|--all]`: recomputes a record and names the first thing that is not as it was written. */
export async function verify(
  target: string | undefined,
  options: { config?: string; all: boolean },
  output: Output,
): Promise<Answer> {
  const config = await loadConfig(options.config);
  const folders = await findFolders(config.recordings.folder, options.all ? undefined : target);
  if (!options.all && target === undefined) {
    throw new Failure("wrong-use", { wanted: "要驗證的執行編號或資料夾，或 --all", seen: "都沒有給" });
  }
  if (!options.all && folders.length === 0) {
    throw new Failure("wrong-use", {
      wanted: `執行 ${target}`,
      seen: `${config.recordings.folder} 裡沒有這個紀錄`,
    });
  }
  const verdicts = [];
  for (const folder of folders) {
    output.progress(output.say(`驗證 ${folder}`, `verifying ${folder}`));
    verdicts.push({ folder, verdict: await verifyRun(folder) });
  }
  const tampered = verdicts.some(({ verdict }) => verdict.verdict === "tampered");
  return {
    data: { runs: verdicts.map(({ folder, verdict }) => ({ folder, ...JSON.parse(JSON.stringify(verdict)) })) },
    lines:
      verdicts.length === 0
        ? [output.say("沒有任何紀錄。", "No records.")]
        : verdicts.map(
            ({ folder, verdict }) =>
              `${MARKS[verdict.verdict]} ${folder}\n  ${output.say(verdict.words.zh, verdict.words.en)}`,
          ),
    exit: tampered ? 1 : 0,
  };
}

const MARKS = { intact: "✓", interrupted: "…", tampered: "✗" } as const;

/** Either is enough to know a run's folder by, so that a record whose other half was taken away is still found. */
const MARKS_OF_A_RUN = ["events.jsonl", "run.json"];

/** A run's folder by its id or path; every run's folder when none is named. */
async function findFolders(root: string, target: string | undefined): Promise<string[]> {
  if (target !== undefined && MARKS_OF_A_RUN.some((name) => existsSync(join(target, name)))) return [target];
  const names = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const folders = names
    .filter((entry) => entry.isFile() && MARKS_OF_A_RUN.includes(entry.name))
    .map((entry) => entry.parentPath);
  return [...new Set(folders)].filter((folder) => target === undefined || basename(folder) === target).sort();
}
