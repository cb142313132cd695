import {
  appendFile,
  chmod,
  link,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, test } from "vitest";
import { recordedFiles, readRecord, type RunRecord } from "../../../robot/recording/format/read.ts";
import { getRun } from "../../../robot/engine/runs/runs.ts";
import { openStore } from "../../../robot/store/store.ts";
import { type ConsoleOffice, openOffice, TODAY, type Visitor } from "../../support/kit/console/console.ts";
import { seedConsole, type Furnished } from "../../support/kit/console/seed-console.ts";
import { officeCompanies } from "../../support/kit/console/office.ts";
import { robot } from "../../support/kit/installation/robot-process.ts";
import { unzip } from "../../support/recording/recording-canaries.ts";

const SECRET = "AGE-SECRET-KEY-NOT-REALLY";
const OTHERS = 0o077;

describe("files of a record, exchanged by somebody who can write to its folder,", () => {
  let office: ConsoleOffice;
  let runs: Furnished;
  let operator: Visitor;
  let record: RunRecord;
  let secret: string;

  beforeAll(async () => {
    office = await openOffice(officeCompanies(5));
    runs = await seedConsole(office, TODAY, 10);
    operator = await office.visitor("operate");
    const read = await readRecord((await getRun(office.assembled.store, runs.good)).folder ?? "");
    if (!read) throw new Error("The run has no record.");
    record = read;
    secret = join(office.folder, "secret.txt");
    await writeFile(secret, SECRET);
  });
  afterAll(() => office.close());

  const addressOf = (path: string): string => {
    const [folder = "", name = ""] = path.split("/");
    const kind = { pictures: "picture", files: "file", traces: "trace-file" }[folder] ?? folder;
    return `/runs/${runs.good}/${kind}/${encodeURIComponent(name)}`;
  };
  const exported = async (format: "html" | "zip"): Promise<Buffer> =>
    (await operator.post(`/runs/${runs.good}/export`, { format })).bytes;
  /** All that a zip holds, as text. */
  const inZip = async (): Promise<string> =>
    (await unzip(await exported("zip"))).map(({ name, bytes }) => `${name}\n${bytes.toString("utf8")}`).join("\n");
  /** Puts something else in place of a file for the time of a test. */
  const exchanged = async (path: string, put: (at: string) => Promise<void>): Promise<void> => {
    const at = join(record.folder, path);
    await rename(at, `${office.folder}/kept`);
    onTestFinished(async () => {
      await rm(at, { force: true, recursive: true });
      await rename(`${office.folder}/kept`, at);
    });
    await put(at);
  };

  test.each(["a symbolic link", "a hard link", "other bytes", "other bytes of the same length"])(
    "are handed out by no address, preview, page or zip where there is %s instead",
    async (how) => {
      const paths = recordedFiles(record).map(({ path }) => path);
      expect(paths.length).toBeGreaterThan(1);
      for (const path of [paths[0] ?? "", paths.at(-1) ?? ""]) {
        const at = join(record.folder, path);
        const original = await readFile(at);
        expect((await operator.get(addressOf(path))).bytes).toEqual(original);
        await rm(at);
        try {
          if (how === "a symbolic link") await symlink(secret, at);
          else if (how === "a hard link") await link(secret, at);
          else if (how === "other bytes") await writeFile(at, SECRET);
          else await writeFile(at, Buffer.alloc(original.length, SECRET));
          for (const address of [addressOf(path), `${addressOf(path)}/preview`]) {
            const { status, text } = await operator.get(address);
            expect([address, status >= 400 && status < 500]).toEqual([address, true]);
            expect(text).not.toContain(SECRET);
          }
          expect((await exported("html")).toString("utf8")).not.toContain(Buffer.from(SECRET).toString("base64"));
          // Altered bytes go along as evidence, beside a hash that they don't match; what a link points to is no evidence.
          const isLink = how.endsWith("link");
          const all = await inZip();
          expect(all.includes(SECRET)).toBe(!isLink);
          expect(new RegExp(`沒有放進來的[^]*${basename(path).slice(0, 4)}`).test(all)).toBe(isLink);
        } finally {
          await rm(at, { force: true });
          await writeFile(at, original, { mode: 0o600 });
        }
      }
    },
  );

  it("are not followed out of the record where the list of events, a whole folder or something new is a link", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "einvoice-elsewhere-"));
    onTestFinished(() => rm(elsewhere, { recursive: true, force: true }));
    for (const { path } of recordedFiles(record)) await writeFile(join(elsewhere, basename(path)), SECRET);
    const folder = dirname(recordedFiles(record)[0]?.path ?? "");
    await symlink(secret, join(record.folder, "files", "9998-new.csv"));
    onTestFinished(() => rm(join(record.folder, "files", "9998-new.csv")));
    expect(await inZip()).not.toContain(SECRET);
    await exchanged(folder, (at) => symlink(elsewhere, at));
    expect(await inZip()).not.toContain(SECRET);
    for (const { path } of recordedFiles(record).filter((one) => one.path.startsWith(folder))) {
      const { status, text } = await operator.get(addressOf(path));
      expect([status >= 400 && status < 500, text.includes(SECRET)]).toEqual([true, false]);
    }
  });
});

describe("files that people upload", () => {
  const LEDGER = "發票號碼,發票日期,狀態,賣方統編\r\n";
  const send = async (
    office: ConsoleOffice,
    visitor: Visitor,
    bytes: Uint8Array<ArrayBuffer>,
  ): ReturnType<Visitor["send"]> => {
    const form = new FormData();
    const fields = {
      csrf: await visitor.csrf(),
      flow: "upload-blank-numbers",
      company: office.config.companies[0]?.ubn ?? "",
      period: "11510",
    };
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set("file", new File([bytes], "blank.csv"));
    const body = new Response(form);
    const headers = {
      "content-type": body.headers.get("content-type") ?? "",
      origin: new URL(office.console.url).origin,
    };
    return visitor.send("POST", "/start/review", headers, new Uint8Array(await body.arrayBuffer()));
  };

  it("take no more room than is set, however many come at once, and go when their time is over", async () => {
    const office = await openOffice(officeCompanies(5), {
      console: { port: 0, uploads: "uploads", uploadsMaxBytes: 100_000 },
    });
    onTestFinished(() => office.close());
    const operator = await office.visitor("operate");
    const uploads = join(office.folder, "uploads");
    const kept = async (): Promise<string[]> =>
      (await readdir(uploads, { recursive: true, withFileTypes: true }))
        .filter((one) => one.isFile() && one.name.endsWith(".csv"))
        .map((one) => join(one.parentPath, one.name));
    const sized = (n: number): Uint8Array<ArrayBuffer> => new TextEncoder().encode(`${LEDGER}${n}`.padEnd(30_000, " "));
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => send(office, operator, sized(n))));
    expect(answers.filter(({ text }) => text.includes("uploadsMaxBytes"))).toHaveLength(5);
    const files = await kept();
    expect(files).toHaveLength(3);
    for (const file of files) expect((await stat(file)).mode & OTHERS).toBe(0);
    const long = new Date(TODAY.getTime() - 31 * 86_400_000);
    for (const file of files) await utimes(file, long, long);
    expect((await send(office, operator, sized(99))).text).not.toContain("uploadsMaxBytes");
    expect(await kept()).toHaveLength(1);
  });
});

describe("what the robot keeps is for its own account", () => {
  it("the run database with all that lies beside it, also where an older one was open to others", async () => {
    const folder = await mkdtemp(join(tmpdir(), "einvoice-mode-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const before = process.umask(0o022);
    onTestFinished(() => void process.umask(before));
    const file = join(folder, "var", "robot.sqlite");
    const modes = async (): Promise<number[]> =>
      Promise.all(
        (await readdir(dirname(file))).map(async (name) => (await stat(join(dirname(file), name))).mode & OTHERS),
      );
    const store = await openStore({ kind: "sqlite", file });
    expect(await readdir(dirname(file))).toEqual(["robot.sqlite", "robot.sqlite-shm", "robot.sqlite-wal"]);
    expect(await modes()).toEqual([0, 0, 0]);
    expect((await stat(dirname(file))).mode & OTHERS).toBe(0);
    await store.destroy();
    await chmod(file, 0o644);
    const again = await openStore({ kind: "sqlite", file });
    expect(await modes()).toEqual([0, 0, 0]);
    await again.destroy();
  });

  it("and everything else that a command writes, whatever the umask of whoever calls it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "einvoice-mode-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const before = process.umask(0o022);
    onTestFinished(() => void process.umask(before));
    const configFile = join(folder, "robot.config.json");
    await writeFile(configFile, JSON.stringify({ portal: { address: "http://127.0.0.1:9" } }));
    await appendFile(join(folder, "tracks.csv"), "");
    for (const words of [["runs"], ["console", "link"], ["recordings", "heads", "--out", join(folder, "heads")]]) {
      await robot({ configFile, folder }, words);
    }
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    const made = names.filter(({ name }) => !["robot.config.json", "tracks.csv"].includes(name));
    expect(made.map(({ name }) => name)).toContain("robot.sqlite");
    for (const { parentPath, name } of made) {
      const path = join(parentPath, name);
      expect([path, (await stat(path)).mode & OTHERS]).toEqual([path, 0]);
    }
  });
});
