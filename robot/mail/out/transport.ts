import { smtpPasswordName } from "../../config/secret-names.ts";
import type { Enrolment } from "../../lib/secret.ts";
import type { SecretStore } from "../../secrets/store.ts";
import { accessToken } from "../access-token.ts";
import { type MailTransport, mailTransport, type SmtpSettings } from "./smtp.ts";

/**
 * The configured way to send, with whatever proves who sends.
 * @returns asks for the proof again each time; throws Failure of the secret store, or `token-missing`
 */
export function transportWith(
  settings: SmtpSettings,
  secrets: Pick<SecretStore, "get">,
  redactor: Enrolment,
): () => Promise<MailTransport> {
  return async () => {
    const { user, host, oauth2 } = settings;
    if (user === undefined) return mailTransport(settings, null);
    if (oauth2) return mailTransport(settings, { token: await accessToken(oauth2.command, redactor) });
    return mailTransport(settings, { password: await secrets.get(smtpPasswordName({ user, host })) });
  };
}
