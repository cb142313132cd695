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
import { openSecretStore, type SecretStore } from "../../secrets/store.ts";
import { storeConfigOf } from "../../app/store-config.ts";
import type { Answer } from "../terminal/output.ts";

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
export async function setCredential(options: CredentialOptions): Promise<Answer> {
  const { config, name, account, secrets } = await open(options);
  const value = await readHidden(name);
  await secrets.set(name, value);
  if (account !== null) {
    const store = await openStore(await storeConfigOf(config));
    await enableAccount(store, account, "credentials set");
    await store.destroy();
  }
  return { data: { name, provider: secrets.provider }, lines: [`已存入 ${name}（${secrets.provider}）。`], exit: 0 };
}

/** `credentials test`: whether a secret is there and can be read. */
export async function testCredential(options: CredentialOptions): Promise<Answer> {
  const { name, secrets } = await open(options);
  await secrets.get(name);
  return { data: { name, provider: secrets.provider }, lines: [`讀得到 ${name}（${secrets.provider}）。`], exit: 0 };
}

/** `credentials remove`. */
export async function removeCredential(options: CredentialOptions): Promise<Answer> {
  const { name, secrets } = await open(options);
  const removed = await secrets.remove(name);
  return { data: { name, removed }, lines: [removed ? `已移除 ${name}。` : `本來就沒有 ${name}。`], exit: 0 };
}

/** `credentials list`: names, never values. */
export async function listCredentials(options: { config?: string }): Promise<Answer> {
  const config = await loadConfig(options.config);
  const secrets = await openSecretStore(config.secrets, new Redactor());
  const names = await secrets.list();
  return {
    data: { names, provider: secrets.provider },
    lines: names.length === 0 ? ["還沒有存任何密碼。"] : names,
    exit: 0,
  };
}

async function open(
  options: CredentialOptions,
): Promise<{ config: Config; name: string; account: string | null; secrets: SecretStore }> {
  const config = await loadConfig(options.config);
  const secrets = await openSecretStore(config.secrets, new Redactor());
  if (options.mailbox) {
    if (!config.mailbox) throw new Failure("config-invalid", { wanted: "mailbox 設定", seen: "設定檔裡沒有 mailbox" });
    return { config, name: mailboxPasswordName(config.mailbox), account: null, secrets };
  }
  if (options.smtp) {
    const { user, host } = config.mail ?? {};
    if (user === undefined || host === undefined)
      throw new Failure("config-invalid", { wanted: "mail 的 host 和 user 設定", seen: "設定檔裡沒有" });
    return { config, name: smtpPasswordName({ user, host }), account: null, secrets };
  }
  if (options.store) {
    const name = config.store.kind === "postgres" ? config.store.passwordSecret : null;
    if (name === null) {
      throw new Failure("config-invalid", { wanted: "store 的 url 和 passwordSecret 設定", seen: "設定檔裡沒有" });
    }
    return { config, name, account: null, secrets };
  }
  if (options.holder !== undefined) {
    const phone = phoneOf(options.holder);
    return { config, name: carrierCodeName(config, phone), account: holderAccount(phone), secrets };
  }
  if (options.company === undefined) {
    throw new Failure("wrong-use", {
      wanted: "--company <名稱或統編>、--holder、--mailbox、--smtp 或 --store",
      seen: "都沒有給",
    });
  }
  const company = companyOf(config, options.company);
  if (options.platform) {
    const at = company.platform;
    if (at === undefined)
      throw new Failure("config-invalid", { wanted: `${company.name}的 platform 設定`, seen: "設定檔裡沒有" });
    return { config, name: platformPasswordName(at), account: platformAccountName(at), secrets };
  }
  return { config, name: portalPasswordName(config, company), account: portalAccount(company), secrets };
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
  if (value === "") throw new Failure("wrong-use", { wanted: `${name} 的內容`, seen: "是空的" });
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
