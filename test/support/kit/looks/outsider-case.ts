import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { RunRow } from "../../../../robot/engine/runs/runs.ts";
import type { CaptchaReader } from "../../../../robot/login/captcha/reader.ts";
import type { Office } from "../../../outsiders/office/office.ts";
import { periodAfter, periodOn } from "../../../outsiders/office/periods.ts";
import type { Entry, NumberRun } from "../../../outsiders/office/records.ts";
import { type Face, type Outsider, startOutsider } from "../../../outsiders/start.ts";
import { type Job, perform } from "../installation/in-process.ts";
import { lookInstallation } from "./look-installation.ts";

const MEMBER = { ban: "53212539", name: "外人測試商行", user: "outsider01", password: "Outs1der-pass" };
const HOLDER = { phone: "0912345678", barcode: "/ABC123+", code: "Holder-777" };
const CARD = "4f1c0c7e-5a2e-4a52-9f61-000000000007";
const CURRENT = periodOn(new Date());
const NEXT = periodAfter(CURRENT);
const ENDED = periodAfter(CURRENT, -1);
/** Its list of winners is out. */
const WON = periodAfter(CURRENT, -2);
const LONGEST_MS = 200_000;

export interface OutsiderResult {
  readonly face: Face;
  readonly flow: string;
  readonly ending: "straight" | "stopped" | "wrong" | "crash";
  readonly why: string;
  readonly seconds: number;
}

type Act = Extract<
  Entry,
  { kind: "take" | "take-refused" | "notice-list" | "upload" | "deletion" | "binding" | "binding-refused" }
>;

interface Scene {
  readonly input: Job["input"];
  /** Whether what happened is what was wanted, all of it and nothing else. */
  readonly happened: (acts: readonly Act[]) => boolean;
  readonly reported?: (text: string) => boolean;
}

const nothing = (acts: readonly Act[]): boolean => acts.length === 0;

/** The jobs, each with what the office knows before. */
export const OUTSIDER_FLOWS: Readonly<Record<string, (outsider: Outsider, folder: string) => Promise<Scene> | Scene>> =
  {
    "take-tracks": () => ({
      input: { period: NEXT, category: "07", books: 3 },
      happened: ([take, ...rest]) =>
        rest.length === 0 &&
        take?.kind === "take" &&
        take.period === NEXT &&
        take.category === "07" &&
        take.books === 3 &&
        take.extra === 0,
    }),
    "download-tracks": ({ office }) => {
      const { runs } = office.seed(MEMBER.ban, { period: NEXT, category: "07", books: 4, extra: 0 });
      return {
        input: { period: NEXT },
        happened: nothing,
        reported: (text) => runs.every(({ begin }) => text.includes(begin)),
      };
    },
    "upload-blank-numbers": async ({ office }, folder) => {
      const { text, ...file } = await blankFile(folder, ends(seedEnded(office), 1));
      return {
        input: { period: ENDED, file },
        happened: ([upload, ...rest]) =>
          rest.length === 0 && upload?.kind === "upload" && upload.period === ENDED && upload.text === text,
      };
    },
    "verify-blank-numbers": async ({ office }, folder) => {
      const blanks = ends(seedEnded(office), 12);
      office.seedBlanks(MEMBER.ban, ENDED, blanks);
      const { text: _, ...file } = await blankFile(folder, blanks);
      return { input: { period: ENDED, file }, happened: nothing };
    },
    "download-failure-details": ({ office }) => {
      office.upload(MEMBER.ban, ENDED, `00001,${MEMBER.ban},${ENDED},ZZ,00000050,00000099,07\r\n`);
      office.ledger.length = 0;
      return { input: { period: ENDED }, happened: nothing, reported: (text) => text.includes("E0613") };
    },
    "correct-blank-numbers": async ({ office }, folder) => {
      const [wrong, ...right] = ends(seedEnded(office), 3);
      if (wrong === undefined) throw new Error("nothing was allotted");
      office.seedBlanks(MEMBER.ban, ENDED, [wrong, ...right]);
      const { text: _, ...file } = await blankFile(folder, right);
      return {
        input: { period: ENDED, file },
        happened: ([gone, ...rest]) =>
          rest.length === 0 &&
          gone?.kind === "deletion" &&
          gone.rows.length === 1 &&
          gone.rows[0]?.begin === wrong.begin,
      };
    },
    "keep-notice-list": ({ office }) => {
      office.keepNotices(MEMBER.ban, ["tracks@stranger.example", "old@stranger.example"]);
      office.ledger.length = 0;
      return {
        input: {},
        happened: (acts) =>
          acts.every(({ kind }) => kind === "notice-list") &&
          office.noticesOf(MEMBER.ban).toSorted().join() === "new@stranger.example,tracks@stranger.example",
      };
    },
    "check-missing-uploads": ({ office }) => {
      office.missing.push({
        ban: MEMBER.ban,
        period: ENDED,
        number: "QX12345678",
        date: "2026/10/05",
        what: "漏上傳資料清冊",
      });
      return { input: { period: ENDED }, happened: nothing, reported: (text) => text.includes("QX12345678") };
    },
    "bind-carrier": ({ url }) => ({
      input: { link: `${url}/member/card/${CARD}`, phone: HOLDER.phone, barcode: HOLDER.barcode },
      happened: ([bound, ...rest]) =>
        rest.length === 0 && bound?.kind === "binding" && bound.card === CARD && bound.barcode === HOLDER.barcode,
    }),
    "fetch-winning-list": () => ({ input: { period: WON }, happened: nothing }),
    "check-pages": () => ({ input: {}, happened: nothing }),
  };

/** Lets the robot do one job at one face, and judges it by the office's ledger. */
export async function playOutsider(face: Face, flow: string): Promise<OutsiderResult> {
  const began = performance.now();
  await using outsider = await startOutsider(face, {
    members: [MEMBER],
    holders: [HOLDER],
    allotAfter: 800,
    checkFor: 800,
    importAfter: 800,
  });
  const folder = await mkdtemp(join(tmpdir(), "einvoice-outsider-"));
  try {
    furnish(outsider.office);
    const prepare = OUTSIDER_FLOWS[flow];
    if (prepare === undefined) throw new Error(`no scene for ${flow}`);
    const scene = await prepare(outsider, folder);
    const end = await played(outsider, folder, flow, scene);
    const { ending, why } = judged(scene, end, outsider.office);
    return { face, flow, ending, why, seconds: Math.round((performance.now() - began) / 1_000) };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What stands in the lists of everybody: two rows of one period, the other category, a list for notices. */
function furnish(office: Office): void {
  office.keepNotices(MEMBER.ban, ["tracks@stranger.example"]);
  office.seed(MEMBER.ban, { period: CURRENT, category: "07", books: 5, extra: 0 });
  office.seed(MEMBER.ban, { period: CURRENT, category: "07", books: 2, extra: 1 });
  office.seed(MEMBER.ban, { period: CURRENT, category: "08", books: 1, extra: 0 });
  office.seed(MEMBER.ban, { period: NEXT, category: "08", books: 1, extra: 0 });
  office.ledger.length = 0;
}

function seedEnded(office: Office): readonly NumberRun[] {
  return office.seed(MEMBER.ban, { period: ENDED, category: "07", books: 14, extra: 0 }).runs;
}

type End = { readonly run: RunRow } | { readonly trouble: string };

async function played(outsider: Outsider, folder: string, flow: string, scene: Scene): Promise<End> {
  const captcha = readerAt(outsider.office);
  const about = {
    address: outsider.url,
    ubn: MEMBER.ban,
    account: MEMBER.user,
    password: MEMBER.password,
    codes: { [HOLDER.phone]: HOLDER.code },
  };
  const once = async (agreedTerms: string[]): Promise<End> => {
    const settings = { carriers: { hosts: [new URL(outsider.url).host], agreedTerms } };
    const inside = await mkdtemp(join(folder, "robot-"));
    const config = await lookInstallation(inside, { ...about, settings });
    const late = delay(LONGEST_MS, null, { ref: false });
    const run = await Promise.race([
      perform({ config, ubn: MEMBER.ban }, { flow, input: scene.input }, { captcha }),
      late,
    ]);
    return run === null ? { trouble: `no end within ${LONGEST_MS / 1_000} s` } : { run };
  };
  try {
    const end = await once([]);
    const terms = "run" in end && end.run.failure?.code === "carrier-terms-unread" ? end.run.failure.wanted : undefined;
    const digest = /[0-9a-f]{64}/u.exec(terms ?? "")?.[0];
    // What the tick agrees to has been shown to a person now, who agrees.
    return digest === undefined ? end : await once([digest]);
  } catch (error) {
    return { trouble: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function readerAt(office: Office): CaptchaReader {
  return {
    read: (png) => {
      const text = office.captchas.wordOn(png) ?? "";
      return Promise.resolve({ text, confidence: text === "" ? 0 : 1, refused: text === "" });
    },
    close: () => Promise.resolve(),
  };
}

function judged(scene: Scene, end: End, office: Office): Pick<OutsiderResult, "ending" | "why"> {
  const acts = office.ledger.filter(
    (one): one is Act => !["sign-in", "sign-out", "password-asked-again", "download"].includes(one.kind),
  );
  const says = saysOf(end);
  const wrongPassword = office.ledger.some(
    (one) =>
      (one.kind === "sign-in" && one.outcome === "credentials-wrong") ||
      (one.kind === "password-asked-again" && !one.right),
  );
  if (wrongPassword) return { ending: "wrong", why: `a wrong password was given; ${says}` };
  const happened = acts.length > 0 && scene.happened(acts);
  if (acts.length > 0 && !happened) return { ending: "wrong", why: `${JSON.stringify(acts)}; ${says}` };
  if ("trouble" in end) return { ending: "crash", why: says };
  const { run } = end;
  if (run.failure?.code === "program-error") return { ending: "crash", why: says };
  const isDone =
    run.state === "ended" && run.failure === null && (run.outcome === "done" || run.outcome === "already-done");
  if (!isDone) return { ending: "stopped", why: `${acts.length === 0 ? "" : "(it happened) "}${says}` };
  if (!scene.happened(acts)) return { ending: "wrong", why: `says done; ${JSON.stringify(acts)}` };
  const text = JSON.stringify(run.result);
  if (scene.reported?.(text) === false) return { ending: "wrong", why: `says done, and reports ${text.slice(0, 600)}` };
  const ins = office.ledger.filter((one) => one.kind === "sign-in" && one.outcome === "in").length;
  const outs = office.ledger.filter((one) => one.kind === "sign-out").length;
  return { ending: "straight", why: ins === outs ? "" : `signed in ${ins} times, out ${outs} times` };
}

function saysOf(end: End): string {
  if ("trouble" in end) return end.trouble;
  const { failure, state, outcome, progress } = end.run;
  const parts = failure ? [failure.code, failure.wanted, failure.seen, failure.pageSays] : [state, outcome, progress];
  return parts.filter((one) => one !== undefined && one !== null).join(" | ");
}

/** The last ten numbers of the first so many books of each run. */
function ends(runs: readonly NumberRun[], count: number): readonly NumberRun[] {
  return runs.flatMap(({ track, begin, end }) => {
    const books = (Number(end) - Number(begin) + 1) / 50;
    return Array.from({ length: Math.min(count, books) }, (_, book) => {
      const last = Number(begin) + book * 50 + 49;
      return { track, begin: String(last - 9).padStart(8, "0"), end: String(last).padStart(8, "0") };
    });
  });
}

async function blankFile(
  folder: string,
  runs: readonly NumberRun[],
): Promise<{ readonly path: string; readonly sha256: string; readonly text: string }> {
  const lines = runs.map(({ track, begin, end }, index) =>
    [String(index + 1).padStart(5, "0"), MEMBER.ban, ENDED, track, begin, end, "07"].join(","),
  );
  const text = lines.map((line) => `${line}\r\n`).join("");
  const path = join(folder, "blanks.csv");
  await writeFile(path, text);
  return { path, sha256: createHash("sha256").update(text).digest("hex"), text };
}
