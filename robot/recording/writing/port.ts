import type { Json } from "../../lib/json.ts";
import type { EventLine, Head } from "../format/chain.ts";
import type { RecordedOutcome } from "../format/documents.ts";

/** Writes the record of one run. All methods may be called at any time; what they write is put in order. */
export interface Recorder {
  /** The run's folder. */
  readonly folder: string;
  /** The end of the chain, as it is on the disk. */
  readonly head: Head;
  /**
   * Adds an event; it is redacted, chained and on the disk when the promise resolves.
   * @param type lower-case words with `-`, `.` or `:` between them; not one of the recorder's own
   */
  event(type: string, data: Json): Promise<EventLine>;
  /** Keeps a masked picture (JPEG, WebP or PNG). Returns its path in the folder. */
  picture(name: string, image: Uint8Array, about: Readonly<Record<string, Json | undefined>>): Promise<string>;
  /** Keeps a file that came from or goes to somewhere, byte by byte. `path` is relative to the folder. */
  file(name: string, bytes: Uint8Array, about: FileOrigin): Promise<KeptFile>;
  /**
   * Takes over the Playwright trace of a visit: keeps a copy without secrets, or none when some could not be taken out. The
   * original is deleted in any case. Returns the path in the folder, or null.
   */
  trace(visit: string, zipPath: string): Promise<string | null>;
  /**
   * Before anything irreversible: what comes of it can be recorded, whatever happens to the disk meanwhile.
   * @throws Failure `disk-full` when it is full or can't be written
   */
  assertRoom(): Promise<void>;
  /** Closes the record: looks for leaks, writes the outcome and the manifest. */
  end(outcome: RecordedOutcome): Promise<void>;
  /** Lets go of a run that another process (or this one) goes on with later. */
  suspend(): Promise<void>;
}

export interface FileOrigin {
  readonly direction: "in" | "out";
  /** Where it came from or goes to, in words or as an address. */
  readonly origin: string;
  /** It names people: retention may delete it after a time. */
  readonly personal?: true;
}

export interface KeptFile {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}
