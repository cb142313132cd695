import { describe, expect, it } from "vitest";
import type { FaultInput } from "../portal/model/faults.ts";
import type { PracticePortal } from "../portal/portal.ts";
import { type ApiVisitor, shop, signInByApi } from "../portal/visitor.ts";
import {
  begins,
  blankList,
  ENDED,
  lines,
  type Place,
  place,
  shopWith,
  title,
  uploadList,
} from "./portal-blank-support.ts";

const HEADER = "序號,統一編號,所屬年月,字軌,空白發票起號,空白發票迄號,發票類別\r\n";

async function control(portal: PracticePortal, path: string, order: unknown): Promise<number> {
  const answer = await fetch(portal.controlUrl + path, { method: "POST", body: JSON.stringify(order) });
  return answer.status;
}

/** Uploads the file and lets the job look at it. */
async function imported({ portal, visitor }: Place, file: string): Promise<void> {
  await visitor.uploadBlanks({ period: ENDED, file });
  portal.clock.advance(60);
}

async function details(visitor: ApiVisitor): Promise<Response> {
  const [newest] = (await uploadList(visitor)).rows;
  return visitor.get(`/btb/api/blank/details/${newest?.name}`);
}

describe("失敗明細", () => {
  it("has the line, what was in it and why, and is there only for what failed", async () => {
    const at = await place();
    await imported(at, at.line(0, 9));
    expect((await details(at.visitor)).status).toBe(404);
    await imported(at, at.line(20, 29) + at.line(9, 12, { category: "x" }) + at.line(12, 9).trim());
    const answer = await details(at.visitor);
    expect(answer.headers.get("Content-Disposition")).toMatch(/filename="[0-9a-f-]{36}_error\.csv"$/);
    const wrong = [at.line(9, 12, { category: "x" }), at.line(12, 9)].map((line) => line.trim());
    expect(await answer.text()).toBe(
      `行號,${HEADER.trim()},錯誤訊息\r\n` +
        `2,${wrong[0]},發票類別代號錯誤\r\n` +
        `3,${wrong[1]},空白發票起號不得大於迄號\r\n`,
    );
    expect(lines(at.portal, "blank-download")).toMatchObject([{ what: "details", broken: null }]);
  });

  it("has other columns, another encoding or no header, where that is set", async () => {
    const messageFirst = await place({ blank: { details: "message-first" } });
    const wrong = messageFirst.line(9, 0);
    await imported(messageFirst, wrong);
    const big5 = new TextDecoder("big5").decode(await (await details(messageFirst.visitor)).arrayBuffer());
    expect(big5).toBe(`錯誤原因,匯入資料內容,資料列次\r\n空白發票起號不得大於迄號,"${wrong.trim()}",1\r\n`);
    const bare = await place({ blank: { details: "bare" } });
    await imported(bare, bare.line(9, 0) + bare.line(9, 0).replace(",07", ",07,x"));
    const bytes = Buffer.from(await (await details(bare.visitor)).arrayBuffer());
    expect(bytes.toString()).toBe(
      `\uFEFF${bare.line(9, 0).trim()},空白發票起號不得大於迄號\n` +
        `${bare.line(9, 0).trim().replace(",07", ',"07,x"')},欄位數錯誤，應為7欄\n`,
    );
  });

  it.each([
    ["truncated", (whole: string) => Buffer.from(whole).subarray(0, -12).toString()],
    ["html", () => "<!DOCTYPE html><html><head><title>Error</title></head><body>系統忙碌中，請稍後再試</body></html>"],
    ["wrong-company", (whole: string) => whole.replaceAll(shop.ban, "55667783")],
  ] as const)("comes broken when that is ordered: %s", async (kind, expected) => {
    const at = await place();
    await imported(at, at.line(9, 0));
    const whole = await (await details(at.visitor)).text();
    at.portal.order({ name: "download-broken", kind, at: "details" });
    expect(await (await details(at.visitor)).text()).toBe(expected(whole));
    expect(lines(at.portal, "blank-download").map((line) => line.broken)).toEqual([null, kind]);
    expect(await (await details(at.visitor)).text()).toBe(whole);
  });
});

describe("新增 and 刪除", () => {
  it("add one run by the rules of the import, for a period that is open", async () => {
    const { portal, visitor, run } = await place();
    const cells = { ban: shop.ban, period: ENDED, category: "07", ...run };
    const add = (differs: object): Promise<Response> => visitor.post("/btb/api/blank/add", { ...cells, ...differs });
    expect(await title(await add({ begin: "950", end: "9" }))).toBe("空白發票起號長度必為8碼；空白發票迄號長度必為8碼");
    expect(await title(await add({ period: "11510" }))).toContain("非開放上傳期間");
    expect((await add({})).status).toBe(200);
    expect(await title(await add({}))).toBe("發票區間跟其他資料重疊");
    expect((await blankList(visitor)).rows).toMatchObject([{ begin: run.begin, end: run.end }]);
    expect(lines(portal, "blank-added").map(({ accepted, problems }) => [accepted, problems])).toEqual([
      [false, ["begin-length", "end-length"]],
      [false, ["period-closed"]],
      [true, []],
      [false, ["overlap"]],
    ]);
  });

  it("delete the chosen rows, all of them or none, and make room for a correction", async () => {
    const at = await place();
    const { portal, visitor, line } = at;
    await imported(at, line(0, 9) + line(20, 29) + line(40, 49));
    const ids = (await blankList(visitor)).rows.map(({ id }) => id).slice(0, 2);
    expect((await visitor.post("/btb/api/blank/delete", { ids })).status).toBe(200);
    const [left] = (await blankList(visitor)).rows;
    expect(await title(await visitor.post("/btb/api/blank/delete", { ids: [left?.id, ids[0]] }))).toContain("重新查詢");
    expect((await blankList(visitor)).total).toBe(1);
    await imported(at, line(0, 29));
    expect((await blankList(visitor)).total).toBe(2);
    const deleted = lines(portal, "blank-deleted");
    expect(deleted).toMatchObject([{ ban: shop.ban, account: shop.account, by: "own" }]);
    expect(deleted[0]?.runs.length).toBe(2);
  });
});

describe("what others did", () => {
  it("is there beforehand where the company's configuration says so", async () => {
    const row = { track: "ZZ", begin: "00000100", end: "00000149" };
    const companies = [shopWith({ blank: [{ period: "previous", ...row }] })];
    const { portal, visitor } = await place({ companies, blank: { categoryWord: "triplicate" } });
    expect((await blankList(visitor)).rows).toMatchObject([
      { ban: shop.ban, category: "三聯式發票", begin: row.begin },
    ]);
    expect(lines(portal, "blank-import")).toEqual([]);
  });

  it("shows in 上傳列表 and is imported like one's own, but says who it was only in the ledger", async () => {
    const at = await place();
    const { portal, visitor, line } = at;
    expect(await control(portal, "/someone-else-uploads", { ban: shop.ban, file: line(0, 9) })).toBe(200);
    expect(await control(portal, "/someone-else-uploads", { ban: "00000000", file: "" })).toBe(404);
    await imported(at, line(5, 9));
    expect((await uploadList(visitor)).rows.map(({ state }) => state)).toEqual(["處理失敗", "已完成"]);
    expect(lines(portal, "blank-upload").map(({ by, account }) => [by, account])).toEqual([
      ["someone-else", null],
      ["own", shop.account],
    ]);
  });

  it("is nothing of another company's", async () => {
    const { portal, visitor, line } = await place();
    await visitor.uploadBlanks({ period: ENDED, file: line(9, 0) });
    portal.clock.advance(60);
    const [theirs] = (await uploadList(visitor)).rows;
    const others = await signInByApi(portal, { ban: "24681353", account: "robot01", password: "Practice-robot1" });
    expect((await uploadList(others)).total).toBe(0);
    expect((await others.get(`/btb/api/blank/details/${theirs?.name}`)).status).toBe(404);
  });

  it("takes rows away as well", async () => {
    const at = await place();
    await imported(at, at.line(0, 9) + at.line(20, 29));
    const [first] = (await blankList(at.visitor)).rows;
    expect(await control(at.portal, "/blank-delete", { ban: shop.ban, ids: [first?.id] })).toBe(200);
    expect(await begins(at.visitor)).toEqual([Number(at.run.begin) + 20]);
    expect(await control(at.portal, "/blank-delete", { ban: shop.ban })).toBe(200);
    expect(await control(at.portal, "/blank-delete", { ban: shop.ban })).toBe(404);
    expect(lines(at.portal, "blank-deleted").map(({ by }) => by)).toEqual(["someone-else", "someone-else"]);
  });

  it.each([
    ["the same file", undefined, ["已完成", "處理失敗"]],
    ["a file of its own", "wrong", ["處理失敗", "已完成"]],
  ])("lands in the same moment when that is ordered: %s", async (_, file, states) => {
    const at = await place();
    at.portal.order({ name: "someone-else-at-submit", at: "upload", file });
    await imported(at, at.line(0, 9));
    expect((await uploadList(at.visitor)).rows.map(({ state }) => state).toReversed()).toEqual(states);
    expect(lines(at.portal, "blank-upload").map(({ by }) => by)).toEqual(["someone-else", "own"]);
  });
});

describe("an ordered fault", () => {
  const submits = {
    upload: ({ visitor, line }: Place) => visitor.uploadBlanks({ period: ENDED, file: line(50, 59) }),
    add: ({ visitor, run }: Place) =>
      visitor.post("/btb/api/blank/add", { ban: shop.ban, period: ENDED, category: "07", ...run }),
    delete: async ({ visitor }: Place) => {
      const ids = (await blankList(visitor)).rows.map(({ id }) => id);
      return visitor.post("/btb/api/blank/delete", { ids });
    },
  };
  const effects = (portal: PracticePortal): number =>
    portal.ledger().filter(({ type }) => ["blank-upload", "blank-added", "blank-deleted"].includes(type)).length;
  const companies = [shopWith({ blank: [{ period: ENDED, track: "ZZ", begin: "00000000", end: "00000049" }] })];

  it.each(
    (["upload", "add", "delete"] as const).flatMap((at) =>
      (["before", "after"] as const).map((when) => [at, when] as const),
    ),
  )("cuts the connection at %s, %s it took effect", async (at, when) => {
    const here = await place({ companies });
    here.portal.order({ name: "cut-submit", at, when });
    await expect(submits[at](here)).rejects.toThrow(TypeError);
    expect(effects(here.portal)).toBe(when === "before" ? 0 : 1);
  });

  it.each(["before", "after"] as const)("answers 500 %s the upload took effect", async (when) => {
    const here = await place();
    here.portal.order({ name: "error-500", when, path: "/blank/upload" });
    expect((await submits.upload(here)).status).toBe(500);
    expect(effects(here.portal)).toBe(when === "before" ? 0 : 1);
  });

  it("that does not say where waits for 取號", async () => {
    const here = await place();
    const orders: FaultInput[] = [
      { name: "cut-submit", when: "after" },
      { name: "answer-lost" },
      { name: "list-late", minutes: 90 },
      { name: "someone-else-at-submit" },
      { name: "download-broken", kind: "html" },
    ];
    for (const order of orders) here.portal.order(order);
    await imported(here, here.line(9, 0));
    expect((await uploadList(here.visitor)).rows.map(({ state }) => state)).toEqual(["處理失敗"]);
    expect(await (await details(here.visitor)).text()).toContain("行號");
    expect(lines(here.portal, "fault")).toEqual([]);
    await expect(here.visitor.take({ period: "11604", books: 1 })).rejects.toThrow(TypeError);
  });

  it("never answers although the upload took effect", async () => {
    const here = await place();
    here.portal.order({ name: "answer-lost", at: "upload" });
    const answered = submits.upload(here).then(
      () => "answered",
      () => "closed",
    );
    await expect.poll(() => effects(here.portal)).toBe(1);
    const meanwhile = uploadList(here.visitor).then(({ total }) => `${total} in the list`);
    expect(await Promise.race([answered, meanwhile])).toBe("1 in the list");
  });

  it("shows the upload in the list only later, and imports it all the same", async () => {
    const here = await place();
    here.portal.order({ name: "list-late", minutes: 90, at: "upload" });
    await submits.upload(here);
    here.portal.clock.advance(89);
    expect([(await uploadList(here.visitor)).total, (await blankList(here.visitor)).total]).toEqual([0, 1]);
    here.portal.clock.advance(2);
    expect((await uploadList(here.visitor)).rows).toMatchObject([{ time: "2027-01-03 09:10:00", state: "已完成" }]);
  });

  it("finds the session dead at the upload", async () => {
    const here = await place();
    here.portal.order({ name: "session-expired", path: "/blank/upload" });
    expect((await submits.upload(here)).status).toBe(401);
    expect(effects(here.portal)).toBe(0);
  });

  it("keeps the job from one company's uploads for some hours", async () => {
    const here = await place();
    const other = "24681353";
    here.portal.order({ name: "import-late", times: 2, hours: 2, ban: shop.ban });
    await submits.upload(here);
    await control(here.portal, "/someone-else-uploads", { ban: other, file: "wrong" });
    const done = (): string[] => lines(here.portal, "blank-import").map(({ ban, portalTime }) => ban + portalTime);
    here.portal.clock.advance(60);
    expect(done()).toEqual([`${other}2027-01-03T10:05:00+08:00`]);
    here.portal.clock.advance(300);
    expect(done().slice(1)).toEqual([`${shop.ban}2027-01-03T14:05:00+08:00`]);
  });

  it.each<[FaultInput, string]>([
    [{ name: "import-error" }, "系統處理逾時(ERR-9001)，請洽客服專線"],
    [{ name: "import-error", text: "資料庫忙碌" }, "資料庫忙碌"],
  ])("fails a file for a reason that is not in it: %o", async (fault, text) => {
    const here = await place();
    here.portal.order(fault);
    await imported(here, here.line(0, 9));
    expect([(await uploadList(here.visitor)).rows[0]?.state, (await blankList(here.visitor)).total]).toEqual([
      "處理失敗",
      0,
    ]);
    expect(await (await details(here.visitor)).text()).toContain(`,,,,,,,,${text}\r\n`);
    await imported(here, here.line(0, 9));
    expect((await blankList(here.visitor)).total).toBe(1);
  });
});

describe("what nobody knows of the job", () => {
  it("is what the configuration says: the waiting word, and the minute at which it runs", async () => {
    const { portal, visitor, line } = await place({ blank: { waitingWord: "待處理", importMinute: 40 } });
    await visitor.uploadBlanks({ period: ENDED, file: line(0, 9) });
    expect((await uploadList(visitor)).rows.map(({ state }) => state)).toEqual(["待處理"]);
    portal.clock.advance(31);
    expect(lines(portal, "blank-import")).toMatchObject([{ portalTime: "2027-01-03T09:40:00+08:00" }]);
  });
});
