import { mailboxPasswordName } from "../config/secret-names.ts";
import type { Enrolment, Secret } from "../lib/secret.ts";
import type { SecretStore } from "../secrets/store.ts";
import { accessToken } from "./access-token.ts";
import type { MailboxSettings } from "./notices.ts";

/** What the mailbox wants to know from anyone who reads it: an access token where that is configured, else the stored password. */
export function mailboxCredentials(
  settings: MailboxSettings,
  secrets: Pick<SecretStore, "get">,
  redactor: Enrolment,
): Promise<Secret> {
  return settings.oauth2 ? accessToken(settings.oauth2.command, redactor) : secrets.get(mailboxPasswordName(settings));
}
