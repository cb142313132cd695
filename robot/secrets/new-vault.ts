import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Failure } from "../failures/failure.ts";
import { exclusively } from "../lib/files/exclusive.ts";
import type { Enrolment } from "../lib/secret.ts";
import { outsideTheProject, readIdentity } from "./identity.ts";
import { createVault, type VaultConfig, vaultFor } from "./vault.ts";

/** What of a vault was made: files that were there are never touched. */
export interface NewVault {
  readonly vault: string;
  /** The key's file; null where the key was there already, or is kept elsewhere. */
  readonly key: string | null;
}

/**
 * Makes the vault that the configuration names and its key, where neither exists.
 * @returns null where both are there
 * @throws Failure `keychain-locked` where only one of them is there: making the other would hide that it was lost;
 *   `keychain-denied` where this account may not write there; `config-invalid` for a key inside the project
 */
export function ensureVault(config: VaultConfig, redactor: Enrolment): Promise<NewVault | null> {
  return made(config, redactor, false);
}

/**
 * The same for a person who asks for a vault by name: with a key that is there, and no vault, an empty vault is made for that key.
 * @throws Failure as `ensureVault`; also where there is a vault without its key
 */
export function newVault(config: VaultConfig, redactor: Enrolment): Promise<NewVault | null> {
  return made(config, redactor, true);
}

async function made(config: VaultConfig, redactor: Enrolment, withOldKey: boolean): Promise<NewVault | null> {
  const vault = resolve(config.file);
  const { file: keyFile } = config.identity;
  const key = keyFile === undefined ? null : outsideTheProject(keyFile);
  await folderFor(vault);
  const work = async (): Promise<NewVault | null> => {
    const hasVault = await isThere(vault);
    const hasKey = key === null || (await isThere(key));
    if (hasVault && hasKey) return null;
    if (hasVault) throw new Failure("keychain-locked", { wanted: key ?? "", seen: WITHOUT_KEY(vault) });
    if (key !== null && !hasKey) {
      await folderFor(key);
      await createVault(vault, key, redactor).catch((error: unknown) => {
        throw denied(error, key);
      });
      return { vault, key };
    }
    // A key that is kept elsewhere can't have been made for another vault by us; one in a file may.
    const identity = await readIdentity(config.identity, redactor);
    if (key !== null && !withOldKey) throw new Failure("keychain-locked", { wanted: vault, seen: WITHOUT_VAULT(key) });
    await vaultFor(vault, identity);
    return { vault, key: null };
  };
  return exclusively(vault, work, ({ pid }) => {
    const seen = `另一個程式（${pid}）正在建立密碼庫`;
    return new Failure("keychain-locked", { wanted: vault, seen });
  });
}

const WITHOUT_KEY = (vault: string): string =>
  `有密碼庫 ${vault}，卻沒有它的金鑰；沒有金鑰打不開。請把另外保存的金鑰放回來。真的遺失了，就把密碼庫檔移到別處，執行 credentials vault create，再重新存入每個密碼`;

const WITHOUT_VAULT = (key: string): string =>
  `有金鑰 ${key}，卻沒有密碼庫。如果密碼庫搬走或遺失了，請放回來；如果要用這把金鑰另做一個空的，執行 credentials vault create`;

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
        return false;
      throw denied(error, path);
    },
  );
}

async function folderFor(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw denied(error, path);
  });
}

function denied(error: unknown, path: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code !== "EACCES" && code !== "EPERM" && code !== "EROFS") return error;
  const seen = "這個帳號不能在這裡建立檔案；請先建立資料夾並交給這個帳號，或在設定裡換一個位置";
  return new Failure("keychain-denied", { wanted: path, seen }, { cause: error });
}
