import { rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { readManifest } from "../format/documents.ts";
import { EVENTS, MANIFEST, RUN } from "../../lib/files/durable-files.ts";
import { filesAndOddities, type Oddity, oddityOf, readRegular } from "../../lib/files/regular-file.ts";
import type { RunRecord } from "../format/read.ts";
import { recordedFiles } from "../format/read.ts";
import { writeZip, type ZipContent } from "../../lib/zip.ts";
import { sha256 } from "../../lib/hash.ts";

/** What a run that goes on changes; everything else is written once. */
const CHANGING: ReadonlySet<string> = new Set([EVENTS, RUN, MANIFEST]);

/** Name of the list of hashes in an exported zip, as `sha256sum -c` reads it. */
export const SUMS = "SHA256SUMS";

/**
 * A run's whole folder as a zip, with what a person needs to verify it who has nothing of ours: a list of hashes for `sha256sum`, a
 * shell script that recomputes the chain with it, and a text that says how.
 * @param page the run as a page for people, put beside the folder
 * @param path the zip; replaced when it is there
 */
export async function writeBundle(record: RunRecord, page: string, path: string): Promise<void> {
  const { folder, header } = record;
  const { files: plain, odd } = await filesAndOddities(folder);
  const { files, omitted } = await withoutSecondNames(folder, plain, odd);
  // A run that goes on meanwhile must not look altered: what changes is read once.
  const changing = new Map<string, Buffer>();
  for (const file of files) if (CHANGING.has(file)) changing.set(file, await readRegular(join(folder, file)));
  const sums = await sumsOf(record, [...files, ...omitted].sort(), new Set(omitted), changing);
  const part = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  const members = function* (): Generator<ZipContent> {
    yield { name: "VERIFY.txt", bytes: Buffer.from(`${instructions(header.runId)}${omissions(omitted)}`, "utf8") };
    yield { name: SUMS, bytes: Buffer.from(sums, "utf8") };
    yield { name: "verify-chain.sh", bytes: Buffer.from(chainScript(header.runId), "utf8") };
    yield { name: `${header.runId}.html`, bytes: Buffer.from(page, "utf8") };
    for (const file of files) {
      const name = `${header.runId}/${file}`;
      const bytes = changing.get(file);
      yield bytes ? { name, bytes } : { name, stream: () => Readable.from(contentOf(join(folder, file))) };
    }
  };
  try {
    await writeZip(part, members());
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}

/** Files with a second name somewhere are left out too: what stands there may be anything on this machine. */
async function withoutSecondNames(
  folder: string,
  plain: readonly string[],
  odd: readonly (readonly [path: string, oddity: Oddity])[],
): Promise<{ readonly files: readonly string[]; readonly omitted: readonly string[] }> {
  const files: string[] = [];
  const omitted = odd.map(([path]) => path);
  for (const path of plain) ((await oddityOf(join(folder, path))) === null ? files : omitted).push(path);
  return { files, omitted: omitted.sort() };
}

/** Read when its turn comes, and never through a link that was put there since. */
async function* contentOf(path: string): AsyncGenerator<Buffer> {
  yield await readRegular(path);
}

function omissions(omitted: readonly string[]): string {
  if (omitted.length === 0) return "";
  return `
沒有放進來的：它們是連結或特殊檔案，不是這次執行寫下的檔案 / left out, since they are links or no files:
${omitted.map((path) => `  ${path}\n`).join("")}`;
}

/**
 * What the record itself says its files' hashes are, and not what they are now: a file that was changed since must not come out
 * right. Only of those that nothing in the record names is the present hash taken.
 */
async function sumsOf(
  record: RunRecord,
  files: readonly string[],
  omitted: ReadonlySet<string>,
  changing: ReadonlyMap<string, Buffer>,
): Promise<string> {
  const { folder, header } = record;
  const manifest = readManifest(changing.get(MANIFEST)?.toString("utf8") ?? "");
  const known = new Map<string, string>();
  for (const entry of [...recordedFiles(record), ...(manifest?.files ?? [])]) known.set(entry.path, entry.sha256);
  const lines = [];
  for (const file of files) {
    const bytes = changing.get(file);
    // What was left out and the record does not know has no hash: nobody has read it.
    if (omitted.has(file) && !known.has(file)) continue;
    const sum = known.get(file) ?? sha256(bytes ?? (await readRegular(join(folder, file))));
    lines.push(`${sum}  ${header.runId}/${file}\n`);
  }
  return lines.join("");
}

/** POSIX shell and `sha256sum` (macOS: `shasum`), nothing else. */
function chainScript(runId: string): string {
  return `#!/bin/sh
# Recomputes the chain of ${runId}/${EVENTS}: each line's hash is the SHA-256 of the line without its own
# "hash" member, and its "prevHash" is the hash of the line before it (64 zeros for the first).
LC_ALL=C; export LC_ALL
sum() { if command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi | cut -c1-64; }
tail='"prevHash":"\\([0-9a-f]\\{64\\}\\)","seq":\\([0-9]*\\),"time":"[^"]*","type":"[^"]*"}$'
previous=0000000000000000000000000000000000000000000000000000000000000000
number=0
while IFS= read -r line; do
  number=$((number + 1))
  hash=$(printf '%s' "$line" | sed -n "s/^.*,\\"hash\\":\\"\\([0-9a-f]\\{64\\}\\)\\",$tail/\\1/p")
  before=$(printf '%s' "$line" | sed -n "s/^.*,\\"hash\\":\\"[0-9a-f]\\{64\\}\\",$tail/\\1/p")
  seq=$(printf '%s' "$line" | sed -n "s/^.*,\\"hash\\":\\"[0-9a-f]\\{64\\}\\",$tail/\\2/p")
  computed=$(printf '%s' "$line" | sed "s/,\\"hash\\":\\"[0-9a-f]\\{64\\}\\",\\($tail\\)/,\\1/" | sum)
  if [ "$hash" != "$computed" ] || [ "$before" != "$previous" ] || [ "$seq" != "$number" ]; then
    echo "line $number of ${EVENTS} is not as it was written / 第 $number 行和當時寫下的不同" >&2
    exit 1
  fi
  previous=$hash
done < "$(dirname "$0")/${runId}/${EVENTS}"
echo "$number events, head $previous / $number 個事件，鏈尾 $previous"
`;
}

function instructions(runId: string): string {
  return `執行紀錄 ${runId} 的查證方法（不需要機器人的程式）
1. 檔案：在這個資料夾執行
     sha256sum -c ${SUMS}            （Linux、Windows 的 Git Bash 或 WSL）
     shasum -a 256 -c ${SUMS}        （macOS）
   每一行都要是 OK。Windows 也可以用 PowerShell 的 Get-FileHash 逐一比對。
2. 事件：執行
     sh verify-chain.sh
   它逐行重算 ${runId}/${EVENTS} 的雜湊，印出事件數與鏈尾。
3. 鏈尾要等於 ${runId}/${MANIFEST} 的 chain.head，也要等於當天另外保存、寄出或加蓋時戳的那一份。
   前兩步只能證明這份紀錄前後一致；第三步才能證明它不是後來整份重做的。
4. 人看的摘要是 ${runId}.html，用瀏覽器打開，不需要網路。

How to verify the record of run ${runId} (nothing of ours is needed)
1. Files: sha256sum -c ${SUMS}   (macOS: shasum -a 256 -c ${SUMS}); every line must be OK.
2. Events: sh verify-chain.sh   recomputes ${runId}/${EVENTS} and prints how many events there are and the head of the chain.
3. The head must be chain.head of ${runId}/${MANIFEST}, and the one that was kept elsewhere, mailed or time-stamped on that day:
   steps 1 and 2 show that the record agrees with itself, only this one that it was not made up later.
4. ${runId}.html is the run for people to read; it opens without a network. ${RUN} and the README of the recordings say what is in the files.
`;
}
