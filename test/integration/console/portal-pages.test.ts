import { expect, onTestFinished, test } from "vitest";
import { checkPages } from "../../../flows/check-pages.ts";
import { keepNoticeList } from "../../../flows/keep-notice-list.ts";
import { isStopping, notePages, pageStates } from "../../../robot/engine/runs/page-states.ts";
import { endRun, enterRun, updateRun } from "../../../robot/engine/runs/runs.ts";
import { portalOrigin } from "../../../robot/config/portal-origin.ts";
import { openOffice } from "../../support/kit/console/console.ts";
import { officeCompanies } from "../../support/kit/console/office.ts";

const LIST = { page: "notice-list", title: "取號電子郵件信箱維護" } as const;
const PROBLEM = "要 「新增」（notice-list.add）；看到 相近的有 「加入」";

test("平台頁面 shows what a check did not know, part by part, and which jobs wait; whoever may operate lets them run all the same", async () => {
  const office = await openOffice(officeCompanies(2));
  onTestFinished(() => office.close());
  const { store } = office.assembled;
  const [looker, operator] = await Promise.all((["look", "operate"] as const).map((role) => office.visitor(role)));
  expect((await looker?.get("/pages"))?.text).toContain("還沒有檢查過");
  const company = office.config.companies[0] ?? { name: "", ubn: "" };
  const { run } = await enterRun(store, { flow: checkPages, company, input: {}, startedBy: "test" });
  const parts = [
    { id: "notice-list.add", name: "新增", by: null, elements: 0, milliseconds: 12 },
    { id: "notice-list.address", name: "電子郵件", by: "text「電子郵件」（label）", elements: 1, milliseconds: 7 },
  ];
  const result = {
    outcome: "done" as const,
    pages: [{ ...LIST, problem: PROBLEM, parts, local: false }],
    notes: ["和上一次不同：取號電子郵件信箱維護 上次認得"],
  };
  await endRun(store, run.id, { outcome: "needs-person", failure: null, result });
  const address = portalOrigin(office.config);
  await notePages(store, { address, runId: run.id }, [
    { ...LIST, problem: PROBLEM },
    { page: "winning-lists", title: "中獎清冊下載", problem: null },
  ]);
  for (const one of office.config.companies) {
    const held = await enterRun(store, { flow: keepNoticeList, company: one, input: {}, startedBy: "排程" });
    await updateRun(store, held.run.id, { state: "needs-person" });
  }
  const text = (await operator?.get("/pages"))?.text ?? "";
  const shown = [PROBLEM, "notice-list.add", "這一頁沒有", "7 毫秒", "上次認得", "取號Email維護", "現在等著的有 2 件"];
  for (const said of shown) expect(text).toContain(said);
  expect(text.indexOf(LIST.title)).toBeLessThan(text.indexOf("中獎清冊下載"));
  // Told once, and not for each company.
  const overview = (await operator?.get("/"))?.text ?? "";
  expect(overview.split("平台的頁面不認得")).toHaveLength(2);
  expect(overview).toContain("2 件作業停著");
  expect((await looker?.post("/pages/notice-list/overrule", {}))?.status).toBe(403);
  expect((await pageStates(store, address)).filter(isStopping)).toHaveLength(1);
  expect((await operator?.post("/pages/winning-lists/overrule", {}))?.status).toBe(400);
  expect((await operator?.post("/pages/notice-list/overrule", {}))?.status).toBe(303);
  expect((await pageStates(store, address)).filter(isStopping)).toEqual([]);
  expect((await operator?.get("/pages"))?.text).toContain("測試operate 決定照樣執行");
  const audit = await store
    .selectFrom("audit")
    .select(["action", "result"])
    .where("action", "=", "overrule-page")
    .execute();
  expect(audit.map((one) => one.result)).toEqual(["role-missing", "wrong-use", "done"]);
});
