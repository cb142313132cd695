import { ImapFlow, type ImapFlowError, type MailboxObject } from "imapflow";
import { isLoopback } from "../lib/loopback.ts";
import { connectionFailure, isAboutCertificate } from "../failures/connection.ts";
import { Failure } from "../failures/failure.ts";
import type { Secret } from "../lib/secret.ts";
import { STALL_LIMITS } from "../lib/stall-limits.ts";

export interface MailboxConfig {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (port 993). Otherwise STARTTLS is demanded. */
  readonly secure: boolean;
  readonly user: string;
  /** The password, or an OAuth2 access token. */
  readonly password: Secret;
  readonly isToken?: boolean;
  /** Such as `INBOX`. */
  readonly folder: string;
  /** Lets the password travel unencrypted; accepted only for a server on this machine. */
  readonly allowPlain?: boolean;
}

/** Answers by which a server refuses a sign-in for reasons of its own, not of the password (RFC 5530). */
const SERVER_BUSY = new Set(["UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"]);

/** Makes one connection for each piece of work. */
export class Connections {
  readonly #config: MailboxConfig;
  /** How to break off each piece of work that is under way. */
  readonly #open = new Set<() => void>();

  constructor(config: MailboxConfig) {
    this.#config = config;
  }

  /**
   * Signs in, opens the folder for reading only, does the work and signs out.
   * @throws Failure `mailbox-unreachable`, `mailbox-rejected`, `config-invalid`
   */
  async use<T>(work: (client: ImapFlow, folder: MailboxObject) => Promise<T>): Promise<T> {
    const client = this.#client();
    const brokenOff = Promise.withResolvers<never>();
    const end = (): void => brokenOff.reject(new BrokenOff());
    this.#open.add(end);
    try {
      return await Promise.race([this.#signedIn(client, work), brokenOff.promise]);
    } catch (error) {
      throw this.#failure(error);
    } finally {
      this.#open.delete(end);
      client.close();
    }
  }

  async close(): Promise<void> {
    for (const end of this.#open) end();
  }

  async #signedIn<T>(client: ImapFlow, work: (client: ImapFlow, folder: MailboxObject) => Promise<T>): Promise<T> {
    await client.connect();
    await client.getMailboxLock(this.#config.folder, { readOnly: true });
    if (client.mailbox === false) throw new Error("unreachable: the folder is open");
    const result = await work(client, client.mailbox);
    await client.logout();
    return result;
  }

  #client(): ImapFlow {
    const { host, port, secure, user, password, isToken = false, allowPlain = false } = this.#config;
    if (allowPlain && !secure && !isLoopback(`http://${host.includes(":") ? `[${host}]` : host}`)) {
      throw new Failure("config-invalid", {
        wanted: "信箱以加密連線登入（secure: true，或伺服器支援 STARTTLS）",
        seen: `${host}:${port} 設定為不加密，密碼會在網路上明文傳送`,
      });
    }
    const client = new ImapFlow({
      host,
      port,
      secure,
      ...(secure ? {} : { doSTARTTLS: !allowPlain }),
      auth: isToken ? { user, accessToken: password.reveal() } : { user, pass: password.reveal() },
      logger: false,
      disableAutoIdle: true,
      ...STALL_LIMITS.mailbox,
    });
    // A broken connection also rejects what is under way, and that is where it is handled.
    client.on("error", () => undefined);
    return client;
  }

  #failure(error: unknown): unknown {
    const { host, port, user, folder } = this.#config;
    const server = `${host}:${port}`;
    if (!isOfConnection(error)) return error;
    if (error.authenticationFailed && !SERVER_BUSY.has(error.serverResponseCode ?? "")) {
      return new Failure(
        "mailbox-rejected",
        { wanted: `登入 ${user}@${server}`, seen: saidBy(error) },
        { cause: error },
      );
    }
    if (error.mailboxMissing) {
      const seen = "信箱裡沒有這個資料夾";
      return new Failure("config-invalid", { wanted: `${server} 的資料夾 ${folder}`, seen }, { cause: error });
    }
    if (isAboutCertificate(error)) return connectionFailure(error, "mailbox-unreachable", server);
    return new Failure("mailbox-unreachable", { wanted: server, seen: saidBy(error) }, { cause: error });
  }
}

/** A server that was asked to tell of mails has forgotten it, and has not let go of the question either. */
export class Forgotten extends Error {
  override readonly message = "the server stopped answering while it was to tell of mails";
  readonly code = "ETIMEOUT";
}

class BrokenOff extends Error {
  override readonly message = "closed while it was being read";
  readonly code = "closed";
}

/** Whether the network or the server is to blame. What is thrown by the work itself is passed on as it is. */
function isOfConnection(error: unknown): error is ImapFlowError {
  const marks = ["code", "responseStatus", "tlsFailed", "authenticationFailed", "mailboxMissing"];
  return error instanceof Error && !(error instanceof Failure) && marks.some((mark) => mark in error);
}

/** The server's own words where it said something. */
function saidBy({ message, responseText, code }: ImapFlowError): string {
  return [message, responseText, code].filter((text) => text !== undefined).join(" · ");
}
