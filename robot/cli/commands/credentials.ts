import { userInfo } from "node:os";
import { password as askHidden, isCancel } from "@clack/prompts";
import { companyOf, loadConfig } from "../../config/load.ts";
import {
  carrierCodeName,
  holderAccount,
  mailboxPasswordName,
  platformAccountName,
  platformPasswordName,
  portalAccount,
  portalPasswordName,
  smtpPasswordName,
} from "../../config/secret-names.ts";
import type { Config } from "../../config/schema.ts";
import { openStore } from "../../store/store.ts";
import { Failure } from "../../failures/failure.ts";
import { parseMobilePhone } from "../../invoicing/values/carrier.ts";
import { enableAccount } from "../../login/attempts.ts";
import { Redactor } from "../../recording/redaction/redactor.ts";
import { ensureVault, type NewVault, newVault } from "../../secrets/new-vault.ts";
import { openSecretStore, type SecretStore } from "../../secrets/store.ts";
import { storeConfigOf } from "../../app/store-config.ts";
import type { Answer, Output } from "../terminal/output.ts";

export interface CredentialOptions {
  readonly config?: string;
  readonly company?: string;
  /** The company's password at its value-added platform, instead of the portal's. */
  readonly platform?: boolean;
  /** 手機號碼 of a barcode's holder. */
  readonly holder?: string;
  readonly mailbox: boolean;
  readonly smtp: boolean;
  readonly store: boolean;
}

/** `credentials set`: takes a secret from a hidden prompt or from standard input, never from the command line. */
export async function setCredential(options: CredentialOptions, output: Output): Promise<Answer> {
  const config = await loadConfig(options.config);
  const { name, account } = whose(config, options);
  const value = await readHidden(name);
  const redactor = new Redactor();
  const made = config.secrets.provider === "vault" ? await ensureVault(config.secrets, redactor) : null;
  const secrets = await openSecretStore(config.secrets, redactor);
  await secrets.set(name, value);
  if (account !== null) {
    const store = await openStore(await storeConfigOf(config));
    await enableAccount(store, account, "credentials set");
    await store.destroy();
  }
  return {
    data: { name, provider: secrets.provider, made: made && { ...made } },
    lines: [
      ...linesOfNew(made, output),
      output.say(`已存入 ${name}（${secrets.provider}）。`, `Stored ${name} (${secrets.provider}).`),
    ],
    exit: 0,
  };
}

/** `credentials vault create`: the vault that the configuration names and its key, where they do not exist. */
export async function createConfiguredVault(options: { config?: string }, output: Output): Promise<Answer> {
  const { secrets } = await loadConfig(options.config);
  if (secrets.provider !== "vault") {
    const seen = "現在用作業系統的鑰匙圈，不需要密碼庫";
    throw new Failure("config-invalid", { wanted: '設定裡的 secrets: { provider: "vault", … }', seen });
  }
  const made = await newVault(secrets, new Redactor());
  const lines =
    made === null
      ? [
          output.say(
            `密碼庫和金鑰都已經有了，沒有動它們：${secrets.file}`,
            `Vault and key are there already and were left alone: ${secrets.file}`,
          ),
        ]
      : linesOfNew(made, output);
  return { data: { file: secrets.file, made: made && { ...made } }, lines, exit: 0 };
}

/** What was made, and what of it has to be kept elsewhere as well. */
function linesOfNew(made: NewVault | null, output: Output): string[] {
  if (made === null) return [];
  const { vault, key } = made;
  if (key === null)
    return [
      output.say(`建立了密碼庫 ${vault}（用原有的金鑰）。`, `Made the vault ${vault}, with the key that there was.`),
    ];
  return [
    output.say(`建立了密碼庫 ${vault} 和它的金鑰 ${key}。`, `Made the vault ${vault} and its key ${key}.`),
    output.say(
      "請現在就把金鑰檔另存一份到別的地方（例如鎖起來的隨身碟或密碼管理員），不要和密碼庫的備份放在一起：金鑰遺失，密碼庫就打不開，每個密碼都要重新存入。",
      "Keep a copy of the key elsewhere now (a locked stick, a password manager), apart from backups of the vault: without the key the vault can't be opened, and every password must be stored anew.",
    ),
  ];
}

export interface TestOptions extends CredentialOptions {
  readonly signIn: boolean;
  readonly attended: boolean;
  readonly headed: boolean;
}

/**
 * `credentials test`: whether a secret is there and can be read. With `--sign-in` also whether the portal takes it: tried once, as a run that is
 * recorded like any other.
 */
export async function testCredential(options: TestOptions, output: Output): Promise<Answer> {
  const { company, signIn, attended, headed, config } = options;
  if (signIn) assertPortalPassword(options);
  const { name, secrets } = await open(options);
  await secrets.get(name);
  if (signIn && company !== undefined) {
    const [{ trySignIn }, { runFlow }] = await Promise.all([
      import("../../../flows/try-sign-in.ts"),
      import("./run/run-flow.ts"),
    ]);
    const here = { live: false, detach: false, attended, headed, ...(config === undefined ? {} : { config }) };
    return await runFlow(trySignIn, { ...here, company }, { by: userInfo().username }, output);
  }
  return {
    data: { name, provider: secrets.provider },
    lines: [output.say(`讀得到 ${name}（${secrets.provider}）。`, `${name} can be read (${secrets.provider}).`)],
    exit: 0,
  };
}

/** `credentials remove`. */
export async function removeCredential(options: CredentialOptions, output: Output): Promise<Answer> {
  const { name, secrets } = await open(options);
  const removed = await secrets.remove(name);
  return {
    data: { name, removed },
    lines: [
      removed
        ? output.say(`已移除 ${name}。`, `Removed ${name}.`)
        : output.say(`本來就沒有 ${name}。`, `There was no ${name}.`),
    ],
    exit: 0,
  };
}

/** `credentials list`: names, never values. */
export async function listCredentials(options: { config?: string }, output: Output): Promise<Answer> {
  const config = await loadConfig(options.config);
  const secrets = await openSecretStore(config.secrets, new Redactor());
  const names = await secrets.list();
  return {
    data: { names, provider: secrets.provider },
    lines: names.length === 0 ? [output.say("還沒有存任何密碼。", "No password is stored yet.")] : names,
    exit: 0,
  };
}

/** Only at the portal is a sign-in tried. @throws Failure `wrong-use` */
function assertPortalPassword({ company, platform, holder, mailbox, smtp, store }: CredentialOptions): void {
  const other = Object.entries({ platform, holder, mailbox, smtp, store }).find(
    ([, given]) => given !== undefined && given !== false,
  );
  if (company !== undefined && other === undefined) return;
  const wanted = "--sign-in 和 --company";
  const [zh, en] =
    other === undefined
      ? ["沒有 --company", "no --company"]
      : [`--${other[0]} 的密碼不能試登入`, `the sign-in can't be tried with the password of --${other[0]}`];
  throw new Failure("wrong-use", { wanted, seen: zh, en: { wanted: "--sign-in with --company", seen: en } });
}

async function open(options: CredentialOptions): Promise<{ name: string; secrets: SecretStore }> {
  const config = await loadConfig(options.config);
  const { name } = whose(config, options);
  return { name, secrets: await openSecretStore(config.secrets, new Redactor()) };
}

/** Under which name it is stored, and the account that may be used again with another one. @throws Failure `config-invalid`, `wrong-use` */
function whose(config: Config, options: CredentialOptions): { name: string; account: string | null } {
  if (options.mailbox) {
    if (!config.mailbox) throw new Failure("config-invalid", { wanted: "mailbox 設定", seen: "設定檔裡沒有 mailbox" });
    return { name: mailboxPasswordName(config.mailbox), account: null };
  }
  if (options.smtp) {
    const { user, host } = config.mail ?? {};
    if (user === undefined || host === undefined)
      throw new Failure("config-invalid", { wanted: "mail 的 host 和 user 設定", seen: "設定檔裡沒有" });
    return { name: smtpPasswordName({ user, host }), account: null };
  }
  if (options.store) {
    const name = config.store.kind === "postgres" ? config.store.passwordSecret : null;
    if (name === null) {
      throw new Failure("config-invalid", { wanted: "store 的 url 和 passwordSecret 設定", seen: "設定檔裡沒有" });
    }
    return { name, account: null };
  }
  if (options.holder !== undefined) {
    const phone = phoneOf(options.holder);
    return { name: carrierCodeName(config, phone), account: holderAccount(phone) };
  }
  if (options.company === undefined) {
    throw new Failure("wrong-use", {
      wanted: "--company <名稱或統編>、--holder、--mailbox、--smtp 或 --store",
      seen: "都沒有給",
      en: { wanted: "--company <name or UBN>, --holder, --mailbox, --smtp or --store", seen: "none of them" },
    });
  }
  const company = companyOf(config, options.company);
  if (options.platform) {
    const at = company.platform;
    if (at === undefined)
      throw new Failure("config-invalid", { wanted: `${company.name}的 platform 設定`, seen: "設定檔裡沒有" });
    return { name: platformPasswordName(at), account: platformAccountName(at) };
  }
  return { name: portalPasswordName(config, company), account: portalAccount(company) };
}

function phoneOf(text: string): string {
  try {
    return parseMobilePhone(text);
  } catch (error) {
    throw new Failure("wrong-use", {
      wanted: "手機號碼",
      seen: error instanceof Error ? error.message : String(error),
    });
  }
}

/** A secret from a hidden prompt, or from standard input where that is no terminal. @throws Failure `wrong-use` when it is empty */
export async function readHidden(name: string): Promise<string> {
  const value = process.stdin.isTTY ? await prompt(name) : await readAll();
  if (value === "")
    throw new Failure("wrong-use", {
      wanted: `${name} 的內容`,
      seen: "是空的",
      en: { wanted: `what ${name} is to be`, seen: "it is empty" },
    });
  return value;
}

async function prompt(name: string): Promise<string> {
  const typed = await askHidden({ message: `${name}：` });
  if (isCancel(typed)) throw new Failure("cancelled");
  return typed;
}

/** Everything on standard input, without the line end that `echo` adds. */
async function readAll(): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/, "");
}
