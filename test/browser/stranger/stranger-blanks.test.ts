import { createHash } from "node:crypto";
import { describe, expect, type TestContext, test, vi } from "vitest";
import { deletionFields } from "../../../robot/invoicing/blank-numbers/deletion.ts";
import { parsePeriod } from "../../../robot/invoicing/values/period.ts";
import { monitorDialogs } from "../../../selectors/dom/windows/dialogs.ts";
import type {
  BlankNumbersPage,
  SubmissionForm,
  PortalAnswer,
  UploadForm,
  UploadRequest,
} from "../../../selectors/pages.ts";
import { pressOnce } from "../../../selectors/submit/press-once.ts";
import { SignedInPortal } from "../../../selectors/portal/signed-in-portal.ts";
import { periodAt, periodBefore } from "../../stranger/rules.ts";
import { keptBrowser } from "../../support/kit/kept-browser.ts";
import { quickBrowser } from "../../support/kit/quick-browser.ts";
import { BUILT_IN, type Stranger, startStranger, type StrangerOptions } from "../../stranger/start.ts";

// Each visit waits more than it works.
vi.setConfig({ maxConcurrency: 2 });

const ENDED = parsePeriod(periodBefore(periodAt(Date.now())));
const host = keptBrowser({ headless: true, executable: quickBrowser() });

const STRANGERS: StrangerOptions[] = [
  { dropdowns: "native", table: "one", labels: "ids", errors: "toast", confirm: "box" },
  { dropdowns: "drawn", table: "split", labels: "beside", errors: "inline", confirm: "browser" },
  { dropdowns: "drawn", table: "one", labels: "placeholder", errors: "inline", confirm: "none", links: "menu" },
  { dropdowns: "native", table: "split", labels: "placeholder", errors: "toast", confirm: "box" },
];
const named = STRANGERS.map((habits) => ({ habits, name: Object.values(habits).join(", ") }));

interface Visit {
  readonly stranger: Stranger;
  readonly blanks: BlankNumbersPage;
}

/** A stranger with these habits and so many runs of blank numbers, and a session there. */
async function visit(
  { onTestFinished }: Pick<TestContext, "onTestFinished">,
  habits: StrangerOptions,
  runs = 0,
): Promise<Visit> {
  const stranger = await startStranger(habits);
  onTestFinished(() => stranger.close());
  const begins = Array.from({ length: runs }, (_, index) => String(50 + index * 100).padStart(8, "0"));
  const listed = begins.map((begin) => ({ track: "QK", begin, end: begin.replace(/..$/, "99") }));
  stranger.blanks.list(BUILT_IN.ubn, ENDED, listed);
  const opened = await host.newContext();
  onTestFinished(() => opened.close());
  const page = await opened.context.newPage();
  const dialogs = monitorDialogs(page);
  await page.goto(`${stranger.url}/accounts/login`);
  await page.evaluate((token) => sessionStorage.setItem("token", token), stranger.session(BUILT_IN.ubn));
  await page.goto(`${stranger.url}/dashboard/btb/btb013w`);
  return { stranger, blanks: await (await SignedInPortal.enter("current", { page, dialogs })).blankNumbers() };
}

async function filled(blanks: BlankNumbersPage, request: UploadRequest): Promise<UploadForm> {
  const form = await blanks.uploadForm();
  await form.fill(request);
  return form;
}

/** Presses, and agrees to what is asked. */
async function carriedOut(form: SubmissionForm): Promise<PortalAnswer> {
  await pressOnce(form.submit);
  const confirmation = await form.confirmation();
  if (confirmation) await pressOnce(confirmation.confirm);
  return form.answer();
}

describe.concurrent("blank numbers on a portal with other markup", () => {
  test.for(named)("are read to the end of the list and deleted: $name", async ({ habits }, context) => {
    const { stranger, blanks } = await visit(context, habits, 14);
    const all = await blanks.list(ENDED);
    expect(all.map(({ begin }) => begin)).toEqual(stranger.blanks.listed.map(({ begin }) => begin));
    const chosen = all.slice(7, 9);
    const { form, fill } = await blanks.deletion(ENDED, chosen);
    await fill();
    expect(await form.readBack()).toEqual(deletionFields(chosen));
    expect(await carriedOut(form)).toMatchObject({ kind: "accepted", words: expect.stringContaining("刪除成功") });
    expect(stranger.ledger().deletions).toEqual([{ ubn: BUILT_IN.ubn, ids: [8, 9] }]);
  });

  test.for(named)("are uploaded, and their failure told: $name", async ({ habits }, context) => {
    const { stranger, blanks } = await visit(context, { ...habits, importedAfter: 0 });
    expect(await blanks.list(ENDED)).toEqual([]);
    const bytes = Buffer.from(`00001,${BUILT_IN.ubn},${ENDED},QK,00000050,00000099,7\r\n`);
    const form = await filled(blanks, { period: ENDED, file: { name: "空白.csv", bytes } });
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    expect(await form.readBack()).toEqual({ 字軌期別: ENDED, 檔案上傳路徑: "空白.csv", "檔案 SHA-256": sha256 });
    expect(await carriedOut(form)).toMatchObject({ kind: "accepted", words: expect.stringContaining("上傳完成") });
    expect(stranger.ledger().uploads).toEqual([
      { ubn: BUILT_IN.ubn, period: ENDED, name: "空白.csv", sha256, refused: null },
    ]);
    const uploads = await blanks.uploads();
    expect(uploads).toMatchObject([{ state: "failed", stateText: "處理失敗" }]);
    const details = await blanks.failureDetails(uploads[0]?.fileName ?? "");
    expect(Buffer.from(details.bytes).toString("utf8")).toContain("統編格式錯誤");
  });
});

describe.concurrent("a refusal of an upload", () => {
  test.for(named.slice(0, 2))("is told with the portal's words: $name", async ({ habits }, context) => {
    const { stranger, blanks } = await visit(context, habits);
    const closed = parsePeriod(periodBefore(ENDED));
    const form = await filled(blanks, { period: closed, file: { name: "空白.csv", bytes: Buffer.from("1") } });
    expect(await carriedOut(form)).toMatchObject({
      kind: "refused",
      words: expect.stringContaining("您選擇之字軌期別非上傳期間"),
      reason: "window",
    });
    expect(stranger.ledger().uploads).toMatchObject([{ refused: "您選擇之字軌期別非上傳期間" }]);
  });
});
