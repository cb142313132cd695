import { z } from "zod";
import { formatPeriod, parsePeriod, type Period } from "../robot/invoicing/values/period.ts";
import { faultList } from "../robot/invoicing/problems/problems.ts";
import { type Recipient, readRecipients } from "../robot/invoicing/winners/recipients.ts";
import { shownInvoice } from "../robot/invoicing/winners/winner.ts";
import { readWinningCsv } from "../robot/invoicing/winners/winning-csv.ts";
import {
  defineFlow,
  Failure,
  fileField,
  type FlowPorts,
  type FlowResult,
  type GivenFile,
  periodField,
  type SavedFile,
  yesField,
} from "../robot/engine/flow.ts";
import { summarize } from "./shared/blank-numbers.ts";
import { PLATFORM, platformOf } from "./shared/platform.ts";
import { mailedWinners } from "./shared/platform-mailing.ts";

/**
 * 會員載具中獎發票清冊 of the value-added platform: who has won, what it prints for them, and whom it writes to.
 *
 * By hand: 其他功能 › 會員載具中獎發票清冊, 查看明細, 下載中獎清冊; choose an invoice, 列印; or 郵寄實體中獎發票, which costs money.
 */
export const platformWinningList = defineFlow({
  name: "platform-winning-list",
  title: { zh: "加值平台中獎清冊", en: "winners of the value-added platform" },
  about: {
    zh: "從加值平台下載一期的會員載具中獎清冊，可列印，也可請平台郵寄實體中獎發票。",
    en: "fetches the winners from the value-added platform, prints or mails their invoices if wanted",
  },
  version: 2,
  input: z.strictObject({
    period: periodField({ choose: "won" }),
    print: yesField({
      label: { zh: "也下載列印檔", en: "download the prints, too" },
      hint: { zh: "每張中獎發票一個 PDF", en: "a PDF for each winning invoice" },
    }),
    recipients: fileField({
      label: { zh: "郵寄的收件名單", en: "whom to mail to" },
      is: ["recipients"],
      hint: {
        zh: "CSV：發票號碼、收件人名稱、郵遞區號、縣市、鄉鎮市區、地址；不給就不郵寄",
        en: "CSV; without it nothing is mailed",
      },
      option: "file",
    }).optional(),
  }),
  does: [
    "登入加值平台，查看明細、下載中獎清冊並檢查",
    "給了收件名單時：看寄送歷程，列出要寄的請您同意，逐張填表比對、確定一次",
    "讀回發票寄送歷程",
  ],
  final: {
    zh: "郵寄實體中獎發票要付費，申請後不能撤回；會先把要寄的列出來請您同意。",
    en: "Mailing prize invoices costs money and can't be taken back once ordered; what will be mailed is listed and agreed to first.",
  },
  acts: ["mail-prize-invoice"],
  settled: platformOf,
  async run(ports): Promise<FlowResult> {
    const { period, print, recipients } = ports.input;
    const wanted = recipients ? await wantedRecipients(ports, recipients) : [];
    const name = formatPeriod(period, "zh");
    const list = await downloadedList(ports, period);
    if (list === null) {
      if (wanted.length > 0) throw notWinning(wanted);
      return { outcome: "done", notes: [`${name}：加值平台沒有列出中獎發票`] };
    }
    const winners = await ports.step("check-winners", "檢查中獎清冊", () => soundWinners(ports, period, list));
    const strangers = wanted.filter(({ invoice }) => !winners.some((winner) => winner.invoice === invoice));
    if (strangers.length > 0) throw notWinning(strangers);
    const prints = print ? await printed(ports, period, winners) : [];
    const mailed = wanted.length === 0 ? null : await mailedWinners(ports, period, wanted);
    const sum = winners.reduce((all, { amount }) => all + (amount ?? 0), 0);
    return {
      outcome: mailed?.outcome ?? "done",
      files: [list, ...prints],
      notes: [
        `${name}：${winners.length} 張中獎發票，獎金合計 ${sum.toLocaleString("en")} 元`,
        ...winners
          .filter(({ amount }) => amount === null)
          .map(({ invoice }) => `${shownInvoice(invoice)} 的獎金清冊沒有寫`),
        ...(mailed?.notes ?? []),
      ],
    };
  },
});

type WinningInvoice = { readonly invoice: string; readonly amount: number | null };

function notWinning(recipients: readonly Recipient[]): Failure {
  const seen = summarize(
    recipients.map(({ line, invoice }) => `第 ${line} 行的 ${shownInvoice(invoice)} 不在中獎清冊上`),
  );
  return new Failure("file-invalid", { wanted: "收件名單裡都是這一期的中獎發票", seen });
}

/** The list of recipients, checked before anything is opened. */
async function wantedRecipients({ step, files }: FlowPorts<unknown>, given: GivenFile): Promise<readonly Recipient[]> {
  const file = await step("bring-recipients", "收下收件名單", () => files.bring(given, { personal: true }));
  const { recipients, faults } = readRecipients(await files.read(file));
  if (faults.length > 0) {
    const seen = summarize(
      faults.map(({ line, column, message, remedy }) => `第 ${line} 行 ${column}：${message}${remedy}`),
    );
    throw new Failure("file-invalid", { wanted: "收件名單", seen });
  }
  if (recipients.length === 0) throw new Failure("file-invalid", { wanted: "收件名單", seen: "名單裡沒有收件人" });
  return recipients;
}

/** 下載中獎清冊, kept as it came; null where there is none. */
function downloadedList(
  { step, visitAt, files, record, timing }: FlowPorts<unknown>,
  period: Period,
): Promise<SavedFile | null> {
  return step(
    "download-winners",
    "下載中獎清冊",
    async () => {
      const file = await visitAt(PLATFORM, async (site) => (await site.winners()).download(period));
      if (file !== null)
        return files.save(file.name, file.bytes, { origin: `加值平台：中獎清冊，${period} 期`, personal: true });
      await record("加值平台沒有列出中獎發票", { picture: true });
      return null;
    },
    timing.retry,
  );
}

/** What the list says, where nothing is wrong with it. Who has won stays in the file: what is passed on goes without 會員識別. */
async function soundWinners(
  { company, files }: FlowPorts<unknown>,
  period: Period,
  list: SavedFile,
): Promise<WinningInvoice[]> {
  const bytes = await files.read(list);
  const { faults, add } = faultList();
  const winners: WinningInvoice[] = [];
  const foreign: string[] = [];
  const source = { name: list.name, read: () => once(bytes) };
  for await (const { line, fields, prize, whole } of readWinningCsv(source, { onFault: add })) {
    winners.push({ invoice: fields.invoice.replaceAll("-", ""), amount: prize.amount });
    if (whole && parsePeriod(fields.period) !== period) foreign.push(`第 ${line} 行是 ${fields.period} 期`);
    if (fields.sellerUbn !== "" && fields.sellerUbn !== company.ubn)
      foreign.push(`第 ${line} 行是 ${fields.sellerUbn} 的發票`);
  }
  const seen = [...faults.map(({ line, message }) => `第 ${line} 行：${message}`), ...foreign];
  if (seen.length === 0) return winners;
  throw new Failure("download-broken", { wanted: `${company.ubn} ${period} 期的中獎清冊`, seen: summarize(seen) });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** 列印, one invoice after the other: each is its own file, to be handed to its winner. */
async function printed(
  { step, visitAt, files, timing }: FlowPorts<unknown>,
  period: Period,
  winners: readonly WinningInvoice[],
): Promise<SavedFile[]> {
  const prints: SavedFile[] = [];
  for (const { invoice } of winners) {
    const file = await step(
      `print-${invoice}`,
      `列印 ${shownInvoice(invoice)}`,
      async () => {
        const { bytes } = await visitAt(PLATFORM, async (site) => (await site.winners()).print(period, invoice));
        const kept = await files.save(`中獎發票-${invoice}.pdf`, bytes, {
          origin: `加值平台：列印 ${invoice}`,
          personal: true,
        });
        if (isPdf(bytes)) return kept;
        throw new Failure("download-broken", { wanted: `${invoice} 的列印檔（PDF）`, seen: "下載回來的不是 PDF" });
      },
      timing.retry,
    );
    prints.push(file);
  }
  return prints;
}

function isPdf(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, 5)) === "%PDF-";
}
