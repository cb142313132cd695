import type { Json } from "../../lib/json.ts";
import type { EffectSpec } from "../flow.ts";
import type { EffectContext, EffectRef } from "./effect-context.ts";

/** What the portal shows before the act, looked at in a visit, recorded and pictured. */
export async function observeBefore<Before extends Json, Site>(
  { key, name }: EffectRef,
  spec: EffectSpec<Before, Site>,
  world: EffectContext<Site>,
): Promise<Before> {
  await world.point(name, "before-look");
  const before = await world.visit((site) => spec.observe(site));
  await world.record("effect.looked", { effect: name, key, before });
  await world.picture(`${name} 之前`);
  await world.point(name, "looked");
  return before;
}
