import { setTimeout as delay } from "node:timers/promises";
import { openQuestions, type QuestionRow } from "../../engine/people/questions.ts";
import { isHeldByPage } from "../../engine/workflow/pages-first.ts";
import type { Robot } from "../../engine/workflow/robot.ts";
import { getRun, type RunRow } from "../../engine/runs/runs.ts";
import type { Store } from "../../store/store.ts";
import { storeFailure, StoreError, storeErrorIn } from "../../store/errors.ts";
import type { Output } from "./output.ts";

const LOOK_MS = 200;
/** How long to wait for the run database to come back, in milliseconds. */
const STORE_PATIENCE_MS = 120_000;

export interface Followed {
  readonly run: RunRow;
  readonly questions: readonly QuestionRow[];
}

/**
 * Shows what a run is doing until it ends, asks a person, or `stop` says so. Works whichever process does the run, and goes on
 * looking while the run database is away.
 * A captcha that a person shall read at once is no end: the page stays open for it, and the run goes on in a moment.
 * @param working the robot of this process: it notices a database that can be read and not written
 * @param asked called for each picture whose digits are asked for; without it, the line of progress says how to answer
 * @throws Failure `store-unavailable` or `disk-full` when that lasts; the run itself goes on later
 */
export async function follow(
  {
    store,
    working,
    patience = STORE_PATIENCE_MS,
    asked,
  }: {
    store: Store;
    working: Pick<Robot, "trouble">;
    patience?: number;
    asked?: ((question: QuestionRow) => Promise<void>) | undefined;
  },
  runId: string,
  output: Output,
  stop: AbortSignal,
): Promise<Followed> {
  let since: number | null = null;
  for (;;) {
    const looked = await look(store, runId);
    let picture: QuestionRow | undefined;
    if (!(looked instanceof StoreError)) {
      picture = looked.questions.find(({ free }) => free !== null);
      const isAsked = looked.questions.length > 0 && !picture;
      // A page that is not known may take a person days.
      if (looked.run.state === "ended" || stop.aborted || isAsked || isHeldByPage(looked.run)) return looked;
    }
    const trouble = looked instanceof StoreError ? looked : working.trouble();
    if (trouble === null) since = null;
    else {
      since ??= performance.now();
      if (stop.aborted || performance.now() - since > patience) throw storeFailure(trouble);
    }
    if (trouble !== null) output.progress(troubleLine(trouble, output));
    else if (picture && asked) await asked(picture);
    else if (!(looked instanceof StoreError)) output.progress(progressLine(looked.run, output, picture));
    await delay(LOOK_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}

async function look(store: Store, runId: string): Promise<Followed | StoreError> {
  try {
    const run = await getRun(store, runId);
    return { run, questions: asks(run) ? await openQuestions(store, runId) : [] };
  } catch (error) {
    const trouble = storeErrorIn(error);
    if (!trouble) throw error;
    return trouble;
  }
}

/** A run that has ended may still ask: whether its account may be used again. */
function asks({ state }: RunRow): boolean {
  return state === "needs-person" || state === "ended";
}

function troubleLine(trouble: StoreError, output: Output): string {
  const what =
    trouble.kind === "full"
      ? output.say("磁碟已滿，執行資料庫寫不進去", "the disk of the run database is full")
      : output.say("執行資料庫暫時無法使用", "the run database is away");
  return `⚠ ${what}${output.say("，恢復後會接著做", ", the run goes on when that is over")}：${trouble.message}`;
}

function progressLine(run: RunRow, output: Output, picture?: QuestionRow): string {
  const what = run.progress === null ? output.say("排隊中", "queued") : output.words(run.progress);
  switch (run.state) {
    case "queued":
      return `· ${run.company}：${output.say("排隊中", "queued")}`;
    case "running":
      return `▶ ${run.company}：${what}`;
    case "waiting": {
      const until =
        run.waitingUntil === null
          ? ""
          : output.say(`，最晚到 ${formatTime(run.waitingUntil)}`, `, until ${formatTime(run.waitingUntil)}`);
      return `⏸ ${run.company}：${what}${until}`;
    }
    case "needs-person":
      return `？ ${run.company}：${what}${picture ? `（answer ${picture.id}）` : ""}`;
    case "ended":
      return "";
  }
}

/** Local to the business, whatever zone the machine is in. */
export function formatTime(instant: string): string {
  return new Intl.DateTimeFormat("zh-TW", {
    timeZone: "Asia/Taipei",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hour12: false,
  }).format(new Date(instant));
}
