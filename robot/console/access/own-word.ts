import type { Store } from "../../store/store.ts";
import { listPeople, personOf } from "./people.ts";
import { type Session, useLink } from "./sessions.ts";

/** What a person proves with that it is they who sit there, and not only their open browser. */
export type OwnWord = "password" | "link";

/** With what this person can prove it: their password; where they have none, another link from the terminal. */
export async function ownWordOf(store: Store, { person }: Session): Promise<OwnWord> {
  return (await listPeople(store)).some(({ name }) => name === person) ? "password" : "link";
}

/**
 * Whether this is the person's own password, or, where they have none, a link for 管理 that was not used yet: who can make one sits at
 * the robot's machine. A link is used up by it.
 * @param given the password; the link as it was printed, or what stands at its end
 */
export async function isOwnWord(store: Store, session: Session, given: string): Promise<boolean> {
  if ((await ownWordOf(store, session)) === "password") return (await personOf(store, session.person, given)) !== null;
  const token = given.trim().split("/").at(-1) ?? "";
  return (await useLink(store, token, "manage")) !== null;
}
