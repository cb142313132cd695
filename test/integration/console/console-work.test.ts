import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { loadConfig } from "../../../robot/config/load.ts";
import { settingsPath } from "../../../robot/config/settings-file.ts";
import { listActions } from "../../../robot/console/access/audit.ts";
import { cronOf, cronWords } from "../../../robot/console/view/cron-words.ts";
import { cronFault } from "../../../robot/lib/cron.ts";
import { openQuestions, readAnswer } from "../../../robot/engine/people/questions.ts";
import { getRun, listRuns } from "../../../robot/engine/runs/runs.ts";
import { taipeiDay } from "../../../robot/invoicing/values/day.ts";
import { attemptsOf } from "../../../robot/login/attempts.ts";
import { FLOWS } from "../../../flows/index.ts";
import { type Answered, type ConsoleOffice, openOffice, TODAY, type Visitor } from "../../support/kit/console.ts";
import { furnish } from "../../support/kit/furnish.ts";
import { officeCompanies } from "../../support/kit/office.ts";
import { recipientLines } from "../../support/kit/platform.ts";

const SECRET = "Portal-pass-77";

/** A form with files, as the page itself sends it. */
async function upload(
  visitor: Visitor,
  { console }: ConsoleOffice,
  path: string,
  fields: Readonly<Record<string, string>>,
  files: Readonly<Record<string, File>>,
): Promise<Answered> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ csrf: await visitor.csrf(), ...fields })) form.set(name, value);
  for (const [name, file] of Object.entries(files)) form.set(name, file);
  const body = new Response(form);
  const headers = { "content-type": body.headers.get("content-type") ?? "", origin: new URL(console.url).origin };
  return visitor.send("POST", path, headers, new Uint8Array(await body.arrayBuffer()));
}

/** The bytes of every file in a folder, as text. */
async function allIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("\n");
}

describe("what people do in the console", () => {
  let office: ConsoleOffice;
  let manager: Visitor;
  let operator: Visitor;
  const version = async (): Promise<string> =>
    /name="version" value="([^"]*)"/.exec((await manager.get("/settings/company")).text)?.[1] ?? "";

  beforeEach(async () => {
    office = await openOffice(officeCompanies(6));
    [manager, operator] = await Promise.all([office.visitor("manage"), office.visitor("operate")]);
  });
  afterEach(() => office.close());

  it("starts a run for whoever is signed in, joins the one under way, and takes no file of the machine by its path", async () => {
    const ubn = office.config.companies[0]?.ubn ?? "";
    const fields = { flow: "take-tracks", company: ubn, period: "11602", category: "07", books: "3" };
    const { status, text } = await operator.post("/start/review", fields);
    expect([status, text]).toEqual([200, expect.stringContaining("提交取號不能撤回")]);
    expect(await listRuns(office.assembled.store, 5)).toEqual([]);
    const started = await operator.post("/start", fields);
    expect(started.headers.location).toMatch(/\?done=started$/);
    expect((await operator.post("/start", fields)).headers.location).toMatch(/\?done=joined$/);
    expect(await listRuns(office.assembled.store, 5)).toMatchObject([
      { startedBy: "測試operate", ubn, flow: "take-tracks" },
    ]);
    for (const wrong of [
      { books: "0" },
      { books: "x" },
      { period: "11613" },
      { category: "09" },
      { flow: "no-flow" },
      { company: "12345675" },
    ]) {
      const refused = await operator.post("/start", { ...fields, ...wrong });
      expect([wrong, refused.status]).toEqual([wrong, 400]);
    }
    // A file is what was handed over here, whatever a form says.
    await writeFile(join(office.folder, "else.csv"), "not handed over");
    for (const kept of [
      { sha256: "a".repeat(64), name: "../../else.csv" },
      { sha256: "../..", name: "else.csv" },
      { sha256: "a".repeat(64), name: "else.csv", path: join(office.folder, "else.csv") },
    ]) {
      const upload = {
        flow: "correct-blank-numbers",
        company: ubn,
        period: "11510",
        "file-kept": JSON.stringify(kept),
      };
      expect((await operator.post("/start", upload)).status).toBe(400);
    }
    expect(await listRuns(office.assembled.store, 5)).toHaveLength(1);
  });

  it("takes the answer to the version that was looked at, in the name of whoever is signed in, once", async () => {
    await furnish(office, TODAY, 10);
    const { store } = office.assembled;
    const [question] = await openQuestions(store);
    const path = `/questions/${question?.id}/answer`;
    expect((await operator.post(path, { answer: "happened", version: "7" })).status).toBe(409);
    expect((await operator.post(path, { answer: "perhaps", version: "1" })).status).toBe(400);
    expect((await operator.post(path, { answer: "happened", version: "1" })).status).toBe(303);
    expect(await readAnswer(store, question?.id ?? "")).toMatchObject({ answer: "happened", by: "測試operate" });
    const again = await manager.post(path, { answer: "not-happened", version: "1" });
    expect(again.status).toBe(409);
    expect(again.text).toContain("測試operate");
  });

  it("closes what is asked about an account as soon as its password is stored anew, and keeps a holder's 驗證碼 by the phone only", async () => {
    const { store } = office.assembled;
    const [company] = office.config.companies;
    const ubn = company?.ubn ?? "";
    const asking = { openFor: 3_600_000, mayAnswer: ["王會計"] };
    await attemptsOf(store, `${ubn}/${ubn}`, "run-1", asking).disable("credentials-rejected");
    await attemptsOf(store, "carrier/0912345678", "run-2", asking).disable("credentials-rejected");
    const [portal, holder] = await openQuestions(store);
    expect(holder?.text).toContain("09***78");
    expect(holder?.text).not.toContain("0912345678");
    expect((await manager.post("/settings/secrets/set", { key: ubn, password: SECRET })).status).toBe(303);
    expect(await openQuestions(store)).toEqual([holder]);
    expect(await readAnswer(store, portal?.id ?? "")).toMatchObject({ by: "測試manage" });

    const wrong = await manager.post("/settings/secrets/set", { key: "holder", phone: "0912", password: SECRET });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining("手機號碼")]);
    const code = { key: "holder", phone: "0912-345-678", password: SECRET };
    expect((await manager.post("/settings/secrets/set", code)).status).toBe(303);
    expect(await openQuestions(store)).toEqual([]);
    const { text } = await manager.get("/settings/secrets");
    expect(text).toContain("手機條碼驗證碼　09***78");
    expect(text + JSON.stringify(await listActions(store, 50))).not.toMatch(new RegExp(`0912345678|${SECRET}`));
    const [, key = ""] = /value="(holder-[0-9a-f]+)"/.exec(text) ?? [];
    expect((await manager.post("/settings/secrets/test", { key })).headers.location).toMatch(/secret-read/);
    expect((await manager.post("/settings/secrets/remove", { key })).status).toBe(303);
    expect((await manager.get("/settings/secrets")).text).not.toContain("09***78");
  });

  it("binds a carrier, or a list of them, after telling what can't be undone, and writes nobody's number into the list of actions", async () => {
    const ubn = office.config.companies[0]?.ubn ?? "";
    const whose = { flow: "bind-carrier", company: ubn };
    const one = { link: "https://box.example.tw/card/1", phone: "0912-345-678", barcode: "/ABC.123" };
    const { status, text } = await operator.post("/start/review", { ...whose, ...one });
    expect([status, text]).toEqual([200, expect.stringContaining("沒有辦法取消")]);
    expect(text).not.toMatch(/href="[^"]*0912/);
    for (const [wrong, words] of [
      [{}, "請給歸戶清單，或填齊"],
      [{ ...one, barcode: "" }, "請給歸戶清單，或填齊"],
      [{ ...one, phone: "912345678" }, "09 開頭的 10 位數字"],
      [{ ...one, barcode: "/abc.123" }, "字母要大寫"],
      [{ ...one, link: "box.example.tw" }, "完整網址"],
    ] as const) {
      const refused = await operator.post("/start/review", { ...whose, ...wrong });
      expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(words)]);
      expect((await operator.post("/start", { ...whose, ...wrong })).status).toBe(400);
    }
    const send = (path: string, csv: string, fields: Readonly<Record<string, string>> = {}) =>
      upload(operator, office, path, { ...whose, ...fields }, { file: new File([csv], "歸戶.csv") });
    const head = "連結,載具類別,手機號碼,手機條碼\r\n";
    const list = `${head}https://box.example.tw/card/2,手機條碼,0912345678,/ABC.123\r\n`;
    expect((await send("/start/review", list, one)).text).toContain("只填其中一種");
    const faulty = await send("/start/review", `${list}x,手機條碼,0912345678,/ABC.123\r\n`);
    expect([faulty.status, faulty.text]).toEqual([400, expect.stringMatching(/<td>3<\/td><td>連結<\/td>/)]);
    const reviewed = await send("/start/review", list);
    expect([reviewed.status, reviewed.text]).toEqual([200, expect.stringContaining("檔案沒有問題")]);
    // A list with a secret in it is refused, and not kept either.
    const secret = await send(
      "/start/review",
      `連結,載具類別,驗證碼\r\nhttps://box.example.tw/3,手機條碼,${SECRET}\r\n`,
    );
    expect([secret.status, secret.text]).toEqual([400, expect.stringContaining("驗證碼")]);
    expect(await allIn(office.config.console.uploads)).not.toContain(SECRET);

    expect((await operator.post("/start", { ...whose, ...one })).headers.location).toMatch(/\?done=started$/);
    expect((await send("/start", list)).headers.location).toMatch(/\?done=started$/);
    expect((await listRuns(office.assembled.store, 5)).map(({ input }) => input).toReversed()).toMatchObject([
      { link: one.link, certificate: false, phone: "0912345678", barcode: one.barcode },
      { file: { sha256: expect.any(String) } },
    ]);
    expect(JSON.stringify(await listActions(office.assembled.store, 99))).not.toMatch(/0912|ABC\.123|box\.example/);
  });

  it("starts the value-added platform's jobs with what is ticked, and with a list of recipients that it can read", async () => {
    const ubn = office.config.companies[0]?.ubn ?? "";
    const blanks = { flow: "platform-blank-numbers", company: ubn, period: "11510" };
    const { status, text } = await operator.post("/start/review", { ...blanks, upload: "yes" });
    expect([status, text]).toEqual([
      200,
      expect.stringMatching(/接著上傳空白號碼<\/dt><dd>是<.*加值平台<\/dt><dd>設定檔裡沒有/s),
    ]);
    expect((await operator.post("/start", { ...blanks, upload: "yes" })).headers.location).toMatch(/\?done=started$/);
    expect((await operator.post("/start", blanks)).headers.location).toMatch(/\?done=started$/);
    const winners = { ...blanks, flow: "platform-winning-list" };
    const send = (path: string, csv: string) =>
      upload(operator, office, path, winners, { recipients: new File([csv], "收件名單.csv") });
    const wrong = await send("/start/review", recipientLines(["KK12351156"], ""));
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringMatching(/<td>2<\/td><td>收件人名稱<\/td>/)]);
    expect((await send("/start", recipientLines(["KK12351156"]))).headers.location).toMatch(/\?done=started$/);
    expect((await listRuns(office.assembled.store, 5)).map(({ input }) => input).toReversed()).toMatchObject([
      { period: "11510", upload: true },
      { period: "11510", upload: false },
      { period: "11510", print: false, recipients: { sha256: expect.any(String) } },
    ]);
  });

  it("says before the start what is set, until when it has to be done, and that the quota was smaller when it was last seen", async () => {
    const [, company] = office.config.companies;
    const ubn = company?.ubn ?? "";
    const review = async (fields: Readonly<Record<string, string>>): Promise<string> =>
      (await operator.post("/start/review", { company: ubn, ...fields })).text;
    const take = { flow: "take-tracks", period: "11602", category: "07" };
    expect(await review({ ...take, books: "3" })).toContain("11/1（日）–12/18（五），還有 27 天，假日不順延");
    await office.assembled.store
      .insertInto("effects")
      .values({
        key: `${ubn}|take-tracks|submit-take|11602|07|3`,
        name: "提交取號",
        run_id: "run-1",
        status: "refused",
        attempt: 1,
        wanted: "{}",
        baseline: JSON.stringify({ available: 2, taken: 0 }),
        evidence: null,
        intended_at: null,
        updated_at: TODAY.toISOString(),
      })
      .execute();
    expect(await review({ ...take, books: "3" })).toContain("只剩 2 本可以取");
    expect(await review({ ...take, books: "2" })).not.toContain("只剩");
    // What was taken since the portal said what there was is no longer left, of its own category.
    await office.assembled.store
      .insertInto("effects")
      .values({
        key: `${ubn}|take-tracks|submit-take|11602|08|3`,
        name: "提交取號",
        run_id: "run-2",
        status: "confirmed",
        attempt: 1,
        wanted: "{}",
        baseline: JSON.stringify({ available: 5, taken: 1 }),
        evidence: null,
        intended_at: null,
        updated_at: TODAY.toISOString(),
      })
      .execute();
    const special = { ...take, category: "08" };
    expect(await review({ ...special, books: "2" })).toContain("只剩 1 本可以取（可取用本數 5，已取用 4");
    expect(await review({ ...special, books: "1" })).not.toContain("只剩");
    const form = (await operator.get(`/start?flow=take-tracks&company=${ubn}&period=11602`)).text;
    expect(form).toContain("還可以取 1 本（可取用本數 5，已取用 4");
    const notice = { flow: "keep-notice-list" };
    expect(await review(notice)).toMatch(/設定裡的地址<\/dt><dd>（沒有）/);
    const fields = {
      before: ubn,
      name: company?.name ?? "",
      ubn,
      noticeAddress: "a@office.test",
      version: await version(),
    };
    expect((await manager.post("/settings/company", fields)).status).toBe(303);
    expect(await review(notice)).toMatch(/設定裡的地址<\/dt><dd>a@office\.test.*平台上多的<\/dt><dd>留著/s);
  });

  it("tells on top everything that needs a person, of a large office too, and nothing twice", async () => {
    const large = await openOffice(officeCompanies(80));
    try {
      await furnish(large, TODAY, 400);
      const { text } = await (await large.visitor("look")).get("/");
      const [, onTop = ""] = /id="on-top"(.*?)<\/section>/s.exec(text) ?? [];
      const [, total = ""] = /(\d+) 件/.exec(onTop) ?? [];
      const [, cells = ""] = /<tbody>(.*?)<\/tbody>/s.exec(text) ?? [];
      const inTable = cells.match(/tone-(?:bad|warn)"/g)?.length ?? 0;
      expect(inTable).toBeGreaterThan(8);
      const items = onTop.split("<li").slice(1);
      const [questions, troubles] = [
        items.filter((one) => one.includes("/questions#")),
        items.filter((one) => !one.includes("/questions#")),
      ];
      const told = troubles.map((one) => Number(/<b>(\d+) 家/.exec(one)?.[1] ?? "1"));
      expect(items.length).toBeLessThan(9);
      // One of the two that ask stands in the table as well; correcting is no duty of a period.
      expect(told.reduce((sum, one) => sum + one, 0)).toBe(inTable - 1);
      expect(Number(total)).toBe(questions.length + inTable - 1);
    } finally {
      await large.close();
    }
  });

  it("finds runs by company, flow, outcome, code and day, each alone and together", async () => {
    const { good, broken } = await furnish(office, TODAY, 60);
    const { store } = office.assembled;
    const all = await listRuns(store, 500);
    const found = async (query: string): Promise<string[]> => {
      const { text } = await operator.get(`/runs?${query}`);
      return [...text.matchAll(/class="when"><a href="\/runs\/([^"]+)"/g)].map(([, id = ""]) => id);
    };
    const those = (fits: (run: (typeof all)[number]) => boolean): string[] => all.filter(fits).map(({ id }) => id);
    const ubn = all.find(({ id }) => id === broken)?.ubn ?? "";
    const day = (run: (typeof all)[number]): string => taipeiDay(new Date(run.createdAt));
    for (const [query, fits] of [
      [`ubn=${ubn}`, (run) => run.ubn === ubn],
      ["flow=take-tracks", (run) => run.flow === "take-tracks"],
      ["standing=live", (run) => run.state !== "ended"],
      ["standing=already-done", (run) => run.outcome === "already-done"],
      ["code=page-changed", (run) => run.failure?.code === "page-changed"],
      ["from=2026-11-19&to=2026-11-20", (run) => ["2026-11-19", "2026-11-20"].includes(day(run))],
      [`text=${good.slice(-6)}`, (run) => run.id.endsWith(good.slice(-6))],
      [`ubn=${ubn}&code=page-changed&standing=needs-person`, (run) => run.id === broken],
    ] satisfies [string, (run: (typeof all)[number]) => boolean][]) {
      expect(those(fits).length).toBeGreaterThan(0);
      expect([query, (await found(query)).toSorted()]).toEqual([query, those(fits).toSorted()]);
    }
    expect(await found("text=%25")).toEqual(await found(""));
    expect((await operator.get("/runs?from=yesterday")).text).toContain("看不懂");
  });

  it("proves a run when it is opened, shows its files' rows, hands it on as it is, and sets a broken one beside the last good one", async () => {
    const { good, broken } = await furnish(office, TODAY, 10);
    const { text } = await operator.get(`/runs/${good}`);
    expect(text).toContain("紀錄完整");
    const [, preview = ""] = /data-load="([^"]+)"/.exec(text) ?? [];
    expect((await operator.get(`${preview}?part`)).text).toMatch(/<td>NQ<\/td><td>42519550<\/td><td>42522049<\/td>/);
    const zip = await operator.post(`/runs/${good}/export`, { format: "zip" });
    expect([zip.status, zip.bytes.subarray(0, 2).toString()]).toEqual([200, "PK"]);
    const page = await operator.post(`/runs/${good}/export`, { format: "html" });
    expect([page.headers["content-disposition"], page.text]).toEqual([
      expect.stringContaining(`${good}.html`),
      expect.stringContaining("怎麼自己查證"),
    ]);
    const compared = (await operator.get(`/runs/${broken}/compare`)).text.split("上次成功　");
    expect(compared).toHaveLength(2);
    const [now = "", last = ""] = compared;
    expect(now).toContain("頁面和機器人認識的不一樣");
    expect([now, last].map((side) => side.includes("<strong>下載字軌檔</strong>"))).toEqual([true, true]);
    expect(last).toContain(`href="/runs/${good}"`);
    // One letter of one event.
    const { folder } = await getRun(office.assembled.store, good);
    const events = join(folder ?? "", "events.jsonl");
    await writeFile(events, (await readFile(events, "utf8")).replace("查到的配號清單", "查到的配號清單。"));
    expect((await operator.get(`/runs/${good}`)).text).toContain("紀錄被動過");
  });

  it("keeps passwords, tests them and never shows one", async () => {
    const ubn = office.config.companies[2]?.ubn ?? "";
    expect((await operator.post("/settings/secrets/set", { key: ubn, password: SECRET })).status).toBe(403);
    expect((await operator.get("/settings/secrets")).status).toBe(403);
    expect((await manager.post("/settings/secrets/test", { key: ubn })).text).toContain("secret-missing");
    expect((await manager.post("/settings/secrets/set", { key: ubn, password: SECRET })).status).toBe(303);
    expect((await manager.post("/settings/secrets/test", { key: ubn })).headers.location).toMatch(/secret-read/);
    const pages = await Promise.all(
      ["/settings/secrets", `/settings/secrets?ubn=${ubn}`, "/settings/audit", "/settings"].map((path) =>
        manager.get(path),
      ),
    );
    for (const { text } of pages) expect(text).not.toContain(SECRET);
    expect(JSON.stringify(await listActions(office.assembled.store, 50))).not.toContain(SECRET);
    expect((await manager.post("/settings/secrets/remove", { key: ubn })).status).toBe(303);
    expect((await manager.post("/settings/secrets/test", { key: ubn })).status).toBe(400);
  });

  it("writes settings beside the configuration, checked as that is, and goes on with them at once", async () => {
    const company = { before: "", name: "新公司", ubn: "12345675", books: "4", identity: "business" };
    const before = await readFile(office.configFile, "utf8");
    const wrong = await manager.post("/settings/company", { ...company, ubn: "12345678", version: await version() });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining("統一編號檢查碼不符")]);
    expect((await manager.post("/settings/company", { ...company, version: await version() })).status).toBe(303);
    expect((await manager.get("/")).text).toContain("新公司");
    const settings = JSON.parse(await readFile(settingsPath(office.configFile), "utf8"));
    expect(settings.companies).toHaveLength(7);
    expect(settings.companies.at(-1)).toEqual({ name: "新公司", ubn: "12345675", books: 4 });
    expect(await readFile(office.configFile, "utf8")).toBe(before);
    // Every other command reads the same.
    expect((await loadConfig(office.configFile)).companies.map(({ name }) => name)).toContain("新公司");
    // Two people with the same page open: the second is told.
    const stale = await manager.post("/settings/company", { ...company, name: "另一家", ubn: "24681353", version: "" });
    expect([stale.status, stale.text]).toEqual([400, expect.stringContaining("剛被別人改過")]);
    expect((await manager.post("/settings/give-back", { key: "companies", version: await version() })).status).toBe(
      303,
    );
    expect((await manager.get("/")).text).not.toContain("新公司");
    expect((await operator.post("/settings/company", { ...company, version: await version() })).status).toBe(403);
  });

  it("keeps of the mailbox and of a company what its forms don't show", async () => {
    const written = JSON.parse(await readFile(office.configFile, "utf8"));
    const oauth2 = { command: ["/bin/echo", "token"] };
    written.mailbox = {
      host: "imap.example.com",
      user: "a@example.com",
      oauth2,
      centreSenders: ["turnkey@example.com"],
    };
    written.companies[0].answeredBy = ["王會計"];
    await writeFile(office.configFile, JSON.stringify(written));
    const mailbox = { host: "imap.office.test", port: "993", user: "a@example.com", folder: "INBOX", secure: "yes" };
    const [company] = office.config.companies;
    const fields = { before: company?.ubn ?? "", name: "改了名", ubn: company?.ubn ?? "", books: "7" };
    expect((await manager.post("/settings/mailbox", { ...mailbox, version: await version() })).status).toBe(303);
    expect((await manager.post("/settings/company", { ...fields, version: await version() })).status).toBe(303);
    const config = await loadConfig(office.configFile);
    expect(config.mailbox).toMatchObject({ host: "imap.office.test", oauth2, centreSenders: ["turnkey@example.com"] });
    expect(config.companies.find(({ ubn }) => ubn === company?.ubn)).toMatchObject({
      name: "改了名",
      books: 7,
      answeredBy: ["王會計"],
    });
  });

  it("keeps schedules that people said in words, and refuses those whose flow would not take their input", async () => {
    const fields = {
      name: "每夜",
      flow: "download-tracks",
      period: "next",
      often: "odd",
      day: "3",
      time: "02:00",
      cron: "",
    };
    expect((await manager.post("/settings/schedules", { ...fields, version: await version() })).status).toBe(303);
    const { text } = await manager.get("/settings/schedules");
    expect(text).toContain("每單月 3 日 02:00");
    expect(text).toContain("0 2 3 1,3,5,7,9,11 *");
    for (const wrong of [{ day: "40" }, { flow: "no-such-flow" }, { period: "" }, { name: "a b!" }]) {
      const { status } = await manager.post("/settings/schedules", {
        ...fields,
        name: "別的",
        ...wrong,
        version: await version(),
      });
      expect([wrong, status]).toEqual([wrong, 400]);
    }
    expect((await loadConfig(office.configFile)).schedules.map(({ name }) => name)).toEqual(["每夜"]);
  });

  it("takes in the roster that it gave out, with the zeros that a spreadsheet took away, and refuses a wrong one as a whole", async () => {
    const { text, headers } = await manager.get("/settings/companies.csv");
    expect(headers["content-disposition"]).toContain("attachment");
    expect(text).toContain("公司名稱,統一編號");
    const send = async (csv: string): Promise<{ status: number; text: string }> =>
      upload(
        manager,
        office,
        "/settings/companies/import",
        { version: await version() },
        { roster: new File([csv], "roster.csv") },
      );
    const first = office.config.companies[0];
    expect((await send(`${text}=SUM(1),04595257,,營業人,2,,,\r\n`)).status).toBe(303);
    expect((await send("統一編號,公司名稱\r\n4595257,改了名\r\n")).status).toBe(303);
    const { companies } = await loadConfig(office.configFile);
    expect(companies).toHaveLength(7);
    expect(companies.find(({ ubn }) => ubn === "04595257")).toMatchObject({ name: "改了名", books: 2 });
    expect(companies.find(({ ubn }) => ubn === first?.ubn)).toEqual(first);
    expect((await send("統一編號,公司名稱\r\n04595257,好的\r\n12345678,不對\r\n")).status).toBe(400);
    expect((await send("名字,號碼\r\n甲,1\r\n")).status).toBe(400);
    expect((await loadConfig(office.configFile)).companies).toEqual(companies);
  });
});

describe("a flow", () => {
  it("is offered in the console as soon as there is one: name, what it does, what can't be undone", async () => {
    const office = await openOffice(officeCompanies(1));
    onTestFinished(() => office.close());
    const form = await (await office.visitor("manage")).get("/start");
    for (const { name, title, about, does, final } of FLOWS) {
      expect(form.text).toContain(`/start?flow=${name}`);
      expect([title.zh, about.zh, ...does, ...(final === null ? [] : [final])]).not.toContain("");
      expect(does.length).toBeGreaterThan(0);
    }
  });
});

describe("a schedule in words", () => {
  it.each([
    ["0 2 3 1,3,5,7,9,11 *", "每單月 3 日 02:00"],
    ["30 6 * * *", "每天 06:30"],
    ["0 9 18 2-12/2 *", "每雙月 18 日 09:00"],
    ["0 8 * * 1-5", "每週一、二、三、四、五 08:00"],
    ["5 * * * *", "每天 每小時的 5 分"],
    ["0 2,14 1-10 */2 *", "每單月 1–10 日 02:00、14:00"],
  ])("%s is %s", (cron, words) => {
    expect(cronWords(cron)).toBe(words);
  });

  it("comes back as the cron that it was made of", () => {
    const when = { time: "02:00", day: "3", cron: "" };
    for (const often of ["daily", "weekly", "monthly", "odd", "even"] as const) {
      const cron = cronOf({ ...when, often });
      expect(cronFault(cron)).toBeNull();
      expect(cronWords(cron)).toContain("02:00");
    }
  });
});
