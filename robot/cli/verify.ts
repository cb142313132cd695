import { loadConfig } from "../config/load.ts";
import { Failure, failureData } from "../failures.ts";
import { verifyRun } from "../recording/verify.ts";
import type { Answer, Output } from "./output.ts";
import { allRecords, recordFolder } from "./records.ts";

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
  const folders =
    options.all || target === undefined
      ? await allRecords(config.recordings.folder)
      : [await recordFolder(config, target)];
  const verdicts = [];
  for (const folder of folders) {
    output.progress(output.say(`驗證 ${folder}`, `verifying ${folder}`));
    verdicts.push({ folder, verdict: await verifyRun(folder) });
  }
  const tampered = verdicts.find(({ verdict }) => verdict.verdict === "tampered");
  const { language } = output;
  return {
    data: { runs: verdicts.map(({ folder, verdict }) => ({ folder, ...JSON.parse(JSON.stringify(verdict)) })) },
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
