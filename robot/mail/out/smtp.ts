import { createTransport } from "nodemailer";
import { isLoopback } from "../../lib/loopback.ts";
import type { Config } from "../../config/schema.ts";
import { connectionFailure, isAboutCertificate } from "../../failures/connection.ts";
import { Failure } from "../../failures/failure.ts";
import type { Secret } from "../../lib/secret.ts";
import { STALL_LIMITS } from "../../lib/stall-limits.ts";
import type { OutgoingMail } from "./digest.ts";

export type SmtpSettings = NonNullable<Config["mail"]>;

/** What a server wants to know from anyone who sends: nothing, a password, or an OAuth2 access token. */
export type SmtpCredentials = { readonly password: Secret } | { readonly token: Secret } | null;

/** A letter to a person outside. */
export type PersonalMail = Pick<OutgoingMail, "id" | "subject" | "text"> & { readonly to: string };

/** What became of a letter: taken, or certainly not; `unknown` where the connection broke after it may have been taken. */
export type SendResult =
  | { readonly state: "sent"; readonly messageId: string; readonly words: string }
  /** The server wants none for this receiver. */
  | { readonly state: "refused"; readonly words: string }
  | { readonly state: "unknown"; readonly words: string };

/** Sends letters over one connection each; nothing is kept in memory between two. */
export interface MailTransport {
  /** To those whom the configuration names. @throws Failure `smtp-unreachable`, `smtp-rejected` */
  send(letter: OutgoingMail): Promise<void>;
  /**
   * To a person outside, once: what is thrown is certainly not sent.
   * @throws Failure `smtp-unreachable`, `smtp-rejected` (the account)
   */
  sendTo(letter: PersonalMail): Promise<SendResult>;
  /** Message-ID of a letter. */
  messageId(id: string): string;
  /** Whether the server is there and takes the password. @throws Failure the same */
  check(): Promise<void>;
}

export function mailTransport(settings: SmtpSettings, proof: SmtpCredentials): MailTransport {
  const { host, port, secure, user, from, to } = settings;
  const here = isLoopback(`http://${host.includes(":") ? `[${host}]` : host}`);
  const transport = createTransport({
    host,
    port,
    secure,
    // A password never travels in the clear, except to a server on this machine.
    requireTLS: !secure && !here,
    ignoreTLS: !secure && here,
    ...(user === undefined || proof === null ? {} : { auth: authOf(user, proof) }),
    ...STALL_LIMITS.smtp,
  });
  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw failureOf(error, `${host}:${port}`);
    } finally {
      transport.close();
    }
  };
  const messageId = (id: string): string => `<${id}@${from.split("@").at(-1) ?? "einvoice-robot"}>`;
  const headers = { "Auto-Submitted": "auto-generated" };
  return {
    messageId,
    async sendTo({ id, to: receiver, subject, text }) {
      try {
        const mail = { from, to: receiver, subject, text, messageId: messageId(id), headers };
        const { response } = await transport.sendMail(mail);
        return { state: "sent", messageId: messageId(id), words: response };
      } catch (error) {
        const { code, said, reached } = troubleOf(error);
        if (code === "EAUTH" || !reached) throw failureOf(error, `${host}:${port}`);
        return { state: code === "EENVELOPE" || code === "EMESSAGE" ? "refused" : "unknown", words: said };
      } finally {
        transport.close();
      }
    },
    send: ({ id, subject, text, attachments }) =>
      told(async () => {
        await transport.sendMail({
          from,
          to: [...to],
          subject,
          text,
          messageId: messageId(id),
          attachments: attachments.map(({ name, type, bytes }) => ({
            filename: name,
            contentType: type,
            content: bytes,
          })),
          headers,
        });
      }),
    check: () => told(async () => void (await transport.verify())),
  };
}

function authOf(user: string, proof: Exclude<SmtpCredentials, null>) {
  return "token" in proof
    ? { type: "OAuth2" as const, user, accessToken: proof.token.reveal() }
    : { user, pass: proof.password.reveal() };
}

/** Codes by which nodemailer says that it was the server that said no. */
const REFUSED = new Set(["EAUTH", "EENVELOPE", "EMESSAGE"]);

function failureOf(error: unknown, server: string): unknown {
  if (!(error instanceof Error) || error instanceof Failure) return error;
  if (isAboutCertificate(error)) return connectionFailure(error, "smtp-unreachable", server);
  const { code, said } = troubleOf(error);
  const kind = REFUSED.has(code) ? "smtp-rejected" : "smtp-unreachable";
  return new Failure(kind, { wanted: server, seen: said }, { cause: error });
}

/** What nodemailer says of a server that was not heard at all; a silence later has the same code. */
const NEVER_GREETED = new Set(["Greeting never received", "Connection timeout"]);

/** What went wrong, and whether the server was reached at all: a connection that was never made has sent nothing. */
function troubleOf(error: unknown): { readonly code: string; readonly said: string; readonly reached: boolean } {
  const text = (key: string): string => {
    const value: unknown = error instanceof Error ? Reflect.get(error, key) : undefined;
    return typeof value === "string" ? value : "";
  };
  const code = text("code");
  // A server whose greeting never came was told of no mail.
  const isSilent = code === "ETIMEDOUT" && NEVER_GREETED.has(text("message"));
  const never = text("syscall") === "connect" || isSilent || code === "EDNS" || code === "ETLS";
  return { code, said: text("response") || text("message") || String(error), reached: !never };
}
