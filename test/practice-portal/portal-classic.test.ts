import { afterEach, describe, expect, it } from "vitest";
import type { PortalConfigInput } from "../portal/config.ts";
import type { FaultInput } from "../portal/model/faults.ts";
import type { LedgerEntry } from "../portal/model/ledger.ts";
import { type PracticePortal, startPortal } from "../portal/portal.ts";
import { type Credentials, shop } from "../portal/visitor.ts";
import { ClassicVisitor, said } from "../portal/visitor-classic.ts";

const bookshop = { ban: "13579243", account: "13579243", password: "Practice-1357" };
const TRACKS = "/APBTB/BTB004W";

const open: PracticePortal[] = [];

/** A classic portal whose clock stands almost still, so that tests move it themselves. */
async function portalWith(config: PortalConfigInput = {}): Promise<PracticePortal> {
  const still = { start: "2026-11-03T09:00:00+08:00", msPerMinute: 3_600_000 };
  const portal = await startPortal({ design: "classic", clock: still, ...config });
  open.push(portal);
  return portal;
}

async function visitorOf(portal: PracticePortal, credentials?: Credentials): Promise<ClassicVisitor> {
  const visitor = new ClassicVisitor(portal);
  await visitor.signIn(credentials);
  return visitor;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((portal) => portal.close()));
});

function lines<T extends LedgerEntry["type"]>(portal: PracticePortal, type: T): Extract<LedgerEntry, { type: T }>[] {
  return portal.ledger().filter((entry): entry is Extract<LedgerEntry, { type: T }> => entry.type === type);
}

/** The rows of the page's list, each as the texts of its cells; a box to tick shows as its value. */
function rows(page: string): string[][] {
  return Array.from(page.matchAll(/<tr>(.*?)<\/tr>/gs), ([, row]) =>
    Array.from((row ?? "").matchAll(/<td>(.*?)<\/td>/gs), ([, cell]) =>
      (cell ?? "").replace(/<input[^>]*value="([^"]*)"[^>]*>/, "☐$1").trim(),
    ),
  ).filter((cells) => cells.length > 5);
}

const list = (visitor: ClassicVisitor, to: [year: string, months: string]): Promise<Response> =>
  visitor.post(`${TRACKS}/list`, {
    yearFrom: "115",
    monthsFrom: "09~10",
    yearTo: to[0],
    monthsTo: to[1],
    category: "",
  });

describe("the classic sign-in", () => {
  it("asks about the captcha first: a right one stays good, a wrong one is a refused submit", async () => {
    const portal = await portalWith();
    const visitor = new ClassicVisitor(portal);
    const check = async (checkString: string): Promise<unknown> =>
      (await visitor.post("/home/Ajax", { checkString, ban: shop.ban, userID: shop.account })).json();
    const answer = async (): Promise<string> => {
      await visitor.get("/home/randNum");
      return portal.captchaAnswer(lines(portal, "captcha-served").at(-1)?.token ?? "") ?? "";
    };
    const right = await answer();
    expect(await check(right)).toEqual({ num: "0" });
    expect(lines(portal, "sign-in")).toEqual([]);
    const fields = { userType: "B", ban: shop.ban, userID: shop.account, password: "wrong", recaptchaValue: right };
    expect(said(await (await visitor.post("/Login", fields)).text())).toEqual(["使用者帳號或密碼錯誤"]);
    expect(await check("0000")).toEqual({ num: "1" });
    expect(lines(portal, "sign-in").map(({ reason }) => reason)).toEqual(["credentials", "captcha"]);
    portal.order({ name: "captcha-rejected" });
    expect(await check(await answer())).toEqual({ num: "1" });
    expect(lines(portal, "sign-in").map(({ captchaRight }) => captchaRight)).toEqual([true, false, true]);
  });

  it("says why it refuses, and locks the account after so many wrong passwords", async () => {
    const portal = await portalWith({ signIn: { maxWrongPasswords: 2 } });
    const visitor = new ClassicVisitor(portal);
    const told = async (credentials: Credentials, captcha?: string): Promise<string[]> =>
      said(await (await visitor.signInAttempt(credentials, captcha)).text());
    const wrong = { ...shop, password: "wrong" };
    expect(await told(shop, "none!")).toEqual(["圖形驗證碼輸入錯誤"]);
    expect(await told(wrong)).toEqual(["使用者帳號或密碼錯誤"]);
    expect((await told(wrong)).join()).toContain("已鎖定");
    expect((await told(shop)).join()).toContain("已鎖定");
    expect(lines(portal, "sign-in").map(({ reason }) => reason)).toEqual([
      "captcha",
      "credentials",
      "locked",
      "locked",
    ]);
  });

  it("leads to Main, and warns there once of a password that is old", async () => {
    const portal = await portalWith();
    portal.order({ name: "password-180-days" });
    const visitor = new ClassicVisitor(portal);
    expect((await visitor.signInAttempt(shop)).headers.get("Location")).toBe("/APBTB/Main");
    expect(said(await (await visitor.get("/APBTB/Main")).text()).join()).toContain("逾180天未變更");
    expect(said(await (await visitor.get("/APBTB/Main")).text())).toEqual([]);
  });

  it("leads to 資料設定, and nowhere else, until a password that must be changed has been", async () => {
    const portal = await portalWith();
    portal.order({ name: "forced-password-change" });
    const visitor = new ClassicVisitor(portal);
    expect((await visitor.signInAttempt(shop)).headers.get("Location")).toBe("/APBTB/ACT101W");
    expect((await visitor.get(TRACKS)).headers.get("Location")).toBe("/APBTB/ACT101W");
    const change = async (old: string): Promise<string[]> => {
      const fields = { old, fresh: "Practice-5678", again: "Practice-5678" };
      return said(await (await visitor.post("/APBTB/ACT101W", fields)).text());
    };
    expect((await change("wrong")).join()).toContain("原密碼錯誤");
    expect(await change(shop.password)).toEqual(["資料設定完成"]);
    expect((await visitor.get(TRACKS)).status).toBe(200);
  });

  it("is lost to a newer one, to 登出 and to an order, and says so", async () => {
    const portal = await portalWith();
    const isDead = async (visitor: ClassicVisitor): Promise<boolean> =>
      said(await (await visitor.get(TRACKS)).text()).join() === "Session has expired, please try again.";
    const older = await visitorOf(portal);
    const newer = await visitorOf(portal);
    expect([await isDead(older), await isDead(newer)]).toEqual([true, false]);
    await newer.get("/Logout");
    expect([lines(portal, "sign-out").length, await isDead(newer)]).toEqual([1, true]);
    const third = await visitorOf(portal);
    portal.order({ name: "session-expired", path: TRACKS });
    expect([await isDead(third), (await third.get("/APBTB/Main")).status]).toEqual([true, 200]);
    expect(lines(portal, "session-ended").map(({ reason }) => reason)).toEqual(["newer-sign-in", "ordered"]);
  });

  it("shows and opens only what the administrator granted", async () => {
    const clerk = { id: "clerk", password: "Practice-clerk", functions: ["BTB013W"] };
    const company = { ban: shop.ban, name: "晨光小舖有限公司", taxId: "351020001", accounts: [clerk] };
    const portal = await portalWith({ companies: [company] });
    const visitor = await visitorOf(portal, { ban: shop.ban, account: clerk.id, password: clerk.password });
    expect(await (await visitor.get("/APBTB/Main")).text()).not.toContain("電子發票專用字軌號碼取號(營業人)");
    expect(said(await (await visitor.get(TRACKS)).text()).join()).toContain("無此功能之使用權限");
  });
});

describe("取號 in the classic design", () => {
  it("is refused with the portal's words whenever a rule forbids it, and keeps what was typed", async () => {
    const portal = await portalWith();
    const visitor = await visitorOf(portal);
    const refused = async (answer: Promise<Response>): Promise<string> => said(await (await answer).text()).join();
    const withoutList = await visitorOf(portal, bookshop);
    expect(await refused(withoutList.take({ period: "11512", books: 1 }))).toContain("取號Email維護");
    expect(await refused(visitor.take({ period: "11510", books: 1 }))).toContain("僅可取用本期及下期");
    expect(await refused(visitor.take({ period: "11512", books: 1 }))).toContain("已取號");
    const page = await (await visitor.take({ period: "11602", books: 21 })).text();
    expect(said(page).join()).toContain("超過可取用本數");
    expect(page).toMatch(/name="books"[^>]*value="21"/);
    expect(page).toMatch(/<option value="11602" selected>116\/01 ~ 116\/02<\/option>/);
    expect(lines(portal, "take-submitted").map(({ refusal }) => refusal)).toEqual([
      "mailbox-list-missing",
      "not-in-window",
      "already-taken",
      "beyond-quota",
    ]);
  });

  it("prints the company, its state and what it may take, and counts what was taken at once", async () => {
    const portal = await portalWith();
    const visitor = await visitorOf(portal);
    const page = await (await visitor.get(`${TRACKS}/take`)).text();
    for (const text of ["12345675", "351020001", "晨光小舖有限公司", "期配", "books@morning-shop.test"]) {
      expect(page).toContain(text);
    }
    expect(page).toContain("狀態：正常　可取用本數：20　已取用本數：5");
    const answer = await (await visitor.take({ period: "11602", books: 3 })).text();
    expect(said(answer).join()).toMatch(/^提交取號成功，申請編號：B004\d{8}/);
    expect(answer).toContain("可取用本數：20　已取用本數：3");
    const status = await visitor.get(`${TRACKS}/status?period=11512&category=07`);
    expect(await status.text()).toBe("狀態：正常　可取用本數：20　已取用本數：5");
  });

  it("lists what is asked for, with a box only where the numbers can be downloaded", async () => {
    const portal = await portalWith({ takes: { allocateMinutes: [20, 20], checkMinutes: [10, 10] } });
    const visitor = await visitorOf(portal);
    await visitor.take({ period: "11602", books: 2 });
    const seen = async (): Promise<string[][]> =>
      rows(await (await list(visitor, ["116", "01~02"])).text()).map(([box, , period, , , , allocated, state]) => [
        box?.slice(0, 1) ?? "",
        period ?? "",
        allocated ?? "",
        state ?? "",
      ]);
    const old = [
      ["☐", "115/09 ~ 115/10", "4", "是"],
      ["☐", "115/11 ~ 115/12", "5", "是"],
    ];
    expect(await seen()).toEqual([...old, ["", "116/01 ~ 116/02", "0", "否"]]);
    portal.clock.advance(21);
    expect(await seen()).toEqual([...old, ["", "116/01 ~ 116/02", "2", "已配號，檢核中"]]);
    portal.clock.advance(11);
    expect(await seen()).toEqual([...old, ["☐", "116/01 ~ 116/02", "2", "是"]]);
    expect(rows(await (await list(visitor, ["115", "09~10"])).text())).toHaveLength(1);
  });

  it("hands out the file of what is ready and of nothing else", async () => {
    const portal = await portalWith();
    const visitor = await visitorOf(portal);
    await visitor.take({ period: "11602", books: 2 });
    const [ready, pending] = ["B00400000002", "B00400000004"];
    expect(said(await (await visitor.get(`${TRACKS}/download?id=${pending}`)).text())).toEqual([
      "尚未配號完成，無法下載",
    ]);
    expect((await visitor.get(`${TRACKS}/file?id=${pending}`)).headers.get("Content-Disposition")).toBeNull();
    expect(await (await visitor.get(`${TRACKS}/download?id=${ready}`)).text()).toContain(`file?id=${ready}`);
    const file = await visitor.get(`${TRACKS}/file?id=${ready}`);
    expect(file.headers.get("Content-Disposition")).toMatch(/filename="invnoapply\d{14}\.csv"/);
    expect(await file.text()).toMatch(/\r\n12345675,7,一般稅額計算,115\/11 ~ 115\/12,[A-Z]{2},\d{8},\d{8}\r\n$/);
    portal.order({ name: "download-broken", kind: "truncated" });
    expect(await (await visitor.get(`${TRACKS}/file?id=${ready}`)).text()).not.toMatch(/\r\n$/);
    expect(lines(portal, "download").map(({ broken }) => broken)).toEqual([null, "truncated"]);
  });

  it("keeps the list of addresses", async () => {
    const portal = await portalWith();
    const visitor = await visitorOf(portal, bookshop);
    const change = async (action: string, email: string): Promise<string[]> =>
      said(await (await visitor.post(`${TRACKS}/mail/${action}`, { email })).text());
    expect(await change("add", "no address")).toEqual(["Email格式錯誤"]);
    expect(await change("add", "a@river.test")).toEqual(["新增成功"]);
    expect(await change("add", "a@river.test")).toEqual(["Email已存在"]);
    expect(await change("delete", "b@river.test")).toEqual(["查無此Email"]);
    expect(said(await (await visitor.take({ period: "11512", books: 1 })).text()).join()).toContain("提交取號成功");
    expect(await change("delete", "a@river.test")).toEqual(["刪除成功"]);
  });
});

describe("an ordered fault in the classic design", () => {
  const submitted = async (fault: FaultInput): Promise<{ answer: string; effects: number }> => {
    const portal = await portalWith();
    const visitor = await visitorOf(portal);
    portal.order(fault);
    const answer = await visitor
      .take({ period: "11602", books: 2 })
      .then(async (response) => `${response.status} ${said(await response.text()).join()}`)
      .catch(() => "cut");
    portal.clock.advance(120);
    return { answer, effects: lines(portal, "allocation").length };
  };

  it.each([
    { fault: { name: "cut-submit", when: "before" }, answer: /^cut$/, effects: 0 },
    { fault: { name: "cut-submit", when: "after" }, answer: /^cut$/, effects: 1 },
    { fault: { name: "error-500", when: "before" }, answer: /^500/, effects: 0 },
    { fault: { name: "error-500", when: "after" }, answer: /^500/, effects: 1 },
    { fault: { name: "someone-else-at-submit", books: 5 }, answer: /已取號/, effects: 1 },
    { fault: { name: "automatic-at-submit" }, answer: /已取號/, effects: 1 },
    { fault: { name: "list-late", minutes: 60 }, answer: /提交取號成功/, effects: 1 },
    { fault: { name: "session-expired" }, answer: /Session has expired/, effects: 0 },
  ] satisfies { fault: FaultInput; answer: RegExp; effects: number }[])(
    "at the submit, $fault.name $fault.when: $effects effects",
    async ({ fault, answer, effects }) => {
      expect(await submitted(fault)).toEqual({ answer: expect.stringMatching(answer), effects });
    },
  );

  it("takes effect without ever an answer", async () => {
    const portal = await portalWith();
    const visitor = await visitorOf(portal);
    portal.order({ name: "answer-lost" });
    let isAnswered = false;
    const answer = visitor.take({ period: "11602", books: 2 }).then(() => (isAnswered = true));
    await expect.poll(() => lines(portal, "take-submitted").length).toBe(1);
    await visitor.get(TRACKS);
    expect(isAnswered).toBe(false);
    await Promise.all([portal.close(), expect(answer).rejects.toThrow("fetch failed")]);
    open.length = 0;
  });

  it("is an outage, a challenge or a browser refused, on every page", async () => {
    const portal = await portalWith({ signIn: { refuseHeadless: true } });
    const visitor = await visitorOf(portal);
    for (const path of ["/index", TRACKS]) {
      portal.order({ name: "outage" });
      portal.order({ name: "challenge" });
      const outage = await visitor.get(path);
      const challenge = await visitor.get(path);
      expect([outage.status, challenge.status, (await visitor.get(path)).status]).toEqual([503, 403, 200]);
      expect(await outage.text()).toContain("暫停服務");
      expect(await challenge.text()).toContain('name="cf-turnstile-response"');
    }
    const headless = { headers: { "User-Agent": "Mozilla/5.0 HeadlessChrome/140.0" } };
    expect((await fetch(`${portal.url}/index`, headless)).status).toBe(403);
  });
});

describe("the two designs", () => {
  it("take each other's place while the portal runs, over the same business", async () => {
    const portal = await portalWith();
    const visitor = await visitorOf(portal);
    await visitor.take({ period: "11602", books: 2 });
    const switched = await fetch(`${portal.controlUrl}/design`, { method: "POST", body: '{"design":"current"}' });
    expect(await switched.json()).toEqual({ design: "current" });
    expect(await (await fetch(`${portal.url}/accounts/login`)).text()).toContain('id="app"');
    expect((await fetch(`${portal.url}/act/login/api/act002i/captcha`)).status).toBe(200);
    portal.show("classic");
    expect((await new ClassicVisitor(portal).get("/accounts/login")).headers.get("Location")).toBe("/index");
    expect(rows(await (await list(visitor, ["116", "01~02"])).text())).toHaveLength(3);
    expect(lines(portal, "design").map(({ design }) => design)).toEqual(["current", "classic"]);
    const wrong = await fetch(`${portal.controlUrl}/design`, { method: "POST", body: '{"design":"old"}' });
    expect(wrong.status).toBe(400);
  });

  it("say on every page of the classic one that it is practice", async () => {
    const portal = await portalWith();
    const visitor = await visitorOf(portal);
    const pages = ["", "/take", "/history", "/mail", "/download?id=B00400000002"].map((page) => TRACKS + page);
    for (const path of ["/index", "/APBTB/Main", "/APBTB/ACT101W", "/APBTB/none/progress", ...pages]) {
      const answer = await visitor.get(path);
      expect([path, answer.status, (await answer.text()).includes("演練用，非財政部網站")]).toEqual([path, 200, true]);
    }
    for (const name of ["outage", "challenge", "error-500", "session-expired"] as const) {
      portal.order({ name });
      expect(await (await visitor.get(TRACKS)).text()).toContain("演練用，非財政部網站");
    }
    expect(await (await list(await visitorOf(portal), ["115", "11~12"])).text()).toContain("演練用，非財政部網站");
  });
});
