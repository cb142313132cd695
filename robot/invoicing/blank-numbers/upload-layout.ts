import { z } from "zod";

/** A column of the upload file. `disabled` is the eighth column one vendor appends (註記停用, `yyyy/MM/dd`, empty when unused). */
const columnSchema = z.enum(["sequence", "ubn", "period", "track", "begin", "end", "category", "disabled"]);

export type UploadColumn = z.infer<typeof columnSchema>;

/** The portal's words for the columns: for messages, and for the header where one is wanted. */
export const UPLOAD_COLUMN_NAMES: Readonly<Record<UploadColumn, string>> = {
  sequence: "序號",
  ubn: "統一編號",
  period: "所屬年月",
  track: "字軌",
  begin: "空白發票起號",
  end: "空白發票迄號",
  category: "發票類別",
  disabled: "註記停用",
};

const NEEDED: readonly UploadColumn[] = ["ubn", "period", "track", "begin", "end", "category"];

/**
 * How the portal wants the upload file. Configurable in every point: two vendors agree on the defaults, but the portal's own sample
 * has not been seen, and it is the sample that counts.
 */
export const uploadLayoutSchema = z.strictObject({
  columns: z
    .array(columnSchema)
    .superRefine((columns, context) => {
      const twice = columns.find((column, index) => columns.indexOf(column) < index);
      const missing = NEEDED.filter((column) => !columns.includes(column));
      if (twice !== undefined) context.addIssue({ code: "custom", message: `欄位重複：${twice}` });
      if (missing.length > 0) context.addIssue({ code: "custom", message: `缺少必要欄位：${missing.join("、")}` });
    })
    .default(["sequence", "ubn", "period", "track", "begin", "end", "category"]),
  /** Whether the first line names the columns. */
  header: z.boolean().default(false),
  encoding: z.enum(["utf-8", "utf-8-bom", "big5"]).default("utf-8"),
  newline: z.enum(["\r\n", "\n"]).default("\r\n"),
});

export type UploadLayout = z.infer<typeof uploadLayoutSchema>;

export const DEFAULT_UPLOAD_LAYOUT: UploadLayout = uploadLayoutSchema.parse({});
