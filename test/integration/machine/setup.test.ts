import { execFile } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { findBrowser, findInPath } from "../../../robot/setup/find-browser.mjs";
import { nodeFromNpm, ROOT, runsTypeScript } from "../../../robot/setup/node-runtime.mjs";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "setup-test-")));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  code: number | string | null | undefined;
  stdout: string;
  stderr: string;
}

function run(program: string, args: string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}

/** A tree with the real set-up and a robot that only reports what reached it. */
function installation(): string {
  cpSync(path.join(ROOT, "robot", "setup"), path.join(folder, "robot", "setup"), { recursive: true });
  cpSync(path.join(ROOT, "robot", "start.mjs"), path.join(folder, "robot", "start.mjs"));
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "x", version: "1.0.0", type: "module" }));
  writeFileSync(
    path.join(folder, "robot", "main.ts"),
    `export async function main(argv: string[]): Promise<number> {
       process.stdout.write(JSON.stringify({ argv, node: process.versions.node }));
       return Number(argv[1]);
     }`,
  );
  return path.join(folder, "robot", "start.mjs");
}

function noteInstalled(): void {
  mkdirSync(path.join(folder, "node_modules"), { recursive: true });
  writeFileSync(path.join(folder, "node_modules", ".package-lock.json"), JSON.stringify({ packages: {} }));
}

/** npm's own program, the one that started these tests or the one in PATH. */
function npmCli(): string {
  return process.env["npm_execpath"] ?? realpathSync(findInPath("npm", process.env) ?? "npm is not in PATH");
}

describe("starting the robot", () => {
  it("hands the arguments over untouched, keeps standard output clean and ends with the robot's exit code", async () => {
    const start = installation();
    noteInstalled();
    const ended = await run(process.execPath, [start, "run", "3", "--company", "一家 公司"], { cwd: folder });
    expectExit(ended, 3);
    expect(JSON.parse(ended.stdout)).toMatchObject({ argv: ["run", "3", "--company", "一家 公司"] });
    expect(ended.stderr).toBe("");
  });

  it("without dependencies says what to run and ends with 2, with nothing but the envelope on standard output", async () => {
    const start = installation();
    const ended = await run(process.execPath, [start, "run", "take-tracks", "--json"], { cwd: folder });
    expectExit(ended, 2);
    expect(ended.stderr).toContain("npm ci");
    const envelope: unknown = JSON.parse(ended.stdout);
    expect(envelope).toMatchObject({ ok: false, command: "run", data: null, failure: { code: "config-invalid" } });
  });

  const olderNode = process.env["npm_node_execpath"] ?? "/usr/bin/node";
  const isOlder = () =>
    run(olderNode, ["-p", "process.versions.node"], { cwd: folder }).then(
      ({ code, stdout }) => code === 0 && !runsTypeScript(stdout.trim()),
    );
  it("on a Node that is too old goes on with the one npm installed, with its exit code", async (context) => {
    const newer = nodeFromNpm();
    context.skip(newer === null || !(await isOlder()), `no older Node at ${olderNode} on this machine`);
    const start = installation();
    noteInstalled();
    const carrier = path.dirname(path.dirname(newer ?? ""));
    cpSync(carrier, path.join(folder, "node_modules", path.basename(carrier)), { recursive: true });
    const ended = await run(olderNode, [start, "run", "4"], { cwd: folder });
    expectExit(ended, 4);
    const said = z.object({ node: z.string() }).parse(JSON.parse(ended.stdout));
    expect(runsTypeScript(said.node)).toBe(true);
  });

  it.each([
    ["20.20.2", false],
    ["22.17.1", false],
    ["22.18.0", true],
    ["24.21.0", true],
  ])("knows whether Node %s runs TypeScript: %s", (version, runs) => {
    expect(runsTypeScript(version)).toBe(runs);
  });
});

describe("preparing", () => {
  /** A dependency from a file, so that the real npm works without a network. */
  async function dependOn(version: string): Promise<void> {
    const tarball = `dependency-${version}.tgz`;
    const source = path.join(folder, `dependency-${version}`);
    mkdirSync(source);
    writeFileSync(path.join(source, "package.json"), JSON.stringify({ name: "dependency", version }));
    await npm(["pack", "--pack-destination", folder], source);
    writeFileSync(
      path.join(folder, "package.json"),
      JSON.stringify({
        name: "x",
        version: "1.0.0",
        type: "module",
        dependencies: { dependency: `file:${tarball}` },
      }),
    );
    // Locked in another folder: npm would note the new version as installed already.
    const elsewhere = path.join(folder, `lock-${version}`);
    mkdirSync(elsewhere);
    cpSync(path.join(folder, "package.json"), path.join(elsewhere, "package.json"));
    cpSync(path.join(folder, tarball), path.join(elsewhere, tarball));
    await npm(["install", "--package-lock-only", "--offline"], elsewhere);
    cpSync(path.join(elsewhere, "package-lock.json"), path.join(folder, "package-lock.json"));
  }
  async function npm(args: string[], cwd: string): Promise<void> {
    const ended = await run(process.execPath, [npmCli(), ...args], { cwd });
    expectExit(ended, 0);
  }
  const prepareAndRun = (start: string) =>
    run(process.execPath, [start, "--prepare", "run", "0"], {
      cwd: folder,
      env: { ...process.env, npm_execpath: npmCli(), npm_node_execpath: process.execPath },
    });
  const installedVersion = () =>
    z
      .object({ version: z.string() })
      .parse(JSON.parse(readFileSync(path.join(folder, "node_modules", "dependency", "package.json"), "utf8"))).version;

  it("installs what is missing, only looks the second time, and brings what is stale up to date", async () => {
    const start = installation();
    await dependOn("1.0.0");

    const first = await prepareAndRun(start);
    expectExit(first, 0);
    expect(first.stderr).toContain("npm ci");
    expect(installedVersion()).toBe("1.0.0");

    const second = await prepareAndRun(start);
    expectExit(second, 0);
    expect(second.stderr).not.toContain("npm");

    await dependOn("2.0.0");
    const third = await prepareAndRun(start);
    expectExit(third, 0);
    expect(third.stderr).toContain("npm install --no-save");
    expect(installedVersion()).toBe("2.0.0");
  });

  it("on a machine where no browser can be had says what to do by hand and ends with 2", async () => {
    const start = installation();
    await dependOn("1.0.0");
    const nothing = path.join(folder, "nothing");
    mkdirSync(nothing);
    const ended = await run(process.execPath, [start, "--prepare", "run", "0"], {
      cwd: folder,
      env: {
        ...(process.platform === "win32" ? { SystemRoot: process.env["SystemRoot"] } : {}),
        HOME: nothing,
        PATH: nothing,
        npm_execpath: npmCli(),
        npm_node_execpath: process.execPath,
      },
    });
    expectExit(ended, 2);
    expect(ended.stdout).toBe("");
    expect(ended.stderr).toMatch(/Google Chrome.*EINVOICE_BROWSER/s);
  });
});

describe.runIf(process.platform === "linux")("finding the browser", () => {
  function commands(...names: string[]): { PATH: string; PLAYWRIGHT_BROWSERS_PATH: string } {
    const bin = path.join(folder, "bin");
    rmSync(bin, { recursive: true, force: true });
    mkdirSync(bin);
    for (const name of names) {
      writeFileSync(path.join(bin, name), "");
      chmodSync(path.join(bin, name), 0o755);
    }
    return { PATH: bin, PLAYWRIGHT_BROWSERS_PATH: path.join(folder, "none") };
  }

  it("takes the configured one before the environment's, Chrome before Edge, Edge before Chromium", () => {
    const all = commands("chromium", "microsoft-edge", "google-chrome", "configured-edge", "named");
    const at = (name: string) => path.join(all.PATH, name);
    const env = { ...all, EINVOICE_BROWSER: at("named") };
    expect(findBrowser({ configured: at("configured-edge"), env })).toEqual({
      kind: "msedge",
      executablePath: at("configured-edge"),
    });
    expect(findBrowser({ env })?.executablePath).toBe(at("named"));
    expect(findBrowser({ env: all })).toEqual({ kind: "chrome", executablePath: at("google-chrome") });
    expect(findBrowser({ env: commands("chromium", "microsoft-edge") })?.kind).toBe("msedge");
    expect(findBrowser({ env: commands("chromium") })?.kind).toBe("chromium");
  });

  it("never replaces a browser that was named but is not there by another one", () => {
    const env = { ...commands("google-chrome"), EINVOICE_BROWSER: path.join(folder, "gone") };
    expect(() => findBrowser({ env })).toThrow(/EINVOICE_BROWSER.*gone/);
  });

  it("prefers the download of Playwright to the system's Chromium, and says null where there is neither", async () => {
    const script = `import("${path.join(ROOT, "robot/setup/find-browser.mjs")}").then(async ({ findBrowser }) => {
      const { mkdirSync, writeFileSync } = await import("node:fs");
      const path = await import("node:path");
      const { chromium } = await import("${path.join(ROOT, "node_modules/playwright/index.mjs")}");
      const before = findBrowser({ env: { PATH: "${folder}" } });
      mkdirSync(path.dirname(chromium.executablePath()), { recursive: true });
      writeFileSync(chromium.executablePath(), "");
      const after = findBrowser({ env: process.env });
      process.stdout.write(JSON.stringify([before, after]));
    })`;
    const ended = await run(process.execPath, ["-e", script], { cwd: folder, env: commands("chromium") });
    expectExit(ended, 0);
    const found: unknown = JSON.parse(ended.stdout);
    expect(found).toEqual([null, { kind: "playwright", executablePath: expect.stringContaining(folder) }]);
  });
});
