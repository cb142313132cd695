import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { Failure } from "../../failures/failure.ts";
import { STALL_LIMITS } from "../../lib/stall-limits.ts";
import { within } from "../../lib/within.ts";
import { type CaptchaReader, type CaptchaReading, createCaptchaReader } from "./reader.ts";

/**
 * What a module of the user's exports as `createReader`: a function that makes a reader, for example one around an ONNX model. See
 * docs/captcha-engine.md.
 */
const made = z.looseObject({
  read: z.custom<(picture: Uint8Array) => unknown>((value) => typeof value === "function"),
  close: z.custom<() => unknown>((value) => typeof value === "function").optional(),
});
const module = z.looseObject({
  createReader: z.custom<() => unknown>((value) => typeof value === "function"),
});
const reading = z.object({
  text: z.string().regex(/^(\d{5})?$/, "text 要是五個數字，或空字串"),
  confidence: z.number().min(0).max(1),
  refused: z.boolean(),
});

/**
 * Opens the configured captcha reader.
 * @param engine path of the user's module; null for the built-in reader
 * @throws Failure `config-invalid` when the module can't be loaded or is none
 */
export async function openCaptchaReader(engine: string | null): Promise<CaptchaReader> {
  if (engine === null) return createCaptchaReader();
  const wanted = `驗證碼引擎 ${engine}`;
  try {
    const loaded: unknown = await import(pathToFileURL(resolve(engine)).href);
    return readerOf(made.parse(await within(LIMIT, module.parse(loaded).createReader, slow)), wanted);
  } catch (error) {
    throw new Failure("config-invalid", { wanted, seen: reasonOf(error) }, { cause: error });
  }
}

const LIMIT = STALL_LIMITS.captchaEngine;
const slow = (): Error => new Error(`${LIMIT / 1000} 秒內沒有回應`);

function readerOf(engine: z.infer<typeof made>, wanted: string): CaptchaReader {
  return {
    async read(picture): Promise<CaptchaReading> {
      let answer: unknown;
      try {
        answer = await within(LIMIT, () => engine.read(picture), slow);
      } catch {
        // A picture that it stumbles over, or that it has no answer to, is one that it can't read; the portal has others.
        return { text: "", confidence: 0, refused: true };
      }
      const read = reading.safeParse(answer);
      if (!read.success) throw new Failure("config-invalid", { wanted, seen: reasonOf(read.error) });
      // Five digits or nothing: what is not there can't be submitted.
      return { ...read.data, refused: read.data.refused || read.data.text === "" };
    },
    async close() {
      await within(LIMIT, () => engine.close?.(), slow).catch(() => undefined);
    },
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError)
    return error.issues.map(({ path, message }) => `${path.join(".")}：${message}`).join("；");
  return error instanceof Error ? error.message : String(error);
}
