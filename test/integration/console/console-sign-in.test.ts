import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { listActions } from "../../../robot/console/access/audit.ts";
import type { Config } from "../../../robot/config/schema.ts";
import { SignInAttempts } from "../../../robot/console/access/attempts.ts";
import { setPerson } from "../../../robot/console/access/people.ts";
import { beginSession, makeLink } from "../../../robot/console/access/sessions.ts";
import { consoleApp } from "../../../robot/console/app.ts";
import { settingsStore } from "../../../robot/console/http/settings-store.ts";
import { openConsole } from "../../../robot/console/server.ts";
import type { ConsoleContext } from "../../../robot/console/http/console-context.ts";
import { getRun, listRuns } from "../../../robot/engine/runs/runs.ts";
import { FLOWS } from "../../../flows/index.ts";
import { type ConsoleOffice, openOffice, TODAY, Visitor } from "../../support/kit/console/console.ts";
import { seedConsole, type Furnished } from "../../support/kit/console/seed-console.ts";
import { officeCompanies } from "../../support/kit/console/office.ts";
import { HAS_OPENSSL } from "../../support/recording/time-stamp-service.ts";

const PASSWORD = "correct horse 42";

describe("the console, as somebody finds it who means harm,", () => {
  let office: ConsoleOffice;
  let runs: Furnished;
  let looker: Visitor;
  let operator: Visitor;
  let manager: Visitor;

  beforeAll(async () => {
    office = await openOffice(officeCompanies(8));
    runs = await seedConsole(office, TODAY, 20);
    [looker, operator, manager] = await Promise.all([
      office.visitor("look"),
      office.visitor("operate"),
      office.visitor("manage"),
    ]);
  });
  afterAll(() => office.close());

  /** What the console is given, with some settings that differ. */
  const worldOf = (changed: Partial<Config> = {}): ConsoleContext => ({
    ...office.assembled,
    flows: FLOWS,
    now: () => TODAY,
    settings: settingsStore(
      office.configFile,
      () => undefined,
      () => Promise.resolve(),
    ),
    config: () => ({ ...office.config, ...changed }),
  });
  const stranger = (): Visitor => new Visitor(office.console.url);
  const actions = async (name: string): Promise<string[]> =>
    (await listActions(office.assembled.store, 500))
      .filter(({ action }) => action === name)
      .map(({ result }) => result);

  it("lets in by a link once, and by no link that is changed or too old", async () => {
    const { store } = office.assembled;
    const link = new URL(await office.console.link("王會計")).pathname;
    const [first, second] = [stranger(), stranger()];
    expect((await first.get(link)).status).toBe(200);
    expect((await first.post(link, {})).status).toBe(303);
    expect((await first.get("/")).status).toBe(200);
    expect((await second.post(link, {})).status).toBe(401);
    expect((await second.post(`${link.slice(0, -1)}A`, {})).status).toBe(401);
    const old = await makeLink(store, "x", "manage");
    await store
      .updateTable("console_links")
      .set({ until: new Date(0).toISOString() })
      .where("used_at", "is", null)
      .execute();
    expect((await second.post(`/enter/${old}`, {})).status).toBe(401);
    expect((await second.get("/")).status).toBe(401);
    // Of two at the same moment, one.
    const raced = await makeLink(store, "y", "look");
    const both = await Promise.all([stranger().post(`/enter/${raced}`, {}), stranger().post(`/enter/${raced}`, {})]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 401]);
  });

  it("knows no cookie again after signing out, after its time, or after the password was changed", async () => {
    const visitor = await office.visitor("operate");
    const kept = visitor.cookie;
    expect((await visitor.post("/sign-out", {})).status).toBe(303);
    const replay = stranger();
    replay.cookie = kept;
    expect((await replay.get("/")).status).toBe(401);

    const { store } = office.assembled;
    replay.cookie = `einvoice-console=${await beginSession(store, { person: "x", role: "manage" }, -1)}`;
    expect((await replay.get("/")).status).toBe(401);

    await setPerson(store, "陳小姐", "operate", PASSWORD);
    const signedIn = stranger();
    expect((await signedIn.post("/sign-in", { name: "陳小姐", password: PASSWORD })).status).toBe(303);
    expect((await signedIn.get("/")).status).toBe(200);
    await setPerson(store, "陳小姐", "look", `${PASSWORD}3`);
    expect((await signedIn.get("/")).status).toBe(401);
  });

  it("gives its cookie to no script and to no other site, and keeps only its hash", async () => {
    const visitor = stranger();
    const { headers } = await visitor.post(new URL(await office.console.link("王會計")).pathname, {});
    expect(String(headers["set-cookie"])).toMatch(/; HttpOnly; SameSite=Strict$/);
    const ids = await office.assembled.store.selectFrom("console_sessions").select("id").execute();
    const token = visitor.cookie.split("=")[1] ?? "";
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(ids)).not.toContain(token);
  });

  it("keeps no password, only what can't be turned back, and takes none that is short", async () => {
    const { store } = office.assembled;
    await setPerson(store, "林先生", "look", PASSWORD);
    const rows = JSON.stringify(await store.selectFrom("console_people").selectAll().execute());
    expect(rows).toContain("scrypt$");
    expect(rows).not.toContain(PASSWORD);
    await expect(setPerson(store, "林先生", "look", "123456789")).rejects.toMatchObject({ code: "wrong-use" });
    for (const [name, password] of [
      ["林先生", "wrong horse 42"],
      ["沒有這個人", PASSWORD],
      ["林先生", ""],
    ] as const) {
      expect((await stranger().post("/sign-in", { name, password })).status).toBe(401);
    }
  });

  it("lets nobody do what their role is not enough for", async () => {
    const path = `/runs/${runs.waiting}/cancel`;
    expect((await looker.post(path, {})).status).toBe(403);
    expect((await looker.post(`/runs/${runs.good}/export`, { format: "zip", role: "manage" })).status).toBe(403);
    expect((await getRun(office.assembled.store, runs.waiting)).cancelRequested).toBe(false);
    expect((await looker.get(`/runs/${runs.waiting}`)).text).not.toContain(path);
    expect(await actions("export")).toEqual(["role-missing"]);
    expect((await operator.post(path, {})).status).toBe(303);
    expect((await getRun(office.assembled.store, runs.waiting)).cancelRequested).toBe(true);
  });

  it("has no way in which anything changes but for somebody signed in, by a form of their own, with the role for it", async () => {
    const { store } = office.assembled;
    const world = worldOf();
    const app = consoleApp(world, { hosts: new Set(), protocol: "http" });
    const [question] = await store.selectFrom("questions").select("id").where("answered_at", "is", null).execute();
    const paths = app.routes
      .filter(({ method }) => method !== "GET" && method !== "ALL")
      .map(({ method, path }) => ({ method, path: path.replace("/runs/:id", `/runs/${runs.running}`) }))
      .map(({ method, path }) => ({ method, path: path.replace("/questions/:id", `/questions/${question?.id}`) }));
    expect(paths.length).toBeGreaterThan(18);
    expect(paths.map(({ method }) => method)).toEqual(paths.map(() => "POST"));
    const state = async (): Promise<unknown> => [
      await store.selectFrom("runs").selectAll().execute(),
      await store.selectFrom("questions").selectAll().execute(),
      await store.selectFrom("console_people").selectAll().execute(),
      await store.selectFrom("settings").selectAll().execute(),
      (await world.settings.read()).version,
    ];
    const before = await state();
    for (const { path } of paths) {
      if (path === "/sign-in" || path === "/enter/:link") continue;
      const answered = [
        await stranger().post(path, {}),
        await manager.post(path, { csrf: "of another session" }),
        ...(path === "/sign-out" ? [] : [await looker.post(path, { role: "manage" })]),
        ...(path.startsWith("/settings") ? [await operator.post(path, { role: "manage" })] : []),
      ].map(({ status }) => status);
      expect([path, ...answered]).toEqual([path, 401, ...answered.slice(1).map(() => 403)]);
    }
    for (const path of ["", "/schedules", "/portal", "/secrets", "/people", "/audit", "/companies.csv"]) {
      const { status, text } = await operator.get(`/settings${path}`);
      expect([path, status, text.includes("20000014")]).toEqual([path, 403, false]);
    }
    expect((await looker.get("/start?flow=take-tracks")).status).toBe(403);
    expect(await state()).toEqual(before);
  });

  it("writes down who did what from where, and no secret", async () => {
    const all = await listActions(office.assembled.store, 500);
    expect(all).toContainEqual(
      expect.objectContaining({
        action: "cancel",
        person: "測試operate",
        role: "operate",
        about: { run: runs.waiting },
        result: "done",
        address: "127.0.0.1",
      }),
    );
    expect(all.map(({ action }) => action)).toEqual(expect.arrayContaining(["sign-in", "sign-in-by-link", "sign-out"]));
    expect(JSON.stringify(all)).not.toContain(PASSWORD);
  });

  it("stops looking at passwords after five wrong ones, also when they come at once", async () => {
    await setPerson(office.assembled.store, "吳小姐", "look", PASSWORD);
    const guesses = await Promise.all(
      Array.from({ length: 8 }, () => stranger().post("/sign-in", { name: "吳小姐", password: "guess guess" })),
    );
    expect(guesses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      401, 401, 401, 401, 401, 429, 429, 429,
    ]);
    const right = await stranger().post("/sign-in", { name: "吳小姐", password: PASSWORD });
    expect(right.status).toBe(429);
    expect(Number(right.headers["retry-after"])).toBeGreaterThan(600);
  });

  it("shows no trace of the program when it is asked something it can't do", async () => {
    const { status, text } = await manager.get("/runs/no-such-run");
    expect(status).toBe(400);
    expect(text).toContain("沒有這個編號");
    expect(text).not.toMatch(/\bat .+:\d+|node_modules|Error/);
    const { store } = office.assembled;
    expect((await listRuns(store, 500)).length).toBeGreaterThan(10);
  });

  it.skipIf(!HAS_OPENSSL)(
    "is reached by other machines under its name, over TLS, and not at all without it",
    async () => {
      const tls = { cert: join(office.folder, "tls.pem"), key: join(office.folder, "tls.key") };
      const subject = ["-subj", "/CN=robot.office.test", "-addext", "subjectAltName=DNS:robot.office.test"];
      const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...subject];
      execFileSync("openssl", [...made, "-out", tls.cert, "-keyout", tls.key], { stdio: "ignore" });
      await setPerson(office.assembled.store, "周小姐", "look", PASSWORD);
      const settings = { ...office.config.console, host: "0.0.0.0", names: ["robot.office.test"], tls };
      const open = await openConsole(worldOf({ console: settings }));
      try {
        const { port, pathname } = new URL(await open.link("周小姐"), open.url);
        const ca = await readFile(tls.cert);
        const ask = async (method: string, path: string, headers: Readonly<Record<string, string>>) => {
          const at = { host: "127.0.0.1", port, method, path, headers, ca, servername: "robot.office.test" };
          const [answer] = z
            .tuple([z.instanceof(IncomingMessage)])
            .parse(await once(requestHttps(at).end(), "response"));
          answer.resume();
          return answer;
        };
        const own = { host: `robot.office.test:${port}`, origin: `https://robot.office.test:${port}` };
        const entered = await ask("POST", pathname, own);
        expect(entered.statusCode).toBe(303);
        expect(String(entered.headers["set-cookie"])).toMatch(
          /^__Host-.*; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
        );
        expect(entered.headers["strict-transport-security"]).toMatch(/^max-age=\d{8}/);
        expect((await ask("GET", "/sign-in", { host: `127.0.0.1:${port}` })).statusCode).toBe(421);
        expect((await ask("POST", pathname, { ...own, origin: own.origin.replace("https", "http") })).statusCode).toBe(
          403,
        );
        await expect(fetch(`http://127.0.0.1:${port}/sign-in`)).rejects.toThrow("fetch failed");
      } finally {
        await open.close();
      }
    },
  );

  it("opens for other machines only with TLS, a name, and somebody who has a password", async () => {
    const open = (changed: object): Promise<unknown> =>
      openConsole(worldOf({ console: { ...office.config.console, ...changed } }));
    const everywhere = { host: "0.0.0.0", port: 0 };
    await expect(open(everywhere)).rejects.toMatchObject({ code: "config-invalid" });
    await expect(open({ host: "::" })).rejects.toMatchObject({ code: "config-invalid" });
    const tls = { cert: join(office.folder, "cert.pem"), key: join(office.folder, "key.pem") };
    await expect(open({ ...everywhere, tls })).rejects.toMatchObject({ code: "config-invalid" });
    await office.assembled.store.deleteFrom("console_people").execute();
    await expect(open({ ...everywhere, tls, names: ["robot.office.test"] })).rejects.toThrow(/console password/);
  });
});

describe("the limit on sign-ins", () => {
  it("counts each name from each address for itself, and forgets after a quarter of an hour", () => {
    const attempts = new SignInAttempts();
    const [here, elsewhere] = ["192.0.2.1", "192.0.2.2"];
    for (let n = 0; n < 5; n++) expect(attempts.begin({ name: "甲", address: here }, n)).toBeNull();
    expect(attempts.begin({ name: "甲", address: here }, 5)).toBe(900);
    expect(attempts.begin({ name: "甲", address: elsewhere }, 5)).toBeNull();
    expect(attempts.begin({ name: "乙", address: here }, 5)).toBeNull();
    attempts.succeeded({ name: "乙", address: here });
    for (let n = 0; n < 300; n++) expect(attempts.begin({ name: `名${n}`, address: here }, 10)).toBeNull();
    expect(attempts.begin({ name: "丙", address: here }, 10)).toBeNull();
    expect(attempts.begin({ name: "甲", address: here }, 900_011)).toBeNull();
  });

  it("remembers of a stranger who makes up names no more than it has room for", () => {
    const attempts = new SignInAttempts();
    const before = process.memoryUsage().heapUsed;
    for (let n = 0; n < 12_000; n++) attempts.begin({ name: `${n}`.padEnd(100_000, "x"), address: "192.0.2.1" }, n);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(300 * 1024 * 1024);
  });
});
