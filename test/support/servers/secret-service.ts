import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { missingPrograms, programPath } from "./debian.ts";

/** A Secret Service as a desktop has it (GNOME Keyring), on a session bus of its own, with its own keyrings. */
export interface SecretService {
  /** For `DBUS_SESSION_BUS_ADDRESS`. */
  readonly address: string;
  /** Starts the keyring anew with the same contents, as after a boot without anybody signing in. */
  lock(): Promise<void>;
  /** Starts it anew and unlocks it, as a desktop does when its user signs in. */
  unlock(): Promise<void>;
  /** Makes it deaf: asked, it does not answer until `wake`. */
  freeze(): void;
  wake(): void;
  close(): Promise<void>;
}

/** Null where it can be had; else why not. */
export function missingSecretService(): string | null {
  if (process.platform !== "linux") return "the Secret Service is Linux's; here the keychain is the system's own";
  return missingPrograms(["dbus-daemon", "dbus-send", "gnome-keyring-daemon"], ["dbus", "gnome-keyring"]);
}

export async function startSecretService(): Promise<SecretService> {
  const home = mkdtempSync(path.join(tmpdir(), "secret-service-"));
  chmodSync(home, 0o700);
  // Its own HOME and XDG folders: the keyrings of whoever runs the tests are not touched.
  const env = { PATH: process.env["PATH"] ?? "", HOME: home, XDG_DATA_HOME: home, XDG_RUNTIME_DIR: home };
  const bus = spawn(programPath("dbus-daemon"), ["--session", "--nofork", "--print-address=1"], {
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [address] = await once(createInterface(bus.stdout), "line").then((line) => line.map(String));
  if (address === undefined) throw new Error("dbus-daemon printed no address");

  let daemon: ChildProcess | null = null;
  async function stop(): Promise<void> {
    if (daemon === null) return;
    const ended = once(daemon, "exit");
    daemon.kill("SIGKILL");
    await ended;
    daemon = null;
  }
  /** Whether the service is on the bus; asking the bus does not start another one, as calling the service would. */
  async function hasOwner(): Promise<boolean> {
    const question = ["--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"];
    const method = ["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"];
    const asked = await promisify(execFile)("dbus-send", [`--bus=${address}`, ...question, ...method]);
    return asked.stdout.includes("boolean true");
  }
  async function start(password: string | null): Promise<void> {
    await stop();
    const unlock = password === null ? [] : ["--unlock"];
    const child = spawn(programPath("gnome-keyring-daemon"), ["--foreground", "--components=secrets", ...unlock], {
      env: { ...env, DBUS_SESSION_BUS_ADDRESS: address },
      stdio: ["pipe", "ignore", "ignore"],
    });
    daemon = child;
    child.stdin.end(password ?? "");
    while (!(await hasOwner())) {
      if (child.exitCode !== null) throw new Error(`gnome-keyring-daemon ended with ${child.exitCode}`);
    }
  }
  await start("keyring password");
  return {
    address,
    lock: () => start(null),
    unlock: () => start("keyring password"),
    freeze: () => void daemon?.kill("SIGSTOP"),
    wake: () => void daemon?.kill("SIGCONT"),
    async close() {
      await stop();
      const ended = once(bus, "exit");
      bus.kill();
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
