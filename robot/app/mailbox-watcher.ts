import { setTimeout as delay } from "node:timers/promises";
import type { Config } from "../config/schema.ts";
import { Failure } from "../failures/failure.ts";
import { mailboxCredentials } from "../mail/credentials.ts";
import { mailboxOf, noticesWanted, ownersOf } from "../mail/notices.ts";
import { Redactor } from "../recording/redaction/redactor.ts";
import { openSecretStore } from "../secrets/store.ts";
import type { App } from "./compose.ts";

/** Milliseconds until a connection that broke is made again. */
const RECONNECT_MS = 30_000;

/**
 * Listens to the mailbox and wakes the runs of the company that a notice is for, until shutdown. It only hastens things: every
 * wait looks by itself as well, so a server without IDLE, or one that is away, costs nothing but time.
 */
export async function watchMailbox({ robot, log }: App, config: Config, stop: AbortSignal): Promise<void> {
  const { mailbox: settings, companies } = config;
  if (!settings) return;
  const known: readonly string[] = companies.map(({ ubn }) => ubn);
  let trouble: string | null = null;
  while (!stop.aborted) {
    try {
      const redactor = new Redactor();
      const secrets = await openSecretStore(config.secrets, redactor);
      const mailbox = mailboxOf(settings, await mailboxCredentials(settings, secrets, redactor));
      const listens = await mailbox.watch(
        noticesWanted(settings),
        async (mail) => {
          for (const ubn of ownersOf(mail, known) ?? []) if (known.includes(ubn)) await robot.mailCame(ubn);
        },
        stop,
      );
      if (!listens) return log.write("info", "the mail server knows no IDLE: waits look at the set times only");
    } catch (error) {
      const why = error instanceof Failure ? `${error.code}: ${error.message}` : String(error);
      if (why !== trouble) log.write("warn", "the mailbox can't be listened to", { why });
      trouble = why;
    }
    await delay(RECONNECT_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}
