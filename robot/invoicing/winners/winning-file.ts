import { identifyFile } from "../file-recognition.ts";
import { isPeriod, type Period } from "../values/period.ts";
import { looksLikeHtml } from "../reading/table.ts";
import { looksEncrypted } from "./winning-list.ts";

/** Which winners a file of the portal lists: A with a member carrier, Y without a carrier, Z whose prize was transferred already. */
export type WinningFileKind = "A" | "Y" | "Z";

/** What the name of a portal's file of winners says of it: `A_12345675_11512_20270128.bin`. */
export type WinningFileName = { readonly kind: WinningFileKind; readonly ubn: string; readonly period: Period };

const KIND_NAMES: { readonly [kind in WinningFileKind]: string } = { A: "會員載具", Y: "無載具", Z: "已匯款" };

/** Reads the name of a portal's file of winners; null where it is none. */
export function readWinningFileName(name: string): WinningFileName | null {
  const [, kind = "", ubn = "", period = ""] = /^([AYZ])_(\d{8})_(\d{5})_.+\.bin$/i.exec(name) ?? [];
  const upper = kind.toUpperCase();
  if ((upper !== "A" && upper !== "Y" && upper !== "Z") || !isPeriod(period)) return null;
  return { kind: upper, ubn, period };
}

/** The kind in words. */
export function winningKindName(kind: WinningFileKind): string {
  return KIND_NAMES[kind];
}

/** Whether only the ministry's tool can open a downloaded file of winners. */
export function isSealed(name: string, bytes: Uint8Array): boolean {
  return identifyFile(bytes.subarray(0, HEAD_BYTES), name) === "unknown" && looksEncrypted(bytes, name);
}

/** Whether what was downloaded is one of the portal's web pages instead of a file. */
export function isWebPage(bytes: Uint8Array): boolean {
  return looksLikeHtml(Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString("latin1"));
}

/** More than the first record. */
const HEAD_BYTES = 4_096;
