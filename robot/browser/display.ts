import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { KILL_SIGNAL, STALL_LIMITS } from "../lib/stall-limits.ts";
import { within } from "../lib/within.ts";
import { findInPath } from "../setup/find-browser.mjs";

export interface Display {
  /** For the browser's `DISPLAY`, such as `:99`; null where the machine has its own screen to show it on. */
  readonly display: string | null;
  /** Takes the virtual display away again; does nothing to a real one. */
  close(): Promise<void>;
}

/** Room for the browser's window with all its bars; 24 bits because pages are drawn differently with fewer colours. */
const SCREEN = "1600x1200x24";

/**
 * A display for a headed browser: the machine's own, or on a Linux server without one a virtual one (Xvfb) that ends with this
 * process, however this process ends.
 * @throws Error that says what to install when there is neither
 */
export async function ensureDisplay(env: NodeJS.ProcessEnv = process.env): Promise<Display> {
  if (process.platform !== "linux" || env["DISPLAY"] || env["WAYLAND_DISPLAY"]) {
    return { display: null, close: () => Promise.resolve() };
  }
  const xvfb = program("Xvfb", "xvfb", env);
  // The kernel ends Xvfb when this process dies, so that not even a SIGKILL leaves it behind.
  const setpriv = program("setpriv", "util-linux", env);
  // Xvfb itself takes a free number and tells it, so two robots never ask for the same one.
  const options = ["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"];
  const server = spawn(setpriv, ["--pdeathsig", "TERM", "--", xvfb, ...options], { stdio: ["ignore", "pipe", "pipe"] });
  const complaint = text(server.stderr);
  const ended = once(server, "exit");
  const told = once(createInterface(server.stdout), "line");
  const late = (): Error =>
    new Error(`虛擬螢幕 Xvfb ${Math.round(STALL_LIMITS.display / 1000)} 秒內沒有反應 (Xvfb does not answer)`);
  const started = within(STALL_LIMITS.display, () => Promise.race([told, ended.then(() => [null])]), late);
  const [number] = await started.catch((error: unknown) => {
    server.kill(KILL_SIGNAL);
    throw error;
  });
  if (number === null) throw new Error(`虛擬螢幕 Xvfb 無法啟動 (Xvfb did not start)：${(await complaint).trim()}`);
  return {
    display: `:${String(number)}`,
    async close() {
      server.kill();
      await ended;
    },
  };
}

function program(name: string, inPackage: string, env: NodeJS.ProcessEnv): string {
  const found = findInPath(name, env);
  if (found !== null) return found;
  throw new Error(
    `這台機器沒有螢幕，需要 ${name}：請執行 sudo apt-get install -y ${inPackage}（其他發行版請安裝同名程式），` +
      `或設定 DISPLAY (no display, and ${name} is missing)`,
  );
}
