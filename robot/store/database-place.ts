import { existsSync, readFileSync, realpathSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { dirname, parse, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { KILL_SIGNAL, STALL_LIMITS } from "../lib/stall-limits.ts";

/** What of a computer decides whether the locks of a file hold; read by {@link thisComputer}. */
export type Computer = {
  readonly platform: NodeJS.Platform;
  /** Where file systems are mounted and of which kind; on Linux and macOS. */
  readonly mounts: readonly { readonly at: string; readonly kind: string }[];
  /** Drive letters (`Z:`) that stand for a folder of another computer; on Windows. */
  readonly mappedDrives: readonly string[];
  /** Folders that a program synchronises, as it says itself. */
  readonly syncedFolders: readonly string[];
  readonly exists: (path: string) => boolean;
};

const NETWORK_KINDS =
  /^(nfs\d?|cifs|smb\d?|smbfs|afpfs|afs|9p|virtiofs|vboxsf|prl_fs|ncpfs|ceph|glusterfs|lustre|davfs|webdav|coda|ocfs2|gfs2|beegfs|drvfs)$|^(fuse|osxfuse|macfuse)\.?(sshfs|rclone|s3fs|davfs2?|glusterfs|ceph|smbnetfs|curlftpfs|gcsfuse|google-drive-ocamlfuse|onedriver|vmhgfs-fuse|juicefs|goofys|gvfsd-fuse)$/i;

/** Names of folders that programs synchronise. */
const SYNCED =
  /^(OneDrive.*|SkyDrive|Dropbox(\s*\(.+\))?|Google ?Drive.*|GoogleDrive.*|My Drive|我的雲端硬碟|雲端硬碟|iCloud ?Drive|Mobile Documents|com~apple~CloudDocs|CloudStorage|Synology ?Drive.*|CloudStation.*|Nextcloud.*|ownCloud.*|Box|Box ?Sync|MEGA(sync)?|pCloud ?(Drive|Sync)?|Tresorit.*|Proton ?Drive.*|Sync|Syncthing|Resilio ?Sync|BTSync|Seafile|Qsync|Yandex\.?Disk|Koofr|Egnyte.*|ASUS ?WebStorage|百度(网盘|網盤).*|坚果云.*)$/i;

/** What such programs leave in a folder of theirs. */
const MARKS = [
  ".dropbox",
  ".dropbox.cache",
  ".stfolder",
  ".sync",
  ".SynologyWorkingDirectory",
  ".tmp.drivedownload",
  ".nextcloudsync.log",
  ".owncloudsync.log",
  ".849C9593-D756-4E56-8D6E-42412F2A707B",
];

/**
 * Why a database file should not lie where it lies: in a folder of another computer the locks of SQLite do not hold, and a program that
 * synchronises it copies and replaces it while it is written.
 * @param path of the file, or of its folder; links have been followed
 * @returns null where nothing speaks against it
 */
export function placeTrouble(path: string, computer: Computer): string | null {
  if (/^[\\/]{2}(?![?.][\\/](?!UNC))/.test(path)) return `在網路上的資料夾（${path}），SQLite 的鎖在那裡不可靠`;
  const drive = /^([A-Za-z]:)/.exec(path)?.[1]?.toUpperCase();
  if (drive !== undefined && computer.mappedDrives.includes(drive))
    return `在網路磁碟機 ${drive}，SQLite 的鎖在那裡不可靠`;
  const mount = computer.mounts.filter(({ at }) => isWithin(path, at)).toSorted((a, b) => b.at.length - a.at.length)[0];
  if (mount !== undefined && NETWORK_KINDS.test(mount.kind))
    return `在網路檔案系統（${mount.at}，${mount.kind}），SQLite 的鎖在那裡不可靠`;
  const parts = path.split(/[\\/]+/);
  const named = parts.find((part) => SYNCED.test(part));
  if (named !== undefined) return `在同步資料夾「${named}」裡，同步程式會在寫到一半時複製或換掉它`;
  const synced = computer.syncedFolders.find((folder) => folder !== "" && isWithin(path, folder));
  if (synced !== undefined) return `在同步資料夾 ${synced} 裡，同步程式會在寫到一半時複製或換掉它`;
  const separator = path.includes("\\") ? "\\" : "/";
  const folders = parts.map((_, index) => parts.slice(0, index + 1).join(separator));
  const marked = folders.find(
    (folder) => folder !== "" && MARKS.some((mark) => computer.exists(`${folder}${separator}${mark}`)),
  );
  return marked === undefined ? null : `在同步資料夾 ${marked} 裡，同步程式會在寫到一半時複製或換掉它`;
}

function isWithin(path: string, folder: string): boolean {
  const [inner, outer] = [path, folder].map((one) => one.replaceAll("\\", "/").replace(/\/+$/, "").toLowerCase());
  return inner !== undefined && outer !== undefined && (inner === outer || inner.startsWith(`${outer}/`));
}

/** The path with its links followed, as far as it exists. */
export function realPath(path: string): string {
  const whole = resolve(path);
  let there = whole;
  while (!existsSync(there) && there !== parse(there).root) there = dirname(there);
  return realpathSync.native(there) + whole.slice(there.length);
}

export function thisComputer(env: NodeJS.ProcessEnv = process.env): Computer {
  const { platform } = process;
  return {
    platform,
    mounts:
      platform === "linux"
        ? mountsIn(readOr("/proc/self/mounts"))
        : platform === "darwin"
          ? mountsOfMac(said("mount", []))
          : [],
    mappedDrives: platform === "win32" ? drivesIn(said("net", ["use"])) : [],
    syncedFolders: ["OneDrive", "OneDriveCommercial", "OneDriveConsumer"].map((name) => env[name] ?? ""),
    exists: existsSync,
  };
}

/** `/proc/self/mounts`: device, place, kind; blanks are written in octal. */
export function mountsIn(text: string): { at: string; kind: string }[] {
  return text.split("\n").flatMap((line) => {
    const [, at, kind] = line.split(" ");
    if (at === undefined || kind === undefined) return [];
    return [
      {
        at: at.replaceAll(/\\([0-7]{3})/g, (_all, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
        kind,
      },
    ];
  });
}

/** `//user@server/share on /Volumes/share (smbfs, nodev)` */
export function mountsOfMac(text: string): { at: string; kind: string }[] {
  return Array.from(text.matchAll(/ on (.+) \(([\w.]+)[,)]/g), ([, at = "", kind = ""]) => ({ at, kind }));
}

/** The drive letters in what `net use` prints. */
export function drivesIn(text: string): string[] {
  return Array.from(text.matchAll(/(?:^|\s)([A-Z]:)\s+\\\\/gim), ([, drive = ""]) => drive.toUpperCase());
}

function said(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, {
      encoding: "utf8",
      timeout: STALL_LIMITS.system,
      killSignal: KILL_SIGNAL,
      windowsHide: true,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    // A system that does not answer tells of no mounts; the names of folders still do.
    return "";
  }
}

function readOr(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The journal mode of a database as it is, read back: not every file system lets SQLite set the one that was asked for. */
export function journalMode(file: string): string {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return String(Object.values(db.prepare("PRAGMA journal_mode").get() ?? {})[0] ?? "");
  } finally {
    db.close();
  }
}
