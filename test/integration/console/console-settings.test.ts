import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig } from "../../../robot/config/load.ts";
import { settingsPath } from "../../../robot/config/settings-file.ts";
import { listActions } from "../../../robot/console/access/audit.ts";
import { cronOf, formatCron } from "../../../robot/console/view/format-cron.ts";
import { cronFault } from "../../../robot/lib/cron.ts";
import { openQuestions, readAnswer } from "../../../robot/engine/people/questions.ts";
import { attemptsOf } from "../../../robot/login/attempts.ts";
import { type ConsoleOffice, openOffice, type Visitor } from "../../support/kit/console/console.ts";
import { officeCompanies } from "../../support/kit/console/office.ts";
import { upload } from "../../support/kit/console/upload.ts";

const SECRET = "Portal-pass-77";

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

  it("closes what is asked about an account as soon as its password is stored anew, and keeps a holder's 驗證碼 by the phone only", async () => {
    const { store } = office.assembled;
    const [company] = office.config.companies;
    const ubn = company?.ubn ?? "";
    const asking = { timeout: 3_600_000, answerers: ["王會計"] };
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
    written.companies[0].answerers = ["王會計"];
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
      answerers: ["王會計"],
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
      upload(manager, office, "/settings/companies/import", {}, { roster: new File([csv], "roster.csv") });
    const adopt = async (preview: string): Promise<number> => {
      const roster = entities(/<textarea name="roster" hidden>([^<]*)</.exec(preview)?.[1] ?? "");
      const seen = /name="version" value="([^"]*)"/.exec(preview)?.[1] ?? "";
      return (await manager.post("/settings/companies/adopt", { roster, version: seen })).status;
    };
    const before = (await loadConfig(office.configFile)).companies;
    const added = await send(`${text}=SUM(1),04595257,,營業人,2,,,\r\n`);
    expect([added.status, added.text]).toEqual([200, expect.stringContaining("加入 1、更新 0、清空 0、沒有變 6")]);
    expect((await loadConfig(office.configFile)).companies).toEqual(before);
    expect(await adopt(added.text)).toBe(303);
    const renamed = await send("統一編號,公司名稱\r\n4595257,改了名\r\n");
    expect(renamed.text).toContain("加入 0、更新 1、清空 0、沒有變 0");
    expect(await adopt(renamed.text)).toBe(303);
    const { companies } = await loadConfig(office.configFile);
    expect(companies).toHaveLength(7);
    expect(companies.find(({ ubn }) => ubn === "04595257")).toMatchObject({ name: "改了名", books: 2 });
    expect(companies.slice(0, 6)).toEqual(before);
    expect((await send("統一編號,公司名稱\r\n04595257,好的\r\n12345678,不對\r\n")).status).toBe(400);
    expect((await send("名字,號碼\r\n甲,1\r\n")).status).toBe(400);
    expect((await loadConfig(office.configFile)).companies).toEqual(companies);

    expect((await manager.get("/settings")).text).toContain("上一次存檔改了公司。");
    expect((await manager.post("/settings/undo", { version: await version() })).status).toBe(303);
    expect((await loadConfig(office.configFile)).companies.at(-1)).toMatchObject({ name: "=SUM(1)", books: 2 });
  });

  it("keeps what was pasted where it can't be taken, and takes it when others have saved meanwhile only after a look", async () => {
    const paste = async (pasted: string): Promise<{ status: number; text: string }> =>
      upload(manager, office, "/settings/companies/import", { pasted }, {});
    const wrong = await paste("公司名稱\t統一編號\t登入身分\n甲\t04595257\t會計師\n");
    expect(wrong.status).toBe(400);
    expect(wrong.text).toMatch(/第 2 列<\/td><td>登入身分<\/td><td>會計師/);
    expect(wrong.text).toMatch(/<textarea name="pasted"[^>]*>公司名稱\t統一編號\t登入身分\r?\n甲/);
    const right = await paste("公司名稱\t統一編號\n甲\t04595257\n");
    const [roster, seen] = [
      entities(/<textarea name="roster" hidden>([^<]*)</.exec(right.text)?.[1] ?? ""),
      /name="version" value="([^"]*)"/.exec(right.text)?.[1] ?? "",
    ];
    await manager.post("/settings/company", { before: "", name: "乙", ubn: "12345675", version: await version() });
    const late = await manager.post("/settings/companies/adopt", { roster, version: seen });
    expect([late.status, late.text]).toEqual([400, expect.stringContaining("設定剛被別人改過")]);
    expect((await loadConfig(office.configFile)).companies.map(({ name }) => name)).not.toContain("甲");
  });
});

function entities(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "&quot;": '"',
    "&amp;": "&",
    "&#39;": "'",
    "&lt;": "<",
    "&gt;": ">",
  };
  return text.replaceAll(/&(?:quot|amp|#39|lt|gt);/g, (name) => names[name] ?? name);
}

describe("a schedule in words", () => {
  it.each([
    ["0 2 3 1,3,5,7,9,11 *", "每單月 3 日 02:00"],
    ["30 6 * * *", "每天 06:30"],
    ["0 9 18 2-12/2 *", "每雙月 18 日 09:00"],
    ["0 8 * * 1-5", "每週一、二、三、四、五 08:00"],
    ["5 * * * *", "每天 每小時的 5 分"],
    ["0 2,14 1-10 */2 *", "每單月 1–10 日 02:00、14:00"],
  ])("%s is %s", (cron, words) => {
    expect(formatCron(cron)).toBe(words);
  });

  it("comes back as the cron that it was made of", () => {
    const when = { time: "02:00", day: "3", cron: "" };
    for (const often of ["daily", "weekly", "monthly", "odd", "even"] as const) {
      const cron = cronOf({ ...when, often });
      expect(cronFault(cron)).toBeNull();
      expect(formatCron(cron)).toContain("02:00");
    }
  });
});
