import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { printPdf } from "../../../browser/print.ts";
import { companyOf, loadConfig } from "../../../config/load.ts";
import type { CompanyConfig, Config } from "../../../config/schema.ts";
import { type RunRow, runsOfPeriod } from "../../../engine/runs/runs.ts";
import { Failure } from "../../../failures/failure.ts";
import { taipeiDay } from "../../../invoicing/values/day.ts";
import { type Period, parsePeriod } from "../../../invoicing/values/period.ts";
import { type ReportedRun, reportPage } from "../../../recording/export/report.ts";
import { type Elsewhere, factsIn } from "../../../recording/verification/elsewhere.ts";
import { headsOfDays } from "../../../recording/verification/heads.ts";
import { readRecord } from "../../../recording/format/read.ts";
import { isQuarantined } from "../../../recording/redaction/scan.ts";
import { robotVersion } from "../../../app/version.ts";
import type { Answer, Output } from "../../terminal/output.ts";
import { knownElsewhere, withStore } from "../../terminal/records.ts";
import { verifyKnownRun } from "../../../recording/verification/verify.ts";
import { sha256 } from "../../../lib/hash.ts";

export interface ReportOptions {
  readonly config?: string;
  readonly period: string;
  readonly company?: string;
  readonly out: string;
}

/** `report`: what was done for each company in a period, as PDF for anyone who audits it. */
export async function report(options: ReportOptions, output: Output): Promise<Answer> {
  const config = await loadConfig(options.config);
  const period = periodOf(options.period);
  const companies = options.company === undefined ? config.companies : [companyOf(config, options.company)];
  const out = resolve(options.out);
  await mkdir(out, { recursive: true });
  const files: { name: string; path: string; sha256: string; ubn: string; runs: number }[] = [];
  for (const company of companies) {
    output.progress(`${company.name}…`);
    const made = await pageFor(company, period, config);
    if (made === null) continue;
    const pdf = await printPdf(config.browser, made.page, `${company.name}　${company.ubn}　${period}`);
    const name = `${company.ubn}-${period}.pdf`;
    await writeFile(join(out, name), pdf, { mode: 0o600 });
    files.push({ name, path: join(out, name), sha256: sha256(pdf), ubn: company.ubn, runs: made.runs });
  }
  if (files.length === 0) {
    throw new Failure("wrong-use", {
      wanted: `${options.company ?? "任何一家公司"} ${period} 期的執行`,
      seen: "一次都沒有；請確認期別，或用 runs 列出",
      en: {
        wanted: `runs of ${options.company ?? "any company"} in period ${period}`,
        seen: "not one; check the period, or list them with runs",
      },
    });
  }
  return {
    data: { period, files },
    lines: files.map((file) => `${file.path}　${file.runs} ${output.say("次執行", "runs")}\n  SHA-256 ${file.sha256}`),
    exit: 0,
  };
}

async function pageFor(
  company: CompanyConfig,
  period: Period,
  config: Config,
): Promise<{ page: string; runs: number } | null> {
  return withStore(config, async (store) => {
    const rows = await runsOfPeriod(store, company.ubn, period);
    if (rows.length === 0) return null;
    const known = knownElsewhere(config, await factsIn(store));
    const runs: ReportedRun[] = [];
    for (const row of rows) runs.push(await reported(row, known));
    const events = runs.flatMap(({ record }) => record?.events ?? []);
    const days = new Set(events.map(({ time }) => taipeiDay(new Date(time))));
    const page = reportPage({
      company,
      period,
      runs,
      days: await headsOfDays(store, [...days]),
      madeAt: new Date(),
      robot: robotVersion(),
    });
    return { page, runs: runs.length };
  });
}

async function reported({ id, folder }: RunRow, known: Elsewhere): Promise<ReportedRun> {
  const place = folder ?? id;
  return {
    runId: id,
    record: folder === null ? null : await readRecord(folder),
    verdict: await verifyKnownRun(place, known.of(place)),
    quarantined: folder !== null && (await isQuarantined(folder)),
  };
}

function periodOf(text: string): Period {
  try {
    return parsePeriod(text);
  } catch (error) {
    throw new Failure(
      "wrong-use",
      { wanted: "期別，例如 11512", seen: text, en: { wanted: "a period, such as 11512" } },
      { cause: error },
    );
  }
}
