import { describe, expect, test } from "vitest";
import { planImport } from "../../../robot/console/roster/plan-import.ts";
import { pasted, readRosterFile, readRosterText } from "../../../robot/console/roster/read-roster.ts";
import { rosterTemplate } from "../../../robot/console/roster/write-roster.ts";
import { writeSheet } from "../../../robot/invoicing/reading/xlsx.ts";

const SET = [
  {
    name: "晨光小舖",
    ubn: "04595257",
    user: "robot",
    books: 2,
    noticeAddress: "a@example.test",
    answerers: ["王會計"],
  },
  { name: "山海商行", ubn: "12345675", identity: "agent", blanksReportedBy: { name: "盟立", day: 6 } },
];

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
async function workbook(rows: readonly (string | number)[][]): Promise<Uint8Array> {
  const [head = [], ...body] = rows;
  const columns = head.map((title) => ({ header: String(title), width: 10, format: "General" }));
  const pieces: Uint8Array[] = [];
  for await (const piece of writeSheet(
    "名冊",
    columns,
    (async function* () {
      for (const row of body) yield [...row];
    })(),
  )) {
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

describe("what a roster changes", () => {
  test("a column that is there and empty clears its setting; one that is not there leaves it", () => {
    const { rows, faults } = readRosterText(
      "公司名稱\t統一編號\t取用本數\t通知信箱\n晨光小舖\t04595257\t\tb@example.test\n",
    );
    expect(faults).toEqual([]);
    const plan = planImport(SET, rows);
    expect(plan).toMatchObject({ added: 0, updated: 1, cleared: 1, unchanged: 0, notListed: 1, faults: [] });
    expect(plan.changes[0]?.cells).toEqual([
      { column: "取用本數", before: "2", after: "" },
      { column: "通知信箱", before: "a@example.test", after: "b@example.test" },
    ]);
    const { books: _books, ...kept } = SET[0] ?? {};
    expect(plan.companies).toEqual([{ ...kept, noticeAddress: "b@example.test" }, SET[1]]);
  });

  test("營業人 written for an agent takes the identity back, and an empty 空白號碼由誰上傳 the reporter", () => {
    const { rows } = readRosterText("公司名稱,統一編號,登入身分,空白號碼由誰上傳,上傳日\n山海商行,12345675,營業人,,\n");
    const plan = planImport(SET, rows);
    expect(plan.companies[1]).toEqual({ name: "山海商行", ubn: "12345675" });
    expect(plan.cleared).toBe(3);
  });

  test("a new day keeps the reporter, a new reporter keeps the day", () => {
    const day = planImport(SET, readRosterText("公司名稱,統一編號,上傳日\n山海商行,12345675,5\n").rows);
    expect(day.companies[1]).toMatchObject({ blanksReportedBy: { name: "盟立", day: 5 } });
    const name = planImport(SET, readRosterText("公司名稱,統一編號,空白號碼由誰上傳\n山海商行,12345675,鯨躍\n").rows);
    expect(name.companies[1]).toMatchObject({ blanksReportedBy: { name: "鯨躍", day: 6 } });
  });

  test("a roster that says what is set changes nothing", () => {
    const { rows } = readRosterText("統一編號,公司名稱,平台帳號\n4595257,晨光小舖,robot\n");
    expect(planImport(SET, rows)).toMatchObject({ changes: [], unchanged: 1, companies: SET });
  });

  test("who is not in the roster stays, who is new comes with the zeros that a spreadsheet took", () => {
    const { rows } = readRosterText("公司名稱,統一編號\n新客戶,4595257\n");
    const plan = planImport([], rows);
    expect(plan).toMatchObject({ added: 1, companies: [{ name: "新客戶", ubn: "04595257" }] });
  });

  test("what is shown and what is adopted are one roster: cells with tabs, quotes and lines survive the form", () => {
    const { rows } = readRosterText('公司名稱,統一編號,平台帳號\n"甲 ""A"" 店",04595257,\n乙,12345675,x\n');
    expect(readRosterText(pasted(rows)).rows.map(({ cells }) => cells)).toEqual(rows.map(({ cells }) => cells));
  });
});

describe("what can't be taken is said by line, column, what was seen and what to do", () => {
  test.each([
    ["公司名稱,統一編號,登入身分\n甲,04595257,會計師\n", 2, "登入身分", "會計師"],
    ["公司名稱,統一編號,取用本數\n甲,04595257,兩本\n", 2, "取用本數", "兩本"],
    ["公司名稱,統一編號,取用本數\n甲,04595257,1.5\n", 2, "取用本數", "1.5"],
    ["公司名稱,統一編號,通知信箱\n甲,04595257,a@b.test;c@d.test\n", 2, "通知信箱", "a@b.test;c@d.test"],
    ["公司名稱,統一編號,空白號碼由誰上傳,上傳日\n甲,04595257,盟立,11\n", 2, "上傳日", "11"],
    ["公司名稱,統一編號,空白號碼由誰上傳,上傳日\n甲,04595257,,6\n", 2, "上傳日", "6"],
    ["公司名稱,統一編號\n甲,12345678\n", 2, "統一編號", "12345678"],
    ["公司名稱,統一編號\n,04595257\n", 2, "公司名稱", "是空的"],
    ["公司名稱,統編,統一編號\n甲,04595257,04595257\n", 1, "統一編號", "第 2 欄和第 3 欄都是「統一編號」"],
  ])("%j", (text, line, column, seen) => {
    const { faults } = readRosterText(text);
    expect(faults).toEqual([{ line, column, seen, remedy: expect.stringMatching(/.{4}/) }]);
  });

  test("two rows of one company, two companies of one name", () => {
    const twice = readRosterText("公司名稱,統一編號\n甲,04595257\n乙,4595257\n");
    expect(planImport([], twice.rows).faults).toMatchObject([
      { line: 3, column: "統一編號", seen: "04595257 和第 2 列重複" },
    ]);
    const named = readRosterText("公司名稱,統一編號\n晨光小舖,12345675\n");
    expect(planImport(SET, named.rows).faults).toMatchObject([{ line: 2, column: "公司名稱" }]);
  });

  test("a file that is no roster: other columns, nothing below them, a page, a cell too many", async () => {
    expect((await readRosterFile(bytes("名字,號碼\n甲,1\n"))).faults).toMatchObject([{ line: 1, seen: "名字、號碼" }]);
    expect((await readRosterFile(bytes("公司名稱,統一編號\n"))).faults).toHaveLength(1);
    expect((await readRosterFile(bytes("<html><body>登入</body></html>"))).faults).toHaveLength(1);
    expect((await readRosterFile(bytes("公司名稱,統一編號\n甲,04595257,多\n"))).faults).toMatchObject([{ line: 2 }]);
    expect((await readRosterFile(new Uint8Array([0x50, 0x4b, 3, 4, 1, 2]))).faults).toHaveLength(1);
  });

  test("a column that is none of the roster's is named", () => {
    expect(readRosterText("公司名稱,統一編號,備註\n甲,04595257,老客戶\n")).toMatchObject({
      ignored: ["備註"],
      faults: [],
    });
  });
});

describe("workbooks", () => {
  test("numbers of a workbook are read as people see them", async () => {
    const { rows, faults } = await readRosterFile(
      await workbook([
        ["公司名稱", "統編", "本數"],
        ["甲", 4595257, 3],
      ]),
    );
    expect(faults).toEqual([]);
    expect(planImport([], rows).companies).toEqual([{ name: "甲", ubn: "04595257", books: 3 }]);
  });

  test("the template has every column and no company", async () => {
    const { faults, ignored } = await readRosterFile(await rosterTemplate());
    expect([ignored, faults]).toEqual([[], [expect.objectContaining({ seen: "欄位名稱下面沒有公司" })]]);
  });
});
