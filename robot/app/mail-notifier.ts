import { setTimeout as delay } from "node:timers/promises";
import { FLOWS } from "../../flows/index.ts";
import type { Config } from "../config/schema.ts";
import { isStoreError } from "../store/errors.ts";
import { Failure } from "../failures/failure.ts";
import { sendNotifications } from "../mail/out/notifier.ts";
import type { MailTransport, SmtpSettings } from "../mail/out/smtp.ts";
import { transportWith } from "../mail/out/transport.ts";
import { Redactor } from "../recording/redaction/redactor.ts";
import { openSecretStore } from "../secrets/store.ts";
import type { App } from "./compose.ts";

/** Milliseconds between two looks for news. */
const LOOK_MS = 15_000;

/**
 * Mails what people are to be notified of, until shutdown. A server that is away is logged once; what could not be sent
 * stays in the store and goes out with the next mail.
 */
export async function runNotifier({ store, log }: App, config: Config, stop: AbortSignal): Promise<void> {
  const { mail: settings, companies } = config;
  if (!settings) return;
  let trouble: string | null = null;
  while (!stop.aborted) {
    try {
      const context = { store, companies, flows: FLOWS, settings, transport: () => transportFor(config, settings) };
      const sent = await sendNotifications(context, new Date());
      if (sent && sent.news + sent.headDays > 0) log.write("info", "mailed", { ...sent });
      trouble = null;
    } catch (error) {
      const why = error instanceof Failure ? `${error.code}: ${error.message}` : String(error);
      if (!isStoreError(error) && why !== trouble) log.write("warn", "mail could not be sent", { why });
      trouble = why;
    }
    await delay(LOOK_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}

/** The configured way to send, with whatever proves who sends. @throws Failure of the secret store, `token-missing` */
export async function transportFor(config: Config, settings: SmtpSettings): Promise<MailTransport> {
  const redactor = new Redactor();
  const secrets = { get: async (name: string) => (await openSecretStore(config.secrets, redactor)).get(name) };
  return transportWith(settings, secrets, redactor)();
}
