import { ImapFlow } from "imapflow";
import { PNG } from "pngjs";
import { afterEach, describe, expect, it } from "vitest";
import type { PortalConfigInput } from "../portal/config.ts";
import type { Entry } from "../portal/model/company.ts";
import type { LedgerEntry } from "../portal/model/ledger.ts";
import { TrackPool } from "../portal/model/takes/pool.ts";
import { trackFile, trackFileStyle } from "../portal/model/takes/track-file.ts";
import { type PracticePortal, startPortal } from "../portal/portal.ts";
import { freshCaptcha, shop, signInAttempt, signInByApi } from "../portal/visitor.ts";

const START = "2026-11-03T09:00:00+08:00";
const bookshop = { ban: "13579243", account: "13579243", password: "Practice-1357" };
const tea = { ban: "24681353", account: "robot01", password: "Practice-robot1" };

const open: PracticePortal[] = [];

/** A portal whose clock stands almost still, so that tests move it themselves. */
async function portalWith(config: PortalConfigInput = {}): Promise<PracticePortal> {
  const still = { start: START, msPerMinute: 3_600_000 };
  const portal = await startPortal({ clock: still, signIn: { tokenDelayMs: 0 }, ...config });
  open.push(portal);
  return portal;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((portal) => portal.close()));
});

function lines<T extends LedgerEntry["type"]>(portal: PracticePortal, type: T): Extract<LedgerEntry, { type: T }>[] {
  return portal.ledger().filter((entry): entry is Extract<LedgerEntry, { type: T }> => entry.type === type);
}

async function title(response: Response): Promise<string> {
  return /"title":"([^"]+)"/.exec(await response.text())?.[1] ?? "";
}

async function mailsIn(portal: PracticePortal): Promise<number> {
  const { host, port, user, password } = portal.mailbox.imap;
  const client = new ImapFlow({ host, port, secure: false, auth: { user, pass: password }, logger: false });
  await client.connect();
  try {
    return (await client.mailboxOpen("INBOX")).exists;
  } finally {
    await client.logout();
  }
}

describe("sign-in", () => {
  it("spends a captcha token with one submit, right or wrong", async () => {
    const portal = await portalWith();
    const captcha = await freshCaptcha(portal);
    expect((await signInAttempt(portal, { ...shop, password: "wrong" }, captcha)).status).toBe(401);
    expect(await title(await signInAttempt(portal, shop, captcha))).toContain("Image verification code");
    expect(lines(portal, "sign-in").map(({ reason }) => reason)).toEqual(["credentials", "captcha"]);
  });

  it("locks an account after the configured number of wrong passwords and does not count wrong captchas", async () => {
    const portal = await portalWith({ signIn: { maxWrongPasswords: 2, tokenDelayMs: 0 } });
    const wrong = { ...shop, password: "wrong" };
    for (let i = 0; i < 4; i += 1) await signInAttempt(portal, wrong, { token: "L_CAPTCHA_none", answer: "00000" });
    await signInAttempt(portal, wrong);
    await signInAttempt(portal, wrong);
    expect((await signInAttempt(portal, shop)).status).toBe(401);
    expect(lines(portal, "sign-in").map(({ reason }) => reason)).toEqual([
      ...Array<string>(4).fill("captcha"),
      "credentials",
      "locked",
      "locked",
    ]);
  });

  it("ends the older session of an account when it signs in again", async () => {
    const portal = await portalWith();
    const older = await signInByApi(portal);
    await signInByApi(portal);
    const answer = await older.get("/btb/api/btb004w/options");
    expect(answer.status).toBe(401);
    expect(await title(answer)).toBe("Session has expired, please try again.");
  });

  it("is kept from a browser that calls itself headless, where that is set", async () => {
    const portal = await portalWith({ signIn: { refuseHeadless: true } });
    const open = (agent: string): Promise<Response> =>
      fetch(`${portal.url}/accounts/login`, { headers: { "User-Agent": agent } });
    expect((await open("Mozilla/5.0 HeadlessChrome/140.0")).status).toBe(403);
    expect((await open("Mozilla/5.0 Chrome/140.0")).status).toBe(200);
  });

  it("draws captchas in the alpha channel alone, 150×40, with a disturbed band at the bottom", async () => {
    const portal = await portalWith();
    const { image } = await freshCaptcha(portal);
    const { width, height, data } = PNG.sync.read(Buffer.from(image, "base64"));
    expect([width, height]).toEqual([150, 40]);
    const pixels = Array.from({ length: width * height }, (_, i) => data.subarray(i * 4, i * 4 + 4));
    expect(pixels.every(([red, green, blue]) => red === 0 && green === 0 && blue === 0)).toBe(true);
    const inkIn = (from: number, to: number): number =>
      pixels.slice(from * width, to * width).filter(([, , , alpha]) => (alpha ?? 0) > 128).length;
    expect(inkIn(0, 34)).toBeGreaterThan(500);
    expect(inkIn(34, 40)).toBeGreaterThan(150);
  });
});

describe("取號", () => {
  it("is refused by the server, with the portal's own words, whenever a rule forbids it", async () => {
    const portal = await portalWith();
    const withoutList = await signInByApi(portal, bookshop);
    const visitor = await signInByApi(portal);
    const refused = async (response: Response): Promise<string> => {
      expect(response.status).toBe(422);
      return title(response);
    };
    expect(await refused(await withoutList.take({ period: "11512", books: 1 }))).toContain("取號電子郵件信箱維護");
    expect(await refused(await visitor.take({ period: "11604", books: 1 }))).toContain("僅可取用本期及下期");
    expect(await refused(await visitor.take({ period: "11510", books: 1 }))).toContain("僅可取用本期及下期");
    expect(await refused(await visitor.take({ period: "11602", books: 21 }))).toContain("超過可取用本數");
    expect(await refused(await visitor.take({ period: "11512", books: 1 }))).toContain("已取號");
    expect(lines(portal, "take-submitted").map(({ refusal }) => refusal)).toEqual([
      "mailbox-list-missing",
      "not-in-window",
      "not-in-window",
      "beyond-quota",
      "already-taken",
    ]);
    portal.clock.advance(120);
    expect(lines(portal, "allocation")).toEqual([]);
  });

  it("passes 否, 已配號，檢核中 and 是, and only then can be downloaded and is mailed", async () => {
    const portal = await portalWith({ takes: { allocateMinutes: [20, 20], checkMinutes: [10, 10] } });
    const visitor = await signInByApi(portal);
    await visitor.take({ period: "11602", books: 2 });
    const states: (string | undefined)[] = [];
    const look = async (): Promise<string> => {
      const asked = { from: "11602", to: "11602", category: "", page: 1 };
      const row = await (await visitor.post("/btb/api/btb004w/query", asked)).text();
      states.push(/"state":"([^"]+)"/.exec(row)?.[1]);
      return /"id":"([^"]+)"/.exec(row)?.[1] ?? "";
    };
    await look();
    portal.clock.advance(21);
    const id = await look();
    expect((await visitor.post("/btb/api/btb004w/download", { ids: [id] })).status).toBe(422);
    expect(lines(portal, "mail")).toEqual([]);
    portal.clock.advance(11);
    await look();
    expect(states).toEqual(["否", "已配號，檢核中", "是"]);
    const file = await (await visitor.post("/btb/api/btb004w/download", { ids: [id] })).text();
    const [allocation] = lines(portal, "allocation");
    for (const run of allocation?.runs ?? []) expect(file).toContain(`${run.track},${run.begin},${run.end}\r\n`);
    await expect.poll(() => lines(portal, "mail").map(({ fate }) => fate)).toEqual(["delivered"]);
  });

  it("adds books to what was taken when only 增加本數 is asked for", async () => {
    const portal = await portalWith();
    const visitor = await signInByApi(portal);
    expect((await visitor.take({ period: "11512", books: 0, extraBooks: 3 })).status).toBe(200);
    expect((await visitor.take({ period: "11512", books: 0, extraBooks: 3 })).status).toBe(422);
    portal.clock.advance(120);
    const status = await (await visitor.get("/btb/api/btb004w/status?period=11512&category=07")).json();
    expect(status).toMatchObject({ available: 20, used: 8 });
    expect(lines(portal, "allocation").map(({ books, by }) => ({ books, by }))).toEqual([{ books: 3, by: "own" }]);
  });

  it("takes effect twice when asked twice, where the portal is told not to refuse", async () => {
    const portal = await portalWith({ takes: { secondTake: "accept" } });
    const visitor = await signInByApi(portal);
    await visitor.take({ period: "11602", books: 2 });
    await visitor.take({ period: "11602", books: 2 });
    portal.clock.advance(120);
    expect(lines(portal, "allocation").map(({ books }) => books)).toEqual([2, 2]);
  });

  it("stays 已配號，檢核中 where that is ordered, until the order is taken back", async () => {
    const portal = await portalWith();
    const visitor = await signInByApi(portal);
    portal.order({ name: "allocation-stuck" });
    await visitor.take({ period: "11602", books: 2 });
    portal.clock.advance(24 * 60);
    expect([lines(portal, "allocation").length, lines(portal, "allocation-opened").length]).toEqual([1, 0]);
    await fetch(`${portal.controlUrl}/faults`, { method: "DELETE" });
    expect(lines(portal, "allocation-opened")).toHaveLength(1);
  });

  it("is refused when the platform's own allocation was quicker, where that is ordered", async () => {
    const portal = await portalWith();
    const visitor = await signInByApi(portal);
    portal.order({ name: "automatic-at-submit", books: 5 });
    expect((await visitor.take({ period: "11602", books: 2 })).status).toBe(422);
    portal.clock.advance(120);
    expect(lines(portal, "allocation").map(({ by, books }) => [by, books])).toEqual([["automatic", 5]]);
  });

  it("is done by the platform itself on the 18th of the even month, but not over one's own", async () => {
    const portal = await portalWith();
    const visitor = await signInByApi(portal);
    await visitor.take({ period: "11602", books: 7 });
    portal.clock.set(Date.parse("2026-12-17T20:00:00+08:00"));
    await fetch(`${portal.controlUrl}/someone-else`, {
      method: "POST",
      body: JSON.stringify({ ban: tea.ban, period: "11512", books: 9 }),
    });
    expect(lines(portal, "allocation").map(({ by }) => by)).toEqual(["own"]);
    portal.clock.set(Date.parse("2026-12-18T12:00:00+08:00"));
    expect(lines(portal, "allocation").map(({ ban, period, by, books }) => ({ ban, period, by, books }))).toEqual([
      { ban: shop.ban, period: "11602", by: "own", books: 7 },
      { ban: tea.ban, period: "11512", by: "someone-else", books: 9 },
      { ban: tea.ban, period: "11602", by: "automatic", books: 9 },
    ]);
  });
});

describe("numbers", () => {
  it("are whole books that never overlap, in several runs, some with leading zeros", () => {
    const pool = new TrackPool(7, [2, 9]);
    const runs = Array.from({ length: 400 }, (_, i) =>
      pool.allocate("11512", i % 5 === 0 ? "08" : "07", 1 + (i % 17)),
    ).flat();
    const seen = new Map<string, [number, number][]>();
    for (const { track, begin, end } of runs) {
      expect(track).toMatch(/^[A-Z]{2}$/);
      expect(begin).toMatch(/^\d{6}[05]0$/);
      expect(end).toMatch(/^\d{6}[49]9$/);
      seen.set(track, [...(seen.get(track) ?? []), [Number(begin), Number(end)]]);
    }
    for (const spans of seen.values()) {
      spans.sort(([a], [b]) => a - b);
      for (const [i, [begin]] of spans.entries()) expect(begin).toBeGreaterThan(spans[i - 1]?.[1] ?? -1);
    }
    const books = runs.reduce((sum, { begin, end }) => sum + (Number(end) - Number(begin) + 1) / 50, 0);
    expect(books).toBe(Array.from({ length: 400 }, (_, i) => 1 + (i % 17)).reduce((a, b) => a + b));
    expect(runs.some(({ begin }) => begin.startsWith("0"))).toBe(true);
    expect(seen.size).toBeGreaterThan(2);
  });

  it("are written in each of the file's known styles", () => {
    const entry: Entry = {
      id: "B00400000001",
      ban: "12345675",
      period: "11512",
      category: "07",
      by: "own",
      books: 8,
      extraBooks: 0,
      allocatedBooks: 8,
      state: "是",
      stopped: false,
      runs: [{ track: "NQ", begin: "00001550", end: "00001949" }],
      visibleFrom: 0,
    };
    const header = "營業人統編,發票類別代號,發票類別,發票期別,發票字軌名稱,發票起號,發票迄號";
    expect(trackFile([entry], trackFileStyle.parse({})).toString()).toBe(
      `${header}\r\n12345675,7,一般稅額計算,115/11 ~ 115/12,NQ,00001550,00001949\r\n`,
    );
    const other = trackFileStyle.parse({ bom: true, lineEnd: "lf", tilde: "tight", year: "ce", category: "long" });
    expect(trackFile([entry], other).toString()).toBe(
      `\uFEFF${header}\n12345675,07,一般稅額計算,2026/11~2026/12,NQ,00001550,00001949\n`,
    );
    const big5 = trackFile([entry], trackFileStyle.parse({ encoding: "big5" }));
    expect(new TextDecoder("big5").decode(big5)).toContain("一般稅額計算");
    expect(() => new TextDecoder("utf-8", { fatal: true }).decode(big5)).toThrow(TypeError);
  });
});

describe("mail", () => {
  it("reaches an idling IMAP client as the portal sends it, and keeps its UID", async () => {
    const portal = await portalWith();
    const { host, port, user, password } = portal.mailbox.imap;
    const client = new ImapFlow({ host, port, secure: false, auth: { user, pass: password }, logger: false });
    await client.connect();
    try {
      await client.mailboxOpen("INBOX");
      const visitor = await signInByApi(portal, tea);
      await visitor.take({ period: "11512", books: 1 });
      const arrived = new Promise((resolve) => {
        client.on("exists", ({ count }) => count === 2 && resolve(count));
      });
      void client.idle();
      portal.clock.advance(120);
      await arrived;
      const read = async (): Promise<string[]> => {
        const seen: string[] = [];
        for await (const { uid, envelope } of client.fetch("1:*", { uid: true, envelope: true }, { uid: true })) {
          seen.push(`${uid} ${envelope?.from?.[0]?.address} ${envelope?.to?.[0]?.address} ${envelope?.subject}`);
        }
        return seen;
      };
      const mails = [
        "1 einvoice@einvoice.nat.gov.tw books@hill-tea.test 電子發票配號結果通知",
        "2 einvoice@einvoice.nat.gov.tw boss@hill-tea.test 電子發票配號結果通知",
      ];
      expect(await read()).toEqual(mails);
      await client.messageFlagsAdd("1", ["\\Seen"], { uid: true });
      expect(await read()).toEqual(mails);
    } finally {
      await client.logout();
    }
  });

  it("goes to another mail server where one is given", async () => {
    const post = await portalWith();
    const portal = await portalWith({ mail: { smtp: post.mailbox.smtp } });
    const visitor = await signInByApi(portal);
    await visitor.take({ period: "11602", books: 1 });
    portal.clock.advance(120);
    await expect
      .poll(() => lines(portal, "mail").map(({ fate, error }) => [fate, error]))
      .toEqual([["delivered", null]]);
    expect(await mailsIn(post)).toBe(1);
    expect(await mailsIn(portal)).toBe(0);
  });

  it("reminds on the 7th of the odd month whoever had numbers in the period before", async () => {
    const portal = await portalWith();
    portal.clock.set(Date.parse("2026-11-06T23:59:00+08:00"));
    expect(lines(portal, "mail")).toEqual([]);
    portal.clock.set(Date.parse("2026-11-07T00:01:00+08:00"));
    await expect.poll(() => lines(portal, "mail").length).toBe(3);
    expect(new Set(lines(portal, "mail").map(({ subject }) => subject))).toEqual(new Set(["尚有電子發票未上傳"]));
    expect(new Set(lines(portal, "mail").map(({ ban }) => ban))).toEqual(new Set([shop.ban, tea.ban]));
  });

  it("is lost or late when that is ordered", async () => {
    const portal = await portalWith();
    const visitor = await signInByApi(portal);
    portal.order({ name: "mail-lost" });
    await visitor.take({ period: "11602", books: 1 });
    portal.clock.advance(120);
    await expect.poll(() => lines(portal, "mail").map(({ fate }) => fate)).toEqual(["lost"]);
    portal.order({ name: "mail-late", minutes: 300, ban: shop.ban });
    await visitor.take({ period: "11602", books: 0, extraBooks: 1 });
    await (await signInByApi(portal, tea)).take({ period: "11602", books: 1 });
    portal.clock.advance(120);
    await expect.poll(() => lines(portal, "mail").length).toBe(3);
    portal.clock.advance(300);
    await expect.poll(() => lines(portal, "mail").length).toBe(4);
    expect(lines(portal, "mail").map(({ ban, fate }) => `${ban} ${fate}`)).toEqual([
      `${shop.ban} lost`,
      `${tea.ban} delivered`,
      `${tea.ban} delivered`,
      `${shop.ban} delivered`,
    ]);
  });
});
