import { z } from "zod";

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A length of time written as `30s`, `15m`, `26h` or `2d`; milliseconds once read. */
export const duration = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, "時間長度請寫成 30s、15m、26h 或 2d")
  .transform((text) => {
    const unit = (["ms", "s", "m", "h", "d"] as const).find((name) => new RegExp(`\\d${name}$`).test(text)) ?? "ms";
    return Math.round(Number.parseFloat(text) * UNITS[unit]);
  });
