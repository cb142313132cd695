import { readFile } from "node:fs/promises";
import { openCaptchaReader } from "../../login/captcha/engine.ts";
import type { ExitCode, Output } from "../terminal/output.ts";

/** `captcha read <png>…`: one JSON line a picture, always; exit 1 when a file can't be read. @param options `engine`: module of a reader to try */
export async function readCaptchas(
  files: readonly string[],
  { engine = null }: { engine?: string | null },
  output: Output,
): Promise<ExitCode> {
  const reader = await openCaptchaReader(engine);
  let exit: ExitCode = 0;
  try {
    for (const file of files) {
      const bytes = await readFile(file).catch(() => null);
      if (bytes === null) {
        process.stderr.write(`${output.say("讀不到檔案", "can't read")}：${file}\n`);
        exit = 1;
        continue;
      }
      const { text, confidence, refused } = await reader.read(bytes);
      process.stdout.write(`${JSON.stringify({ file, text, confidence, refused })}\n`);
    }
  } finally {
    await reader.close();
  }
  return exit;
}
