import { createReadStream, existsSync } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { basename } from "node:path";
import { DEFAULT_CONFIG, loadConfig } from "../../config/load.ts";
import { fileFormats } from "../../config/parts/file-formats.ts";
import type { Config } from "../../config/schema.ts";
import { Failure, type FailureCode } from "../../failures/failure.ts";
import { DomainError, type Fault } from "../../invoicing/problems/problems.ts";
import type { FileSource } from "../../invoicing/reading/table.ts";
import type { Output } from "./output.ts";

/** How this installation's files look; the defaults where nothing is set up yet, as files can be looked at before that. */
export async function fileFormatsOf(configFile: string | undefined): Promise<Config["files"]> {
  if (configFile === undefined && !existsSync(DEFAULT_CONFIG)) return fileFormats.parse({});
  return (await loadConfig(configFile)).files;
}

/** Milliseconds until reading a file is worth a line of progress, and between two such lines. */
const QUIET_MS = 2_000;
const EVERY_MS = 1_000;

/**
 * A file that a person named on the command line; reading it shows how far it is when that takes more than two seconds.
 * @throws Failure `wrong-use` when it is not there, is no file or can't be read
 */
export async function inputFile(path: string, output: Output): Promise<FileSource> {
  const size = await sizeOf(path, output);
  const name = basename(path);
  return {
    name: path,
    async *read() {
      let read = 0;
      let next = performance.now() + QUIET_MS;
      for await (const piece of createReadStream(path)) {
        if (!(piece instanceof Uint8Array)) continue;
        read += piece.length;
        if (performance.now() >= next) {
          const percent = Math.min(99, Math.floor((read / size) * 100));
          output.progress(output.say(`讀取 ${name}：${percent}%`, `reading ${name}: ${percent}%`));
          next = performance.now() + EVERY_MS;
        }
        yield piece;
      }
    },
  };
}

async function sizeOf(path: string, output: Output): Promise<number> {
  const refuse = (zh: string, en: string): Failure =>
    new Failure("wrong-use", { wanted: output.say(`檔案 ${path}`, `file ${path}`), seen: output.say(zh, en) });
  const found = await stat(path).catch(() => null);
  if (found === null) throw refuse("找不到這個檔案", "there is no such file");
  if (!found.isFile()) throw refuse("這不是檔案", "this is not a file");
  await access(path, constants.R_OK).catch(() => {
    throw refuse("這個檔案不能讀取", "this file can't be read");
  });
  return found.size;
}

export async function inputBytes(file: FileSource): Promise<Uint8Array> {
  return Buffer.concat(await Array.fromAsync(file.read()));
}

export type FaultData = ReturnType<typeof faultData>;

/** A fault in the person's language. */
export function faultData({ line, column, code, value, ...fault }: Fault, file: string, output: Output) {
  const { wanted, message, remedy } = output.language === "zh" ? fault : fault.english;
  return { file, line, column, code, value, wanted, message, remedy };
}

/** One fault for people: where, what and what to do. @param mark what stands before it */
export function faultLines(fault: FaultData, output: Output, mark = ""): string[] {
  const place = [
    fault.line > 0 ? output.say(`第 ${fault.line} 行`, `line ${fault.line}`) : output.say("整個檔案", "whole file"),
    fault.column,
  ].filter((part) => part !== "");
  const space = output.say("　", "  ");
  return [`  ${mark}${[...place, fault.message].join(space)}`, `    → ${fault.remedy}`];
}

/** Does something of the domain; what it refuses becomes a failure of the command. */
export function refusing<Result>(code: FailureCode, output: Output, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new Failure(code, { seen: output.say(error.message, error.english) }, { cause: error });
  }
}
