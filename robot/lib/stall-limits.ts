/**
 * How long the robot waits for somebody else's bytes, in one list, in milliseconds. Each is a limit without progress where progress can be seen, else
 * a limit of the whole: nothing waits for ever, and nothing holds an account, a lease or a mail behind it. What pages are given stands in
 * `selectors/dom/timing.ts` (downloads among them); what is configured (`recordings.timeStamp.timeout`, `winningList.decrypt.giveUp`) is a limit
 * of the whole too.
 */
export const STALL_LIMITS = {
  /** IMAP: to be connected, to be greeted, and silence while something is asked. A wait looks again later anyway. */
  mailbox: { connectionTimeout: 30_000, greetingTimeout: 15_000, socketTimeout: 60_000 },
  /** SMTP: a server that is silent for longer gets the mail later. */
  smtp: { dnsTimeout: 20_000, connectionTimeout: 20_000, greetingTimeout: 15_000, socketTimeout: 30_000 },
  /** A command that prints an access token: it asks its issuer over the network. */
  tokenCommand: 60_000,
  /** The portal's front page, asked by `doctor`. */
  portalLook: 10_000,
  /** A question to the operating system (mounts, fonts, drives). */
  system: 10_000,
} as const;

/** By which a program is ended that was called and takes too long: one that ignores a polite signal would be waited for all the same. */
export const KILL_SIGNAL = "SIGKILL";
