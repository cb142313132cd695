import { isLoopback } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import type { Store } from "../store/store.ts";
import { Failure } from "../failures/failure.ts";

/** Name of the setting that says that a person has agreed to submits at a real portal. */
const LIVE = "live-confirmed";

/** A person agrees, once per installation, that this robot submits at a portal that is not on this machine. */
export async function confirmLive(store: Store): Promise<void> {
  const at = new Date().toISOString();
  await store
    .insertInto("settings")
    .values({ name: LIVE, value: at })
    .onConflict((oc) => oc.column("name").doNothing())
    .execute();
}

/** Whether everything that is submitted to is on this machine. */
export function isOnThisMachine({ portal, companies }: Config): boolean {
  const platforms = companies.flatMap(({ platform }) => (platform ? [platform.address] : []));
  return [portal.address, ...platforms].every((address) => isLoopback(address));
}

/** Whether that is so, or everything that is submitted to is on this machine and nobody need agree. */
export async function isLive(config: Config, store: Store): Promise<boolean> {
  if (isOnThisMachine(config)) return true;
  const agreed = await store.selectFrom("settings").select("value").where("name", "=", LIVE).executeTakeFirst();
  return agreed !== undefined;
}

/** @throws Failure `live-not-confirmed` */
export async function assertLive(config: Config, store: Store): Promise<void> {
  if (!(await isLive(config, store))) throw new Failure("live-not-confirmed", { wanted: config.portal.address });
}
