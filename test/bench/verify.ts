import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Redactor } from "../../robot/recording/redaction/redactor.ts";
import { verifyRun } from "../../robot/recording/verification/verify.ts";
import { openRecorder } from "../../robot/recording/writing/recorder.ts";
import { headerOf, JPEG } from "../support/recording/recording-samples.ts";

/**
 * How long it takes to verify the records of many runs, each as large as those of a real one: sixty events, fifteen pictures of 75 kB.
 *
 *   node test/bench/verify.ts [--runs 100] [--rounds 5]
 */
const { values } = parseArgs({
  options: { runs: { type: "string", default: "100" }, rounds: { type: "string", default: "5" } },
});
const root = mkdtempSync(join(tmpdir(), "bench-verify-"));
try {
  const folders: string[] = [];
  for (let n = 0; n < Number(values.runs); n++) {
    const recorder = await openRecorder({ root, header: headerOf(`run-${n}`), redactor: new Redactor() });
    for (let step = 0; step < 15; step++) {
      for (let event = 0; event < 3; event++) await recorder.event("step.done", { step: `第 ${step} 步`, event });
      await recorder.picture(`畫面 ${step}`, Buffer.concat([JPEG, Buffer.alloc(75_000, step)]), { step });
    }
    await recorder.end({ outcome: "done" });
    folders.push(recorder.folder);
  }
  const times: number[] = [];
  for (let round = 0; round <= Number(values.rounds); round++) {
    const began = process.cpuUsage();
    const clock = performance.now();
    for (const folder of folders) {
      const { verdict } = await verifyRun(folder);
      if (verdict !== "intact") throw new Error(`${folder} is ${verdict}`);
    }
    const { user, system } = process.cpuUsage(began);
    // The first round only warms up.
    if (round > 0) times.push((user + system) / 1000);
    process.stdout.write(
      `${round}: ${Math.round(performance.now() - clock)} ms, processor ${Math.round((user + system) / 1000)} ms\n`,
    );
  }
  const median = times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  process.stdout.write(
    `${folders.length} runs, processor: median ${Math.round(median)} ms, ${(median / folders.length).toFixed(1)} ms a run\n`,
  );
} finally {
  rmSync(root, { recursive: true, force: true });
}
