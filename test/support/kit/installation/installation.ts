import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { loadConfig } from "../../../../robot/config/load.ts";
import {
  carrierCodeName,
  mailboxPasswordName,
  platformPasswordName,
  portalPasswordName,
  smtpPasswordName,
} from "../../../../robot/config/secret-names.ts";
import type { Config, ConfigInput } from "../../../../robot/config/schema.ts";
import { openStore } from "../../../../robot/store/store.ts";
import { isUbn } from "../../../../robot/invoicing/values/ubn.ts";
import { Redactor } from "../../../../robot/recording/redaction/redactor.ts";
import { openSecretStore } from "../../../../robot/secrets/store.ts";
import { createVault } from "../../../../robot/secrets/vault.ts";
import { storeConfigOf } from "../../../../robot/app/store-config.ts";
import type { CompanyInput } from "../../../portal/model/company.ts";
import type { PracticePortal } from "../../../portal/portal.ts";
import { SMTP_PASSWORD } from "../../servers/smtp.ts";
import { openPortal } from "./portal.ts";
import { quickBrowser } from "../quick-browser.ts";

/** A company that the portal and the robot know. All of it may be left out. */
export interface CompanySetup {
  /** Its password at the portal. */
  readonly password?: string;
  /** What the robot's vault holds where that differs; null for nothing. */
  readonly stored?: string | null;
  /** What else the portal knows of it. */
  readonly portal?: Pick<
    CompanyInput,
    "quota" | "status" | "taken" | "mailboxList" | "blank" | "branches" | "missing" | "winning" | "platform"
  >;
  /** What the robot's vault holds for the value-added platform where that differs from its password there. */
  readonly storedAtPlatform?: string;
  /** What else the robot is told of it. */
  readonly configured?: Partial<NonNullable<ConfigInput["companies"]>[number]>;
}

export interface InstallationOptions {
  /** A portal that several installations share; without one the installation starts its own and closes it. */
  readonly portal?: PracticePortal;
  readonly companies?: readonly CompanySetup[];
  /** Holders of 手機條碼 whose 驗證碼 the robot's vault has, by 手機號碼. */
  readonly codes?: { readonly [phone: string]: string };
  /** What differs from the settings of a hurried installation. */
  readonly settings?: Settings;
}

type Settings = Partial<
  Pick<
    ConfigInput,
    "browser" | "captcha" | "store" | "blankNumbers" | "carriers" | "winningList" | "mail" | "platform" | "log"
  >
> & {
  readonly portal?: Partial<ConfigInput["portal"]>;
  /** false: the robot reads no mail. */
  readonly mailbox?: false;
  /** Who sends a value-added centre's notices. */
  readonly centreSenders?: readonly string[];
};

/** One robot as somebody would have set it up: configuration, vault, store and recordings in a folder of its own. */
export interface Installation {
  readonly portal: PracticePortal;
  readonly folder: string;
  readonly configFile: string;
  readonly config: Config;
  /** UBNs of the companies, in the order in which they were asked for. */
  readonly ubns: readonly string[];
  /** UBN of the first company: most tests need one. */
  readonly ubn: string;
  close(): Promise<void>;
}

/** The address that the portal notifies; its mails arrive in the portal's embedded mailbox. */
export const NOTICE_ADDRESS = "robot@office.test";
const PASSWORD = "Kit-right-1";

/** Waits that fit a portal in a hurry. */
const HURRIED = {
  allocation: {
    mail: { first: "300ms", every: "300ms" },
    list: { first: "2s", every: "2s" },
    timeout: "1m",
  },
  importWait: { every: "1s", justAfter: null, timeout: "1m" },
  reconcile: { first: "200ms", every: "1s", timeout: "10s" },
  accountBusyDelay: "300ms",
} as const;

/** Sets up a robot with its companies. Close it at the end of the test. */
export async function install(options: InstallationOptions = {}): Promise<Installation> {
  const portal = options.portal ?? (await openPortal());
  const folder = await mkdtemp(join(tmpdir(), "einvoice-kit-"));
  const close = async (): Promise<void> => {
    if (options.portal === undefined) await portal.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const setups = (options.companies ?? [{}]).map((setup) => ({ ...setup, ubn: freshUbn() }));
    for (const setup of setups) await registerAtPortal(portal, setup);
    const configFile = join(folder, "robot.config.json");
    const engine = await oracleFor(portal, folder);
    const settings = settingsFor(portal, setups, options.settings ?? {}, engine);
    await writeFile(configFile, JSON.stringify(settings, null, 2));
    const config = await loadConfig(configFile);
    await fillVault(folder, config, setups, portal, options.codes ?? {});
    // Tests look into the store while the robot starts; who makes its tables is not left to chance.
    await (await openStore(await storeConfigOf(config))).destroy();
    const ubns = setups.map(({ ubn }) => ubn);
    return { portal, folder, configFile, config, ubns, ubn: ubns[0] ?? "", close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The same for the test that is running: it is gone when the test has ended. */
export async function installed(options: InstallationOptions = {}): Promise<Installation> {
  const installation = await install(options);
  onTestFinished(() => installation.close());
  return installation;
}

type Registered = CompanySetup & { readonly ubn: string };

/** Reading pictures costs seconds of the processor: only tests of the reading itself pay for it. */
async function oracleFor(portal: PracticePortal, folder: string): Promise<string> {
  const file = join(folder, "captcha-oracle.ts");
  const kit = JSON.stringify(new URL("captcha-oracle.ts", import.meta.url).href);
  await writeFile(
    file,
    `import { captchaOracle } from ${kit};\nexport const createReader = () => captchaOracle(${JSON.stringify(portal.controlUrl)});\n`,
  );
  return file;
}

function settingsFor(
  portal: PracticePortal,
  companies: readonly Registered[],
  settings: Settings,
  engine: string,
): ConfigInput {
  const { imap } = portal.mailbox;
  const centreSenders = [...(settings.centreSenders ?? [])];
  const mailbox = { host: imap.host, port: imap.port, secure: false, user: imap.user, centreSenders };
  return {
    companies: companies.map(({ ubn, configured, portal: { platform } = {} }) => ({
      name: nameOf(ubn),
      ubn,
      noticeAddress: NOTICE_ADDRESS,
      ...(platform ? { platform: { address: portal.platformUrl, user: platform.account } } : {}),
      ...configured,
    })),
    portal: {
      address: portal.url,
      ...HURRIED,
      ...settings.portal,
      allocation: { ...HURRIED.allocation, ...settings.portal?.allocation },
    },
    ...(settings.mailbox === false ? {} : { mailbox }),
    secrets: { provider: "vault", file: "vault.age", identity: { file: "identity.txt" } },
    blankNumbers: settings.blankNumbers ?? {},
    winningList: settings.winningList ?? {},
    ...(settings.mail === undefined ? {} : { mail: settings.mail }),
    platform: { fileGenerationWait: { first: "300ms", every: "500ms", timeout: "1m" }, ...settings.platform },
    carriers: { hosts: [new URL(portal.memberUrl).host], ...settings.carriers },
    ...(settings.log === undefined ? {} : { log: settings.log }),
    store: settings.store ?? { file: "robot.sqlite" },
    recordings: { folder: "recordings" },
    browser: browserFor(settings.browser ?? {}),
    // Another picture costs nothing, and no test is about how well pictures are read.
    captcha: { maxPictures: 30, engine, ...settings.captcha },
  };
}

function browserFor(settings: NonNullable<ConfigInput["browser"]>): NonNullable<ConfigInput["browser"]> {
  return settings.headless === false ? settings : { headless: true, executable: quickBrowser(), ...settings };
}

async function registerAtPortal(portal: PracticePortal, { ubn, password, portal: more }: Registered): Promise<void> {
  const company: CompanyInput = {
    ban: ubn,
    name: `${nameOf(ubn)}有限公司`,
    taxId: `3${ubn}`,
    accounts: [{ id: ubn, password: password ?? PASSWORD }],
    ...more,
  };
  const answer = await fetch(new URL("/company", portal.controlUrl), {
    method: "POST",
    body: JSON.stringify(company),
  });
  if (!answer.ok) throw new Error(`The portal did not take the company: ${await answer.text()}`);
}

async function fillVault(
  folder: string,
  config: Config,
  setups: readonly Registered[],
  portal: PracticePortal,
  codes: { readonly [phone: string]: string },
): Promise<void> {
  if (config.secrets.provider !== "vault") throw new Error("The kit keeps passwords in a vault.");
  await createVault(config.secrets.file, join(folder, "identity.txt"), new Redactor());
  const secrets = await openSecretStore(config.secrets, new Redactor());
  for (const [index, company] of config.companies.entries()) {
    const setup = setups[index];
    const stored = setup?.stored === undefined ? (setup?.password ?? PASSWORD) : setup.stored;
    if (stored !== null) await secrets.set(portalPasswordName(config, company), stored);
    const atPlatform = setup?.storedAtPlatform ?? setup?.portal?.platform?.password;
    if (company.platform && atPlatform !== undefined)
      await secrets.set(platformPasswordName(company.platform), atPlatform);
  }
  for (const [phone, code] of Object.entries(codes)) await secrets.set(carrierCodeName(config, phone), code);
  const { mail } = config;
  if (mail?.user !== undefined) await secrets.set(smtpPasswordName({ ...mail, user: mail.user }), SMTP_PASSWORD);
  if (config.mailbox) await secrets.set(mailboxPasswordName(config.mailbox), portal.mailbox.imap.password);
}

function nameOf(ubn: string): string {
  return `試作商行${ubn}`;
}

let lastUbn = 10_000_000;

/** The next number whose check digit is right: every company of a test file has its own. */
function freshUbn(): string {
  do lastUbn++;
  while (!isUbn(String(lastUbn)));
  return String(lastUbn);
}
