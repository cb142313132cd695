import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openQuestions, readAnswer } from "../../../robot/engine/people/questions.ts";
import { getRun, listRuns } from "../../../robot/engine/runs/runs.ts";
import { taipeiDay } from "../../../robot/invoicing/values/day.ts";
import { type ConsoleOffice, openOffice, TODAY, type Visitor } from "../../support/kit/console/console.ts";
import { seedConsole } from "../../support/kit/console/seed-console.ts";
import { officeCompanies } from "../../support/kit/console/office.ts";

describe("what people do in the console", () => {
  let office: ConsoleOffice;
  let manager: Visitor;
  let operator: Visitor;

  beforeEach(async () => {
    office = await openOffice(officeCompanies(6));
    [manager, operator] = await Promise.all([office.visitor("manage"), office.visitor("operate")]);
  });
  afterEach(() => office.close());

  it("takes the answer to the version that was looked at, in the name of whoever is signed in, once", async () => {
    await seedConsole(office, TODAY, 10);
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

  it("tells on top everything that needs a person, of a large office too, and nothing twice", async () => {
    const large = await openOffice(officeCompanies(80));
    try {
      await seedConsole(large, TODAY, 400);
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
    const { good, broken } = await seedConsole(office, TODAY, 60);
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
    const { good, broken } = await seedConsole(office, TODAY, 10);
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
});
