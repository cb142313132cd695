import { type DoneBefore, Failure, type FailureData, failureData } from "../../failures/failure.ts";
import type { Sites } from "../../../selectors/pages.ts";
import { effectsOf } from "../effects/effect-table.ts";
import { advanceEffect, holdEffect, settleByPerson } from "../effects/effect.ts";
import { RehearsalOver } from "../effects/rehearsal.ts";
import type { EffectProgress, EffectContext } from "../effects/effect-context.ts";
import type { RetryPolicy, SiteTarget, EffectResult, EffectSpec, FlowPorts, Json, Question } from "../flow.ts";
import { type Assistance, assistanceAfter, questionAboutFailure, END_RUN } from "../people/assistance.ts";
import { Interrupted } from "../../lib/interrupted.ts";
import { Busy } from "../../store/lease.ts";
import type { ExecutionContext } from "./execution-context.ts";
import { askPerson, type GivenAnswer, readAnswer } from "../people/questions.ts";
import { getRun, updateRun } from "../runs/runs.ts";
import { safeToDoNext } from "../effects/next-steps.ts";
import { isStoreError } from "../../store/errors.ts";
import { PORTAL, Visits } from "./visits.ts";
import { agreeTo, askForApproval, type AskingExecution } from "./agreements.ts";
import { actOf, FILLED_AGAIN, type Named, partOf, REFOUND } from "./checkpoint-names.ts";
import { stepFailure, asThrown, isFullDisk } from "./errors.ts";
import { type Sleeping, waitFor, type WaitingExecution } from "./waiting.ts";

type StepOutcome<T> = { readonly value: T } | { readonly failure: FailureData } | { readonly busy: true };

/**
 * One pass of a run: from the start (or from where it slept) to its next wait or its end. Everything durable goes through
 * `steps`; the open visit is the only thing kept in memory, and it ends with the pass.
 */
export class RunExecution {
  readonly #world: ExecutionContext;
  readonly #visits: Visits;
  /** Steps that are done, in this pass or before it. */
  readonly #done: string[] = [];
  /** Acts that this run has done at the portal. */
  readonly #acts: { readonly name: string; readonly leaves: EffectSpec<Json>["leaves"] }[] = [];
  /** Acts that the portal had done already. */
  #met = 0;
  /** How often each act was held against the portal's list. */
  readonly #held = new Map<string, number>();
  /** Whether the step under way has used the visit, and left a picture of it. */
  #use = { visited: false, pictured: false };
  /** A person's help for the next sign-in, in whichever step that is. */
  #help: Assistance | null = null;
  #waiting: Sleeping | null = null;

  constructor(world: ExecutionContext) {
    this.#world = world;
    this.#visits = new Visits(world.siteOpeners);
  }

  ports<Input>(input: Input): FlowPorts<Input> {
    const own = this.#world.own(() => this.#world.isStopping());
    return {
      input,
      company: this.#world.company,
      formats: this.#world.formats,
      rehearsal: this.#world.run.rehearsal,
      timing: this.#world.timing,
      step: (id, title, work, again) => this.#step({ id, title }, work, again),
      effect: (name, spec) => this.#effect(PORTAL, name, spec),
      effectAt: (door, name, spec) => this.#effect(door, name, spec),
      hold: (name, spec, seen) => this.#hold(name, spec, seen),
      wait: async (id, title, spec) => {
        // What a real run waits for after its act has nothing to do with a rehearsal.
        if (this.#world.run.rehearsal && this.#met > 0) throw new RehearsalOver(null);
        return waitFor({ id, title }, spec, this.#asWaiting());
      },
      visit: (work) => this.#onVisit(PORTAL, work),
      visitAt: (door, work) => this.#onVisit(door, work),
      agree: (id, title, agreement) => agreeTo({ id, title }, agreement, this.#asAsking()),
      person: async (id, title, question) => (await this.#person({ id, title }, question)).answer,
      personsForm: (id, title, question) => this.#person({ id, title }, question),
      mailbox: this.#world.mailbox,
      files: this.#world.files,
      ledgerTeachings: this.#world.ledgerTeachings,
      own: (port) => port.among(own),
      record: (line, about) => this.#record(line, about),
    };
  }

  /** Ends the pass where the run sleeps: signs out and shows what is waited for. */
  async park(): Promise<void> {
    await this.leave();
    if (this.#waiting) await updateRun(this.#world.store, this.#world.run.id, this.#waiting);
  }

  /** What the run has done at the portal so far, and what the portal lacks should it end here. */
  doneBefore(): DoneBefore {
    return { done: this.#acts.map(({ name }) => `「${name}」`), ...this.#acts.at(-1)?.leaves };
  }

  /** Signs out, if a visit is open. */
  leave(): Promise<void> {
    return this.#visits.leave();
  }

  async #step<T extends Json>(at: Named, work: () => Promise<T>, again?: RetryPolicy): Promise<T> {
    let failures = 0;
    for (let n = 1; ; n++) {
      const label = n === 1 ? at : { id: `${at.id} ${n}`, title: `${at.title} (${n})` };
      const outcome = await this.#world.steps.run(label.id, () => this.#attempt(at, work));
      if ("value" in outcome) {
        this.#done.push(label.title);
        return outcome.value;
      }
      if ("busy" in outcome) {
        await this.#pause(partOf(label, "busy", "等帳號空出來"), this.#world.timing.accountBusyDelay);
        continue;
      }
      if (again?.on.includes(outcome.failure.code) && failures < again.times) {
        failures++;
        await this.#pause(partOf(label, "again", "稍後再試"), again.after);
      } else this.#help = await this.#askForHelp(label, outcome.failure);
    }
  }

  /** Waits for the person who alone can take the reason away. @throws Failure the same one, where nobody can or wants to */
  async #askForHelp(label: Named, failure: FailureData): Promise<Assistance> {
    const question = questionAboutFailure(failure);
    if (question === null) throw asThrown(failure);
    const help = assistanceAfter(failure.code, await this.#person(partOf(label, "help", "請人處理"), question));
    if (help === null) throw asThrown(failure);
    return help;
  }

  async #attempt<T extends Json>(at: Named, work: () => Promise<T>): Promise<StepOutcome<T>> {
    try {
      return await this.#recorded(at, work);
    } catch (error) {
      // Where nothing can be recorded nothing is done; what was done already is known to the store.
      if (!isFullDisk(error)) throw error;
      await this.leave();
      return { failure: failureData(error.code, error.detail) };
    }
  }

  async #recorded<T extends Json>({ id, title: name }: Named, work: () => Promise<T>): Promise<StepOutcome<T>> {
    const { store, run, recorder } = this.#world;
    if (this.#world.isStopping()) throw new Interrupted();
    this.#waiting = null;
    const use = { visited: false, pictured: false };
    this.#use = use;
    await updateRun(store, run.id, { state: "running", progress: name, waitingUntil: null });
    await recorder.event("step.started", { id, step: name });
    try {
      if ((await getRun(store, run.id)).cancelRequested) throw new Failure("cancelled");
      const value = await work();
      // One picture of each business step; a step that took some by itself has its own.
      if (use.visited && !use.pictured) await this.#picture(name).catch(() => undefined);
      await recorder.event("step.done", { id, step: name });
      return { value };
    } catch (error) {
      if (error instanceof Busy) {
        await recorder.event("step.put-off", { id, step: name, why: error.message });
        return { busy: true };
      }
      if (error instanceof Error && (error instanceof Interrupted || isStoreError(error))) {
        await recorder.event("step.interrupted", { id, step: name, why: error.message }).catch(() => undefined);
        throw error;
      }
      const failure = stepFailure(await this.#explain(error));
      const picture = await this.#picture(`${name} 失敗`).catch(() => null);
      await this.leave();
      const data = failureData(failure.code, failure.detail);
      // What the program's tools said is for anyone who mends the robot; people get the sentences of the failure.
      const cause = failure.cause instanceof Error ? { cause: failure.cause.message } : {};
      const effects = await effectsOf(store, run.id).catch(() => []);
      const told = {
        id,
        step: name,
        failure: { ...data },
        ...cause,
        picture,
        before: { steps: [...this.#done], effects },
        safe: safeToDoNext(effects),
      };
      await recorder.event("step.failed", told).catch((trouble: unknown) => {
        // What went wrong is a better answer than that it could not be recorded.
        if (!isFullDisk(trouble)) throw trouble;
      });
      return { failure: data };
    }
  }

  async #explain(error: unknown): Promise<unknown> {
    // A failure of a step that did nothing at the portal has nothing to do with the page that is open.
    const isOurs = error instanceof Failure && !this.#use.visited;
    const visit = this.#visits.current;
    return visit && !isOurs ? visit.explain(error) : error;
  }

  async #onVisit<Kind extends keyof Sites, T>(
    door: SiteTarget<Kind>,
    work: (site: Sites[Kind]) => Promise<T>,
  ): Promise<T> {
    const site = await this.#visits.through(door, { help: this.#help, isStopping: () => this.#world.isStopping() });
    this.#use.visited = true;
    return work(site);
  }

  async #pause({ id, title }: Named, milliseconds: number): Promise<void> {
    await this.leave();
    this.#waiting = { state: "waiting", progress: title, waitingUntil: new Date(Date.now() + milliseconds) };
    await this.#world.steps.sleep(id, milliseconds);
  }

  async #effect<Kind extends keyof Sites, Before extends Json>(
    door: SiteTarget<Kind>,
    name: string,
    spec: EffectSpec<Before, Sites[Kind]>,
  ): Promise<EffectResult<Before>> {
    const key = this.#keyOf(spec);
    const at = actOf(name, spec);
    let again = REFOUND;
    for (let n = 1; ; n++) {
      const label = n === 1 ? at : partOf(at, `${again.id}-${n - 1}`, `${again.title} ${n - 1}`);
      again = REFOUND;
      const progress = await this.#step(label, () => advanceEffect(key, name, spec, this.#effectWorld(door)));
      switch (progress.state) {
        case "done":
          if (progress.result.status === "confirmed") this.#acts.push({ name, leaves: spec.leaves });
          else this.#met++;
          return progress.result;
        case "look-again":
          await this.#pause(partOf(label, "later", "等平台處理後再查證"), progress.after);
          continue;
        case "rehearsed":
          throw new RehearsalOver(progress.wouldPress);
        case "approve":
          await askForApproval(partOf(at, `approval-${n}`, `請人同意 ${n}`), name, progress.request, this.#asAsking());
          again = FILLED_AGAIN;
          continue;
        case "ask":
          await this.#settleByPerson(key, at, { id: `${n}`, title: `${n}` }, progress, this.#effectWorld(door));
      }
    }
  }

  async #hold<Before extends Json, Site>(
    name: string,
    spec: EffectSpec<Before, Site>,
    seen: { readonly before: Before; readonly after: Before },
  ): Promise<void> {
    const key = this.#keyOf(spec);
    const world = this.#effectWorld(PORTAL);
    const at = actOf(name, spec);
    const n = (this.#held.get(key) ?? 0) + 1;
    this.#held.set(key, n);
    const differs = await this.#step(partOf(at, `hold-${n}`, `和平台的清單核對 ${n}`), () =>
      holdEffect(key, name, spec, seen, world),
    );
    if (differs !== null) await this.#settleByPerson(key, at, { id: `list-${n}`, title: `清單 ${n}` }, differs, world);
  }

  /** The key of an act for ever: no sentence is part of it. */
  #keyOf({ id, keyParts }: { readonly id: string; readonly keyParts: readonly string[] }): string {
    return [this.#world.company.ubn, this.#world.run.flow, id, ...keyParts].join("|");
  }

  /** @throws Failure the one that the question is about, where the person leaves it at that */
  async #settleByPerson(
    key: string,
    at: Named,
    which: Named,
    { question, otherwise }: Extract<EffectProgress<Json>, { state: "ask" }>,
    world: Omit<EffectContext<unknown>, "visit">,
  ): Promise<void> {
    const { answer } = await this.#person(partOf(at, `settle-${which.id}`, `請人確認 ${which.title}`), question);
    if (answer === END_RUN) throw new Failure(otherwise.code, otherwise.detail);
    await this.#step(partOf(at, `settled-${which.id}`, `記下人的判斷 ${which.title}`), () =>
      settleByPerson(key, at.title, answer, world),
    );
  }

  #effectWorld<Kind extends keyof Sites>(door: SiteTarget<Kind>): EffectContext<Sites[Kind]> {
    const { store, run, timing, recorder } = this.#world;
    return {
      store,
      runId: run.id,
      flowVersion: run.flowVersion,
      ubn: this.#world.company.ubn,
      address: this.#world.addressOf(door),
      approvalMode: (effect) => this.#world.approvalMode(effect),
      isRehearsal: run.rehearsal,
      whereabouts: async () => (await this.#visits.current?.whereabouts()) ?? null,
      reconcile: timing.reconcile,
      visit: (work) => this.#onVisit(door, work),
      leave: () => this.leave(),
      assertMayPress: async () => {
        if (this.#world.isStopping()) throw new Interrupted();
        await this.#world.assertMayPress();
        await this.#visits.current?.assertHeld();
      },
      record: async (type, data) => void (await recorder.event(type, data)),
      picture: (name) => this.#picture(name),
      typePassword: async (asked) => (await this.#visits.current?.typePassword?.(asked)) ?? null,
      sendOnce: (work) => this.#visits.current?.sendOnce(work) ?? work(),
      point: (effect, point) => this.#world.point(effect, point),
    };
  }

  #asAsking(): AskingExecution {
    return {
      context: this.#world,
      step: (at, work) => this.#step(at, work),
      person: (at, question) => this.#person(at, question),
    };
  }

  #asWaiting(): WaitingExecution {
    return {
      context: this.#world,
      step: (at, work) => this.#step(at, work),
      explain: (error) => this.#explain(error),
      leave: () => this.leave(),
      sleeps: (waiting) => {
        this.#waiting = waiting;
      },
    };
  }

  async #person(at: Named, question: Question): Promise<GivenAnswer & { readonly id: string }> {
    const { store, run, timing, recorder, steps, answerers } = this.#world;
    if (run.rehearsal && question.consent !== undefined) return this.#assumed(at, question, question.consent);
    const asked = await this.#step(partOf(at, "ask", "提問"), async () => {
      const open = await askPerson(store, run.id, at.id, question, { timeout: timing.questionTimeout, answerers });
      await recorder.event("question.asked", {
        ...open,
        text: question.text,
        choices: question.choices,
        context: question.context ?? null,
      });
      return open;
    });
    for (let n = 1; ; n++) {
      const look = await this.#step(partOf(at, `look-${n}`, `看回答 ${n}`), async () => {
        const given = await readAnswer(store, asked.id);
        if (given !== null) await recorder.event("question.answered", { id: asked.id, ...given });
        return { given, late: given === null && Date.now() >= Date.parse(asked.expiresAt) };
      });
      if (look.given !== null) return { ...look.given, id: asked.id };
      if (look.late) throw new Failure("question-expired", { wanted: question.text, seen: "期限內沒有人回答" });
      await this.leave();
      this.#waiting = { state: "needs-person", progress: question.text, waitingUntil: new Date(asked.expiresAt) };
      await steps.sleepUntilWoken(
        `${at.id}/answer-${n}`,
        `answer:${asked.id}`,
        n === 1 ? ASKED_JUST_NOW_MS : Math.max(ASK_AGAIN_MS, timing.questionTimeout / MOST_ASKS),
      );
    }
  }

  /** In a rehearsal nobody is asked to agree to what is not sent. */
  async #assumed(at: Named, { text }: Question, answer: string): Promise<GivenAnswer & { readonly id: string }> {
    return this.#step(partOf(at, "ask", "演練"), async () => {
      await this.#world.recorder.event("note", { line: `演練，沒有問人。實際執行時會先問：${text}` });
      return { id: "", answer, values: {}, by: "演練", at: new Date().toISOString() };
    });
  }

  async #record(line: string, about: { data?: Json; picture?: boolean } = {}): Promise<void> {
    await this.#world.recorder.event("note", { line, ...(about.data === undefined ? {} : { data: about.data }) });
    if (about.picture) await this.#picture(line);
  }

  async #picture(name: string): Promise<string | null> {
    const visit = this.#visits.current;
    if (visit === null) return null;
    this.#use.pictured = true;
    return visit.picture(name);
  }
}

/** An answer wakes the run at once, unless it comes between a look and the sleep: most likely from a person who is there when asked. */
const ASKED_JUST_NOW_MS = 3_000;
const ASK_AGAIN_MS = 30 * 60_000;
/** Each look keeps two rows, and a run may keep about a thousand. */
const MOST_ASKS = 200;
