import { constants } from "node:fs";
import { randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { identityToRecipient } from "age-encryption";
import { Failure } from "../failures/failure.ts";
import { ROOT } from "../setup/node-runtime.mjs";
import { syncFolder } from "../lib/files/durable-files.ts";
import { type Enrolment, Secret } from "../lib/secret.ts";

/** Where the key of a vault is: exactly one of them. */
export interface VaultIdentity {
  /** A file as `age-keygen` writes it, readable by the robot's account only, outside the project. */
  readonly file?: string | undefined;
  /** The name of an environment variable that holds the key. */
  readonly env?: string | undefined;
  /** The name of a credential that systemd hands to the service (`LoadCredentialEncrypted=`). */
  readonly systemdCredential?: string | undefined;
}

const KEY_LINE = /^AGE-SECRET-KEY-.+$/m;

/**
 * Reads the key and enrols it with the redactor.
 * @throws Failure `keychain-locked` when it is not there or is no age key; `keychain-denied` when this account may not read its file,
 *   or others on the machine may;
 *   `config-invalid` when it is not named in exactly one way or its file lies inside the project
 */
export async function readIdentity(identity: VaultIdentity, redactor: Enrolment): Promise<Secret> {
  const { where, text } = await readSource(identity);
  const key = KEY_LINE.exec(text.replaceAll("\r", ""))?.[0];
  if (key === undefined) throw locked(where, "裡面沒有 AGE-SECRET-KEY- 開頭的金鑰");
  const secret = Secret.read(key.trim(), redactor, "vault identity");
  // The library's message on a mistyped key would repeat the key.
  await identityToRecipient(secret.reveal()).catch(() => {
    throw locked(where, "金鑰的格式不正確");
  });
  return secret;
}

/** Writes a new identity file. @throws Failure `config-invalid` when it would lie inside the project */
export async function writeIdentity(path: string, identity: Secret): Promise<void> {
  const file = outsideTheProject(path);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // Under its name only when it is whole: half a key would look like one that was lost.
  const part = `${file}.${randomUUID()}.part`;
  const handle = await open(part, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o400);
  try {
    await handle.writeFile(`# public key: ${await identityToRecipient(identity.reveal())}\n${identity.reveal()}\n`);
    await handle.sync();
    // A second name, and not another name, since that would replace a key that is there.
    await link(part, file);
  } finally {
    await handle.close();
    await rm(part, { force: true });
  }
  await syncFolder(dirname(file));
}

async function readSource({ file, env, systemdCredential }: VaultIdentity): Promise<{ where: string; text: string }> {
  if (file !== undefined && env === undefined && systemdCredential === undefined)
    return fromFile(outsideTheProject(file));
  if (env !== undefined && file === undefined && systemdCredential === undefined) {
    const where = `環境變數 ${env}`;
    const text = process.env[env];
    if (text === undefined) throw locked(where, "沒有設定");
    return { where, text };
  }
  if (systemdCredential !== undefined && file === undefined && env === undefined) return fromSystemd(systemdCredential);
  throw new Failure("config-invalid", {
    wanted: "密碼庫的 identity 在 file、env、systemdCredential 三者中填一個",
    seen: `file: ${file ?? "–"}, env: ${env ?? "–"}, systemdCredential: ${systemdCredential ?? "–"}`,
  });
}

async function fromFile(file: string): Promise<{ where: string; text: string }> {
  const text = await read(file);
  // Windows has no such modes; there the folder of the account protects it.
  const mode = process.platform === "win32" ? 0 : (await stat(file)).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    const seen = `其他人也能讀這個金鑰檔（${mode.toString(8)}），請執行 chmod 400`;
    throw new Failure("keychain-denied", { wanted: file, seen });
  }
  return { where: file, text };
}

async function fromSystemd(name: string): Promise<{ where: string; text: string }> {
  const folder = process.env["CREDENTIALS_DIRECTORY"];
  const where = `systemd credential ${name}`;
  if (folder === undefined) throw locked(where, "不是由 systemd 啟動，或服務沒有 LoadCredentialEncrypted=");
  if (basename(name) !== name) throw new Failure("config-invalid", { wanted: "systemd credential 的名稱", seen: name });
  return { where, text: await read(join(folder, name)) };
}

async function read(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: unknown) => {
    throw unreadable(file, "金鑰檔", error);
  });
}

/** A key beside the code would sooner or later be committed with it. */
export function outsideTheProject(file: string): string {
  const full = resolve(file);
  const inside = relative(ROOT, full);
  if (!inside.startsWith("..") && !isAbsolute(inside)) {
    throw new Failure("config-invalid", { wanted: "密碼庫的金鑰檔放在程式資料夾以外", seen: full });
  }
  return full;
}

function locked(wanted: string, seen: string, cause?: unknown, english?: string): Failure {
  const en = english === undefined ? {} : { en: { seen: english } };
  return new Failure("keychain-locked", { wanted, seen, ...en }, { cause });
}

/** Why a file of the vault could not be read: this account may not, or there is none. */
export function unreadable(file: string, what: string, error: unknown): Failure {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "EACCES" || code === "EPERM")
    return new Failure("keychain-denied", { wanted: file, seen: `這個帳號沒有讀取${what}的權限` }, { cause: error });
  return locked(
    file,
    code === "ENOENT"
      ? `${what}不存在；第一次使用時，執行 credentials set 或 credentials vault create 就會建立。原來有的話，請把它放回來`
      : `${what}不能讀取`,
    error,
    code === "ENOENT"
      ? "there is no such file; the first credentials set, or credentials vault create, makes it. If there was one, put it back"
      : "it can't be read",
  );
}
