import type { Enrolment, Secret } from "../lib/secret.ts";
import { KeychainStore } from "./keychain.ts";
import { VaultStore, type VaultConfig } from "./vault.ts";

/** What a secret is filed under, for example `portal/12345675/user/password`. Never secret itself. */
export type SecretName = string;

/** Where an installation keeps its passwords. Both providers keep to the same promises; neither falls back to the other. */
export interface SecretStore {
  readonly provider: "keychain" | "vault";
  /**
   * Reads one secret and enrols it with the redactor.
   * @throws Failure `secret-missing` when there is none of that name, `keychain-locked` when the store is locked or does not
   *   answer, `keychain-denied` when it denies the reading or there is no such store
   */
  get(name: SecretName): Promise<Secret>;
  /**
   * Stores a value, in place of an older one.
   * @throws RangeError for an empty value
   * @throws Failure `keychain-locked`, `keychain-denied`
   */
  set(name: SecretName, value: string): Promise<void>;
  /** The names that are stored, sorted; no values. @throws Failure `keychain-locked`, `keychain-denied` */
  list(): Promise<SecretName[]>;
  /** Whether there was one to remove. @throws Failure `keychain-locked`, `keychain-denied` */
  remove(name: SecretName): Promise<boolean>;
}

/** The provider is named by the configuration. There is no automatic choice, so a password is never where nobody looks. */
export type SecretStoreConfig = { readonly provider: "keychain" } | ({ readonly provider: "vault" } & VaultConfig);

/**
 * Opens the store that the configuration names.
 * @param redactor learns every value that is read, before anybody else has it
 * @throws Failure `keychain-locked` when a vault can't be opened with its identity, `keychain-denied` when the account may not read
 *   them or others may; `config-invalid` when the identity is not
 *   named in exactly one way or lies inside the project. A keychain that is locked shows at the first use.
 */
export async function openSecretStore(config: SecretStoreConfig, redactor: Enrolment): Promise<SecretStore> {
  switch (config.provider) {
    case "keychain":
      return new KeychainStore(redactor);
    case "vault":
      return VaultStore.open(config, redactor);
  }
}
