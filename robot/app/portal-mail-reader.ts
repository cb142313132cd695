import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Config } from "../config/schema.ts";
import { notePortalMail } from "../engine/runs/portal-mails.ts";
import { Failure } from "../failures/failure.ts";
import { mailboxCredentials } from "../mail/credentials.ts";
import type { Mailbox, MailMark, MailSeen } from "../mail/mailbox.ts";
import { mailboxOf, ownersOf } from "../mail/notices.ts";
import { remindersIn } from "../mail/reminders.ts";
import { Redactor } from "../recording/redaction/redactor.ts";
import { openSecretStore } from "../secrets/store.ts";
import type { Store } from "../store/store.ts";
import type { App } from "./compose.ts";

/** Milliseconds between two looks: some of these mails have to be seen to on the same day. */
const LOOK_MS = 10 * 60_000;
/** Mails that are older when they are first seen are of matters long over. */
const OLDEST_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Reads the portal's and the centres' mails that ask for something, and notes them as tasks, until shutdown. A mailbox that is away is reported in the
 * log once.
 */
export async function readPortalMails({ store, log }: App, config: Config, stop: AbortSignal): Promise<void> {
  if (!config.mailbox) return;
  let trouble: string | null = null;
  while (!stop.aborted) {
    try {
      const noted = await notePortalMails(store, config, new Date());
      if (noted > 0) log.write("info", "mails of the portal ask for something", { noted });
      trouble = null;
    } catch (error) {
      const why = error instanceof Failure ? `${error.code}: ${error.message}` : String(error);
      if (why !== trouble) log.write("warn", "the mails of the portal can't be read", { why });
      trouble = why;
    }
    await delay(LOOK_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}

async function notePortalMails(store: Store, config: Config, now: Date): Promise<number> {
  const { mailbox: settings } = config;
  if (!settings) return 0;
  const redactor = new Redactor();
  const secrets = await openSecretStore(config.secrets, redactor);
  const mailbox = mailboxOf(settings, await mailboxCredentials(settings, secrets, redactor));
  try {
    const senders = [...settings.senders, ...settings.centreSenders];
    return await noteMailsOf(mailbox, { store, companies: config.companies, senders, now });
  } finally {
    await mailbox.close();
  }
}

/**
 * Looks once into a mailbox, at what came since the last look.
 * @returns how many mails were noted
 * @throws Failure of the mailbox or the store
 */
export async function noteMailsOf(
  mailbox: Mailbox,
  about: {
    readonly store: Store;
    readonly companies: readonly { readonly name: string; readonly ubn: string }[];
    readonly senders: readonly string[];
    readonly now: Date;
  },
): Promise<number> {
  const { store, companies, senders, now } = about;
  const before = await rememberedMark(store);
  const next = await mailbox.mark();
  const all = await remindersIn(mailbox, senders, before ?? { ...next, uidNext: 1 });
  const known = companies.map(({ ubn }) => ubn);
  let noted = 0;
  for (const { mail, task, urgent } of all.filter((one) => !isOld(one.mail, now))) {
    const owners = ownersOf(mail, known);
    const meant = companies.filter(({ ubn }) => owners?.includes(ubn));
    // A mail for a business that is not configured here is nobody's task.
    if (owners !== null && meant.length === 0) continue;
    const whom =
      meant.length > 0 ? meant.map(({ name, ubn }) => `${name}（${ubn}）`).join("、") : "信上沒有寫是哪一家公司";
    const line = `${whom}：${task}（${mail.date?.slice(0, 10) ?? "沒有日期"} 的信「${mail.subject}」）`;
    await notePortalMail(store, { key: mail.messageId ?? `${mail.uidValidity} ${mail.uid}`, urgent, line });
    noted += 1;
  }
  await rememberMark(store, next);
  return noted;
}

function isOld({ date }: MailSeen, now: Date): boolean {
  return date !== null && now.getTime() - Date.parse(date) > OLDEST_MS;
}

const MARK = "mail:tasks";
const markSchema = z.object({ uidValidity: z.string(), uidNext: z.int() });

async function rememberedMark(store: Store): Promise<MailMark | null> {
  const row = await store.selectFrom("settings").select("value").where("name", "=", MARK).executeTakeFirst();
  return row === undefined ? null : markSchema.parse(JSON.parse(row.value));
}

async function rememberMark(store: Store, mark: MailMark): Promise<void> {
  const value = JSON.stringify(mark);
  await store
    .insertInto("settings")
    .values({ name: MARK, value })
    .onConflict((oc) => oc.column("name").doUpdateSet({ value }))
    .execute();
}
