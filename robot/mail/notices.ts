import type { CompanyConfig, Config } from "../config/schema.ts";
import type { Mailbox as MailPort } from "../engine/flow.ts";
import { isLoopback } from "../config/load.ts";
import type { Secret } from "../secrets/secret.ts";
import { type Mailbox, openMailbox } from "./mailbox.ts";

export type MailboxSettings = NonNullable<Config["mailbox"]>;

/** The configured mailbox; without encryption only on this machine. */
export function mailboxOf({ host, port, secure, user, folder }: MailboxSettings, password: Secret): Mailbox {
  return openMailbox({ host, port, secure, user, folder, password, allowPlain: isLoopback(`http://${host}`) });
}

/** The mailbox as a flow sees it: what was there before, and whether the portal's notice came since. */
export function noticesOf(
  settings: MailboxSettings | null,
  company: CompanyConfig,
  password: (settings: MailboxSettings) => Promise<Secret>,
): MailPort {
  if (settings === null || company.noticeAddress === undefined) {
    return { mark: () => Promise.resolve(null), allocationNotice: () => Promise.resolve(null) };
  }
  const use = async <T>(work: (mailbox: Mailbox) => Promise<T>): Promise<T> => {
    const mailbox = mailboxOf(settings, await password(settings));
    try {
      return await work(mailbox);
    } finally {
      await mailbox.close();
    }
  };
  return {
    mark: () => use((mailbox) => mailbox.mark()),
    allocationNotice: async (since) => {
      if (since === null) return null;
      const [mail] = await use((mailbox) =>
        mailbox.newSince(since, { from: settings.senders, subjectWords: settings.subjectWords }),
      );
      return mail ? { subject: mail.subject, from: mail.from, date: mail.date } : null;
    },
  };
}
