import { mkdir, readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { armor, Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { z } from "zod";
import { Failure } from "../failures/failure.ts";
import { replaceDurably, writeDurably } from "../lib/files/durable-files.ts";
import { exclusively } from "../lib/files/exclusive.ts";
import { readIdentity, unreadable, type VaultIdentity, writeIdentity } from "./identity.ts";
import { type Enrolment, Secret } from "../lib/secret.ts";
import type { SecretName, SecretStore } from "./store.ts";

export interface VaultConfig {
  /** The encrypted file. */
  readonly file: string;
  /** Where its key is, named in exactly one way. */
  readonly identity: VaultIdentity;
}

const contentSchema = z.strictObject({ format: z.literal(1), secrets: z.record(z.string(), z.string().min(1)) });
type Secrets = z.infer<typeof contentSchema>["secrets"];

/**
 * Passwords in one file that is encrypted with age (https://age-encryption.org/v1), for servers without a keychain. The
 * operator can open it with the `age` program and the identity, should the robot be gone.
 */
export class VaultStore implements SecretStore {
  readonly provider = "vault";
  readonly #file: string;
  readonly #identity: Secret;
  readonly #redactor: Enrolment;

  private constructor(file: string, identity: Secret, redactor: Enrolment) {
    this.#file = file;
    this.#identity = identity;
    this.#redactor = redactor;
  }

  /** @throws Failure `keychain-locked` when the file or its identity are missing or don't belong together; `keychain-denied`; `config-invalid` */
  static async open(config: VaultConfig, redactor: Enrolment): Promise<VaultStore> {
    const vault = new VaultStore(resolve(config.file), await readIdentity(config.identity, redactor), redactor);
    await vault.#read();
    return vault;
  }

  async get(name: SecretName): Promise<Secret> {
    const value = new Map(Object.entries(await this.#read())).get(name);
    if (value === undefined) throw new Failure("secret-missing", { wanted: name });
    return Secret.read(value, this.#redactor, name);
  }

  async set(name: SecretName, value: string): Promise<void> {
    if (value === "") throw new RangeError(`The secret "${name}" is empty.`);
    await this.#change((secrets) => secrets.set(name, value));
  }

  async list(): Promise<SecretName[]> {
    return Object.keys(await this.#read()).sort();
  }

  remove(name: SecretName): Promise<boolean> {
    return this.#change((secrets) => secrets.delete(name));
  }

  async #read(): Promise<Secrets> {
    const sealed = await readFile(this.#file, "utf8").catch((error: unknown) => {
      throw unreadable(this.#file, "密碼庫檔案", error);
    });
    const content = await this.#unseal(sealed).catch((error: unknown) => {
      throw locked(this.#file, "這把金鑰打不開這個密碼庫，或檔案已損壞", error);
    });
    try {
      return contentSchema.parse(JSON.parse(content)).secrets;
    } catch {
      // Without the cause: what a parser says about decrypted text may repeat some of it.
      throw locked(this.#file, "密碼庫打開了，但內容不是這個程式的格式");
    }
  }

  async #unseal(sealed: string): Promise<string> {
    const decrypter = new Decrypter();
    decrypter.addIdentity(this.#identity.reveal());
    return decrypter.decrypt(armor.decode(sealed), "text");
  }

  /** Reads, changes and writes as one act; of two processes that change at the same time neither loses its change. */
  #change<T>(change: (secrets: Map<SecretName, string>) => T): Promise<T> {
    const work = async (): Promise<T> => {
      const secrets = new Map(Object.entries(await this.#read()));
      const result = change(secrets);
      const sealed = await seal(Object.fromEntries(secrets), this.#identity);
      await replaceDurably(dirname(this.#file), dirname(this.#file), basename(this.#file), sealed);
      return result;
    };
    return exclusively(this.#file, work, ({ pid }) => locked(this.#file, `另一個程式（${pid}）正在寫入密碼庫`));
  }
}

/**
 * Makes a new, empty vault and the identity that opens it. Neither file may exist.
 * @param identityFile outside the project, readable by the robot's account only (it is written with mode 0400)
 * @throws Failure `config-invalid` when the identity would lie inside the project
 */
export async function createVault(file: string, identityFile: string, redactor: Enrolment): Promise<void> {
  const identity = Secret.read(await generateX25519Identity(), redactor, "vault identity");
  await writeIdentity(identityFile, identity);
  await vaultFor(file, identity);
}

/** Makes a new, empty vault for a key that is there already. The file may not exist. */
export async function vaultFor(file: string, identity: Secret): Promise<void> {
  await mkdir(dirname(resolve(file)), { recursive: true, mode: 0o700 });
  await writeDurably(dirname(resolve(file)), basename(file), await seal({}, identity));
}

async function seal(secrets: Secrets, identity: Secret): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity.reveal()));
  const content: z.infer<typeof contentSchema> = { format: 1, secrets };
  return armor.encode(await encrypter.encrypt(JSON.stringify(content)));
}

function locked(file: string, seen: string, cause?: unknown): Failure {
  return new Failure("keychain-locked", { wanted: file, seen }, { cause });
}
