import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";

/**
 * Stands in for the ministry's tool: `node stand-in-tool.ts <encrypted> <text>` opens what `sealed` closed. A file that begins otherwise is
 * refused as the real tool refuses a wrong one; `silent` ends without writing, `asks` waits for somebody.
 */
const MARK = "SEALED1\0";
const [, , from = "", to = "", how = ""] = process.argv;
const bytes = readFileSync(from);
if (how === "asks") setInterval(() => undefined, 60_000);
else if (bytes.subarray(0, MARK.length).toString("latin1") !== MARK) {
  process.stderr.write("not a list of this business\n");
  process.exitCode = 3;
} else if (how !== "silent") {
  writeFileSync(
    to,
    bytes.subarray(MARK.length).map((byte) => byte ^ 0x5a),
  );
}
