import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listActions } from "../../../robot/console/access/audit.ts";
import { setPerson } from "../../../robot/console/access/people.ts";
import { makeLink } from "../../../robot/console/access/sessions.ts";
import { settingsPath } from "../../../robot/config/settings-file.ts";
import { listOpenRuns } from "../../../robot/engine/runs/runs.ts";
import { digest } from "../../../robot/mail/out/digest.ts";
import { type ConsoleOffice, openOffice, TODAY, Visitor } from "../../support/kit/console/console.ts";
import { seedConsole } from "../../support/kit/console/seed-console.ts";
import { officeCompanies } from "../../support/kit/console/office.ts";

const PASSWORD = "correct horse 42";
const PROXY = "https://proxy.example";

describe("an address to which passwords go, changed by somebody at a manager's open browser,", () => {
  let office: ConsoleOffice;
  let manager: Visitor;
  let byLink: Visitor;
  const version = async (): Promise<string> =>
    /name="version" value="([^"]*)"/.exec((await manager.get("/settings/company")).text)?.[1] ?? "";
  const portal = async (address: string, more: object = {}, visitor = manager): ReturnType<Visitor["post"]> =>
    visitor.post("/settings/portal", {
      address,
      allocationDay: "18",
      maxVisits: "2",
      version: await version(),
      ...more,
    });
  const written = async (): Promise<string> => readFile(settingsPath(office.configFile), "utf8").catch(() => "");
  const open = async (): Promise<{ readonly cancelRequested: boolean }[]> => listOpenRuns(office.assembled.store);
  const mails = () => office.assembled.store.selectFrom("news").selectAll().where("kind", "=", "settings").execute();

  beforeAll(async () => {
    const mail = { host: "smtp.example.com", from: "robot@example.com", to: ["chen@example.com"] };
    office = await openOffice(officeCompanies(6), { mail });
    await seedConsole(office, TODAY, 20);
    await setPerson(office.assembled.store, "王會計", "manage", PASSWORD);
    manager = new Visitor(office.console.url);
    await manager.post("/sign-in", { name: "王會計", password: PASSWORD });
    byLink = await office.visitor("manage");
  });
  afterAll(() => office.close());

  it("is not written without the person's own password, and the page says what would follow", async () => {
    const { status, text } = await portal(PROXY);
    expect(status).toBe(200);
    expect(text).toContain("請先確認是您本人");
    expect(text).toContain(PROXY);
    expect(text).toContain("chen@example.com");
    expect(text).toContain(`name="allocationDay" value="18"`);
    for (const wrong of ["guess guess 1", "guess guess 2"]) {
      const refused = await portal(PROXY, { "own-word": wrong });
      expect([refused.status, refused.text.includes(wrong)]).toEqual([403, false]);
    }
    expect(await written()).toBe("");
    expect((await open()).some(({ cancelRequested }) => cancelRequested)).toBe(false);
    expect(await mails()).toEqual([]);
    const results = (await listActions(office.assembled.store, 10)).map(({ result }) => result);
    expect(results.slice(0, 3)).toEqual(["own-word-refused", "own-word-refused", "own-word-asked"]);
  });

  it("takes no other's password, no used link, and no link that is not for 管理", async () => {
    const { store } = office.assembled;
    await setPerson(store, "李小姐", "manage", "another horse 43");
    expect((await portal(PROXY, { "own-word": "another horse 43" })).status).toBe(403);
    expect((await portal(PROXY, { "own-word": await makeLink(store, "root", "manage") })).status).toBe(403);
    for (const word of [PASSWORD, await makeLink(store, "x", "operate"), "x"]) {
      expect((await portal(PROXY, { "own-word": word }, byLink)).status).toBe(403);
    }
    expect(await written()).toBe("");
  });

  it("can't be reached by a password that somebody makes for themselves at that browser", async () => {
    const { store } = office.assembled;
    const fields = { name: "外人", role: "manage", password: "a stranger's 99" };
    for (const [visitor, word] of [
      [manager, ""],
      [byLink, ""],
      [byLink, PASSWORD],
    ] as const) {
      const made = await visitor.post("/settings/people", { ...fields, "own-word": word });
      expect([made.status, made.text]).toEqual([403, expect.stringContaining("確認是您本人")]);
      expect((await visitor.post("/settings/people", { ...fields, name: "王會計", "own-word": word })).status).toBe(
        403,
      );
    }
    const link = await makeLink(store, "root", "manage");
    expect((await byLink.post("/settings/people", { ...fields, name: "林先生", "own-word": link })).status).toBe(303);
    const names = await store.selectFrom("console_people").select("name").execute();
    expect(names.map(({ name }) => name).toSorted()).toEqual(["李小姐", "林先生", "王會計"].toSorted());
  });

  it("can't be guessed: five tries, then a quarter of an hour", async () => {
    const { store } = office.assembled;
    await setPerson(store, "吳小姐", "manage", PASSWORD);
    const visitor = new Visitor(office.console.url);
    await visitor.post("/sign-in", { name: "吳小姐", password: PASSWORD });
    for (let n = 0; n < 5; n++) await portal(PROXY, { "own-word": `guess guess ${n}` }, visitor);
    const right = await portal(PROXY, { "own-word": PASSWORD }, visitor);
    expect([right.status, right.text]).toEqual([403, expect.stringContaining("試太多次")]);
    expect(await written()).toBe("");
  });

  it("is never http to another machine, whoever asks for it", async () => {
    const { status, text } = await portal("http://portal.example", { "own-word": PASSWORD });
    expect([status, text]).toEqual([400, expect.stringContaining("https://")]);
  });

  it("is written with the password: the others are mailed, runs under way are stopped, and it stands in the audit", async () => {
    const running = (await open()).length;
    expect(running).toBeGreaterThan(0);
    const { status, headers } = await portal(PROXY, { "own-word": PASSWORD });
    expect([status, headers.location]).toEqual([303, "/settings/portal?done=moved"]);
    expect(await written()).toContain(PROXY);
    expect((await open()).every(({ cancelRequested }) => cancelRequested)).toBe(true);
    const [row] = await mails();
    expect(row?.line).toMatch(/王會計.*平台網址：http:\/\/127\.0\.0\.1:9.*→ https:\/\/proxy\.example/);
    const news = { key: "k", kind: "settings" as const, line: row?.line ?? "", runId: null, questionId: null };
    expect(digest([news], null)).toMatchObject({
      subject: expect.stringContaining("1 項設定改了"),
      text: expect.stringContaining(PROXY),
    });
    const [action] = await listActions(office.assembled.store, 1);
    expect(action).toMatchObject({ action: "set-portal", result: "done", about: { stopped: running } });
    expect(JSON.stringify(await listActions(office.assembled.store, 50))).not.toContain(PASSWORD);
  });

  it("asks the same of every other form that changes an address: the mailbox, and giving the settings back", async () => {
    const back = { key: "portal", version: await version() };
    expect((await manager.post("/settings/give-back", back)).text).toContain("請先確認是您本人");
    const link = `${office.console.url}enter/${await makeLink(office.assembled.store, "root", "manage")}`;
    expect((await byLink.post("/settings/give-back", { ...back, "own-word": link })).status).toBe(303);
    expect((await byLink.post("/settings/give-back", { ...back, "own-word": link })).status).not.toBe(303);
    const mailbox = { host: "imap.example.com", port: "993", user: "a@example.com", folder: "INBOX", secure: "yes" };
    const save = async (more: object): ReturnType<Visitor["post"]> =>
      manager.post("/settings/mailbox", { ...mailbox, version: await version(), ...more });
    expect((await save({})).status).toBe(303);
    expect((await save({ folder: "Notices" })).status).toBe(303);
    for (const more of [{ host: "imap.evil.example" }, { port: "143" }, { secure: "no" }]) {
      expect((await save(more)).text).toContain("請先確認是您本人");
    }
    expect((await save({ host: "imap.evil.example", "own-word": PASSWORD })).status).toBe(303);
  });

  it("asks nothing of whoever changes something else", async () => {
    expect((await portal("http://127.0.0.1:9", { allocationDay: "20" })).status).toBe(303);
  });
});

describe("settings that two people save in the same moment", () => {
  let office: ConsoleOffice;
  beforeAll(async () => {
    office = await openOffice(officeCompanies(2));
  });
  afterAll(() => office.close());

  it("are saved by one of them; every other is told what was changed, and keeps what was typed", async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => office.visitor("manage")));
    const pages = await Promise.all(people.map((one) => one.get("/settings/company")));
    const [version = ""] = pages.map(({ text }) => /name="version" value="([^"]*)"/.exec(text)?.[1] ?? "");
    const forms = ["12345675", "24681353", "04595257", "22099131", "53212539", "84149961"].map((ubn, index) => ({
      before: "",
      name: `新公司${index}`,
      ubn,
      identity: "business",
      books: "3",
      version,
    }));
    const answers = await Promise.all(people.map((one, index) => one.post("/settings/company", forms[index] ?? {})));
    const saved = answers.flatMap(({ status }, index) => (status === 303 ? [index] : []));
    expect(saved).toHaveLength(1);
    const [winner = 0] = saved;
    const settings = JSON.parse(await readFile(settingsPath(office.configFile), "utf8"));
    expect(settings.companies.map(({ name }: { name: string }) => name)).toContain(`新公司${winner}`);
    expect(settings.companies).toHaveLength(3);
    for (const [index, { status, text }] of answers.entries()) {
      if (index === winner) continue;
      expect([status, text]).toEqual([400, expect.stringContaining("設定剛被別人改過")]);
      expect(text).toContain(`name="name" value="新公司${index}"`);
      // The page lets it be saved all the same, beside what the other saved.
      const now = /name="version" value="([^"]*)"/.exec(text)?.[1] ?? "";
      expect(now).not.toBe(version);
    }
    const loser = winner === 0 ? 1 : 0;
    const again = await people[loser]?.post("/settings/company", {
      ...forms[loser],
      version: /name="version" value="([^"]*)"/.exec(answers[loser]?.text ?? "")?.[1] ?? "",
    });
    expect(again?.status).toBe(303);
    const told = await people[winner]?.post("/settings/company", { ...forms[winner], books: "9", version });
    expect(told?.text).toMatch(/測試manage.*改公司.*統編/s);
    const both = JSON.parse(await readFile(settingsPath(office.configFile), "utf8"));
    expect(both.companies).toHaveLength(4);
  });

  it("are not overwritten when the file was edited by hand meanwhile", async () => {
    const manager = await office.visitor("manage");
    const { text } = await manager.get("/settings/portal");
    const version = /name="version" value="([^"]*)"/.exec(text)?.[1] ?? "";
    const path = settingsPath(office.configFile);
    const settings = JSON.parse(await readFile(path, "utf8"));
    await writeFile(path, JSON.stringify({ ...settings, portal: { maxVisits: 5 } }));
    const form = { address: "http://127.0.0.1:9", allocationDay: "18", maxVisits: "1", version };
    expect((await manager.post("/settings/portal", form)).status).toBe(400);
    expect(JSON.parse(await readFile(path, "utf8")).portal).toEqual({ maxVisits: 5 });
  });
});
