import { Failure } from "../failures/failure.ts";
import { fromColumns, hereInColumns, isKnownDead } from "../lib/process-identity.ts";
import { now, type Store } from "./store.ts";

/** A lease outlives its last renewal by this much, in milliseconds: how long another host waits for a dead machine's account. */
const LEASE_MS = 60_000;
const RENEW_MS = 15_000;

/** Thrown where a lease is in use by someone else: the step is put off durably, nothing has failed. */
export class Busy extends Error {
  override readonly name = "Busy";
}

/** The right to use something alone, over all processes that share the store. */
export interface Lease {
  /** @throws Failure `lease-lost` when someone else holds it now. */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes the lease `name` or throws `Busy`. It renews itself until released; a holder that is known to be dead, or whose time is
 * over, loses it.
 * @param holder who takes it: two takers in one process need two names
 */
export async function takeLease(store: Store, name: string, holder: string): Promise<Lease> {
  if (!(await tryTake(store, name, holder))) throw new Busy(`${name} is in use`);
  let lost = false;
  const renew = async (): Promise<boolean> => {
    const renewed = await store
      .updateTable("leases")
      .set({ until: until() })
      .where("name", "=", name)
      .where("holder", "=", holder)
      .returning("name")
      .execute();
    return renewed.length === 1;
  };
  const timer = setInterval(() => {
    renew().then(
      (held) => {
        lost ||= !held;
      },
      // A store that does not answer is not a lost lease yet: assertHeld asks again before anything irreversible.
      () => undefined,
    );
  }, RENEW_MS);
  timer.unref();
  return {
    async assertHeld() {
      if (lost || !(await renew())) throw new Failure("lease-lost", { wanted: name });
    },
    async release() {
      clearInterval(timer);
      await store.deleteFrom("leases").where("name", "=", name).where("holder", "=", holder).execute();
    },
  };
}

/** Takes the first free of `count` equal places `name-0` … `name-(count-1)`, or throws `Busy`. */
export async function takePlace(store: Store, name: string, count: number, holder: string): Promise<Lease> {
  for (let place = 0; place < count; place++) {
    try {
      return await takeLease(store, `${name}-${place}`, holder);
    } catch (error) {
      if (!(error instanceof Busy)) throw error;
    }
  }
  throw new Busy(`all ${count} places of ${name} are in use`);
}

async function tryTake(store: Store, name: string, holder: string): Promise<boolean> {
  const current = await store.selectFrom("leases").selectAll().where("name", "=", name).executeTakeFirst();
  const deadHolder = current && isKnownDead(fromColumns(current)) ? current.holder : null;
  const taken = await store
    .insertInto("leases")
    .values({ name, holder, ...hereInColumns, until: until() })
    .onConflict((oc) =>
      oc
        .column("name")
        .doUpdateSet({ holder, ...hereInColumns, until: until() })
        .where((eb) => {
          const free = [eb("leases.holder", "=", holder), eb("leases.until", "<", now())];
          return eb.or(deadHolder === null ? free : [...free, eb("leases.holder", "=", deadHolder)]);
        }),
    )
    .returning("name")
    .execute();
  return taken.length === 1;
}

function until(): string {
  return new Date(Date.now() + LEASE_MS).toISOString();
}
