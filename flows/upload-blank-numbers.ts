import { z } from "zod";
import { explainFailures, readFailureDetails } from "../robot/invoicing/blank-numbers/failure-details.ts";
import { compareWithList, type OwnedRange } from "../robot/invoicing/blank-numbers/portal-list.ts";
import { saysPartly } from "../robot/invoicing/blank-numbers/refusals.ts";
import { deadlinesOf } from "../robot/invoicing/deadlines/deadlines.ts";
import { formatPeriod, type Period } from "../robot/invoicing/values/period.ts";
import { formatRange, overlaps } from "../robot/invoicing/values/track.ts";
import type { BlankRow, OpenForm, Portal, UploadRequest, UploadListRow } from "../selectors/pages.ts";
import {
  type CompanyFacts,
  defineFlow,
  type EffectSpec,
  Failure,
  fileField,
  type FlowPorts,
  type FlowResult,
  type GivenFile,
  type Judgement,
  periodField,
  refusedAs,
  type SavedFile,
} from "../robot/engine/flow.ts";
import { LONG_WAITS } from "./ports.ts";
import { reportedBlanks, type ReportedBlanks } from "./shared/facts.ts";
import { REPORT_BLANKS } from "../robot/invoicing/deadlines/obligations.ts";
import {
  allocatedTracks,
  asBlank,
  blankFile,
  checkedFile,
  type CheckedFile,
  formatDifference,
  listedBlanks,
  formatRanges,
  summarize,
} from "./shared/blank-numbers.ts";
import { type BlankSummary, computedFile, summaryOfFile, uploadTopic } from "./shared/computed-blanks.ts";

/**
 * 上傳空白未使用發票號碼: reports the numbers that were not used, by the 10th of the odd month after the period.
 *
 * By hand: see that the file is right and that none of it is listed already, 匯入字軌, look into 上傳列表 after the hourly import until it
 * says 已完成, compare 查詢 with the file; after 處理失敗 fetch 失敗明細 and mend.
 */
export const uploadBlankNumbers = defineFlow({
  name: "upload-blank-numbers",
  title: { zh: "上傳空白號碼", en: "upload blank numbers" },
  about: {
    zh: "上傳一期沒有用到的號碼（空白未使用發票號碼）。",
    en: "reports the numbers of a period that were not used",
  },
  version: 4,
  input: z
    .strictObject({
      period: periodField({ choose: "ended" }),
      file: blankFile({ hint: { zh: "直接給要上傳的檔案", en: "as it will be sent" } }).optional(),
      invoices: fileField({
        label: { zh: "或發票明細", en: "or the invoice ledger" },
        is: ["ledger", "number-list"],
        hint: { zh: "由明細算出空白號碼，兩者給一個", en: "the blank numbers are computed; give one of the two" },
      }).optional(),
    })
    .refine(
      ({ file, invoices }) => (file === undefined) !== (invoices === undefined),
      "空白號碼檔和發票明細，給其中一個",
    ),
  does: [
    "檢查檔案，和字軌、和平台已列出的比對；有問題就不送",
    "匯入字軌一次",
    "等平台每小時的匯入（約 1–3 小時）",
    "逐號核對平台的清單；失敗時取回失敗明細並指出是哪一行",
  ],
  needs: ["tracks-list", "blank-list", "upload-list", "upload-form"],
  final: {
    zh: "上傳後要更正，得先在平台刪除再重傳。和加值中心重複上傳會覆蓋或重複。",
    en: "A correction after the upload means to delete at the portal and to upload again. Uploaded by a value-added centre as well, numbers are overwritten or doubled.",
  },
  acts: ["upload-blank-numbers"],
  duty: REPORT_BLANKS,
  settles: ["verify"],
  reportsBlanks: true,
  facts: reportedBlanks,
  async run(ports): Promise<FlowResult<ReportedBlanks>> {
    const { input, company, files } = ports;
    const { period, file, invoices } = input;
    if (company.blanksReportedBy !== null) {
      throw new Failure("reported-by-other", {
        wanted: formatPeriod(period, "zh"),
        seen: company.blanksReportedBy.name,
      });
    }
    const tracks = invoices ? await allocatedTracks(ports, period) : undefined;
    if (!invoices || !tracks) {
      const checked = await checkedFile(ports, period, () => files.bring(demanded(file)));
      return uploaded(ports, period, checked, await summaryOfFile(ports, period, checked, checked.tracks ?? []));
    }
    const { file: blank, summary, notes } = await computedFile(ports, period, tracks, invoices);
    const { counts } = summary;
    if (blank === null) return { outcome: "already-done", blanks: [], counts, files: [], notes };
    const checked = await checkedFile(ports, period, () => Promise.resolve(blank), tracks);
    const result = await uploaded(ports, period, checked, summary);
    return { ...result, notes: [...(result.notes ?? []), ...notes] };
  },
});

function demanded(file: GivenFile | undefined): GivenFile {
  if (file) return file;
  throw new Failure("wrong-use", { wanted: "空白號碼檔或發票明細", seen: "都沒有給" });
}

/**
 * Uploads a checked file, waits for the import, and proves by the portal's list that it is all there.
 * @param summary what anyone who has to agree is shown besides the numbers; null where a person has agreed to them already
 */
export async function uploaded(
  ports: FlowPorts<unknown>,
  period: Period,
  checked: CheckedFile,
  summary: BlankSummary | null,
): Promise<FlowResult<ReportedBlanks>> {
  const { effect, hold, step, visit, record, files } = ports;
  const { file, rows } = checked;
  await step("know-upload", "記下要上傳的檔案", async () => {
    await files.know(file, { kind: "blank-upload", period, category: "all" });
    return null;
  });
  const act = uploading(ports, period, checked, summary);
  const sent = await effect("匯入字軌", act);
  const blanks = rows.map(asBlank);
  const counts = summary === null ? {} : { counts: summary.counts };
  if (sent.status === "already-done") {
    const more = formatDifference(rows, sent.before.listed);
    const notes = [
      sent.proof,
      ...(more === null ? [] : [`${more}。這份檔案沒有這些號碼；其實用過的話，請用 correct-blank-numbers 更正`]),
    ];
    return { outcome: "already-done", blanks, ...counts, files: [file], notes };
  }
  const imported = await importOf(ports, sent.before.uploads);
  const readList = async (portal: Portal): Promise<BlankRow[]> => {
    const list = await listedBlanks(portal, period);
    await record("平台列出的空白號碼", { data: list, picture: true });
    return list;
  };
  let listed = await step("compare-list", "核對平台清單", () => visit(readList));
  const failed = imported.filter(({ state }) => state === "failed");
  const details = [];
  for (const { fileName } of failed) details.push(await failureDetailsOf(ports, fileName, checked));
  const partly = isPartly(imported, details);
  // What the portal did in part is read once more: the numbers count, not the word for the whole file.
  if (partly) listed = await step("compare-list-again", "逐號再核對平台清單", () => visit(readList));
  const { missing } = compareWithList(rows, listed);
  // Where the portal itself says why some are missing, its reasons are the answer; a person is asked where nothing explains a difference.
  const isExplained = details.length > 0 || partly;
  if (missing.length > 0 && isExplained) throw notListed(checked, missing, details, partly);
  await hold("匯入字軌", act, { before: sent.before, after: { listed, uploads: imported } });
  // Another party's upload may fail in the same hour; ours did not, if all of it is listed.
  if (missing.length > 0) throw notListed(checked, missing, details, partly);
  const others = formatDifference(listed, [...rows, ...sent.before.listed]);
  return {
    outcome: "done",
    blanks,
    ...counts,
    files: [file, ...details.map((one) => one.file)],
    notes: [
      `${formatPeriod(period, "zh")}：${rows.length} 段空白號碼已列入平台（${sent.proof}）`,
      ...(partly ? ["平台說只處理了一部分；逐號核對，這份檔案的號碼都在清單上"] : []),
      ...(others === null ? [] : [`平台清單上另有不是這次上傳的號碼：${others}`]),
    ],
  };
}

/** Whether the portal says, in a status or in the failure details, that it did only a part. */
function isPartly(imported: readonly UploadListRow[], details: readonly Details[]): boolean {
  return details.some(({ partly }) => partly) || imported.some(({ stateText }) => saysPartly(stateText));
}

function notListed(
  { rows, file }: CheckedFile,
  missing: readonly OwnedRange[],
  details: readonly Details[],
  saidPartly: boolean,
): Failure {
  const reasons = details.flatMap((one) => one.reasons);
  const wanted = `${file.name} 的 ${rows.length} 段空白號碼`;
  const there = compareWithList(rows, missing).missing;
  const part = `沒有列入的有 ${missing.length} 段：${formatRanges(missing)}`;
  const says = reasons.length === 0 ? {} : { pageSays: summarize(reasons) };
  if (there.length > 0 || saidPartly) {
    const taken = there.length === 0 ? "清單上一段都還沒有" : `已列入的有 ${there.length} 段：${formatRanges(there)}`;
    return new Failure("upload-partly-done", { wanted, seen: `${taken}；${part}`, ...says });
  }
  return details.length === 0
    ? new Failure("blanks-differ", { wanted, seen: part })
    : new Failure("upload-refused", { wanted, seen: part, ...says });
}

type UploadState = {
  /** What 查詢 lists for the period. */
  readonly listed: readonly BlankRow[];
  /** 上傳列表. */
  readonly uploads: readonly UploadListRow[];
};

/** 匯入字軌 of one file, once. */
export function uploading(
  { company, files }: FlowPorts<unknown>,
  period: Period,
  checked: CheckedFile,
  summary: BlankSummary | null,
): EffectSpec<UploadState> {
  const { file, rows } = checked;
  return {
    id: "upload-blank-numbers",
    approval: uploadTopic(checked, summary),
    keyParts: [period, file.sha256],
    wanted: { 字軌期別: period, 檔案上傳路徑: file.name, "檔案 SHA-256": file.sha256 },
    observe: async (portal) => ({
      listed: await listedBlanks(portal, period),
      uploads: oursOf(await (await portal.blankNumbers()).uploads(), company),
    }),
    decide: (before) => judge(before, rows, period),
    open: async (portal) => opened(portal, { period, file: { name: file.name, bytes: await files.read(file) } }),
    proof: (before, after) => {
      const fresh = newRows(before.uploads, after.uploads);
      const [only, ...others] = fresh;
      const { extra } = compareWithList([...rows, ...before.listed], after.listed);
      // Only we have uploaded, and what was imported is not what is in our file.
      if (only?.state === "done" && others.length === 0 && extra.length > 0) {
        const asked = `${rows.length} 段（${formatRanges(rows)}）`;
        return { differs: [{ label: "空白號碼", asked, found: `多了 ${formatRanges(extra)}` }] };
      }
      const listed = compareWithList(rows, after.listed).missing.length === 0;
      // The portal gives every file its own name: of two new rows nothing tells which is ours before they are imported.
      if (listed || fresh.length === 1) return "as-asked";
      return fresh.length === 0 ? "absent" : "unclear";
    },
    listed: "later",
    leaves: notListedYet(period, rows),
    refusals: refusedAs("upload-not-accepted", { window: "not-in-window" }),
  };
}

/** What the portal lacks while these are not listed, and until when it has to list them. */
export function notListedYet(period: Period, rows: CheckedFile["rows"]): { missing: string; until?: string } {
  const by = deadlinesOf(period).find(({ duty }) => duty === "blank-numbers")?.by;
  const missing = `${rows.length} 段空白號碼還沒有列入（${formatRanges(rows)}）`;
  return by === undefined ? { missing } : { missing, until: by };
}

/**
 * Opens what an upload needs, and knows it: the form with its period, and 上傳列表, on which nothing may wait.
 * @throws Failure `not-in-window`, `upload-under-way`
 */
export async function assertUploadable(portal: Portal, period: Period): Promise<void> {
  const blanks = await portal.blankNumbers();
  const form = await blanks.uploadForm();
  await form.assertComplete();
  const offered = await form.offeredPeriods();
  if (!offered.includes(period)) {
    throw new Failure("not-in-window", {
      wanted: `匯入字軌的 ${formatPeriod(period, "zh")}`,
      seen: offered.length === 0 ? "沒有可選的期別" : `可選的期別：${offered.join("、")}`,
    });
  }
  const [waiting] = waitingUploads(await blanks.uploads());
  if (waiting)
    throw new Failure("upload-under-way", { wanted: formatPeriod(period, "zh"), seen: uploadInWords(waiting) });
}

function uploadInWords({ importedAt, fileName, stateText }: UploadListRow): string {
  return `${importedAt} ${fileName}（${stateText}）`;
}

async function opened(portal: Portal, request: UploadRequest): Promise<OpenForm> {
  const form = await (await portal.blankNumbers()).uploadForm();
  return { form, fill: () => form.fill(request), fillBriskly: () => form.fill(request, "brisk") };
}

/** Uploading what is listed overwrites or doubles it, and what waits for its import may be the same file from another hand. */
function judge({ listed, uploads }: UploadState, rows: CheckedFile["rows"], period: Period): Judgement {
  if (compareWithList(rows, listed).missing.length === 0) {
    return { already: `平台已列出檔案裡的全部 ${rows.length} 段空白號碼` };
  }
  const doubled = rows.filter((row) => listed.some((one) => one.ubn === row.ubn && overlaps(one, row)));
  if (doubled.length > 0) {
    const seen = summarize(doubled.map((row) => `第 ${row.line} 行 ${formatRange(row)} 平台上已經列出`));
    const wanted = `${formatPeriod(period, "zh")}還沒有列出的號碼；請從檔案拿掉這些行，要更正已列出的請用 correct-blank-numbers`;
    return { refuse: "file-invalid", detail: { wanted, seen } };
  }
  const [waiting] = waitingUploads(uploads);
  if (waiting) {
    return {
      refuse: "upload-under-way",
      detail: { wanted: formatPeriod(period, "zh"), seen: uploadInWords(waiting) },
    };
  }
  return { go: true };
}

/** The uploads before the first that was imported: an old row whose status has a word that we do not know is not waited for. */
function waitingUploads(uploads: readonly UploadListRow[]): readonly UploadListRow[] {
  const imported = uploads.findIndex(({ state }) => state !== "waiting");
  return imported < 0 ? uploads : uploads.slice(0, imported);
}

/** Where 上傳列表 says whose each row is, another company's is not ours. */
function oursOf(rows: readonly UploadListRow[], { ubn, branches }: CompanyFacts): UploadListRow[] {
  const own: readonly string[] = [ubn, ...branches];
  return rows.filter((row) => row.ubn === null || own.includes(row.ubn));
}

function newRows(before: readonly UploadListRow[], after: readonly UploadListRow[]): UploadListRow[] {
  return after.filter((row) => !before.some(({ fileName }) => fileName === row.fileName));
}

/** Waits until every upload that is newer than ours could be is imported: which one is ours, its content tells. */
async function importOf(
  { company, wait, visit, step, timing, own }: FlowPorts<unknown>,
  before: readonly UploadListRow[],
): Promise<readonly UploadListRow[]> {
  const look = async (portal: Portal): Promise<UploadListRow[]> =>
    newRows(before, oursOf(await (await portal.blankNumbers()).uploads(), company));
  const settled = (rows: readonly UploadListRow[]): boolean =>
    rows.length > 0 && rows.every(({ state }) => state !== "waiting");
  const answered = await wait<UploadListRow[]>("import", "平台匯入", {
    timing: own(LONG_WAITS).importWait,
    look: {
      list: async () => {
        const rows = await visit(look);
        return settled(rows) ? rows : null;
      },
    },
  });
  if (answered !== null) return answered.answer;
  return step(
    "last-look-at-uploads",
    "期限到了，再看一次上傳列表",
    async () => {
      const rows = await visit(look);
      if (settled(rows)) return rows;
      const seen = rows.map(uploadInWords);
      throw new Failure("upload-late", {
        wanted: "已完成",
        seen: seen.length === 0 ? "上傳列表上還沒有這一筆" : summarize(seen),
      });
    },
    timing.retry,
  );
}

type Details = {
  readonly file: SavedFile;
  readonly reasons: readonly string[];
  /** They say that a part was done. */
  readonly partly: boolean;
};

/** 失敗明細 of one upload: the bytes are kept as they came, and each reason is told with the line of our file that it means. */
export async function failureDetailsOf(
  { step, visit, files, record, timing }: FlowPorts<unknown>,
  upload: string,
  sent: CheckedFile | null,
): Promise<Details> {
  return step(
    `failure-details-${upload}`,
    `下載失敗明細 ${upload}`,
    async () => {
      const { name, bytes } = await visit(async (portal) => (await portal.blankNumbers()).failureDetails(upload));
      const file = await files.save(name, bytes, { origin: `平台：上傳列表 ${upload} 的失敗明細` });
      const details = readFailureDetails(bytes);
      const failures = explainFailures(details, sent?.rows ?? []);
      const reasons = [
        ...details.faults.map(({ message }) => message),
        ...failures.map(
          ({ row, reason, remedy }) => `${row ? `第 ${row.line} 行 ${formatRange(row)}：` : ""}${reason}。${remedy}`,
        ),
      ];
      await record(`失敗明細 ${name}：${reasons.length} 項`, { data: reasons });
      return { file, reasons, partly: failures.some(({ refusal }) => refusal?.isPartial ?? false) };
    },
    timing.retry,
  );
}
