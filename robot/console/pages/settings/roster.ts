import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { z } from "zod";
import type { CompanyConfig } from "../../../config/schema.ts";
import { Failure } from "../../../failures/failure.ts";
import { decodeText } from "../../../invoicing/reading/encoding.ts";
import type { Json } from "../../../lib/json.ts";

/** The columns of a roster, as a spreadsheet shows them. The first two must be there. */
const COLUMNS = {
  name: "公司名稱",
  ubn: "統一編號",
  user: "平台帳號",
  identity: "登入身分",
  books: "取用本數",
  noticeAddress: "通知信箱",
  reportedBy: "空白號碼由誰上傳",
  reportedOn: "上傳日",
} as const;

const IDENTITIES = { business: "營業人", agent: "專業代理人" } as const;

const json: z.ZodType<Json> = z.json();
/** A company as it is written in settings, whatever else is written of it. */
export const writtenCompanySchema = z.object({ name: z.string(), ubn: z.string() }).catchall(json);
export type WrittenCompany = z.infer<typeof writtenCompanySchema>;

/** The roster as CSV that Excel opens as it is: UTF-8 with its mark, and no value that a spreadsheet would take for a formula. */
export function rosterCsv(companies: readonly CompanyConfig[]): string {
  const rows = companies.map(({ name, ubn, user, identity, books, noticeAddress, blanksReportedBy }) => ({
    name,
    ubn,
    user: user ?? "",
    identity: IDENTITIES[identity],
    books: books ?? "",
    noticeAddress: noticeAddress ?? "",
    reportedBy: blanksReportedBy?.name ?? "",
    reportedOn: blanksReportedBy?.day ?? "",
  }));
  return stringify(rows, {
    header: true,
    columns: COLUMNS,
    bom: true,
    record_delimiter: "windows",
    escape_formulas: true,
  });
}

/**
 * Reads a roster in any of the encodings that files here have. Columns may stand in any order and most may be missing.
 * @throws Failure `file-invalid` where it can't be read as such, with the line
 */
export function readRoster(bytes: Uint8Array): WrittenCompany[] {
  const rows = rowsOf(bytes);
  const [first = []] = rows;
  const places = new Map(Object.entries(COLUMNS).map(([key, title]) => [key, first.indexOf(title)]));
  if ((places.get("name") ?? -1) < 0 || (places.get("ubn") ?? -1) < 0) {
    throw new Failure("file-invalid", {
      wanted: `第一列要有「${COLUMNS.name}」與「${COLUMNS.ubn}」`,
      seen: first.join(","),
    });
  }
  return rows.slice(1).map((row) => {
    const cell = (key: keyof typeof COLUMNS): string => plain(row[places.get(key) ?? -1] ?? "");
    const [books, day] = [cell("books"), cell("reportedOn")];
    return writtenCompany({
      name: cell("name"),
      // A spreadsheet takes the zeros before a number away.
      ubn: /^\d{1,8}$/.test(cell("ubn")) ? cell("ubn").padStart(8, "0") : cell("ubn"),
      user: cell("user"),
      identity: cell("identity") === IDENTITIES.agent ? "agent" : "business",
      books,
      noticeAddress: cell("noticeAddress"),
      reportedBy: cell("reportedBy"),
      reportedOn: day,
    });
  });
}

/** What stands in a form or a roster, as settings hold it: what is empty is left out. */
export function writtenCompany(texts: Readonly<Record<keyof typeof COLUMNS, string>>): WrittenCompany {
  const { name, ubn, user, identity, books, noticeAddress, reportedBy, reportedOn } = texts;
  return {
    name,
    ubn,
    ...(user === "" ? {} : { user }),
    ...(identity === "agent" ? { identity } : {}),
    ...(books === "" ? {} : { books: Number(books) }),
    ...(noticeAddress === "" ? {} : { noticeAddress }),
    ...(reportedBy === "" ? {} : { blanksReportedBy: { name: reportedBy, day: Number(reportedOn || "10") } }),
  };
}

/** What `escape_formulas` put before a value. */
function plain(text: string): string {
  return text.trim().replace(/^'(?=[=+\-@])/, "");
}

function rowsOf(bytes: Uint8Array): string[][] {
  try {
    return parse(decodeText(bytes).text, { bom: true, relax_column_count: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    throw new Failure("file-invalid", { wanted: "CSV 名冊", seen: String(error) }, { cause: error });
  }
}
