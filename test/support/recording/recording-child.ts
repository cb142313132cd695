import { copyFile } from "node:fs/promises";
import { writeSync } from "node:fs";
import { join } from "node:path";
import { openRecorder } from "../../../robot/recording/writing/recorder.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { headerOf, JPEG } from "./recording-samples.ts";

/**
 * Records without end, to be killed. What was promised is said at once on standard output: the hash of each event whose promise
 * has resolved, the path of each file. `node recording-child.ts <root> <run id> <trace of Playwright>`
 */
const [root = "", runId = "", trace = ""] = process.argv.slice(2);
const recorder = await openRecorder({ root, header: headerOf(runId), redactor: new Redactor() });
const promise = (what: string): void => void writeSync(1, `${what}\n`);
for (let turn = 0; ; turn++) {
  const { hash } = await recorder.event("step.done", { turn, text: "長".repeat((turn * 977) % 20_000) });
  promise(hash);
  if (turn % 4 === 0) promise(await recorder.picture("頁面", Buffer.concat([JPEG, Buffer.alloc(30_000)]), { turn }));
  if (turn % 4 === 1) {
    const about = { direction: "in", origin: "portal" } as const;
    promise((await recorder.file(`字軌 ${turn}.csv`, Buffer.alloc(50_000, "x"), about)).path);
  }
  if (turn % 4 === 2) {
    const raw = join(root, `raw-${process.pid}.zip`);
    await copyFile(trace, raw);
    promise((await recorder.trace(`visit-${process.pid}-${turn}`, raw)) ?? "");
  }
}
