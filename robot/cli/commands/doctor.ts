import { access, constants, mkdir } from "node:fs/promises";
import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { browserHost } from "../../browser/launch.ts";
import { loadConfig } from "../../config/load.ts";
import { platformPasswordName, portalPasswordName } from "../../config/secret-names.ts";
import type { Config } from "../../config/schema.ts";
import { journalMode, placeTrouble, realPath, thisComputer } from "../../store/database-place.ts";
import { openStore, placeOf } from "../../store/store.ts";
import { connectionFailure } from "../../failures/connection.ts";
import { Failure } from "../../failures/failure.ts";
import { KILL_SIGNAL, STALL_LIMITS } from "../../lib/stall-limits.ts";
import { mailboxProof } from "../../mail/access.ts";
import { mailboxOf } from "../../mail/notices.ts";
import { Redactor } from "../../recording/redaction/redactor.ts";
import { openSecretStore } from "../../secrets/store.ts";
import { storeConfigOf } from "../../app/store-config.ts";
import { postFor } from "../../app/mail-notifier.ts";
import type { Answer, Output } from "../terminal/output.ts";

type Check = { readonly name: string; readonly ok: boolean; readonly seen: string; readonly next: string | null };

/** `doctor`: what this machine needs for the robot, each with what to do when it is missing. Visits no account. */
export async function doctor(options: { config?: string }, output: Output): Promise<Answer> {
  const checks: Check[] = [];
  const check = async (name: string, look: () => Promise<string>, next: string): Promise<void> => {
    output.progress(output.say(`檢查${name}`, `checking ${name}`));
    try {
      checks.push({ name, ok: true, seen: await look(), next: null });
    } catch (error) {
      const told = error instanceof Failure ? error.toData(output.language) : null;
      checks.push({ name, ok: false, seen: told?.message ?? String(error), next: told?.next ?? next });
    }
  };
  await check("Node", nodeVersion, "請安裝 Node.js 24，或以 npm run 啟動");
  await check("時鐘", clockNow, "請校正電腦時間");
  await check("中文字型", chineseFonts, "請安裝中文字型，例如 apt-get install fonts-noto-cjk");
  let config: Config | null = null;
  await check(
    "設定檔",
    async () => {
      config = await loadConfig(options.config);
      return `${config.companies.length} 家公司，平台 ${config.portal.address}`;
    },
    "請依訊息修正設定檔",
  );
  if (config) await checkInstallation(config, check);
  const bad = checks.filter(({ ok }) => !ok).length;
  return {
    data: { checks },
    lines: checks.flatMap(({ name, ok, seen, next }) => [
      `${ok ? "✓" : "✗"} ${name}：${seen}`,
      ...(next ? [`  → ${next}`] : []),
    ]),
    exit: bad === 0 ? 0 : 1,
  };
}

async function checkInstallation(
  config: Config,
  check: (name: string, look: () => Promise<string>, next: string) => Promise<void>,
): Promise<void> {
  await check("瀏覽器與顯示環境", () => browser(config), "請安裝 Chrome、Edge 或 Chromium");
  await check("執行資料庫", () => store(config), "請確認資料夾可以寫入");
  await check("紀錄資料夾", () => writable(config.recordings.folder), "請確認資料夾可以寫入");
  await check("密碼保管處", () => secrets(config), "請解鎖鑰匙圈或確認密碼庫設定");
  if (config.mailbox) await check("收信信箱", () => mailbox(config), "請確認 mailbox 設定");
  if (config.mail) await check("寄信", () => outgoing(config), "請確認 mail 設定");
  await check("平台", () => portal(config), "請確認網路，或稍後再試");
}

function nodeVersion(): Promise<string> {
  return Promise.resolve(process.version);
}

function clockNow(): Promise<string> {
  const now = new Date();
  return Promise.resolve(`台北時間 ${now.toLocaleString("zh-TW", { timeZone: "Asia/Taipei" })}`);
}

/** The fonts of this machine that have Chinese. @throws Error where there is none, or the system does not say */
export async function chineseFonts(): Promise<string> {
  if (process.platform !== "linux") return "由作業系統提供";
  const { stdout } = await promisify(execFile)("fc-list", [":lang=zh", "family"], {
    timeout: STALL_LIMITS.system,
    killSignal: KILL_SIGNAL,
  });
  const fonts = stdout.split("\n").filter((line) => line !== "");
  if (fonts.length === 0) throw new Error("沒有中文字型，頁面上的中文會變成方框");
  return fonts[0] ?? "";
}

async function browser(config: Config): Promise<string> {
  const opened = await browserHost(config.browser).newContext();
  try {
    const page = await opened.context.newPage();
    const agent = await page.evaluate(() => navigator.userAgent);
    const windowed = agent.includes("Headless") ? "無視窗：正式平台會拒絕，請在設定拿掉 headless" : whereShown();
    return `${opened.version}（${windowed}）`;
  } finally {
    await opened.close();
  }
}

/** On a server the robot starts a virtual display for the time of its visits; Windows and macOS need none. */
function whereShown(): string {
  if (process.platform !== "linux") return "有視窗";
  const shown = process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"];
  return shown
    ? `有視窗，顯示在 ${shown}`
    : "有視窗，顯示在機器人自己啟動的虛擬螢幕（Xvfb），用完就關；要有人操作的驗證請在有螢幕的電腦做";
}

async function store(config: Config): Promise<string> {
  const where = await storeConfigOf(config);
  const opened = await openStore(where);
  await opened.destroy();
  if (where.kind === "sqlite") assertSafePlace(where.file);
  return placeOf(where);
}

/** The locks of SQLite hold on a disk of this computer, in the journal mode that the robot sets. */
function assertSafePlace(file: string): void {
  const path = realPath(file);
  const trouble = placeTrouble(path, thisComputer());
  if (trouble !== null) {
    throw new Failure("config-invalid", {
      wanted: "資料庫（store.file）放在這台電腦自己的磁碟",
      seen: `${path} ${trouble}`,
    });
  }
  const mode = journalMode(file);
  if (mode !== "wal")
    throw new Failure("store-unavailable", { wanted: "日誌模式 wal", seen: `${path} 的日誌模式是 ${mode}` });
}

async function writable(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true }).catch(() => access(dirname(folder), constants.W_OK));
  await access(folder, constants.W_OK);
  return folder;
}

async function secrets(config: Config): Promise<string> {
  const opened = await openSecretStore(config.secrets, new Redactor());
  const names = await opened.list();
  const where = opened.provider === "keychain" ? "作業系統的鑰匙圈" : "加密檔";
  const missing = config.companies.filter((company) => !names.includes(portalPasswordName(config, company)));
  const lacking = missing.length === 0 ? "" : `；還沒有平台密碼的公司：${missing.map(({ name }) => name).join("、")}`;
  const without = config.companies.filter(
    ({ platform }) => platform && !names.includes(platformPasswordName(platform)),
  );
  const alsoLacking =
    without.length === 0 ? "" : `；還沒有加值平台密碼的公司：${without.map(({ name }) => name).join("、")}`;
  return `${where}，${names.length} 筆${lacking}${alsoLacking}`;
}

async function mailbox(config: Config): Promise<string> {
  const { mailbox: settings } = config;
  if (!settings) return "";
  const redactor = new Redactor();
  const secretStore = await openSecretStore(config.secrets, redactor);
  const box = mailboxOf(settings, await mailboxProof(settings, secretStore, redactor));
  try {
    await box.mark();
    return `${settings.user}@${settings.host}，可以登入`;
  } finally {
    await box.close();
  }
}

/** Signs in to the server and sends nothing. */
async function outgoing(config: Config): Promise<string> {
  const { mail: settings } = config;
  if (!settings) return "";
  await (await postFor(config, settings)).check();
  return `${settings.host}:${settings.port} 可以寄信，收件人 ${settings.to.join("、")}`;
}

/** What the portal's front page answers. @throws Failure `portal-down`, and where the connection is not trusted */
export async function portal(config: Pick<Config, "portal">): Promise<string> {
  const { address } = config.portal;
  const response = await fetch(address, {
    redirect: "manual",
    signal: AbortSignal.timeout(STALL_LIMITS.portalLook),
  }).catch((error: unknown) => {
    throw connectionFailure(error, "portal-down", address);
  });
  return `${config.portal.address} 回應 ${response.status}`;
}
