import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { FLOWS } from "../../../flows/index.ts";
import { robotVersion } from "../../app/version.ts";
import { loadConfig } from "../../config/load.ts";
import { newestResult } from "../../engine/runs/runs.ts";
import { Failure } from "../../failures/failure.ts";
import { sha256 } from "../../lib/hash.ts";
import { readRegular } from "../../lib/files/regular-file.ts";
import { writeZip } from "../../lib/zip.ts";
import { type RecordedFile, recordedFiles } from "../../recording/format/read.ts";
import { isQuarantined } from "../../recording/redaction/scan.ts";
import type { Answer, Output } from "../terminal/output.ts";
import { recordOf, withStore } from "../terminal/records.ts";

export interface PageReportOptions {
  readonly config?: string;
  readonly run?: string;
  readonly out?: string;
}

/** What a check keeps of each page, without anybody's data. */
const harvestedPage = z.looseObject({
  format: z.literal(1),
  page: z.string(),
  title: z.string(),
  parts: z.record(z.string(), z.string().nullable()),
  lost: z.array(z.string()),
  html: z.string(),
});
type Harvested = z.output<typeof harvestedPage>;

/**
 * `selectors report`: what a check has kept of the pages as one file for the maintainers: structure, kinds and labels, none of the data. Nothing is opened at
 * the portal for it.
 */
export async function reportPages(options: PageReportOptions, output: Output): Promise<Answer> {
  const config = await loadConfig(options.config);
  const id = options.run ?? (await withStore(config, lastCheck));
  const record = await recordOf(config, id);
  if (await isQuarantined(record.folder)) throw new Failure("record-quarantined", { wanted: record.folder });
  const kept = recordedFiles(record).filter(({ path }) => /頁面-[a-z-]+\.json$/.test(path));
  const pages = await Promise.all(kept.map((file) => pageIn(record.folder, file)));
  if (pages.length === 0) throw nothingToReport(id);
  const out = resolve(options.out ?? `平台頁面-${id}.zip`);
  if (existsSync(out)) {
    const en = { wanted: `a new file ${out}`, seen: "there is one already" };
    throw new Failure("wrong-use", { wanted: `寫出 ${out}`, seen: "已經有這個檔案", en });
  }
  const words = wordsIn(pages.map(({ about }) => about));
  const summary = {
    format: 1,
    robot: robotVersion(),
    checkedAt: record.ended?.at ?? null,
    pages: pages.map(({ about: { page, title, parts, lost } }) => ({ page, title, parts, lost })),
  };
  await writeZip(out, [
    { name: "report.json", bytes: Buffer.from(`${JSON.stringify(summary, null, 2)}\n`) },
    { name: "words.txt", bytes: Buffer.from(`${words.join("\n")}\n`) },
    ...pages.flatMap(({ about, bytes }) => [
      { name: `pages/${about.page}.json`, bytes },
      { name: `pages/${about.page}.html`, bytes: Buffer.from(about.html) },
    ]),
  ]);
  return {
    data: { runId: id, file: out, pages: pages.map(({ about }) => about.page), words: words.length },
    lines: [
      output.say(
        `${pages.length} 頁寫在 ${out}：只有結構、欄位與按鈕的名稱；資料、姓名、號碼都換掉了。`,
        `${pages.length} pages are in ${out}: structure and labels; data, names and numbers are replaced.`,
      ),
      output.say(
        `寄出之前請看一遍裡面的 words.txt（${words.length} 行）：頁面上留下來的字全在那裡，不該有任何一家公司或一個人的資料。`,
        `read words.txt in it first (${words.length} lines): all words that are left, none of which should be anybody's.`,
      ),
    ],
    exit: 0,
  };
}

async function lastCheck(store: Parameters<typeof newestResult>[0]): Promise<string> {
  const checks = FLOWS.filter(({ checksPages }) => checksPages).map(({ name }) => name);
  const run = await newestResult(store, checks);
  if (run === null) throw nothingToReport("selectors check");
  return run.id;
}

function nothingToReport(wanted: string): Failure {
  const en = { wanted, seen: "no check has kept any page yet; run selectors check first" };
  return new Failure("wrong-use", { wanted, seen: "還沒有檢查留下頁面，請先執行 selectors check", en });
}

async function pageIn(folder: string, file: RecordedFile): Promise<{ bytes: Buffer; about: Harvested }> {
  const bytes = Buffer.from(await readRegular(join(folder, ...file.path.split("/")), file.bytes));
  if (sha256(bytes) !== file.sha256)
    throw new Failure("record-altered", { wanted: file.path, seen: "內容和當時寫下的雜湊不同" });
  const read = harvestedPage.safeParse(JSON.parse(bytes.toString("utf8")));
  if (!read.success) throw new Failure("record-damaged", { wanted: file.path, seen: z.prettifyError(read.error) });
  return { bytes, about: read.data };
}

/** Every word that is left on the pages, for whoever looks through them before they are sent; what was replaced says nothing. */
function wordsIn(pages: readonly Harvested[]): string[] {
  const texts = pages.flatMap(({ html }) =>
    [...html.matchAll(/>([^<]+)<|(?:placeholder|value|alt)="([^"]*)"/gu)].map(([, text, held]) => text ?? held ?? ""),
  );
  const words = texts.map((one) => one.trim()).filter((one) => /[^某x0\s\p{P}\p{S}]/u.test(one));
  return [...new Set(words)].toSorted((a, b) => a.localeCompare(b, "zh-TW"));
}
