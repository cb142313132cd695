import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import type { ApprovalMode } from "../../../robot/engine/effects/approval.ts";
import type { EffectPoint } from "../../../robot/engine/effects/effect-context.ts";
import { type AnyFlow, defineFlow, refusedAs, textField } from "../../../robot/engine/flow.ts";
import { openRobot, type Robot } from "../../../robot/engine/workflow/robot.ts";
import type { RunRow } from "../../../robot/engine/runs/runs.ts";
import { openStore, type Store, type StoreConfig } from "../../../robot/store/store.ts";
import { parseUbn } from "../../../robot/invoicing/values/ubn.ts";
import { inBoth } from "../../../robot/invoicing/problems/problems.ts";
import { openRecorder } from "../../../robot/recording/writing/recorder.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import type { CheckedPage, SubmissionForm, Fields, Portal } from "../../../selectors/pages.ts";
import { irreversible } from "../../../selectors/submit/irreversible.ts";

/** Places in a run of the small flow at which a test may do something, in order. */
export const PLACES = [
  "reading",
  "effect:before-look",
  "effect:looked",
  "effect:filled",
  "effect:compared",
  "effect:intended",
  "effect:pressed",
  "effect:confirm-compared",
  "effect:confirm-pressed",
  "effect:answered",
  "effect:settled",
  "looking",
  "finishing",
  "ending",
  "suspended",
] as const;
export type Place = (typeof PLACES)[number] | `effect:${EffectPoint}`;

/** The real engine and the real recorder around a flow that needs no browser: its portal is a file with one line per stamp. */
export interface Bench {
  readonly robot: Robot;
  readonly store: Store;
  /** Where its portal and its records are. */
  readonly folder: string;
  /** What the portal got: the coordinate of each stamp. */
  stamps(): string[];
  submit(coordinate?: string, how?: { readonly rehearsal: boolean }): Promise<RunRow>;
  close(): Promise<void>;
}

/** Where the bench's portal is said to be. */
export const PORTAL_ADDRESS = "https://portal.test";

const COMPANY = { name: "晨光小舖", ubn: parseUbn("12345675") };

/** Called at each place of each run. */
export type At = (place: Place, run: RunRow) => Promise<void> | void;

export interface BenchOptions {
  /** The folder of an earlier bench, to go on with its portal and records; else a new one, which is removed at the end. */
  readonly kept?: string;
  /** What a later version of the program has otherwise: the flow's version, the name of its first step. */
  readonly flow?: { readonly version?: number; readonly firstStep?: string };
  /** When a person has to agree, and to what; it may be something else each time that the form is filled. */
  /** The pages of the portal on which the small flow works. */
  readonly needs?: readonly CheckedPage[];
  readonly approve?: { readonly mode: ApprovalMode; readonly act?: () => BenchAct };
}

/** What may differ in the small flow's act: fields of its form besides the stamp, its file, what is odd about it. */
export interface BenchAct {
  readonly fields?: Fields;
  /** What else its form holds, asked for by nobody. */
  readonly others?: Fields;
  readonly file?: string;
  readonly odd?: readonly string[];
  /** Where the portal is. */
  readonly address?: string;
}

/** Opens the bench on a store. Close it. */
export async function startBench(
  config: StoreConfig,
  at: At = () => undefined,
  { kept, flow = {}, approve = { mode: "odd" }, needs = [] }: BenchOptions = {},
): Promise<Bench> {
  const folder = kept ?? mkdtempSync(path.join(tmpdir(), "bench-"));
  const ledger = path.join(folder, "ledger");
  const stamps = (): string[] => (existsSync(ledger) ? readFileSync(ledger, "utf8").split("\n").slice(0, -1) : []);
  const store = await openStore(config);
  let current: RunRow | null = null;
  const here = async (place: Place): Promise<void> => {
    if (current) await at(place, current);
  };
  const robot = await openRobot({
    store,
    storeConfig: config,
    flows: [stampFlow(ledger, stamps, here, { ...flow, needs }, approve.act)],
    portalAddress: () => PORTAL_ADDRESS,
    openSession: async (run) => {
      current = run;
      const recorder = await openRecorder({
        root: path.join(folder, "recordings"),
        redactor: new Redactor(),
        header: {
          runId: run.id,
          flow: run.flow,
          flowVersion: String(run.flowVersion),
          title: "蓋章",
          company: COMPANY,
          input: run.input,
          startedBy: run.startedBy,
          startedAt: run.createdAt,
          versions: { robot: "test" },
        },
      });
      return {
        folder: recorder.folder,
        context: {
          company: {
            ...COMPANY,
            noticeAddress: null,
            notified: { addresses: [], whole: false },
            branches: [],
            blanksReportedBy: null,
          },
          timing: TIMING,
          formats: {},
          approvalMode: () => approve.mode,
          addressOf: () => approve.act?.().address ?? PORTAL_ADDRESS,
          answerers: [],
          recorder,
          own: () => [],
          ledgerTeachings: { find: () => Promise.resolve({ own: null, others: [] }), keep: () => Promise.resolve() },
          mailbox: {
            mark: () => Promise.resolve(null),
            allocationNotice: () => Promise.resolve(null),
            reminders: () => Promise.resolve([]),
            bounces: () => Promise.resolve([]),
          },
          files: {
            bring: () => Promise.reject(new Error("no files here")),
            save: () => Promise.reject(new Error("no files here")),
            know: () => Promise.resolve(),
            find: () => Promise.resolve(null),
            uploadsBefore: () => Promise.resolve([]),
            winnersOf: () => Promise.resolve([]),
            read: () => Promise.reject(new Error("no files here")),
          },
          siteOpeners: {
            carrier: () => Promise.reject(new Error("nobody goes there")),
            platform: () => Promise.reject(new Error("nobody goes there")),
            portal: () =>
              Promise.resolve({
                site: NO_PORTAL,
                picture: () => Promise.resolve(null),
                whereabouts: () => Promise.resolve("試驗"),
                assertHeld: () => Promise.resolve(),
                sendOnce: (work) => work(),
                explain: async (error) => error,
                end: () => Promise.resolve(),
              }),
          },
          assertMayPress: () => Promise.resolve(),
          point: (_effect, point) => here(`effect:${point}`),
        },
        async end({ outcome, failure, result }) {
          await recorder.end({ outcome, failure, summary: result === null ? null : { ...result } });
          await here("ending");
        },
        async suspend() {
          await recorder.suspend();
          await here("suspended");
        },
      };
    },
  });
  let open = true;
  return {
    robot,
    store,
    stamps,
    folder,
    async submit(coordinate = "1", { rehearsal } = { rehearsal: false }) {
      const job = { flow: "stamp", company: COMPANY, input: { coordinate }, startedBy: "test", rehearsal };
      return (await robot.submit(job)).run;
    },
    async close() {
      if (!open) return;
      open = false;
      await robot.stop();
      await robot.close();
      if (kept === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function stampFlow(
  ledger: string,
  stamps: () => string[],
  here: (place: Place) => Promise<void>,
  { version = 1, firstStep = "讀", needs }: NonNullable<BenchOptions["flow"]> & Required<Pick<BenchOptions, "needs">>,
  act: () => BenchAct = () => ({}),
): AnyFlow {
  return defineFlow({
    name: "stamp",
    title: { zh: "蓋章", en: "stamp" },
    about: { zh: "試驗", en: "a trial" },
    does: ["蓋章"],
    final: { zh: "蓋了就收不回來。", en: "can't be taken back" },
    version,
    needs,
    input: z.object({ coordinate: textField({ label: { zh: "座標", en: "coordinate" } }) }),
    async run({ input: { coordinate }, step, effect, wait, visit }) {
      await step(firstStep, firstStep, async () => {
        await here("reading");
        return visit(() => Promise.resolve(coordinate));
      });
      const count = (): Promise<number> => Promise.resolve(stamps().filter((one) => one === coordinate).length);
      const { fields = {}, others = {}, odd = [], address: _where, ...rest } = act();
      const wanted = { 章: coordinate, ...fields };
      const { status } = await effect("蓋章", {
        id: "stamp",
        approval: { odd: odd.map(inBoth), shown: [{ title: "要蓋的章", lines: [coordinate] }], ...rest },
        keyParts: [coordinate],
        wanted,
        observe: count,
        decide: (before) => (before > 0 ? { already: "章已蓋過" } : { go: true }),
        open: () =>
          Promise.resolve({ form: formOf(ledger, coordinate, wanted, others), fill: () => Promise.resolve() }),
        proof: (before, after) => (after === before + 1 ? "as-asked" : after === before ? "absent" : "unclear"),
        listed: "at-once",
        refusals: refusedAs("take-refused"),
      });
      await wait("result", "結果", {
        look: {
          list: async () => {
            await here("looking");
            return count();
          },
        },
        timing: SOON,
      });
      await step("finish", "收尾", () => here("finishing").then(() => null));
      return { outcome: status === "already-done" ? "already-done" : "done", notes: [status] };
    },
  });
}

function formOf(ledger: string, coordinate: string, held: Fields, others: Fields): SubmissionForm {
  return {
    state: () => Promise.resolve(Object.entries(others).map(([name, value]) => ({ name, value, asked: null }))),
    readBack: () => Promise.resolve(held),
    submit: irreversible("蓋章", async () => () => Promise.resolve()),
    confirmation: () =>
      Promise.resolve({
        shows: { 章: coordinate },
        words: "確定要蓋章嗎？",
        asksPassword: false,
        confirm: irreversible("確定", async () => async () => appendFileSync(ledger, `${coordinate}\n`)),
        withdraw: () => Promise.resolve(),
      }),
    answer: () => Promise.resolve({ kind: "accepted", words: "蓋章成功" }),
  };
}

/** The small flow goes to none of its pages: what a page is called is no matter of this bench. */
const NO_PORTAL = { design: "current" } as Portal;

const SOON = {
  source: "first",
  mail: { first: 50, every: 50 },
  list: { first: 50, every: 50 },
  timeout: 60_000,
} as const;
const TIMING = {
  reconcile: { first: 50, every: 50, timeout: 500 },
  retry: { on: [], times: 0, after: 50 },
  accountBusyDelay: 50,
  questionTimeout: 60_000,
} as const;
