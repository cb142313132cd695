import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { Failure } from "../../../robot/failures/failure.ts";
import { Secret } from "../../../robot/lib/secret.ts";
import { attemptsOf } from "../../../robot/login/attempts.ts";
import { signIn } from "../../../robot/login/sign-in.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { openStore } from "../../../robot/store/store.ts";
import { monitorDialogs } from "../../../selectors/dom/windows/dialogs.ts";
import { download, perform } from "../../support/kit/installation/in-process.ts";
import { installed } from "../../support/kit/installation/installation.ts";
import { ledgerOf, NEXT, openPortal, takeBackFaults } from "../../support/kit/installation/portal.ts";
import { drawCaptcha } from "../../portal/model/captcha-picture.ts";
import { quickBrowser } from "../../support/kit/quick-browser.ts";
import { HAS_OPENSSL, makeAuthority } from "../../support/servers/certificates.ts";
import { portOf } from "../../support/servers/port.ts";
import { keptBrowser } from "../../support/kit/kept-browser.ts";
import { EVERY_TEST } from "../../support/every-test.ts";

/** What a portal says to a submit of its sign-in is what the run and the next one are told; a clock or a guess never stands in for it. */

const UBN = "12345675";
/** Nobody reads it here: what is submitted is given. */
const picture = (): string => `data:image/png;base64,${drawCaptcha("12345", Math.random).toString("base64")}`;

/** What stands on the page after a submit, and in the place of the form; how often one came. */
let says = "";
let instead: string | null = null;
let submits = 0;
let server: Server;
let address: string;
const host = keptBrowser({ headless: true, executable: quickBrowser() });
beforeAll(async () => {
  server = createServer((request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    if (request.method === "POST") submits += 1;
    if (instead !== null && (request.method === "POST" || says === "")) return void response.end(instead);
    response.end(`<title>登入</title><h1>營業人登入</h1>
      ${request.method === "POST" ? says : ""}
      <form method="post" action="/login">
        <label>統一編號 <input name="ban"></label><label>帳號 <input name="user"></label>
        <label>密碼 <input name="word" type="password"></label><label>圖形驗證碼 <input name="captcha"></label>
        <img alt="圖形驗證碼" src='${picture()}'><button>登入</button>
      </form>`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `http://127.0.0.1:${portOf(server)}/login`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Signs in twice, as two runs of an account that has never been let in. */
async function twice(
  words: string,
  runs: readonly string[] = ["run-1", "run-2"],
): Promise<{ readonly told: Failure[]; readonly submits: number; readonly off: unknown[] }> {
  says = words;
  submits = 0;
  const folder = await mkdtemp(join(tmpdir(), "true-words-"));
  const store = await openStore({ kind: "sqlite", file: join(folder, "robot.sqlite") });
  const opened = await host.newContext();
  onTestFinished(async () => {
    await opened.close();
    await store.destroy();
    await rm(folder, { recursive: true, force: true });
  });
  const told: Failure[] = [];
  for (const run of runs) {
    const page = await opened.context.newPage();
    const error: unknown = await signIn({
      page,
      dialogs: monitorDialogs(page),
      address,
      hosts: [new URL(address).host],
      account: {
        ubn: UBN,
        user: UBN,
        identity: "business",
        password: Secret.read("True-words-1", new Redactor(), "portal password"),
      },
      limits: { maxSubmits: 1, maxPictures: 3 },
      captcha: { by: "machine", read: () => Promise.resolve({ text: "12345", confidence: 1, refused: false }) },
      attended: false,
      isStopping: () => false,
      attempts: attemptsOf(store, `${UBN}/${UBN}`, run, { timeout: 60_000, answerers: [] }),
      record: () => Promise.resolve(),
      picture: () => Promise.resolve(null),
    }).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof Failure)) throw new Error("It was let in, or ended without a failure.", { cause: error });
    told.push(error);
  }
  const off = await store
    .selectFrom("accounts")
    .select("disabled_code")
    .where("disabled_code", "is not", null)
    .execute();
  return { told, submits, off: off.map(({ disabled_code: code }) => code) };
}

describe("a sign-in that the portal answers", () => {
  test.for([
    ["連線逾時，請重新登入", "session-expired"],
    ["Session has expired, please try again.", "session-expired"],
    ["您已在其他裝置登入", "session-expired"],
  ] as const)(
    "with 「%s」 ended by that: the password was not refused, and the next run tries again",
    async ([words, code]) => {
      const { told, submits: made, off } = await twice(`<p role="alert">${words}</p>`);
      expect(told.map((failure) => failure.code)).toEqual([code, code]);
      expect([made, off]).toEqual([2, []]);
    },
  );

  test.for(["系統忙碌中，請稍候再登入", "本帳號尚未啟用，請洽管理者", "作業代碼 E-77：請改用憑證登入"])(
    "with 「%s」, words that nobody knows: they are told, nothing is switched off, and the next run says that the answer was not known",
    async (words) => {
      const { told, submits: made, off } = await twice(`<p role="alert">${words}</p>`);
      expect(told.map((failure) => failure.code)).toEqual(["sign-in-not-understood", "sign-in-unanswered"]);
      expect(told[0]?.detail.pageSays).toContain(words);
      expect(told[1]?.message).toContain("密碼沒有被拒絕");
      expect([made, off]).toEqual([1, []]);
    },
  );

  test("with a refusal of the password: it is submitted once, and the next run says that it was refused", async () => {
    const warned = "使用者帳號或密碼錯誤，再錯 2 次帳號將被鎖定";
    const { told, submits: made, off } = await twice(`<p role="alert">${warned}</p>`);
    expect(told.map((failure) => failure.code)).toEqual(["credentials-rejected", "account-disabled"]);
    expect(told[0]?.detail.pageSays).toContain(warned);
    expect(told[1]?.message).toContain("拒絕了它的密碼");
    expect([made, off]).toEqual([1, ["credentials-rejected"]]);
  });

  test("with a lock: nobody is told that the password was refused, neither then nor by the next run", async () => {
    const { told, submits: made, off } = await twice(`<p role="alert">此帳號已被鎖定，請洽客服</p>`);
    expect(told.map((failure) => failure.code)).toEqual(["account-locked", "account-locked"]);
    for (const failure of told) expect(failure.message).not.toMatch(/拒絕|錯誤/);
    expect([made, off]).toEqual([1, ["account-locked"]]);
  });

  test("with an outage: that is told, nothing is switched off, and the next run tries again", async () => {
    instead = "<h1>系統維護中，暫停服務</h1>";
    onTestFinished(() => void (instead = null));
    const { told, off } = await twice("<p>營業人登入</p>");
    expect(told.map((failure) => failure.code)).toEqual(["portal-down", "portal-down"]);
    expect(off).toEqual([]);
  });
});

test.runIf(EVERY_TEST)("a page that stands in the place of the sign-in is told with its own words", async () => {
  instead = "<h1>本系統僅開放國內網路連線</h1><p>您的位址不在開放範圍（代碼 G-12）</p>";
  onTestFinished(() => void (instead = null));
  const { told, submits: made, off } = await twice("", ["run-1"]);
  expect(told.map(({ code }) => code)).toEqual(["page-changed"]);
  expect(told[0]?.message).toContain("您的位址不在開放範圍（代碼 G-12）");
  expect([made, off]).toEqual([0, []]);
});

describe.each(EVERY_TEST ? (["current", "classic"] as const) : (["classic"] as const))(
  "a session that ends while the %s portal is entered",
  (design) => {
    test("is told as that, and the next run signs in with the same password", async () => {
      const portal = await openPortal({ design });
      onTestFinished(() => portal.close());
      const office = await installed({ portal, companies: [{ portal: { taken: [{ period: "next", books: 2 }] } }] });
      portal.order({ name: "session-expired", ban: office.ubn });
      const first = await perform(office, download(NEXT));
      expect({ outcome: first.outcome, failure: first.failure }).toMatchObject({
        outcome: "failed",
        failure: { code: "session-expired" },
      });
      await takeBackFaults(portal);
      expect(await perform(office, download(NEXT))).toMatchObject({ outcome: "done" });
      const reasons = ledgerOf(portal, "sign-in", office.ubn).map(({ reason }) => reason);
      expect(reasons.filter((reason) => reason !== "captcha" && reason !== null)).toEqual([]);
    });
  },
);

describe.skipIf(!HAS_OPENSSL)("a portal whose certificate the browser refuses", () => {
  const authority = makeAuthority();
  afterAll(() => authority.close());

  test.for([
    ["that nobody it trusts vouches for", "server", "browser-distrusts", "ERR_CERT_AUTHORITY_INVALID"],
    ["that has expired", "expired", "(certificate-wrong|browser-distrusts)", "ERR_CERT_"],
  ] as const)("%s is no portal that is away: it is told by name, with what to set", async ([, which, code, cause]) => {
    const secure = createSecureServer({ ...authority[which] }, (_request, response) => void response.end("ok"));
    secure.listen(0, "127.0.0.1");
    await once(secure, "listening");
    onTestFinished(() => {
      secure.closeAllConnections();
      secure.close();
    });
    const portal = await openPortal();
    onTestFinished(() => portal.close());
    const address = `https://127.0.0.1:${portOf(secure)}`;
    const office = await installed({ portal, settings: { portal: { address } } });
    const run = await perform(office, download(NEXT));
    expect(run.failure?.code).toMatch(new RegExp(`^${code}$`));
    expect(run.outcome).toBe("needs-person");
    expect(run.failure?.message).toContain(cause);
    expect(run.failure?.next).toMatch(/不要關掉憑證檢查/);
  });
});
