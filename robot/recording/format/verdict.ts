/** The first thing that is wrong with a recording. Lines and events are counted from 1; in a sound file they are the same. */
export type Problem =
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
  | { readonly kind: "cut-off"; readonly file: string; readonly fromEvent: number; readonly toEvent: number }
  | { readonly kind: "missing"; readonly file: string; readonly event?: number }
  | { readonly kind: "added"; readonly file: string }
  /** It agrees with itself, but not with a head that was kept elsewhere. */
  | { readonly kind: "replaced"; readonly file: string; readonly event: number };

export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** Ends the examination: nothing after the first problem can be trusted. */
export class Tampered extends Error {
  override readonly name = "Tampered";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(wordsOf(problem).en);
    this.problem = problem;
  }
}

/** The problem in words for people. */
export function wordsOf(problem: Problem): Words {
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
    case "cut-off":
      return {
        zh: `${file} 的結尾被截掉：少了${eventsZh(problem.fromEvent, problem.toEvent)}。`,
        en: `The end of ${file} was cut off: ${eventsEn(problem.fromEvent, problem.toEvent, "is", "are")} missing.`,
      };
    case "missing":
      return { zh: `檔案 ${file} 不見了。`, en: `The file ${file} is missing.` };
    case "replaced":
      return {
        zh: `${file} 到第 ${problem.event} 個事件為止，和另外保存的鏈尾不同：內容被整段換過。`,
        en: `${file} up to event ${problem.event} is not what was kept elsewhere: it was replaced as a whole.`,
      };
    case "added":
      return { zh: `檔案 ${file} 是後來加進去的。`, en: `The file ${file} was added.` };
  }
}

function eventsZh(from: number, to: number): string {
  return from === to ? `第 ${from} 個事件` : `第 ${from} 到第 ${to} 個事件`;
}

function eventsEn(from: number, to: number, one: string, many: string): string {
  return from === to ? `event ${from} ${one}` : `events ${from} to ${to} ${many}`;
}
