import { z } from "zod";

/** Characters that are not seen, or that turn the direction of what stands behind them: a name with them reads as another one. */
const UNSEEN =
  /[\p{Cc}\p{Zl}\p{Zp}\u00AD\u061C\u115F\u1160\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2069\u3164\uFEFF\uFFF9-\uFFFB]/u;

/** A name that people read: of visible characters, and no longer than fits on a line. */
export function plainName(longest = 100): z.ZodString {
  return z
    .string()
    .min(1)
    .max(longest, `名稱最多 ${longest} 個字`)
    .regex(new RegExp(`^(?!.*${UNSEEN.source})[\\s\\S]*$`, "us"), "名稱裡有看不見的控制字元或方向記號，請重新輸入");
}
