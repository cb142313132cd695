import { z } from "zod";
import type { Session } from "../model/sign-in.ts";
import type { World } from "../model/world.ts";

export type MailboxListRefusal = "not-an-address" | "listed-already" | "not-listed" | "list-full";

/** Changes the list of those whom the portal tells that numbers were allocated, or says why not. */
export function changeMailboxList(
  { ledger, config }: World,
  { company, account }: Session,
  action: "add" | "delete",
  address: string,
): MailboxListRefusal | null {
  const listed = company.mailboxList.includes(address);
  if (action === "add") {
    if (!z.email().safeParse(address).success) return "not-an-address";
    if (listed) return "listed-already";
    if (company.mailboxList.length >= config.pages.mailboxListMost) return "list-full";
    company.mailboxList.push(address);
  } else {
    if (!listed) return "not-listed";
    company.mailboxList = company.mailboxList.filter((other) => other !== address);
  }
  ledger.append({ type: "mailbox-list", ban: company.ban, account: account.id, action, address });
  return null;
}
