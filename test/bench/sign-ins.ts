/**
 * How well the robot signs in by itself: `node test/bench/sign-ins.ts [--count 1000] [--design current|classic]`.
 * Signs in on a practice portal with the built-in captcha reader only, each time in a new page without cookies, and prints which share
 * came in within three submits, how many submits were wrong, and how many accounts the portal locked.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { browserHost } from "../../robot/browser/launch.ts";
import { openStore } from "../../robot/store/store.ts";
import { Failure } from "../../robot/failures/failure.ts";
import { attemptsOf } from "../../robot/login/attempts.ts";
import { createCaptchaReader } from "../../robot/login/captcha/reader.ts";
import { signIn } from "../../robot/login/sign-in.ts";
import { requireCaptchaAccuracy } from "../../robot/login/captcha-accuracy.ts";
import { Secret } from "../../robot/lib/secret.ts";
import { monitorDialogs } from "../../selectors/dom/windows/dialogs.ts";
import { quickBrowser } from "../support/kit/quick-browser.ts";
import { openPortal } from "../support/kit/installation/portal.ts";
import { percent } from "./wilson.ts";

const UBN = "12345675";
const PASSWORD = "Bench-right-1";
/** As in a configuration that says nothing. */
const LIMITS = { maxSubmits: 3, maxPictures: 10 };

const { values } = parseArgs({
  options: { count: { type: "string", default: "1000" }, design: { type: "string", default: "current" } },
});
const count = Number(values.count);
const design = values.design === "classic" ? "classic" : "current";
const folder = await mkdtemp(join(tmpdir(), "einvoice-bench-"));
const portal = await openPortal({
  design,
  companies: [{ ban: UBN, name: "測試商行", taxId: "351020001", accounts: [{ id: UBN, password: PASSWORD }] }],
});
const store = await openStore({ kind: "sqlite", file: join(folder, "robot.sqlite") });
const host = browserHost({ headless: true, executable: quickBrowser() });
const opened = await host.newContext();
const { context } = opened;
const captcha = await createCaptchaReader();
const began = performance.now();
let inside = 0;
let pictures = 0;
const failures = new Map<string, number>();
try {
  for (let n = 1; n <= count; n++) {
    await context.clearCookies();
    const page = await context.newPage();
    try {
      const dialogs = monitorDialogs(page);
      const shell = await signIn({
        page,
        dialogs,
        address: new URL("/accounts/login", portal.url).href,
        hosts: [new URL(portal.url).host],
        account: {
          ubn: UBN,
          user: UBN,
          identity: "business",
          password: Secret.read(PASSWORD, { enrol: () => undefined }, "portal password"),
        },
        limits: LIMITS,
        captcha: requireCaptchaAccuracy(captcha, store),
        attended: false,
        isStopping: () => false,
        attempts: attemptsOf(store, UBN, `bench-${n}`, { timeout: 60_000, answerers: [] }),
        record: (type) => {
          if (type === "captcha.read") pictures++;
          if (type === "sign-in.already") throw new Error("nobody had to sign in");
          return Promise.resolve();
        },
        picture: () => Promise.resolve(null),
      });
      inside++;
      await shell.signOut();
    } catch (error) {
      const code = error instanceof Failure ? error.code : String(error);
      failures.set(code, (failures.get(code) ?? 0) + 1);
    } finally {
      await page.close();
    }
    if (n % 25 === 0 || n === count) process.stderr.write(`\r${n}/${count}`);
  }
} finally {
  await captcha.close();
  await opened.close();
  await store.destroy();
  await rm(folder, { recursive: true, force: true });
}
const submits = portal.ledger().filter((line) => line.type === "sign-in");
const wrong = submits.filter(({ ok }) => !ok).length;
const locked = submits.filter(({ reason }) => reason === "locked").length;
const seconds = (performance.now() - began) / 1000;
await portal.close();
console.log(`
sign-ins on the practice portal (${design}), captcha by OCR only: ${count}
  in within ${LIMITS.maxSubmits} submits   ${percent(inside, count)}
  wrong submits        ${wrong} (${(wrong / count).toFixed(4)} a sign-in, of ${submits.length} submits)
  pictures looked at   ${(pictures / count).toFixed(2)} a sign-in
  accounts locked      ${locked}
  time                 ${(seconds / count).toFixed(2)} s a sign-in`);
for (const [code, times] of failures) console.log(`  not in: ${code} ${times}`);
