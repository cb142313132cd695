import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Answer, Output } from "../cli/output.ts";
import { loadConfig, mailboxPasswordName, portalPasswordName } from "../config/load.ts";
import { listRuns, type RunRow } from "../engine/runs.ts";
import { openStore } from "../engine/store.ts";
import { formatPeriod, nextPeriod, parsePeriod, previousPeriod } from "../invoicing/period.ts";
import { Redactor } from "../recording/redactor.ts";
import { verifyRun } from "../recording/verify.ts";
import { openSecretStore } from "../secrets/store.ts";
import { createVault } from "../secrets/vault.ts";
import { storeConfigOf } from "../wire.ts";
import { tracksSchema, writeDamaged, writeInvoices } from "./blank-files.ts";
import { type Practice, startPractice } from "./practice.ts";

const START = fileURLToPath(new URL("../setup/start.mjs", import.meta.url));
/** What the demo leaves for people to look at; made anew each time. */
const FOLDER = ".demo";
/** November 2026: the period is 11512, the next one 11602; a Wednesday morning in Taipei. */
const PORTAL_DATE = "2026-11-04T09:00:00+08:00";
const PERIOD = parsePeriod("11512");
/** The period whose blank numbers are due. */
const ENDED = previousPeriod(PERIOD);

/** Made-up companies; the portal side has them with these passwords. */
const COMPANIES = [
  { name: "晨光小舖", ubn: "12345675", books: 5, password: "Demo-right-1" },
  { name: "山海茶行", ubn: "24681353", books: 12, password: "Demo-right-2" },
  { name: "河岸書店", ubn: "13579243", books: 3, password: "Demo-right-3", mistyped: "Demo-wrong-3" },
] as const;

type Line = { readonly title: string; readonly ok: boolean; readonly seen: string };

/**
 * `demo`: the main job on the practice portal, in separate processes like in real life: take numbers, wait for the mail,
 * download; a process that is killed in the middle and started again; a wrong password; a download of what is there; the blank
 * numbers of the period before, and a damaged file of them.
 */
export async function playDemo(output: Output): Promise<Answer> {
  const folder = resolve(FOLDER);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const keys = await mkdtemp(join(tmpdir(), "einvoice-demo-"));
  output.progress(output.say("啟動演練平台與信箱（只在本機）…", "starting the practice portal and mailbox…"));
  const practice = await startPractice({ configFile: await portalConfig(folder) });
  try {
    const config = await robotConfig(folder, join(keys, "identity.txt"), practice);
    return await play(folder, config, practice, output);
  } finally {
    await practice.close();
    await rm(keys, { recursive: true, force: true });
  }
}

async function play(folder: string, config: string, practice: Practice, output: Output): Promise<Answer> {
  const [shop, tea, books] = COMPANIES;
  const next = nextPeriod(PERIOD);
  const lines: Line[] = [];
  const tell = (title: string, en: string): void => {
    output.settle();
    output.progress(`── ${output.say(title, en)}`);
    output.settle();
  };

  tell(`${shop.name}：取 ${formatPeriod(next, "zh")} 的號碼`, `${shop.name}: take the tracks of ${next}`);
  const first = await robot(["run", "take-tracks", "--company", shop.ubn, "--period", next], config).done;
  lines.push({ title: `${shop.name} 取號`, ok: first === 0, seen: first === 0 ? "已取號並下載" : `結束代碼 ${first}` });

  tell(`${tea.name}：等配號時把程式強制結束，再重新啟動`, `${tea.name}: killed while it waits, then started again`);
  const killed = robot(["run", "take-tracks", "--company", tea.ubn, "--period", next], config);
  await untilWaiting(config, tea.ubn, killed.child);
  killed.child.kill("SIGKILL");
  await killed.done;
  output.progress(output.say("（程式已被強制結束；重新啟動）", "(killed; starting again)"));
  output.settle();
  const second = await robot(["run", "take-tracks", "--company", tea.ubn, "--period", next], config).done;
  const submits = await countIn(practice, "take-submitted", tea.ubn);
  lines.push({
    title: `${tea.name} 中斷後接續`,
    ok: second === 0 && submits === 1,
    seen: `平台帳上收到 ${submits} 次提交取號`,
  });

  tell(`${books.name}：密碼打錯`, `${books.name}: a wrong password`);
  const third = await robot(["run", "take-tracks", "--company", books.ubn, "--period", next], config).done;
  lines.push({
    title: `${books.name} 密碼錯誤`,
    ok: third === 3,
    seen: "只試一次就停下來，等人處理（這是預期的結果）",
  });

  tell(`${shop.name}：下載本期已配好的字軌`, `${shop.name}: download what is allocated already`);
  const fourth = await robot(
    ["run", "download-tracks", "--company", shop.ubn, "--period", PERIOD, "--to", next],
    config,
  ).done;
  lines.push({
    title: `${shop.name} 下載配號檔`,
    ok: fourth === 0,
    seen: fourth === 0 ? "已下載" : `結束代碼 ${fourth}`,
  });

  tell(
    `${tea.name}：${formatPeriod(ENDED, "zh")} 的空白號碼，由發票明細算出、上傳、核對`,
    `${tea.name}: the blank numbers of ${ENDED}, computed, uploaded, proved`,
  );
  const about = ["--company", tea.ubn, "--period", ENDED];
  await robot(["run", "download-tracks", ...about], config).done;
  const tracks = tracksSchema.parse((await runsOf(config)).find(({ ubn }) => ubn === tea.ubn)?.result).tracks;
  const invoices = await writeInvoices(folder, tea.ubn, tracks);
  const fifth = await robot(["run", "upload-blank-numbers", ...about, "--invoices", invoices], config).done;
  lines.push({
    title: `${tea.name} 空白號碼`,
    ok: fifth === 0,
    seen: fifth === 0 ? "已上傳，平台列出的和算出的逐號相同" : `結束代碼 ${fifth}`,
  });

  tell(`${tea.name}：被 Excel 弄壞的空白號碼檔`, `${tea.name}: a file that Excel has damaged`);
  const damaged = await writeDamaged(folder, tea.ubn, tracks);
  const sixth = await robot(["run", "upload-blank-numbers", ...about, "--file", damaged], config).done;
  const uploads = await countIn(practice, "blank-upload", tea.ubn);
  lines.push({
    title: `${tea.name} 壞掉的檔案`,
    ok: sixth === 1 && uploads === 1,
    seen: `指出是哪一行、怎麼改，沒有送出；平台帳上共收到 ${uploads} 次匯入（這是預期的結果）`,
  });

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

/** One command of the robot in a process of its own, its progress on our terminal. */
function robot(args: readonly string[], config: string): { child: ChildProcess; done: Promise<number | null> } {
  const child = spawn(process.execPath, [START, ...args, "--config", config], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const done = new Promise<number | null>((settle, reject) => {
    child.once("error", reject);
    child.once("exit", settle);
  });
  return { child, done };
}

async function untilWaiting(config: string, ubn: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const runs = await runsOf(config);
    if (runs.some((run) => run.ubn === ubn && run.state === "waiting" && run.progress?.startsWith("等配號結果")))
      return;
    await delay(100);
  }
}

async function runsOf(config: string): Promise<RunRow[]> {
  const store = await openStore(await storeConfigOf(await loadConfig(config)));
  try {
    return await listRuns(store, 50);
  } finally {
    await store.destroy();
  }
}

const ledgerSchema = z.array(z.looseObject({ type: z.string(), ban: z.string().nullable().optional() }));

/** How often something of this kind happened at the portal. */
async function countIn(practice: Practice, kind: string, ubn: string): Promise<number> {
  const entries = ledgerSchema.parse(await practice.ledger());
  return entries.filter(({ type, ban }) => type === kind && ban === ubn).length;
}

async function portalConfig(folder: string): Promise<string> {
  const file = join(folder, "practice.json");
  const portal = {
    clock: { start: PORTAL_DATE },
    companies: COMPANIES.map(({ name, ubn, password }, index) => ({
      ban: ubn,
      name: `${name}有限公司`,
      taxId: `35102000${index + 1}`,
      quota: 20,
      accounts: [{ id: ubn, password }],
      taken: [
        { period: "previous", books: 1 },
        { period: "this", books: 4 },
      ],
    })),
  };
  await writeFile(file, JSON.stringify(portal, null, 2));
  return file;
}

/** The configuration as a user would write it, with waits that fit the practice portal's hurried clock. */
async function robotConfig(folder: string, identity: string, practice: Practice): Promise<string> {
  const file = join(folder, "robot.config.json");
  const { imap } = practice;
  const settings = {
    portal: {
      address: practice.portal,
      allocation: { mail: { first: "1s", every: "1s" }, list: { first: "20s", every: "20s" }, giveUp: "3m" },
      reconcile: { first: "1s", every: "5s", giveUp: "1m" },
      imported: { every: "3s", justAfter: null, giveUp: "3m" },
      busy: "2s",
    },
    companies: COMPANIES.map(({ name, ubn, books }) => ({ name, ubn, books, noticeAddress: "robot@office.test" })),
    ...(imap ? { mailbox: { host: imap.host, port: imap.port, secure: false, user: imap.user } } : {}),
    secrets: { provider: "vault", file: "vault.age", identity: { file: identity } },
    store: { file: "robot.sqlite" },
    recordings: { folder: "recordings" },
  };
  await writeFile(file, JSON.stringify(settings, null, 2));
  const config = await loadConfig(file);
  if (config.secrets.provider !== "vault") throw new Error("The demo keeps its passwords in a vault.");
  await createVault(config.secrets.file, identity, new Redactor());
  const secrets = await openSecretStore(config.secrets, new Redactor());
  for (const company of config.companies) {
    const known = COMPANIES.find(({ ubn }) => ubn === company.ubn);
    if (known) await secrets.set(portalPasswordName(company), "mistyped" in known ? known.mistyped : known.password);
  }
  if (config.mailbox && imap) await secrets.set(mailboxPasswordName(config.mailbox), imap.password);
  return file;
}
