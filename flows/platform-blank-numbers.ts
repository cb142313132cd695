import { z } from "zod";
import { formatPeriod, type Period } from "../robot/invoicing/values/period.ts";
import type { PlatformJob } from "../selectors/pages.ts";
import {
  defineFlow,
  Failure,
  type FlowPorts,
  type FlowResult,
  periodField,
  type SavedFile,
  yesField,
} from "../robot/engine/flow.ts";
import { LONG_WAITS } from "./ports.ts";
import { reportedBlanks, type ReportedBlanks } from "./shared/facts.ts";
import { asBlank, checkedFile, soundFile } from "./shared/blank-numbers.ts";
import { summaryOfFile } from "./shared/computed-blanks.ts";
import { PLATFORM, platformOf } from "./shared/platform.ts";
import { uploaded } from "./upload-blank-numbers.ts";

/**
 * 空白字軌下載 at the value-added platform, which knows what it has not used; with `upload`, the file then goes to the portal.
 *
 * By hand: 發票功能 › 批次作業 › 空白字軌下載, 產生空白字軌, 重新整理 until it says 處理成功, 下載結果; then 匯入字軌 at the portal.
 */
export const platformBlankNumbers = defineFlow({
  name: "platform-blank-numbers",
  title: { zh: "加值平台空白字軌", en: "blank numbers of the value-added platform" },
  about: {
    zh: "從加值平台取得一期沒有用到的號碼，可接著上傳到財政部平台。",
    en: "fetches the unused numbers from the value-added platform, and uploads them if wanted",
  },
  version: 3,
  input: z.strictObject({
    period: periodField({ choose: "ended" }),
    upload: yesField({
      label: { zh: "接著上傳空白號碼", en: "upload them to the portal" },
      hint: { zh: "不勾就只下載、檢查，之後再用「上傳空白號碼」", en: "default: only download and check" },
      option: "then-upload",
    }),
  }),
  does: [
    "登入加值平台，產生空白字軌",
    "等處理成功（約 3–10 分鐘），下載結果並檢查",
    "勾選上傳時：和字軌、和財政部平台已列出的比對，匯入字軌一次，逐號核對",
  ],
  needs: ["tracks-list", "blank-list", "upload-list", "upload-form"],
  needsPages: ({ upload }) => upload,
  final: {
    zh: "勾選上傳時：上傳後要更正，得先在財政部平台刪除再重傳。",
    en: "With the upload ticked: a correction after the upload means to delete at the portal and to upload again.",
  },
  acts: ["upload-blank-numbers"],
  settled: platformOf,
  facts: reportedBlanks,
  async run(ports): Promise<FlowResult<ReportedBlanks>> {
    const { period, upload } = ports.input;
    const { blanksReportedBy } = ports.company;
    if (upload && blanksReportedBy !== null) {
      throw new Failure("reported-by-other", { wanted: formatPeriod(period, "zh"), seen: blanksReportedBy.name });
    }
    const file = await downloadedBlanks(ports, period, await madeBlanks(ports, period));
    if (upload) {
      const checked = await checkedFile(ports, period, () => Promise.resolve(file));
      return uploaded(ports, period, checked, await summaryOfFile(ports, period, checked, checked.tracks ?? []));
    }
    const { rows } = await soundFile(ports, period, () => Promise.resolve(file));
    return {
      outcome: "done",
      blanks: rows.map(asBlank),
      files: [file],
      notes: [
        `${formatPeriod(period, "zh")}：加值平台列出 ${rows.length} 段空白號碼，還沒有上傳到財政部平台`,
        `檢查後要上傳：run upload-blank-numbers --period ${period} --file ${file.path}`,
      ],
    };
  },
});

/**
 * 產生空白字軌, and the wait for it. An older result is not taken: what was voided or uploaded since is not in it. Of this run's own, a row
 * that appeared since the first look is: after a crash nothing is made a second time.
 */
async function madeBlanks(
  { step, visitAt, wait, record, timing, own }: FlowPorts<unknown>,
  period: Period,
): Promise<PlatformJob> {
  const jobs = (): Promise<PlatformJob[]> => visitAt(PLATFORM, async (site) => (await site.blankTracks()).jobs());
  const before = await step("platform-jobs", "看加值平台的作業狀態", jobs, timing.retry);
  const isFresh = (job: PlatformJob): boolean =>
    job.period === period && !before.some((old) => old.appliedAt === job.appliedAt && old.name === job.name);
  const made = await step(
    "make-blanks",
    "產生空白字軌",
    () =>
      visitAt(PLATFORM, async (site) => {
        const tracks = await site.blankTracks();
        const job = (await tracks.jobs()).find(isFresh) ?? (await tracks.make(period));
        await record(`產生空白字軌：${job.appliedAt} ${job.stateText}`, { data: job, picture: true });
        return job;
      }),
    timing.retry,
  );
  const ended = await wait("platform-job", "加值平台處理", {
    timing: own(LONG_WAITS).fileGenerationWait,
    look: {
      list: async () => {
        const now = (await jobs()).find((job) => isFresh(job) && job.appliedAt === made.appliedAt);
        return now === undefined || now.state === "waiting" ? null : now;
      },
    },
  });
  const wanted = `${formatPeriod(period, "zh")}的空白字軌（${made.appliedAt} 申請）`;
  if (ended === null) throw new Failure("platform-late", { wanted, seen: made.stateText });
  if (ended.answer.state === "failed") {
    throw new Failure("platform-job-failed", { wanted, pageSays: ended.answer.stateText });
  }
  return ended.answer;
}

/** 下載結果, kept as it came. */
async function downloadedBlanks(
  { step, visitAt, files, timing }: FlowPorts<unknown>,
  period: Period,
  job: PlatformJob,
): Promise<SavedFile> {
  return step(
    "download-result",
    "下載結果",
    async () => {
      const { name, bytes } = await visitAt(PLATFORM, async (site) => (await site.blankTracks()).result(job));
      return files.save(name, bytes, { origin: `加值平台：空白字軌下載，${period} 期，${job.appliedAt} 申請` });
    },
    timing.retry,
  );
}
