import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { listActions } from "../../../robot/console/access/audit.ts";
import { setPerson } from "../../../robot/console/access/people.ts";
import { makeLink } from "../../../robot/console/access/sessions.ts";
import { CONNECTION_LIMITS } from "../../../robot/console/http/connections.ts";
import { Seldom } from "../../../robot/console/http/seldom.ts";
import { type ConsoleOffice, openOffice, Visitor } from "../../support/kit/console/console.ts";
import { officeCompanies } from "../../support/kit/console/office.ts";

const PASSWORD = "correct horse 42";
/** Bytes that no form of a stranger is allowed. */
const MUCH = 64 * 1024 * 1024;

describe("the console, as a stranger finds it who is not signed in,", () => {
  let office: ConsoleOffice;
  let at: URL;
  beforeAll(async () => {
    office = await openOffice(officeCompanies(5), { log: { level: "info", folder: "logs" } });
    at = new URL(office.console.url);
    await setPerson(office.assembled.store, "王會計", "manage", PASSWORD);
  });
  afterAll(() => office.close());

  const signedIn = async (): Promise<number> =>
    (await new Visitor(office.console.url).post("/sign-in", { name: "王會計", password: PASSWORD })).status;
  const socket = async (): Promise<Socket> => {
    const one = connect(Number(at.port), at.hostname);
    one.on("error", () => undefined);
    onTestFinished(() => void one.destroy());
    await once(one, "connect");
    return one;
  };
  /** What comes back over this connection until it is closed, or until `enough`. */
  const answerOf = (one: Socket, enough: RegExp = /<\/html>/): Promise<string> =>
    new Promise((resolve) => {
      let text = "";
      one.on("data", (piece) => {
        text += String(piece);
        if (enough.test(text)) resolve(text);
      });
      one.on("close", () => resolve(text));
    });
  const head = (more: readonly string[], path = "/sign-in"): string =>
    [
      `POST ${path} HTTP/1.1`,
      `Host: ${at.host}`,
      `Origin: ${at.origin}`,
      "Content-Type: application/x-www-form-urlencoded",
      ...more,
      "",
      "",
    ].join("\r\n");

  it("locks out nobody but the name that is guessed: not the others, and not the terminal's link", async () => {
    const guesser = new Visitor(office.console.url);
    for (let n = 0; n < 40; n++) {
      const { status } = await guesser.post("/sign-in", { name: `name${n}`, password: "guess guess" });
      expect(status).toBe(401);
    }
    for (let n = 0; n < 40; n++) expect((await guesser.post(`/enter/${"x".repeat(43)}`, {})).status).toBe(401);
    expect(await signedIn()).toBe(303);
    const link = await makeLink(office.assembled.store, "root", "manage");
    expect((await new Visitor(office.console.url).post(`/enter/${link}`, {})).status).toBe(303);
  });

  it("writes down some of what was refused, and how much it left out", async () => {
    const { store } = office.assembled;
    const guesser = new Visitor(office.console.url);
    const before = (await listActions(store, 500)).length;
    for (let n = 0; n < 200; n++) await guesser.post(`/enter/${n}`, {});
    expect((await listActions(store, 500)).length - before).toBeLessThanOrEqual(30);
    const seldom = new Seldom(2, 60_000);
    expect([0, 1, 2, 3].map((at) => seldom.next(at))).toEqual([0, 0, null, null]);
    expect([60_000, 60_001].map((at) => seldom.next(at))).toEqual([2, 0]);
  });

  it("takes no more than 16 KB, says so at once, and holds none of it in memory", async () => {
    const announced = await socket();
    announced.write(head([`Content-Length: ${MUCH}`]));
    expect(await answerOf(announced)).toMatch(/^HTTP\/1\.1 413 .*太大/is);
    const piece = Buffer.alloc(64 * 1024, "a");
    const before = process.memoryUsage().rss;
    const answers = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const one = await socket();
        const answer = answerOf(one);
        one.write(head(["Transfer-Encoding: chunked"]));
        for (let sent = 0; sent < MUCH / 8 && one.writable; sent += piece.length) {
          one.write(`${piece.length.toString(16)}\r\n`);
          if (!one.write(Buffer.concat([piece, Buffer.from("\r\n")])))
            await Promise.race([once(one, "drain"), once(one, "close")]).catch(() => undefined);
        }
        return answer;
      }),
    );
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
    expect(await signedIn()).toBe(303);
  });

  it("reads no body at all for a page that a stranger may not see", async () => {
    const one = await socket();
    one.write(head([`Content-Length: ${MUCH}`], "/start/review"));
    expect(await answerOf(one)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it("answers what is broken with 400 and what it is, and nothing with a bare 500", async () => {
    const broken: readonly (readonly [string, string])[] = [
      ["multipart/form-data", "x"],
      ["multipart/form-data; boundary=", "--\r\n\r\n"],
      ["multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=x\r\n\r\ncut"],
      ["multipart/form-data; boundary=b", "\u0000\u0001\u0002"],
      ["application/json", `{"name":"x"}`],
      ["text/plain", "name=x"],
      ["", "name=x"],
      ["application/x-www-form-urlencoded-not", "name=x"],
    ];
    const visitor = new Visitor(office.console.url);
    const origin = at.origin;
    for (const path of ["/sign-in"]) {
      for (const [type, body] of broken) {
        const { status, text, headers } = await visitor.send("POST", path, { origin, "content-type": type }, body);
        expect([type, status]).toEqual([type, 400]);
        expect(text).toContain("沒有執行");
        expect(headers["content-security-policy"]).toContain("default-src 'none'");
      }
    }
    for (const raw of ["GET / HTTP/9.9\r\n\r\n", "\u0000\u0001\r\n\r\n", "GET /\r\n\r\n", `GET / HTTP/1.1\r\n\r\n`]) {
      const one = await socket();
      one.write(raw);
      expect(await answerOf(one)).toMatch(/^HTTP\/1\.1 4\d\d /);
    }
    const long = await socket();
    long.write(`GET / HTTP/1.1\r\nHost: ${at.host}\r\nX: ${"y".repeat(200_000)}\r\n\r\n`);
    expect(await answerOf(long)).toMatch(/^(HTTP\/1\.1 431 .*)?$/s);
    expect(await signedIn()).toBe(303);
  });

  it("does not fill the log with what strangers cut off or break", async () => {
    const log = async (): Promise<string> => {
      const folder = join(office.folder, "logs");
      const names = await readdir(folder);
      return (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8").catch(() => "")))).join("");
    };
    for (let n = 0; n < 100; n++) {
      const one = await socket();
      one.write(head(["Content-Length: 1000"]) + "name=x");
      one.destroy();
    }
    const cut = await socket();
    cut.write(head(["Content-Length: 1000"]) + "name=x");
    const answer = answerOf(cut);
    cut.end();
    await answer;
    expect(await signedIn()).toBe(303);
    expect(await log()).not.toContain("the console failed");
  });
});

describe("connections that say nothing, or say it slowly,", () => {
  let office: ConsoleOffice;
  let at: URL;
  const limits = { ...CONNECTION_LIMITS, head: 300, request: 1_500, silent: 1_000, perAddress: 20 };
  beforeAll(async () => {
    office = await openOffice(officeCompanies(5), {}, limits);
    at = new URL(office.console.url);
  });
  afterAll(() => office.close());
  const socket = async (): Promise<Socket> => {
    const one = connect(Number(at.port), at.hostname);
    one.on("error", () => undefined);
    onTestFinished(() => void one.destroy());
    await once(one, "connect");
    one.resume();
    return one;
  };

  it("are closed: without a word, with half a head, a head in drops, a body that stops, chunks without an end", async () => {
    const body = `POST /sign-in HTTP/1.1\r\nHost: ${at.host}\r\nOrigin: ${at.origin}\r\nContent-Type: application/x-www-form-urlencoded\r\n`;
    const silent = await socket();
    const half = await socket();
    half.write(`GET / HTTP/1.1\r\nHost: ${at.host}\r\n`);
    const drops = await socket();
    let answered = "";
    drops.on("data", (piece) => (answered += String(piece)));
    drops.write("GET / HTTP/1.1\r\n");
    const dropping = setInterval(() => drops.write("X: y\r\n"), 50);
    const stopped = await socket();
    stopped.write(`${body}Content-Length: 1000\r\n\r\nname=`);
    const endless = await socket();
    endless.write(`${body}Transfer-Encoding: chunked\r\n\r\n`);
    const chunking = setInterval(() => endless.write("1\r\na\r\n"), 50);
    onTestFinished(() => {
      clearInterval(dropping);
      clearInterval(chunking);
    });
    await Promise.all([silent, half, drops, stopped, endless].map((one) => once(one, "close")));
    // Too slow, and not only one day too long.
    expect(answered).toMatch(/^HTTP\/1\.1 408 /);
    expect((await new Visitor(office.console.url).get("/sign-in")).status).toBe(200);
  });
});

describe("connections from one address", () => {
  it("are not more than there is room for, however long they stay, and room comes back", async () => {
    const office = await openOffice(officeCompanies(5), {}, { ...CONNECTION_LIMITS, perAddress: 20 });
    onTestFinished(() => office.close());
    const at = new URL(office.console.url);
    const opened = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const one = connect(Number(at.port), at.hostname);
        one.on("error", () => undefined);
        onTestFinished(() => void one.destroy());
        await once(one, "connect");
        return one.resume();
      }),
    );
    const held = (): number => opened.filter((one) => !one.closed).length;
    await expect.poll(held, { timeout: 30_000 }).toBeLessThanOrEqual(20);
    // Nobody's time is over yet: the others were refused, and these stay.
    expect(held()).toBe(20);
    for (const one of opened) one.destroy();
    const status = async (): Promise<number> =>
      (await new Visitor(office.console.url).get("/sign-in").catch(() => null))?.status ?? 0;
    await expect.poll(status, { timeout: 30_000 }).toBe(200);
  });
});

describe("a limit on what is written down", () => {
  it("is about strangers only: whoever signs in is always written down", async () => {
    const office = await openOffice(officeCompanies(5));
    onTestFinished(() => office.close());
    await setPerson(office.assembled.store, "王會計", "manage", PASSWORD);
    for (let n = 0; n < 60; n++) await new Visitor(office.console.url).post(`/enter/${n}`, {});
    await new Visitor(office.console.url).post("/sign-in", { name: "王會計", password: PASSWORD });
    const [newest] = await listActions(office.assembled.store, 1);
    expect(newest).toMatchObject({ action: "sign-in", person: "王會計", result: "done" });
  });
});
