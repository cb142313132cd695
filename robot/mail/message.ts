import { Parser } from "htmlparser2";
import PostalMime, { type Email } from "postal-mime";
import { subjectIn } from "./subject.ts";

export interface MailSeen {
  /** The numbering that `uid` belongs to. */
  readonly uidValidity: string;
  readonly uid: number;
  /** False when the server renumbered the folder since the mark, so that this mail may also be an older one. */
  readonly certainlyNew: boolean;
  /** The sender's address, without the name; empty when there is none. */
  readonly from: string;
  /** All addresses it went to, those of forwarding included: a company may be known by the part after a `+`. */
  readonly to: string[];
  readonly subject: string;
  /** The sender's date in UTC, ISO 8601; null when it is missing or no date. Not to be relied on. */
  readonly date: string | null;
  readonly messageId: string | null;
  /** The text of the mail; of a mail that is only HTML, what is left without the marks. */
  readonly text: string;
}

type MailContent = Omit<MailSeen, "uidValidity" | "uid" | "certainlyNew">;

/** What a mail says, whatever of Big5, UTF-8, Base64 and quoted-printable it is written in. */
export async function parseMail(source: Uint8Array): Promise<MailContent> {
  // Of a mail whose parts stand in each other without end its head is still one: a stranger's mail stops nobody's work.
  const mail = await PostalMime.parse(source).catch(() => PostalMime.parse(headOf(source)));
  return {
    from: mail.from?.address ?? "",
    to: receivers(mail),
    subject: subjectIn(source) ?? mail.subject ?? "",
    date: dateOf(mail.date),
    messageId: mail.messageId ?? null,
    text: mail.text ?? withoutMarks(mail.html ?? ""),
  };
}

function headOf(source: Uint8Array): Uint8Array {
  const text = Buffer.from(source).toString("latin1");
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  // Without what its body is: an empty one is no mail with parts.
  return Buffer.from(text.slice(0, end).replace(/^content-type:/gim, "X-Content-Type:"), "latin1");
}

function receivers(mail: Email): string[] {
  const named = [...(mail.to ?? []), ...(mail.cc ?? [])].flatMap((one) => one.group ?? [one]).map((one) => one.address);
  const delivered = mail.headers
    .filter(({ key }) => key === "delivered-to" || key === "x-original-to" || key === "envelope-to")
    .map(({ value }) => value.replace(/[<>\s]/g, ""));
  return [...new Set([...named, ...delivered])].filter((address) => address !== "");
}

function dateOf(written: string | undefined): string | null {
  const time = Date.parse(written ?? "");
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** The text between the marks. Read by a parser: expressions over marks that are never closed take for ever. */
function withoutMarks(html: string): string {
  const texts: string[] = [];
  let hidden = "";
  const parser = new Parser({
    onopentagname: (name) => {
      texts.push(" ");
      if (HIDDEN.has(name)) hidden ||= name;
    },
    onclosetag: (name) => {
      texts.push(" ");
      if (name === hidden) hidden = "";
    },
    ontext: (text) => void (hidden === "" && texts.push(text)),
  });
  parser.end(html);
  return texts
    .join("")
    .replaceAll("\u00a0", " ")
    .replaceAll(/[ \t]+/g, " ")
    .trim();
}

/** What nobody sees of a page. */
const HIDDEN = new Set(["style", "script"]);
