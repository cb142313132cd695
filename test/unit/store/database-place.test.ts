import { mkdtempSync, rmSync, symlinkSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openStore } from "../../../robot/store/store.ts";
import {
  type Computer,
  drivesIn,
  journalMode,
  mountsIn,
  mountsOfMac,
  placeTrouble,
  realPath,
  thisComputer,
} from "../../../robot/store/database-place.ts";

const PLAIN: Computer = { platform: "linux", mounts: [], mappedDrives: [], syncedFolders: [], exists: () => false };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "database-place-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe("where the database lies", () => {
  test.each([
    "\\\\server\\share\\robot.sqlite",
    "//server/share/robot.sqlite",
    "\\\\?\\UNC\\server\\share\\robot.sqlite",
    "C:\\Users\\陳\\OneDrive\\robot\\robot.sqlite",
    "C:\\Users\\陳\\OneDrive - 記帳士事務所\\robot.sqlite",
    "/Users/chen/Library/CloudStorage/GoogleDrive-a@example.com/My Drive/robot.sqlite",
    "/Users/chen/Library/Mobile Documents/com~apple~CloudDocs/robot.sqlite",
    "/home/chen/Dropbox/robot.sqlite",
    "/home/chen/Dropbox (Office)/robot.sqlite",
    "G:\\我的雲端硬碟\\robot.sqlite",
    "C:\\Users\\chen\\iCloudDrive\\robot.sqlite",
    "/home/chen/SynologyDrive/robot.sqlite",
    "/home/chen/Nextcloud/robot.sqlite",
  ])("%s is warned of by its name", (path) => {
    expect(placeTrouble(path, PLAIN)).toMatch(/網路|同步/);
  });

  test.each([
    "C:\\robot\\robot.sqlite",
    "\\\\?\\C:\\robot\\robot.sqlite",
    "/var/lib/robot/robot.sqlite",
    "/home/chen/Documents/robot.sqlite",
    "/home/chen/einvoice-robot/robot.sqlite",
    "D:\\Boxes\\robot.sqlite",
  ])("%s is a place like any other", (path) => {
    expect(placeTrouble(path, PLAIN)).toBeNull();
  });

  test.each(["nfs4", "nfs", "cifs", "smb3", "fuse.sshfs", "9p", "fuse.rclone", "virtiofs", "vboxsf"])(
    "a file system of kind %s is warned of, the one below it is not",
    (kind) => {
      const mounts = mountsIn(`/dev/sda1 / ext4 rw 0 0\nserver:/x /mnt/office\\040data ${kind} rw 0 0\n`);
      expect(placeTrouble("/mnt/office data/robot.sqlite", { ...PLAIN, mounts })).toContain(kind);
      expect(placeTrouble("/mnt/office/robot.sqlite", { ...PLAIN, mounts })).toBeNull();
      const local = [...mounts, { at: "/mnt/office data/local", kind: "ext4" }];
      expect(placeTrouble("/mnt/office data/local/robot.sqlite", { ...PLAIN, mounts: local })).toBeNull();
    },
  );

  test("a mapped drive, a share of a Mac and a folder that says itself that it is synchronised are warned of", () => {
    const printed =
      "OK           Z:        \\\\server\\share        Microsoft Windows Network\r\n             P:  \\\\nas\\p\r\n";
    const windows: Computer = { ...PLAIN, platform: "win32", mappedDrives: drivesIn(printed) };
    expect(windows.mappedDrives).toEqual(["Z:", "P:"]);
    expect(placeTrouble("z:\\robot\\robot.sqlite", windows)).toContain("Z:");
    expect(placeTrouble("C:\\robot\\robot.sqlite", windows)).toBeNull();
    const mounts = mountsOfMac(
      "//chen@nas/share on /Volumes/share (smbfs, nodev, nosuid)\n/dev/disk1 on / (apfs, local)\n",
    );
    expect(placeTrouble("/Volumes/share/robot.sqlite", { ...PLAIN, mounts })).toContain("smbfs");
    expect(placeTrouble("D:\\Office\\robot.sqlite", { ...windows, syncedFolders: ["D:\\Office"] })).toContain("同步");
    const marked = { ...PLAIN, exists: (path: string) => path === "/data/shared/.stfolder" };
    expect(placeTrouble("/data/shared/robot/robot.sqlite", marked)).toContain("/data/shared");
  });

  test("a link into a synchronised folder is followed", () => {
    const base = folder();
    mkdirSync(join(base, "Dropbox"));
    symlinkSync(join(base, "Dropbox"), join(base, "data"));
    expect(placeTrouble(realPath(join(base, "data", "var", "robot.sqlite")), thisComputer())).toContain("Dropbox");
  });

  test("the journal mode is read back from the database as it is", async () => {
    const file = join(folder(), "robot.sqlite");
    const store = await openStore({ kind: "sqlite", file });
    await store.destroy();
    expect(journalMode(file)).toBe("wal");
    const empty = join(folder(), "other.sqlite");
    writeFileSync(empty, "");
    expect(journalMode(empty)).toBe("delete");
  });
});
