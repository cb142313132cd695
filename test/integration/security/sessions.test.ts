import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { listActions } from "../../../robot/console/access/audit.ts";
import { setPerson } from "../../../robot/console/access/people.ts";
import { listSessions } from "../../../robot/console/access/sessions.ts";
import { openQuestions } from "../../../robot/engine/people/questions.ts";
import { type ConsoleOffice, openOffice, TODAY, Visitor } from "../../support/kit/console/console.ts";
import { seedConsole } from "../../support/kit/console/seed-console.ts";
import { officeCompanies } from "../../support/kit/console/office.ts";
import { envelopeOf, robot } from "../../support/kit/installation/robot-process.ts";

const PASSWORD = "correct horse 42";

describe("whoever is signed in to the console", () => {
  let office: ConsoleOffice;
  let manager: Visitor;
  beforeAll(async () => {
    office = await openOffice(officeCompanies(5));
    await seedConsole(office, TODAY, 10);
    manager = await office.visitor("manage");
    await setPerson(office.assembled.store, "王會計", "operate", PASSWORD);
  });
  afterAll(() => office.close());
  const page = async (): Promise<string> => (await manager.get("/settings/sessions")).text;
  const idOf = async (person: string): Promise<string> =>
    (await listSessions(office.assembled.store, "")).find((one) => one.person === person)?.id ?? "";

  it("is seen by 管理: who, how, from where; the browser's own secret is on no page", async () => {
    const visitor = new Visitor(office.console.url);
    await visitor.post("/sign-in", { name: "王會計", password: PASSWORD });
    const text = await page();
    expect(text).toMatch(/王會計.*操作.*用密碼.*127\.0\.0\.1/s);
    expect(text).toMatch(/測試manage.*用一次性連結.*就是您現在用的/s);
    for (const cookie of [visitor.cookie, manager.cookie]) expect(text).not.toContain(cookie.split("=")[1]);
    // The name by which the page calls a session lets nobody in.
    const forged = new Visitor(office.console.url);
    forged.cookie = `einvoice-console=${await idOf("王會計")}`;
    expect((await forged.get("/")).status).toBe(401);
  });

  it("is out at once when 管理 ends the session, also out of the page that waits for news", async () => {
    const thief = new Visitor(office.console.url);
    await thief.post("/sign-in", { name: "王會計", password: PASSWORD });
    expect((await thief.get("/")).status).toBe(200);
    for (const { id } of (await listSessions(office.assembled.store, "")).filter(({ person }) => person === "王會計")) {
      expect((await manager.post("/settings/sessions/end", { id })).status).toBe(303);
    }
    expect((await thief.get("/")).status).toBe(401);
    expect((await thief.get("/live")).status).toBe(401);
    expect(await page()).not.toContain("王會計");
    const [action] = await listActions(office.assembled.store, 1);
    expect(action).toMatchObject({ action: "end-session", person: "測試manage", about: { whose: "王會計" } });
    expect((await manager.post("/settings/sessions/end", { id: "x" })).status).toBe(400);
  });

  it("is shown to nobody but 管理, and ended by nobody else", async () => {
    const operator = await office.visitor("operate");
    expect((await operator.get("/settings/sessions")).status).toBe(403);
    expect((await operator.post("/settings/sessions/end", { id: await idOf("測試manage") })).status).toBe(403);
    expect((await manager.get("/")).status).toBe(200);
  });

  it("came by a link that carries a name, which the page says before it is used", async () => {
    const words = ["console", "link", "--name", "李小姐", "--role", "operate", "--json"];
    const made = await robot({ configFile: office.configFile, folder: office.folder }, words);
    const { link } = z.looseObject({ link: z.string() }).parse(envelopeOf(made).data);
    const path = `/enter/${link.split("/").at(-1) ?? ""}`;
    const visitor = new Visitor(office.console.url);
    expect((await visitor.get(path)).text).toMatch(/李小姐.*操作/s);
    expect((await visitor.get(path)).text).toContain("李小姐");
    expect((await visitor.post(path, {})).status).toBe(303);
    expect((await visitor.get("/")).text).toContain("李小姐");
    expect((await new Visitor(office.console.url).get(path)).text).not.toContain("李小姐");
    for (const name of ["王\u202e計", "a\u0000b", "x".repeat(100_000), "", " a", "<b>"]) {
      const refused = await robot({ configFile: office.configFile, folder: office.folder }, [
        ...words.slice(0, 2),
        `--name=${name.replaceAll("\u0000", "\u0001")}`,
      ]);
      expect([name.length, refused.code]).toEqual([name.length, 2]);
    }
  });

  it("hears, answering a question that was answered, who answered what and when, and not that nobody did", async () => {
    const [question] = await openQuestions(office.assembled.store);
    if (!question) throw new Error("Nothing is asked.");
    const [[key, meaning] = ["", ""]] = Object.entries(question.choices);
    const path = `/questions/${question.id}/answer`;
    const form = { answer: key, version: String(question.version) };
    const operator = await office.visitor("operate");
    expect((await operator.post(path, form)).status).toBe(303);
    const again = await manager.post(path, form);
    expect(again.status).toBe(409);
    expect(again.text).toContain("測試operate 在 ");
    expect(again.text).toContain(`已經回答「${meaning}」`);
    expect(again.text).not.toMatch(/看到：[^<]*沒有人回答|期限內沒有人回答。/);
  });
});
