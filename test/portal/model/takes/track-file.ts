import iconv from "iconv-lite";
import { z } from "zod";
import { categoryNames, type Entry } from "../company.ts";
import { periodRange } from "../periods.ts";

/** How `invnoapply*.csv` is written; years and sites have differed (portal facts, section 4, "Track file"). */
export const trackFileStyle = z.strictObject({
  encoding: z.enum(["utf-8", "big5"]).default("utf-8"),
  bom: z.boolean().default(false),
  lineEnd: z.enum(["crlf", "lf"]).default("crlf"),
  tilde: z.enum(["spaced", "tight"]).default("spaced"),
  year: z.enum(["roc", "ce"]).default("roc"),
  /** 發票類別代號 printed as `7` or `07`. */
  category: z.enum(["short", "long"]).default("short"),
});
export type TrackFileStyle = z.output<typeof trackFileStyle>;

const HEADER = "營業人統編,發票類別代號,發票類別,發票期別,發票字軌名稱,發票起號,發票迄號";

/** The bytes of the track file for these entries: a header and one row per run of books. */
export function trackFile(entries: readonly Entry[], style: TrackFileStyle): Buffer {
  const rows = entries.flatMap((entry) =>
    entry.runs.map((run) =>
      [
        entry.ban,
        style.category === "short" ? String(Number(entry.category)) : entry.category,
        categoryNames[entry.category],
        periodRange(entry.period, style),
        run.track,
        run.begin,
        run.end,
      ].join(","),
    ),
  );
  const lineEnd = style.lineEnd === "crlf" ? "\r\n" : "\n";
  const text = [HEADER, ...rows].map((line) => line + lineEnd).join("");
  return style.encoding === "big5"
    ? iconv.encode(text, "cp950")
    : Buffer.from(`${style.bom ? "\uFEFF" : ""}${text}`, "utf8");
}
