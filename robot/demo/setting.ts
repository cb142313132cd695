import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadConfig, mailboxPasswordName, portalPasswordName } from "../config/load.ts";
import { parsePeriod, previousPeriod } from "../invoicing/period.ts";
import { Redactor } from "../recording/redactor.ts";
import { openSecretStore } from "../secrets/store.ts";
import { createVault } from "../secrets/vault.ts";
import type { Practice } from "./practice.ts";

/** November 2026: the period is 11512, the next one 11602; a Wednesday morning in Taipei. */
const PORTAL_DATE = "2026-11-04T09:00:00+08:00";
export const PERIOD = parsePeriod("11512");
/** The period whose blank numbers are due. */
export const ENDED = previousPeriod(PERIOD);

/** Made-up companies; the portal side has them with these passwords. */
export const COMPANIES = [
  { name: "晨光小舖", ubn: "12345675", books: 5, password: "Demo-right-1" },
  { name: "山海茶行", ubn: "24681353", books: 12, password: "Demo-right-2" },
  { name: "河岸書店", ubn: "13579243", books: 3, password: "Demo-right-3", mistyped: "Demo-wrong-3" },
] as const;

/** What the practice portal is told; returns its configuration's file. */
export async function portalConfig(folder: string): Promise<string> {
  const file = join(folder, "practice.json");
  const portal = {
    clock: { start: PORTAL_DATE },
    companies: COMPANIES.map(({ name, ubn, password }, index) => ({
      ban: ubn,
      name: `${name}有限公司`,
      taxId: `35102000${index + 1}`,
      quota: 20,
      accounts: [{ id: ubn, password }],
      taken: [
        { period: "previous", books: 1 },
        { period: "this", books: 4 },
      ],
    })),
  };
  await writeFile(file, JSON.stringify(portal, null, 2));
  return file;
}

/** The configuration as a user would write it, with waits that fit the practice portal's hurried clock. */
export async function robotConfig(folder: string, identity: string, practice: Practice): Promise<string> {
  const file = join(folder, "robot.config.json");
  const { imap } = practice;
  const settings = {
    portal: {
      address: practice.portal,
      allocation: { mail: { first: "1s", every: "1s" }, list: { first: "20s", every: "20s" }, giveUp: "3m" },
      reconcile: { first: "1s", every: "5s", giveUp: "1m" },
      imported: { every: "3s", justAfter: null, giveUp: "3m" },
      busy: "2s",
    },
    companies: COMPANIES.map(({ name, ubn, books }) => ({ name, ubn, books, noticeAddress: "robot@office.test" })),
    ...(imap ? { mailbox: { host: imap.host, port: imap.port, secure: false, user: imap.user } } : {}),
    secrets: { provider: "vault", file: "vault.age", identity: { file: identity } },
    store: { file: "robot.sqlite" },
    recordings: { folder: "recordings" },
  };
  await writeFile(file, JSON.stringify(settings, null, 2));
  const config = await loadConfig(file);
  if (config.secrets.provider !== "vault") throw new Error("The demo keeps its passwords in a vault.");
  await createVault(config.secrets.file, identity, new Redactor());
  const secrets = await openSecretStore(config.secrets, new Redactor());
  for (const company of config.companies) {
    const known = COMPANIES.find(({ ubn }) => ubn === company.ubn);
    if (known) await secrets.set(portalPasswordName(company), "mistyped" in known ? known.mistyped : known.password);
  }
  if (config.mailbox && imap) await secrets.set(mailboxPasswordName(config.mailbox), imap.password);
  return file;
}
