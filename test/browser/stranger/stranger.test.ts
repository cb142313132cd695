import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright";
import { describe, expect, onTestFinished, type TestContext, test, vi } from "vitest";
import { loadConfig } from "../../../robot/config/load.ts";
import { portalPasswordName } from "../../../robot/config/secret-names.ts";
import type { ConfigInput } from "../../../robot/config/schema.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { openSecretStore } from "../../../robot/secrets/store.ts";
import { createVault } from "../../../robot/secrets/vault.ts";
import { questionModal } from "../../../selectors/dom/overlays/modal.ts";
import { Submission } from "../../../selectors/submit/submission.ts";
import { type DialogMonitor, monitorDialogs } from "../../../selectors/dom/windows/dialogs.ts";
import { submitButton, tryLocate, namedSpec } from "../../../selectors/dom/locator-spec.ts";
import { pressOnce } from "../../../selectors/submit/press-once.ts";
import { SignedInPortal } from "../../../selectors/portal/signed-in-portal.ts";
import { detectPageState } from "../../../selectors/dom/page-state.ts";
import { type Ended, envelopeOf, robot, runDataSchema } from "../../support/kit/installation/robot-process.ts";
import { periodAfter, periodAt, trackFile } from "../../stranger/rules.ts";
import { BUILT_IN, type Stranger, startStranger, type StrangerOptions } from "../../stranger/start.ts";
import { keptBrowser } from "../../support/kit/kept-browser.ts";
import { quickBrowser } from "../../support/kit/quick-browser.ts";
import { EVERY_TEST } from "../../support/every-test.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

// Each run has a browser of its own, and waits more than it works.
vi.setConfig({ maxConcurrency: 2, testTimeout: 240_000 });

const NEXT = periodAfter(periodAt(Date.now()));

/** Starts a stranger with these habits and lets the robot's command line take three books there. */
async function takeAt(
  { onTestFinished }: Pick<TestContext, "onTestFinished">,
  habits: StrangerOptions,
  { period = NEXT, password = BUILT_IN.password } = {},
): Promise<{ stranger: Stranger; ended: Ended }> {
  const stranger = await startStranger({ allocatedAfter: 1_000, openAfter: 2_000, ...habits });
  onTestFinished(() => stranger.close());
  const folder = await mkdtemp(join(tmpdir(), "einvoice-stranger-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const configFile = await configured(folder, stranger.url, password);
  const command = ["run", "take-tracks", "--company", BUILT_IN.ubn, "--period", period, "--books", "3", "--json"];
  const ended = await robot({ configFile, folder }, command);
  return { stranger, ended };
}

async function configured(folder: string, address: string, password: string): Promise<string> {
  const file = join(folder, "robot.config.json");
  const settings: ConfigInput = {
    portal: {
      address,
      allocation: { source: "list", list: { first: "2s", every: "3s" }, timeout: "2m" },
      reconcile: { first: "1s", every: "2s", timeout: "20s" },
      accountBusyDelay: "500ms",
    },
    companies: [{ name: "路人甲", ubn: BUILT_IN.ubn, user: BUILT_IN.account }],
    secrets: { provider: "vault", file: "vault.age", identity: { file: "identity.txt" } },
    store: { file: "robot.sqlite" },
    browser: { headless: true, executable: quickBrowser() },
    captcha: { maxPictures: 30 },
  };
  await writeFile(file, JSON.stringify(settings));
  const config = await loadConfig(file);
  if (config.secrets.provider !== "vault") throw new Error("The test keeps its password in a vault.");
  await createVault(config.secrets.file, join(folder, "identity.txt"), new Redactor());
  const secrets = await openSecretStore(config.secrets, new Redactor());
  for (const company of config.companies) await secrets.set(portalPasswordName(config, company), password);
  return file;
}

const accepted = { ubn: BUILT_IN.ubn, period: NEXT, category: "07", books: 3, extra: 0, refused: null };

describe.concurrent("the robot takes tracks on a portal with other markup", () => {
  const strangers: StrangerOptions[] = [
    { dropdowns: "native", table: "one", labels: "ids", errors: "toast", confirm: "box" },
    { dropdowns: "drawn", table: "split", labels: "beside", errors: "inline", confirm: "browser" },
    { dropdowns: "drawn", table: "one", labels: "placeholder", errors: "inline", confirm: "none", links: "menu" },
    {
      dropdowns: "native",
      table: "split",
      labels: "placeholder",
      errors: "toast",
      confirm: "browser",
      captchasRejected: 1,
    },
  ];
  // Each day the looks that are read in the most different ways.
  const played = EVERY_TEST ? strangers : strangers.slice(1, 3);
  test.for(played.map((habits) => ({ habits, name: Object.values(habits).join(", ") })))(
    "$name",
    async ({ habits }, context) => {
      const { stranger, ended } = await takeAt(context, habits);
      const { failure, data } = envelopeOf(ended);
      expect([failure, ended.code]).toEqual([null, 0]);
      expect(stranger.ledger().submits).toEqual([accepted]);
      const result = runDataSchema.parse(data);
      const [taken] = stranger.takes();
      expect(result.tracks).toEqual(taken?.runs.map((run) => expect.objectContaining({ ...run, period: NEXT })));
      expect(result.files).toHaveLength(1);
      expect(await readFile(result.files[0]?.path ?? "", "utf8")).toBe(trackFile(stranger.takes()));
      const { logins, logouts } = stranger.ledger();
      expect(logouts).toHaveLength(logins.filter((login) => login.result === "ok").length);
    },
  );
});

describe.concurrent("inline refusals are reported with the portal's words", () => {
  test.runIf(EVERY_TEST)("a period that the list offers and the portal then refuses", async (context) => {
    const habits = {
      dropdowns: "drawn",
      table: "split",
      labels: "placeholder",
      errors: "inline",
      confirm: "box",
    } as const;
    const { stranger, ended } = await takeAt(context, habits, { period: periodAfter(NEXT) });
    const { failure } = envelopeOf(ended);
    expect(failure).toMatchObject({ code: "not-in-window", pageSays: "僅可取用本期及下期發票號碼" });
    expect(stranger.ledger().submits).toMatchObject([{ refused: "僅可取用本期及下期發票號碼" }]);
    expect(stranger.takes()).toEqual([]);
  });

  test("a wrong password, which is tried once", async (context) => {
    const { stranger, ended } = await takeAt(context, { labels: "beside", errors: "inline" }, { password: "Wr0ng" });
    expect(envelopeOf(ended).failure).toMatchObject({ code: "credentials-rejected", pageSays: "使用者帳號或密碼錯誤" });
    expectExit(ended, 3);
    const tried = stranger.ledger().logins.filter(({ result }) => result !== "captcha");
    expect(tried).toEqual([{ ubn: BUILT_IN.ubn, account: BUILT_IN.account, result: "credentials" }]);
    expect(stranger.ledger().submits).toEqual([]);
  });
});

const host = keptBrowser({ headless: true, executable: quickBrowser() });

/** A page of a few lines, with its dialogs monitored. */
async function pageWith(html: string): Promise<{ page: Page; dialogs: DialogMonitor }> {
  const opened = await host.newContext();
  onTestFinished(() => opened.close());
  const page = await opened.context.newPage();
  const dialogs = monitorDialogs(page);
  await page.setContent(html);
  return { page, dialogs };
}

describe("a question of the browser", () => {
  const ASKING = `<button onclick="answers.push(confirm('是否確定提交取號？')); said.textContent = '提交成功'">提交取號</button>
    <p id="said"></p><script>const answers = []</script>`;
  const words = { accepted: /成功/, refused: /失敗/, reasons: [] };
  const button = submitButton("test.submit", { name: "提交取號", also: [] }, { purpose: /./, fields: [] });
  const answers = (page: Page): Promise<unknown> => page.evaluate("answers");

  async function asked() {
    const { page, dialogs } = await pageWith(ASKING);
    const submission = new Submission(page, dialogs, words);
    await pressOnce(submission.button(button));
    const confirmation = await submission.confirmation(() => ({}));
    if (!confirmation) throw new Error("The question was not heard.");
    return { page, dialogs, submission, confirmation };
  }

  test("stands open, with its words, until it is agreed to once", async () => {
    const { page, dialogs, submission, confirmation } = await asked();
    expect(confirmation.words).toBe("是否確定提交取號？");
    expect(dialogs.openConfirm()?.words).toBe("是否確定提交取號？");
    await pressOnce(confirmation.confirm);
    expect(await answers(page)).toEqual([true]);
    expect(await submission.answer()).toEqual({ kind: "accepted", words: "提交成功" });
    await expect(pressOnce(confirmation.confirm)).rejects.toThrow(/pressed once/);
    expect(await answers(page)).toEqual([true]);
  });

  test("is answered with no where the press is withdrawn", async () => {
    const { page, dialogs, confirmation } = await asked();
    await confirmation.withdraw();
    expect(await answers(page)).toEqual([false]);
    expect(dialogs.openConfirm()).toBeNull();
  });

  test("is answered with no where nobody asked for it, also after a press that brought one up", async () => {
    const { page, confirmation } = await asked();
    await pressOnce(confirmation.confirm);
    await page.getByRole("button").click();
    expect(await answers(page)).toEqual([true, false]);
  });
});

describe("what a page shows", () => {
  test("names a field only when nothing else is in between", async () => {
    const { page } = await pageWith(`<div>帳號</div><div>憑證</div>
      <div><span>統一編號</span><span>＊</span><input id="ubn"></div><div><span>使用者帳號：</span><input id="user"></div>`);
    const user = await tryLocate(page, namedSpec("test.user", "field", "帳號", { pattern: /帳號$/ }), 0);
    expect(await user?.getAttribute("id")).toBe("user");
    await page.locator("#user").evaluate((field) => field.remove());
    expect(await tryLocate(page, namedSpec("test.user", "field", "帳號", { pattern: /帳號$/ }), 0)).toBeNull();
  });

  test("asks where there is a yes and a no to press, not where they are values", async () => {
    const { page } = await pageWith(
      `<div class="modal"><table><tr><td>是</td><td><div>否</div></td></tr></table></div>`,
    );
    expect(await questionModal(page)).toBeNull();
    await page.setContent(`<div class="modal">是否確定？<div class="modal-foot"><b>是</b> <b>否</b></div></div>`);
    expect((await questionModal(page))?.words).toContain("是否確定？");
  });

  test.for([
    ["a word", "<button>關閉</button><button>下一則</button>"],
    ["a mark without a role", "<span>✕</span>"],
    ["a drawn mark", '<i class="icon-close">&nbsp;</i>'],
    ["its only button", "<button>確定</button>"],
  ])("can be announced over it, and is closed by %s", async ([, closer]) => {
    const { page, dialogs } = await pageWith("<button onclick='done.textContent = 1'>查詢</button><p id=done></p>");
    await SignedInPortal.enter("current", { page, dialogs });
    await page.evaluate((html) => {
      const over = document.createElement("div");
      over.className = "popup";
      over.style.cssText = "position:fixed;inset:0;background:white";
      over.innerHTML = `<h2>重要公告</h2><p>週日維護</p>${html}`;
      over.addEventListener("click", (event) => (event.target === over ? undefined : over.remove()));
      document.body.append(over);
    }, closer);
    await page.getByRole("button", { name: "查詢" }).click();
    expect(await page.locator("#done").innerText()).toBe("1");
  });

  test("of an outage to come is no outage; a page with nothing else is one, and a message of it", async () => {
    const news = "<div class=popup>重要公告<p>週日進行系統升級維護，期間暫停服務</p></div>";
    const { page } = await pageWith(`<a href="#">登出</a>${news}`);
    expect(await detectPageState(page)).toBeNull();
    await page.setContent(`<a href="#">登出</a><div class="toast-body">系統升級維護中，暫停服務</div>`);
    expect(await detectPageState(page)).toMatchObject({ state: "portal-down" });
    await page.setContent("<h1>系統升級維護中，暫停服務</h1>");
    expect(await detectPageState(page)).toMatchObject({ state: "portal-down" });
  });
});
