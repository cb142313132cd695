import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { KeychainStore } from "../../../robot/secrets/keychain.ts";
import { openSecretStore, type SecretStore } from "../../../robot/secrets/store.ts";
import { ROOT } from "../../../robot/setup/node-runtime.mjs";
import { missingSecretService, type SecretService, startSecretService } from "../../support/servers/secret-service.ts";

const KEYCHAIN = path.join(ROOT, "robot", "secrets", "keychain.ts");
const reason = missingSecretService();

describe.skipIf(reason !== null)(
  `the keychain, on a real Secret Service${reason === null ? "" : ` (${reason})`}`,
  () => {
    let service: SecretService;
    let redactor: Redactor;
    let store: SecretStore;
    const before = process.env["DBUS_SESSION_BUS_ADDRESS"];

    beforeAll(async () => {
      service = await startSecretService();
      process.env["DBUS_SESSION_BUS_ADDRESS"] = service.address;
      redactor = new Redactor();
      store = await openSecretStore({ provider: "keychain" }, redactor);
    });
    afterAll(async () => {
      await service.close();
      if (before === undefined) delete process.env["DBUS_SESSION_BUS_ADDRESS"];
      else process.env["DBUS_SESSION_BUS_ADDRESS"] = before;
    });

    it("gives back what was stored, quotes and emoji included, and lets the redactor know it", async () => {
      const value = `p"w'd&+%\\ 密碼😀`;
      await store.set("portal/12345675/user/password", value);
      const secret = await store.get("portal/12345675/user/password");
      expect(secret.reveal()).toBe(value);
      expect(redactor.hits(`typed ${value}`)).not.toEqual([]);
    });

    it("replaces, lists and removes", async () => {
      await store.set("a/first", "1");
      await store.set("a/first", "2");
      await store.set("a/second", "3");
      expect((await store.get("a/first")).reveal()).toBe("2");
      expect((await store.list()).filter((name) => name.startsWith("a/"))).toEqual(["a/first", "a/second"]);
      expect(await store.remove("a/first")).toBe(true);
      expect(await store.remove("a/first")).toBe(false);
      expect(await store.list()).not.toContain("a/first");
    });

    it("says secret-missing for a name that was never stored", async () => {
      await expect(store.get("a/never")).rejects.toMatchObject({
        code: "secret-missing",
        detail: { wanted: "a/never" },
      });
    });

    it("keeps secrets over a restart of the keychain, and says keychain-locked until it is unlocked", async () => {
      await store.set("a/kept", "value");
      await service.lock();
      const locked = { code: "keychain-locked", detail: { seen: expect.stringContaining("鑰匙圈鎖著") } };
      await expect(store.get("a/kept")).rejects.toMatchObject(locked);
      await expect(store.set("a/other", "value")).rejects.toMatchObject(locked);
      await expect(store.list()).rejects.toMatchObject(locked);
      await service.unlock();
      expect((await store.get("a/kept")).reveal()).toBe("value");
      expect(await store.list()).not.toContain("a/other");
    });

    it("does not wait for ever for a keychain that does not answer", async () => {
      await store.set("a/asked", "value");
      const impatient = new KeychainStore(redactor, 200);
      service.freeze();
      try {
        await expect(impatient.get("a/asked")).rejects.toMatchObject({
          code: "keychain-locked",
          detail: { seen: expect.stringContaining("沒有回應") },
        });
      } finally {
        service.wake();
      }
    });

    it("without any Secret Service fails, instead of using the kernel's keyring that is lost at the next boot", async () => {
      // In a process of its own: a connection to the bus, once made, is kept.
      const script = `const { KeychainStore } = await import(${JSON.stringify(KEYCHAIN)});
      const store = new KeychainStore({ enrol() {} });
      const attempts = await Promise.allSettled([store.set("a/lost", "value"), store.get("a/lost")]);
      process.stdout.write(JSON.stringify(attempts.map(({ status, reason }) => ({ status, code: reason?.code, message: reason?.message }))));`;
      const ended = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
        env: { PATH: process.env["PATH"], DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent" },
      });
      const attempts: unknown = JSON.parse(ended.stdout);
      const failed = { status: "rejected", code: "keychain-denied", message: expect.stringContaining("密碼庫檔") };
      expect(attempts).toEqual([failed, failed]);
    });
  },
);
