import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import hoodiecrow from "hoodiecrow-imap";
import { createTransport } from "nodemailer";
import { SMTPServer } from "smtp-server";
import { closeServer, listenOnLoopback, LOOPBACK } from "../loopback.ts";
import type { Deliver } from "../model/mailing.ts";

/** Where a mail client finds the mailbox. Plain text on loopback, no TLS. */
export interface MailAccess {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

export interface PracticeMailbox {
  readonly imap: MailAccess;
  readonly smtp: MailAccess;
  /** Puts a message into the INBOX, whoever it is for: there is one mailbox. */
  readonly deliver: Deliver;
  close(): Promise<void>;
}

/**
 * A real mailbox in memory: IMAP to read it, SMTP to send to it. UIDs only grow, and an idling client hears of a new mail at once.
 */
export async function startMailbox(options: {
  user: string;
  password: string;
  ports: { imap: number; smtp: number };
}): Promise<PracticeMailbox> {
  const { user, password } = options;
  const imap = hoodiecrow({
    plugins: ["ID", "IDLE", "LITERALPLUS", "NAMESPACE", "SASL-IR", "AUTH-PLAIN", "SPECIAL-USE", "UNSELECT"],
    users: { [user]: { password } },
    storage: {
      INBOX: { uidvalidity: Math.floor(Date.now() / 1000) },
      "": { separator: "/", folders: { Trash: { "special-use": "\\Trash" } } },
    },
  });
  const deliver: Deliver = async (_to, message) => {
    imap.appendMessage("INBOX", [], new Date(), message.toString("latin1"));
  };
  const receive = async (stream: Readable, to: string, done: (error?: Error | null) => void): Promise<void> => {
    try {
      await deliver(to, await buffer(stream));
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const smtp = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    authOptional: true,
    allowInsecureAuth: true,
    onAuth: (auth, _session, done) => {
      const known = auth.username === user && auth.password === password;
      done(known ? null : new Error("wrong user or password"), known ? { user } : undefined);
    },
    onData: (stream, session, done) => {
      const to = session.envelope.rcptTo[0]?.address ?? user;
      void receive(stream, to, done);
    },
  });
  const imapPort = await listenOnLoopback(imap.server, options.ports.imap);
  const smtpPort = await listenOnLoopback(smtp.server, options.ports.smtp);
  return {
    imap: { host: LOOPBACK, port: imapPort, user, password },
    smtp: { host: LOOPBACK, port: smtpPort, user, password },
    deliver,
    close: async () => {
      await Promise.all([closeServer(imap.server), closeServer(smtp.server)]);
    },
  };
}

/** Delivery to another mail server, for an installation that brings its own mailbox. */
export function smtpDelivery(target: {
  host: string;
  port: number;
  user?: string | undefined;
  password?: string | undefined;
  lmtp: boolean;
}): Deliver {
  const { host, port, user, password, lmtp } = target;
  const transport = createTransport({
    host,
    port,
    lmtp,
    secure: false,
    ignoreTLS: true,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? "" } }),
  });
  return async (to, message) => {
    await transport.sendMail({ envelope: { from: "einvoice@einvoice.nat.gov.tw", to }, raw: message });
  };
}
