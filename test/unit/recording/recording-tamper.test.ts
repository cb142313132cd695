import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type EventLine, lineOf, nextEvent } from "../../../robot/recording/format/chain.ts";
import { sha256 } from "../../../robot/lib/hash.ts";
import { documentText, readManifest, sealManifest } from "../../../robot/recording/format/documents.ts";
import { type Verdict, verifyRun } from "../../../robot/recording/verification/verify.ts";
import { writeZip } from "../../../robot/lib/zip.ts";
import { JPEG } from "../../support/recording/recording-samples.ts";
import { eventsOf, record, temporaryRoot } from "../../support/recording/recording-support.ts";

/** A run with every kind of event and file. */
async function recordedRun(end: boolean): Promise<string> {
  const root = temporaryRoot();
  const recorder = await record(root);
  await recorder.event("step.done", { name: "登入" });
  await recorder.picture("清單", JPEG, { step: "list" });
  await recorder.file("字軌.csv", Buffer.from("年期別,字軌\n11512,AB\n"), { direction: "in", origin: "portal" });
  await recorder.event("step.done", { name: "取號" });
  const zip = join(root, "raw.zip");
  await writeZip(zip, oneMember("trace.trace", '{"type":"context-options"}\n'));
  await recorder.trace("visit-1", zip);
  await recorder.event("step.done", { name: "下載" });
  await (end ? recorder.end({ outcome: "done", summary: { tracks: ["AB"] } }) : recorder.suspend());
  return recorder.folder;
}

async function* oneMember(name: string, text: string) {
  yield { name, bytes: Buffer.from(text) };
}

/** Does something to a copy of a run and says what `verify` finds. */
async function after(folder: string, change: (copy: string) => void): Promise<Verdict> {
  const copy = join(temporaryRoot(), "run");
  cpSync(folder, copy, { recursive: true });
  change(copy);
  return verifyRun(copy);
}

async function afterLines(folder: string, change: (lines: string[]) => string[]): Promise<Verdict> {
  return after(folder, (copy) => {
    const file = join(copy, "events.jsonl");
    writeFileSync(
      file,
      change(linesOf(copy))
        .map((line) => `${line}\n`)
        .join(""),
    );
  });
}

function linesOf(folder: string): string[] {
  return readFileSync(join(folder, "events.jsonl"), "utf8").split("\n").slice(0, -1);
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => path.replaceAll("\\", "/"));
}

function tampered(kind: string, where: object) {
  return { verdict: "tampered", problem: { kind, ...where } };
}

describe.each([
  ["an ended run", true],
  ["a run that was not ended", false],
])("every line of %s", (_name, end) => {
  let folder = "";
  let lines: string[] = [];
  let events: EventLine[] = [];
  // A run that was not ended may always have had more at its end: nothing inside its folder can tell.
  let last = 0;

  async function setUp() {
    folder = await recordedRun(end);
    lines = linesOf(folder);
    events = eventsOf(folder);
    last = end ? lines.length : lines.length - 1;
    expect(await verifyRun(folder)).toMatchObject({ verdict: end ? "intact" : "interrupted" });
  }

  test("changed: its content, its form, and with its own hash made right again", async () => {
    await setUp();
    for (const [index, event] of events.entries()) {
      const changed = tampered("changed", { file: "events.jsonl", line: index + 1 });
      const replace = (line: string) => afterLines(folder, (all) => all.with(index, line));
      const text = lines[index] ?? "";
      expect(await replace(text.replace('"seq"', '"sEq"'))).toMatchObject(changed);
      expect(await replace(text.replace(":", ": "))).toMatchObject(changed);
      expect(await replace(text.replace(/"time":"2/, '"time":"3'))).toMatchObject(changed);
      // At the end of a run that was not ended nothing tells which of two lines is the true one, or that the last is not.
      if (!end && index >= last - 1) continue;
      const forged = nextEvent({ seq: event.seq - 1, hash: event.prevHash }, new Date(0), event.type, event.data);
      expect(await replace(lineOf(forged).trimEnd())).toMatchObject(changed);
    }
  });

  test("removed, alone and with others", async () => {
    await setUp();
    for (let index = 0; index < last; index++) {
      for (const count of [1, 2, 3].filter((count) => index + count <= last)) {
        const gone = { file: "events.jsonl", fromEvent: index + 1, toEvent: index + count };
        const isTail = index + count === lines.length;
        const expected = isTail ? tampered("cut-off", gone) : tampered("removed", { ...gone, line: index + 1 });
        expect(await afterLines(folder, (all) => all.toSpliced(index, count))).toMatchObject(expected);
      }
    }
  });

  test("inserted: garbage, an empty line, a copy, and a forged event that fits", async () => {
    await setUp();
    for (let index = 0; index <= last; index++) {
      const insert = (line: string) => afterLines(folder, (all) => all.toSpliced(index, 0, line));
      const problem = { file: "events.jsonl", line: index + 1 };
      // After the last line, what is no event could as well have been one.
      const garbage = index < lines.length ? tampered("inserted", problem) : { verdict: "tampered", problem };
      expect(await insert('{"seq":1}')).toMatchObject(garbage);
      expect(await insert("")).toMatchObject(garbage);
      expect(await insert(lines[(index + 3) % lines.length] ?? "")).toMatchObject({ verdict: "tampered", problem });
      if (!end && index === last) continue;
      const before = events[index - 1] ?? { seq: 0, hash: "0".repeat(64) };
      const forged = nextEvent(before, new Date(0), "step.done", {});
      expect(await insert(lineOf(forged).trimEnd())).toMatchObject(tampered("inserted", problem));
    }
  });

  test("reordered: swapped with the next, and moved anywhere", async () => {
    await setUp();
    for (let from = 0; from < last; from++) {
      for (let to = 0; to < last; to++) {
        if (from === to) continue;
        const verdict = await afterLines(folder, (all) => all.toSpliced(from, 1).toSpliced(to, 0, all[from] ?? ""));
        const line = Math.min(from, to) + 1;
        expect(verdict).toMatchObject(tampered("reordered", { file: "events.jsonl", line }));
      }
    }
  });
});

describe("an ended run", () => {
  let folder = "";
  const setUp = async () => {
    folder = await recordedRun(true);
  };

  test("cut off anywhere, also within a line, is cut off and not merely interrupted", async () => {
    await setUp();
    const file = "events.jsonl";
    const bytes = readFileSync(join(folder, file));
    const toEvent = linesOf(folder).length;
    for (let end = 0; end < bytes.length; end += 61) {
      const whole = bytes.subarray(0, end).toString().split("\n").length - 1;
      const verdict = await after(folder, (copy) => writeFileSync(join(copy, file), bytes.subarray(0, end)));
      expect(verdict).toMatchObject(tampered("cut-off", { file, fromEvent: whole + 1, toEvent }));
    }
  });

  test("with any other file changed, cut, longer, gone, renamed or new: the file is named", async () => {
    await setUp();
    const files = filesOf(folder).filter((path) => path !== "events.jsonl");
    expect(files.toSorted()).toEqual([
      "files/0004-字軌.csv",
      "manifest.json",
      "pictures/0003-清單.jpg",
      "run.json",
      "traces/visit-1.zip",
    ]);
    for (const file of files) {
      const { length } = readFileSync(join(folder, file));
      for (const at of [0, 1, Math.floor(length / 2), length - 1]) {
        expect(await after(folder, (copy) => flip(join(copy, file), at))).toMatchObject(tampered("changed", { file }));
      }
      const cut = (copy: string) => writeFileSync(join(copy, file), readFileSync(join(copy, file)).subarray(0, -1));
      expect(await after(folder, cut)).toMatchObject(tampered("changed", { file }));
      expect(await after(folder, (copy) => appendFileSync(join(copy, file), " "))).toMatchObject(
        tampered("changed", { file }),
      );
      expect(await after(folder, (copy) => rmSync(join(copy, file)))).toMatchObject(tampered("missing", { file }));
      const rename = (copy: string) => renameSync(join(copy, file), join(copy, `${file}.old`));
      expect(await after(folder, rename)).toMatchObject(tampered("missing", { file }));
      const twin = (copy: string) => copyFileSync(join(copy, file), join(copy, `${file}.old`));
      expect(await after(folder, twin)).toMatchObject(tampered("added", { file: `${file}.old` }));
    }
  });

  test("with any byte of run.json or the manifest changed", async () => {
    await setUp();
    for (const file of ["run.json", "manifest.json"]) {
      const { length } = readFileSync(join(folder, file));
      for (let at = 0; at < length; at += 5) {
        expect(await after(folder, (copy) => flip(join(copy, file), at))).toMatchObject(tampered("changed", { file }));
      }
    }
  });

  test("with another outcome in run.json, and the manifest made to fit", async () => {
    await setUp();
    const verdict = await after(folder, (copy) => {
      const forged = readFileSync(join(copy, "run.json"), "utf8").replace('"outcome": "done"', '"outcome": "failed"');
      const manifest = readManifest(readFileSync(join(copy, "manifest.json"), "utf8"));
      if (manifest === null) throw new Error("The manifest can't be read.");
      const { hash: _hash, ...open } = manifest;
      const entry = { path: "run.json", sha256: sha256(forged), bytes: Buffer.byteLength(forged) };
      const files = open.files.map((file) => (file.path === "run.json" ? entry : file));
      writeFileSync(join(copy, "run.json"), forged);
      writeFileSync(join(copy, "manifest.json"), documentText(sealManifest({ ...open, files })));
    });
    expect(verdict).toMatchObject(tampered("changed", { file: "run.json" }));
  });

  test("with a manifest that names a file of which no event tells: it has to be there and to be that file", async () => {
    await setUp();
    const named = (there: string | null) =>
      after(folder, (copy) => {
        const manifest = readManifest(readFileSync(join(copy, "manifest.json"), "utf8"));
        if (manifest === null) throw new Error("The manifest can't be read.");
        const { hash: _hash, ...open } = manifest;
        const entry = { path: "files/0099-x.csv", sha256: sha256("right"), bytes: 5 };
        if (there !== null) writeFileSync(join(copy, entry.path), there);
        const files = [...open.files, entry];
        writeFileSync(join(copy, "manifest.json"), documentText(sealManifest({ ...open, files })));
      });
    expect(await named(null)).toMatchObject(tampered("missing", { file: "files/0099-x.csv" }));
    expect(await named("wrong")).toMatchObject(tampered("changed", { file: "files/0099-x.csv" }));
  });

  test("with files added where pictures, files and traces are", async () => {
    await setUp();
    for (const file of ["note.txt", "pictures/0010-x.jpg", "files/0011-x.csv", "traces/visit-2.zip", "deep/er/x"]) {
      const add = (copy: string) => {
        mkdirSync(join(copy, file, ".."), { recursive: true });
        writeFileSync(join(copy, file), "x");
      };
      expect(await after(folder, add)).toMatchObject(tampered("added", { file }));
    }
  });

  test("without its events", async () => {
    await setUp();
    const verdict = await after(folder, (copy) => rmSync(join(copy, "events.jsonl")));
    expect(verdict).toMatchObject(tampered("missing", { file: "events.jsonl" }));
  });
});

describe("a run that was not ended", () => {
  test("with a file that no event can have been about to tell of", async () => {
    const folder = await recordedRun(false);
    const { length } = linesOf(folder);
    const add = (name: string) => after(folder, (copy) => writeFileSync(join(copy, "pictures", name), JPEG));
    const next = String(length + 1).padStart(4, "0");
    expect(await add(`${next}-x.jpg`)).toMatchObject({ verdict: "interrupted", unrecorded: `pictures/${next}-x.jpg` });
    expect(await add("0001-x.jpg")).toMatchObject(tampered("added", { file: "pictures/0001-x.jpg" }));
    expect(await add("x.jpg")).toMatchObject(tampered("added", { file: "pictures/x.jpg" }));
  });

  test("with a picture changed or gone, or the header in run.json changed", async () => {
    const folder = await recordedRun(false);
    const file = "pictures/0003-清單.jpg";
    expect(await after(folder, (copy) => flip(join(copy, file), 3))).toMatchObject(
      tampered("changed", { file, event: 3 }),
    );
    expect(await after(folder, (copy) => rmSync(join(copy, file)))).toMatchObject(
      tampered("missing", { file, event: 3 }),
    );
    const header = (copy: string) => {
      const run = join(copy, "run.json");
      writeFileSync(run, readFileSync(run, "utf8").replace("好好商店", "壞壞商店"));
    };
    expect(await after(folder, header)).toMatchObject(tampered("changed", { file: "run.json" }));
  });
});

describe("in words", () => {
  test("both languages name the file and the line", async () => {
    const folder = await recordedRun(true);
    const changed = await afterLines(folder, (lines) => lines.with(4, "x"));
    expect(changed.words).toEqual({ zh: "events.jsonl 第 5 行被改過。", en: "Line 5 of events.jsonl was changed." });
    const removed = await afterLines(folder, (lines) => lines.toSpliced(2, 2));
    expect(removed.words).toEqual({
      zh: "events.jsonl 第 3 行之前少了第 3 到第 4 個事件，被刪掉了。",
      en: "Before line 3 of events.jsonl, events 3 to 4 were removed.",
    });
    const cut = await afterLines(folder, (lines) => lines.slice(0, -1));
    expect(cut.words).toEqual({
      zh: "events.jsonl 的結尾被截掉：少了第 9 個事件。",
      en: "The end of events.jsonl was cut off: event 9 is missing.",
    });
    expect((await verifyRun(folder)).words.zh).toBe("紀錄完整：9 個事件與 5 個檔案都和當時留下的一樣。");
  });
});

/** Changes one byte so that it surely is another one, and mostly still a letter. */
function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0x01, at);
  writeFileSync(path, bytes);
}
