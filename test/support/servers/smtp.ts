import { once } from "node:events";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";
import { portOf } from "./port.ts";

/** A real SMTP server on loopback that keeps what it is given. */
export interface Smtp {
  readonly host: string;
  readonly port: number;
  readonly mails: readonly Email[];
  close(): Promise<void>;
}

export const SMTP_USER = "robot@office.test";
export const SMTP_PASSWORD = "smtp pass'word";

export interface SmtpOptions {
  /** The port of a server that was closed, to come back there. */
  readonly port?: number;
  readonly asksForPassword?: boolean;
  /** Receivers that the server wants no mail for. */
  readonly refuses?: (address: string) => boolean;
  /** Resolves when the server may answer: to a receiver's name, or to a whole mail that it has kept already. */
  readonly mayAnswer?: (to: "receiver" | "mail", mails: number) => Promise<void>;
}

export async function startSmtp(options: SmtpOptions = {}): Promise<Smtp> {
  const mails: Email[] = [];
  const receive = async (stream: Readable): Promise<void> => {
    mails.push(await PostalMime.parse(await buffer(stream)));
    await options.mayAnswer?.("mail", mails.length);
  };
  const server = new SMTPServer({
    hideSTARTTLS: true,
    authOptional: !options.asksForPassword,
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      const right = username === SMTP_USER && password === SMTP_PASSWORD;
      if (right) done(null, { user: SMTP_USER });
      else done(new Error("535 authentication failed"));
    },
    onRcptTo({ address }, _session, done) {
      const refusal = options.refuses?.(address) ? new Error(`no mailbox ${address}`) : null;
      const told = options.mayAnswer?.("receiver", mails.length) ?? Promise.resolve();
      void told.then(() => setImmediate(done, refusal));
    },
    onData(stream, _session, done) {
      void receive(stream).then(
        () => setImmediate(done),
        (error: unknown) => setImmediate(done, error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  // A client that is killed breaks its connection off.
  server.on("error", () => undefined);
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server.server, "listening");
  return {
    host: "127.0.0.1",
    port: portOf(server.server),
    mails,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
      }),
  };
}
