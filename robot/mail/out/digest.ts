import type { HeadsDay } from "../../recording/verification/heads.ts";
import { headsMessage } from "../../recording/verification/heads.ts";
import type { Notification } from "./notifications.ts";
import { sha256 } from "../../lib/hash.ts";

/** A mail to people, before anybody knows how it is sent. */
export interface OutgoingMail {
  /** The same for the same content, so that a copy which was sent twice by a crash is known as one. */
  readonly id: string;
  readonly subject: string;
  readonly text: string;
  readonly attachments: readonly { readonly name: string; readonly type: string; readonly bytes: Buffer }[];
}

const KINDS = [
  { kind: "urgent", heading: "平台來信，今天就要處理", count: "件今天就要處理" },
  { kind: "settings", heading: "設定改了", count: "項設定改了" },
  { kind: "person", heading: "要您處理", count: "件要您處理" },
  { kind: "failed", heading: "沒有完成", count: "件沒有完成" },
  { kind: "deadline", heading: "期限將到", count: "件期限將到" },
  { kind: "reminder", heading: "平台或加值中心來信提醒", count: "件來信提醒" },
] as const;

/** Lines of one kind in one mail; the console has all of them. */
const MOST_LINES = 30;

/** Everything that is new in one mail. @param link base of the console's addresses */
export function digest(news: readonly Notification[], link: string | null): OutgoingMail {
  const parts = KINDS.map(({ kind, heading, count }) => {
    const own = news.filter((one) => one.kind === kind);
    const more = own.length > MOST_LINES ? [`　…另外還有 ${own.length - MOST_LINES} 件`] : [];
    const lines = own.slice(0, MOST_LINES).flatMap((one) => [`・${one.line}`, ...linesOf(one, link)]);
    return {
      count: own.length === 0 ? null : `${own.length} ${count}`,
      lines: [`【${heading}】`, ...lines, ...more, ""],
    };
  }).filter(({ count }) => count !== null);
  return {
    id: idOf(news.map(({ key }) => key)),
    subject: `電子發票作業機器人：${parts.map(({ count }) => count).join("、")}`,
    text: `${parts
      .flatMap(({ lines }) => lines)
      .join("\n")
      .trimEnd()}\n`,
    attachments: [],
  };
}

function linesOf({ runId, questionId }: Notification, link: string | null): string[] {
  if (link !== null) return [`　${runId === null ? link : new URL(`/runs/${runId}`, link).href}`];
  if (questionId !== null) return [`　回答：answer ${questionId}`];
  return runId === null ? [] : [`　經過：show ${runId}`];
}

/** The chain heads of days that are over; of several days in one mail. */
export function headsMail(days: readonly HeadsDay[]): OutgoingMail {
  const messages = days.map(headsMessage);
  const [first] = messages;
  const [from, to] = [days[0]?.day ?? "", days.at(-1)?.day ?? ""];
  return {
    id: idOf(days.map(({ sha256 }) => sha256)),
    subject:
      first && messages.length === 1
        ? first.subject
        : `電子發票作業機器人：${from} 到 ${to} 執行紀錄的鏈尾（${days.length} 天）`,
    text: messages.map(({ text }) => text).join("\n────────\n\n"),
    attachments: messages.flatMap(({ attachments }) => attachments),
  };
}

function idOf(keys: readonly string[]): string {
  return sha256([...keys].sort().join("\n")).slice(0, 32);
}
