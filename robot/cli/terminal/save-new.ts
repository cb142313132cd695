import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { z } from "zod";
import { Failure } from "../../failures/failure.ts";
import type { Output } from "./output.ts";
import { sha256 } from "../../lib/hash.ts";

export type NewFile = { readonly name: string; readonly bytes: Uint8Array };
export type WrittenFile = { readonly name: string; readonly path: string; readonly sha256: string };

/**
 * Saves files into a folder, which is made if it is not there. Nothing is ever overwritten: a file that is there already has to
 * hold the same bytes, and that is looked at for all of them before the first is written. A file appears whole or not at all.
 * @throws Failure `wrong-use` naming the files that differ or a folder that can't be one, `disk-full`
 */
export async function saveNew(folder: string, files: readonly NewFile[], output: Output): Promise<WrittenFile[]> {
  const target = resolve(folder);
  try {
    await mkdir(target, { recursive: true });
    const missing: NewFile[] = [];
    const different: string[] = [];
    for (const file of files) {
      const there = await readFile(join(target, file.name)).catch(nothingThere);
      if (there === null) missing.push(file);
      else if (!there.equals(file.bytes)) different.push(file.name);
    }
    if (different.length > 0) throw overwriting(target, different, output);
    for (const file of missing) await writeNew(target, file, output);
  } catch (error) {
    throw diskFailure(error, target, output);
  }
  return files.map(({ name, bytes }) => ({ name, path: join(target, name), sha256: sha256(bytes) }));
}

/**
 * Saves one file that is made piece by piece, however large it is. As with {@link saveNew} nothing is overwritten: what is there already has to
 * hold the same bytes.
 * @throws Failure `wrong-use`, `disk-full`, as `saveNew`
 */
export async function saveNewStream(
  folder: string,
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  output: Output,
): Promise<WrittenFile> {
  const target = resolve(folder);
  const path = join(target, name);
  const part = join(target, `.${name}.${process.pid}.part`);
  try {
    await mkdir(target, { recursive: true });
    const made = createHash("sha256");
    const handle = await open(part, "wx");
    try {
      for await (const piece of bytes) {
        made.update(piece);
        await handle.writeFile(piece);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    const hash = made.digest("hex");
    const there = await hashOf(path);
    if (there !== null && there !== hash) throw overwriting(target, [name], output);
    if (there === null) await putInPlace(part, path, () => overwriting(target, [name], output));
    return { name, path, sha256: hash };
  } catch (error) {
    throw diskFailure(error, target, output);
  } finally {
    await rm(part, { force: true });
  }
}

async function hashOf(path: string): Promise<string | null> {
  const hash = createHash("sha256");
  try {
    for await (const piece of createReadStream(path)) if (piece instanceof Uint8Array) hash.update(piece);
  } catch (error) {
    return nothingThere(error);
  }
  return hash.digest("hex");
}

/** The path as people would type it from where they are. */
export function shownPath(path: string): string {
  const from = relative(process.cwd(), path);
  return from.startsWith("..") ? path : from;
}

function nothingThere(error: unknown): null {
  if (codeOf(error) === "ENOENT") return null;
  throw error;
}

async function writeNew(folder: string, { name, bytes }: NewFile, output: Output): Promise<void> {
  const path = join(folder, name);
  const part = join(folder, `.${name}.${process.pid}.part`);
  try {
    const handle = await open(part, "wx");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await putInPlace(part, path, () => overwriting(folder, [name], output));
  } finally {
    await rm(part, { force: true });
  }
}

/** A link never replaces what someone else has put there meanwhile; not every file system knows links. */
async function putInPlace(part: string, path: string, taken: () => Failure): Promise<void> {
  await link(part, path).catch(async (error: unknown) => {
    if (codeOf(error) === "EEXIST") throw taken();
    await rename(part, path);
  });
}

function overwriting(folder: string, names: readonly string[], output: Output): Failure {
  const list = names.join(output.say("、", ", "));
  return new Failure("wrong-use", {
    wanted: output.say(`存到 ${folder}`, `to save into ${folder}`),
    seen: output.say(
      `已有內容不同的同名檔案：${list}。不會覆蓋，請換一個資料夾，或先把舊檔移走`,
      `other files of the same name are there: ${list}. They are not overwritten; take another folder, or move them away`,
    ),
  });
}

const FULL: readonly (string | undefined)[] = ["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM"];
const NO_FOLDER: readonly (string | undefined)[] = ["EEXIST", "ENOTDIR", "EISDIR", "ENAMETOOLONG", "EINVAL"];

function diskFailure(error: unknown, folder: string, output: Output): unknown {
  const code = codeOf(error);
  const wanted = output.say(`存到 ${folder}`, `to save into ${folder}`);
  if (FULL.includes(code)) return new Failure("disk-full", { wanted, seen: String(error) }, { cause: error });
  if (!NO_FOLDER.includes(code)) return error;
  const seen = output.say("這不能當作資料夾", "this can't be a folder");
  return new Failure("wrong-use", { wanted, seen }, { cause: error });
}

function codeOf(error: unknown): string | undefined {
  return z.object({ code: z.string() }).safeParse(error).data?.code;
}
