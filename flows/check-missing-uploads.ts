import { z } from "zod";
import type { Says } from "../robot/invoicing/ledger/entry.ts";
import { joinWithLedger, type Lacked, readMissingUploads } from "../robot/invoicing/blank-numbers/missing-uploads.ts";
import { formatPeriod } from "../robot/invoicing/values/period.ts";
import { faultList } from "../robot/invoicing/problems/problems.ts";
import {
  defineFlow,
  Failure,
  fileField,
  type FlowPorts,
  type FlowResult,
  periodField,
  type SavedFile,
} from "../robot/engine/flow.ts";
import { summarize } from "./shared/blank-numbers.ts";
import { entriesOf, faultLine, readingOf } from "./shared/ledger-entries.ts";
import { describeReading, type UnderstoodLedger, understoodLedger } from "./shared/ledger-teaching.ts";

/** Invoices that the portal says it lacks, and what the invoice ledger says of each; null: it does not know the number. */
const lackedInvoices = z.object({
  lacked: z
    .array(z.object({ number: z.string(), known: z.custom<Says>().nullable() }).readonly())
    .readonly()
    .default([]),
});

/**
 * 漏上傳檢核: which invoices the portal says it lacks (or got late or wrong), what the company's own ledger knows of each, and which
 * reminders lie in the mailbox. Only reads.
 *
 * By hand: download 漏上傳資料清冊, look each number up in the invoicing program, and read the portal's mails.
 */
export const checkMissingUploads = defineFlow({
  name: "check-missing-uploads",
  title: { zh: "漏上傳檢核", en: "check for missing uploads" },
  about: {
    zh: "看平台說還沒有上傳的發票，和發票明細對照。",
    en: "compares the invoices that the portal lacks with the ledger",
  },
  version: 3,
  input: z.strictObject({
    period: periodField({ choose: "ended" }),
    invoices: fileField({
      label: { zh: "發票明細", en: "invoice ledger" },
      is: ["ledger"],
      hint: { zh: "不給就只列出平台的清冊", en: "without it the portal's list is only told" },
    }).optional(),
  }),
  does: ["下載平台的漏上傳清冊", "和明細比對，說明少了哪幾張、在哪一行", "列出信箱裡的提醒信"],
  needs: ["missing-uploads"],
  final: null,
  facts: lackedInvoices,
  async run(ports): Promise<FlowResult<z.input<typeof lackedInvoices>>> {
    const { input, step, visit, files, mailbox, record, timing } = ports;
    const { period, invoices } = input;
    const name = formatPeriod(period, "zh");
    const list = await step(
      "download-missing",
      "下載漏上傳清冊",
      async () => {
        const file = await visit(async (portal) => (await portal.missingUploads()).download(period));
        if (file === null) {
          await record("平台沒有列出漏上傳的發票", { picture: true });
          return null;
        }
        return files.save(file.name, file.bytes, { origin: `平台：漏上傳資料清冊，${period} 期` });
      },
      timing.retry,
    );
    const reminders = await step("reminders", "看信箱裡的提醒", () => mailbox.reminders());
    const mails = reminders.map(({ subject, date, task }) => `信件「${subject}」${date?.slice(0, 10) ?? ""}：${task}`);
    if (list === null) return { outcome: "done", notes: [`${name}：平台沒有列出漏上傳的發票`, ...mails] };
    const ledger = invoices ? await step("bring-ledger", "收下發票明細", () => files.bring(invoices)) : null;
    const understood =
      ledger === null
        ? null
        : await understoodLedger(ports, ledger, (file, teaching) => readingOf(ports, file, teaching));
    const { lacked, unread, faults } = await step("compare-with-ledger", "和發票明細比對", () =>
      joined(ports, list, ledger, understood),
    );
    return {
      outcome: "done",
      lacked: lacked.map(({ track, number, known }) => ({ number: `${track}${number}`, known: known?.how ?? null })),
      files: ledger ? [list, ledger] : [list],
      notes: [
        `${name}：平台少了 ${lacked.length} 張發票`,
        ...lacked.slice(0, MAX_LISTED).map((one) => inWords(one, ledger !== null)),
        ...(lacked.length > MAX_LISTED ? [`另有 ${lacked.length - MAX_LISTED} 張，見清冊`] : []),
        ...(unread.length > 0 ? [`清冊第 ${unread.slice(0, MAX_LISTED).join("、")} 行看不到發票號碼，請人工核對`] : []),
        ...(understood?.notes ?? []),
        ...faults,
        ...mails,
      ],
    };
  },
});

const MAX_LISTED = 50;

async function joined(
  ports: FlowPorts<unknown>,
  list: SavedFile,
  ledger: SavedFile | null,
  understood: UnderstoodLedger | null,
): Promise<{ lacked: readonly Lacked[]; unread: readonly number[]; faults: readonly string[] }> {
  const { files, record } = ports;
  const { rows, unread, faults } = readMissingUploads(await files.read(list));
  if (faults.length > 0)
    throw new Failure("download-broken", {
      wanted: "漏上傳清冊",
      seen: summarize(faults.map(({ message }) => message)),
    });
  if (ledger === null || understood === null)
    return { lacked: rows.map((row) => ({ ...row, known: null })), unread, faults: [] };
  const doubts = faultList();
  const entries = await entriesOf(ports, ledger, understood.teaching, { onFault: doubts.add });
  const lacked = await joinWithLedger(rows, entries);
  const lines = doubts.faults.map((fault) => `發票明細${faultLine(fault)}`);
  await record("發票明細讀到什麼", { data: [...understood.notes, ...describeReading(understood.report), ...lines] });
  return { lacked, unread, faults: summarized(lines) };
}

/** The first of many, and how many more there are. */
function summarized(lines: readonly string[]): string[] {
  const rest = lines.length - MAX_LISTED;
  return [...lines.slice(0, MAX_LISTED), ...(rest > 0 ? [`發票明細還有 ${rest} 處讀不懂，都在紀錄裡`] : [])];
}

function inWords({ track, number, known, line }: Lacked, hasLedger: boolean): string {
  const which = `${track}${number}（清冊第 ${line} 行）`;
  if (!hasLedger) return which;
  if (known === null) return `${which}：發票明細裡沒有這個號碼，請確認是誰開立的`;
  return `${which}：明細第 ${known.line} 行，${known.day ?? "沒有日期"} ${HOW[known.how]}，請補上傳`;
}

/** What the ledger's row says of an invoice. */
const HOW: Readonly<Record<Says, string>> = {
  issued: "開立",
  voided: "作廢",
  cancelled: "註銷",
  allowance: "折讓（證明已開立）",
  item: "有品項（證明已開立）",
  listed: "已使用",
  mentioned: "備註提到",
  named: "別的列提到",
  blank: "空白",
};
