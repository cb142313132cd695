import { writeSync } from "node:fs";
import { openRecorder } from "../robot/recording/recorder.ts";
import { Redactor } from "../robot/recording/redactor.ts";
import { headerOf, JPEG } from "./recording-samples.ts";

/**
 * Records without end, to be killed. What was promised is said at once on standard output: the hash of each event whose promise
 * has resolved. `node recording-child.ts <root> <run id>`
 */
const [root = "", runId = ""] = process.argv.slice(2);
const recorder = await openRecorder({ root, header: headerOf(runId), redactor: new Redactor() });
for (let turn = 0; ; turn++) {
  const { hash } = await recorder.event("step.done", { turn, text: "長".repeat((turn * 977) % 20_000) });
  writeSync(1, `${hash}\n`);
  if (turn % 3 === 0)
    writeSync(1, `${await recorder.picture("頁面", Buffer.concat([JPEG, Buffer.alloc(30_000)]), { turn })}\n`);
  if (turn % 3 === 1) {
    const { path } = await recorder.file(`字軌 ${turn}.csv`, Buffer.alloc(50_000, "x"), {
      direction: "in",
      origin: "portal",
    });
    writeSync(1, `${path}\n`);
  }
}
