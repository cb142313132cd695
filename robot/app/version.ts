import { readFileSync } from "node:fs";

/** The robot's own version, out of package.json. */
export function robotVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? "unknown";
}
