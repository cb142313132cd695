import { z } from "zod";
import { detailsLayout } from "./blank-details.ts";
import { blankFileStyle } from "./blank-file.ts";

/** How 上傳空白未使用發票號碼 behaves where the real one is unknown (portal facts, section 5). */
export const blankSettings = z.strictObject({
  /** The page code that the breadcrumb prints; null prints none. */
  code: z.string().nullable().default(null),
  /** Periods that 匯入字軌 and 新增 offer, counted from this one: -1 is the one that just ended. */
  periods: z.array(z.int().max(0)).min(1).default([-1, 0]),
  /** Minute of every hour at which the import job runs. */
  importMinute: z.int().min(0).max(59).default(5),
  waitingWord: z.string().min(1).default("處理中"),
  /** What is taken from a file with wrong lines: nothing at all, or the good lines. */
  onFailure: z.enum(["nothing", "partial"]).default("nothing"),
  /** What is done with a run that overlaps one of the list: it is an error, it is listed as well, it takes the other one's place. */
  overlap: z.enum(["refuse", "duplicate", "overwrite"]).default("refuse"),
  file: blankFileStyle.prefault({}),
  details: detailsLayout.default("columns"),
  /** Does 上傳 ask before it sends the file? */
  confirmUpload: z.boolean().default(true),
  /** 發票類別 in the list: as everywhere else, or 三聯式發票 for 07, as the page of 2015 printed it. */
  categoryWord: z.enum(["tax", "triplicate"]).default("tax"),
  rowsPerPage: z.int().min(1).default(15),
});
export type BlankSettings = z.output<typeof blankSettings>;
