import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadConfig } from "../config/load.ts";
import {
  carrierCodeName,
  mailboxPasswordName,
  platformPasswordName,
  portalPasswordName,
} from "../config/secret-names.ts";
import { parsePeriod, previousPeriod } from "../invoicing/values/period.ts";
import { Redactor } from "../recording/redaction/redactor.ts";
import { openSecretStore } from "../secrets/store.ts";
import { createVault } from "../secrets/vault.ts";
import type { Practice } from "./practice.ts";

/** November 2026: the period is 11512, the next one 11602; a Wednesday morning in Taipei. */
const PORTAL_DATE = "2026-11-04T09:00:00+08:00";
export const PERIOD = parsePeriod("11512");
/** The period whose blank numbers are due. */
export const LAST_PERIOD = previousPeriod(PERIOD);

/** Made-up companies; the portal side has them with these passwords. */
export const COMPANIES = [
  { name: "晨光小舖", ubn: "12345675", books: 5, password: "Demo-right-1" },
  { name: "山海茶行", ubn: "24681353", books: 12, password: "Demo-right-2" },
  { name: "河岸書店", ubn: "13579243", books: 3, password: "Demo-right-3", mistyped: "Demo-wrong-3" },
] as const;

/** A period whose winners are known, with a customer of the first company among them. */
export const WON = parsePeriod("11508");
export const WINNER = { number: "AB00000001", carrier: "/DEMO+01", name: "林小明", address: "winner@office.test" };
/** A person with a 手機條碼, who gave a carrier to be bound. */
export const HOLDER = { phone: "0912345678", barcode: "/DEMO+02", code: "Demo-holder-1" };
export const CARD = "demo";
/** The first company's account at its value-added platform. */
const PLATFORM = { account: "shop", password: "Demo-value-1" };
/** Stands in for the ministry's tool that opens the lists of winners. */
const TOOL = fileURLToPath(new URL("../../test/support/winning/stand-in-tool.ts", import.meta.url));

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
      ...(index === 0 ? MORE : {}),
    })),
    member: {
      holders: [HOLDER],
      cards: [{ id: CARD, ban: COMPANIES[0].ubn, card: "88b6c8f9-436c-476f-9ba1-000000000001" }],
    },
  };
  await writeFile(file, JSON.stringify(portal, null, 2));
  return file;
}

/** What the portal and the platform know of the first company besides its tracks. */
const MORE = {
  mailboxList: ["left@office.test"],
  missing: [{ period: LAST_PERIOD, number: "AB10000007" }],
  winning: [
    {
      period: WON,
      list: "A",
      winners: [{ number: WINNER.number, carrier: WINNER.carrier, name: "手機條碼" }, { number: "AB00000009" }],
    },
  ],
  platform: {
    ...PLATFORM,
    winners: [{ period: LAST_PERIOD, number: "AB20000003", day: "20261012", member: "demo-member" }],
    unused: [{ period: LAST_PERIOD, runs: [{ track: "AB", begin: "20000030", end: "20000049" }] }],
  },
};

/** The configuration as a user would write it, with waits that fit the practice portal's hurried clock. */
export async function robotConfig(folder: string, identity: string, practice: Practice): Promise<string> {
  const file = join(folder, "robot.config.json");
  const { imap, smtp } = practice;
  const settings = {
    portal: {
      address: practice.portal,
      allocation: { mail: { first: "1s", every: "1s" }, list: { first: "20s", every: "20s" }, timeout: "3m" },
      reconcile: { first: "1s", every: "5s", timeout: "1m" },
      importWait: { every: "3s", justAfter: null, timeout: "3m" },
      accountBusyDelay: "2s",
    },
    companies: COMPANIES.map(({ name, ubn, books }, index) => ({
      name,
      ubn,
      books,
      noticeAddress: "robot@office.test",
      ...(index === 0
        ? { noticeList: ["books@office.test"], platform: { address: practice.platform, user: PLATFORM.account } }
        : {}),
    })),
    mailbox: { host: imap.host, port: imap.port, secure: false, user: imap.user },
    mail: { host: smtp.host, port: smtp.port, secure: false, from: "shop@office.test", to: ["owner@office.test"] },
    carriers: { hosts: [new URL(practice.member).host] },
    platform: { fileGenerationWait: { first: "1s", every: "2s", timeout: "2m" } },
    winningList: {
      decrypt: { command: process.execPath, args: [TOOL, "{in}", "{out}"] },
      notify: {
        subject: "您的發票中獎了",
        text: "{name} 您好：發票 {invoice} 中了{prize}，獎金 {amount} 元。",
        withoutAsking: true,
      },
    },
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
    if (known)
      await secrets.set(portalPasswordName(config, company), "mistyped" in known ? known.mistyped : known.password);
  }
  for (const { platform } of config.companies)
    if (platform) await secrets.set(platformPasswordName(platform), PLATFORM.password);
  await secrets.set(carrierCodeName(config, HOLDER.phone), HOLDER.code);
  if (config.mailbox) await secrets.set(mailboxPasswordName(config.mailbox), imap.password);
  return file;
}
