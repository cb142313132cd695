import { z } from "zod";
import { taipeiDay } from "../robot/invoicing/values/day.ts";
import { winnersToldWithin } from "../robot/invoicing/deadlines/deadlines.ts";
import { masked } from "../robot/invoicing/values/masking.ts";
import { formatPeriod, type Period } from "../robot/invoicing/values/period.ts";
import { letterTo, type LetterTemplate, winnerSheets } from "../robot/invoicing/winners/winner-letter.ts";
import { shownInvoice } from "../robot/invoicing/winners/winner.ts";
import {
  defineFlow,
  Failure,
  fileField,
  type FlowPorts,
  type FlowResult,
  periodField,
  type SavedFile,
  yesField,
} from "../robot/engine/flow.ts";
import { WINNER_MAILER } from "./ports.ts";
import { type Mailed, noticeTable, type Plan, planOf, withoutMail } from "./shared/winner-notices.ts";

type Input = {
  readonly period: Period;
  readonly members: { readonly path: string; readonly sha256: string };
  readonly list?: { readonly path: string; readonly sha256: string } | undefined;
  readonly dryRun: boolean;
};

/** Winners by how they were told: by mail (now or before), to be told on paper, and left to a person. */
const notified = z.object({
  notified: z.object({ mailed: z.number(), paper: z.number(), person: z.number() }).readonly().nullable().default(null),
});

/**
 * 通知中獎人: one mail to each winner whose address is known and who wants mail, sheets to print for all others, and a table of who was
 * told when. May be run again at any time: who was told is not told again, and mails that came back meanwhile are listed.
 *
 * By hand: look up each winner's address, write one mail at a time, tick it off, print the letters for the others.
 */
export const notifyWinners = defineFlow({
  name: "notify-winners",
  title: { zh: "通知中獎人", en: "notify winners" },
  about: {
    zh: "寄信通知一期的中獎人，一人一封；沒有電子郵件的印紙本。",
    en: "tells winners by mail, and on paper who has no address",
  },
  version: 2,
  input: z.strictObject({
    period: periodField({ choose: "won" }),
    members: fileField({
      label: { zh: "會員名單", en: "list of members" },
      is: ["member-list", "unknown"],
      hint: { zh: "CSV：會員識別或載具、電子郵件、姓名", en: "CSV: member or carrier, address, name" },
    }),
    list: fileField({
      label: { zh: "中獎清冊", en: "list of winners" },
      is: ["winning-list", "winning-csv"],
      hint: { zh: "不給就用已取得的", en: "default: what was fetched" },
      option: "file",
    }).optional(),
    dryRun: yesField({
      label: { zh: "只預覽", en: "preview only" },
      hint: { zh: "只看會寄給誰、寄什麼，一封都不寄", en: "says what would be sent, sends nothing" },
    }),
  }),
  does: [
    "對會員名單，決定誰寄信、誰印紙本（拒收名單上的也印紙本）",
    "給您看要寄幾封，同意才寄",
    "一張中獎發票一封，寄過的不再寄；不確定的問您",
    "寫下誰在何時用什麼方式通知，列出退信",
  ],
  final: { zh: "信寄出就收不回來。", en: "A mail that was sent can't be called back." },
  facts: notified,
  async run(ports): Promise<FlowResult<z.input<typeof notified>>> {
    const { input, rehearsal, step } = ports;
    const winnerPost = ports.own(WINNER_MAILER);
    const { period } = input;
    const { template } = winnerPost;
    if (template === null) {
      throw new Failure("config-invalid", {
        wanted: "winningList.notify（主旨與內容）與 mail（寄信的伺服器）",
        seen: "設定檔沒有寫齊，一封都沒有寄",
      });
    }
    const lists = await broughtLists(ports);
    const members = await step("bring-members", "收下會員名單", () =>
      ports.files.bring(input.members, { personal: true }),
    );
    const plan = once(() => planOf(ports, lists, members));
    const count = await step("decide-notices", "決定誰用什麼方式通知", async () => {
      const { mails, papers, unread } = await plan();
      return { mails: mails.length, papers: papers.length, unread: unread.length };
    });
    const about = `${formatPeriod(period, "zh")}中獎人 ${count.mails + count.papers + count.unread} 位`;
    if (input.dryRun || rehearsal) return preview(ports, plan, template, about);
    const before = await step("sent-before", "看哪些已經寄過", () => winnerPost.letters(period));
    const fresh = await step("left-to-send", "看還有哪些要寄", async () => unsent(await plan(), before));
    await agreed(ports, plan, fresh, about);
    await sendAll(ports, plan, template);
    const done = await wroteDown(ports, plan, template);
    const { by } = winnersToldWithin(period);
    const late = await step("deadline", "看期限", () => Promise.resolve(taipeiDay(new Date()) > by));
    return {
      outcome: fresh.length === 0 && before.length > 0 ? "already-done" : "done",
      notified: done.notified,
      files: [...lists, ...done.files],
      notes: [
        `${about}：寄信 ${done.notified.mailed}（這次要寄 ${fresh.length}），紙本 ${done.notified.paper}`,
        ...done.notes,
        ...(count.unread > 0 ? [`清冊有 ${count.unread} 行看不懂，請人工查明是誰：見通知結果`] : []),
        late ? `通知期限 ${by} 已過` : `通知期限：${by}；退信要晚一點才會來，再執行一次就會列出，不會重寄`,
      ],
    };
  },
});

/** Mails of one step: what was sent of it survives a crash one by one. */
const BATCH = 50;
const MAX_LISTED = 20;

/** What is computed from kept files is not kept again, as it names people; after a crash it is computed again. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | null = null;
  return () => (result ??= work());
}

/** The list that was given, else the tables that were made of the portal's lists. */
async function broughtLists({ input, step, files }: FlowPorts<Input>): Promise<SavedFile[]> {
  const { period, list } = input;
  if (list !== undefined)
    return [await step("bring-winning-list", "收下中獎清冊", () => files.bring(list, { personal: true }))];
  const kept = await step("find-winning-list", "找這一期的中獎清冊", async () => [...(await files.winnersOf(period))]);
  if (kept.length > 0) return kept;
  throw new Failure("winning-list-missing", { wanted: `${formatPeriod(period, "zh")}的中獎清冊` });
}

type Known = { readonly reference: string; readonly status: string };

/** Invoices whose winners get a mail and have not had one. */
function unsent({ mails }: Plan, known: readonly Known[]): string[] {
  const settled = new Set(known.filter(({ status }) => status === "sent").map(({ reference }) => reference));
  return mails.map(({ winner }) => winner.fields.invoice).filter((invoice) => !settled.has(invoice));
}

/** Who would get what, without sending anything. */
async function preview(
  { step, files, company }: FlowPorts<Input>,
  plan: () => Promise<Plan>,
  template: LetterTemplate,
  about: string,
): Promise<FlowResult<z.input<typeof notified>>> {
  const shown = await step("write-preview", "寫下預覽", async () => {
    const planned = await plan();
    const { mails, papers } = planned;
    const rows = mails.map((mail) => ({ mail, letter: letterTo(mail, template, company.name) }));
    const table = noticeTable(
      planned,
      [],
      new Map(rows.map(({ mail, letter }) => [mail.winner.fields.invoice, letter])),
    );
    const file = await files.save("通知預覽.csv", table, {
      origin: "預覽，還沒有寄",
      direction: "out",
      personal: true,
    });
    const lines = rows.slice(0, MAX_LISTED).map(({ mail, letter }) => `${lineOf(mail)}　${letter.subject}`);
    return { file, lines, mails: mails.length, papers: papers.length };
  });
  return {
    outcome: "done",
    files: [shown.file],
    notes: [`預覽，一封都沒有寄。${about}：會寄信 ${shown.mails}，紙本 ${shown.papers}`, ...shown.lines],
  };
}

function lineOf({ winner, address }: Mailed): string {
  return `${shownInvoice(winner.fields.invoice)}　${winner.prize.name} → ${masked(address)}`;
}

async function agreed(
  { step, person, own }: FlowPorts<Input>,
  plan: () => Promise<Plan>,
  fresh: readonly string[],
  about: string,
): Promise<void> {
  if (own(WINNER_MAILER).withoutAsking || fresh.length === 0) return;
  const sample = await step("pick-sample", "挑幾位給人看", async () =>
    (await plan()).mails
      .filter(({ winner }) => fresh.includes(winner.fields.invoice))
      .slice(0, 3)
      .map(lineOf),
  );
  const answer = await person("send-notices", "寄通知信", {
    text: `${about}，要寄 ${fresh.length} 封通知信（例如 ${sample.join("；")}）。寄出就收不回來。同意嗎？先看內容可用 --dry-run。`,
    choices: { yes: "同意，寄出", no: "不同意，一封都不寄" },
  });
  if (answer !== "yes") throw new Failure("cancelled", { seen: "沒有得到同意，一封都沒有寄" });
}

/** Sends in batches; where it is not known whether a mail went out, a person decides. */
async function sendAll(
  { input, company, step, person, own, timing }: FlowPorts<Input>,
  plan: () => Promise<Plan>,
  template: LetterTemplate,
): Promise<void> {
  const { period } = input;
  const winnerPost = own(WINNER_MAILER);
  const total = await step("count-mails", "看要寄幾封", async () => (await plan()).mails.length);
  const again = { ...timing.retry, on: ["smtp-unreachable"] } as const;
  for (let round = 1; ; round++) {
    for (let from = 0; from < total; from += BATCH) {
      await step(
        `send-${from}-${round}`,
        `寄第 ${from + 1} 到 ${Math.min(from + BATCH, total)} 封 ${round}`,
        async () => {
          const batch = (await plan()).mails.slice(from, from + BATCH).map((mail) => ({
            reference: mail.winner.fields.invoice,
            to: mail.address,
            ...letterTo(mail, template, company.name),
          }));
          await winnerPost.send(period, batch);
          return batch.length;
        },
        again,
      );
    }
    const open = await step(`uncertain-${round}`, `看有沒有不確定的 ${round}`, async () =>
      (await winnerPost.letters(period)).filter(({ status }) => status === "unknown"),
    );
    if (open.length === 0) return;
    const which = open.slice(0, MAX_LISTED).map(({ reference, masked: to }) => `${shownInvoice(reference)} → ${to}`);
    const verdict = await person(`settle-uncertain-${round}`, `不確定有沒有寄出 ${round}`, {
      text: `有 ${open.length} 封通知信寄到一半中斷，不知道對方有沒有收到：${which.join("；")}。請看寄信伺服器的紀錄或寄件備份。`,
      choices: { sent: "當作已寄出，不再寄", again: "再寄一次（可能收到兩封）" },
    });
    await step(`note-verdict-${round}`, `記下人的判斷 ${round}`, async () => {
      const references = open.map(({ reference }) => reference);
      await winnerPost.settle(period, references, verdict === "again" ? "not-sent" : "sent");
      return references.length;
    });
  }
}

type Done = {
  readonly notified: { readonly mailed: number; readonly paper: number; readonly person: number };
  readonly files: readonly SavedFile[];
  readonly notes: readonly string[];
};

/** The table of who was told when, and the sheets for those who have to be told on paper. */
function wroteDown(
  { input, company, step, files, mailbox, own, timing }: FlowPorts<Input>,
  plan: () => Promise<Plan>,
  template: LetterTemplate,
): Promise<Done> {
  return step(
    "write-notices",
    "寫下通知結果",
    async () => {
      const letters = await own(WINNER_MAILER).letters(input.period);
      const bounces = await mailbox.bounces();
      const told = letters.map((letter) => {
        const bounce = bounces.find(({ messageId }) => messageId === letter.messageId);
        return bounce && letter.status === "sent"
          ? { ...letter, status: "bounced" as const, words: bounce.words }
          : letter;
      });
      const planned = await plan();
      const failed = told.filter(({ status }) => status === "bounced" || status === "refused");
      const paper = withoutMail(planned, failed);
      const made = [
        await files.save("通知結果.csv", noticeTable(planned, told), {
          origin: "通知中獎人的結果",
          direction: "out",
          personal: true,
        }),
      ];
      if (paper.length > 0) {
        const sheets = new TextEncoder().encode(winnerSheets(paper, template, company.name));
        made.push(
          await files.save("紙本通知.html", sheets, { origin: "沒有寄信的中獎人", direction: "out", personal: true }),
        );
      }
      const mailed = told.filter(({ status }) => status === "sent").length;
      return {
        notified: { mailed, paper: paper.length, person: planned.unread.length },
        files: made,
        notes: [
          ...failed
            .slice(0, MAX_LISTED)
            .map(
              ({ reference, status, masked: to, words }) =>
                `${shownInvoice(reference)} → ${to}：${status === "bounced" ? "退信" : "伺服器不收"}（${words ?? ""}），已列入紙本`,
            ),
          ...(failed.length > MAX_LISTED ? [`另有 ${failed.length - MAX_LISTED} 封，見通知結果`] : []),
        ],
      };
    },
    { ...timing.retry, on: [...timing.retry.on, "mailbox-unreachable"] },
  );
}
