import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { WinningListSettings } from "../../config/parts/winning-list.ts";
import type { WinnerMail, WinnerMailer } from "../../../flows/ports.ts";
import { here } from "../../lib/process-identity.ts";
import { Interrupted } from "../../lib/interrupted.ts";
import type { Json } from "../../lib/json.ts";
import { type Lease, takeLease } from "../../store/lease.ts";
import {
  beginWinnerMail,
  findWinnerMail,
  type WinnerMailRef,
  winnerMailKey,
  winnerMailsOf,
  type WinnerMailStatus,
  settleWinnerMail,
} from "../../engine/effects/winner-mail-table.ts";
import type { Store } from "../../store/store.ts";
import { Failure } from "../../failures/failure.ts";
import { masked } from "../../invoicing/values/masking.ts";
import { readOptedOut } from "../../invoicing/winners/members.ts";
import type { MailTransport, SendResult } from "./smtp.ts";
import { sha256 } from "../../lib/hash.ts";

export interface WinnerMailContext {
  readonly store: Store;
  readonly run: { readonly id: string; readonly ubn: string; readonly flow: string };
  readonly settings: WinningListSettings["notify"];
  /** Null where the configuration names no mail server. */
  readonly transport: (() => Promise<MailTransport>) | null;
  record(type: string, data: Json): Promise<unknown>;
  /** The last check before a letter goes out. @throws Failure */
  assertMayPress(): Promise<void>;
  isStopping(): boolean;
  point(letter: string, point: WinnerMailPoint): Promise<void>;
}

/** Where a process may die; a test kills it at each of them and counts at the mail server. */
export type WinnerMailPoint = "intended" | "answered" | "settled";

/**
 * Mails to winners, each at most once: the letter is noted before it is handed to the server and afterwards. What a dead process left in
 * between is unknown and not sent again but on a person's word.
 */
export function winnerMailer(context: WinnerMailContext): WinnerMailer {
  const { store, run, settings, transport: post } = context;
  const aboutOf = (period: string, reference: string): WinnerMailRef => ({
    ubn: run.ubn,
    flow: run.flow,
    period,
    reference,
  });
  return {
    template: settings === undefined || post === null ? null : { subject: settings.subject, text: settings.text },
    withoutAsking: settings?.withoutAsking ?? false,
    async optedOut() {
      const file = settings?.optOut ?? null;
      if (file === null) return new Set();
      const bytes = await readFile(file).catch((error: unknown) => {
        // Without the list a person would get a mail who has said no.
        throw new Failure("config-invalid", { wanted: `winningList.notify.optOut：${file}`, seen: String(error) });
      });
      return readOptedOut(bytes);
    },
    letters: (period) => winnerMailsOf(store, run.ubn, period),
    async send(period, letters) {
      if (post === null) throw new Failure("config-invalid", { wanted: "mail", seen: "設定檔沒有寄信的伺服器" });
      const sender = await post();
      const lease = await takeLease(store, `letters:${run.ubn}`, `${here.id}/${randomUUID()}`);
      try {
        for (const letter of letters) await sendOne(aboutOf(period, letter.reference), letter, sender, lease, context);
      } finally {
        await lease.release();
      }
    },
    async settle(period, references, verdict) {
      for (const reference of references) {
        const status = verdict === "sent" ? "sent" : "released";
        await settleWinnerMail(store, aboutOf(period, reference), status, "由人判斷");
        await context.record(`letter.${status}`, { reference, by: "person" });
      }
    },
  };
}

async function sendOne(
  about: WinnerMailRef,
  { reference, to, subject, text }: WinnerMail,
  post: MailTransport,
  lease: Lease,
  context: WinnerMailContext,
): Promise<void> {
  const { store, run } = context;
  const known = await findWinnerMail(store, about);
  const shown = { reference, to: masked(to) };
  const settle = async (status: Exclude<WinnerMailStatus, "intended">, words: string): Promise<void> => {
    await settleWinnerMail(store, about, status, words);
    await context.record(`letter.${status}`, { ...shown, words: withoutAddress(words, to) });
    await context.point(reference, "settled");
  };
  // With the lease held, anyone who began it is dead or has given up.
  if (known?.status === "intended") await settle("unknown", "寄的途中被中斷");
  if (known !== null && known.status !== "refused" && known.status !== "released") return;
  if (context.isStopping()) throw new Interrupted();
  await context.assertMayPress();
  await lease.assertHeld();
  const id = sha256(winnerMailKey(about)).slice(0, 32);
  const messageId = post.messageId(id);
  if (!(await beginWinnerMail(store, about, { runId: run.id, messageId, masked: shown.to }))) return;
  await context.record("letter.intended", { ...shown, messageId });
  await context.point(reference, "intended");
  let posted: SendResult;
  try {
    posted = await post.sendTo({ id, to, subject, text });
  } catch (error) {
    await settle("released", error instanceof Failure ? error.message : String(error));
    throw error;
  }
  await context.point(reference, "answered");
  await settle(posted.state, withoutAddress(posted.words, to));
}

/** Servers repeat the receiver's address in their answer. */
function withoutAddress(words: string, address: string): string {
  return words.replaceAll(address, () => masked(address));
}
