import diagnostics from "node:diagnostics_channel";
import { IncomingMessage } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { QuestionRow } from "../../../robot/engine/people/questions.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { scanFolder } from "../../../robot/recording/redaction/scan.ts";
import { FLOWS } from "../../../flows/index.ts";
import { ENDED } from "../../support/kit/jobs/blanks.ts";
import { perform } from "../../support/kit/installation/in-process.ts";
import { install, type Installation } from "../../support/kit/installation/installation.ts";
import { PLATFORM_PASSWORD } from "../../support/kit/jobs/platform.ts";
import { openPortal, THIS } from "../../support/kit/installation/portal.ts";
import { type Job, JOBS, MAILING } from "../../crash/support/jobs.ts";
import type { FaultInput, FaultName } from "../../portal/model/faults.ts";

/** Every flow, and every fault that the portal can be ordered to have: nothing secret is left anywhere below the installation's folder. */

/** Every character that some format writes in another way. */
const PASSWORD = `Kit "ä" 'q' &amp; a+b 50% <i> c:\\new 密碼🔑`;
const CODE = "Drill-holder-1";

/** Waits so short that a fault that never ends does not keep the test. */
const SETTINGS = {
  portal: {
    allocation: { timeout: "4s" },
    importWait: { every: "300ms", justAfter: null, timeout: "5s" },
    reconcile: { first: "100ms", every: "300ms", timeout: "1s" },
    retry: { times: 1, after: "100ms" },
  },
  blankNumbers: { correctWithoutAsking: true },
};

/** One order of each fault there is, at the place where it hurts; the job is one that comes there. */
const ORDERS: { readonly [name in FaultName]: { readonly fault: FaultInput; readonly flow: string } } = {
  outage: { fault: { name: "outage" }, flow: "take-tracks" },
  challenge: { fault: { name: "challenge" }, flow: "take-tracks" },
  slow: { fault: { name: "slow", ms: 500 }, flow: "take-tracks" },
  "error-500": { fault: { name: "error-500", path: "btb004w" }, flow: "take-tracks" },
  "cut-submit": { fault: { name: "cut-submit", at: "take", when: "after" }, flow: "take-tracks" },
  "answer-lost": { fault: { name: "answer-lost", at: "upload" }, flow: "upload-blank-numbers" },
  "late-render": { fault: { name: "late-render", ms: 1_000 }, flow: "take-tracks" },
  "late-figure": { fault: { name: "late-figure", books: 4 }, flow: "take-tracks" },
  "foreign-row": { fault: { name: "foreign-row", books: 6, of: "12345675" }, flow: "take-tracks" },
  "list-in-inputs": { fault: { name: "list-in-inputs" }, flow: "keep-notice-list" },
  "menu-covers-table": { fault: { name: "menu-covers-table" }, flow: "take-tracks" },
  "two-clicks": { fault: { name: "two-clicks", on: "query" }, flow: "take-tracks" },
  "tick-undone": { fault: { name: "tick-undone", real: true }, flow: "take-tracks" },
  announcement: { fault: { name: "announcement" }, flow: "take-tracks" },
  "session-expired": { fault: { name: "session-expired", path: "btb004w" }, flow: "take-tracks" },
  "forced-password-change": { fault: { name: "forced-password-change" }, flow: "take-tracks" },
  "password-180-days": { fault: { name: "password-180-days" }, flow: "take-tracks" },
  "captcha-rejected": { fault: { name: "captcha-rejected", times: "always" }, flow: "take-tracks" },
  "password-refused": { fault: { name: "password-refused" }, flow: "take-tracks" },
  "mail-lost": { fault: { name: "mail-lost" }, flow: "take-tracks" },
  "mail-late": { fault: { name: "mail-late", minutes: 60 }, flow: "take-tracks" },
  "download-broken": { fault: { name: "download-broken", kind: "html" }, flow: "take-tracks" },
  "allocation-stuck": { fault: { name: "allocation-stuck" }, flow: "take-tracks" },
  "list-late": { fault: { name: "list-late", at: "upload", minutes: 60 }, flow: "upload-blank-numbers" },
  "someone-else-at-submit": { fault: { name: "someone-else-at-submit", at: "take", books: 2 }, flow: "take-tracks" },
  "other-books": { fault: { name: "other-books", books: 4 }, flow: "take-tracks" },
  "automatic-at-submit": { fault: { name: "automatic-at-submit" }, flow: "take-tracks" },
  "import-late": { fault: { name: "import-late", hours: 100 }, flow: "upload-blank-numbers" },
  "import-error": { fault: { name: "import-error" }, flow: "upload-blank-numbers" },
  "batch-job": { fault: { name: "batch-job", how: "failed" }, flow: "platform-blank-numbers" },
  "mailing-refused": { fault: { name: "mailing-refused" }, flow: "platform-winning-list" },
  "download-missing": { fault: { name: "download-missing" }, flow: "platform-blank-numbers" },
};

const READING: readonly Pick<Job, "flow" | "company" | "prepare">[] = (
  [
    ["download-tracks", { period: THIS, to: THIS }],
    ["verify-blank-numbers", { period: ENDED }],
    ["download-failure-details", { period: ENDED }],
    ["learn-file-formats", {}],
    ["check-missing-uploads", { period: ENDED }],
    ["fetch-winning-list", { period: "11508" }],
  ] as const
).map(([flow, input]) => ({
  flow,
  company: {
    portal: {
      taken: [{ period: "this", books: 1 }],
      winning: [{ period: "11508", winners: [{ number: "AB00000001", carrier: "/LEAK+01" }] }],
    },
  },
  prepare: () => Promise.resolve({ ...input }),
}));

const known = new Redactor();
const tokens = new Set<string>();
// The portal runs in this process, so the tokens of its sessions can be overheard as they come in.
function overhear(message: unknown): void {
  if (message === null || typeof message !== "object" || !("request" in message)) return;
  const { request } = message;
  const token = request instanceof IncomingMessage && /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  if (token) tokens.add(token);
}

beforeAll(() => {
  diagnostics.subscribe("http.server.request.start", overhear);
  known.enrol(PASSWORD, "portal password");
  known.enrol(PLATFORM_PASSWORD, "platform password");
  known.enrol(CODE, "barcode password");
});
afterAll(() => {
  diagnostics.unsubscribe("http.server.request.start", overhear);
});

/** Does the job to whatever end it comes, and looks for everything secret below the folder. */
async function leaksOf(job: Pick<Job, "flow" | "company" | "prepare" | "codes">, fault?: FaultInput): Promise<unknown> {
  // One of its own: the clock of one that lives for long goes on into other periods.
  const portal = await openPortal();
  known.enrol(portal.mailbox.imap.password, "mailbox password");
  const at: Installation = await install({
    portal,
    companies: [{ ...job.company, password: PASSWORD }],
    codes: job.codes ?? {},
    settings: SETTINGS,
  });
  try {
    const input = await job.prepare(at);
    if (fault) portal.order({ ...fault, ban: at.ubn });
    await perform(at, { flow: job.flow, input }, {}, giveUp);
    for (const token of tokens) known.enrol(token, "session token");
    const { leaks, unreadable, files } = await scanFolder(at.folder, known);
    expect(files).toBeGreaterThan(5);
    return { leaks, unreadable };
  } finally {
    await at.close();
    await portal.close();
  }
}

/** Whoever is asked wants it to end. */
function giveUp({ choices }: QuestionRow): string {
  const [first = ""] = Object.keys(choices);
  return ["stop", "not-happened", "keep"].find((one) => Object.hasOwn(choices, one)) ?? first;
}

const NOTHING = { leaks: [], unreadable: [] };
const jobs = [...JOBS, ...READING];

test("every flow is looked at", () => {
  expect(new Set([...jobs.map(({ flow }) => flow), ...MAILING])).toEqual(new Set(FLOWS.map(({ name }) => name)));
});

test.each(jobs)("$flow leaves no password, token or code anywhere", async (job) => {
  expect(await leaksOf(job)).toEqual(NOTHING);
});

test.each(Object.entries(ORDERS))("neither does a run that meets %s", async (_name, { fault, flow }) => {
  const job = JOBS.find((one) => one.flow === flow);
  if (!job) throw new Error(`no job ${flow}`);
  expect(await leaksOf(job, fault)).toEqual(NOTHING);
});
