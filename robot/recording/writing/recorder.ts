import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, open, rename, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import type { Json } from "../../lib/json.ts";
import { type EventLine, FORMAT, type Head, lineOf, nextEvent, notBefore } from "../format/chain.ts";
import * as documents from "../format/documents.ts";
import type { RecordedOutcome, RunHeader } from "../format/documents.ts";
import { type Existing, RecordingError, resume } from "./resume.ts";
import * as folders from "../../lib/files/durable-files.ts";
import { oddityOf } from "../../lib/files/regular-file.ts";
import { RecorderLock } from "../../lib/files/file-lock.ts";
import { manifestOf } from "../format/manifest.ts";
import type { Redactor } from "../redaction/redactor.ts";
import { isQuarantined, quarantineDocument, scanFolder } from "../redaction/scan.ts";
import type { FileOrigin, KeptFile, Recorder } from "./port.ts";
import { keepReserve, namingFullDisk, withReserve } from "./reserve.ts";
import { scrubTrace } from "../redaction/trace.ts";
import { sha256 } from "../../lib/hash.ts";

export { RecordingError } from "./resume.ts";
export { runFolder } from "../../lib/files/durable-files.ts";
export type { RecordedOutcome, RunHeader } from "../format/documents.ts";
export type { FileOrigin, KeptFile, Recorder } from "./port.ts";

/** Events that the recorder writes by itself; `recordings/README.md` says what is in them. */
const OWN_EVENTS =
  /^(?:run-(?:started|resumed|ended)|lock-taken-over|torn-line-repaired|unfinished-file|clock-set-back|picture|file|trace(?:-refused)?|leak-scan|quarantined)$/;

/**
 * Begins the record of a run, or goes on with it when its folder is there: after a crash, after a wait, in another process.
 * @param opts.root where all recordings are
 * @param opts.noted is called with each event once it is on the disk
 * @throws RecordingError `busy` or `damaged`
 * @throws Failure `disk-full`
 */
export async function openRecorder(opts: {
  root: string;
  header: RunHeader;
  redactor: Redactor;
  noted?: (event: EventLine) => void;
}): Promise<Recorder> {
  const { root, header, redactor, noted = () => undefined } = opts;
  const folder = folders.runFolder(root, header.runId, new Date(header.startedAt));
  return namingFullDisk(async () => {
    const lock = await RecorderLock.take(root, header.runId);
    if (!(lock instanceof RecorderLock)) {
      throw new RecordingError(
        "busy",
        `Run ${header.runId} is being recorded by process ${lock.pid} on ${lock.host} since ${lock.since}; two would break its chain. Wait for it or end it.`,
      );
    }
    let events: FileHandle | null = null;
    try {
      await folders.makeFolder(folder);
      // Where there is no room for it now, the run may still read; `assertRoom` stands before everything else.
      await keepReserve(root).catch(() => undefined);
      const existing = await resume(folder, header.runId);
      events = await openOwn(join(folder, folders.EVENTS));
      await folders.syncFolder(folder);
      const recorder = new FolderRecorder({ root, folder, redactor, lock, events, existing, noted });
      await recorder.begin(header, existing);
      return recorder;
    } catch (error) {
      await events?.close();
      await lock.release();
      throw error;
    }
  });
}

interface Parts {
  readonly root: string;
  readonly folder: string;
  readonly redactor: Redactor;
  readonly lock: RecorderLock;
  readonly events: FileHandle;
  readonly existing: Existing;
  readonly noted: (event: EventLine) => void;
}

class FolderRecorder implements Recorder {
  readonly folder: string;
  readonly #root: string;
  readonly #redactor: Redactor;
  readonly #lock: RecorderLock;
  readonly #events: FileHandle;
  readonly #noted: (event: EventLine) => void;
  #started: documents.Started | null;
  #head: Head;
  /** The time of the last event. */
  #last: Pick<EventLine, "time"> | undefined;
  /** What the events tell of files, by path: the manifest repeats it. */
  readonly #files: Map<string, documents.FileEntry>;
  #size: number;
  #open = true;
  /** That the clock was set back has been said, and it has not caught up yet. */
  #saidBack = false;
  #queue: Promise<unknown> = Promise.resolve();

  constructor({ root, folder, redactor, lock, events, existing, noted }: Parts) {
    this.folder = folder;
    this.#root = root;
    this.#redactor = redactor;
    this.#lock = lock;
    this.#events = events;
    this.#noted = noted;
    this.#started = existing.started;
    this.#head = existing.head;
    this.#last = existing.last;
    this.#files = new Map(existing.files.map((file) => [file.path, file]));
    this.#size = existing.size;
  }

  /** The events that say how this recorder found the run. */
  async begin(header: RunHeader, existing: Existing): Promise<void> {
    const isNew = existing.started === null;
    if (this.#started === null) {
      this.#started = documents.readStarted(this.#redactor.value({ format: FORMAT, header: { ...header } }));
      if (this.#started === null) throw new TypeError(`The header of run ${header.runId} is not as documented.`);
    }
    // First the document that says "not ended", then the manifest goes: after a crash in between, the run was not ended.
    await this.#replace(folders.RUN, documents.documentText({ ...this.#started, ended: null }));
    if (existing.manifest !== null) await rm(join(this.folder, folders.MANIFEST));
    if (isNew) await this.#append("run-started", this.#started);
    for (const { pid, host, since } of this.#lock.takenOver)
      await this.#append("lock-taken-over", { pid, host, since });
    if (existing.torn !== null) {
      const text = existing.torn.toString("utf8");
      await this.#append("torn-line-repaired", { bytes: existing.torn.length, sha256: sha256(existing.torn), text });
    }
    if (!isNew) await this.#append("run-resumed", { pid: process.pid, endedBefore: existing.manifest });
    for (const file of existing.unrecorded) await this.#append("unfinished-file", { ...file });
  }

  get head(): Head {
    return { seq: this.#head.seq, hash: this.#head.hash };
  }

  async event(type: string, data: Json): Promise<EventLine> {
    if (OWN_EVENTS.test(type) || !/^[a-z][a-z0-9]*(?:[-.:][a-z0-9]+)*$/.test(type)) {
      throw new RangeError(
        `"${type}" can't be the type of an event: it is the recorder's own, or not lower-case words.`,
      );
    }
    return this.#inOrder(() => this.#append(type, data));
  }

  async picture(name: string, image: Uint8Array, about: Readonly<Record<string, Json | undefined>>): Promise<string> {
    const safe = this.#redactor.text(name);
    const { path } = await this.#keep(folders.PICTURES, `${safe}.${pictureEnding(image)}`, image, "picture", {
      name: safe,
      about,
    });
    return path;
  }

  async file(name: string, bytes: Uint8Array, about: FileOrigin): Promise<KeptFile> {
    const safe = this.#redactor.text(name);
    const kept = await this.#keep(folders.FILES, safe, bytes, "file", { name: safe, ...about });
    return { name: safe, ...kept };
  }

  async trace(visit: string, zipPath: string): Promise<string | null> {
    const name = folders.safeFileName(this.#redactor.text(visit));
    const part = join(await folders.workFolder(this.#root), `${randomUUID()}.part`);
    try {
      const scrubbed = await withReserve(this.#root, async () => {
        await rm(part, { force: true });
        return scrubTrace(zipPath, part, this.#redactor);
      }).catch(asUnreadable);
      return await this.#inOrder(async () => {
        if ("unreadable" in scrubbed || scrubbed.left.length > 0) {
          const why =
            "unreadable" in scrubbed
              ? { unreadable: scrubbed.unreadable }
              : { left: scrubbed.left.map((hit) => ({ ...hit })) };
          await this.#append("trace-refused", { visit: name, ...why });
          return null;
        }
        return this.#keepTrace(name, part, scrubbed.dropped);
      });
    } finally {
      await Promise.all([rm(part, { force: true }), rm(zipPath, { force: true })]);
    }
  }

  async assertRoom(): Promise<void> {
    await namingFullDisk(() => keepReserve(this.#root));
  }

  async end(outcome: RecordedOutcome): Promise<void> {
    await this.#inOrder(async () => {
      const started = this.#started;
      if (started === null) throw new Error("The run was never begun.");
      await this.#append("leak-scan", await this.#scan());
      const ended = documents.readEnded(
        this.#redactor.value({
          outcome: outcome.outcome,
          failure: outcome.failure ? { ...outcome.failure } : null,
          summary: outcome.summary ?? null,
          quarantined: await isQuarantined(this.folder),
        }),
      );
      if (ended === null) throw new TypeError("The outcome of the run is not as documented.");
      const last = await this.#append("run-ended", ended);
      const run = documents.documentText({ ...started, ended: { ...ended, at: last.time, event: last.seq } });
      await this.#replace(
        folders.MANIFEST,
        documents.documentText(
          await manifestOf(this.folder, started.header.runId, last, [...this.#files.values()], run),
        ),
      );
      // The last thing of all. A manifest that is missing beside it was taken away.
      await this.#replace(folders.RUN, run);
      await this.#close();
    });
  }

  async suspend(): Promise<void> {
    await this.#inOrder(async () => {
      // Anyone who goes on with the run does not know the tokens of this process any more.
      await this.#scan();
      await this.#close();
    });
  }

  async #close(): Promise<void> {
    this.#open = false;
    await this.#events.close();
    await this.#lock.release();
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(async () => {
      if (!this.#open) throw new RecordingError("closed", `The recorder of ${this.folder} was ended or suspended.`);
      return namingFullDisk(work);
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #append(type: string, data: Json): Promise<EventLine> {
    const now = new Date();
    const back = notBefore(now, this.#last).getTime() - now.getTime();
    // Times in a record never fall. Where the clock was set back they stand still until it has caught up, and it is said why.
    if (back > CLOCK_TREMBLES && !this.#saidBack) {
      this.#saidBack = true;
      await this.#append("clock-set-back", { clock: now.toISOString(), by: back });
    } else if (back === 0) this.#saidBack = false;
    const event = nextEvent(this.#head, notBefore(now, this.#last), type, this.#redactor.value(data));
    const line = Buffer.from(lineOf(event), "utf8");
    const { size } = await this.#events.stat();
    if (size !== this.#size) {
      this.#open = false;
      throw new RecordingError(
        "overtaken",
        `${folders.EVENTS} should have ${this.#size} bytes but has ${size}: another process wrote to it. Nothing was added.`,
      );
    }
    await withReserve(this.#root, async () => {
      try {
        await this.#events.appendFile(line);
        await this.#events.datasync();
      } catch (error) {
        // A part of the line may be there. Without it the next event can still follow; with it nothing can.
        await truncate(join(this.folder, folders.EVENTS), this.#size).catch(() => (this.#open = false));
        throw error;
      }
    });
    this.#head = event;
    this.#last = event;
    const file = documents.readFileEntry(event.data);
    if (file) this.#files.set(file.path, file);
    this.#size += line.length;
    this.#noted(event);
    return event;
  }

  /** First the file, then its event: an event never tells of a file that is not there. */
  #keep(
    subfolder: string,
    name: string,
    bytes: Uint8Array,
    type: string,
    about: Readonly<Record<string, Json | undefined>>,
  ) {
    return this.#inOrder(async () => {
      const folder = join(this.folder, subfolder);
      await ownFolder(folder);
      const fileName = folders.numbered(this.#head.seq + 1, name);
      const entry = { path: `${subfolder}/${fileName}`, sha256: sha256(bytes), bytes: bytes.length };
      const path = join(folder, fileName);
      try {
        await withReserve(this.#root, async () => {
          await rm(path, { force: true });
          await folders.writeDurably(folder, fileName, bytes);
        });
        await this.#append(type, { ...entry, ...about });
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
      return entry;
    });
  }

  async #keepTrace(visit: string, part: string, dropped: number): Promise<string> {
    const folder = join(this.folder, folders.TRACES);
    await ownFolder(folder);
    const taken = new Set(await folders.listFiles(folder));
    let name = `${visit}.zip`;
    for (let again = 2; taken.has(name); again++) name = `${visit}-${again}.zip`;
    const entry = { path: `${folders.TRACES}/${name}`, ...(await folders.fingerprint(part)) };
    await rename(part, join(folder, name));
    await folders.syncFolder(folder);
    await this.#append("trace", { ...entry, visit, dropped });
    return entry.path;
  }

  /** Looks for secrets in the folder. A hit quarantines the run; the scan is the data of an event. */
  async #scan(): Promise<Json> {
    const scan = await scanFolder(this.folder, this.#redactor);
    if (scan.leaks.length > 0 && this.#started !== null) {
      const document = quarantineDocument(this.#started.header.runId, scan.leaks);
      const text = documents.documentText(this.#redactor.value(document));
      await this.#replace(folders.QUARANTINE, text);
      const entry = { path: folders.QUARANTINE, sha256: sha256(text), bytes: Buffer.byteLength(text) };
      await this.#append("quarantined", entry);
    }
    return { ...scan, leaks: scan.leaks.map((leak) => ({ ...leak })) };
  }

  async #replace(name: string, text: string): Promise<void> {
    await withReserve(this.#root, () => folders.replaceDurably(this.#root, this.folder, name, text));
  }
}

/** Smaller steps back are a clock that is being set right bit by bit (milliseconds). */
const CLOCK_TREMBLES = 1_000;

/** Opens the list of events for appending: a plain file of the record's own, and never what a link points to. */
async function openOwn(path: string): Promise<FileHandle> {
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  // A pipe would be waited for without end.
  const odd = await oddityOf(path).catch(() => null);
  if (odd !== null) throw notItsOwn(path);
  const file = await open(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW | O_NONBLOCK, 0o600);
  const found = await file.stat();
  if (found.isFile() && found.nlink === 1) return file;
  await file.close();
  throw notItsOwn(path);
}

/** A folder of the record, made when it is not there; never one that is elsewhere. */
async function ownFolder(folder: string): Promise<void> {
  await folders.makeFolder(folder);
  if (!(await lstat(folder)).isDirectory()) throw notItsOwn(folder);
}

function notItsOwn(path: string): RecordingError {
  return new RecordingError(
    "damaged",
    `${path} should be the record's own, but is a link or no file. Nothing is written there; run "verify" on it.`,
  );
}

function asUnreadable(error: unknown): { unreadable: string } {
  return { unreadable: error instanceof Error ? error.message : String(error) };
}

function pictureEnding(image: Uint8Array): "jpg" | "png" | "webp" {
  if (image[0] === 0xff && image[1] === 0xd8) return "jpg";
  return Buffer.from(image.subarray(8, 12)).toString("latin1") === "WEBP" ? "webp" : "png";
}
