import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished, expect, test } from "vitest";
import { z } from "zod";
import { AGREE, approvalDigest, type ApprovalRequest, noteAnswer } from "../../../robot/engine/effects/approval.ts";
import { advanceEffect, settleByPerson } from "../../../robot/engine/effects/effect.ts";
import { EFFECT_POINTS, type EffectPoint, type EffectContext } from "../../../robot/engine/effects/effect-context.ts";
import { defineFlow, type EffectSpec, refusedAs, textField } from "../../../robot/engine/flow.ts";
import { enterRun } from "../../../robot/engine/runs/runs.ts";
import { Failure } from "../../../robot/failures/failure.ts";
import { openStore, type Store } from "../../../robot/store/store.ts";
import type { SubmissionForm } from "../../../selectors/pages.ts";
import { irreversible } from "../../../selectors/submit/irreversible.ts";
import { diceOf } from "../../support/ledgers/dice.ts";

/** How many orders of events are tried; each is repeated by its number alone. */
const ORDERS = 1_000;
const EVENTS = 14;
const UBN = "12345675";
const NAME = "提交取號";
const HERE = "https://portal.test";
const ELSEWHERE = "https://wwwtest.portal.test";

const TAKE = defineFlow({
  name: "take",
  title: { zh: "取號", en: "take" },
  about: { zh: "試驗", en: "a trial" },
  does: ["取號"],
  final: { zh: "收不回來", en: "can't be taken back" },
  version: 1,
  input: z.strictObject({ order: textField({ label: { zh: "第幾次", en: "order" } }) }),
  run: () => Promise.resolve({ outcome: "done" }),
});

/** What stands in the form, and what the portal has: an event may change the one, a press the other. */
interface Truth {
  books: string;
  stopped: string;
  file: string;
  /** Where the installation sends it. */
  address: string;
  taken: string[];
  answers: "accepts" | "refuses" | "is silent";
}

test("nothing is pressed without an approval of its own, in any order of agreements, changes, replays, restarts and kills", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "orders-"));
  const store = await openStore({ kind: "sqlite", file: path.join(folder, "robot.sqlite") });
  onTestFinished(async () => {
    await store.destroy();
    rmSync(folder, { recursive: true, force: true });
  });
  const met = { presses: 0, approvals: 0, kills: 0, refused: 0, expired: 0, shifts: 0, moves: 0, noes: 0 };
  for (let order = 1; order <= ORDERS; order++) {
    const wrong = await play(store, order, met);
    expect({ order, wrong }).toEqual({ order, wrong: [] });
  }
  // Otherwise nothing was tried.
  for (const [what, times] of Object.entries(met)) expect([what, times > ORDERS / 20]).toEqual([what, true]);
});

async function play(store: Store, order: number, met: Record<string, number>): Promise<string[]> {
  const roll = diceOf(order);
  const note = (what: string): void => void (met[what] = (met[what] ?? 0) + 1);
  const { run } = await enterRun(store, {
    flow: TAKE,
    company: { name: "晨光小舖", ubn: UBN },
    input: TAKE.parse({ order: String(order) }),
    startedBy: "test",
  });
  const key = `${UBN}|take|submit-take|${order}`;
  const truth: Truth = { books: "6", stopped: "", file: "a", address: HERE, taken: [], answers: "accepts" };
  const requests: ApprovalRequest[] = [];
  const wrong: string[] = [];
  const spent = new Set<string>();
  let agreements = 0;
  const agree = async (request: ApprovalRequest, id: string, answer: string = AGREE): Promise<void> => {
    const about = { id, runId: run.id, ubn: UBN, name: NAME };
    await noteAnswer(store, about, request, { answer, values: {}, by: "王會計", at: new Date().toISOString() });
  };
  const pressed = async (): Promise<void> => {
    note("presses");
    wrong.push(...(await faultsOfPress(store, key, order, truth, spent)));
    if (truth.answers === "accepts") truth.taken.push(truth.books);
  };
  const events: { readonly [event: string]: () => Promise<unknown> } = {
    advance: () => advance(null),
    killed: async () => {
      note("kills");
      await advance(roll.one(EFFECT_POINTS));
    },
    // The page changes under the robot's hands.
    shifts: async () => {
      const at = roll.one(EFFECT_POINTS);
      const change = roll.one(["books", "stopped"] as const);
      await advance(null, (point) => {
        if (point !== at) return;
        note("shifts");
        if (change === "books") truth.books = truth.books === "6" ? "7" : "6";
        else truth.stopped = truth.stopped === "" ? "✓" : "";
      });
    },
    both: () => Promise.all([advance(null), advance(null)]),
    agree: async () => {
      const request = requests.at(-1);
      if (request === undefined) return;
      note("approvals");
      await agree(request, `q-${order}-${++agreements}`);
    },
    // The same answer told again, and an answer to what is no longer asked.
    again: async () => {
      if (requests.length > 0) await agree(roll.one(requests), `q-${order}-${1 + roll.below(agreements + 1)}`);
    },
    books: async () => void (truth.books = truth.books === "6" ? "7" : "6"),
    stopped: async () => void (truth.stopped = truth.stopped === "" ? "✓" : ""),
    address: async () => {
      note("moves");
      truth.address = truth.address === HERE ? ELSEWHERE : HERE;
    },
    // A no is none, whatever was asked.
    refuse: async () => {
      const request = requests.at(-1);
      if (request === undefined) return;
      note("noes");
      await expect(agree(request, `no-${order}-${++agreements}`, "refuse")).rejects.toMatchObject({
        code: "person-needed",
      });
    },
    file: async () => void (truth.file = truth.file === "a" ? "b" : "a"),
    expire: async () => {
      note("expired");
      const past = new Date(Date.now() - 1_000).toISOString();
      await store.updateTable("approvals").set({ good_until: past }).where("run_id", "=", run.id).execute();
    },
    cancel: async () => cancel(store, run.id, 1),
    uncancel: async () => cancel(store, run.id, 0),
    answers: async () => void (truth.answers = roll.one(["accepts", "accepts", "refuses", "is silent"] as const)),
    released: () => settleByPerson(key, NAME, "not-happened", world(null)).catch(() => undefined),
    undone: async () => void (truth.taken = []),
  };
  async function advance(dies: EffectPoint | null, at: (point: EffectPoint) => void = () => undefined): Promise<void> {
    let kill: () => void = () => undefined;
    const killed = new Promise<null>((end) => (kill = () => end(null)));
    const going = advanceEffect(key, NAME, specOf(truth, order, pressed), world(dies, kill, at));
    const progress = await Promise.race([going.catch((error: unknown) => known(error)), killed]);
    if (progress?.state === "approve") requests.push(progress.request);
  }
  const known = (error: unknown): null => {
    // Two at once have no lease on the account here: the table of acts keeps them apart, and one of them finds out.
    const isOvertaken = error instanceof Error && error.message.includes("can't become");
    if (!(error instanceof Failure) && !isOvertaken) throw error;
    note("refused");
    return null;
  };
  function world(
    dies: EffectPoint | null,
    kill = (): void => undefined,
    at: (point: EffectPoint) => void = () => undefined,
  ): EffectContext<object> {
    const { address } = truth;
    return {
      store,
      runId: run.id,
      flowVersion: 1,
      ubn: UBN,
      // A pass has the configuration with which it began.
      address,
      approvalMode: () => "always",
      isRehearsal: false,
      reconcile: { first: 0, every: 0, timeout: 0 },
      visit: (work) => work({}),
      leave: async () => undefined,
      assertMayPress: async () => undefined,
      record: async () => undefined,
      whereabouts: async () => null,
      picture: async () => null,
      sendOnce: (work) => work(),
      // A process that died does nothing more: what waits for this point waits for ever.
      point: (_effect, point) => {
        at(point);
        if (point !== dies) return Promise.resolve();
        kill();
        return new Promise<void>(() => undefined);
      },
    };
  }
  for (let n = 0; n < EVENTS; n++) await events[roll.one(WEIGHTED)]?.();
  return wrong;
}

const often = ["advance", "agree", "advance", "agree", "killed"];
const seldom = [
  "both",
  "shifts",
  "shifts",
  "again",
  "books",
  "stopped",
  "file",
  "address",
  "refuse",
  "expire",
  "cancel",
  "uncancel",
  "answers",
  "released",
  "undone",
];
const WEIGHTED = [...often, ...often, ...seldom];

/** What is wrong with a press, as the portal sees it: what the form holds at this moment, against the agreement that the intent carries. */
async function faultsOfPress(
  store: Store,
  key: string,
  order: number,
  truth: Truth,
  spent: Set<string>,
): Promise<string[]> {
  const row = await store
    .selectFrom("effects")
    .innerJoin("approvals", "approvals.id", "effects.approval")
    .innerJoin("runs", "runs.id", "approvals.run_id")
    .select(["approvals.id", "approvals.digest", "approvals.good_until", "runs.cancel_requested", "effects.status"])
    .where("effects.key", "=", key)
    .executeTakeFirst();
  if (!row) return ["pressed without an approval"];
  const held = approvalDigest({
    address: truth.address,
    effect: "submit-take",
    ubn: UBN,
    coordinates: [String(order)],
    fields: { 取用本數: truth.books },
    file: truth.file,
    odd: [],
    others: [{ name: "停止使用", value: truth.stopped }],
  });
  const faults = [
    ...(row.digest === held ? [] : ["pressed something else than what was agreed to"]),
    ...(row.good_until > new Date().toISOString() ? [] : ["pressed with an approval that is over"]),
    ...(row.cancel_requested === 0 ? [] : ["pressed with an approval of a cancelled run"]),
    ...(row.status === "intended" ? [] : ["pressed without an intent"]),
    ...(spent.has(row.id) ? ["pressed twice with one approval"] : []),
  ];
  spent.add(row.id);
  return faults;
}

function specOf(truth: Truth, order: number, pressed: () => Promise<void>): EffectSpec<string[], object> {
  // What is asked is what it was when this pass began; the page shows what it is now.
  const { books, file } = truth;
  return {
    id: "submit-take",
    keyParts: [String(order)],
    wanted: { 取用本數: books },
    approval: { file },
    observe: async () => [...truth.taken],
    decide: (before) => (before.length > 0 ? { already: "已取號" } : { go: true }),
    open: async () => ({ form: formOf(truth, pressed), fill: async () => undefined }),
    proof: (before, after) => {
      if (after.length === before.length) return "absent";
      return after.length === before.length + 1 ? "as-asked" : "unclear";
    },
    listed: "at-once",
    refusals: refusedAs("take-refused"),
    mayRecur: true,
  };
}

function formOf(truth: Truth, pressed: () => Promise<void>): SubmissionForm {
  return {
    state: async () => [
      { name: "取用本數", value: "", asked: "adds" },
      { name: "停止使用", value: truth.stopped, asked: null },
    ],
    readBack: async () => ({ 取用本數: truth.books }),
    submit: irreversible(NAME, async () => pressed),
    confirmation: async () => null,
    answer: async () =>
      truth.answers === "accepts"
        ? { kind: "accepted", words: "取號成功" }
        : truth.answers === "refuses"
          ? { kind: "refused", words: "不行", reason: "other" }
          : { kind: "silent", words: "" },
  };
}

async function cancel(store: Store, id: string, value: 0 | 1): Promise<void> {
  await store.updateTable("runs").set({ cancel_requested: value }).where("id", "=", id).execute();
}
