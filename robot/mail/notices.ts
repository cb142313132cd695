import type { CompanyConfig, Config } from "../config/schema.ts";
import type { NoticeMailbox as MailPort } from "../engine/flow.ts";
import { isLoopback } from "../lib/loopback.ts";
import type { Secret } from "../lib/secret.ts";
import { bouncesIn } from "./bounces.ts";
import { type Mailbox, type MailMatch, type MailSeen, openMailbox } from "./mailbox.ts";
import { remindersIn } from "./reminders.ts";

export type MailboxSettings = NonNullable<Config["mailbox"]>;

/** The configured mailbox; without encryption only on this machine. @param proof the password, or an access token with `oauth2` */
export function mailboxOf({ host, port, secure, user, folder, oauth2 }: MailboxSettings, proof: Secret): Mailbox {
  const allowPlain = isLoopback(`http://${host}`);
  return openMailbox({ host, port, secure, user, folder, password: proof, isToken: oauth2 !== undefined, allowPlain });
}

/** Which mails are notices of the portal. */
export function noticesWanted({ senders, subjectWords }: MailboxSettings): MailMatch {
  return { from: senders, subjectWords };
}

/** What a mail calls a business: 統一編號 12345675, 營業人：12345675. */
const LABELLED = /(?:統一編號|統編|營業人)[^0-9]{0,12}(\d{8})(?!\d)/g;
const PLUS = /\+(\d{8})@/;

/**
 * Whose notice a mail is, where several companies share a mailbox: of those that its text names, else of the one behind the plus of an
 * address it went to.
 * @param known UBNs of the companies that share the mailbox
 * @returns null when the mail does not tell: then it may be anybody's, and the portal's list decides
 */
export function ownersOf({ subject, text, to }: Pick<MailSeen, "subject" | "text" | "to">, known: readonly string[]) {
  const words = `${subject}\n${text}`.normalize("NFKC");
  const named = [...words.matchAll(LABELLED)].map(([, ubn = ""]) => ubn);
  const mentioned = known.filter((ubn) => new RegExp(`(?<!\\d)${ubn}(?!\\d)`).test(words));
  const all = new Set([...named, ...mentioned]);
  if (all.size > 0) return [...all];
  const plus = to.map((address) => PLUS.exec(address)?.[1]).filter((ubn) => ubn !== undefined);
  return plus.length > 0 ? plus : null;
}

/** Older ones are of periods that are long over. By their order and not their dates, which senders write as they like. */
const NEWEST_REMINDERS = 10;

/** The mailbox as a flow sees it: what was there before, and whether the portal's notice for this company came since. */
export function companyMailbox(
  settings: MailboxSettings | null,
  company: CompanyConfig,
  known: readonly string[],
  proof: (settings: MailboxSettings) => Promise<Secret>,
): MailPort {
  const use = async <T>(settings: MailboxSettings, work: (mailbox: Mailbox) => Promise<T>): Promise<T> => {
    const mailbox = mailboxOf(settings, await proof(settings));
    try {
      return await work(mailbox);
    } finally {
      await mailbox.close();
    }
  };
  // Of whom the portal writes to the mailbox says nothing of the mails that come back to it.
  const bounces: MailPort["bounces"] = () => (settings === null ? Promise.resolve([]) : use(settings, bouncesIn));
  if (settings === null || company.noticeAddress === undefined) {
    return {
      mark: () => Promise.resolve(null),
      allocationNotice: () => Promise.resolve(null),
      reminders: () => Promise.resolve([]),
      bounces,
    };
  }
  return {
    bounces,
    mark: () => use(settings, (mailbox) => mailbox.mark()),
    allocationNotice: async (since) => {
      if (since === null) return null;
      const mails = await use(settings, (mailbox) => mailbox.newSince(since, noticesWanted(settings)));
      const mail = mails.find((one) => ownersOf(one, known)?.includes(company.ubn) ?? true);
      return mail ? { subject: mail.subject, from: mail.from, date: mail.date } : null;
    },
    reminders: async () => {
      const senders = [...settings.senders, ...settings.centreSenders];
      const mails = await use(settings, (mailbox) => remindersIn(mailbox, senders));
      return mails
        .filter(({ mail }) => ownersOf(mail, known)?.includes(company.ubn) ?? true)
        .slice(-NEWEST_REMINDERS)
        .map(({ mail: { subject, from, date }, task }) => ({ subject, from, date, task }));
    },
  };
}
