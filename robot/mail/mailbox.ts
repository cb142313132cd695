import type { ImapFlow, MailboxObject } from "imapflow";
import { STALL_LIMITS } from "../lib/stall-limits.ts";
import { within } from "../lib/within.ts";
import { Connections, Forgotten, type MailboxConfig } from "./connection.ts";
import { type MailSeen, parseMail } from "./message.ts";

export type { MailboxConfig } from "./connection.ts";
export type { MailSeen } from "./message.ts";

/**
 * A place in a mailbox: every mail that was there when it was taken is before it. Plain JSON, so a run keeps it over hours
 * and restarts.
 */
export type MailMark = {
  /** The numbering that `uidNext` belongs to. A server that renumbers its mails says so by another value (RFC 9051, 2.3.1.1). */
  readonly uidValidity: string;
  /** The number the next mail will get, or a smaller one. */
  readonly uidNext: number;
};

/** Which mails are meant. Both conditions must hold. */
export interface MailMatch {
  /** Addresses of senders; the name beside an address and the case do not matter. */
  readonly from: readonly string[];
  /** Any one of these in the decoded subject is enough; spaces, width and case do not matter. */
  readonly subjectWords: readonly string[];
}

/**
 * A mailbox to look into. Each call makes its own connection and keeps nothing in memory, since hours and restarts lie between
 * two looks. Nothing is changed in the mailbox: no mail is marked as read.
 *
 * All calls throw Failure `mailbox-unreachable`, `mailbox-rejected` (user name or password refused), or `config-invalid` (no
 * such folder, or a password that would travel unencrypted).
 */
export interface Mailbox {
  /** Notes what is in the mailbox now. */
  mark(): Promise<MailMark>;
  /**
   * The matching mails that came after the mark, oldest first; of several copies of one mail (same Message-ID) the first,
   * and none if one of them was there before the mark.
   * Numbers are compared, never times: a forwarded mail may carry any date. If the server has renumbered the folder since
   * the mark, every matching mail in it is given, with `certainlyNew: false`.
   */
  newSince(mark: MailMark, match: MailMatch): Promise<MailSeen[]>;
  /**
   * Tells of each matching mail as soon as the server tells (IDLE), until shutdown.
   * @returns false at once where the server knows no IDLE
   * @throws Failure when the connection breaks; what came meanwhile is found by `newSince`
   */
  watch(match: MailMatch, came: (mail: MailSeen) => Promise<void>, stop: AbortSignal): Promise<boolean>;
  /** The newest mails, as they came, whose sender's line has any of the words; oldest first. */
  sourcesFrom(senders: readonly string[], newest: number): Promise<Uint8Array[]>;
  /** Breaks off what is under way. */
  close(): Promise<void>;
}

/** Opens nothing yet: the first connection is made by the first call. */
export function openMailbox(config: MailboxConfig): Mailbox {
  const connections = new Connections(config);
  return {
    mark: () =>
      connections.use(async (client, folder) => ({ ...numbering(folder), uidNext: await nextUid(client, folder) })),
    newSince: (mark, match) =>
      connections.use(async (client, folder) => {
        const { uidValidity } = numbering(folder);
        const certainlyNew = uidValidity === mark.uidValidity;
        const uids = await fromSenders(client, folder, certainlyNew ? mark.uidNext : 1, match.from);
        const mails = await read(client, uids, { uidValidity, certainlyNew });
        const meant = onceEach(mails.filter((mail) => isMeant(mail, match)));
        return certainlyNew ? withoutLateCopies(client, meant, mark) : meant;
      }),
    watch: (match, came, stop) =>
      connections.use(async (client, folder) => {
        if (!client.capabilities.has("IDLE")) return false;
        await tellOf(client, folder, match, came, stop);
        return true;
      }),
    sourcesFrom: (senders, newest) =>
      connections.use(async (client, folder) => {
        const uids = (await fromSenders(client, folder, 1, senders)).slice(-newest);
        const sources: Uint8Array[] = [];
        for (const uid of uids) {
          const mail = await client.fetchOne(String(uid), { source: { start: 0, maxLength: LONGEST } }, { uid: true });
          if (mail && mail.source !== undefined) sources.push(mail.source);
        }
        return sources;
      }),
    close: () => connections.close(),
  };
}

async function tellOf(
  client: ImapFlow,
  folder: MailboxObject,
  match: MailMatch,
  came: (mail: MailSeen) => Promise<void>,
  stop: AbortSignal,
): Promise<void> {
  let next = await nextUid(client, folder);
  let wake = (): void => undefined;
  let isNews = false;
  client.on("exists", () => {
    isNews = true;
    wake();
  });
  const end = (): void => wake();
  stop.addEventListener("abort", end);
  try {
    while (!stop.aborted) {
      const woken = new Promise<void>((resolve) => (wake = resolve));
      // A mail that came while the last ones were read has been told of already.
      // The library breaks the asking off only where the server has agreed to it.
      const { maxIdleTime, socketTimeout } = STALL_LIMITS.mailbox;
      const told = (): Promise<unknown> => Promise.race([woken, client.idle()]);
      if (!isNews) await within(maxIdleTime + socketTimeout, told, () => new Forgotten());
      if (stop.aborted) return;
      isNews = false;
      const uids = await fromSenders(client, { exists: 1 }, next, match.from);
      for (const mail of await read(client, uids, { ...numbering(folder), certainlyNew: true })) {
        next = Math.max(next, mail.uid + 1);
        if (isMeant(mail, match)) await came(mail);
      }
    }
  } finally {
    stop.removeEventListener("abort", end);
  }
}

function numbering(folder: MailboxObject): { uidValidity: string } {
  return { uidValidity: String(folder.uidValidity) };
}

/** Some servers leave UIDNEXT out when a folder is opened; then the last mail tells. */
async function nextUid(client: ImapFlow, folder: MailboxObject): Promise<number> {
  if (Number.isInteger(folder.uidNext)) return folder.uidNext;
  if (folder.exists === 0) return 1;
  const last = await client.fetchOne("*", { uid: true });
  return last ? last.uid + 1 : 1;
}

/**
 * The server looks at senders, so that of thousands of mails only a few are read. It matches parts of the whole `From:` line;
 * the exact comparison is ours.
 */
async function fromSenders(
  client: ImapFlow,
  folder: Pick<MailboxObject, "exists">,
  first: number,
  senders: readonly string[],
): Promise<number[]> {
  if (folder.exists === 0) return [];
  const found = new Set<number>();
  for (const from of senders) {
    const uids = await client.search({ uid: `${first}:*`, from }, { uid: true });
    for (const uid of uids || []) {
      // In IMAP `n:*` always includes the last mail, also when its number is below n.
      if (uid >= first) found.add(uid);
    }
  }
  return [...found].sort((a, b) => a - b);
}

/** A notice of the portal is a few thousand bytes; of a mail with a huge attachment the beginning is enough. */
const LONGEST = 512 * 1024;

async function read(
  client: ImapFlow,
  uids: readonly number[],
  about: Pick<MailSeen, "uidValidity" | "certainlyNew">,
): Promise<MailSeen[]> {
  const mails: MailSeen[] = [];
  for (const uid of uids) {
    // One by one: there are servers that answer a range of parts with the first part only.
    const mail = await client.fetchOne(String(uid), { source: { start: 0, maxLength: LONGEST } }, { uid: true });
    if (mail && mail.source !== undefined) mails.push({ ...about, uid, ...(await parseMail(mail.source)) });
  }
  return mails;
}

function isMeant(mail: MailSeen, { from, subjectWords }: MailMatch): boolean {
  const subject = loosely(mail.subject);
  return (
    from.some((address) => address.toLowerCase() === mail.from.toLowerCase()) &&
    subjectWords.some((word) => subject.includes(loosely(word)))
  );
}

/** Long subjects are folded over lines, and some senders write wide letters. */
function loosely(text: string): string {
  return text.normalize("NFKC").replace(/\s+/g, "").toLowerCase();
}

function onceEach(mails: readonly MailSeen[]): MailSeen[] {
  const known = new Set<string>();
  return mails.filter(({ messageId }) => {
    if (messageId === null) return true;
    const isFirst = !known.has(messageId);
    known.add(messageId);
    return isFirst;
  });
}

/** A forwarder that was held up may bring a second copy of a mail that was in the mailbox before the mark. */
async function withoutLateCopies(client: ImapFlow, mails: readonly MailSeen[], mark: MailMark): Promise<MailSeen[]> {
  if (mark.uidNext <= 1) return [...mails];
  const first: MailSeen[] = [];
  for (const mail of mails) {
    const before = { uid: `1:${mark.uidNext - 1}`, header: { "message-id": mail.messageId ?? "" } };
    const copies = mail.messageId === null ? false : await client.search(before, { uid: true });
    if (!copies || copies.length === 0) first.push(mail);
  }
  return first;
}
