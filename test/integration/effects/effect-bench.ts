import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { advanceEffect, holdEffect, settleByPerson } from "../../../robot/engine/effects/effect.ts";
import type { EffectPoint, EffectProgress, EffectContext } from "../../../robot/engine/effects/effect-context.ts";
import type { ApprovalMode } from "../../../robot/engine/effects/approval.ts";
import { findEffect } from "../../../robot/engine/effects/effect-table.ts";
import { defineFlow, differences, type EffectSpec, type Json, refusedAs } from "../../../robot/engine/flow.ts";
import { enterRun } from "../../../robot/engine/runs/runs.ts";
import { openStore, type Store } from "../../../robot/store/store.ts";
import type { SubmissionForm, Confirmation, FormState, PortalAnswer } from "../../../selectors/pages.ts";
import { irreversible } from "../../../selectors/submit/irreversible.ts";

/** What the portal of these tests lists: how many books each entry has. */
export type Listed = { readonly rows: readonly number[] };

/** A portal that is a list of numbers, and a form whose every habit a test can change. */
export class SmallPortal {
  rows: number[] = [];
  /** What the list shows, where that is not what is there. */
  shows: ((rows: readonly number[]) => readonly number[]) | null = null;
  /** What happened, in order: `aim`, `click`, `confirm`, `withdraw`. */
  readonly log: string[] = [];
  books = "";
  others: FormState = [{ name: "備註", value: "別人的", asked: null }];
  occupied = "";
  /** Called before each of these, and may throw or change something. */
  readonly on: { [moment in "aim" | "click" | "state" | "fill" | "confirm" | "withdraw" | "answer"]?: () => void } = {};
  /** What the page still does until it has come to rest: seen by whoever waits for that. */
  late: (() => void) | null = null;
  /** How many the portal enters where it does not do as asked. */
  enters: ((asked: number) => readonly number[]) | null = null;
  confirmation: Partial<Confirmation> | null = null;
  /** The box that asks for the password once the portal's question was agreed to. */
  box: Partial<Confirmation> | null = null;
  said: PortalAnswer = { kind: "accepted", words: "取號成功" };

  form(): SubmissionForm {
    const at = (moment: keyof SmallPortal["on"]): void => this.on[moment]?.();
    const enter = (): void => {
      const asked = Number(this.books);
      this.rows.push(...(this.enters?.(asked) ?? [asked]));
    };
    const asked = (own: Partial<Confirmation>, isLast: boolean): Confirmation => ({
      shows: { 取用本數: this.books },
      words: "確定要取號嗎？",
      asksPassword: false,
      confirm: irreversible("確定", async () => async () => {
        at("confirm");
        this.log.push("confirm");
        if (isLast) enter();
      }),
      withdraw: async () => {
        this.log.push("withdraw");
        at("withdraw");
      },
      ...own,
    });
    return {
      state: async (when) => {
        at("state");
        if (when === "at-rest") {
          this.late?.();
          this.late = null;
        }
        return [{ name: "取用本數", value: this.books || this.occupied, asked: "adds" }, ...this.others];
      },
      readBack: async () => ({ 取用本數: this.books }),
      submit: irreversible("提交取號", async () => {
        at("aim");
        this.log.push("aim");
        return async () => {
          at("click");
          this.log.push("click");
          if (this.confirmation === null) enter();
        };
      }),
      confirmation: async () => (this.confirmation === null ? null : asked(this.confirmation, this.box === null)),
      passwordBox: async () => (this.box === null ? null : asked({ asksPassword: true, ...this.box }, true)),
      answer: async () => {
        at("answer");
        return this.said;
      },
    };
  }

  listed(): Listed {
    return { rows: [...(this.shows?.(this.rows) ?? this.rows)] };
  }
}

/** An act on that portal, with the real protocol and a real store around it. */
export interface EffectBench {
  readonly portal: SmallPortal;
  readonly store: Store;
  advance(): Promise<EffectProgress<Listed>>;
  /** A person's answer to what was asked. */
  answer(answer: string): Promise<string>;
  hold(after: Listed): Promise<EffectProgress<Listed> | null>;
  /** Statuses of the act so far, in order. */
  statuses(): Promise<string[]>;
  evidence(): Promise<Json>;
  readonly recorded: string[];
  readonly left: () => number;
}

const TAKE = defineFlow({
  name: "take",
  title: { zh: "取號", en: "take" },
  about: { zh: "試驗", en: "a trial" },
  does: ["取號"],
  final: null,
  version: 1,
  input: z.strictObject({}),
  run: () => Promise.resolve({ outcome: "done" }),
});
const KEY = "12345675|take|submit-take|11512";
const NAME = "提交取號";

export async function effectBench(
  options: {
    readonly spec?: Partial<EffectSpec<Listed, SmallPortal>>;
    readonly giveUp?: number;
    readonly approve?: ApprovalMode;
    readonly rehearsal?: boolean;
    readonly at?: (point: EffectPoint) => void;
    readonly mayPress?: () => void;
    readonly sendOnce?: () => void;
    readonly typePassword?: EffectContext<unknown>["typePassword"];
    /** Called before each event is recorded, and may throw. */
    readonly record?: (type: string) => void;
  } = {},
): Promise<EffectBench> {
  const folder = mkdtempSync(path.join(tmpdir(), "effect-"));
  const store = await openStore({ kind: "sqlite", file: path.join(folder, "robot.sqlite") });
  onTestFinished(async () => {
    await store.destroy();
    rmSync(folder, { recursive: true, force: true });
  });
  const { run } = await enterRun(store, {
    flow: TAKE,
    company: { name: "晨光小舖", ubn: "12345675" },
    input: {},
    startedBy: "test",
  });
  const runId = run.id;
  const portal = new SmallPortal();
  const recorded: string[] = [];
  let left = 0;
  const asked = 6;
  const spec: EffectSpec<Listed, SmallPortal> = {
    id: "submit-take",
    keyParts: ["11512"],
    wanted: { 取用本數: String(asked) },
    observe: async (site) => site.listed(),
    decide: ({ rows }) => (rows.includes(asked) ? { already: "已取號" } : { go: true }),
    open: async (site) => {
      site.books = "";
      return {
        form: site.form(),
        fill: async () => {
          site.books = String(asked);
          site.on.fill?.();
        },
      };
    },
    proof: (before, after) => {
      const fresh = after.rows.slice(before.rows.length);
      const [row, ...others] = fresh;
      if (row === undefined) return "absent";
      if (others.length > 0) return "unclear";
      return differences({ 取用本數: String(asked) }, { 取用本數: String(row) }) ?? "as-asked";
    },
    listed: "at-once",
    refusals: refusedAs("take-refused", { quota: "quota-exceeded", already: "books-differ" }),
    ...options.spec,
  };
  const world: EffectContext<SmallPortal> = {
    store,
    runId,
    flowVersion: 1,
    ubn: "12345675",
    address: "https://portal.test",
    approvalMode: () => options.approve ?? "never",
    isRehearsal: options.rehearsal ?? false,
    whereabouts: async () => "取號（http://portal.test/take）",
    reconcile: { first: 11, every: 22, timeout: options.giveUp ?? 60_000 },
    visit: (work) => work(portal),
    leave: async () => void left++,
    assertMayPress: async () => options.mayPress?.(),
    record: async (type) => {
      options.record?.(type);
      recorded.push(type);
    },
    picture: async () => null,
    sendOnce: async (work) => {
      options.sendOnce?.();
      return work();
    },
    point: async (_effect, point) => options.at?.(point),
    ...(options.typePassword === undefined ? {} : { typePassword: options.typePassword }),
  };
  return {
    portal,
    store,
    recorded,
    left: () => left,
    advance: () => advanceEffect(KEY, NAME, spec, world),
    answer: (answer) => settleByPerson(KEY, NAME, answer, world),
    hold: (after) => holdEffect(KEY, NAME, spec, { before: { rows: [] }, after }, world),
    async statuses() {
      const events = await store.selectFrom("effect_events").select("status").orderBy("id").execute();
      return events.map(({ status }) => status);
    },
    evidence: async () => (await findEffect(store, KEY))?.evidence ?? null,
  };
}
