import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { loadConfig } from "../../../config/load.ts";
import type { Config } from "../../../config/schema.ts";
import { Failure, failureData } from "../../../failures/failure.ts";
import { allRecords } from "../../../recording/format/records.ts";
import type { DayDocument, DaysProblem, Elsewhere } from "../../../recording/verification/elsewhere.ts";
import { type Given, readGiven } from "../../../recording/verification/given.ts";
import { checkTimeStamp } from "../../../recording/verification/time-stamp.ts";
import { type Verdict, verifyKnownRun } from "../../../recording/verification/verify.ts";
import type { Answer, Output } from "../../terminal/output.ts";
import { factsKept, knownElsewhere, recordFolder } from "../../terminal/records.ts";

export interface VerifyOptions {
  readonly config?: string;
  readonly all: boolean;
  /** A file or folder with the documents of days that were kept elsewhere. */
  readonly heads?: string;
}

/**
 * `verify [<run>|--all]`: recomputes a record, holds it against all that is known of it elsewhere, and names the first thing that is not
 * as it was written. Exit code 0 says that nothing contradicts what is named in the words, and no more than that.
 */
export async function verify(target: string | undefined, options: VerifyOptions, output: Output): Promise<Answer> {
  const config = await loadConfig(options.config);
  if (!options.all && target === undefined) {
    throw new Failure("wrong-use", { wanted: "要驗證的執行編號或資料夾，或 --all", seen: "都沒有給" });
  }
  const given = await givenBy(options.heads);
  const facts = await factsKept(config);
  if (facts === null) {
    output.progress(output.say("沒有讀到執行資料庫，不和它核對", "no run database: nothing is compared with it"));
  }
  const known = knownElsewhere(config, facts, given.documents);
  const verdicts: { folder: string; verdict: Verdict }[] = [];
  for (const folder of await foldersOf(config, options.all ? undefined : target, known)) {
    output.progress(output.say(`驗證 ${folder}`, `verifying ${folder}`));
    verdicts.push({ folder, verdict: await verifyKnownRun(folder, known.of(folder)) });
  }
  const stamps = await checkStamps(known.documents, config);
  const problems = [...known.problems, ...stamps.problems];
  const compared = verdicts.filter(({ verdict }) => verdict.verdict !== "tampered" && verdict.held?.by === "given");
  const altered = verdicts.find(({ verdict }) => verdict.verdict === "tampered");
  if (
    options.heads !== undefined &&
    verdicts.length > 0 &&
    compared.length === 0 &&
    !altered &&
    problems.length === 0
  ) {
    throw new Failure("wrong-use", {
      wanted: options.all ? "--heads 裡有這些執行的鏈尾" : `--heads 裡有 ${target ?? ""} 的鏈尾`,
      seen: `給的是 ${given.documents.map(({ content }) => content.day).join("、")} 的鏈尾，裡面沒有；那一天結束之後才會寄出`,
    });
  }
  return {
    data: {
      headsCompared: facts !== null,
      heads: given.documents.map(({ file, content, sentOn }) => ({ file, day: content.day, sentOn })),
      headsNotUnderstood: given.notUnderstood.map((one) => ({ ...one })),
      documents: {
        days: known.documents.length,
        stamps: { right: stamps.right, signerJudged: stamps.signerJudged },
        problems: problems.map(({ day, words }) => ({ day, words: { ...words } })),
      },
      runs: verdicts.map(({ folder, verdict }) => ({ folder, ...JSON.parse(JSON.stringify(verdict)) })),
    },
    lines: [
      ...problems.map(({ words }) => `✗ ${output.say(words.zh, words.en)}`),
      ...(verdicts.length === 0 ? [output.say("沒有任何紀錄。", "No records.")] : verdicts.map(lineOf(output))),
      ...given.notUnderstood.map(({ file, why }) => `⚠ ${output.say("看不懂，沒有用到", "not used")}：${file}　${why}`),
      ...(options.heads === undefined || !options.all
        ? []
        : [
            output.say(
              `${verdicts.length} 次執行裡，${compared.length} 次和寄出或另外保存的鏈尾核對過。`,
              `Of ${verdicts.length} runs, ${compared.length} were compared with heads that were mailed or kept elsewhere.`,
            ),
          ]),
      ...(stamps.right === 0 ? [] : [stampLine(stamps, output)]),
    ],
    failure: failureOf(altered, problems, output),
    exit: altered || problems.length > 0 ? 1 : 0,
  };
}

const MARKS = { intact: "✓", interrupted: "…", tampered: "✗" } as const;

function lineOf(output: Output) {
  return ({ folder, verdict }: { folder: string; verdict: Verdict }): string =>
    `${MARKS[verdict.verdict]} ${folder}\n  ${output.say(verdict.words.zh, verdict.words.en)}`;
}

function failureOf(
  altered: { folder: string; verdict: Verdict } | undefined,
  problems: readonly DaysProblem[],
  { language }: Output,
): NonNullable<Answer["failure"]> | null {
  const [problem] = problems;
  if (altered) {
    const detail = { wanted: altered.folder, seen: altered.verdict.words[language] };
    return failureData("record-altered", detail, language);
  }
  return problem
    ? failureData("record-altered", { wanted: problem.day, seen: problem.words[language] }, language)
    : null;
}

async function givenBy(path: string | undefined): Promise<Given> {
  if (path === undefined) return { documents: [], notUnderstood: [] };
  const given = await readGiven(path).catch((error: unknown) => {
    throw new Failure("wrong-use", { wanted: `--heads ${path}`, seen: String(error) }, { cause: error });
  });
  if (given.documents.length > 0) return given;
  const [first] = given.notUnderstood;
  throw new Failure("wrong-use", {
    wanted: "--heads 是寄出的鏈尾：那封信（.eml 或文字檔）、附檔 heads-*.json，或放這些檔案的資料夾",
    seen: first ? `${first.file}：${first.why}` : `${path} 裡沒有檔案`,
  });
}

interface Stamps {
  readonly right: number;
  /** Whether it was looked at who signed. */
  readonly signerJudged: boolean;
  readonly problems: readonly DaysProblem[];
}

/** Each time-stamp must be one of its document. */
async function checkStamps(documents: readonly DayDocument[], { recordings }: Config): Promise<Stamps> {
  const ca = recordings.timeStamp?.ca ?? null;
  const trusted = ca === null ? null : await readFile(ca, "utf8");
  const problems: DaysProblem[] = [];
  let right = 0;
  for (const { stamp, bytes, content } of documents) {
    if (stamp === null) continue;
    try {
      await checkTimeStamp(stamp, Buffer.from(bytes, "utf8"), { trusted });
      right++;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      problems.push({
        day: content.day,
        words: {
          zh: `${content.day} 的時戳不是這份鏈尾文件的，或簽署的不是可信任的服務（${why}）`,
          en: `The time-stamp of ${content.day} is not of this document, or not by a trusted service (${why})`,
        },
      });
    }
  }
  return { right, signerJudged: trusted !== null, problems };
}

function stampLine({ right, signerJudged }: Stamps, output: Output): string {
  const zh = signerJudged ? "簽署者是設定檔信任的" : "沒有設定信任誰（recordings.timeStamp.ca），所以沒有看是誰簽的";
  const en = signerJudged ? "signed by whom the configuration trusts" : "who signed was not judged";
  return output.say(`時戳 ${right} 份是那些文件的；${zh}。`, `${right} time-stamps are of these documents; ${en}.`);
}

/** Those that are there, and those that something elsewhere says were. */
async function foldersOf(config: Config, target: string | undefined, known: Elsewhere): Promise<string[]> {
  const root = config.recordings.folder;
  if (target !== undefined) {
    return known.runs.has(target)
      ? [await recordFolder(config, target).catch(() => join(root, target))]
      : [await recordFolder(config, target)];
  }
  const there = await allRecords(root);
  const names = new Set(there.map((folder) => basename(folder)));
  const gone = [...known.runs].filter((runId) => !names.has(runId)).sort();
  return [...there, ...gone.map((runId) => join(root, runId))];
}
