import { expect, onTestFinished, test } from "vitest";
import { AGREE, approvalQuestion, type ApprovalRequest } from "../../../robot/engine/effects/approval.ts";
import { askPerson, readAnswer } from "../../../robot/engine/people/questions.ts";
import { enterRun } from "../../../robot/engine/runs/runs.ts";
import { takeTracks } from "../../../flows/take-tracks.ts";
import { openOffice } from "../../support/kit/console/console.ts";
import { officeCompanies } from "../../support/kit/console/office.ts";

const REQUEST: ApprovalRequest = {
  digest: "a".repeat(64),
  effect: "submit-take",
  address: "https://portal.test",
  fields: { 發票期別: "11602", 取用本數: "5" },
  others: [{ name: "停止使用", value: "✓" }],
  file: null,
  odd: [],
  shown: [],
  picture: null,
};

test("an act is agreed to by whoever may operate and is named for the company, and by nobody else; each sees the whole form", async () => {
  const office = await openOffice(officeCompanies(1));
  onTestFinished(() => office.close());
  const { store } = office.assembled;
  const [company] = office.config.companies;
  const { run } = await enterRun(store, {
    flow: takeTracks,
    company: { name: company?.name ?? "", ubn: company?.ubn ?? "" },
    input: takeTracks.parse({ period: "11602", category: "07", books: 5 }),
    startedBy: "test",
  });
  const [looker, operator, manager] = await Promise.all(
    (["look", "operate", "manage"] as const).map((role) => office.visitor(role)),
  );
  const asked = await askPerson(store, run.id, "approval", approvalQuestion("提交取號", REQUEST), {
    timeout: 60_000,
    answerers: ["測試manage"],
  });
  const path = `/questions/${asked.id}/answer`;
  const said = { answer: AGREE, version: "1" };
  expect((await looker?.post(path, said))?.status).toBe(403);
  expect((await operator?.post(path, said))?.status).toBe(400);
  expect(await readAnswer(store, asked.id)).toBeNull();
  for (const visitor of [looker, operator, manager]) {
    const text = (await visitor?.get("/questions"))?.text ?? "";
    for (const shown of ["取用本數", "停止使用", "沒有改過", "https://portal.test"]) expect(text).toContain(shown);
  }
  expect((await manager?.post(path, said))?.status).toBe(303);
  expect(await readAnswer(store, asked.id)).toMatchObject({ answer: AGREE, by: "測試manage" });
});
