import { parseArgs } from "node:util";
import { getRun } from "../../robot/engine/runs/runs.ts";
import { createApp } from "../../robot/app/compose.ts";
import { install } from "../support/kit/installation/installation.ts";
import { openPortal, THIS } from "../support/kit/installation/portal.ts";
import { captchaOracle } from "../support/kit/installation/captcha-oracle.ts";
import { waitUntil } from "../support/kit/wait-until.ts";
import { type Held, measure } from "./soak.ts";

/**
 * A soak with a browser: one worker signs in and downloads, run after run; prints what its process holds on to between them. The practice
 * portal is in the same process, so its ledger and mails are part of the memory.
 *
 *   node --expose-gc test/soak/browser.ts --runs 100
 */
const { values } = parseArgs({ options: { runs: { type: "string", default: "100" } } });
const runs = Number(values.runs);
const step = Math.max(1, Math.floor(runs / 10));
const portal = await openPortal();
const at = await install({ portal, companies: [{ portal: { taken: [{ period: "this", books: 2 }] } }] });
const { robot, store, ...assembled } = await createApp(at.config, { captcha: captchaOracle(portal.controlUrl) });
const columns: readonly (keyof Held)[] = ["runs", "heap", "memory", "files", "children", "resources"];
process.stdout.write(`${columns.join("\t")}\n`);
try {
  await robot.work(1);
  for (let done = 0; done <= runs; done++) {
    if (done % step === 0 || done === runs) {
      const held = await measure(done, () => Promise.resolve(null));
      process.stdout.write(`${columns.map((column) => held[column] ?? "–").join("\t")}\n`);
    }
    if (done === runs) break;
    const company = { name: at.ubn, ubn: at.ubn };
    const input = { period: THIS };
    const { run } = await robot.submit({ flow: "download-tracks", company, input, startedBy: "soak" });
    const { outcome, failure } = await waitUntil(`the end of run ${done}`, async () => {
      const now = await getRun(store, run.id);
      return now.state === "ended" ? now : null;
    });
    if (outcome !== "done" && outcome !== "already-done")
      throw new Error(`run ${done} ended ${outcome}: ${failure?.message}`);
  }
} finally {
  await robot.stop();
  await assembled.close();
  await at.close();
  await portal.close();
}
