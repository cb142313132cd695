import { z } from "zod";
import type { EventLine } from "../format/chain.ts";
import { timelineEntry } from "./timeline.ts";

/** An irreversible act at the portal, as the record tells of it. */
export interface EffectSummary {
  readonly name: string;
  /** What the form held when it was sent, by its labels. Empty where nothing had to be sent. */
  readonly sent: readonly (readonly [string, string])[];
  /** How it stands after the last event about it, in words. */
  readonly outcome: string;
  /** The portal's own words, or null. */
  readonly words: string | null;
  /** When it was last heard of (UTC). */
  readonly at: string;
}

/** A question that was put to a person. `answer` and `by` are null while nobody has answered. */
export interface PersonDecision {
  readonly question: string;
  readonly answer: string | null;
  readonly by: string | null;
  readonly at: string;
}

const effectSchema = z.object({ effect: z.string() });

/** Events after which an act stands otherwise than before. */
const SETTLING = /^effect\.(?:already-done|confirmed|refused|withdrawn|unknown|released|intended)$/;

/** The acts of a run in the order in which they were begun. */
export function effectSummaries(events: readonly EventLine[]): EffectSummary[] {
  const acts = new Map<string, EffectSummary>();
  for (const event of events) {
    const name = effectSchema.safeParse(event.data).data?.effect;
    if (name === undefined) continue;
    const told = timelineEntry(event);
    const before = acts.get(name);
    if (event.type === "effect.compared") {
      acts.set(name, { name, sent: told.facts ?? [], outcome: "填好表單，還沒有送出", words: null, at: event.time });
    } else if (SETTLING.test(event.type)) {
      const words = told.quote ?? null;
      acts.set(name, { name, sent: before?.sent ?? [], outcome: told.text, words, at: event.time });
    }
  }
  return [...acts.values()];
}

const askedSchema = z.object({ id: z.string(), text: z.string(), choices: z.record(z.string(), z.string()) });
const answeredSchema = z.object({ id: z.string(), answer: z.string(), by: z.string().nullable() });

/** What people were asked in a run, and what they said. */
export function personDecisions(events: readonly EventLine[]): PersonDecision[] {
  const decisions = new Map<string, PersonDecision & { readonly choices: Readonly<Record<string, string>> }>();
  for (const { type, data, time } of events) {
    const asked = type === "question.asked" ? askedSchema.safeParse(data).data : undefined;
    if (asked) {
      const { id, text, choices } = asked;
      decisions.set(id, { question: text, choices, answer: null, by: null, at: time });
    }
    const answered = type === "question.answered" ? answeredSchema.safeParse(data).data : undefined;
    const open = answered && decisions.get(answered.id);
    if (answered && open) {
      const { answer, by } = answered;
      decisions.set(answered.id, { ...open, answer: open.choices[answer] ?? answer, by, at: time });
    }
  }
  return [...decisions.values()].map(({ question, answer, by, at }) => ({ question, answer, by, at }));
}
