import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { listActions } from "../../../robot/console/access/audit.ts";
import { listRuns } from "../../../robot/engine/runs/runs.ts";
import { FLOWS } from "../../../flows/index.ts";
import { type ConsoleOffice, openOffice, TODAY, type Visitor } from "../../support/kit/console/console.ts";
import { officeCompanies } from "../../support/kit/console/office.ts";
import { recipientLines } from "../../support/kit/jobs/platform.ts";
import { upload } from "../../support/kit/console/upload.ts";

const SECRET = "Portal-pass-77";

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
});

describe("a flow", () => {
  it("is offered in the console as soon as there is one: name, what it does, what can't be undone", async () => {
    const office = await openOffice(officeCompanies(1));
    onTestFinished(() => office.close());
    const form = await (await office.visitor("manage")).get("/start");
    for (const { name, title, about, does, final } of FLOWS) {
      expect(form.text).toContain(`/start?flow=${name}`);
      expect([title.zh, about.zh, ...does, ...(final === null ? [] : [final.zh, final.en])]).not.toContain("");
      expect(does.length).toBeGreaterThan(0);
    }
  });
});
