import type { Category } from "../../invoicing/values/track.ts";
import type { Period } from "../../invoicing/values/period.ts";

export type SavedFile = { readonly name: string; readonly path: string; readonly sha256: string };

/**
 * What a saved file is, so that a later run finds it: a track file, an uploaded file of blank numbers (of all categories), a list of
 * winners and what was made of it (by the name of the portal's file), how the portal's pages were found.
 */
export type SavedFileKind =
  | {
      readonly kind: "winning-list" | "winning-csv" | "winning-xlsx";
      readonly period: Period;
      readonly category: string;
    }
  | { readonly kind: "tracks"; readonly period: Period; readonly category: Category }
  | { readonly kind: "blank-upload"; readonly period: Period; readonly category: "all" }
  // How the portal's pages were found; of the period in which that was.
  | { readonly kind: "page-check"; readonly period: Period; readonly category: "all" };

/** A file that a person gives to a run: where it is, and what it was when the run was ordered. */
export type GivenFile = { readonly path: string; readonly sha256: string };

export interface Files {
  /**
   * Takes a file that was given to the run into its record.
   * @throws Failure `file-invalid` when it is gone, or no longer what it was when the run was ordered
   */
  bring(given: GivenFile, about?: { readonly personal?: true }): Promise<SavedFile>;
  /**
   * Keeps the bytes untouched, with their SHA-256 and where they came from or go to. `personal`: it names people, and is deleted after the
   * time that `recordings.retention.personalAfter` says.
   */
  save(
    name: string,
    bytes: Uint8Array,
    about: { readonly origin: string; readonly direction?: "in" | "out"; readonly personal?: true },
  ): Promise<SavedFile>;
  /** Notes what a kept file is, once it has been found right. */
  know(file: SavedFile, is: SavedFileKind): Promise<void>;
  /** The newest uploads of blank numbers of each period before this one that were proved, newest period first. */
  uploadsBefore(
    period: Period,
    atMost: number,
  ): Promise<readonly { readonly period: Period; readonly file: SavedFile }[]>;
  /** The newest kept files of winners of a period as CSV, one of each of the portal's files. */
  winnersOf(period: Period): Promise<readonly SavedFile[]>;
  /** The newest kept file of this kind for the company whose bytes are still as they were; null when there is none. */
  find(kind: SavedFileKind): Promise<SavedFile | null>;
  read(file: SavedFile): Promise<Uint8Array>;
}
