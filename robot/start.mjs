// @ts-check
// The entry of every npm script. Plain JavaScript without dependencies: on a fresh clone it runs on whatever Node the
// machine has, before anything is installed.
//
//   node robot/start.mjs <command…>                    the robot's command line
//   node robot/start.mjs --prepare <command…>          the same, after installing what is missing
//   node robot/start.mjs --prepare --npm <script>      an npm script, after installing what is missing
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { nodeFromNpm, NODE_TOO_OLD, ROOT, runsTypeScript } from "./setup/node-runtime.mjs";
import { npmCommand, prepare } from "./setup/prepare.mjs";
import { SetupError, whyNot } from "./setup/say.mjs";

const [first, ...rest] = process.argv.slice(2);
const preparing = first === "--prepare";
const args = preparing ? rest : process.argv.slice(2);

try {
  const node = preparing ? prepare().node : installedNode();
  if (args[0] === "--npm") {
    await runNpmScript(args.slice(1));
  } else if (node === process.execPath) {
    await runRobot(args);
  } else {
    await follow(node, [fileURLToPath(import.meta.url), ...args]);
  }
} catch (error) {
  if (!(error instanceof SetupError)) {
    throw error;
  }
  reportSetupError(error);
}

/** Only what is cheap: every command of the robot passes here. */
function installedNode() {
  // npm writes this note last, so a broken-off installation does not have it.
  if (!existsSync(path.join(ROOT, "node_modules", ".package-lock.json"))) {
    throw new SetupError(`套件尚未安裝，請先執行：npm ci (dependencies are missing: run npm ci first)`);
  }
  const node = runsTypeScript(process.versions.node) ? process.execPath : nodeFromNpm();
  if (node === null) {
    throw new SetupError(NODE_TOO_OLD);
  }
  return node;
}

/** @param {string[]} argv */
async function runRobot(argv) {
  // Where Node can, the program is compiled once and not at each command; where the folder can't be written, it goes on without.
  module.enableCompileCache?.(path.join(ROOT, "node_modules", ".cache", "compiled"));
  const { main } = await import("./main.ts");
  process.exitCode = await main(argv);
}

/** @param {string[]} script */
async function runNpmScript(script) {
  const npm = npmCommand();
  if (npm === null) {
    throw new SetupError(`請用 npm 啟動，例如 npm test (start this through npm, for example npm test)`);
  }
  const [program, cli] = npm;
  // npm puts node_modules/.bin first in PATH, and with it the project's own Node, for the script and all below it.
  await follow(program, [cli, "run", ...script]);
}

/**
 * Runs a program in place of this one: same terminal, same signals, same end.
 * @param {string} program
 * @param {string[]} argv
 * @returns {Promise<void>}
 */
function follow(program, argv) {
  const child = spawn(program, argv, { stdio: "inherit" });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      // Ctrl-C on a terminal reaches the child by itself; a second one would look like "stop at once".
      if (signal !== "SIGINT" || !process.stdin.isTTY) {
        child.kill(signal);
      }
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (signal !== null) {
        process.removeAllListeners(signal);
        process.kill(process.pid, signal);
      } else {
        process.exitCode = code ?? 1;
      }
      resolve();
    });
  });
}

/** @param {SetupError} error */
function reportSetupError(error) {
  process.stderr.write(`${whyNot(error)}\n`);
  if (args.includes("--json")) {
    const failure = { code: "config-invalid", message: error.message, next: error.message };
    process.stdout.write(`${JSON.stringify({ ok: false, command: args[0] ?? "", data: null, failure })}\n`);
  }
  process.exitCode = 2;
}
