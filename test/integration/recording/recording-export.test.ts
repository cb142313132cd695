import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { exportRun } from "../../../robot/recording/export/export.ts";
import { readRecord, type RunRecord } from "../../../robot/recording/format/read.ts";
import type { Recorder } from "../../../robot/recording/writing/recorder.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { openRecorder } from "../../../robot/recording/writing/recorder.ts";
import { verifyRun } from "../../../robot/recording/verification/verify.ts";
import { findBrowser } from "../../../robot/setup/find-browser.mjs";
import { quickBrowser } from "../../support/kit/quick-browser.ts";
import { robot } from "../../support/kit/installation/robot-process.ts";
import { unzip } from "../../support/recording/recording-canaries.ts";
import { recordOffice } from "../../support/recording/recording-office.ts";
import { headerOf, JPEG } from "../../support/recording/recording-samples.ts";
import { eventsOf, record, temporaryRoot } from "../../support/recording/recording-support.ts";

let browser: Browser;
beforeAll(async () => {
  const executablePath = quickBrowser() ?? findBrowser({ env: process.env })?.executablePath;
  if (executablePath === undefined) throw new Error("These tests need a Chrome, Edge or Chromium.");
  browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
});
afterAll(() => browser.close());

/** What a page could do harm with, and what a careless writer would break on. */
const EVIL = `<script>document.title="evil"</script><img src=x onerror=alert(1)>"'&`;

/** A run that failed in its second step, with a picture of a real page and a file. */
async function failedRun(root: string): Promise<RunRecord> {
  const recorder = await record(root);
  await recorder.event("step.started", { step: "查詢配號" });
  await recorder.event("note", { line: EVIL });
  const page = await browser.newPage({ viewport: { width: 400, height: 300 } });
  await page.setContent("<h1>字軌號碼取號</h1>");
  await recorder.picture("查詢結果", await page.screenshot({ type: "jpeg", quality: 50 }), {});
  await page.close();
  await recorder.event("step.done", { step: "查詢配號" });
  await recorder.event("step.started", { step: "下載字軌檔" });
  await recorder.file('"><b>字軌.csv', Buffer.from("NQ,42519550\n"), { direction: "in", origin: "平台" });
  const failure = {
    code: "download-broken",
    message: "下載回來的檔案不完整。",
    next: "請再執行一次。",
    wanted: "11512 期的字軌檔",
    seen: "只有一行",
    pageSays: "查詢成功",
    page: "字軌號碼取號",
  };
  await recorder.event("step.failed", { step: "下載字軌檔", failure });
  await recorder.end({ outcome: "failed", failure });
  return recordIn(recorder);
}

async function recordIn({ folder }: Pick<Recorder, "folder">): Promise<RunRecord> {
  const read = await readRecord(folder);
  if (read === null) throw new Error(`${folder} is no record.`);
  return read;
}

/** The page as somebody opens it who was sent the file: from the disk, without a network and without programs in it. */
async function openOffline(file: string): Promise<{ page: Page; asked: string[] }> {
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  return { page, asked: asked.filter((url) => !url.startsWith("data:")) };
}

describe("a run exported as a page", () => {
  test("opens without a network, loads nothing, runs nothing, and shows its pictures", async () => {
    const root = temporaryRoot();
    const html = join(root, "run.html");
    await exportRun(await failedRun(root), { html, zip: null });
    const { page, asked } = await openOffline(html);
    expect(asked).toEqual([pathToFileURL(html).href]);
    expect(await page.title()).toBe("取號　好好商店　run-1");
    const widths = await page.locator("img").evaluateAll((images) => images.map((image) => image.clientWidth));
    expect(widths.length).toBe(2);
    expect(widths.filter((width) => width < 300)).toEqual([]);
    expect(await page.locator("script, iframe, link, [onerror]").count()).toBe(0);
    expect(await page.locator("#event-3").innerText()).toContain(EVIL);
    await page.context().close();
  });

  test("says what was asked and why it failed: wanted, page, seen, the page's words, what came before, what is next", async () => {
    const root = temporaryRoot();
    const html = join(root, "run.html");
    await exportRun(await failedRun(root), { html, zip: null });
    const { page } = await openOffline(html);
    const summary = await page.locator("main > section").first().innerText();
    for (const words of ["好好商店", "12345675", "115年11-12月（11512）", "07 一般稅額計算", "run-1"])
      expect(summary).toContain(words);
    const why = page.locator("section", { has: page.getByRole("heading", { name: "為什麼沒有完成" }) });
    const told = await why.innerText();
    for (const words of ["11512 期的字軌檔", "字軌號碼取號", "只有一行", "查詢成功", "請再執行一次。"])
      expect(told).toContain(words);
    expect(told).toContain("在這之前做完的：查詢配號");
    expect(told).toContain("平台上沒有任何改變");
    expect(await why.locator("img").count()).toBe(1);
    await page.context().close();
  });

  test("tells every event, and names every file with its hash", async () => {
    const root = temporaryRoot();
    const html = join(root, "run.html");
    const exported = await failedRun(root);
    await exportRun(exported, { html, zip: null });
    const { page } = await openOffline(html);
    const shown = await page.locator("ol.events > li").evaluateAll((items) => items.map(({ id }) => id));
    const told = exported.events.filter(({ type }) => type !== "step.started" && type !== "step.done");
    expect(shown).toEqual(told.map(({ seq }) => `event-${seq}`));
    const text = await page.locator("main").innerText();
    for (const { data } of exported.events.filter(({ type }) => type === "file" || type === "picture")) {
      const { path, sha256 } = z.looseObject({ path: z.string(), sha256: z.string() }).parse(data);
      expect(text).toContain(path);
      expect(text).toContain(sha256);
    }
    await page.context().close();
  });

  test("says that the record was altered, and where, before anything else", async () => {
    const root = temporaryRoot();
    const html = join(root, "run.html");
    const altered = await failedRun(root);
    const events = join(altered.folder, "events.jsonl");
    writeFileSync(events, readFileSync(events, "utf8").replace("查詢成功", "查詢失敗"));
    const { verdict } = await exportRun(await recordIn(altered), { html, zip: null });
    expect(verdict.verdict).toBe("tampered");
    const { page } = await openOffline(html);
    expect(await page.locator("section.bad").first().innerText()).toContain(verdict.words.zh);
    await page.context().close();
  });

  test("puts a hundred looks in which nothing came into one line", async () => {
    const root = temporaryRoot();
    const recorder = await record(root);
    for (let n = 1; n <= 100; n++) {
      await recorder.event("step.started", { step: `看第 ${n} 次` });
      await recorder.event("wait.looked", { wait: "配號結果", source: "mail", answer: null });
      await recorder.event("step.done", { step: `看第 ${n} 次` });
    }
    await recorder.event("step.started", { step: "下載" });
    await recorder.event("note", { line: "下載了" });
    await recorder.event("step.done", { step: "下載" });
    await recorder.end({ outcome: "done" });
    const html = join(root, "run.html");
    await exportRun(await recordIn(recorder), { html, zip: null });
    const { page } = await openOffline(html);
    const seen = await page.locator("main").innerText();
    expect(seen).toContain("100 個例行步驟，沒有新的結果");
    expect(seen).not.toContain("看第 50 次");
    expect(seen).toContain("下載了");
    await page.context().close();
  });
});

/** Unpacks an exported zip as anybody would. */
async function unpacked(zip: string): Promise<string> {
  const folder = join(temporaryRoot(), "unpacked");
  for (const { name, bytes } of await unzip(readFileSync(zip))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}

const run = (folder: string, command: string, ...args: string[]) =>
  spawnSync(command, args, { cwd: folder, encoding: "utf8", env: { PATH: process.env["PATH"] ?? "" } });

describe.skipIf(spawnSync("sha256sum", ["--version"]).status !== 0)("a run exported as a zip", () => {
  async function bundled(): Promise<{ exported: RunRecord; folder: string }> {
    const root = temporaryRoot();
    const exported = await failedRun(root);
    const zip = join(root, "run.zip");
    await exportRun(exported, { html: null, zip });
    return { exported, folder: await unpacked(zip) };
  }

  test("holds the whole record and is verified by sha256sum and a shell alone, to the same head", async () => {
    const { exported, folder } = await bundled();
    expect(await verifyRun(join(folder, "run-1"))).toEqual(await verifyRun(exported.folder));
    const sums = run(folder, "sha256sum", "-c", "--strict", "SHA256SUMS");
    expect({ status: sums.status, stderr: sums.stderr }).toEqual({ status: 0, stderr: "" });
    expect(sums.stdout.trimEnd().split("\n")).toHaveLength(5);
    const chain = run(folder, "sh", "verify-chain.sh");
    const head = eventsOf(exported.folder).at(-1);
    expect({ status: chain.status, said: chain.stdout }).toMatchObject({ status: 0 });
    expect(chain.stdout).toContain(`${head?.seq} events, head ${head?.hash}`);
    expect(readFileSync(join(folder, "VERIFY.txt"), "utf8")).toContain("sha256sum -c SHA256SUMS");
  });

  test("shows a file that was altered after the export, and one that was altered before it", async () => {
    const { exported, folder } = await bundled();
    const picture = "pictures/0004-查詢結果.jpg";
    appendFileSync(join(folder, "run-1", picture), "x");
    expect(run(folder, "sha256sum", "-c", "SHA256SUMS").stdout).toContain(`run-1/${picture}: FAILED`);
    appendFileSync(join(exported.folder, picture), "x");
    const zip = join(temporaryRoot(), "again.zip");
    await exportRun(await recordIn(exported), { html: null, zip });
    expect(run(await unpacked(zip), "sha256sum", "-c", "SHA256SUMS").stdout).toContain(`run-1/${picture}: FAILED`);
  });

  test("shows each line that was altered, removed, doubled or moved", async () => {
    const { folder } = await bundled();
    const file = join(folder, "run-1", "events.jsonl");
    const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
    const after = (changed: string[]) => {
      writeFileSync(file, changed.map((line) => `${line}\n`).join(""));
      return run(folder, "sh", "verify-chain.sh");
    };
    const brokenAt = (line: number) => ({
      status: 1,
      stderr: expect.stringContaining(`line ${line} of events.jsonl`),
    });
    for (const [index, line] of lines.entries()) {
      const changed = index % 2 === 0 ? line.replace(/"time":"2/, '"time":"3') : line.replace('"data"', '"dada"');
      expect(after(lines.with(index, changed))).toMatchObject(brokenAt(index + 1));
    }
    for (const index of [0, 4, lines.length - 2]) {
      expect(after(lines.toSpliced(index, 1))).toMatchObject(brokenAt(index + 1));
      expect(after(lines.toSpliced(index, 0, lines[index] ?? ""))).toMatchObject(brokenAt(index + 2));
      expect(after(lines.toSpliced(index, 1).toSpliced(index + 1, 0, lines[index] ?? ""))).toMatchObject(
        brokenAt(index + 1),
      );
    }
  });
});

describe("the command export", () => {
  test("writes both and answers with their hashes", async () => {
    const office = recordOffice();
    await failedRun(office.root);
    const { code, envelope } = await office.command("export", "run-1", "--out", "handed-out");
    expect({ code, ok: envelope.ok, failure: envelope.failure }).toEqual({ code: 0, ok: true, failure: null });
    expect(envelope.data).toMatchObject({
      runId: "run-1",
      verdict: "intact",
      files: [
        { name: "run-1.html", path: join(office.folder, "handed-out", "run-1.html") },
        { name: "run-1.zip", path: join(office.folder, "handed-out", "run-1.zip") },
      ],
    });
  });

  test("refuses a quarantined run: nothing of it leaves the machine", async () => {
    const office = recordOffice();
    const redactor = new Redactor();
    redactor.enrol("s3cret-of-the-portal", "portal password");
    const recorder = await openRecorder({ root: office.root, header: headerOf("run-1"), redactor });
    await recorder.picture("x", Buffer.concat([JPEG, Buffer.from("s3cret-of-the-portal")]), {});
    await recorder.end({ outcome: "done" });
    const { code, envelope } = await office.command("export", "run-1");
    expect({ code, failure: envelope.failure?.code }).toEqual({ code: 3, failure: "record-quarantined" });
  });

  test("names an altered record in words, in the envelope and by its exit code", async () => {
    const office = recordOffice();
    const { folder } = await failedRun(office.root);
    appendFileSync(join(folder, "run.json"), " ");
    const { code, envelope } = await office.command("verify", "run-1");
    expect({ code, failure: envelope.failure?.code }).toEqual({ code: 1, failure: "record-altered" });
    expect(envelope.failure?.message).toContain("run.json");
    const told = await robot(office, ["verify", "run-1", "--lang", "en"]);
    expect(told.stderr).toContain("The file run.json was changed.");
  });
});
