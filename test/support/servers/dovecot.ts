import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { portOf } from "./port.ts";
import { missingPrograms, programPath } from "./debian.ts";

/** A real Dovecot on loopback with one user and one Maildir. */
export interface Dovecot {
  readonly host: string;
  readonly port: number;
  /** For TLS from the first byte. */
  readonly tlsPort: number;
  readonly user: string;
  readonly password: string;
  /** Puts a mail into the INBOX as a mail server does. */
  deliver(mail: string | Uint8Array): void;
  /** Makes the server forget its numbering, as after a restore from a backup: UIDVALIDITY changes. */
  renumber(): void;
  /** What the server has logged so far. */
  log(): string;
  close(): Promise<void>;
}

export interface DovecotOptions {
  /** Offers STARTTLS, and TLS on a port of its own, with this key and certificate (files). Without it there is no TLS. */
  readonly tls?: { readonly key: string; readonly certificate: string };
  /** The store of accounts can't be asked: a temporary failure, not a wrong password. */
  readonly accountsBroken?: boolean;
  /** Takes OAuth2 access tokens, and asks this address which of them are good (RFC 7662). */
  readonly tokensAskedAt?: string;
  /** The port of a server that was closed, to come back there. */
  readonly port?: number;
}

const USER = "robot@example.tw";
const PASSWORD = "mail pass'word";

/** Null where it can be had; else why not. */
export function missingDovecot(): string | null {
  if (process.platform !== "linux") return "Dovecot is taken from Debian's packages";
  return missingPrograms(["dovecot", "openssl"], ["dovecot-imapd", "openssl"]);
}

export async function startDovecot(options: DovecotOptions = {}): Promise<Dovecot> {
  const home = mkdtempSync(path.join(tmpdir(), "dovecot-"));
  const inbox = path.join(home, "Maildir");
  for (const folder of ["new", "cur", "tmp"]) mkdirSync(path.join(inbox, folder), { recursive: true });
  const owner = unprivileged();
  const own = (file: string): void => chownSync(file, owner.uid, owner.gid);
  for (const folder of [home, inbox, ...readdirSync(inbox).map((name) => path.join(inbox, name))]) own(folder);

  const port = options.port ?? (await freePort());
  const tlsPort = await freePort();
  writeFileSync(path.join(home, "accounts"), `${USER}:{PLAIN}${PASSWORD}::::::\n`);
  writeFileSync(
    path.join(home, "tokens.conf"),
    `introspection_mode = get\nintrospection_url = ${options.tokensAskedAt ?? ""}\nusername_attribute = username\nactive_attribute = active\nactive_value = true\n`,
  );
  const config = path.join(home, "dovecot.conf");
  writeFileSync(config, configuration({ home, inbox, port, tlsPort, owner: owner.name, options }));
  const server = spawn(programPath("dovecot"), ["-F", "-c", config], {
    uid: owner.uid,
    gid: owner.gid,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const complaint = text(server.stderr);
  const logFile = path.join(home, "log");
  const log = (): string => readFileSync(logFile, "utf8");
  while (!(await greets(port))) {
    if (server.exitCode !== null) throw new Error(`dovecot ended with ${server.exitCode}: ${await complaint}`);
  }

  let delivered = 0;
  return {
    host: "127.0.0.1",
    port,
    tlsPort,
    user: USER,
    password: PASSWORD,
    deliver(mail) {
      // The number keeps the order of mails delivered within one second.
      const name = `${Math.floor(Date.now() / 1000)}.M${String(++delivered).padStart(9, "0")}.test`;
      const unfinished = path.join(inbox, "tmp", name);
      writeFileSync(unfinished, mail);
      own(unfinished);
      renameSync(unfinished, path.join(inbox, "new", name));
    },
    renumber() {
      const list = path.join(inbox, "dovecot-uidlist");
      const numbers = readFileSync(list, "utf8").replace(/ V(\d+) /, (_, validity) => ` V${Number(validity) + 1} `);
      writeFileSync(list, numbers);
      for (const name of readdirSync(inbox).filter((one) => one.startsWith("dovecot.index")))
        rmSync(path.join(inbox, name));
    },
    log,
    async close() {
      if (server.kill("SIGTERM")) await once(server, "exit");
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Makes a certificate that nobody vouches for, in a folder that then belongs to the server's account. */
export async function selfSigned(folder: string): Promise<{ key: string; certificate: string }> {
  const key = path.join(folder, "key.pem");
  const certificate = path.join(folder, "certificate.pem");
  const request = [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "2",
    "-subj",
    "/CN=localhost",
    "-addext",
    "subjectAltName=DNS:localhost",
  ];
  const openssl = spawn(programPath("openssl"), [...request, "-keyout", key, "-out", certificate], { stdio: "ignore" });
  const [code] = await once(openssl, "exit");
  if (code !== 0) throw new Error(`openssl ended with ${String(code)}`);
  const { uid, gid } = unprivileged();
  for (const file of [folder, key, certificate]) chownSync(file, uid, gid);
  return { key, certificate };
}

/** Dovecot's processes give up root as the first thing, and with one account for all of them nothing is left to give up. */
function unprivileged(): { name: string; uid: number; gid: number } {
  const { username, uid, gid } = userInfo();
  return uid === 0 ? { name: "nobody", uid: 65_534, gid: 65_534 } : { name: username, uid, gid };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const port = portOf(probe);
  probe.close();
  await once(probe, "close");
  return port;
}

async function greets(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    const [greeting] = await once(socket, "data");
    return String(greeting).startsWith("* OK");
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function configuration(of: {
  home: string;
  inbox: string;
  port: number;
  tlsPort: number;
  owner: string;
  options: DovecotOptions;
}): string {
  const { home, inbox, port, tlsPort, owner, options } = of;
  const tls = options.tls;
  return `
protocols = imap
listen = 127.0.0.1
base_dir = ${home}/run
state_dir = ${home}/state
log_path = ${home}/log
default_internal_user = ${owner}
default_internal_group = ${owner === "nobody" ? "nogroup" : owner}
default_login_user = ${owner}
mail_location = maildir:${inbox}
first_valid_uid = 1
disable_plaintext_auth = no
auth_failure_delay = 0
ssl = ${tls ? "yes" : "no"}
${tls ? `ssl_cert = <${tls.certificate}\nssl_key = <${tls.key}` : ""}
passdb {
  driver = ${options.accountsBroken ? "checkpassword" : "passwd-file"}
  args = ${home}/${options.accountsBroken ? "no-such-program" : "accounts"}
}
${options.tokensAskedAt === undefined ? "" : tokens(home)}
userdb {
  driver = static
  args = uid=${unprivileged().uid} gid=${unprivileged().gid} home=${home}
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${tls ? tlsPort : 0}
    ssl = yes
  }
}
service anvil {
  chroot =
}
`;
}

function tokens(home: string): string {
  return `auth_mechanisms = plain xoauth2 oauthbearer
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${home}/tokens.conf
}`;
}
