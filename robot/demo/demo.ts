import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Answer, Output } from "../cli/terminal/output.ts";
import type { RunRow } from "../engine/runs/runs.ts";
import { verifyRun } from "../recording/verification/verify.ts";
import { MAIN_JOBS } from "./main-jobs.ts";
import { OTHER_JOBS } from "./other-jobs.ts";
import { startPractice } from "./practice.ts";
import { portalConfig, robotConfig } from "./setting.ts";
import { runsOf, type Scene, type Stage } from "./stage.ts";

/** What the demo leaves for people to look at; made again each time. */
const FOLDER = ".demo";

type Line = { readonly title: string; readonly ok: boolean; readonly seen: string };

/**
 * `demo`: the main job on the practice portal, in separate processes like in real life: take numbers, wait for the mail,
 * download; a process that is killed in the middle and started again; a wrong password; a download of what is there; the blank
 * numbers of the period before, and a damaged file of them. With `all`, also what is done now and then.
 */
export async function playDemo(output: Output, options: { readonly all: boolean }): Promise<Answer> {
  const folder = resolve(FOLDER);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const keys = await mkdtemp(join(tmpdir(), "einvoice-demo-"));
  output.progress(output.say("啟動演練平台與信箱（只在本機）…", "starting the practice portal and mailbox…"));
  const practice = await startPractice({ configFile: await portalConfig(folder) });
  try {
    const config = await robotConfig(folder, join(keys, "identity.txt"), practice);
    return await play(options.all ? [...MAIN_JOBS, ...OTHER_JOBS] : MAIN_JOBS, { folder, config, practice, output });
  } finally {
    await practice.close();
    await rm(keys, { recursive: true, force: true });
  }
}

async function play(scenes: readonly Scene[], stage: Stage): Promise<Answer> {
  const { folder, config, output } = stage;
  const lines: Line[] = [];
  for (const scene of scenes) {
    const { title } = scene;
    output.settle();
    output.progress(`── ${output.say(title.zh, title.en)}`);
    output.settle();
    const { ok, seen } = await scene.play(stage);
    lines.push({ title: title[output.language], ok, seen: seen[output.language] });
  }
  const runs = await runsOf(config);
  for (const run of runs) {
    if (run.folder === null) continue;
    const { verdict, words } = await verifyRun(run.folder);
    const title = output.say(`驗證紀錄 ${run.id}`, `verify record ${run.id}`);
    lines.push({ title, ok: verdict === "intact", seen: words[output.language] });
  }
  return summary(folder, lines, runs, output);
}

function summary(folder: string, lines: readonly Line[], runs: readonly RunRow[], output: Output): Answer {
  const all = lines.every(({ ok }) => ok);
  const [last] = runs;
  return {
    data: {
      folder,
      lines,
      runs: runs.map(({ id, flow, company, outcome, folder: record }) => ({
        runId: id,
        flow,
        company,
        outcome,
        folder: record,
      })),
    },
    lines: [
      "",
      ...lines.map(({ title, ok, seen }) => `${ok ? "✓" : "✗"} ${title}：${seen}`),
      "",
      output.say(`設定、資料庫與紀錄都在 ${folder}`, `Configuration, database and records are in ${folder}`),
      output.say("看一次執行的經過：", "To see how a run went:"),
      `  npm run -s robot -- show ${last?.id ?? "<run>"} --config ${join(FOLDER, "robot.config.json")}`,
      output.say(
        "圖片在紀錄資料夾的 pictures/，平台上每一步的軌跡可以這樣看：",
        "Pictures are in the record's pictures/; each step at the portal is seen by:",
      ),
      `  npx playwright show-trace ${output.say("<紀錄資料夾>", "<folder of the record>")}/traces/visit-1.zip`,
    ],
    exit: all ? 0 : 1,
  };
}
