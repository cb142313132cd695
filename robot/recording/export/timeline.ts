import { z } from "zod";
import type { EventLine } from "../format/chain.ts";
import { type FileEntry, readFileEntry } from "../format/documents.ts";
import { describeFacts, outcomeText, plainText, starterText } from "./format.ts";

/** How much an event means to anyone who reads a run: `quiet` is bookkeeping of the robot itself. */
export type EventTone = "plain" | "good" | "warn" | "bad" | "quiet";

/** One event in words for people. */
export interface TimelineEntry {
  readonly event: EventLine;
  readonly text: string;
  readonly tone: EventTone;
  /** What the portal itself said. */
  readonly quote?: string | undefined;
  readonly facts?: readonly (readonly [string, string])[] | undefined;
  readonly picture?: FileEntry | undefined;
}

/** A step of the job with what happened in it, or what happened between two steps (`title` null). */
export interface Chapter {
  readonly title: string | null;
  /** `open`: its process ended in the middle of it; it is done again. */
  readonly state: "done" | "failed" | "put-off" | "interrupted" | "open";
  readonly events: readonly EventLine[];
  readonly entries: readonly TimelineEntry[];
}

const text = z.string().optional().catch(undefined);
const json = z.json().optional().catch(undefined);
const failure = z
  .object({ code: z.string(), message: z.string(), next: z.string(), pageSays: text })
  .optional()
  .catch(undefined);

/** What is known to stand in the data of events. All of it may be missing. */
const dataSchema = z.object({
  step: text,
  effect: text,
  wait: text,
  name: text,
  line: text,
  data: json,
  why: text,
  words: text,
  state: text,
  source: text,
  answer: json,
  by: text,
  text,
  choices: json,
  button: text,
  verdict: text,
  account: text,
  browser: text,
  visit: z.union([z.string(), z.number()]).optional().catch(undefined),
  host: text,
  link: text,
  reference: text,
  to: text,
  origin: text,
  direction: text,
  outcome: text,
  startedBy: text,
  before: json,
  held: json,
  form: z
    .array(z.object({ name: z.string(), value: z.string() }))
    .optional()
    .catch(undefined),
  failure,
  files: z.number().optional().catch(undefined),
  bytes: z.number().optional().catch(undefined),
  refused: z.boolean().optional().catch(undefined),
  confidence: z.number().optional().catch(undefined),
  leaks: z.array(z.json()).optional().catch(undefined),
  left: z.array(z.json()).optional().catch(undefined),
  evidence: z
    .object({
      words: text,
      reconciled: z.boolean().optional(),
      person: text,
      error: text,
      difference: text,
      found: text,
    })
    .optional()
    .catch(undefined),
  header: z.object({ title: text, startedBy: text }).optional().catch(undefined),
});
type Data = z.infer<typeof dataSchema>;
type Words = Omit<TimelineEntry, "event">;

const say = (words: string, tone: EventTone = "plain", more: Omit<Words, "text" | "tone"> = {}): Words => ({
  text: words,
  tone,
  ...more,
});

/** Words for each type of event. A type that is not here is shown by its name. */
const TELL: Readonly<Record<string, (data: Data) => Words>> = {
  "run-started": ({ header }) =>
    say(`開始執行「${header?.title ?? ""}」，發起者：${starterText(header?.startedBy ?? "")}`, "quiet"),
  "run-resumed": () => say("接著執行（上一段結束、等待，或程式中斷之後）", "quiet"),
  "lock-taken-over": () => say("上一個程序沒有正常結束，由這個程序接手紀錄", "warn"),
  "torn-line-repaired": ({ bytes }) => say(`上一個程序寫到一半的最後一行（${bytes ?? 0} 位元組）已移除`, "warn"),
  "unfinished-file": () => say("上一個程序寫到一半的檔案，列入紀錄", "warn"),
  picture: ({ name }) => say(name ?? "畫面"),
  file: ({ name, direction, origin }) =>
    say(`${direction === "out" ? "送出" : "收到"}檔案 ${name ?? ""}（${origin ?? ""}）`, "good"),
  trace: ({ visit }) => say(`保存操作軌跡 ${visit ?? ""}，機密內容已去除`, "quiet"),
  "trace-refused": ({ visit }) => say(`操作軌跡 ${visit ?? ""} 沒有保存：有無法去除的機密，或無法讀取`, "warn"),
  "leak-scan": ({ files = 0, leaks = [] }) =>
    leaks.length === 0
      ? say(`機密掃描：${files} 個檔案，沒有發現密碼或權杖`, "quiet")
      : say(`機密掃描：發現 ${leaks.length} 處機密內容`, "bad"),
  quarantined: () => say("這份紀錄已隔離，不可寄出或上傳", "bad"),
  "run-ended": ({ outcome = "" }) => say(`執行結束：${outcomeText(outcome)}`, toneOfOutcome(outcome)),
  "step.put-off": () => say("帳號正在使用中，稍後再做這一步", "quiet"),
  "step.interrupted": () => say("程式收到結束的要求；這一步之後會重做", "quiet"),
  "step.failed": ({ failure: known }) => say(known?.message ?? "沒有完成", "bad", { quote: known?.pageSays }),
  "effect.looked": ({ before }) => say("先看平台上的現況", "plain", { facts: describeFacts(before) }),
  "effect.already-done": ({ why = "" }) => say(`平台上已經有了，不需要送出：${why}`, "good"),
  "effect.compared": ({ held }) => say("表單填好、逐欄讀回，和要求的一致", "plain", { facts: describeFacts(held) }),
  "effect.rehearsed": ({ button = "", form }) =>
    say(`演練：停在按下「${button}」之前，沒有送出`, "good", {
      facts: (form ?? []).map(({ name, value }) => [name, value]),
    }),
  "effect.intended": ({ button = "" }) => say(`先寫下「即將按下『${button}』」，然後按一次`),
  "effect.confirmed": ({ evidence }) =>
    evidence?.person === undefined
      ? say(evidence?.reconciled ? "事後查證：平台清單上已出現這一筆" : "平台證實已成功", "good", {
          quote: evidence?.words,
        })
      : say("由人查看平台後確認：已成功", "good"),
  "effect.refused": ({ evidence }) => say("平台拒絕，沒有任何改變", "bad", { quote: evidence?.words }),
  "effect.withdrawn": ({ evidence }) =>
    say(`在確認畫面上退出，沒有送出${evidence?.difference ? `：${evidence.difference}` : ""}`, "warn", {
      quote: evidence?.words,
    }),
  "effect.unknown": ({ evidence }) =>
    say("按下之後沒有得到明確的回覆；不會再按一次，先查證", "warn", { quote: evidence?.words }),
  "effect.released": () => say("由人查看平台後確認：沒有成功，可以再做", "warn"),
  "effect.reconciled": ({ verdict = "" }) => say(`回平台查證：${VERDICTS[verdict] ?? verdict}`),
  "letter.intended": ({ reference = "", to = "" }) => say(`先寫下「即將寄出 ${reference} 的信給 ${to}」，然後寄一次`),
  "letter.sent": ({ reference = "", to, by, words }) =>
    by === undefined
      ? say(`${reference} 的信已交給寄信伺服器（${to ?? ""}）`, "good", { quote: words })
      : say(`由人判斷：${reference} 的信當作已寄出`, "good"),
  "letter.refused": ({ reference = "", to = "", words }) =>
    say(`寄信伺服器不收 ${reference} 的信（${to}），沒有寄出`, "warn", { quote: words }),
  "letter.unknown": ({ reference = "", to = "" }) =>
    say(`不知道 ${reference} 的信有沒有寄出（${to}）；不會自己再寄`, "warn"),
  "letter.released": ({ reference = "", by, words }) =>
    say(`${reference} 的信沒有寄出，可以再寄${by === undefined ? "" : "（由人判斷）"}`, "warn", { quote: words }),
  "wait.looked": ({ source, answer }) =>
    answer === null || answer === undefined
      ? say(`看了${sourceText(source)}：還沒有結果`, "quiet")
      : say(`看了${sourceText(source)}：有結果了`, "good", { facts: describeFacts(answer) }),
  "wait.not-looked": ({ source, failure: known }) =>
    say(`這次沒有看成${sourceText(source)}：${known?.message ?? ""}`, "warn"),
  "question.asked": ({ text: question = "", choices }) =>
    say(`問人：${question}`, "warn", { facts: describeFacts(choices) }),
  "question.answered": ({ answer, by = "" }) => say(`${by} 回答：${plainText(answer ?? null)}`, "good"),
  note: ({ line = "", data }) => say(line, "plain", { facts: describeFacts(data) }),
  "visit.began": ({ visit = "", account = "", browser = "" }) =>
    say(`第 ${visit} 次進入平台，帳號 ${account}，瀏覽器 ${browser}`, "quiet"),
  "visit.signed-in": () => say("已登入平台", "good"),
  "visit.entered": ({ link = "" }) => say(`不用登入，從 ${link} 進入`, "quiet"),
  "visit.ended": () => say("已登出，關閉瀏覽器", "quiet"),
  "visit.blocked": ({ host = "" }) => say(`擋下頁面要連的其他主機：${host}`, "quiet"),
  "visit.question": ({ words }) => say("瀏覽器跳出詢問", "plain", { quote: words }),
  "page.not-known": () => say("這一頁和認識的不一樣；要找的東西現在在哪裡，可以由人指出來", "warn"),
  "visit.no-trace": () => say("操作軌跡沒有保存", "warn"),
  "captcha.read": ({ refused, confidence = 0 }) =>
    refused
      ? say("圖形驗證碼看不清楚，換一張", "quiet")
      : say(`讀出圖形驗證碼（把握 ${Math.round(confidence * 100)}%）`, "quiet"),
  "sign-in.answered": ({ state = "", words }) =>
    say(state === "signed-in" ? "平台接受登入" : "平台沒有接受登入", state === "signed-in" ? "plain" : "warn", {
      quote: words === "" ? undefined : words,
    }),
  "sign-in.challenge": ({ words }) => say("平台要求真人驗證，等人在瀏覽器視窗裡完成", "warn", { quote: words }),
  "session.failed": () => say("沒有辦法開始：密碼或設定有問題", "bad"),
};

/** One event in words. */
export function timelineEntry(event: EventLine): TimelineEntry {
  const { data } = dataSchema.safeParse(event.data);
  const words = data && TELL[event.type]?.(data);
  if (!words) return { event, text: event.type, tone: "quiet" };
  const picture = event.type === "picture" ? (readFileEntry(event.data) ?? undefined) : undefined;
  return { event, ...words, picture };
}

const STEP_ENDS: Readonly<Record<string, Chapter["state"]>> = {
  "step.done": "done",
  "step.failed": "failed",
  "step.put-off": "put-off",
  "step.interrupted": "interrupted",
};

/** The events of a run as chapters: each step, and what lies between. Every event is in exactly one. */
export function chaptersOf(events: readonly EventLine[]): Chapter[] {
  const chapters: { title: string | null; state: Chapter["state"]; events: EventLine[] }[] = [];
  let isOpen = false;
  for (const event of events) {
    const starts = event.type === "step.started";
    // A process that takes the run up again leaves the step in which the one before it ended.
    const leaves = event.type === "run-resumed" || event.type === "lock-taken-over";
    if (starts) chapters.push({ title: stepOf(event), state: "open", events: [event] });
    else if (isOpen && !leaves) chapters.at(-1)?.events.push(event);
    else if (chapters.at(-1)?.title === null) chapters.at(-1)?.events.push(event);
    else chapters.push({ title: null, state: "done", events: [event] });
    const state = STEP_ENDS[event.type];
    const last = chapters.at(-1);
    if (isOpen && state !== undefined && last) last.state = state;
    isOpen = starts || (isOpen && !leaves && state === undefined);
  }
  return chapters.map((chapter) => ({
    ...chapter,
    entries: chapter.events.filter(({ type }) => type !== "step.started" && type !== "step.done").map(timelineEntry),
  }));
}

function stepOf(event: EventLine): string {
  return dataSchema.safeParse(event.data).data?.step ?? event.type;
}

const VERDICTS: Readonly<Record<string, string>> = {
  happened: "清單上正好多了這一筆，已成功",
  absent: "清單上還沒有",
  unclear: "無法確定",
};

function toneOfOutcome(outcome: string): EventTone {
  if (outcome === "done" || outcome === "already-done") return "good";
  return outcome === "failed" ? "bad" : "warn";
}

function sourceText(source: string | undefined): string {
  return source === "mail" ? "信箱" : "平台的清單";
}
