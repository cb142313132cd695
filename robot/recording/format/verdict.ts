import type { Words } from "../../invoicing/problems/problems.ts";
import type { Oddity } from "../../lib/files/regular-file.ts";

export type { Words } from "../../invoicing/problems/problems.ts";

/** The first thing that is wrong with a recording. Lines and events are counted from 1; in a sound file they are the same. */
export type RecordProblem =
  | { readonly kind: "changed"; readonly file: string; readonly line?: number; readonly event?: number }
  | {
      readonly kind: "removed";
      readonly file: string;
      readonly line: number;
      readonly fromEvent: number;
      readonly toEvent: number;
    }
  | { readonly kind: "inserted"; readonly file: string; readonly line: number; readonly event: number | null }
  | { readonly kind: "reordered"; readonly file: string; readonly line: number; readonly event: number }
  | {
      readonly kind: "cut-off";
      readonly file: string;
      readonly fromEvent: number;
      readonly toEvent: number;
      readonly source?: KnownFrom;
    }
  /** `tombstone`: the line of `retention.jsonl` that says it was deleted, and why that is not believed. */
  | { readonly kind: "missing"; readonly file: string; readonly event?: number; readonly tombstone?: TombstoneDoubt }
  /** The whole record of a run that is known elsewhere. */
  | { readonly kind: "gone"; readonly file: string; readonly runId: string; readonly source: KnownFrom }
  | { readonly kind: "added"; readonly file: string }
  /** It agrees with itself, but not with a head that was kept elsewhere. */
  | { readonly kind: "replaced"; readonly file: string; readonly event: number; readonly source?: KnownFrom }
  /** A link, a file with a second name elsewhere, a pipe, a device: no file of the record's own. */
  | { readonly kind: "odd"; readonly file: string; readonly oddity: Oddity }
  /** Times that can't be: earlier than the line before, than the beginning of the run, or than now allows. */
  | {
      readonly kind: "time";
      readonly file: string;
      readonly line: number;
      readonly time: string;
      readonly than: string;
    }
  /** What the record says of itself is not where it lies, or not what the run database says. */
  | {
      readonly kind: "differs";
      readonly file: string;
      readonly what: Differing;
      readonly record: string;
      readonly elsewhere: string;
    }
  /** Something that should be named there is not: it was put in later. `event`: from which event on. */
  | { readonly kind: "unlisted"; readonly file: string; readonly event?: number; readonly source: KnownFrom }
  /** What is kept in the run database does not agree with a day's document, whatever the record says. */
  | {
      readonly kind: "database";
      readonly file: string;
      readonly what: "head" | "retention";
      readonly source: KnownFrom;
    };

/** Where something is known from: the run database, a day's document in it, or one that was kept elsewhere and is given here. */
export type KnownFrom =
  | { readonly from: "database" }
  | { readonly from: "document"; readonly day: string }
  /** `sentOn`: the date in Taipei on which the mail was sent, where the mail itself is given. */
  | { readonly from: "given"; readonly day: string; readonly sentOn: string | null };

/** `folder` and `day` by the name of the folder; the others by the table of runs. */
export type Differing = "folder" | "day" | "flow" | "company" | "start" | "end" | "state" | "outcome";

/** A line of `retention.jsonl` that does not do what it says. */
export interface TombstoneDoubt {
  readonly line: number;
  /**
   * `other-file`: what it names is not what the record names, or may never be deleted · `rule`: no rule of retention says so ·
   * `too-early`: the rule allows it only later · `held`: nothing was to be deleted then · `unattested`: no head that was kept
   * elsewhere knows the line
   */
  readonly why: "other-file" | "rule" | "too-early" | "held" | "unattested";
  readonly source?: KnownFrom;
}

/** Ends the examination: nothing after the first problem can be trusted. */
export class Tampered extends Error {
  override readonly name = "Tampered";
  readonly problem: RecordProblem;

  constructor(problem: RecordProblem) {
    super(formatProblem(problem).en);
    this.problem = problem;
  }
}

/** The problem in words for people. */
export function formatProblem(problem: RecordProblem): Words {
  const { file } = problem;
  switch (problem.kind) {
    case "changed":
      if (problem.line === undefined) {
        return { zh: `檔案 ${file} 的內容被改過。`, en: `The file ${file} was changed.` };
      }
      return {
        zh: `${file} 第 ${problem.line} 行被改過。`,
        en: `Line ${problem.line} of ${file} was changed.`,
      };
    case "removed": {
      const { line, fromEvent, toEvent } = problem;
      return {
        zh: `${file} 第 ${line} 行之前少了${eventsZh(fromEvent, toEvent)}，被刪掉了。`,
        en: `Before line ${line} of ${file}, ${eventsEn(fromEvent, toEvent, "was", "were")} removed.`,
      };
    }
    case "inserted":
      return {
        zh: `${file} 第 ${problem.line} 行是後來加進去的。`,
        en: `Line ${problem.line} of ${file} was inserted.`,
      };
    case "reordered":
      return {
        zh: `${file} 第 ${problem.line} 行（第 ${problem.event} 個事件）的順序被動過。`,
        en: `Line ${problem.line} of ${file} (event ${problem.event}) was moved out of its order.`,
      };
    case "cut-off": {
      const { fromEvent, toEvent, source } = problem;
      const by = source && formatSource(source);
      return {
        zh: `${file} 的結尾被截掉：少了${eventsZh(fromEvent, toEvent)}${by ? `（${by.zh}裡有）` : ""}。`,
        en: `The end of ${file} was cut off: ${eventsEn(fromEvent, toEvent, "is", "are")} missing${by ? `, which ${by.en} has` : ""}.`,
      };
    }
    case "missing": {
      const doubt = problem.tombstone && doubtWords(problem.tombstone);
      return {
        zh: `檔案 ${file} 不見了${doubt ? `；${doubt.zh}` : ""}。`,
        en: `The file ${file} is missing${doubt ? `; ${doubt.en}` : ""}.`,
      };
    }
    case "gone": {
      const by = formatSource(problem.source);
      return {
        zh: `執行 ${problem.runId} 的紀錄整個不見了：${by.zh}裡有這次執行。`,
        en: `The whole record of run ${problem.runId} is gone: ${by.en} has it.`,
      };
    }
    case "replaced": {
      const by = problem.source
        ? formatSource(problem.source)
        : { zh: "另外保存的鏈尾", en: "what was kept elsewhere" };
      return {
        zh: `${file} 到第 ${problem.event} 個事件為止，和${by.zh}不同：內容被整段換過。`,
        en: `${file} up to event ${problem.event} is not as in ${by.en}: it was replaced as a whole.`,
      };
    }
    case "odd":
      return problem.oddity === "link"
        ? {
            zh: `${file} 是連結，或在別處還有一個名字，不是紀錄自己的檔案：被換掉了。`,
            en: `${file} is a link, or has a second name elsewhere: it was put in the place of the record's own file.`,
          }
        : {
            zh: `${file} 不是一般的檔案（管道、裝置或資料夾）：被換掉了。`,
            en: `${file} is no plain file (a pipe, a device, a folder): it was put there later.`,
          };
    case "time":
      return {
        zh: `${file} 第 ${problem.line} 行的時間 ${problem.time} 早於 ${problem.than}：時間被改過，或當時時鐘被調過。`,
        en: `Line ${problem.line} of ${file} has the time ${problem.time}, before ${problem.than}: times or the clock were moved.`,
      };
    case "differs":
      return {
        zh: `${DIFFERING[problem.what].zh}不同：紀錄是「${problem.record}」，${DIFFERING[problem.what].where.zh}是「${problem.elsewhere}」。`,
        en: `The ${DIFFERING[problem.what].en} differs: the record says "${problem.record}", ${DIFFERING[problem.what].where.en} "${problem.elsewhere}".`,
      };
    case "unlisted": {
      const by = formatSource(problem.source);
      const { event } = problem;
      return event === undefined || event <= 1
        ? {
            zh: `${by.zh}裡沒有這次執行：紀錄是後來放進去的，或當時的程序中止後一直沒有接續。`,
            en: `${by.en} does not have this run: it was put in later, or its process died and was never continued.`,
          }
        : {
            zh: `${file} 從第 ${event} 個事件起不在${by.zh}裡：是後來加上去的。`,
            en: `${file} from event ${event} on is not in ${by.en}: it was added later.`,
          };
    }
    case "database": {
      const by = formatSource(problem.source);
      return {
        zh: `執行資料庫裡${problem.what === "head" ? "這次執行的鏈尾" : "保存紀錄（保留令、刪除）的鏈尾"}和${by.zh}不同：資料庫被改過。`,
        en: `The ${problem.what === "head" ? "head" : "head of the retention"} in the run database is not as in ${by.en}: the database was changed.`,
      };
    }
    case "added":
      return { zh: `檔案 ${file} 是後來加進去的。`, en: `The file ${file} was added.` };
  }
}

const NAME = { zh: "資料夾的名稱", en: "the folder's name" };
const TABLE = { zh: "執行資料庫", en: "the run database" };
const DIFFERING: { readonly [what in Differing]: Words & { readonly where: Words } } = {
  folder: { zh: "執行編號", en: "run id", where: NAME },
  day: { zh: "開始的日期", en: "date of the start", where: NAME },
  flow: { zh: "工作", en: "job", where: TABLE },
  company: { zh: "公司的統一編號", en: "company's UBN", where: TABLE },
  start: { zh: "開始的時間", en: "time of the start", where: TABLE },
  end: { zh: "結束的時間", en: "time of the end", where: TABLE },
  state: { zh: "是否已經結束", en: "state", where: TABLE },
  outcome: { zh: "結果", en: "outcome", where: TABLE },
};

/** Where something is known from, as part of a sentence. */
export function formatSource(source: KnownFrom): Words {
  switch (source.from) {
    case "database":
      return { zh: "執行資料庫", en: "the run database" };
    case "document":
      return { zh: `資料庫裡 ${shortDay(source.day)} 的鏈尾文件`, en: `the database's document of ${source.day}` };
    case "given":
      return source.sentOn === null
        ? {
            zh: `另外保存的 ${shortDay(source.day)} 鏈尾文件`,
            en: `the document of ${source.day} that was kept elsewhere`,
          }
        : { zh: `${shortDay(source.sentOn)} 寄出的鏈尾`, en: `the heads mailed on ${source.sentOn}` };
  }
}

/** `12/1` */
export function shortDay(day: string): string {
  const [, month, date] = day.split("-");
  return month === undefined || date === undefined ? day : `${Number(month)}/${Number(date)}`;
}

function doubtWords({ line, why, source }: TombstoneDoubt): Words {
  const by = source ? formatSource(source) : { zh: "保存的鏈尾", en: "a head that was kept" };
  const at = {
    zh: `retention.jsonl 第 ${line} 行說是依規定刪除的，但`,
    en: `line ${line} of retention.jsonl says it was deleted, but `,
  };
  const but = {
    "other-file": { zh: "那一行說的不是這個檔案", en: "of another file, or of one that is never deleted" },
    rule: { zh: "沒有這樣的保存規定", en: "no rule of retention says so" },
    "too-early": { zh: "照那條規定還不到時候", en: "that rule allows it only later" },
    held: { zh: "當時有保留令", en: "there was a hold then" },
    unattested: { zh: `${by.zh}裡沒有那一行`, en: `${by.en} does not have that line` },
  }[why];
  return { zh: at.zh + but.zh, en: at.en + but.en };
}

function eventsZh(from: number, to: number): string {
  return from === to ? `第 ${from} 個事件` : `第 ${from} 到第 ${to} 個事件`;
}

function eventsEn(from: number, to: number, one: string, many: string): string {
  return from === to ? `event ${from} ${one}` : `events ${from} to ${to} ${many}`;
}
