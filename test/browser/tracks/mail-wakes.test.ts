import { afterAll, expect, onTestFinished, test } from "vitest";
import { watchMailbox } from "../../../robot/app/mailbox-watcher.ts";
import { getRun } from "../../../robot/engine/runs/runs.ts";
import { createApp } from "../../../robot/app/compose.ts";
import { take } from "../../support/kit/installation/in-process.ts";
import { installed } from "../../support/kit/installation/installation.ts";
import { letTimePass, NEXT, openPortal, stopClock } from "../../support/kit/installation/portal.ts";
import { recorded } from "../../support/kit/record/record.ts";
import { untilWaiting } from "../../support/kit/installation/runs.ts";
import { captchaOracle } from "../../support/kit/installation/captcha-oracle.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";

const portal = await openPortal();
afterAll(() => portal.close());

test("a run that waits for the portal's mail goes on as soon as it has come, long before the next look", async () => {
  const look = { first: "1h", every: "1h" };
  const settings = { portal: { allocation: { mail: look, list: look, timeout: "5h" } } };
  const office = await installed({ portal, settings });
  const assembled = await createApp(office.config, { captcha: captchaOracle(portal.controlUrl) });
  const stop = new AbortController();
  const watching = watchMailbox(assembled, office.config, stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await watching;
    await assembled.robot.stop();
    await assembled.close();
  });
  stopClock(portal);
  const company = { name: office.ubn, ubn: office.ubn };
  const { run } = await assembled.robot.submit({ ...take(NEXT), company, startedBy: "test" });
  await assembled.robot.work(1);
  await untilWaiting(office);
  letTimePass(portal, 60);
  const ended = await waitUntil("the end of the run", async () => {
    const now = await getRun(assembled.store, run.id);
    return now.state === "ended" ? now : null;
  });
  expect(ended).toMatchObject({ outcome: "done" });
  expect(recorded(ended, "wait.looked").map(({ data }) => data)).toMatchObject([{ source: "mail" }]);
});
