import { expect, onTestFinished, test } from "vitest";
import { NOT_KNOWN } from "../../../robot/picks/not-known.ts";
import { listPicks } from "../../../robot/picks/picks.ts";
import { openRecorder } from "../../../robot/recording/writing/recorder.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import type { NotKnown } from "../../../selectors/page-check.ts";
import { type ConsoleOffice, openOffice, TODAY } from "../../support/kit/console/console.ts";
import { enterRuns, idOf, type MadeUpRun, officeCompanies } from "../../support/kit/console/office.ts";
import { headerOf, JPEG } from "../../support/recording/recording-samples.ts";

const SHOWN: NotKnown = {
  address: "https://portal.example/take",
  page: "take-form",
  width: 1280,
  height: 900,
  parts: [
    {
      id: "take.books",
      name: "取用本數",
      purpose: "要填的欄位",
      changesPortal: false,
      proposals: [{ thing: 0, why: "欄位，不是認得的字" }],
    },
    {
      id: "take.submit",
      name: "提交取號",
      purpose: "按下後會送出、改變平台資料的按鈕",
      changesPortal: true,
      proposals: [{ thing: 1, why: "按鈕，不是認得的字" }],
    },
  ],
  things: [
    {
      words: "丙冊數",
      kind: "欄位",
      box: [10, 20, 100, 24],
      candidates: [{ role: "textbox", name: "丙冊數" }, { label: "丙冊數" }],
      fits: ["take.books"],
    },
    {
      words: "乙交件",
      kind: "按鈕",
      box: [10, 60, 100, 24],
      candidates: [{ role: "button", name: "乙交件" }],
      fits: ["take.submit"],
    },
    { words: "兩個一樣的", kind: "欄位", box: [10, 90, 100, 24], candidates: [], fits: ["take.books"] },
  ],
};

/** A run that stopped at such a page. */
async function stoppedRun({ config, assembled }: ConsoleOffice): Promise<{ id: string; seq: number }> {
  const [company] = config.companies;
  if (company === undefined) throw new Error("An office has a client.");
  const run: MadeUpRun = {
    flow: "take-tracks",
    ubn: company.ubn,
    company: company.name,
    period: "11602",
    at: TODAY,
    outcome: "needs-person",
    failure: "page-changed",
  };
  const recorder = await openRecorder({
    root: config.recordings.folder,
    redactor: new Redactor(),
    noted: () => undefined,
    header: {
      ...headerOf(idOf(run)),
      flow: run.flow,
      company: { name: run.company, ubn: run.ubn },
      startedAt: TODAY.toISOString(),
    },
  });
  const { seq } = await recorder.event(NOT_KNOWN, SHOWN);
  await recorder.picture("取號 失敗", JPEG, { visit: 1 });
  await recorder.end({ outcome: "needs-person", failure: null, summary: null });
  await enterRuns(assembled.store, [{ ...run, folder: recorder.folder }]);
  return { id: idOf(run), seq };
}

test("the page of a run that stopped shows what is most likely; who may only operate picks what changes nothing, and what is picked is looked at once more", async () => {
  const office = await openOffice(officeCompanies(1));
  onTestFinished(() => office.close());
  const { id, seq } = await stoppedRun(office);
  const file = office.config.portal.parts;
  const [looker, operator, manager] = [
    await office.visitor("look"),
    await office.visitor("operate"),
    await office.visitor("manage"),
  ];
  expect((await looker.get(`/runs/${id}`)).text).not.toContain(`id="parts-${seq}"`);
  expect((await looker.get(`/runs/${id}/parts/${seq}`)).status).toBe(403);
  const card = (await operator.get(`/runs/${id}`)).text;
  for (const said of ["這一頁和認識的不一樣", "取用本數", "丙冊數", "就是這個", "「管理」權限"])
    expect(card).toContain(said);
  expect((await manager.get(`/runs/${id}`)).text).toContain("就是這些");

  const map = (await operator.get(`/runs/${id}/parts/${seq}`)).text;
  expect(map).toContain("<svg");
  expect(map).toContain('x="10" y="20" width="100" height="24"');
  // What could not be found again can't be pointed at.
  expect(map).not.toContain("兩個一樣的");
  const chosen = (await operator.get(`/runs/${id}/parts/${seq}?pick=take.books%3A0`)).text;
  expect(chosen).toContain("欄位「丙冊數」；「丙冊數」旁邊的");

  const post = (who: typeof operator, picks: string): ReturnType<typeof operator.post> =>
    who.post(`/runs/${id}/parts/${seq}`, { pick: picks });
  expect((await post(looker, "take.books:0")).status).toBe(403);
  expect((await post(operator, "take.submit:1")).status).toBe(400);
  expect((await post(operator, "take.books:1")).status).toBe(400);
  expect(await listPicks(file)).toEqual([]);
  const taken = await post(operator, "take.books:0");
  expect(taken.status).toBe(303);
  expect(String(taken.headers.location)).toMatch(/^\/runs\/.+\?done=picked$/);
  expect((await post(manager, "take.submit:1")).status).toBe(303);
  expect(await listPicks(file)).toMatchObject([
    { id: "take.books", by: "測試operate", role: "operate", verified: null, awaitsCheck: false },
    { id: "take.submit", by: "測試manage", role: "manage", verified: null, awaitsCheck: true },
  ]);
  const checks = await office.assembled.store
    .selectFrom("runs")
    .select("input")
    .where("flow", "=", "check-pages")
    .execute();
  expect(checks.map(({ input }) => JSON.parse(input))).toEqual([{ page: "take-form" }]);

  expect((await operator.get("/settings/parts")).status).toBe(403);
  const list = (await manager.get("/settings/parts")).text;
  for (const said of ["取用本數", "丙冊數", "測試operate", "還沒有，核對前不會按"]) expect(list).toContain(said);
  expect((await manager.post("/settings/parts/undo", { part: "take.submit" })).status).toBe(303);
  expect((await manager.post("/settings/parts/undo", { part: "take.submit" })).status).toBe(400);
  expect((await listPicks(file)).map((one) => one.id)).toEqual(["take.books"]);
});
