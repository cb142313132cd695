import { readFile } from "node:fs/promises";

/** What stands in for the frame of an access challenge: nothing is asked of any outside address. */
export function challengeFrame(): Promise<string> {
  return readFile(new URL("challenge-frame.html", import.meta.url), "utf8");
}
