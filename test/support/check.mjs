// @ts-check
// Format, lint and types beside the tests, each told apart: `node test/support/check.mjs [arguments of vitest…]`.
import { spawn } from "node:child_process";
import process from "node:process";

const quiet = /** @type {const} */ ([
  ["biome", ["format", "."]],
  ["oxlint", ["--type-aware", "--deny-warnings"]],
  ["tsc", ["--noEmit"]],
]);

/**
 * Runs a tool of the project; what it prints is shown only where it fails, unless it is the tests.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {boolean} shown
 * @returns {Promise<number>}
 */
function run(program, args, shown) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", shown ? "inherit" : "pipe", shown ? "inherit" : "pipe"] });
    let said = "";
    child.stdout?.on("data", (chunk) => (said += chunk));
    child.stderr?.on("data", (chunk) => (said += chunk));
    child.once("error", (error) => {
      process.stderr.write(`${program}: ${error.message}\n`);
      resolve(1);
    });
    child.once("close", (code) => {
      if (code !== 0 && !shown) process.stderr.write(`\n${program} ${args.join(" ")}\n${said}\n`);
      resolve(code ?? 1);
    });
  });
}

const codes = await Promise.all([
  (async () => {
    // One after the other: they are the short ones, and the tests need the processors.
    let worst = 0;
    for (const [program, args] of quiet) worst = Math.max(worst, await run(program, args, false));
    return worst;
  })(),
  run("vitest", ["run", ...process.argv.slice(2)], true),
]);
const [checks] = codes;
if (checks !== 0) process.stderr.write("format, lint or types failed: see above\n");
process.exitCode = Math.max(...codes);
