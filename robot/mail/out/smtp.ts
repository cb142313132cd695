import { createTransport } from "nodemailer";
import { isLoopback } from "../../config/load.ts";
import type { Config } from "../../config/schema.ts";
import { Failure } from "../../failures.ts";
import type { Secret } from "../../secrets/secret.ts";
import type { Letter } from "./digest.ts";

export type SmtpSettings = NonNullable<Config["mail"]>;

/** What a server wants to know from whoever sends: nothing, a password, or an OAuth2 access token. */
export type SmtpProof = { readonly password: Secret } | { readonly token: Secret } | null;

/** Milliseconds. A server that is silent for longer gets the mail later. */
const TIMEOUTS = { connectionTimeout: 20_000, greetingTimeout: 15_000, socketTimeout: 30_000 };

/** Sends letters over one connection each; nothing is kept in memory between two. */
export interface Post {
  /** @throws Failure `smtp-unreachable`, `smtp-rejected` */
  send(letter: Letter): Promise<void>;
  /** Whether the server is there and takes the password. @throws Failure the same */
  check(): Promise<void>;
}

export function postOf(settings: SmtpSettings, proof: SmtpProof): Post {
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
    ...TIMEOUTS,
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
  return {
    send: ({ id, subject, text, attachments }) =>
      told(async () => {
        await transport.sendMail({
          from,
          to: [...to],
          subject,
          text,
          messageId: `<${id}@${from.split("@").at(-1) ?? "einvoice-robot"}>`,
          attachments: attachments.map(({ name, type, bytes }) => ({
            filename: name,
            contentType: type,
            content: bytes,
          })),
          headers: { "Auto-Submitted": "auto-generated" },
        });
      }),
    check: () => told(async () => void (await transport.verify())),
  };
}

function authOf(user: string, proof: Exclude<SmtpProof, null>) {
  return "token" in proof
    ? { type: "OAuth2" as const, user, accessToken: proof.token.reveal() }
    : { user, pass: proof.password.reveal() };
}

/** Codes by which nodemailer says that it was the server that said no. */
const REFUSED = new Set(["EAUTH", "EENVELOPE", "EMESSAGE"]);

function failureOf(error: unknown, server: string): unknown {
  if (!(error instanceof Error) || error instanceof Failure) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const said = "response" in error && typeof error.response === "string" ? error.response : error.message;
  const kind = REFUSED.has(code) ? "smtp-rejected" : "smtp-unreachable";
  return new Failure(kind, { wanted: server, seen: said }, { cause: error });
}
