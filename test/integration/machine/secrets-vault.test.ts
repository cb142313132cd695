import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { generateX25519Identity } from "age-encryption";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { openSecretStore, type SecretStore } from "../../../robot/secrets/store.ts";
import { createVault } from "../../../robot/secrets/vault.ts";
import { ROOT } from "../../../robot/setup/node-runtime.mjs";

let folder: string;
let file: string;
let key: string;
let redactor: Redactor;
const open = (identity: { file?: string; env?: string; systemdCredential?: string } = { file: key }) =>
  openSecretStore({ provider: "vault", file, identity }, redactor);

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "vault-test-"));
  file = path.join(folder, "vault", "secrets.age");
  key = path.join(folder, "key", "identity");
  redactor = new Redactor();
  await createVault(file, key, redactor);
});
afterEach(() => {
  delete process.env["TEST_VAULT_IDENTITY"];
  delete process.env["CREDENTIALS_DIRECTORY"];
  rmSync(folder, { recursive: true, force: true });
});

const NAME = "portal/12345675/user/password";
const VALUE = `p"w'd&+%\\ 密碼😀\nsecond line`;

it("gives back what was stored, over a restart, and lets the redactor know it", async () => {
  await (await open()).set(NAME, VALUE);
  const secret = await (await open()).get(NAME);
  expect(secret.reveal()).toBe(VALUE);
  expect(redactor.hits(`typed ${VALUE}`)).not.toEqual([]);
});

it("replaces, lists and removes", async () => {
  const store = await open();
  expect(await store.list()).toEqual([]);
  await store.set("b", "1");
  await store.set("a", "2");
  await store.set("b", "3");
  expect((await store.get("b")).reveal()).toBe("3");
  expect(await store.list()).toEqual(["a", "b"]);
  expect(await store.remove("b")).toBe(true);
  expect(await store.remove("b")).toBe(false);
  await expect(store.get("b")).rejects.toMatchObject({ code: "secret-missing", detail: { wanted: "b" } });
  await expect(store.set("b", "")).rejects.toThrow(RangeError);
});

it("leaves neither values nor names readable in any file beside it", async () => {
  const store = await open();
  await store.set(NAME, VALUE);
  await store.set("second", "another-password");
  const files = readdirSync(path.dirname(file), { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  expect(files.map((one) => one.name)).toEqual(["secrets.age"]);
  const bytes = readFileSync(file, "utf8");
  const plain = Buffer.from(bytes.replace(/-----.*?-----|\s/g, ""), "base64").toString("latin1");
  for (const text of [bytes, plain]) {
    expect(text).not.toContain("12345675");
    expect(text).not.toContain("another-password");
  }
  expect(plain).toContain("age-encryption.org");
});

it.skipIf(process.platform === "win32")("writes the vault and its key for its own account only", async () => {
  await (await open()).set(NAME, VALUE);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(key).mode & 0o777).toBe(0o400);
});

it("says keychain-locked, and what to look at, when the identity is another vault's", async () => {
  const other = path.join(folder, "other");
  await createVault(path.join(folder, "other.age"), other, redactor);
  await expect(open({ file: other })).rejects.toMatchObject({
    code: "keychain-locked",
    detail: { wanted: file, seen: expect.stringContaining("打不開") },
  });
});

it("says keychain-locked when vault or identity are missing, and never shows a mistyped key", async () => {
  await expect(open({ file: path.join(folder, "none") })).rejects.toMatchObject({ code: "keychain-locked" });
  const typo = (await generateX25519Identity()).slice(0, -1);
  process.env["TEST_VAULT_IDENTITY"] = typo;
  const refused = await open({ env: "TEST_VAULT_IDENTITY" }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "keychain-locked" });
  expect(String(refused)).not.toContain(typo);
  rmSync(file);
  await expect(open()).rejects.toMatchObject({ code: "keychain-locked" });
});

it("says keychain-locked for a file that was cut off or changed", async () => {
  await (await open()).set(NAME, VALUE);
  const whole = readFileSync(file, "utf8");
  writeFileSync(file, whole.slice(0, whole.length / 2));
  await expect(open()).rejects.toMatchObject({ code: "keychain-locked" });
});

it("takes the key from an environment variable or a systemd credential as well", async () => {
  await (await open()).set(NAME, VALUE);
  process.env["TEST_VAULT_IDENTITY"] = readFileSync(key, "utf8");
  expect((await (await open({ env: "TEST_VAULT_IDENTITY" })).get(NAME)).reveal()).toBe(VALUE);
  process.env["CREDENTIALS_DIRECTORY"] = path.dirname(key);
  expect((await (await open({ systemdCredential: "identity" })).get(NAME)).reveal()).toBe(VALUE);
  delete process.env["CREDENTIALS_DIRECTORY"];
  await expect(open({ systemdCredential: "identity" })).rejects.toMatchObject({ code: "keychain-locked" });
});

it.skipIf(process.platform === "win32")("refuses a key that others on the machine can read", async () => {
  chmodSync(key, 0o444);
  await expect(open()).rejects.toMatchObject({
    code: "keychain-denied",
    detail: { seen: expect.stringContaining("chmod 400") },
  });
});

it.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
  "says keychain-denied for a vault that this account may not read",
  async () => {
    chmodSync(file, 0o000);
    await expect(open()).rejects.toMatchObject({ code: "keychain-denied", detail: { wanted: file } });
  },
);

it("refuses a key inside the project, and one that is named twice or not at all", async () => {
  const inside = path.join(ROOT, "var", "identity");
  await expect(createVault(path.join(folder, "new.age"), inside, redactor)).rejects.toMatchObject({
    code: "config-invalid",
  });
  await expect(open({ file: inside })).rejects.toMatchObject({ code: "config-invalid" });
  await expect(open({ file: key, env: "TEST_VAULT_IDENTITY" })).rejects.toMatchObject({ code: "config-invalid" });
  await expect(open({})).rejects.toMatchObject({ code: "config-invalid" });
});

it("never overwrites a vault or a key that exists", async () => {
  await (await open()).set(NAME, VALUE);
  await expect(createVault(file, path.join(folder, "fresh"), redactor)).rejects.toThrow(/EEXIST/);
  await expect(createVault(path.join(folder, "fresh.age"), key, redactor)).rejects.toThrow(/EEXIST/);
  expect((await (await open()).get(NAME)).reveal()).toBe(VALUE);
});

it("loses no change when several processes write at once", async () => {
  mkdirSync(path.join(folder, "scripts"));
  const script = path.join(folder, "scripts", "writer.mjs");
  writeFileSync(
    script,
    `const { openSecretStore } = await import("${path.join(ROOT, "robot/secrets/store.ts")}");
     const store = await openSecretStore(
       { provider: "vault", file: process.argv[2], identity: { file: process.argv[3] } }, { enrol() {} });
     for (let i = 0; i < 5; i += 1) await store.set(process.argv[4] + i, "value");`,
  );
  const writers = ["a", "b", "c"].map((name) => promisify(execFile)(process.execPath, [script, file, key, name]));
  await Promise.all(writers);
  const store: SecretStore = await open();
  expect(await store.list()).toHaveLength(15);
});
