import { z } from "zod";

/** From when on something about blank numbers is odd, so that a person looks at it before they are sent. */
export const anomalyLimits = z.strictObject({
  /** This many times as many blank numbers as usual, and this many more at the least, are far more. */
  moreThanUsual: z
    .strictObject({ times: z.number().min(1).default(2), numbers: z.int().min(1).default(50) })
    .prefault({}),
  /** Numbers between the first blank one and the last used one of a track; two books. */
  distance: z.int().min(1).default(100),
  /** Days without an invoice at the beginning or the end of the period. */
  days: z.int().min(1).max(61).default(14),
  /** How many earlier periods say what is usual. */
  periods: z.int().min(1).max(24).default(6),
});
