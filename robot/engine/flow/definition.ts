import { z } from "zod";
import type { CheckedPage } from "../../../selectors/pages.ts";
import type { Obligation } from "../../invoicing/deadlines/obligations.ts";
import type { Words } from "../../invoicing/problems/problems.ts";
import type { Period } from "../../invoicing/values/period.ts";
import { Failure, type FailureCode, type FailureDetail } from "../../failures/failure.ts";
import type { Json } from "../../lib/json.ts";
import type { SavedFile } from "./files.ts";
import { fieldsOf, type FlowField } from "./inputs.ts";
import type { FlowPorts } from "./ports.ts";
import type { Rehearsal } from "../effects/rehearsal.ts";

/**
 * A job of the business at the portal: one file under `flows/`, reading like the job. All that the command line, the console, the schedule,
 * the overview of duties and the docs say of it is made of this.
 */
export interface Flow<Input extends FlowInput, Facts extends FactsSchema> {
  /** Its id: the name on the command line. */
  readonly name: string;
  readonly title: Words;
  /** What it is for, in a sentence. */
  readonly about: Words;
  /** Raised whenever steps change, so that a run that was begun with other steps is not continued with these. */
  readonly version: number;
  /** What is asked for: one object of fields (`robot/engine/flow/inputs.ts`), each with its label; rules between fields as refinements. */
  readonly input: z.ZodType<Input>;
  /** What will be done, step by step, as it is shown before the start. */
  readonly does: readonly string[];
  /** What can't be undone; null for a flow that only reads. */
  readonly final: Words | null;
  /** The portal's pages on which it works: while a check does not know one of them, runs of it wait. Left out: none. */
  readonly needs?: readonly CheckedPage[];
  /** Whether a run with this input works on them at all; left out: each does. */
  readonly needsPages?: (input: Input) => boolean;
  /** It looks at the pages: one that it does not know is told once, as that, and not with each of its runs. */
  readonly checksPages?: true;
  /** The kinds of acts that change something (`EffectSpec.id`): their names in the configuration's `approve`. Left out: none. */
  readonly acts?: readonly string[];
  /** The duty of each period that it is there for. */
  readonly duty?: Obligation;
  /** Duties that its success settles as well, by id. */
  readonly settles?: readonly string[];
  /** Whether someone else's reporting of the blank numbers forbids it. */
  readonly reportsBlanks?: true;
  /** What is set for the company and decides what will be done, as label and value. */
  readonly settled?: (company: SetForCompany) => readonly (readonly [string, string])[];
  /** What it has found out, beside files and notes: each with a default, for the time before there is a result. */
  readonly facts?: Facts;
  /** How its facts are told, line by line. */
  readonly tell?: (facts: z.output<Facts>) => readonly string[];
  run(ports: FlowPorts<Input>): Promise<FlowResult<z.input<Facts>>>;
}

export type FlowInput = { readonly period?: Period } & { readonly [name: string]: Json | undefined };

/** What the configuration sets for a company, as far as a flow may say it before the start. */
export interface SetForCompany {
  readonly noticeAddress?: string | undefined;
  readonly noticeList?: readonly string[] | undefined;
  readonly platform?: { readonly address: string; readonly user: string } | undefined;
}

/** An object of facts in which nothing must be given. */
export type FactsSchema = z.ZodType<{ readonly [fact: string]: Json }, object>;

/** What every flow ends with; with its own facts beside it. */
export type FlowResult<Facts extends object = object> = Facts & {
  readonly outcome: "done" | "already-done";
  readonly files?: readonly SavedFile[];
  /** Lines for people: what is worth knowing although all went well. */
  readonly notes?: readonly string[];
};

/** A result as the engine keeps it: which facts there are only the flow knows. */
export type RunResult = FlowResult & {
  /** Only of a run that rehearsed: nothing was sent. */
  readonly rehearsal?: Rehearsal;
};

/** A flow that did not come to its end, and yet has found something out: its files, notes and facts are kept with the failure. */
export class Unfinished extends Failure {
  readonly result: RunResult;

  constructor(code: FailureCode, detail: FailureDetail, result: RunResult) {
    super(code, detail);
    this.result = result;
  }
}

/** A flow as the engine sees it, whatever its input: its own schema reads the input. */
export interface AnyFlow {
  readonly name: string;
  readonly title: Words;
  readonly about: Words;
  readonly version: number;
  readonly fields: readonly FlowField[];
  readonly does: readonly string[];
  readonly final: Words | null;
  readonly acts: readonly string[];
  /** The pages that a run with this input works on. */
  needs(input: unknown): readonly CheckedPage[];
  /** The pages that any run of it may work on. */
  readonly mayNeed: readonly CheckedPage[];
  readonly checksPages: boolean;
  readonly duty: Obligation | null;
  readonly settles: readonly string[];
  readonly reportsBlanks: boolean;
  settled(company: SetForCompany): readonly (readonly [string, string])[];
  /** The facts of a result, or those of none. */
  facts(result: RunResult | null): { readonly [fact: string]: Json };
  /** The facts of a result for people, line by line. */
  tell(result: RunResult | null): readonly string[];
  /** @throws z.ZodError when the input is not what the flow takes */
  parse(input: unknown): FlowInput;
  perform(input: unknown, ports: <Input>(input: Input) => FlowPorts<Input>): Promise<RunResult>;
}

const NO_FACTS: FactsSchema = z.object({});

export function defineFlow<Input extends FlowInput, Facts extends FactsSchema = typeof NO_FACTS>(
  flow: Flow<Input, Facts>,
): AnyFlow {
  const { name, title, about, version, does, final, reportsBlanks, settles } = flow;
  const facts: FactsSchema = flow.facts ?? NO_FACTS;
  return {
    name,
    title,
    about,
    version,
    does,
    final,
    acts: flow.acts ?? [],
    mayNeed: flow.needs ?? [],
    needs: (input) => (flow.needsPages?.(flow.input.parse(input)) === false ? [] : (flow.needs ?? [])),
    checksPages: flow.checksPages ?? false,
    fields: fieldsOf(flow.input),
    duty: flow.duty ?? null,
    settles: [...(flow.duty ? [flow.duty.id] : []), ...(settles ?? [])],
    reportsBlanks: reportsBlanks ?? false,
    settled: (company) => flow.settled?.(company) ?? [],
    facts: (result) => facts.parse(result ?? {}),
    tell: (result) => (flow.facts && flow.tell ? flow.tell(flow.facts.parse(result ?? {})) : []),
    parse: (input) => flow.input.parse(input),
    perform: async (input, ports) => flow.run(ports(flow.input.parse(input))),
  };
}
