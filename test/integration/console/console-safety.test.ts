import { copyFile, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listActions } from "../../../robot/console/access/audit.ts";
import { getRun } from "../../../robot/engine/runs/runs.ts";
import { type ConsoleOffice, openOffice, TODAY, Visitor } from "../../support/kit/console/console.ts";
import { seedConsole, type Furnished } from "../../support/kit/console/seed-console.ts";
import { officeCompanies } from "../../support/kit/console/office.ts";

describe("the console, as somebody finds it who means harm,", () => {
  let office: ConsoleOffice;
  let runs: Furnished;
  let operator: Visitor;
  let manager: Visitor;

  beforeAll(async () => {
    office = await openOffice(officeCompanies(8));
    runs = await seedConsole(office, TODAY, 20);
    [operator, manager] = await Promise.all([office.visitor("operate"), office.visitor("manage")]);
  });
  afterAll(() => office.close());

  const stranger = (): Visitor => new Visitor(office.console.url);
  const actions = async (name: string): Promise<string[]> =>
    (await listActions(office.assembled.store, 500))
      .filter(({ action }) => action === name)
      .map(({ result }) => result);

  it("shows nothing to whoever is not signed in, and starts nothing for them", async () => {
    const visitor = stranger();
    for (const path of ["/", "/runs", `/runs/${runs.good}`, "/live", "/trace-viewer/index.html", "/nothing"]) {
      const { status, text } = await visitor.get(path);
      expect([path, status]).toEqual([path, 401]);
      expect(text).not.toContain("晨光小舖");
    }
    expect((await visitor.post(`/runs/${runs.waiting}/cancel`, {})).status).toBe(401);
    expect((await getRun(office.assembled.store, runs.waiting)).cancelRequested).toBe(false);
  });

  it("answers under its own names only, so that no other site's name can be pointed at it", async () => {
    for (const host of ["evil.example", "evil.example:80", "127.0.0.1", `127.0.0.1.evil.example`, "localhost:1"]) {
      const { status, text } = await manager.get("/", { host });
      expect([host, status]).toEqual([host, 421]);
      expect(text).not.toContain("晨光小舖");
    }
    const { port } = new URL(office.console.url);
    expect((await manager.get("/", { host: `LOCALHOST:${port}` })).status).toBe(200);
  });

  it("does nothing that another site's page sends", async () => {
    const path = `/runs/${runs.waiting}/cancel`;
    const csrf = await operator.csrf();
    const own = new URL(office.console.url);
    for (const headers of [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: `http://localhost.evil.example:${own.port}` },
      // Another program on this machine.
      { origin: `http://127.0.0.1:${Number(own.port) + 1}` },
      { origin: own.origin.replace("http:", "https:") },
    ]) {
      expect((await operator.post(path, { csrf }, headers)).status).toBe(403);
    }
    const bare = { "content-type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams({ csrf }).toString();
    expect((await operator.send("POST", path, bare, body)).status).toBe(403);
    expect((await operator.send("POST", path, { ...bare, "sec-fetch-site": "same-site" }, body)).status).toBe(403);
    expect((await getRun(office.assembled.store, runs.waiting)).cancelRequested).toBe(false);
  });

  it("demands the value that only the session's own forms carry", async () => {
    const path = `/runs/${runs.waiting}/cancel`;
    for (const csrf of ["", "x", await manager.csrf()]) {
      expect((await operator.post(path, { csrf: csrf === "" ? "-" : csrf })).status).toBe(403);
    }
    expect((await getRun(office.assembled.store, runs.waiting)).cancelRequested).toBe(false);
    expect(await actions("cancel")).toEqual(["form-foreign", "form-foreign", "form-foreign"]);
  });

  it("lets no other page put it, or a part of it, into its own", async () => {
    const { headers } = await manager.get("/");
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*|https?:|data:/);
    expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    for (const how of [
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" },
      { "sec-fetch-site": "same-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" },
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
    ]) {
      expect((await manager.get("/", how)).status).toBe(403);
    }
    const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    expect((await manager.get("/", link)).status).toBe(200);
  });

  it("has no script or style inside a page, and loads nothing from elsewhere", async () => {
    for (const path of ["/", "/runs", `/runs/${runs.good}`, `/runs/${runs.broken}/compare`]) {
      const { text } = await manager.get(path);
      expect(text).not.toMatch(/<script(?![^>]* src="\/static\/)/);
      expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i);
      expect(text.match(/(?:src|href|action)="(?!\/|#)[^"]*"/g)).toBeNull();
    }
  });

  it("writes what anybody says as text, wherever it came from", async () => {
    const { text } = await manager.get(`/runs?text=${encodeURIComponent(`"><script src=//evil></script>`)}`);
    expect(text).not.toContain("<script src=//evil>");
    expect(text).toContain("&quot;&gt;&lt;script");
    expect((await manager.get("/runs?done=<b>x</b>")).text).not.toContain("<b>x</b>");
  });

  it("hands out no file but those that the run's record names", async () => {
    const record = (await getRun(office.assembled.store, runs.good)).folder ?? "";
    await writeFile(join(office.folder, "secret.txt"), "top secret");
    await writeFile(join(record, "files", "9999-extra.csv"), "put there later");
    await mkdir(join(record, "traces"), { recursive: true });
    await symlink(join(office.folder, "secret.txt"), join(record, "files", "9998-link.csv"));
    const attempts = [
      "../events.jsonl",
      "..%2fevents.jsonl",
      "..%2f..%2f..%2f..%2f..%2f..%2fsecret.txt",
      "..\\..\\secret.txt",
      "....//....//secret.txt",
      "%2e%2e/%2e%2e/secret.txt",
      "9999-extra.csv",
      "9998-link.csv",
      "%00",
      "",
    ];
    for (const folder of ["file", "picture", "trace-file", "trace"]) {
      for (const name of attempts) {
        const { status, text } = await manager.get(`/runs/${runs.good}/${folder}/${name}`);
        expect([folder, name, status]).toEqual([folder, name, status >= 400 && status < 500 ? status : "refused"]);
        expect(text).not.toContain("top secret");
        expect(text).not.toContain("prevHash");
      }
    }
    for (const path of ["/static/../world.ts", "/static/..%2fworld.ts", "/static/%2e%2e/app.ts"]) {
      expect((await manager.get(path)).status).toBe(404);
    }
    for (const path of ["../../../package.json", "..%2f..%2f..%2fpackage.json", "%2e%2e/%2e%2e/package.json"]) {
      const { status, text } = await manager.get(`/trace-viewer/${path}`);
      expect(status).toBe(404);
      expect(text).not.toContain('"license"');
    }
  });

  it("a page beyond all is not found, and a number that is none is refused: neither is a fault of the program", async () => {
    const answers: readonly (readonly [string, number])[] = [
      ["/runs?page=999999", 404],
      ["/runs?page=99999999999999999999", 400],
      ["/runs?page=-1", 400],
      ["/runs?page=x", 400],
      ["/runs?page=1e400", 400],
      ["/runs?page=", 200],
      ["/settings/audit?before=1e300", 400],
      ["/settings/audit?before=99999999999999999999", 400],
      ["/settings/secrets?ubn=nobody", 200],
    ];
    for (const [path, wanted] of answers) expect([path, (await manager.get(path)).status]).toEqual([path, wanted]);
    expect((await manager.get("/settings/company?ubn=nobody")).status).toBeLessThan(500);
  });

  it("hands out nothing that was put in the place of a recorded file", async () => {
    const { text } = await manager.get(`/runs/${runs.running}`);
    const [, name = ""] = /picture\/([^"]+)"/.exec(text) ?? [];
    expect((await manager.get(`/runs/${runs.running}/picture/${name}`)).headers["content-type"]).toBe("image/jpeg");
    const path = join(
      (await getRun(office.assembled.store, runs.running)).folder ?? "",
      "pictures",
      decodeURIComponent(name),
    );
    const refused = async (): Promise<void> => {
      const { status, text: served } = await manager.get(`/runs/${runs.running}/picture/${name}`);
      expect([status, /companies|prevHash/.test(served)]).toEqual([404, false]);
    };
    // A link to elsewhere, one to something else in the run's own folder, and another folder as a whole.
    await rename(path, `${path}.old`);
    await symlink(join(office.folder, "robot.config.json"), path);
    await refused();
    await rm(path);
    await symlink(join(dirname(dirname(path)), "events.jsonl"), path);
    await refused();
    const elsewhere = join(office.folder, "elsewhere");
    await mkdir(elsewhere);
    await copyFile(join(office.folder, "robot.config.json"), join(elsewhere, basename(path)));
    await rename(dirname(path), `${dirname(path)}.old`);
    await symlink(elsewhere, dirname(path));
    await refused();
  });

  it("gives files from the portal as something to save, never to open in its own place", async () => {
    const { text } = await manager.get(`/runs/${runs.good}`);
    const [, href = ""] = /href="(\/runs\/[^"]+\/file\/[^"]+)" download/.exec(text) ?? [];
    const { headers, text: csv } = await manager.get(href);
    expect(headers["content-type"]).toBe("application/octet-stream");
    expect(headers["content-disposition"]).toMatch(/^attachment/);
    expect(csv).toContain("42519550");
  });
});
