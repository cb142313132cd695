import { access, constants, mkdir } from "node:fs/promises";
import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { browserHost } from "../../browser/launch.ts";
import { formerNamesIn, loadConfig } from "../../config/load.ts";
import { platformPasswordName, portalPasswordName } from "../../config/secret-names.ts";
import type { Config } from "../../config/schema.ts";
import { journalMode, placeTrouble, realPath, thisComputer } from "../../store/database-place.ts";
import { openStore, databaseLocation } from "../../store/store.ts";
import { connectionFailure } from "../../failures/connection.ts";
import { Failure } from "../../failures/failure.ts";
import { KILL_SIGNAL, STALL_LIMITS } from "../../lib/stall-limits.ts";
import { mailboxCredentials } from "../../mail/credentials.ts";
import { mailboxOf } from "../../mail/notices.ts";
import { Redactor } from "../../recording/redaction/redactor.ts";
import { openSecretStore } from "../../secrets/store.ts";
import { storeConfigOf } from "../../app/store-config.ts";
import { transportFor } from "../../app/mail-notifier.ts";
import type { Answer, Output } from "../terminal/output.ts";

type Check = { readonly name: string; readonly ok: boolean; readonly seen: string; readonly next: string | null };

/** `doctor`: what this machine needs for the robot, each with what to do when it is missing. Visits no account. */
export async function doctor(options: { config?: string }, output: Output): Promise<Answer> {
  const checks: Check[] = [];
  const say: Say = (zh, en) => output.say(zh, en);
  const check: LookAt = async (name, look, next) => {
    output.progress(output.say(`檢查${name}`, `checking ${name}`));
    try {
      checks.push({ name, ok: true, seen: await look(), next: null });
    } catch (error) {
      const told = error instanceof Failure ? error.toData(output.language) : null;
      checks.push({ name, ok: false, seen: told?.message ?? String(error), next: told?.next ?? next });
    }
  };
  await check(
    "Node",
    nodeVersion,
    say("請安裝 Node.js 24，或以 npm run 啟動", "Install Node.js 24, or start through npm run."),
  );
  await check(say("時鐘", "clock"), () => clockNow(say), say("請校正電腦時間", "Set the computer's clock."));
  await check(
    say("中文字型", "Chinese fonts"),
    () => chineseFonts(say),
    say("請安裝中文字型，例如 apt-get install fonts-noto-cjk", "Install one, such as apt-get install fonts-noto-cjk."),
  );
  let config: Config | null = null;
  await check(
    say("設定檔", "configuration"),
    async () => {
      config = await loadConfig(options.config);
      const { length } = config.companies;
      const { address } = config.portal;
      const former = (await formerNamesIn(options.config)).map(({ place, now }) => `${place} → ${now}`).join("、");
      return [
        say(`${length} 家公司，平台 ${address}`, `${length} companies, portal ${address}`),
        former === ""
          ? ""
          : say(`；這些設定用的是舊名稱，照舊可用：${former}`, `; former names, still taken: ${former}`),
      ].join("");
    },
    say("請依訊息修正設定檔", "Mend the configuration as the message says."),
  );
  if (config) await checkInstallation(config, check, say);
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

type Say = (zh: string, en: string) => string;
type LookAt = (name: string, look: () => Promise<string>, next: string) => Promise<void>;

async function checkInstallation(config: Config, check: LookAt, say: Say): Promise<void> {
  const writeTo = say("請確認資料夾可以寫入", "See that the folder can be written to.");
  await check(
    say("瀏覽器與顯示環境", "browser and display"),
    () => browser(config, say),
    say("請安裝 Chrome、Edge 或 Chromium", "Install Chrome, Edge or Chromium."),
  );
  await check(say("執行資料庫", "run database"), () => store(config), writeTo);
  await check(say("紀錄資料夾", "folder of records"), () => writable(config.recordings.folder), writeTo);
  await check(
    say("密碼保管處", "stored passwords"),
    () => secrets(config, say),
    say("請解鎖鑰匙圈或確認密碼庫設定", "Unlock the keychain, or see to the vault in the configuration."),
  );
  if (config.mailbox)
    await check(
      say("收信信箱", "mailbox"),
      () => mailbox(config, say),
      say("請確認 mailbox 設定", "See to mailbox in the configuration."),
    );
  if (config.mail)
    await check(
      say("寄信", "outgoing mail"),
      () => outgoing(config, say),
      say("請確認 mail 設定", "See to mail in the configuration."),
    );
  await check(
    say("平台", "portal"),
    () => checkPortal(config, say),
    say("請確認網路，或稍後再試", "See to the network, or try again later."),
  );
}

function nodeVersion(): Promise<string> {
  return Promise.resolve(process.version);
}

function clockNow(say: Say): Promise<string> {
  const now = new Date();
  const shown = (locale: string): string => now.toLocaleString(locale, { timeZone: "Asia/Taipei" });
  return Promise.resolve(say(`台北時間 ${shown("zh-TW")}`, `${shown("en-GB")} in Taipei`));
}

/** The fonts of this machine that have Chinese. @throws Error where there is none, or the system does not say */
export async function chineseFonts(say: Say = (zh) => zh): Promise<string> {
  if (process.platform !== "linux") return say("由作業系統提供", "the system's own");
  const { stdout } = await promisify(execFile)("fc-list", [":lang=zh", "family"], {
    timeout: STALL_LIMITS.system,
    killSignal: KILL_SIGNAL,
  });
  const fonts = stdout.split("\n").filter((line) => line !== "");
  if (fonts.length === 0)
    throw new Error(say("沒有中文字型，頁面上的中文會變成方框", "there is none: Chinese on pages would be boxes"));
  return fonts[0] ?? "";
}

async function browser(config: Config, say: Say): Promise<string> {
  const opened = await browserHost(config.browser).newContext();
  try {
    const page = await opened.context.newPage();
    const agent = await page.evaluate(() => navigator.userAgent);
    const windowed = agent.includes("Headless")
      ? say(
          "無視窗：正式平台會拒絕，請在設定拿掉 headless",
          "no window: the real portal refuses that; take headless out of the configuration",
        )
      : whereShown(say);
    return `${opened.version}（${windowed}）`;
  } finally {
    await opened.close();
  }
}

/** On a server the robot starts a virtual display for the time of its visits; Windows and macOS need none. */
function whereShown(say: Say): string {
  if (process.platform !== "linux") return say("有視窗", "with a window");
  const shown = process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"];
  return shown
    ? say(`有視窗，顯示在 ${shown}`, `with a window, on ${shown}`)
    : say(
        "有視窗，顯示在機器人自己啟動的虛擬螢幕（Xvfb），用完就關；要有人操作的驗證請在有螢幕的電腦做",
        "with a window, on a virtual display (Xvfb) that the robot starts and ends; what a person has to do needs a computer with a screen",
      );
}

async function store(config: Config): Promise<string> {
  const where = await storeConfigOf(config);
  const opened = await openStore(where);
  await opened.destroy();
  if (where.kind === "sqlite") assertSafePlace(where.file);
  return databaseLocation(where);
}

/** The locks of SQLite hold on a disk of this computer, in the journal mode that the robot sets. */
function assertSafePlace(file: string): void {
  const path = realPath(file);
  const trouble = placeTrouble(path, thisComputer());
  if (trouble !== null) {
    throw new Failure("config-invalid", {
      wanted: "資料庫（store.file）放在這台電腦自己的磁碟",
      en: { wanted: "the database (store.file) on a disk of this computer" },
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

async function secrets(config: Config, say: Say): Promise<string> {
  const opened = await openSecretStore(config.secrets, new Redactor());
  const names = await opened.list();
  const where =
    opened.provider === "keychain" ? say("作業系統的鑰匙圈", "the system's keychain") : say("加密檔", "the vault");
  const missing = config.companies.filter((company) => !names.includes(portalPasswordName(config, company)));
  const lacking =
    missing.length === 0
      ? ""
      : say(`；還沒有平台密碼的公司：${namesOf(missing, "、")}`, `; no portal password yet: ${namesOf(missing, ", ")}`);
  const without = config.companies.filter(
    ({ platform }) => platform && !names.includes(platformPasswordName(platform)),
  );
  const alsoLacking =
    without.length === 0
      ? ""
      : say(
          `；還沒有加值平台密碼的公司：${namesOf(without, "、")}`,
          `; no password of the value-added platform yet: ${namesOf(without, ", ")}`,
        );
  return `${where}${say(`，${names.length} 筆`, `, ${names.length} of them`)}${lacking}${alsoLacking}`;
}

function namesOf(companies: readonly { readonly name: string }[], between: string): string {
  return companies.map(({ name }) => name).join(between);
}

async function mailbox(config: Config, say: Say): Promise<string> {
  const { mailbox: settings } = config;
  if (!settings) return "";
  const redactor = new Redactor();
  const secretStore = await openSecretStore(config.secrets, redactor);
  const box = mailboxOf(settings, await mailboxCredentials(settings, secretStore, redactor));
  try {
    await box.mark();
    return `${settings.user}@${settings.host}${say("，可以登入", ", signed in")}`;
  } finally {
    await box.close();
  }
}

/** Signs in to the server and sends nothing. */
async function outgoing(config: Config, say: Say): Promise<string> {
  const { mail: settings } = config;
  if (!settings) return "";
  await (await transportFor(config, settings)).check();
  const server = `${settings.host}:${settings.port}`;
  return say(
    `${server} 可以寄信，收件人 ${settings.to.join("、")}`,
    `${server} takes mail, for ${settings.to.join(", ")}`,
  );
}

/** What the portal's front page answers. @throws Failure `portal-down`, and where the connection is not trusted */
export async function checkPortal(config: Pick<Config, "portal">, say: Say = (zh) => zh): Promise<string> {
  const { address } = config.portal;
  const response = await fetch(address, {
    redirect: "manual",
    signal: AbortSignal.timeout(STALL_LIMITS.portalLook),
  }).catch((error: unknown) => {
    throw connectionFailure(error, "portal-down", address);
  });
  return `${config.portal.address} ${say("回應", "answers")} ${response.status}`;
}
