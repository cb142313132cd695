import PostalMime from "postal-mime";
import type { Bounce } from "../engine/flow.ts";
import type { Mailbox } from "./mailbox.ts";

/** Who tells that a mail could not be delivered. */
const SENDERS = ["mailer-daemon", "postmaster"];
/** Older reports are of letters that are long settled. */
const NEWEST = 500;

/** Mails that came back, as the reports of mail servers in the mailbox say (RFC 3464), oldest first. */
export async function bouncesIn(mailbox: Mailbox): Promise<Bounce[]> {
  const bounces: Bounce[] = [];
  for (const source of await mailbox.sourcesFrom(SENDERS, NEWEST)) bounces.push(...(await bouncesOf(source)));
  return bounces;
}

/**
 * What one mail reports: nothing where it is no report, or one of a delay. The report names the mail by its Message-ID, in the head that it
 * gives back.
 */
export async function bouncesOf(source: Uint8Array): Promise<Bounce[]> {
  const mail = await PostalMime.parse(source, {
    forceRfc822Attachments: true,
    attachmentEncoding: "arraybuffer",
  }).catch(() => null);
  // Parts in each other without end: no mail server reports so.
  if (mail === null) return [];
  const { messageId, attachments } = mail;
  const parts = attachments.map(({ mimeType, content }) => ({
    mimeType,
    text: typeof content === "string" ? content : new TextDecoder().decode(content),
  }));
  const report = parts.find(({ mimeType }) => mimeType === "message/delivery-status")?.text ?? "";
  if (!/^Action:\s*failed/im.test(report)) return [];
  const returned = parts.filter(({ mimeType }) => /^(message\/rfc822|text\/rfc822-headers)/.test(mimeType));
  const ids = returned.flatMap(({ text }) => [...text.matchAll(/^Message-ID:\s*(<[^<>\s]+>)/gim)].map(([, id]) => id));
  const words =
    /^Diagnostic-Code:\s*(.+(?:\r?\n[ \t].+)*)/im.exec(report)?.[1] ?? /^Status:\s*(\S+)/im.exec(report)?.[1];
  return [...new Set(ids)].flatMap((id) =>
    id === undefined || id === messageId ? [] : [{ messageId: id, words: (words ?? "").replace(/\s+/g, " ").trim() }],
  );
}
