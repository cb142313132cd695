import type { Config } from "./schema.ts";

/** Somewhere that a password or an access token is sent to, and what else decides where that is. */
interface Destination {
  /** What people call it. */
  readonly what: string;
  readonly address: string;
  /** Whose runs go there: everybody's, one company's (its UBN), or none that would do something there. */
  readonly runsOf: "all" | "none" | { readonly ubn: string };
}

/** A change of where a secret goes. */
export interface AddressChange extends Omit<Destination, "address"> {
  readonly from: string;
  readonly to: string;
}

/**
 * Where a change of the configuration sends secrets to another address than before. What was not there before, or is there no more,
 * sends nothing that was stored to another place.
 */
export function addressChanges(before: Config, after: Config): AddressChange[] {
  const known = destinationsOf(before);
  return [...destinationsOf(after)].flatMap(([key, { what, address: to, runsOf }]): AddressChange[] => {
    const from = known.get(key)?.address;
    return from === undefined || from === to ? [] : [{ what, from, to, runsOf }];
  });
}

type Site = { readonly address: string; readonly hosts: readonly string[] };

function destinationsOf({ portal, companies, mailbox, mail, carriers }: Config): Map<string, Destination> {
  const all = new Map<string, Destination>();
  const site = (key: string, what: string, { address, hosts }: Site, runsOf: Destination["runsOf"]): void => {
    all.set(key, { what: `${what}網址`, address: new URL(address).origin, runsOf });
    all.set(`${key} hosts`, { what: `${what}的其他主機`, address: hosts.toSorted().join(" "), runsOf });
  };
  site("portal", "平台", portal, "all");
  for (const { name, ubn, platform } of companies) {
    if (platform) site(`platform ${ubn}`, `${name}的加值平台`, platform, { ubn });
  }
  if (mailbox) {
    const address = mailServer("imap", mailbox);
    all.set("mailbox", { what: "收信主機", address, runsOf: "none" });
  }
  if (mail) all.set("mail", { what: "寄信主機", address: mailServer("smtp", mail), runsOf: "none" });
  if (carriers.memberPage !== null) {
    all.set("members", { what: "會員網站的網址", address: new URL(carriers.memberPage).origin, runsOf: "all" });
  }
  return all;
}

function mailServer(scheme: string, { host, port, secure }: { host: string; port: number; secure: boolean }): string {
  return `${scheme}${secure ? "s" : ""}://${host}:${port}`;
}
