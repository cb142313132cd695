import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { RunRow } from "../../../../robot/engine/runs/runs.ts";
import type { Config } from "../../../../robot/config/schema.ts";
import type { CaptchaReader } from "../../../../robot/login/captcha/reader.ts";
import type { Look } from "../../../stranger/looks/habits.ts";
import type { Act, LooksLedger } from "../../../stranger/looks/ledger.ts";
import { LOOKS_COMPANY } from "../../../stranger/looks/model.ts";
import { type LooksPortal, startLook } from "../../../stranger/looks/start.ts";
import { periodAfter, periodAt, periodBefore, type Run, type Take } from "../../../stranger/rules.ts";
import { lookInstallation } from "./look-installation.ts";
import { type Job, perform } from "../installation/in-process.ts";

const { ubn: UBN, account, password } = LOOKS_COMPANY;
const NEXT = periodAfter(periodAt(Date.now()));
const ENDED = periodBefore(periodAt(Date.now()));
/** A job that takes longer than this has no end. */
const LONGEST_MS = 280_000;

/** How a job ended at a portal of one look. */
export type Ending =
  /** Done, and the portal's ledger says that exactly what was wanted happened. */
  | "straight"
  /** Stopped as `page-changed`, and the first proposal is what a person would have taken. */
  | "right proposal"
  | "stopped"
  /** Something happened at the portal that nobody wanted, or twice, or what is reported is not so. */
  | "wrong press"
  /** An exception that is no failure by name, or no end at all. */
  | "crash";

export interface CaseResult {
  readonly look: string;
  readonly flow: string;
  readonly ending: Ending;
  /** What the robot says, for whoever mends it. */
  readonly why: string;
  readonly pages: number;
  readonly seconds: number;
}

interface Scene {
  readonly input: Job["input"];
  readonly wanted: readonly Act[];
  /** Whether what is reported is what the portal has. */
  readonly isRight: (run: RunRow, portal: LooksPortal) => boolean;
}

type Flow = (portal: LooksPortal, folder: string) => Promise<Scene> | Scene;

/** The jobs that are tried on each look, each with what the portal has before and what shall have happened after. */
export const LOOK_FLOWS: { readonly [flow: string]: Flow } = {
  "take-tracks": () => ({
    input: { period: NEXT, category: "07", books: 3 },
    wanted: [{ kind: "take", period: NEXT, category: "07", books: 3, extra: 0, stop: false, refused: null }],
    isRight: (run, portal) => hasTracks(run, portal.takes()) && portal.ledger().downloads.length === 1,
  }),
  "download-tracks": (portal) => {
    const taken = portal.seedTake({ period: NEXT, books: 4 });
    return {
      input: { period: NEXT },
      wanted: [],
      isRight: (run) => hasTracks(run, [taken]),
    };
  },
  "keep-notice-list": (portal) => ({
    input: {},
    wanted: [
      { kind: "notice-added", email: "new@stranger.example" },
      { kind: "notice-removed", email: "old@stranger.example" },
    ],
    isRight: () => portal.mailboxes.toSorted().join() === "new@stranger.example,tracks@stranger.example",
  }),
  "upload-blank-numbers": async (portal, folder) => {
    const { runs } = portal.seedTake({ period: ENDED, books: 4 });
    const file = await uploadFile(folder, endsOf(runs, 1));
    return {
      input: { period: ENDED, file },
      wanted: [{ kind: "upload", period: ENDED, name: "空白.csv", sha256: file.sha256, refused: null }],
      isRight: () => portal.blanks().length === runs.length,
    };
  },
  "verify-blank-numbers": async (portal, folder) => {
    const { runs } = portal.seedTake({ period: ENDED, books: 8 });
    const blanks = endsOf(runs, 7);
    portal.seedBlanks(ENDED, blanks);
    const file = await uploadFile(folder, blanks);
    return { input: { period: ENDED, file }, wanted: [], isRight: () => portal.blanks().length === blanks.length };
  },
  "correct-blank-numbers": async (portal, folder) => {
    const { runs } = portal.seedTake({ period: ENDED, books: 6 });
    const blanks = endsOf(runs, 2);
    const [wrong, ...right] = blanks;
    if (!wrong) throw new Error("The look allocated nothing.");
    portal.seedBlanks(ENDED, blanks);
    const file = await uploadFile(folder, right);
    return {
      input: { period: ENDED, file },
      wanted: [{ kind: "deletion", runs: [`${wrong.track}${wrong.begin}-${wrong.end}`] }],
      isRight: () => portal.blanks().length === right.length,
    };
  },
};

/** Lets the robot do one job at a portal of this look, and compares what it says with what truly happened. */
export async function playCase(look: Look, flow: string): Promise<CaseResult> {
  const portal = await startLook(look.habits);
  const folder = await mkdtemp(join(tmpdir(), "einvoice-look-"));
  const began = performance.now();
  try {
    const prepare = LOOK_FLOWS[flow];
    if (!prepare) throw new Error(`No scene for ${flow}`);
    const scene = await prepare(portal, folder);
    const end = await runEnd(await configured(folder, portal.url), { flow, input: scene.input }, portal);
    const { ending, why } = judge(look, scene, end, portal);
    const seconds = Math.round((performance.now() - began) / 1_000);
    return { look: look.name, flow, ending, why, pages: portal.ledger().pages, seconds };
  } finally {
    await portal.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

type End = { readonly run: RunRow } | { readonly trouble: string };

/** Reads captchas as the portal has drawn them. */
export function readsDigitsOf(portal: LooksPortal): CaptchaReader {
  return {
    read: (png) => {
      const text = portal.digitsOf(png) ?? "";
      return Promise.resolve({ text, confidence: text === "" ? 0 : 1, refused: text === "" });
    },
    close: () => Promise.resolve(),
  };
}

async function runEnd(config: Config, job: Job, portal: LooksPortal): Promise<End> {
  try {
    const ended = perform({ config, ubn: UBN }, job, { captcha: readsDigitsOf(portal) });
    const late = delay(LONGEST_MS, null, { ref: false });
    const run = await Promise.race([ended, late]);
    return run === null ? { trouble: `no end within ${LONGEST_MS / 1_000} s` } : { run };
  } catch (error) {
    return { trouble: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function judge(look: Look, scene: Scene, end: End, portal: LooksPortal): { ending: Ending; why: string } {
  const ledger = portal.ledger();
  const strange = unwanted(scene.wanted, ledger);
  if (strange !== null) return { ending: "wrong press", why: `${strange}; ${saysOf(end)}` };
  if ("trouble" in end) return { ending: "crash", why: end.trouble };
  const { run } = end;
  const isDone =
    run.state === "ended" && run.failure === null && (run.outcome === "done" || run.outcome === "already-done");
  if (isDone) {
    if (look.needsPerson) return { ending: "wrong press", why: "went on where a person has to decide" };
    if (ledger.acts.length !== scene.wanted.length)
      return { ending: "wrong press", why: `says done; ${JSON.stringify(ledger.acts)}` };
    if (!scene.isRight(run, portal)) return { ending: "wrong press", why: "says done, and what it reports is not so" };
    return { ending: "straight", why: "" };
  }
  const { failure } = run;
  if (failure?.code === "program-error") return { ending: "crash", why: saysOf(end) };
  const isRightStop = failure !== null && failure.code === look.mayStopAs && ledger.acts.length === 0;
  if (look.needsPerson || isRightStop) return { ending: "straight", why: saysOf(end) };
  if (failure?.code === "page-changed" && isRightProposal(look, failure.wanted ?? "", failure.seen ?? "")) {
    return { ending: "right proposal", why: saysOf(end) };
  }
  return { ending: "stopped", why: saysOf(end) };
}

function saysOf(end: End): string {
  if ("trouble" in end) return end.trouble;
  const { failure, state, outcome, progress } = end.run;
  return failure
    ? [failure.code, failure.wanted, failure.seen, failure.pageSays]
        .filter((one) => one !== undefined && one !== null)
        .join(" | ")
    : [state, outcome, progress].filter((one) => one !== null).join(" | ");
}

/** What happened and was not to happen; null where all was wanted, though perhaps not all of it happened. */
function unwanted(wanted: readonly Act[], { acts, passwords, logins }: LooksLedger): string | null {
  const left = wanted.map((one) => JSON.stringify(one));
  for (const act of acts) {
    const at = left.indexOf(JSON.stringify(act));
    if (at < 0) return JSON.stringify(act);
    left.splice(at, 1);
  }
  if (passwords.includes("wrong")) return "a wrong password was given";
  return logins.includes("credentials") ? "a wrong password at the sign-in" : null;
}

/** The first of the proposals is what this look calls the thing that was wanted. */
function isRightProposal({ habits }: Look, wanted: string, seen: string): boolean {
  const name = plain(/「([^」]+)」/.exec(wanted)?.[1] ?? wanted);
  const first = plain(/相近的有 「([^」]+)」/.exec(seen)?.[1] ?? "");
  if (first === "") return false;
  const other = name === "提交取號" ? habits.submit : undefined;
  return first.includes(name) || name.includes(first) || (other !== undefined && first.includes(other));
}

function plain(words: string): string {
  return words.normalize("NFKC").replaceAll(/[\s*:＊：（）()]|必填/g, "");
}

function hasTracks(run: RunRow, takes: readonly Take[]): boolean {
  const wanted = takes.flatMap((take) => take.runs.map((one) => `${one.track}${one.begin}-${one.end}`));
  const text = JSON.stringify(run.result);
  return (
    wanted.length > 0 &&
    takes.every(({ runs }) => runs.every(({ begin, end }) => text.includes(begin) && text.includes(end)))
  );
}

/** The last numbers of the first so many books of each run. */
export function endsOf(runs: readonly Run[], count: number): Run[] {
  return runs.flatMap(({ track, begin, end }) => {
    const books = (Number(end) - Number(begin) + 1) / 50;
    return Array.from({ length: Math.min(count, books) }, (_, book) => {
      const last = Number(begin) + book * 50 + 49;
      return { track, begin: String(last - 9).padStart(8, "0"), end: String(last).padStart(8, "0") };
    });
  });
}

async function uploadFile(folder: string, runs: readonly Run[]): Promise<{ path: string; sha256: string }> {
  const lines = runs.map(({ track, begin, end }, index) =>
    [String(index + 1).padStart(5, "0"), UBN, ENDED, track, begin, end, "07"].join(","),
  );
  const text = lines.map((line) => `${line}\r\n`).join("");
  const path = join(folder, "空白.csv");
  await writeFile(path, text);
  return { path, sha256: createHash("sha256").update(text).digest("hex") };
}

/** An installation in the folder whose one company is the one at the portal of that address. */
export function configured(folder: string, address: string): Promise<Config> {
  return lookInstallation(folder, { address, ubn: UBN, account, password });
}
