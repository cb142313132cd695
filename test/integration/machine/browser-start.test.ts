import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { browserHost } from "../../../robot/browser/launch.ts";
import { startFailure } from "../../../robot/browser/start-failure.ts";
import { Failure } from "../../../robot/failures/failure.ts";

/** A stand-in for a browser that says something and ends. */
function standIn(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), "browser-start-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  copyFileSync(new URL(`../../fixtures/cases/${name}`, import.meta.url), path);
  chmodSync(path, 0o755);
  return path;
}

async function started(name: string): Promise<Failure> {
  const error: unknown = await browserHost({ executable: standIn(name), headless: true })
    .newContext()
    .catch((thrown: unknown) => thrown);
  if (error instanceof Failure) return error;
  throw new Error(`It started, or failed otherwise: ${String(error)}`);
}

/** As Playwright wraps what a browser wrote before it ended. */
function wrapped(...lines: string[]): Error {
  const logs = lines.map((line) => `[pid=4711][err] ${line}`);
  return new Error(
    [
      "browserType.launch: Target page, context or browser has been closed",
      "Browser logs:",
      "",
      "<launching> /usr/bin/chrome --many --flags",
      "<launched> pid=4711",
      ...logs,
      "[pid=4711] <process did exit: exitCode=1, signal=null>",
    ].join("\n"),
  );
}

describe.skipIf(process.platform === "win32")("a browser that does not start", () => {
  test("because of a policy: its own words, and what an administrator has to allow", async () => {
    const { code, detail, message } = await started("c15-browser.sh");
    expect(code).toBe("browser-forbidden");
    expect(detail.seen).toContain("DevTools remote debugging is disallowed by the system admin.");
    expect(message).not.toContain("doctor");
    expect(new Failure(code).toData().next).toContain("RemoteDebuggingAllowed");
  });

  test("because of a missing library: its own words, and the package that has it", async () => {
    const { code, detail } = await started("c15-browser-2.sh");
    expect(code).toBe("browser-libraries");
    expect(detail.seen).toContain("libnss3.so: cannot open shared object file");
    expect(detail.wanted).toContain("apt-get install -y libnss3");
    expect(detail.wanted).toContain("playwright install-deps");
  });

  test.each([
    [
      "chrome: error while loading shared libraries: libatk-bridge-2.0.so.0: cannot open shared object file",
      "libatk-bridge2.0-0",
    ],
    ["chrome: error while loading shared libraries: libX11-xcb.so.1: cannot open shared object file", "libx11-xcb1"],
    ["chrome: error while loading shared libraries: libgbm.so.1: cannot open shared object file", "libgbm1"],
  ])("%s", (words, name) => {
    expect(startFailure("/usr/bin/chrome", wrapped(words)).detail.wanted).toContain(`install -y ${name}，`);
  });

  test("for any other reason: its last words, however much it has written before", () => {
    const noise = Array.from({ length: 300 }, (_, index) => `noise ${index}`);
    const { code, detail } = startFailure(
      "/usr/bin/chrome",
      wrapped(...noise, "The profile is in use by another process"),
    );
    expect(code).toBe("browser-broken");
    expect(detail.seen).toContain("The profile is in use by another process");
    expect(detail.seen).toContain("結束代碼 1");
    expect(detail.seen).not.toContain("noise 3 ");
    expect((detail.seen ?? "").length).toBeLessThan(700);
    expect(startFailure("/x", wrapped("[1:1:FATAL] No usable sandbox! Update your kernel")).detail.wanted).toContain(
      "chromium-sandbox",
    );
    expect(startFailure("/x", wrapped("Missing X server or $DISPLAY")).detail.wanted).toContain("xvfb");
  });
});
