import { isList, type Json } from "../lib/json.ts";
import type { EventLine } from "../recording/format/chain.ts";
import type { About, Level, RunLog } from "./log.ts";

/** Events after which a person may have to do something. */
const LEVELS: Readonly<Record<string, Level>> = {
  "step.failed": "warn",
  "wait.not-looked": "warn",
  "effect.unknown": "warn",
  "effect.refused": "warn",
  "effect.withdrawn": "warn",
  "letter.unknown": "warn",
  "letter.refused": "warn",
  "question.asked": "warn",
  "lock-taken-over": "warn",
  "torn-line-repaired": "warn",
  "unfinished-file": "warn",
  "trace-refused": "warn",
  "session.failed": "error",
  quarantined: "error",
};

/** Longer texts stand in the record; a line of the log says where to look. */
const LONGEST = 200;

/** Writes a line about each event of a run's record: its number, type, and what is short enough to be read in passing. */
export function logEvents(log: RunLog): (event: EventLine) => void {
  return ({ seq, type, data }) => log.write(LEVELS[type] ?? "info", type, { seq, ...shortOf(data) });
}

function shortOf(data: Json): About {
  if (data === null || typeof data !== "object" || isList(data)) return {};
  const short = Object.entries(data).filter(([name, value]) => !KEPT_OUT.has(name) && isShort(value));
  const failure = data["failure"];
  const code = failure !== null && typeof failure === "object" && !isList(failure) ? failure["code"] : undefined;
  return { ...Object.fromEntries(short), ...(typeof code === "string" ? { failure: code } : {}) };
}

/** Names that lines have themselves. */
const KEPT_OUT: ReadonlySet<string> = new Set(["level", "time", "pid", "run", "seq", "msg", "failure"]);

function isShort(value: Json | undefined): boolean {
  return (
    typeof value === "number" || typeof value === "boolean" || (typeof value === "string" && value.length <= LONGEST)
  );
}
