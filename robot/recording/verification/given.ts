import { readdir, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import PostalMime from "postal-mime";
import { taipeiDay } from "../../invoicing/values/day.ts";
import { readRegular } from "../../lib/files/regular-file.ts";
import { asHeads, documentsInText, headsDocument, type HeadsContent } from "../format/heads-document.ts";

/** The documents of days that were kept where nobody on this machine can write: mails as they came, or the files they carry. */

export interface GivenDocument {
  readonly file: string;
  /** Its bytes. */
  readonly document: string;
  readonly content: HeadsContent;
  /** The date in Taipei that the mail bears; null for what is no mail. */
  readonly sentOn: string | null;
  /** The answer of the time-stamping service that came with it. */
  readonly stamp: Buffer | null;
}

export interface Given {
  readonly documents: readonly GivenDocument[];
  /** Files that are no document, with what was seen instead. */
  readonly notUnderstood: readonly { readonly file: string; readonly why: string }[];
}

/** A mail with the heads of a year, and no more (bytes). */
const LARGEST = 64 * 1024 * 1024;

/**
 * Reads a file, or all files of a folder: `.json` documents with their `.tsr` stamps, mails (`.eml`), and the text of such a mail.
 * @throws when the file or folder can't be read
 */
export async function readGiven(path: string): Promise<Given> {
  const isFolder = (await stat(path)).isDirectory();
  const names = isFolder
    ? (await readdir(path, { recursive: true, withFileTypes: true }))
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
    : [path];
  const documents: GivenDocument[] = [];
  const notUnderstood: { file: string; why: string }[] = [];
  const stamps = new Map<string, Buffer>();
  for (const file of names) {
    // A file that a person names may well be a link; what a folder holds besides is not followed.
    const bytes = await readRegular(file, LARGEST).catch((error: unknown) => String(error));
    if (typeof bytes === "string") notUnderstood.push({ file, why: bytes });
    else if (extname(file).toLowerCase() === ".tsr") stamps.set(basename(file, extname(file)), bytes);
    else {
      const found = await documentsIn(file, bytes);
      documents.push(...found.documents);
      if (found.why !== null) notUnderstood.push({ file, why: found.why });
    }
  }
  const stamped = documents.map((one) => ({
    ...one,
    stamp:
      one.stamp ?? stamps.get(basename(one.file, extname(one.file))) ?? stamps.get(`heads-${one.content.day}`) ?? null,
  }));
  return { documents: once(stamped), notUnderstood };
}

interface Found {
  readonly documents: readonly GivenDocument[];
  readonly why: string | null;
}

async function documentsIn(file: string, bytes: Buffer): Promise<Found> {
  const text = withoutMark(bytes);
  const content = asHeads(text);
  if (content !== null) {
    // A line feed that an editor or a mail program put at its end is not the document's.
    return { documents: [{ file, document: headsDocument(content), content, sentOn: null, stamp: null }], why: null };
  }
  if (
    /^[!-9;-~]+:[ \t]?.*\r?\n/.test(text) &&
    /^(?:mime-version|received|message-id|from|date|subject)[ \t]*:/im.test(text)
  ) {
    return documentsInMail(file, bytes);
  }
  return documentsOf(file, text, null);
}

/** A mail as it came: its attachments, or, where those are gone, its text. */
async function documentsInMail(file: string, bytes: Buffer): Promise<Found> {
  const mail = await PostalMime.parse(bytes).catch(() => null);
  if (mail === null) return { documents: [], why: "no mail" };
  const sent = Date.parse(mail.date ?? "");
  const sentOn = Number.isNaN(sent) ? null : taipeiDay(new Date(sent));
  const attached = mail.attachments.map(({ filename, content }) => ({
    name: filename ?? "",
    bytes: typeof content === "string" ? Buffer.from(content) : Buffer.from(new Uint8Array(content)),
  }));
  const documents = attached.flatMap((one): GivenDocument[] => {
    const content = asHeads(withoutMark(one.bytes));
    if (content === null) return [];
    const document = headsDocument(content);
    const stamp = attached.find(({ name }) => name === `heads-${content.day}.tsr`)?.bytes ?? null;
    return [{ file, document, content, sentOn, stamp }];
  });
  const inText = documentsOf(file, mail.text ?? (mail.html ?? "").replaceAll(/<[^>]*>/g, " "), sentOn);
  const whole = [...documents, ...inText.documents];
  return { documents: whole, why: whole.length === 0 ? inText.why : null };
}

function documentsOf(file: string, text: string, sentOn: string | null): Found {
  const { documents, broken } = documentsInText(text);
  const read = documents.flatMap((document): GivenDocument[] => {
    const content = asHeads(document);
    return content === null ? [] : [{ file, document, content, sentOn, stamp: null }];
  });
  if (broken.length > 0) return { documents: read, why: `not whole, or changed: ${broken.join(", ")}` };
  return { documents: read, why: read.length === 0 ? "no heads of a day" : null };
}

function withoutMark(bytes: Buffer): string {
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}

/** The same document from a mail and from its attachment counts once; what bears a date or a stamp is kept. */
function once(documents: readonly GivenDocument[]): GivenDocument[] {
  const byBytes = new Map<string, GivenDocument>();
  for (const one of documents) {
    const before = byBytes.get(one.document);
    byBytes.set(one.document, {
      ...one,
      sentOn: before?.sentOn ?? one.sentOn,
      stamp: before?.stamp ?? one.stamp,
    });
  }
  return [...byBytes.values()];
}
