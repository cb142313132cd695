import { AsyncEntry, findCredentialsAsync } from "@napi-rs/keyring";
import { Failure, type FailureDetail } from "../failures/failure.ts";
import { type Enrolment, Secret } from "../lib/secret.ts";
import { STALL_LIMITS } from "../lib/stall-limits.ts";
import { within } from "../lib/within.ts";
import type { SecretName, SecretStore } from "./store.ts";

/** The name under which the keychain shows our entries to its owner. */
const SERVICE = "einvoice-robot";

// Left to itself the library stores into the kernel's keyring where there is no Secret Service; that is lost at the next boot.
const ENTRY_OPTIONS = { linux: { store: "secret-service" } } as const;

/**
 * The keychain of the operating system: Keychain on macOS, Credential Manager on Windows, Secret Service (GNOME Keyring,
 * KWallet) on Linux.
 */
export class KeychainStore implements SecretStore {
  readonly provider = "keychain";
  readonly #redactor: Enrolment;
  readonly #patience: number;

  /** @param patience milliseconds that the keychain may take for an answer */
  constructor(redactor: Enrolment, patience: number = STALL_LIMITS.keychain) {
    this.#redactor = redactor;
    this.#patience = patience;
  }

  async get(name: SecretName): Promise<Secret> {
    const value = await this.#ask(name, () => getPassword(SERVICE, name));
    if (value === null) throw new Failure("secret-missing", { wanted: name });
    return Secret.read(value, this.#redactor, name);
  }

  async set(name: SecretName, value: string): Promise<void> {
    if (value === "") throw new RangeError(`The secret "${name}" is empty.`);
    await this.#ask(name, () => setPassword(SERVICE, name, value));
  }

  async list(): Promise<SecretName[]> {
    const found = await this.#ask(SERVICE, () => findCredentials(SERVICE));
    return found.map(({ account }) => account).sort();
  }

  remove(name: SecretName): Promise<boolean> {
    return this.#ask(name, () => deletePassword(SERVICE, name));
  }

  async #ask<T>(wanted: string, question: () => Promise<T>): Promise<Awaited<T>> {
    const late = (): Error =>
      new Error(`the keychain did not answer within ${this.#patience / 1000} s (is it asking in a window?)`);
    try {
      return await within(this.#patience, question, late);
    } catch (error) {
      throw failureOf(wanted, error);
    }
  }
}

/** Locked: a person can unlock it. Denied: it will not let us, or there is none. */
function failureOf(wanted: string, error: unknown): Failure {
  const said = error instanceof Error ? error.message : String(error);
  const told = (seen: string, english: string): FailureDetail => ({
    wanted,
    seen: `${seen}（${said}）`,
    en: { seen: `${english} (${said})` },
  });
  if (/\blocked\b|IsLocked|dismissed/.test(said))
    return new Failure("keychain-locked", told("鑰匙圈鎖著", "the keychain is locked"), { cause: error });
  if (/did not (?:answer|receive a reply)/i.test(said))
    return new Failure("keychain-locked", told("鑰匙圈沒有回應", "the keychain does not answer"), { cause: error });
  const detail = told(
    '鑰匙圈無法使用或拒絕存取；沒有桌面的伺服器請改用密碼庫檔（provider: "vault"）',
    'there is no keychain, or it denies access; a server without a desktop uses the vault (provider: "vault")',
  );
  return new Failure("keychain-denied", detail, { cause: error });
}

// The four functions of keytar, which is archived, on a binding that is kept.

async function getPassword(service: string, account: string): Promise<string | null> {
  return new AsyncEntry(service, account, ENTRY_OPTIONS).getPassword();
}

async function setPassword(service: string, account: string, password: string): Promise<void> {
  await new AsyncEntry(service, account, ENTRY_OPTIONS).setPassword(password);
}

async function deletePassword(service: string, account: string): Promise<boolean> {
  return new AsyncEntry(service, account, ENTRY_OPTIONS).deletePassword();
}

async function findCredentials(service: string): Promise<{ account: string; password: string }[]> {
  return findCredentialsAsync(service);
}
