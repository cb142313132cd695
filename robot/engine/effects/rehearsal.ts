import type { Fields, FormState } from "../../../selectors/pages.ts";
import { Failure } from "../../failures/failure.ts";
import type { Json } from "../../lib/json.ts";
import type { EffectSpec, RunResult } from "../flow.ts";
import { openedAndFilled, readyToPress } from "./commit.ts";
import { type EffectRow, UNSETTLED_STATUSES } from "./effect-table.ts";
import { observeBefore } from "./observe.ts";
import type { EffectRef, EffectProgress, EffectContext } from "./effect-context.ts";

/** What a real run would have pressed, as it stood filled in on the page. */
export type WouldPress = {
  /** The act in words: 提交取號. */
  readonly act: string;
  /** Its name in the configuration. */
  readonly effect: string;
  /** What stands on the button. */
  readonly button: string;
  /** Title and address of the page; null where it has none. */
  readonly page: string | null;
  /** What was asked and compared, by label. */
  readonly fields: Fields;
  /** Everything that the form held, asked for or not. */
  readonly form: readonly { readonly name: string; readonly value: string }[];
  /** Where in the record the picture is, with the button outlined. */
  readonly picture: string | null;
};

/** How far a rehearsal came: to a button, or to its end without one. */
export type Rehearsal = { readonly wouldPress: WouldPress | null };

/** A rehearsal has come to the place where a real run would go on by changing something, or by waiting for what it changed. */
export class RehearsalOver extends Error {
  override readonly name = "RehearsalOver";
  readonly wouldPress: WouldPress | null;

  constructor(wouldPress: WouldPress | null) {
    super("the rehearsal is over");
    this.wouldPress = wouldPress;
  }

  get result(): RunResult {
    const { wouldPress } = this;
    return {
      outcome: "done",
      rehearsal: { wouldPress },
      notes: wouldPress === null ? [NOTHING_TO_SEND] : linesOf(wouldPress),
    };
  }
}

const NOTHING_TO_SEND = "演練：沒有送出任何東西。平台上已經有了，這次也沒有要送出的。";

/** The end of a rehearsal that came to no button. */
export function rehearsed(result: RunResult): RunResult {
  const notes = ["演練：沒有送出任何東西。這次沒有要按的按鈕。", ...(result.notes ?? [])];
  return { ...result, rehearsal: { wouldPress: null }, notes };
}

function linesOf({ act, button, page, fields }: WouldPress): string[] {
  return [
    `演練：沒有送出任何東西。「${act}」已填好、逐欄比對過，停在按下「${button}」之前。`,
    ...(page === null ? [] : [`頁面：${page}`]),
    ...Object.entries(fields).map(([label, value]) => `${label}　${value}`),
    "後面如果還有要按的，要等這一步真的做完才能演練。",
  ];
}

/**
 * The act as far as it can go without changing anything: looked at, judged, filled and compared, its button found; then the page is left
 * without saving. Nothing is written in the table of acts, so that a later run finds it as if nobody had rehearsed.
 */
export async function rehearseEffect<Before extends Json, Site>(
  known: EffectRow | null,
  act: EffectRef,
  spec: EffectSpec<Before, Site>,
  world: EffectContext<Site>,
): Promise<EffectProgress<Before>> {
  const { key, name } = act;
  if (known && UNSETTLED_STATUSES.includes(known.status)) {
    const seen = "先前送出的結果還不明；演練不去動它，請執行不加演練的同一個作業，它會先查證";
    throw new Failure("outcome-unknown", { wanted: name, seen });
  }
  const before = await observeBefore(act, spec, world);
  const judgement = spec.decide(before, known?.status === "confirmed");
  if ("already" in judgement) {
    await world.record("effect.already-done", { effect: name, key, why: judgement.already });
    return { state: "done", result: { status: "already-done", proof: judgement.already, before } };
  }
  if ("refuse" in judgement) throw new Failure(judgement.refuse, judgement.detail);
  if (known?.status === "confirmed" && !spec.mayRecur) {
    const seen = "以前已成功過，但平台上現在看不到；要不要再做，執行時會問人";
    throw new Failure("person-needed", { wanted: name, seen });
  }
  return world.visit((site) => rehearseForm(site, before, name, spec, world));
}

async function rehearseForm<Before extends Json, Site>(
  site: Site,
  before: Before,
  name: string,
  spec: EffectSpec<Before, Site>,
  world: EffectContext<Site>,
): Promise<EffectProgress<Before>> {
  await spec.laterPages?.(site);
  const { form, filled } = await openedAndFilled(site, name, spec, world);
  const { name: button } = await readyToPress(form, filled, name, spec);
  const wouldPress: WouldPress = {
    act: name,
    effect: spec.id,
    button,
    page: await world.whereabouts(),
    fields: { ...spec.wanted, ...spec.confirmed?.(before) },
    form: shownOf(filled),
    picture: await world.picture(`${name} 演練：這個按鈕沒有按`),
  };
  await world.record("effect.rehearsed", { ...wouldPress, effect: name, id: spec.id });
  // What was filled is not saved; the page is spent.
  await world.leave();
  return { state: "rehearsed", wouldPress };
}

function shownOf(form: FormState): WouldPress["form"] {
  return form.map(({ name, value }) => ({ name, value }));
}
