import iconv from "iconv-lite";
import { z } from "zod";
import { type BlankCircumstances, type BlankRun, blankProblems, checkBlank } from "./blank-rules.ts";

const column = z.enum(["serial", "ban", "period", "track", "begin", "end", "category"]);
type Column = z.infer<typeof column>;

/** How the portal wants the file; nobody has seen its own sample, so vendors' order is no more than the default. */
export const blankFileStyle = z.strictObject({
  columns: z
    .array(column)
    .refine((columns) => columns.length === 7 && new Set(columns).size === 7, "each of the seven columns once")
    .default(["serial", "ban", "period", "track", "begin", "end", "category"]),
  encoding: z.enum(["utf-8", "big5"]).default("utf-8"),
});
export type BlankFileStyle = z.output<typeof blankFileStyle>;

export const columnNames: Readonly<Record<Column, string>> = {
  serial: "序號",
  ban: "統一編號",
  period: "所屬年月",
  track: "字軌",
  begin: "空白發票起號",
  end: "空白發票迄號",
  category: "發票類別",
};

const formats: Readonly<Record<Column, string>> = {
  serial: "5碼數字",
  ban: "8碼數字",
  period: "民國年月5碼(雙數月)",
  track: "2碼大寫英文",
  begin: "8碼數字",
  end: "8碼數字",
  category: "07一般稅額計算或08特種稅額計算",
};

const example: Readonly<Record<Column, string>> = {
  serial: "00001",
  ban: "12345675",
  period: "11512",
  track: "AA",
  begin: "00000021",
  end: "00000049",
  category: "07",
};

/** A line of an upload, or the whole file (`line` is null), and what the portal says of it. */
export interface LineFault {
  /** Counts from 1. */
  readonly line: number | null;
  /** The line as it was sent. */
  readonly text: string;
  readonly problems: readonly string[];
}

export interface BlankImport {
  /** The runs of the good lines. */
  readonly runs: readonly BlankRun[];
  readonly faults: readonly LineFault[];
}

/** One vendor's eighth column. */
const STOP_NOTE = /^註記停用:\d{4}\/\d{2}\/\d{2}$/;

/**
 * Reads an uploaded file against the portal's rules, line by line; lines of the same file may not overlap each other either. A
 * header that was left in is a line like any other, and a wrong one.
 */
export function readBlankFile(bytes: Buffer, style: BlankFileStyle, around: BlankCircumstances): BlankImport {
  const text = decoded(bytes, style.encoding);
  if (text === null) return wholeFile(`檔案編碼錯誤，須為${style.encoding === "utf-8" ? "UTF-8" : "Big5"}`);
  if (text.trim() === "") return wholeFile("檔案無資料");
  const runs: BlankRun[] = [];
  const faults: LineFault[] = [];
  const present = [...around.present];
  const lines = text.replace(/(\r?\n)+$/, "").split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const read = readLine(line, style, { ...around, present });
    if (read.ok) {
      runs.push(read.run);
      present.push(read.run);
    } else faults.push({ line: index + 1, text: line, problems: read.problems });
  }
  return { runs, faults };
}

/** 範例檔: lines of Chinese explanation that have to be removed, and one made-up row. */
export function sampleFile({ columns, encoding }: BlankFileStyle): Buffer {
  const lines = [columnNames, formats, example].map((row) => columns.map((name) => row[name]).join(","));
  return encoded(lines, encoding);
}

/** 說明檔: the same in prose. */
export function guideFile({ columns, encoding }: BlankFileStyle): Buffer {
  const lines = [
    "上傳空白未使用發票號碼 檔案格式說明",
    "",
    "一、檔案為純文字檔，副檔名為 .csv，各欄位以半形逗號分隔，每一空白區間一列。",
    `二、檔案編碼為 ${encoding === "utf-8" ? "UTF-8" : "Big5"}，不含表頭。`,
    "三、欄位依序如下：",
    ...columns.map((name, index) => `　${index + 1}. ${columnNames[name]}：${formats[name]}`),
    "四、空白發票起號、迄號須為本期已配賦之號碼，且不得與其他資料重疊。",
    `範例：${columns.map((name) => example[name]).join(",")}`,
  ];
  return encoded(lines, encoding);
}

function readLine(
  line: string,
  { columns }: BlankFileStyle,
  around: BlankCircumstances,
): { ok: true; run: BlankRun } | { ok: false; problems: string[] } {
  const cells = line.split(",");
  const extra = cells.slice(columns.length);
  if (cells.length < columns.length || extra.length > 1 || !extra.every((cell) => STOP_NOTE.test(cell))) {
    return { ok: false, problems: [`欄位數錯誤，應為${columns.length}欄`] };
  }
  const cell = (name: Column): string => cells[columns.indexOf(name)] ?? "";
  const checked = checkBlank(
    {
      ban: cell("ban"),
      period: cell("period"),
      track: cell("track"),
      begin: cell("begin"),
      end: cell("end"),
      category: cell("category"),
    },
    around,
  );
  const problems = checked.ok ? [] : checked.problems.map((problem) => blankProblems[problem]);
  const wrongSerial = /^\d{5}$/.test(cell("serial")) ? [] : ["序號須為5碼數字"];
  if (checked.ok && wrongSerial.length === 0) return { ok: true, run: checked.run };
  return { ok: false, problems: [...wrongSerial, ...problems] };
}

function wholeFile(problem: string): BlankImport {
  return { runs: [], faults: [{ line: null, text: "", problems: [problem] }] };
}

/** Null where the bytes are of another encoding. A byte order mark is taken for data: the portal's own files have none. */
function decoded(bytes: Buffer, encoding: BlankFileStyle["encoding"]): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function encoded(lines: readonly string[], encoding: BlankFileStyle["encoding"]): Buffer {
  const text = lines.map((line) => `${line}\r\n`).join("");
  return encoding === "big5" ? iconv.encode(text, "cp950") : Buffer.from(text, "utf8");
}
