import { z } from "zod";
import type { Session } from "../model/sign-in.ts";
import type { World } from "../model/world.ts";

export type MailboxListRefusal = "not-an-address" | "listed-already" | "not-listed" | "list-full";

/** 驗證密碼 where it is asked for: whether what was typed is the account's password. */
export function isVerified(
  { ledger, config, faults }: World,
  { company, account }: Session,
  password: string | undefined,
): boolean {
  if (!config.pages.askPasswordOnSave) return true;
  const isRefused = faults.use("password-refused", { ban: company.ban }) !== null;
  const ok = password === account.password && !isRefused;
  ledger.append({ type: "password-verified", ban: company.ban, account: account.id, ok });
  return ok;
}

export const NOT_VERIFIED = "驗證碼（密碼）錯誤，未取得授權";

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
