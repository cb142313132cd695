import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { logEvents } from "../../../robot/log/events.ts";
import { type LogSettings, openLog } from "../../../robot/log/log.ts";
import { openRecorder } from "../../../robot/recording/writing/recorder.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { encoders, findCanary } from "../../support/recording/recording-canaries.ts";
import { headerOf, JPEG } from "../../support/recording/recording-samples.ts";
import { eventsOf, temporaryRoot } from "../../support/recording/recording-support.ts";

const SETTINGS: Omit<LogSettings, "folder"> = { level: "info", maxBytes: 10_000_000, keep: 5 };
const PASSWORD = `Pw"a&b+c%41<d>\\e'é🔑密 /f`;

const lineSchema = z.looseObject({ level: z.string(), time: z.iso.datetime(), pid: z.int(), msg: z.string() });

function filesIn(folder: string): string[] {
  return readdirSync(folder).sort();
}

/** All lines of all files; each must be JSON of its own. */
function linesIn(folder: string): z.infer<typeof lineSchema>[] {
  return filesIn(folder)
    .flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n"))
    .filter((line) => line !== "")
    .map((line) => lineSchema.parse(JSON.parse(line)));
}

test("each line is JSON of its own, with time, level and the run's id", async () => {
  const folder = temporaryRoot();
  const log = await openLog({ ...SETTINGS, folder });
  log.write("info", "serve began", { schedules: 2 });
  log.ofRun("run-1", new Redactor()).write("warn", "step.failed", { step: "取號", failure: "page-changed" });
  await log.close();
  expect(linesIn(folder)).toMatchObject([
    { level: "info", msg: "serve began", schedules: 2, pid: process.pid },
    { level: "warn", msg: "step.failed", run: "run-1", step: "取號", failure: "page-changed" },
  ]);
});

test("each event of a record is a line with its number, and long texts stay in the record", async () => {
  const root = temporaryRoot();
  const folder = join(root, "logs");
  const log = await openLog({ ...SETTINGS, folder });
  const redactor = new Redactor();
  const noted = logEvents(log.ofRun("run-1", redactor));
  const recorder = await openRecorder({ root, header: headerOf("run-1"), redactor, noted });
  await recorder.event("step.started", { step: "取號", why: "x".repeat(500) });
  await recorder.picture("登入後", JPEG, {});
  await recorder.event("step.failed", { step: "取號", failure: { code: "portal-down", message: "…", next: "…" } });
  await recorder.end({ outcome: "failed" });
  await log.close();
  const lines = linesIn(folder);
  expect(lines.map(({ msg, seq }) => [msg, seq])).toEqual(
    eventsOf(recorder.folder).map(({ type, seq }) => [type, seq]),
  );
  expect(lines[1]).toMatchObject({ run: "run-1", step: "取號" });
  expect(lines[1]).not.toHaveProperty("why");
  expect(lines[3]).toMatchObject({ level: "warn", failure: "portal-down" });
});

describe("a secret", () => {
  test("is in no line, however it is written, in the message or beside it, of its run, another one or none", async () => {
    const folder = temporaryRoot();
    const log = await openLog({ ...SETTINGS, folder });
    const redactor = new Redactor();
    redactor.enrol(PASSWORD, "portal password");
    const mine = log.ofRun("run-1", redactor);
    const other = log.ofRun("run-2", new Redactor());
    const writers = [mine, other, log];
    const say = () => {
      for (const encode of Object.values(encoders)) {
        const text = encode(PASSWORD);
        for (const to of writers) {
          to.write("info", `fill("${text}")`, { [text]: text, list: [{ deep: text }] });
          to.write("error", String(new Error(text).stack));
        }
      }
    };
    say();
    mine.close();
    say();
    await log.close();
    expect(await findCanary(folder, PASSWORD)).toEqual([]);
    const lines = linesIn(folder);
    expect(lines).toHaveLength(2 * 2 * 3 * Object.keys(encoders).length);
    expect(JSON.stringify(lines)).toContain("[secret:portal password]");
  });

  test("that an address carries is in no line, though nobody has told the log of it: a token with somebody's card in it", async () => {
    const folder = temporaryRoot();
    const log = await openLog({ ...SETTINGS, folder });
    const base64 = (text: string): string => Buffer.from(text).toString("base64url");
    const claims = JSON.stringify({ card_no1: base64("EINV70031592"), card_no2: base64("HX88210467") });
    const token = base64(
      `${base64('{"alg":"HS256"}')}.${base64(claims)}.${base64("signature-of-32-bytes-or-so-----")}`,
    );
    const address = `https://www.einvoice.nat.gov.tw/portal/btc/btc103w/main/${token}`;
    log.write("error", `停在 ${address}`, { address, stack: `Error: ${encodeURIComponent(address)}` });
    log.ofRun("run-1", new Redactor()).write("warn", "step.failed", { page: address });
    await log.close();
    expect(linesIn(folder)).toHaveLength(2);
    for (const part of [token, token.slice(0, 40), token.slice(-40)])
      expect(await findCanary(folder, part)).toEqual([]);
  });

  test("is found by the same search when nobody had told the log of it", async () => {
    const folder = temporaryRoot();
    const log = await openLog({ ...SETTINGS, folder });
    log.write("info", PASSWORD);
    await log.close();
    expect(await findCanary(folder, PASSWORD)).not.toEqual([]);
  });
});

describe("the files", () => {
  test("are begun anew when one is full, and only so many are kept", async () => {
    const folder = temporaryRoot();
    const log = await openLog({ ...SETTINGS, folder, maxBytes: 10_000, keep: 3 });
    for (let n = 0; n < 600; n++) {
      log.write("info", "x".repeat(200), { n });
      await new Promise(setImmediate);
    }
    await log.close();
    expect(filesIn(folder).length).toBeGreaterThan(1);
    expect(filesIn(folder).length).toBeLessThanOrEqual(4);
    for (const file of filesIn(folder)) expect(statSync(join(folder, file)).size).toBeLessThan(20_000);
    expect(linesIn(folder).at(-1)).toMatchObject({ n: 599 });
  });

  test("can't be read by others on the machine", async (context) => {
    if (process.platform === "win32") context.skip();
    const folder = join(temporaryRoot(), "logs");
    const log = await openLog({ ...SETTINGS, folder });
    log.write("info", "x");
    await log.close();
    const modes = [folder, ...filesIn(folder).map((file) => join(folder, file))].map((path) => statSync(path).mode);
    expect(modes.filter((mode) => (mode & 0o077) !== 0)).toEqual([]);
  });

  test("hold every whole line of several processes, also when these are killed", async () => {
    const folder = temporaryRoot();
    const script = join(import.meta.dirname, "../../support/log-child.ts");
    const children = ["a", "b"].map((name) =>
      spawn(process.execPath, [script, folder, name, "300"], { stdio: ["ignore", "pipe", "inherit"] }),
    );
    await Promise.all(
      children.map(async (child) => {
        await once(child.stdout, "data");
        child.kill("SIGKILL");
        await once(child, "exit");
      }),
    );
    const lines = linesIn(folder);
    for (const name of ["a", "b"]) {
      const numbers = lines.filter((line) => line["name"] === name).map((line) => line["n"]);
      expect(new Set(numbers).size).toBe(300);
    }
  });

  test("take nothing more, and throw nothing, once they are closed", async () => {
    const folder = temporaryRoot();
    const log = await openLog({ ...SETTINGS, folder });
    const late = log.ofRun("run-1", new Redactor());
    await log.close();
    late.write("error", "too late");
    expect(linesIn(folder)).toEqual([]);
  });

  test("on a full disk stop nothing and go on when there is room", async (context) => {
    const root = temporaryRoot();
    // A real small disk; making one needs the right to mount.
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", root]).status !== 0) context.skip();
    onTestFinished(() => void spawnSync("umount", ["-l", root]));
    const log = await openLog({ ...SETTINGS, folder: root });
    writeFileSync(join(root, "ballast"), Buffer.alloc(48_000));
    for (let n = 0; n < 60; n++) log.write("info", "x".repeat(500), { n });
    writeFileSync(join(root, "ballast"), "");
    log.write("info", "room again");
    await log.close();
    const text = filesIn(root)
      .filter((name) => name.endsWith(".log"))
      .map((name) => readFileSync(join(root, name), "utf8"))
      .join("");
    expect(text).toContain('"n":0');
    expect(text).toContain("room again");
  });

  test("are not made where nothing is to be written", async () => {
    const folder = join(temporaryRoot(), "logs");
    const log = await openLog({ ...SETTINGS, folder, level: "silent" });
    log.write("error", "x");
    log.ofRun("run-1", new Redactor()).write("error", "x");
    await log.close();
    expect(() => readdirSync(folder)).toThrow("ENOENT");
  });
});
