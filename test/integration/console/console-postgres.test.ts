import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openQuestions, readAnswer } from "../../../robot/engine/people/questions.ts";
import { getRun, listRuns } from "../../../robot/engine/runs/runs.ts";
import { type ConsoleOffice, openOffice, TODAY, type Visitor } from "../../support/kit/console/console.ts";
import { seedConsole, type Furnished } from "../../support/kit/console/seed-console.ts";
import { officeCompanies } from "../../support/kit/console/office.ts";
import { missingPostgres, type Postgres, startPostgres } from "../../support/servers/postgres.ts";

const missing = missingPostgres();

describe.skipIf(missing !== null)(`the console on PostgreSQL${missing === null ? "" : ` (${missing})`}`, () => {
  let server: Postgres;
  let office: ConsoleOffice;
  let runs: Furnished;
  let manager: Visitor;

  beforeAll(async () => {
    server = await startPostgres();
    office = await openOffice(officeCompanies(8), { store: { url: await server.newDatabase() } });
    runs = await seedConsole(office, TODAY, 120);
    manager = await office.visitor("manage");
  });
  afterAll(async () => {
    await office.close();
    await server.close();
  });

  it("shows every page as it does on SQLite, and finds what is searched for", async () => {
    const lite = await openOffice(officeCompanies(8));
    try {
      await seedConsole(lite, TODAY, 120);
      const other = await lite.visitor("manage");
      const [company] = office.config.companies;
      for (const path of [
        "/",
        "/?period=11512&show=attention",
        "/start?flow=take-tracks",
        `/start?again=${runs.waiting}`,
        "/questions",
        "/runs",
        "/runs?page=2",
        `/runs?ubn=${company?.ubn}&flow=download-tracks&standing=already-done&from=2026-11-01&to=2026-11-20`,
        "/runs?code=page-changed",
        `/runs?text=${encodeURIComponent("晨光")}`,
        `/runs?text=${runs.broken.toLowerCase()}`,
        `/runs/${runs.good}`,
        `/runs/${runs.broken}/compare`,
        `/runs/${runs.waiting}`,
        "/settings",
        "/settings/people",
      ]) {
        const [here, there] = await Promise.all([manager.get(path), other.get(path)]);
        expect([path, here.status]).toEqual([path, 200]);
        expect([path, plain(here.text)]).toEqual([path, plain(there.text)]);
      }
    } finally {
      await lite.close();
    }
  });

  it("starts, cancels, answers and keeps who did what, in order", async () => {
    const { store } = office.assembled;
    const ubn = office.config.companies[7]?.ubn ?? "";
    const fields = { flow: "download-tracks", company: ubn, period: "11512" };
    const started = await manager.post("/start", fields);
    expect(started.headers.location).toMatch(/\?done=started$/);
    expect((await manager.post("/start", fields)).headers.location).toMatch(/\?done=joined$/);
    const [newest] = await listRuns(store, 1);
    expect((await manager.post(`/runs/${newest?.id}/cancel`, {})).status).toBe(303);
    expect((await getRun(store, newest?.id ?? "")).cancelRequested).toBe(true);
    const [question] = await openQuestions(store, runs.asking);
    const said = { answer: "happened", version: "1" };
    expect((await manager.post(`/questions/${question?.id}/answer`, said)).status).toBe(303);
    expect((await manager.post(`/questions/${question?.id}/answer`, said)).status).toBe(409);
    expect(await readAnswer(store, question?.id ?? "")).toMatchObject({ answer: "happened", by: "測試manage" });
    const { text } = await manager.get("/settings/audit");
    const done = [...text.matchAll(/<td class="what">([^<]+)<\/td>/g)].map(([, action]) => action);
    expect(text).toContain(`<span class="soft">作業</span> 下載配號檔`);
    expect(done).toEqual(["回答問題", "回答問題", "取消執行", "開始執行", "開始執行", "以連結登入"]);
  });
});

/** Without what is this very office's alone: its folder, its sessions, what its news go by, when its records were written. */
function plain(text: string): string {
  return text
    .replaceAll(/einvoice-console-\w+/g, "folder")
    .replaceAll(/name="csrf" value="[^"]*"/g, "csrf")
    .replaceAll(/\d\d\/\d\d \d\d:\d\d 問的，還有[^<；]*/g, "asked")
    .replaceAll(/known=[\w-]+/g, "known")
    .replaceAll(/\d\d:\d\d:\d\d(?:\.\d{3}Z)?/g, "clock")
    .replaceAll(/\b[0-9a-f]{64}\b/g, "hash");
}
