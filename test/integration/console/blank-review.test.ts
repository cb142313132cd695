import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ledgerTeachings } from "../../../robot/engine/people/ledger-teachings.ts";
import { type Answered, openOffice } from "../../support/kit/console/console.ts";

/** The page before an upload of blank numbers is started shows what would be sent. */
const UBN = "12345675";
const OTHER = "04595257";
const office = await openOffice([
  { name: "晨光小舖", ubn: UBN },
  { name: "別家", ubn: OTHER },
]);
afterAll(() => office.close());
const operator = await office.visitor("operate");

const HEADER = "發票號碼,發票日期,狀態,賣方統編\r\n";
const ledger = (count: number, word = "開立"): string =>
  HEADER +
  Array.from({ length: count }, (_, at) => `AB${String(at).padStart(8, "0")},2026/09/01,${word},${UBN}\r\n`).join("");

async function review(text: string, field = "invoices", company = UBN): Promise<Answered> {
  const form = new FormData();
  const fields = { csrf: await operator.csrf(), flow: "upload-blank-numbers", company, period: "11510" };
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set(field, new File([text], field === "file" ? "blank.csv" : "發票明細.csv"));
  const body = new Response(form);
  const headers = {
    "content-type": body.headers.get("content-type") ?? "",
    origin: new URL(office.console.url).origin,
  };
  return operator.send("POST", "/start/review", headers, new Uint8Array(await body.arrayBuffer()));
}

/** The tracks of the period as an earlier run has downloaded them. */
async function downloaded(): Promise<void> {
  const bytes = readFileSync(join(import.meta.dirname, "../../fixtures/cases/tracks.csv"));
  const path = join(office.folder, "tracks.csv");
  await writeFile(path, bytes);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const at = new Date().toISOString();
  const about = { run_id: "run-1", ubn: UBN, kind: "tracks", period: "11510", category: "07", at };
  await office.assembled.store
    .insertInto("files")
    .values({ path, name: "tracks.csv", sha256, ...about })
    .execute();
}

describe("the page before blank numbers are uploaded", () => {
  it("says that the numbers can't be computed yet where no tracks of the period were downloaded", async () => {
    const { status, text } = await review(ledger(3));
    expect([status, text]).toEqual([200, expect.stringContaining("這一期的字軌還沒有下載過")]);
  });

  it("shows ranges, counts, how the ledger was read, and each odd place with its figures", async () => {
    await downloaded();
    const { status, text } = await review(ledger(3));
    expect(status).toBe(200);
    expect(text).toContain("配號 50 號，使用 3 號，空白 <strong>47</strong> 號");
    expect(text).toContain("AB 00000003-00000049（47 號）");
    expect(text).toContain("開立 3 列");
    expect(text).toContain("明細最後一張發票是 2026-09-01，離期末（2026-10-31）還有 60 天");
    expect((await review(ledger(50))).text).toContain("沒有空白號碼，不用上傳");
    expect((await review(HEADER)).text).toContain("50 號都會報成空白");
  });

  it("says what can't be right, and of a given file of blank numbers its ranges and counts", async () => {
    const twice = await review(`${ledger(3)}AB00000000,2026/09/01,開立,${UBN}\r\n`);
    expect(twice.text).toMatch(/AB00000000 在明細裡重複出現.*這樣不會送出/);
    const file = await review(`00001,${UBN},11510,AB,00000010,00000049,07\r\n`, "file");
    expect(file.text).toContain("配號 50 號，使用 10 號，空白 <strong>40</strong> 號");
    expect(file.text).toContain("AB 00000010-00000049（40 號）");
  });

  it("reads a ledger as it was explained before for this company, and says so; for another company it asks", async () => {
    const layout = "invoice-table|發票號碼|發票日期|狀態|賣方統編";
    expect((await review(ledger(3, "已結案"))).text).toContain("「已結案」");
    const memory = ledgerTeachings(office.assembled.store, { id: "run-1", ubn: UBN });
    await memory.keep(layout, { columns: {}, statuses: { 已結案: "issued" } }, "王會計");
    const known = await review(ledger(3, "已結案"));
    expect(known.text).toMatch(/沿用 .+ 王會計 對這家公司這種明細的說明/);
    expect(known.text).toContain("AB 00000003-00000049（47 號）");
    const other = await review(ledger(3, "已結案"), "invoices", OTHER);
    expect(other.text).not.toContain("沿用");
    expect(other.text).toContain("這個狀態算開立、作廢、還是沒有用？");
  });
});
