import type { Fault } from "../../problems/problems.ts";
import type { Encoding } from "../../reading/encoding.ts";
import type { FileSource } from "../../reading/table.ts";

/** One row as a file holds it, before anything is understood. */
export type SourceRow = {
  /** 1-based: the last line of the record in a text, the row of the sheet or of the table elsewhere. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Which sheet or table of the file, counted from 0: each has its own header. */
  readonly section: number;
  /** Name of the sheet, where the workbook has several. */
  readonly sheet?: string;
  /** Columns (0-based) that a workbook keeps as numbers: zeros in front are not kept there. */
  readonly numeric?: ReadonlySet<number>;
};

export type SourceEvents = {
  /** Called where the file stops making sense; the rows before that place have been given. */
  readonly onBroken: (fault: Fault) => void;
  /** Called once, when the encoding of a text is known. */
  readonly onEncoding: (encoding: Encoding) => void;
};

/** A way in which a file holds rows. */
export type Source = {
  readonly id: "text" | "workbook" | "html" | "records";
  /** Whether empty cells at the end of a row are left out, so that a short row is whole all the same. */
  readonly dropsEmptyCells: boolean;
  readonly recognise: (head: Uint8Array) => boolean;
  /** @throws DomainError for a file that can't be read at all; whatever the file's own source throws */
  readonly rows: (file: FileSource, head: Uint8Array, events: SourceEvents) => AsyncGenerator<SourceRow>;
};
