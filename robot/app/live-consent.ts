import type { Config } from "../config/schema.ts";
import { Failure } from "../failures/failure.ts";
import { isLoopback } from "../lib/loopback.ts";
import type { Store } from "../store/store.ts";

/** Name of the setting that says that a person has agreed to submits at this site. */
const settingOf = (origin: string): string => `live-confirmed ${origin}`;

/** A person agrees, once per installation and address, that this robot submits at the sites of the configuration that are not on this machine. */
export async function confirmLive(config: Config, store: Store): Promise<void> {
  const value = new Date().toISOString();
  for (const origin of realSites(config)) {
    await store
      .insertInto("settings")
      .values({ name: settingOf(origin), value })
      .onConflict((oc) => oc.column("name").doNothing())
      .execute();
  }
}

/** Whether everything that is submitted to is on this machine. */
export function isOnThisMachine(config: Config): boolean {
  return realSites(config).length === 0;
}

/** Whether that is so, or everything that is submitted to is on this machine and nobody need agree. */
export async function isLive(config: Config, store: Store): Promise<boolean> {
  const names = realSites(config).map(settingOf);
  if (names.length === 0) return true;
  const agreed = await store.selectFrom("settings").select("name").where("name", "in", names).execute();
  return agreed.length === names.length;
}

/** @throws Failure `live-not-confirmed` */
export async function assertLive(config: Config, store: Store): Promise<void> {
  if (!(await isLive(config, store))) {
    throw new Failure("live-not-confirmed", { wanted: realSites(config).join("、") });
  }
}

function realSites({ portal, companies }: Config): string[] {
  const platforms = companies.flatMap(({ platform }) => (platform ? [platform.address] : []));
  const real = [portal.address, ...platforms].filter((address) => !isLoopback(address));
  return [...new Set(real.map((address) => new URL(address).origin))];
}
