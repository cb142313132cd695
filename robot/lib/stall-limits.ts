import process from "node:process";

/** Read once: `EINVOICE_STALL_LIMITS`, 1 where it is not set. */
const SCALE = scaleOf(process.env["EINVOICE_STALL_LIMITS"]);

function scaleOf(text: string | undefined): number {
  const scale = Number(text ?? 1);
  return Number.isFinite(scale) && scale >= 0.001 && scale <= 20 ? scale : 1;
}

function ms(milliseconds: number): number {
  return Math.ceil(milliseconds * SCALE);
}

/**
 * How long the robot waits for someone else's bytes, in one list, in milliseconds. Each is a limit without progress where progress can be seen, else
 * a limit of the whole: nothing waits for ever, and nothing holds an account, a lease or a mail behind it. A slow installation, or a test, scales all
 * of them by one setting, the environment's `EINVOICE_STALL_LIMITS`. What pages are given stands in `selectors/dom/timing.ts` (downloads among them),
 * what visitors of the console are given in `robot/console/http/connections.ts`; what is configured (`recordings.timeStamp.timeout`,
 * `winningList.decrypt.timeout`) is a limit of the whole too. `test/integration/machine/stalls.test.ts` stalls each.
 */
export const STALL_LIMITS = {
  /**
   * IMAP: to be connected, to be greeted, silence while something is asked, and after which a server is asked again to tell of mails: some forget whom
   * they promised it (RFC 2177 allows 29 minutes). A wait looks again later anyway.
   */
  mailbox: {
    connectionTimeout: ms(30_000),
    greetingTimeout: ms(15_000),
    socketTimeout: ms(60_000),
    maxIdleTime: ms(5 * 60_000),
  },
  /** SMTP: a server that is silent for longer gets the mail later. */
  smtp: {
    dnsTimeout: ms(20_000),
    connectionTimeout: ms(20_000),
    greetingTimeout: ms(15_000),
    socketTimeout: ms(30_000),
  },
  /** A command that prints an access token: it asks its issuer over the network. */
  tokenCommand: ms(60_000),
  /** A keychain that is locked asks its owner in a window and answers only then; at night nobody is there. */
  keychain: ms(60_000),
  /** A captcha reader of the user's: it may ask its own service. */
  captchaEngine: ms(30_000),
  /** A virtual display, to say its number. */
  display: ms(20_000),
  /** A database server: to be connected, to answer a statement, another process that makes its tables, and statements under way at the end. */
  database: { connect: ms(10_000), answer: ms(30_000), lock: ms(60_000), close: ms(5_000) },
  /** The portal's front page, asked by `doctor`. */
  portalLook: ms(10_000),
  /** A question to the operating system (mounts, fonts, drives). */
  system: ms(10_000),
} as const;

/** By which a program is ended that was called and takes too long: one that ignores a polite signal would be waited for all the same. */
export const KILL_SIGNAL = "SIGKILL";
