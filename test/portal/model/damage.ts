/** How a download can be broken: its end is missing, it is an error page, it is another company's. */
export type Damage = "truncated" | "html" | "wrong-company";

/** A company that the practice does not have. */
export const STRANGER = "55667783";

/** @param anothers what the file would be if it were {@link STRANGER}'s. */
export function damaged(kind: Damage, whole: Buffer, anothers: () => Buffer): Buffer {
  switch (kind) {
    case "truncated":
      return whole.subarray(0, Math.max(0, whole.length - 12));
    case "html":
      return Buffer.from(
        "<!DOCTYPE html><html><head><title>Error</title></head><body>系統忙碌中，請稍後再試</body></html>",
      );
    case "wrong-company":
      return anothers();
  }
}
