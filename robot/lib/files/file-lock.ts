import { randomUUID } from "node:crypto";
import { readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { workFolder, writeDurably } from "./durable-files.ts";
import { here, lifeOf } from "../process-identity.ts";

const holderSchema = z.strictObject({
  id: z.string(),
  pid: z.int(),
  host: z.string(),
  /** When the process was started, where the system tells; it distinguishes processes with the same number. */
  born: z.string().nullable(),
  since: z.iso.datetime(),
});

/** Who is recording a run. */
export type Holder = z.infer<typeof holderSchema>;

/** A living recorder touches its lock this often (milliseconds). */
const BEAT = 4_000;
/** A lock of another machine that was not touched for this long (milliseconds, by our own clock) is a dead one's. */
const SILENCE = 15_000;
const ATTEMPTS = 10;

/**
 * Only one process may add to a run's chain. Every candidate first announces itself with its own file and only then looks
 * for others; of two that come at the same moment at least one sees the other and withdraws. Nothing is ever taken over by
 * renaming, so two that find the same dead lock can't take it from each other.
 */
export class RecorderLock {
  /** Dead holders whose lock was still there. */
  readonly takenOver: readonly Holder[];
  readonly #path: string;
  readonly #beat: NodeJS.Timeout;

  private constructor(path: string, takenOver: readonly Holder[]) {
    this.#path = path;
    this.takenOver = takenOver;
    this.#beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), BEAT).unref();
  }

  /** The lock of a run, or the living holder who has it. */
  static async take(root: string, runId: string): Promise<RecorderLock | Holder> {
    const folder = await workFolder(root);
    let refusedBy: string | null = null;
    for (let attempt = 0; ; attempt++) {
      const mine = await announce(folder, runId);
      const others = await holdersOf(folder, runId, mine.id);
      const states = await Promise.all(others.map(async (other) => ({ ...other, gone: await isGone(other) })));
      const living = states.find(({ gone }) => !gone)?.holder;
      if (living === undefined) {
        await Promise.all(states.map(({ path }) => rm(path, { force: true })));
        return new RecorderLock(
          mine.path,
          states.map(({ holder }) => holder),
        );
      }
      await rm(mine.path, { force: true });
      // A recorder stays; another candidate withdraws and announces itself again, under another id.
      if (living.id === refusedBy || attempt === ATTEMPTS) return living;
      refusedBy = living.id;
      // Two that withdrew from each other come again after pauses of different length.
      await pause(20 + Math.random() * 200);
    }
  }

  async release(): Promise<void> {
    clearInterval(this.#beat);
    await rm(this.#path, { force: true });
  }
}

interface Announced {
  readonly path: string;
  readonly holder: Holder;
}

async function announce(folder: string, runId: string): Promise<{ path: string; id: string }> {
  const id = randomUUID();
  const holder: Holder = {
    id,
    pid: here.pid,
    host: here.host,
    born: here.born,
    since: new Date().toISOString(),
  };
  // Under its final name only when it is whole: nobody ever reads half a lock.
  const part = `${id}.part`;
  await writeDurably(folder, part, JSON.stringify(holder));
  const path = join(folder, `${runId}~${id}.lock`);
  await rename(join(folder, part), path);
  return { path, id };
}

async function holdersOf(folder: string, runId: string, ownId: string): Promise<Announced[]> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${runId}~`) && !name.includes(ownId));
  const found = await Promise.all(names.map((name) => readHolder(join(folder, name))));
  return found.filter((one) => one !== null);
}

async function readHolder(path: string): Promise<Announced | null> {
  try {
    const holder = holderSchema.parse(JSON.parse(await readFile(path, "utf8")));
    return { path, holder };
  } catch (error) {
    if (isMissing(error)) return null;
    // Not ours to understand, perhaps of a later version; only its silence tells.
    return { path, holder: { id: path, pid: 0, host: "?", born: null, since: new Date(0).toISOString() } };
  }
}

async function isGone({ path, holder }: Announced): Promise<boolean> {
  const life = lifeOf(holder);
  return life === "unknown" ? isSilent(path) : life === "dead";
}

/** Watches a lock for a while. Clocks of two machines are never compared. */
async function isSilent(path: string): Promise<boolean> {
  const before = await touched(path);
  for (let waited = 0; waited < SILENCE; waited += 500) {
    await pause(500);
    const now = await touched(path);
    if (now === null) return true;
    if (now !== before) return false;
  }
  return true;
}

async function touched(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
