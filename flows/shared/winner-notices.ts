import { identifyFile } from "../../robot/invoicing/file-recognition.ts";
import { readMembers } from "../../robot/invoicing/winners/members.ts";
import { parsePeriod } from "../../robot/invoicing/values/period.ts";
import { fileOfBytes } from "../../robot/invoicing/reading/table.ts";
import { noticesOf, type WinnerNotice } from "../../robot/invoicing/winners/winner-letter.ts";
import type { Winner } from "../../robot/invoicing/winners/winner.ts";
import { readWinners } from "../../robot/invoicing/winners/winning-list.ts";
import { type NoticeRow, writeNotices } from "../../robot/invoicing/winners/winner-notices.ts";
import { Failure, type FlowPorts, type SavedFile } from "../../robot/engine/flow.ts";
import { WINNER_MAILER } from "../ports.ts";
import { summarize } from "./blank-numbers.ts";

export type Mailed = Extract<WinnerNotice, { way: "mail" }>;
type Paper = Extract<WinnerNotice, { way: "paper" }>;

/** Who is notified how. It names people, so it is never a step's result. */
export interface Plan {
  readonly mails: readonly Mailed[];
  readonly papers: readonly Paper[];
  /** Lines of the lists that can't be read. */
  readonly unread: readonly Winner[];
}

/** @throws Failure `file-invalid` for a list of members, or of winners, that is not right */
export async function planOf(
  { files, own, input }: FlowPorts<{ readonly period: string }>,
  lists: readonly SavedFile[],
  members: SavedFile,
): Promise<Plan> {
  const { byKey, faults } = readMembers(await files.read(members));
  if (faults.length > 0) {
    const seen = faults.map(({ line, column, message, remedy }) => `第 ${line} 行 ${column}：${message}${remedy}`);
    throw new Failure("file-invalid", { wanted: "會員名單", seen: summarize(seen) });
  }
  const winners: Winner[] = [];
  for (const list of lists) winners.push(...(await winnersIn(list, await files.read(list))));
  const periods = winners.filter(({ whole }) => whole).map(({ fields }) => parsePeriod(fields.period));
  const others = new Set(periods.filter((period) => period !== input.period));
  if (others.size > 0) {
    const seen = `清冊裡有 ${[...others].join("、")} 期的發票`;
    throw new Failure("file-invalid", { wanted: `${input.period} 期的中獎清冊`, seen });
  }
  const notices = noticesOf(winners, byKey, await own(WINNER_MAILER).optedOut());
  return {
    mails: notices.filter((one): one is Mailed => one.way === "mail"),
    papers: notices.filter((one): one is Paper => one.way === "paper"),
    unread: notices.flatMap((one) => (one.way === "person" ? [one.winner] : [])),
  };
}

async function winnersIn({ name }: SavedFile, bytes: Uint8Array): Promise<Winner[]> {
  const kind = identifyFile(bytes, name);
  if (kind !== "winning-list" && kind !== "winning-csv") {
    throw new Failure("file-invalid", { wanted: "中獎清冊", seen: `${name} 不是中獎清冊，或還沒有解密` });
  }
  return Array.fromAsync(readWinners(kind, fileOfBytes(name, bytes), { onFault: () => undefined }));
}

/** Who has to be told on paper: those without mail, and those whose mail was not taken or came back. */
export function withoutMail(
  { mails, papers }: Plan,
  failed: readonly { readonly reference: string }[],
): readonly (Mailed | Paper)[] {
  const lost = new Set(failed.map(({ reference }) => reference));
  return [...papers, ...mails.filter(({ winner }) => lost.has(winner.fields.invoice))];
}

/** How a letter stands: as the store has it, or come back. */
export interface WinnerMailState {
  readonly reference: string;
  readonly status: "intended" | "sent" | "refused" | "unknown" | "released" | "bounced";
  readonly at: string;
  readonly words: string | null;
}

const WAYS: { readonly [status in WinnerMailState["status"]]: string } = {
  sent: "已寄信",
  bounced: "退信，改寄紙本",
  refused: "伺服器不收，改寄紙本",
  intended: "還沒有寄",
  unknown: "不確定有沒有寄出",
  released: "還沒有寄",
};

/**
 * The table of who was told how and when: every winner, in the order of the lists.
 * @param letters what is known of the mails
 * @param previews what a mail would say, by invoice, where nothing was sent
 */
export function noticeTable(
  { mails, papers, unread }: Plan,
  letters: readonly WinnerMailState[],
  previews: ReadonlyMap<string, { readonly subject: string; readonly text: string }> = new Map(),
): Uint8Array {
  const byInvoice = new Map(letters.map((letter) => [letter.reference, letter]));
  const about = ({ fields, prize }: Winner): Pick<NoticeRow, "invoice" | "prize" | "amount"> => ({
    invoice: fields.invoice,
    prize: prize.name,
    amount: prize.amount === null ? "" : String(prize.amount),
  });
  return writeNotices([
    ...mails.map(({ winner, address, name }) => {
      const letter = byInvoice.get(winner.fields.invoice);
      const shown = previews.get(winner.fields.invoice);
      const words = shown ? `${shown.subject}\n${shown.text}` : (letter?.words ?? "");
      const at = letter && letter.status !== "released" ? letter.at : "";
      return { ...about(winner), way: letter ? WAYS[letter.status] : "寄信", address, name, at, words };
    }),
    ...papers.map(({ winner, why, name }) => {
      const words = why === "opted-out" ? "不願收信" : "名單裡沒有電子郵件";
      return { ...about(winner), way: "紙本", address: "", name, at: "", words };
    }),
    ...unread.map((winner) => ({
      ...about(winner),
      way: "看不懂，請人工查明",
      address: "",
      name: "",
      at: "",
      words: winner.note,
    })),
  ]);
}
