import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig } from "../robot/config/load.ts";
import { settingsPath } from "../robot/config/settings-file.ts";
import { listActions } from "../robot/console/access/audit.ts";
import { cronOf, cronWords } from "../robot/console/view/cron-words.ts";
import { cronFault } from "../robot/engine/cron.ts";
import { openQuestions, readAnswer } from "../robot/engine/questions.ts";
import { listRuns } from "../robot/engine/runs.ts";
import { FLOW_FORMS } from "../robot/console/flow-forms.ts";
import { FLOWS } from "../robot/wire.ts";
import { type ConsoleOffice, openOffice, TODAY, type Visitor } from "./kit/console.ts";
import { furnish } from "./kit/furnish.ts";
import { officeCompanies } from "./kit/office.ts";

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
    const send = async (csv: string): Promise<{ status: number; text: string }> => {
      const form = new FormData();
      form.set("csrf", await manager.csrf());
      form.set("version", await version());
      form.set("roster", new File([csv], "roster.csv"));
      const body = new Response(form);
      const type = {
        "content-type": body.headers.get("content-type") ?? "",
        origin: new URL(office.console.url).origin,
      };
      return manager.send("POST", "/settings/companies/import", type, new Uint8Array(await body.arrayBuffer()));
    };
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
  it("is offered in the console as soon as there is one: name, what it does, what can't be undone", () => {
    expect(FLOW_FORMS.map(({ flow }) => flow).filter((name) => !FLOWS.some((flow) => flow.name === name))).toEqual([]);
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
