import { describe, expect, test } from "vitest";
import { loadConfig } from "../../../robot/config/load.ts";
import { fileFormats } from "../../../robot/config/parts/file-formats.ts";
import { Failure } from "../../../robot/failures/failure.ts";
import { DEFAULT_UPLOAD_LAYOUT } from "../../../robot/invoicing/blank-numbers/upload-layout.ts";
import { workplace } from "../../support/kit/installation/workplace.ts";

/** What loading a configuration with these `files` is refused with; empty when it is not. */
async function refusalOf(files: unknown): Promise<string> {
  const place = await workplace();
  const config = await place.put("other.json", JSON.stringify({ portal: { address: "http://127.0.0.1:9" }, files }));
  try {
    await loadConfig(config);
    return "";
  } catch (error) {
    if (error instanceof Failure && error.code === "config-invalid") return error.detail.seen ?? "";
    throw error;
  }
}

describe("files in the configuration", () => {
  test("say nothing: the layout of the facts, the usual columns, no branches", () => {
    const { upload, ledger, branches } = fileFormats.parse({});
    expect(upload).toEqual(DEFAULT_UPLOAD_LAYOUT);
    expect(ledger).toEqual({ columns: {}, statuses: {} });
    expect(branches).toEqual([]);
  });

  test.each([
    ["a column twice", { upload: { columns: ["ubn", "ubn"] } }, "files.upload.columns：欄位重複：ubn"],
    [
      "a needed column left out",
      { upload: { columns: ["ubn", "period", "track", "begin", "end"] } },
      "缺少必要欄位：category",
    ],
    ["an encoding that nobody writes", { upload: { encoding: "latin1" } }, "files.upload.encoding"],
    ["a setting that does not exist", { upload: { colour: "teal" } }, "colour"],
    ["one name for two columns", { ledger: { columns: { date: "狀態" } } }, "兩個欄位都叫「狀態」"],
    ["a number that has no column", { ledger: { columns: { number: null } } }, "files.ledger.columns.number"],
    ["a column without a name", { ledger: { columns: { date: " " } } }, "沒有這一欄請寫 null"],
    ["a status that means nothing", { ledger: { statuses: { 取消: "gone" } } }, "files.ledger.statuses.取消"],
    ["a branch that is no UBN", { branches: [{ head: "12345675", branches: ["12345678"] }] }, "統一編號檢查碼不符"],
    [
      "a head office as its own branch",
      { branches: [{ head: "12345675", branches: ["12345675"] }] },
      "不能是自己的分支機構",
    ],
    [
      "a head office in two places",
      {
        branches: [
          { head: "12345675", branches: ["01234569"] },
          { head: "12345675", branches: ["24681353"] },
        ],
      },
      "總機構 12345675 寫了兩次",
    ],
    [
      "a branch of two head offices",
      {
        branches: [
          { head: "12345675", branches: ["01234569"] },
          { head: "24681353", branches: ["01234569"] },
        ],
      },
      "分支機構 01234569 已經在總機構 12345675 之下",
    ],
  ])("%s is refused, in words and with its place", async (_what, files, named) => {
    expect(await refusalOf(files)).toContain(named);
  });

  test("a ledger may be said to have no date, no status and no seller", async () => {
    expect(await refusalOf({ ledger: { columns: { date: null, status: null, seller: null } } })).toBe("");
  });
});
