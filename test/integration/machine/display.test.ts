import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureDisplay } from "../../../robot/browser/display.ts";
import { findInPath } from "../../../robot/setup/find-browser.mjs";
import { ROOT } from "../../../robot/setup/node-runtime.mjs";

/** As on a server: nothing but PATH. */
const SERVER = { PATH: process.env["PATH"] };

/** Whether an X server accepts clients on this display: it answers the first request of the protocol with 1. */
async function isServed(display: string): Promise<boolean> {
  const socket = connect(`/tmp/.X11-unix/X${display.replace(":", "")}`);
  try {
    await once(socket, "connect");
    socket.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    const [answer] = await once(socket, "data");
    return Buffer.isBuffer(answer) && answer[0] === 1;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

describe.runIf(process.platform === "linux")("the display for a headed browser", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "display-test-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("is a virtual one of its own where there is none, and is gone after closing", async () => {
    const [one, other] = await Promise.all([ensureDisplay(SERVER), ensureDisplay(SERVER)]);
    try {
      expect(one.display).not.toBe(other.display);
      expect(await isServed(one.display ?? "")).toBe(true);
      expect(await isServed(other.display ?? "")).toBe(true);
    } finally {
      await one.close();
      await other.close();
    }
    expect(await isServed(one.display ?? "")).toBe(false);
    await expect(one.close()).resolves.toBeUndefined();
  });

  it("is the machine's own where there is one", async () => {
    for (const env of [{ DISPLAY: ":7" }, { WAYLAND_DISPLAY: "wayland-0" }]) {
      const display = await ensureDisplay(env);
      expect(display.display).toBeNull();
      await display.close();
    }
  });

  it("does not stay behind when the robot is killed with SIGKILL", async () => {
    const script = `const { ensureDisplay } = await import(${JSON.stringify(path.join(ROOT, "robot/browser/display.ts"))});
      console.log((await ensureDisplay({ PATH: process.env.PATH })).display);
      setInterval(() => {}, 1000);`;
    const robot = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(createInterface(robot.stdout), "line");
    const display = String(line);
    expect(await isServed(display)).toBe(true);
    robot.kill("SIGKILL");
    await once(robot, "exit");
    await expect.poll(() => isServed(display), { timeout: 30_000 }).toBe(false);
  });

  it("that can't be started says what to install", async () => {
    await expect(ensureDisplay({ PATH: folder })).rejects.toThrow(/Xvfb.*apt-get install -y xvfb/);
  });

  it("that fails to start says what Xvfb complained of", async () => {
    // A program that refuses Xvfb's options stands in for one that is broken.
    const [program, setpriv] = ["ls", "setpriv"].map((name) => findInPath(name, process.env) ?? "");
    symlinkSync(program ?? "", path.join(folder, "Xvfb"));
    symlinkSync(setpriv ?? "", path.join(folder, "setpriv"));
    await expect(ensureDisplay({ PATH: folder })).rejects.toThrow(/Xvfb 無法啟動.* -- /s);
  });
});
