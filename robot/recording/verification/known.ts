import type { Head } from "../format/chain.ts";
import type { RecordProblem, KnownFrom, Words } from "../format/verdict.ts";
import { shortDay } from "../format/verdict.ts";

/** What is known of a run outside its folder. Whatever is undefined could not be asked, and is not compared. */
export interface Known {
  /** Where the folder lies: its own name, and the day that the folders above it say (null where they say none). */
  readonly place?: { readonly runId: string; readonly day: string | null };
  /** What the table of runs says; null where it does not have the run. */
  readonly row?: KnownRow | null;
  /** Heads of its chain; each must be in it. The strongest source first. */
  readonly heads?: readonly KeptHead[];
  /** Heads of what was done with its record later. */
  readonly retention?: readonly KeptHead[];
  /** Whether each change of `retention.jsonl` is noted in the run database: then nothing may be in it that is not noted. */
  readonly retentionIsNoted?: boolean;
  /** The rules of retention that are in force; a deletion that no kept head attests must be by one of them. */
  readonly rules?: readonly string[];
  /** What the documents of the days say about days as a whole. */
  readonly days?: KnownDays;
  /** What the run database says of this run against a day's document. */
  readonly contradictions?: readonly RecordProblem[];
}

export interface KnownDays {
  /**
   * The document that would name a run that was let go of on a day in Taipei, or null where none of those at hand can tell. `given`
   * prefers nothing else to those that were kept elsewhere.
   */
  readonly naming: (day: string) => KnownFrom | null;
  /** The newest document that was kept elsewhere; null without any. */
  readonly newestGiven: KnownFrom | null;
}

export interface KnownRow {
  readonly flow: string;
  readonly ubn: string;
  readonly state: string;
  readonly outcome: string | null;
  /** Code of the failure that ended it. */
  readonly failure: string | null;
  /** UTC, ISO 8601. */
  readonly createdAt: string;
  readonly endedAt: string | null;
}

export interface KeptHead extends Head {
  readonly source?: KnownFrom;
}

/** What a verdict rests on besides the folder itself. */
export interface Held {
  readonly by: "given" | "document" | "database" | "nothing";
  /** Up to which event. */
  readonly events: number;
  /** The day of the document. */
  readonly day: string | null;
  readonly words: Words;
}

const STRENGTH = { given: 3, document: 2, database: 1 } as const;

/** The strongest thing that a chain was held against, and how far it reaches; of equal ones the longest. */
export function heldAgainst(heads: readonly KeptHead[], end: Head): Held {
  let best: KeptHead | null = null;
  for (const head of heads) {
    const by = strengthOf(head) - (best === null ? 0 : strengthOf(best));
    if (by > 0 || (by === 0 && head.seq > (best?.seq ?? 0))) best = head;
  }
  const source = best?.source;
  if (best === null || source === undefined) {
    const words = {
      zh: "沒有可核對的鏈尾：紀錄若被整份換掉或截掉結尾，從這裡看不出來。",
      en: "There is no head to compare it with: if all of it was replaced or its end was cut off, this can't tell.",
    };
    return { by: "nothing", events: 0, day: null, words };
  }
  const part = best.seq < end.seq;
  const upTo = {
    zh: part ? `到第 ${best.seq} 個事件為止` : "",
    en: part ? ` up to event ${best.seq}` : "",
  };
  const day = source.from === "database" ? null : source.day;
  return { by: source.from, events: best.seq, day, words: wordsFor(source, upTo) };
}

function wordsFor(source: KnownFrom, upTo: Words): Words {
  const zhPart = upTo.zh === "" ? "" : `，${upTo.zh}`;
  switch (source.from) {
    case "given":
      return source.sentOn === null
        ? {
            zh: `和另外保存的 ${shortDay(source.day)} 鏈尾核對過${zhPart}。`,
            en: `Compared with the heads of ${source.day} that were kept elsewhere${upTo.en}.`,
          }
        : {
            zh: `和 ${shortDay(source.sentOn)} 寄出的鏈尾核對過${zhPart}。`,
            en: `Compared with the heads that were mailed on ${source.sentOn}${upTo.en}.`,
          };
    case "document":
      return {
        zh: `和執行資料庫裡 ${shortDay(source.day)} 的鏈尾文件核對過${zhPart}；沒有給寄出的鏈尾（--heads），資料庫若一起被改，看不出來。`,
        en: `Compared with the run database's document of ${source.day}${upTo.en}; no mailed heads were given (--heads): if the database was changed too, this can't tell.`,
      };
    case "database":
      return {
        zh: `和執行資料庫的鏈尾核對過${zhPart}；還沒有那一天寄出的鏈尾可核對，資料庫若一起被改，看不出來。`,
        en: `Compared with the head in the run database${upTo.en}; there are no mailed heads of that day yet: if the database was changed too, this can't tell.`,
      };
  }
}

function strengthOf({ source }: KeptHead): number {
  return source === undefined ? 0 : STRENGTH[source.from];
}
