import { z } from "zod";
import { canonicalText } from "../../lib/json.ts";
import { sha256 } from "../../lib/hash.ts";

/** Version of a day's document. */
const HEADS_FORMAT = 1;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const day = z.iso.date();

const documentSchema = z.strictObject({
  format: z.literal(HEADS_FORMAT),
  day,
  heads: z.array(z.strictObject({ run: z.string(), events: z.int().positive(), head: hash })),
  retention: z.array(z.strictObject({ run: z.string(), lines: z.int().positive(), head: hash })).optional(),
  previous: z.strictObject({ day, sha256: hash }).nullable(),
});

/**
 * A day's heads, in Taipei's days. `heads`: how many events the chain of a run had when it was let go of last on that day, and the hash
 * of the last one. `retention`: the same of the lines of `retention.jsonl`, where they became more on that day; left out where nowhere.
 * `previous`: the document before this one, so that no day can be left out later.
 */
export type HeadsContent = z.infer<typeof documentSchema>;

/** The bytes that are mailed, stamped and hashed: canonical JSON. */
export function headsDocument({ day, heads, retention = [], previous }: Omit<HeadsContent, "format">): string {
  const more = retention.length === 0 ? {} : { retention };
  return canonicalText({ format: HEADS_FORMAT, day, heads, previous, ...more });
}

/** What a day's document says. @throws ZodError, SyntaxError when it is none */
export function readHeads(document: string): HeadsContent {
  return documentSchema.parse(JSON.parse(document));
}

/** The same, or null for what is no document of a day. */
export function asHeads(text: string): HeadsContent | null {
  try {
    return readHeads(text);
  } catch {
    return null;
  }
}

/** The text of a mail with a day's heads: all that the document says, so that the mail alone is enough. */
export function headsText(document: string, stamp: string | null): string {
  const { day, heads, retention = [], previous } = readHeads(document);
  return `${[
    `${day} 有 ${heads.length} 次執行的紀錄寫下了新的內容。請保存這封信：紀錄事後若被截短或整份換掉，和這裡的鏈尾比對就看得出來。`,
    "",
    ...heads.map(({ run, events, head }) => `${run}　第 ${events} 個事件　${head}`),
    ...(retention.length === 0 ? [] : ["", "保留令與依保存規定刪除的紀錄："]),
    ...retention.map(({ run, lines, head }) => `${run}　第 ${lines} 行　${head}`),
    "",
    `這一天的雜湊（附檔 heads-${day}.json 的 SHA-256）：${sha256(document)}`,
    previous === null ? "前一天：沒有" : `前一天 ${previous.day}：${previous.sha256}`,
    stamp ?? "時戳：沒有",
    "",
    "查證：把這封信存成檔案（.eml 或文字檔），執行 verify --all --heads <檔案或資料夾>。",
  ].join("\n")}\n`;
}

// Mail programs break lines, quote and indent; what is between the words may be any white space.
const DAYS = /(\d{4}-\d{2}-\d{2})\s+有\s+\d+\s+次執行/g;
const HEAD = /([A-Za-z0-9][A-Za-z0-9._-]{0,99})\s+第\s*(\d+)\s*個事件\s+([0-9a-f]{64})(?![0-9a-f])/g;
const LINE = /([A-Za-z0-9][A-Za-z0-9._-]{0,99})\s+第\s*(\d+)\s*行\s+([0-9a-f]{64})(?![0-9a-f])/g;
const PREVIOUS = /前一天\s*(\d{4}-\d{2}-\d{2})\s*：\s*([0-9a-f]{64})/;
const OWN = /這一天的雜湊[^：]*：\s*([0-9a-f]{64})/;

/**
 * Reads the documents back from the text of a mail. Each is made again of what the text says, and must then have the hash that the text
 * says: a text that was cut or edited gives none.
 * @returns `documents` as their bytes, and `broken`: days that are told of without being whole
 */
export function documentsInText(text: string): { documents: string[]; broken: string[] } {
  const plain = text.replaceAll(/^[>\s]+/gm, "");
  const starts = [...plain.matchAll(DAYS)];
  const documents: string[] = [];
  const broken: string[] = [];
  for (const [index, start] of starts.entries()) {
    const part = plain.slice(start.index, starts[index + 1]?.index);
    const day = start[1] ?? "";
    const document = documentOf(day, part);
    if (document === null) broken.push(day);
    else documents.push(document);
  }
  return { documents, broken };
}

function documentOf(day: string, part: string): string | null {
  const before = PREVIOUS.exec(part);
  const content = {
    day,
    heads: [...part.matchAll(HEAD)].map(([, run = "", events, head = ""]) => ({ run, events: Number(events), head })),
    retention: [...part.matchAll(LINE)].map(([, run = "", lines, head = ""]) => ({ run, lines: Number(lines), head })),
    previous: before ? { day: before[1] ?? "", sha256: before[2] ?? "" } : null,
  };
  const document = headsDocument(content);
  return sha256(document) === OWN.exec(part)?.[1] && asHeads(document) !== null ? document : null;
}
