import { now as storedNow, type Store } from "../../store/store.ts";

/** A mail of the portal or of a value-added centre that asks for something, as it is shown to people. */
export type PortalMail = {
  /** What it is known by, so that it is noted once. */
  readonly key: string;
  /** A person has to see to it on the same day. */
  readonly urgent: boolean;
  /** Company, what to do and which mail says so, in one line. */
  readonly line: string;
};

/** How long such a task is shown: the mail of the 7th is about the 10th, and the next period has mails of its own. */
const SHOWN_MS = 14 * 24 * 60 * 60 * 1000;

/** Notes a mail as something that people are to be told: once, anyone who notices it. It goes out with the next notification. */
export async function notePortalMail(store: Store, { key, urgent, line }: PortalMail): Promise<void> {
  await store
    .insertInto("news")
    .values({
      key: `mail ${key}`,
      kind: urgent ? "urgent" : "reminder",
      line,
      run_id: null,
      question_id: null,
      noted_at: storedNow(),
      settled_at: null,
    })
    .onConflict((oc) => oc.column("key").doNothing())
    .execute();
}

/** The tasks of the last two weeks, the urgent ones first, then the newest. */
export async function portalMails(store: Store, now: Date): Promise<PortalMail[]> {
  const rows = await store
    .selectFrom("news")
    .select(["key", "kind", "line", "noted_at"])
    .where("kind", "in", ["urgent", "reminder"])
    .where("noted_at", ">=", new Date(now.getTime() - SHOWN_MS).toISOString())
    .orderBy("kind", "desc")
    .orderBy("noted_at", "desc")
    .execute();
  return rows.map(({ key, kind, line }) => ({ key, urgent: kind === "urgent", line }));
}
