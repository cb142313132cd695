import type { Mailbox, MailMark } from "./mailbox.ts";
import type { MailSeen } from "./message.ts";

/** What a mail of the portal or of a value-added centre asks for. */
export type MailTask = {
  /** A sentence for people. */
  readonly task: string;
  /** A person has to see to it on the same day: invoices were issued with numbers that are not theirs to use. */
  readonly urgent: boolean;
};

/** Mails that tell of an allocation are no reminders, whatever else stands in them. */
const ALLOCATION = /配號結果|取號成功/;

/** The three things that the mail of the 7th of an odd month finds missing, by how it may name them. */
const OMISSIONS: readonly { readonly words: RegExp; readonly task: string }[] = [
  { words: /分支機構(字軌)?配號檔/, task: "上傳總分支機構配號檔（總機構把號碼配給分支機構的）" },
  {
    words: /空白(未使用)?(電子)?(發票)?(字軌|發票|號碼)(號碼)?|未使用(電子)?(發票)?(字軌|發票|號碼)(號碼)?/,
    task: "上傳空白未使用發票號碼",
  },
  { words: /電子發票|發票(資料|存證)/, task: "上傳漏傳的電子發票" },
];

const NOT_UPLOADED = /(尚有|尚未|仍未|還沒|漏|未).{0,20}(上傳|傳送)|(上傳|傳送).{0,6}(遺漏|逾期)/;

/** Used without having been allocated: 使用未配號字軌, 開立之發票號碼未經核配. */
const NEVER_ALLOCATED =
  /(使用|開立|開出|上傳|申報).{0,30}(未|非|沒有)(經|曾|被)?(核配|配號|配給|配發|取號|申請)(?!檔)|(?<!尚)(未|非)(經|曾|被)?(核配|配號|配給|配發|取號|申請)(?!檔).{0,12}(字軌|號碼|發票)|(字軌|號碼).{0,12}(從未|未曾|未經|不是|並非).{0,6}(核配|配號|配給|配發|取號|申請)(?!檔)/;

/** Used in a period it does not belong to: 使用非當期字軌. */
const OTHER_PERIOD =
  /(非|不是|不屬於?|不符)(於)?(當|本|該)期|跨期|期別(不符|錯誤|不一致)|字軌.{0,12}(不符|錯誤|不一致).{0,6}期/;

/** A sentence that warns of what might be is no report of what was done. */
const HINT = /請勿|不得|不可|切勿|避免|如有|若有|倘|以免|應於|相關規定/;

/** What a mail asks for; null for one that asks for nothing that is known. */
export function mailTask({ subject, text }: Pick<MailSeen, "subject" | "text">): MailTask | null {
  const head = plain(subject);
  if (ALLOCATION.test(head)) return null;
  if (head.includes("空白發票通知")) {
    const task = "加值中心將在下個月 6 日上傳空白號碼；在那之後不要再開立這一期的發票，也不要自己再上傳";
    return { task, urgent: false };
  }
  const sentences = text
    .split(/[。；;！!\r\n]+/)
    .map(plain)
    .filter((sentence) => !HINT.test(sentence));
  return inSubject(head, sentences) ?? inText(sentences);
}

function inSubject(head: string, sentences: readonly string[]): MailTask | null {
  const misused = misuse([head]);
  if (misused !== null) return misused;
  return NOT_UPLOADED.test(head) ? omitted([head, ...sentences], head) : null;
}

function inText(sentences: readonly string[]): MailTask | null {
  const missing = sentences.filter((sentence) => NOT_UPLOADED.test(sentence));
  return misuse(sentences) ?? (missing.length > 0 ? omitted(["", ...missing], missing.join("")) : null);
}

function misuse(sentences: readonly string[]): MailTask | null {
  if (sentences.some((one) => NEVER_ALLOCATED.test(one))) {
    const task =
      "平台說開立了沒有配給的字軌號碼：今天就請停用這個字軌，查出是哪些發票，作廢重開並洽主管稽徵機關；字軌檔請重新下載";
    return { task, urgent: true };
  }
  if (sentences.some((one) => OTHER_PERIOD.test(one))) {
    const task = "平台說用了不是這一期的字軌：今天就請停用，換成這一期的字軌，已開立的作廢重開；有疑問請洽主管稽徵機關";
    return { task, urgent: true };
  }
  return null;
}

/** What is missing, of the three: the subject says 電子發票 in every case, so the text decides where it names any of them. */
function omitted(sentences: readonly string[], where: string): MailTask | null {
  const [, ...text] = sentences;
  const named = namedIn(text).length > 0 ? namedIn(text) : namedIn(sentences);
  if (named.length === 0 && !/發票|字軌|配號檔/.test(where)) return null;
  const tasks = named.length === 0 ? ["上傳發票與空白號碼"] : named;
  return { task: `請在單月 10 日前${tasks.join("、")}，或確認加值中心已上傳`, urgent: false };
}

/** Each name is taken out before the next is looked for, as 空白未使用電子發票字軌 is no invoice. */
function namedIn(sentences: readonly string[]): string[] {
  let rest = sentences.join("\n");
  const tasks: string[] = [];
  for (const { words, task } of OMISSIONS) {
    if (!words.test(rest)) continue;
    tasks.unshift(task);
    rest = rest.replaceAll(new RegExp(words, "g"), "");
  }
  return tasks;
}

function plain(text: string): string {
  return text.normalize("NFKC").replaceAll(/\s+/g, "");
}

/**
 * The mails that ask for something, oldest first.
 * @param senders the portal's, and those of value-added centres
 * @param since from where on; the whole mailbox where nothing is said
 */
export async function remindersIn(
  mailbox: Mailbox,
  senders: readonly string[],
  since?: MailMark,
): Promise<(MailTask & { readonly mail: MailSeen })[]> {
  const from = since ?? { ...(await mailbox.mark()), uidNext: 1 };
  const mails = await mailbox.newSince(from, { from: senders, subjectWords: [""] });
  return mails.flatMap((mail) => {
    const task = mailTask(mail);
    return task === null ? [] : [{ ...task, mail }];
  });
}
