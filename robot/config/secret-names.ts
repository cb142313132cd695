import type { PlatformAccount } from "./parts/platform.ts";
import type { Config } from "./schema.ts";

/**
 * Under which names secrets are stored. Each has the origin (scheme, host and port) that it may be typed at, or the mail server's name:
 * where the configuration names another address, there is no password for it, and the old one is not sent to it.
 */

type AccountOf = { readonly ubn: string; readonly user?: string | undefined };
type WithPortal = { readonly portal: Pick<Config["portal"], "address"> };

/** A company's account at the portal: what is leased, counted and switched off. */
export function portalAccount({ ubn, user }: AccountOf): string {
  return `${ubn}/${user ?? ubn}`;
}

/** Name under which the portal password of a company is stored. */
export function portalPasswordName(config: WithPortal, company: AccountOf): string {
  return `portal/${originOf(config.portal.address)}/${portalAccount(company)}/password`;
}

/** The account under which the 驗證碼 of a 手機條碼's holder is switched off and on. */
export function holderAccount(phone: string): string {
  return `carrier/${phone}`;
}

/** Name under which that 驗證碼 is stored; it is typed at the portal. */
export function carrierCodeName(config: WithPortal, phone: string): string {
  return `carrier/${originOf(config.portal.address)}/${phone}/code`;
}

/** A company's account at its value-added platform: what is leased, counted and switched off. */
export function platformAccountName({ address, user }: Pick<PlatformAccount, "address" | "user">): string {
  return `platform/${new URL(address).host}/${user}`;
}

/** Name under which the password of that account is stored. */
export function platformPasswordName({ address, user }: Pick<PlatformAccount, "address" | "user">): string {
  return `platform/${originOf(address)}/${user}/password`;
}

/** Name under which the password of the mailbox is stored. */
export function mailboxPasswordName(mailbox: { user: string; host: string }): string {
  return `mailbox/${mailbox.user}@${mailbox.host}/password`;
}

/** Name under which the password for sending mail is stored. */
export function smtpPasswordName(mail: { user: string; host: string }): string {
  return `smtp/${mail.user}@${mail.host}/password`;
}

function originOf(address: string): string {
  return new URL(address).origin;
}
