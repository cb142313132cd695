import { execFile } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { DecryptTool } from "../../config/parts/winning-list.ts";
import { Failure } from "../../failures/failure.ts";
import { KILL_SIGNAL } from "../../lib/stall-limits.ts";

/** The opened list, in a folder that only this user can read. */
export interface OpenedList {
  readonly path: string;
  /** Removes it: the opened list names people. */
  close(): Promise<void>;
}

const LONGEST_OUTPUT = 1024 * 1024;

/**
 * Opens an encrypted list of winners with the ministry's own tool, which runs as a process without a shell.
 * @throws Failure `decrypt-failed` when the tool is not there, ends with an error, takes too long or writes nothing
 */
export async function openEncrypted(tool: DecryptTool, encrypted: string): Promise<OpenedList> {
  const folder = await mkdtemp(join(tmpdir(), "einvoice-winners-"));
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  const path = join(folder, "list.txt");
  const args = tool.args.map((arg) => arg.replaceAll("{in}", () => resolve(encrypted)).replaceAll("{out}", () => path));
  try {
    await promisify(execFile)(tool.command, args, {
      timeout: tool.timeout,
      killSignal: KILL_SIGNAL,
      maxBuffer: LONGEST_OUTPUT,
      windowsHide: true,
      shell: false,
    });
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    if (size === 0) throw new Failure("decrypt-failed", { wanted: tool.command, seen: "程式結束了，但沒有寫出檔案" });
    return { path, close };
  } catch (error) {
    await close();
    throw error instanceof Failure ? error : toolFailure(tool, error);
  }
}

const ended = z.looseObject({
  code: z.union([z.string(), z.number()]).nullish(),
  killed: z.boolean().optional(),
  stderr: z.string().optional(),
});

/** What the tool said for itself; its standard output may hold names and is not repeated. */
function toolFailure({ command, timeout }: DecryptTool, error: unknown): Failure {
  const { code, killed, stderr } = ended.safeParse(error).data ?? {};
  const words = (stderr ?? "").trim().split(/\r?\n/)[0] ?? "";
  const seen = killed
    ? `${Math.round(timeout / 1000)} 秒內沒有結束`
    : [code === "ENOENT" ? "找不到這個程式" : `結束代碼 ${code ?? "不明"}`, words]
        .filter((part) => part !== "")
        .join("：");
  return new Failure("decrypt-failed", { wanted: command, seen }, { cause: error });
}
