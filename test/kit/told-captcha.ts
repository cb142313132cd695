import { z } from "zod";
import type { CaptchaReader } from "../../robot/login/captcha/reader.ts";

/** Asks the portal's control address for the answer: for tests in which signing in is not what is proved. */
export function toldCaptcha(controlUrl: string): CaptchaReader {
  return {
    async read(picture) {
      const response = await fetch(new URL("/captcha", controlUrl), { method: "POST", body: Buffer.from(picture) });
      const { answer } = z.object({ answer: z.string().optional() }).parse(await response.json());
      return { text: answer ?? "", confidence: answer === undefined ? 0 : 1, refused: answer === undefined };
    },
    close: () => Promise.resolve(),
  };
}
