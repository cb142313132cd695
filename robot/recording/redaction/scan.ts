import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Json } from "../../lib/json.ts";
import { FORMAT } from "../format/chain.ts";
import { QUARANTINE } from "../../lib/files/durable-files.ts";
import { filesAndOddities, readRegular } from "../../lib/files/regular-file.ts";
import type { SecretEncoding, Redactor } from "./redactor.ts";
import { withZip } from "../../lib/zip.ts";

/** A secret found in a folder. Its value is never part of what is found. */
export interface Leak {
  /** Path in the folder, with `/`. */
  readonly file: string;
  /** Path inside the zip, and inside a zip in that; null for the file itself or its name. */
  readonly member: string | null;
  readonly name: string;
  readonly encoding: SecretEncoding;
}

export interface Scan {
  readonly files: number;
  readonly bytes: number;
  readonly leaks: readonly Leak[];
  /** What could not be looked into: `file` or `file!member`. */
  readonly unreadable: readonly string[];
}

/** A file or a member of a zip that is larger is not looked into; nothing the robot writes comes near (bytes). */
const LARGEST_MEMBER = 256 * 1024 * 1024;
const DEEPEST_ZIP = 3;

/** Looks for every enrolled value in all files of a folder, in their names, and in the members of zips among them. */
export async function scanFolder(folder: string, redactor: Redactor): Promise<Scan> {
  const { files, odd } = await filesAndOddities(folder);
  const leaks: Leak[] = [];
  // What links, pipes and devices lead to is no part of the record; their names are.
  const unreadable = odd.map(([path]) => redactor.text(path));
  for (const [file] of odd) leaks.push(...redactor.hits(file).map((hit) => ({ file, member: null, ...hit })));
  let bytes = 0;
  for (const file of files) {
    leaks.push(...redactor.hits(file).map((hit) => ({ file, member: null, ...hit })));
    const content = await readRegular(join(folder, file), LARGEST_MEMBER).catch(() => null);
    if (content === null) {
      unreadable.push(file);
      continue;
    }
    bytes += content.length;
    const found = await scanBytes(content, redactor, 0);
    // What is a person's own stands in files about it, and in what was recorded before it was known: no leak of a secret.
    const leaked = found.leaks.filter(({ name }) => !redactor.isPersonal(name));
    leaks.push(...leaked.map((leak) => ({ file, ...leak })));
    unreadable.push(...found.unreadable.map((member) => (member === "" ? file : `${file}!${member}`)));
  }
  return { files: files.length, bytes, leaks, unreadable };
}

interface Found {
  readonly leaks: readonly Omit<Leak, "file">[];
  /** Paths of members; the empty one is the content itself. */
  readonly unreadable: readonly string[];
}

async function scanBytes(content: Buffer, redactor: Redactor, depth: number): Promise<Found> {
  const leaks: Omit<Leak, "file">[] = redactor.hits(content).map((hit) => ({ member: null, ...hit }));
  if (content.subarray(0, 4).toString("latin1") !== "PK\u0003\u0004") return { leaks, unreadable: [] };
  if (depth === DEEPEST_ZIP) return { leaks, unreadable: [""] };
  const unreadable: string[] = [];
  try {
    await withZip(content, async (members) => {
      for (const { name, bytes, read } of members) {
        leaks.push(...redactor.hits(name).map((hit) => ({ member: redactor.text(name), ...hit })));
        const unpacked = bytes > LARGEST_MEMBER ? null : await read().catch(() => null);
        if (unpacked === null) {
          unreadable.push(name);
          continue;
        }
        const inside = await scanBytes(unpacked, redactor, depth + 1);
        const path = (member: string | null) => (member ? `${name}!${member}` : name);
        leaks.push(...inside.leaks.map((leak) => ({ ...leak, member: path(leak.member) })));
        unreadable.push(...inside.unreadable.map(path));
      }
    });
  } catch {
    // Not a zip after all, or a damaged one: its bytes were searched, its members were not.
    unreadable.push("");
  }
  return { leaks, unreadable };
}

/** What `QUARANTINE.json` says: what was found where, and what a person must do. */
export function quarantineDocument(runId: string, leaks: readonly Leak[]): Json {
  return {
    format: FORMAT,
    runId,
    found: leaks.map((leak) => ({ ...leak })),
    說明: "這個資料夾的紀錄裡發現了機密內容。請勿寄出、匯出或上傳；請先更換下列名稱的密碼或權杖，再處理紀錄。",
    whatToDo:
      "Secrets were found in the records of this run. Do not mail, export or upload this folder. Change the secrets named here first.",
  };
}

/** Whether a run's folder must not leave this machine. */
export async function isQuarantined(folder: string): Promise<boolean> {
  try {
    await stat(join(folder, QUARANTINE));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
