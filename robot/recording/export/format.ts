import { z } from "zod";
import { formatPeriod, isPeriod } from "../../invoicing/values/period.ts";
import { categoryName } from "../../invoicing/values/track.ts";
import { isList, type Json } from "../../lib/json.ts";
import { failureKind, isFailureCode } from "../../failures/failure.ts";

/** How values are written for people. Times are Taipei's, whatever the machine's zone. */

const clockFormat = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Taipei", timeStyle: "medium" });
const dayFormat = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Taipei", dateStyle: "short" });

/** `18:10:29` */
export function clockText(instant: string): string {
  return clockFormat.format(new Date(instant));
}

/** `2026-11-21` */
export function dayText(instant: string): string {
  return dayFormat.format(new Date(instant));
}

/** `2026-11-21 18:10:29` */
export function timeText(instant: string): string {
  return `${dayText(instant)} ${clockText(instant)}`;
}

/** `44.2 KB` */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} 位元組`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `116年01-02月`, or the text itself where it is no period. */
export function periodText(code: string): string {
  return isPeriod(code) ? formatPeriod(code, "zh") : code;
}

/** `07 一般稅額計算`, or the value itself where it is no category. */
export function categoryText(value: Json): string {
  return value === "07" || value === "08" ? `${value} ${categoryName(value)}` : plainText(value);
}

/** Who or what began a run. */
export function starterText(startedBy: string): string {
  return { "command line": "命令列", schedule: "排程" }[startedBy] ?? startedBy;
}

/** What was asked of a job, in the words of the business; names that nobody has words for stay as they are. */
const ASKED: Readonly<Record<string, string>> = {
  period: "期別",
  to: "到",
  category: "發票類別",
  books: "取用本數",
  file: "檔案",
  invoices: "發票明細",
  members: "會員名單",
  list: "中獎清冊",
  dryRun: "只預覽",
  upload: "匯入檔名",
  link: "載具的連結",
  phone: "手機號碼",
  barcode: "手機條碼",
  available: "可取用本數",
  taken: "已取用本數",
  offered: "可選的期別",
  notified: "通知名單",
  addresses: "通知名單",
  rows: "清單上的筆數",
};

/** Labels and values of an object, for a small table. */
export function describeFacts(json: Json | undefined): [string, string][] {
  if (json === undefined || json === null) return [];
  if (typeof json !== "object" || isList(json)) return [["", plainText(json)]];
  const order = Object.keys(ASKED);
  const placeOf = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  return Object.entries(json)
    .sort(([a], [b]) => placeOf(a) - placeOf(b))
    .flatMap(([key, value]): [string, string][] =>
      value === undefined ? [] : [[ASKED[key] ?? key, valueText(key, value)]],
    );
}

function valueText(key: string, value: Json): string {
  const file = givenFile.safeParse(value);
  if (file.success) return `${file.data.path.replace(/^.*[\\/]/, "")}（SHA-256 ${file.data.sha256.slice(0, 12)}…）`;
  if (key === "to" && (value === "mobile" || value === "certificate")) return COMMON_CARRIERS[value];
  if (typeof value === "string" && (key === "period" || key === "to")) return `${periodText(value)}（${value}）`;
  if (key === "category") return categoryText(value);
  return plainText(value);
}

/** A file that a person handed over. */
const givenFile = z.object({ path: z.string(), sha256: z.string() });

const COMMON_CARRIERS = { mobile: "手機條碼", certificate: "自然人憑證" } as const;

/** A value in one line. */
export function plainText(json: Json): string {
  if (json === null) return "（無）";
  if (typeof json === "string") return json;
  if (typeof json === "boolean") return json ? "是" : "否";
  if (typeof json === "number") return String(json);
  if (!isList(json)) return JSON.stringify(json);
  // A list of rows is summarized by its length; the rows themselves stand in the event.
  if (json.some((one) => typeof one === "object")) return `${json.length} 筆`;
  return json.length === 0 ? "（無）" : json.map(plainText).join("、");
}

/** How a run ended, for people. A word of a later version of the robot stays as it is. */
export function outcomeText(outcome: string): string {
  return OUTCOMES[outcome] ?? outcome;
}

const OUTCOMES: Readonly<Record<string, string>> = {
  done: "完成",
  "already-done": "早已完成，這次沒有送出任何東西",
  waiting: "等待中",
  "needs-person": "需要人處理",
  failed: "沒有完成",
  unknown: "結果不明",
};

/** What may be done after this failure, in a sentence; null for one that this version does not know. */
export function afterText(code: string): string | null {
  if (!isFailureCode(code)) return null;
  return AFTER[code === "program-error" ? "person" : failureKind(code).after];
}

const AFTER = {
  never: "照同樣的要求再做一次，結果也會一樣；要先改要求或設定。",
  later: "平台上沒有任何改變，之後可以照樣再執行一次。",
  person: "要先由人排除原因，再執行。",
  reconcile: "不知道平台有沒有收下：先查證，不要重複送出。",
} as const;
