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
    lines.push({ title: title.zh, ...(await scene.play(stage)) });
  }
  const runs = await runsOf(config);
  for (const run of runs) {
    if (run.folder === null) continue;
    const { verdict, words } = await verifyRun(run.folder);
    lines.push({ title: `驗證紀錄 ${run.id}`, ok: verdict === "intact", seen: words.zh });
  }
  return summary(folder, lines, runs);
}

function summary(folder: string, lines: readonly Line[], runs: readonly RunRow[]): Answer {
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
      `設定、資料庫與紀錄都在 ${folder}`,
      "看一次執行的經過：",
      `  npm run -s robot -- show ${last?.id ?? "<run>"} --config ${join(FOLDER, "robot.config.json")}`,
      "圖片在紀錄資料夾的 pictures/，平台上每一步的軌跡可以這樣看：",
      "  npx playwright show-trace <紀錄資料夾>/traces/visit-1.zip",
    ],
    exit: all ? 0 : 1,
  };
}
