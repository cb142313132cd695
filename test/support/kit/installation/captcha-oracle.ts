import { z } from "zod";
import type { CaptchaReader } from "../../../../robot/login/captcha/reader.ts";

const toldSchema = z.object({ answer: z.string().optional() });

/** What is on a picture, as whoever can see reads it: the portal's control address tells. Null for a picture that is not its own. */
export async function answerToPicture(controlUrl: string, picture: Uint8Array): Promise<string | null> {
  const response = await fetch(new URL("/captcha", controlUrl), { method: "POST", body: Buffer.from(picture) });
  return toldSchema.parse(await response.json()).answer ?? null;
}

/** Asks the portal's control address for the answer: for tests in which signing in is not what is proved. */
export function captchaOracle(controlUrl: string): CaptchaReader {
  return {
    async read(picture) {
      const answer = await answerToPicture(controlUrl, picture);
      return { text: answer ?? "", confidence: answer === null ? 0 : 1, refused: answer === null };
    },
    close: () => Promise.resolve(),
  };
}
