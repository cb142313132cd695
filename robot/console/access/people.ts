import { Failure } from "../../failures/failure.ts";
import { now, type Store } from "../../store/store.ts";
import { hashPassword, isPassword } from "./passwords.ts";
import { type Role, roleOf } from "./roles.ts";

export interface Person {
  readonly name: string;
  readonly role: Role;
  readonly changedAt: string;
}

/** Who may sign in with a password, by name. */
export async function listPeople(store: Store): Promise<Person[]> {
  const rows = await store.selectFrom("console_people").selectAll().orderBy("name").execute();
  return rows.flatMap(({ name, role, changed_at }) => {
    const known = roleOf(role);
    return known ? [{ name, role: known, changedAt: changed_at }] : [];
  });
}

/**
 * Lets a person sign in with a password, or gives them another password or role. Their sessions end.
 * @throws Failure `wrong-use` for a name that is none or a password that is too short
 */
export async function setPerson(store: Store, name: string, role: Role, password: string): Promise<void> {
  assertPersonName(name);
  const row = { role, password: await hashPassword(password), changed_at: now() };
  await store
    .insertInto("console_people")
    .values({ name, ...row })
    .onConflict((oc) => oc.column("name").doUpdateSet(row))
    .execute();
  await endSessionsOf(store, name);
}

/** Whether there was a person of that name. Their sessions end. */
export async function removePerson(store: Store, name: string): Promise<boolean> {
  const gone = await store.deleteFrom("console_people").where("name", "=", name).returning("name").executeTakeFirst();
  await endSessionsOf(store, name);
  return gone !== undefined;
}

/**
 * Letters, digits and a few signs: nothing that can't be seen, nothing that turns the direction of what stands around it.
 * @throws Failure `wrong-use`
 */
export function assertPersonName(name: string): void {
  if (!/^[\p{L}\p{M}\p{N}._@ -]{1,40}$/u.test(name) || name.trim() !== name) {
    throw new Failure("wrong-use", { wanted: "姓名或帳號，1 到 40 個字", seen: name.slice(0, 60) });
  }
}

/** The person whose name and password these are, or null. */
export async function personOf(store: Store, name: string, password: string): Promise<Person | null> {
  const row = await store.selectFrom("console_people").selectAll().where("name", "=", name).executeTakeFirst();
  const role = roleOf(row?.role ?? "");
  if (!(await isPassword(password, row?.password ?? null)) || !row || !role) return null;
  return { name: row.name, role, changedAt: row.changed_at };
}

async function endSessionsOf(store: Store, person: string): Promise<void> {
  await store.deleteFrom("console_sessions").where("person", "=", person).execute();
}
