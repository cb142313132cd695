import { Failure } from "../failures/failure.ts";

/** How many of the browser's last lines are reported, and how long they may be. */
const LINES = 6;
const LONGEST = 600;

/** Debian's and Ubuntu's packages of the libraries that a browser needs, by the name of the library. */
const PACKAGES: Readonly<Record<string, string>> = {
  "libX11-xcb": "libx11-xcb1",
  libX11: "libx11-6",
  libXcomposite: "libxcomposite1",
  libXdamage: "libxdamage1",
  libXext: "libxext6",
  libXfixes: "libxfixes3",
  libXrandr: "libxrandr2",
  libXrender: "libxrender1",
  libXcursor: "libxcursor1",
  libXi: "libxi6",
  libXtst: "libxtst6",
  libasound: "libasound2",
  "libatk-1.0": "libatk1.0-0",
  "libatk-bridge-2.0": "libatk-bridge2.0-0",
  libatspi: "libatspi2.0-0",
  libcairo: "libcairo2",
  libcups: "libcups2",
  "libdbus-1": "libdbus-1-3",
  libdrm: "libdrm2",
  libexpat: "libexpat1",
  libgbm: "libgbm1",
  "libgdk-3": "libgtk-3-0",
  "libgio-2.0": "libglib2.0-0",
  "libglib-2.0": "libglib2.0-0",
  "libgobject-2.0": "libglib2.0-0",
  "libgtk-3": "libgtk-3-0",
  libnspr4: "libnspr4",
  libnss3: "libnss3",
  libnssutil3: "libnss3",
  libsmime3: "libnss3",
  "libpango-1.0": "libpango-1.0-0",
  "libpangocairo-1.0": "libpangocairo-1.0-0",
  libudev: "libudev1",
  libxcb: "libxcb1",
  libxkbcommon: "libxkbcommon0",
  libxshmfence: "libxshmfence1",
};

const FORBIDDEN =
  /(remote debugging|DevTools|headless).{0,80}(disallowed|not allowed|disabled|blocked|forbidden)|(disallowed|blocked|disabled) by (the |your )?(system )?(admin|administrator|policy|organi[sz]ation)|RemoteDebuggingAllowed|blocked by group policy|此程式已被群組原則封鎖|系統管理員已(停用|封鎖)|managed by your organi[sz]ation/i;
const LIBRARY = /(lib[\w.+-]+?\.so(?:\.\d+)*)(?=[:\s]|$)/g;
const LIBRARIES =
  /error while loading shared libraries|cannot open shared object file|missing dependencies|library .{0,40}not (found|loaded)/i;
const SCREEN = /Missing X server|cannot open display|unable to open X display|\$DISPLAY/i;
const SANDBOX = /No usable sandbox|setuid sandbox|zygote.*sandbox/i;

/**
 * Why a browser that is there did not start, by its own last words.
 * @param executable its path
 * @param error what starting it threw
 */
export function startFailure(executable: string, error: unknown): Failure {
  const text = error instanceof Error ? error.message : String(error);
  const words = lastWords(text);
  const seen = words === "" ? shortened(text.split("\n")[0] ?? "") : words;
  if (FORBIDDEN.test(text)) return new Failure("browser-forbidden", { wanted: executable, seen }, { cause: error });
  if (LIBRARIES.test(text)) {
    const libraries = [...new Set(Array.from(text.matchAll(LIBRARY), ([name]) => name))];
    const packages = [...new Set(libraries.map(packageOf))];
    const apt = packages.length === 0 ? "" : `sudo apt-get install -y ${packages.join(" ")}，或 `;
    const wanted = `${executable} 需要的系統程式庫；請執行 ${apt}npx playwright install-deps chromium`;
    return new Failure("browser-libraries", { wanted, seen }, { cause: error });
  }
  if (SCREEN.test(text)) {
    const wanted = `${executable} 要有螢幕；伺服器請安裝 xvfb（sudo apt-get install -y xvfb）`;
    return new Failure("browser-broken", { wanted, seen }, { cause: error });
  }
  if (SANDBOX.test(text)) {
    const wanted = `${executable} 的沙箱；請用一般使用者執行，或安裝 chromium-sandbox，並允許 unprivileged user namespaces`;
    return new Failure("browser-broken", { wanted, seen }, { cause: error });
  }
  return new Failure("browser-broken", { wanted: executable, seen }, { cause: error });
}

function packageOf(library: string): string {
  const name = library.slice(0, library.indexOf(".so"));
  const key = Object.keys(PACKAGES).find((one) => name === one || name.startsWith(`${one}-`));
  return (key === undefined ? undefined : PACKAGES[key]) ?? name.toLowerCase();
}

/** What the browser itself wrote before it ended: Playwright marks each such line with the process and the stream. */
function lastWords(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => /^\s*(?:-\s*)?\[pid=\d+\](?:\[(?:err|out)\])?\s*(.*)$/.exec(line)?.[1]?.trim() ?? "")
    .filter((line) => line !== "" && !/^(Received signal|#\d+ 0x|r\d+:|\[end of stack)/.test(line))
    .filter((line) => !/^<(?!process did exit)/.test(line));
  const said = lines.filter((line) => !line.startsWith("<process did exit"));
  const ended = lines.find((line) => line.startsWith("<process did exit"));
  const exit = /exitCode=(-?\d+)/.exec(ended ?? "")?.[1];
  const unique = [...new Set(said)].slice(-LINES);
  return shortened([...unique, ...(exit === undefined ? [] : [`（結束代碼 ${exit}）`])].join(" ／ "));
}

function shortened(text: string): string {
  return text.length > LONGEST ? `…${text.slice(-LONGEST)}` : text;
}
