/** A place in a mailbox: everything at or after it is new. Null where no mailbox is configured. */
export type NoticeMark = { readonly uidValidity: string; readonly uidNext: number } | null;

export type NoticeMail = { readonly subject: string; readonly from: string; readonly date: string | null };

/** A reminder and what it asks for, in a sentence for people. */
export type Reminder = NoticeMail & { readonly task: string };

export interface NoticeMailbox {
  mark(): Promise<NoticeMark>;
  /** The portal's notice of allocation among mails newer than the mark, or null. */
  allocationNotice(since: NoticeMark): Promise<NoticeMail | null>;
  /** The newest mails that remind of something to do, of the portal and of value-added centres; none without a mailbox. */
  reminders(): Promise<readonly Reminder[]>;
  /** Mails that came back, as mail servers report it; none without a mailbox. */
  bounces(): Promise<readonly Bounce[]>;
}

/** A mail that could not be delivered. */
export type Bounce = { readonly messageId: string; readonly words: string };
