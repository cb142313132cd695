import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { now, type Store } from "../../store/store.ts";
import { type Role, roleOf } from "./roles.ts";
import { sha256 } from "../../lib/hash.ts";

/** A person who is signed in. */
export interface Session {
  readonly person: string;
  readonly role: Role;
  /** Must come back in every form of this session: another site can make a browser send a form, but does not know this. */
  readonly csrf: string;
  /** The session itself, as the browser holds it. */
  readonly token: string;
}

/** How long a link from the terminal can be used, in milliseconds. */
const LINK_MS = 30 * 60_000;

/** From where and how a person came in. */
export interface SessionOrigin {
  /** The network address, as the connection said. */
  readonly address: string;
  readonly enteredBy: "password" | "link";
}

/** A session as those who look after the console see it. */
export interface OpenSession extends SessionOrigin {
  /** Names it without letting anybody use it: the hash of what the browser holds. */
  readonly id: string;
  readonly person: string;
  readonly role: Role;
  readonly beganAt: string;
  /** Exact to a minute. */
  readonly seenAt: string;
  /** Whether it is the session of anyone who looks. */
  readonly isOwn: boolean;
}

/** How often it is written down that a session is used, in milliseconds. */
const SEEN_MS = 60_000;

/** Begins a session. Returns the token for the browser's cookie; the store keeps only its hash. */
export async function beginSession(
  store: Store,
  { person, role }: { readonly person: string; readonly role: Role },
  lasts: number,
  { address, enteredBy }: SessionOrigin = { address: "", enteredBy: "link" },
): Promise<string> {
  const token = newToken();
  await store.deleteFrom("console_sessions").where("until", "<=", now()).execute();
  const at = now();
  await store
    .insertInto("console_sessions")
    .values({
      id: hashOf(token),
      person,
      role,
      began_at: at,
      until: later(lasts),
      address,
      entered_by: enteredBy,
      seen_at: at,
    })
    .execute();
  return token;
}

/** The session of a cookie, or null: unknown, ended or over. */
export async function sessionOf(store: Store, token: string): Promise<Session | null> {
  const row = await store
    .selectFrom("console_sessions")
    .select(["person", "role", "seen_at"])
    .where("id", "=", hashOf(token))
    .where("until", ">", now())
    .executeTakeFirst();
  const role = roleOf(row?.role ?? "");
  if (!row || !role) return null;
  if (!(Date.now() - Date.parse(row.seen_at) <= SEEN_MS)) {
    await store.updateTable("console_sessions").set({ seen_at: now() }).where("id", "=", hashOf(token)).execute();
  }
  return { person: row.person, role, token, csrf: csrfOf(token) };
}

/** Ends a session: anyone who kept a copy of its cookie gets no further. */
export async function endSession(store: Store, { token }: Session): Promise<void> {
  await store.deleteFrom("console_sessions").where("id", "=", hashOf(token)).execute();
}

/** All sessions that are not over, the one that was used last first. @param own the token of anyone who looks */
export async function listSessions(store: Store, own: string): Promise<OpenSession[]> {
  const rows = await store
    .selectFrom("console_sessions")
    .selectAll()
    .where("until", ">", now())
    .orderBy("seen_at", "desc")
    .orderBy("began_at", "desc")
    .execute();
  return rows.flatMap(({ id, person, role, began_at, seen_at, address, entered_by }): OpenSession[] => {
    const known = roleOf(role);
    if (known === null) return [];
    const enteredBy = entered_by === "password" ? "password" : "link";
    const isOwn = id === hashOf(own);
    return [{ id, person, role: known, beganAt: began_at, seenAt: seen_at || began_at, address, enteredBy, isOwn }];
  });
}

/** Ends a person's session. @returns whose it was; null where it had ended already */
export async function endSessionById(store: Store, id: string): Promise<string | null> {
  const row = await store.deleteFrom("console_sessions").where("id", "=", id).returning("person").executeTakeFirst();
  return row?.person ?? null;
}

/** Whether the value of a form is the session's own. */
export function isCsrf(session: Session, given: string): boolean {
  const [a, b] = [Buffer.from(session.csrf), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Makes what stands in a link that lets a person in once, within half an hour. */
export async function makeLink(store: Store, person: string, role: Role): Promise<string> {
  const token = newToken();
  await store.deleteFrom("console_links").where("until", "<=", now()).execute();
  await store
    .insertInto("console_links")
    .values({ id: hashOf(token), person, role, until: later(LINK_MS), used_at: null })
    .execute();
  return token;
}

/** Whom a link would let in, without using it up; null: unknown, used or too old. */
export async function readLink(store: Store, token: string): Promise<{ person: string; role: Role } | null> {
  const row = await store
    .selectFrom("console_links")
    .select(["person", "role"])
    .where("id", "=", hashOf(token))
    .where("used_at", "is", null)
    .where("until", ">", now())
    .executeTakeFirst();
  const role = roleOf(row?.role ?? "");
  return row && role ? { person: row.person, role } : null;
}

/**
 * Uses a link up. Of two who use it at the same moment one gets in. Null: unknown, used or too old.
 * @param wanted only a link with this role counts, and no other is used up
 */
export async function useLink(
  store: Store,
  token: string,
  wanted: Role | null = null,
): Promise<{ person: string; role: Role } | null> {
  const at = now();
  const row = await store
    .updateTable("console_links")
    .set({ used_at: at })
    .where("id", "=", hashOf(token))
    .where("used_at", "is", null)
    .where("until", ">", at)
    .$if(wanted !== null, (query) => query.where("role", "=", wanted ?? ""))
    .returning(["person", "role"])
    .executeTakeFirst();
  const role = roleOf(row?.role ?? "");
  return row && role ? { person: row.person, role } : null;
}

function newToken(): string {
  return randomBytes(32).toString("base64url");
}

function hashOf(token: string): string {
  return sha256(token);
}

function csrfOf(token: string): string {
  return createHmac("sha256", token).update("console form").digest("base64url");
}

function later(milliseconds: number): string {
  return new Date(Date.now() + milliseconds).toISOString();
}
