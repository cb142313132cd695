import type { Mailbox } from "./mailbox.ts";
import type { MailSeen } from "./message.ts";

/** Mails that remind of something to do, by the words of their subject. */
const KINDS: readonly { readonly words: string; readonly task: string }[] = [
  { words: "尚有電子發票未上傳", task: "請在單月 10 日前上傳發票與空白號碼，或確認加值中心已上傳" },
  {
    words: "空白發票通知",
    task: "加值中心將在下個月 6 日上傳空白號碼；在那之後不要再開立這一期的發票，也不要自己再上傳",
  },
];

/**
 * The reminders in the mailbox, oldest first, each with what it asks for in a sentence for people.
 * @param senders the portal's, and those of value-added centres
 */
export async function remindersIn(
  mailbox: Mailbox,
  senders: readonly string[],
): Promise<{ readonly mail: MailSeen; readonly task: string }[]> {
  const mails = await mailbox.newSince(
    { ...(await mailbox.mark()), uidNext: 1 },
    { from: senders, subjectWords: KINDS.map(({ words }) => words) },
  );
  return mails.flatMap((mail) => {
    const subject = mail.subject.normalize("NFKC").replaceAll(/\s+/g, "");
    const kind = KINDS.find(({ words }) => subject.includes(words));
    return kind ? [{ mail, task: kind.task }] : [];
  });
}
