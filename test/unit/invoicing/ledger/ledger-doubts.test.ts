import { expect, test } from "vitest";
import type { LedgerEntry } from "../../../../robot/invoicing/ledger/entry.ts";
import { type Doubt, type LedgerOptions, readLedger } from "../../../../robot/invoicing/ledger/read-ledger.ts";
import { STATUS_WORDS, type StatusMeaning, statusReader } from "../../../../robot/invoicing/ledger/vocabulary.ts";
import type { Fault } from "../../../../robot/invoicing/problems/problems.ts";
import { sourceOf } from "../invoicing-support.ts";

async function read(
  text: string,
  options: Partial<LedgerOptions> = {},
): Promise<{ entries: LedgerEntry[]; said: { fault: Fault; doubt: Doubt }[] }> {
  const said: { fault: Fault; doubt: Doubt }[] = [];
  const entries: LedgerEntry[] = [];
  const onFault = (fault: Fault, doubt: Doubt): void => void said.push({ fault, doubt });
  const file = sourceOf(new TextEncoder().encode(text), "ledger.csv", 64);
  for await (const entry of readLedger(file, { onFault, ...options })) entries.push(entry);
  return { entries, said };
}

test("a file of words, without a table, is no ledger in which nothing was issued", async () => {
  const { entries, said } = await read("本月發票如附件\n請查收\n");
  expect(entries).toEqual([]);
  expect(said.map(({ doubt }) => doubt)).toContain("numbers");
});

test("a column that a person named, and that no row has, is named in what is said", async () => {
  const { said } = await read("甲,乙\n一,二\n", { columns: { number: "憑證號", date: "甲" } });
  expect(said.map(({ fault, doubt }) => [fault.code, fault.column, doubt])).toEqual([
    ["column-missing", "憑證號", "numbers"],
  ]);
});

test.for([
  ["date", "checks"],
  ["seller", "checks"],
  ["status", "numbers"],
] as const)("a %s column that was named and is missing is a doubt about the %s", async ([field, doubt]) => {
  const { said } = await read("發票號碼,發票日期,狀態,賣方統編\nAB00000001,2026/11/03,開立,12345675\n", {
    columns: { [field]: "沒有這一欄" },
  });
  expect(said).toMatchObject([{ fault: { code: "column-missing", column: "沒有這一欄" }, doubt }]);
});

test("a row for each item says so, so that the items of one invoice are not taken for a number used twice", async () => {
  const { entries } = await read("發票號碼,發票日期,狀態,品名\nAB00000001,2026/11/03,開立,蛋糕\n");
  expect(entries).toMatchObject([{ number: "00000001", perItem: true }]);
});

test("a row whose status was taught to say nothing about the number is no use of it, unless the row itself is in doubt", async () => {
  const header = "發票號碼,發票日期,狀態,賣方統編";
  const statuses = { 試印: "not-a-use" } as const;
  const plain = await read(`${header}\nAB00000001,2026/11/03,試印,12345675\n`, { statuses });
  expect(plain).toEqual({ entries: [], said: [] });
  const cut = await read("發票日期,賣方統編,狀態,發票號碼\n2026/11/03,12345675,試印\n", { statuses });
  expect(cut.said.map(({ doubt }) => doubt)).toContain("numbers");
});

/** Written out a second time on purpose: a word that changes its meaning makes a used number a blank one, or the other way round. */
const MEANINGS: Readonly<Record<StatusMeaning, string>> = {
  issued:
    "開立 已開立 開立已確認 開立未確認 開立待確認 開立成功 開立完成 發票開立 發票已開立 已使用 使用 發票開立成功 開立發票 已開 " +
    "待作廢 作廢中 作廢失敗 待註銷 註銷中 註銷失敗 Issued issued",
  voided:
    "作廢 已作廢 作廢已確認 作廢未確認 作廢待確認 作廢成功 發票作廢 發票已作廢 專案作廢 退回 已退回 退回已確認 退回未確認 " +
    "作廢發票 作廢完成 誤開作廢 Void VOIDED Voided",
  cancelled: "註銷 已註銷 註銷已確認 發票註銷 註銷發票 註銷成功 註銷完成 註銷未確認 註銷待確認",
  allowance: "折讓 已折讓 折讓作廢 折讓已確認 銷貨退回 銷退 Allowance",
  blank: "空白 未使用 空白未使用 空白發票 空白號碼 空白字軌 空白未用 Blank Unused",
  undecided: "待開立 未開立 尚未開立 開立中 開立失敗 開立異常 未開 待開 等待開立 預約開立 開立處理中",
  "not-a-use": "",
};

test("every status word means what it meant, and no other word is known", () => {
  const reader = statusReader({});
  const words = Object.entries(MEANINGS).flatMap(([meaning, all]) =>
    all.split(" ").flatMap((word) => (word === "" ? [] : [{ word, meaning }])),
  );
  for (const { word, meaning } of words) expect([word, reader(word)]).toEqual([word, { meaning, taught: false }]);
  expect(STATUS_WORDS.filter(({ word }) => !words.some((one) => one.word === word))).toEqual([]);
  for (const word of ["", "已結案", "開立?", "處理中", "成功"]) expect([word, reader(word)]).toEqual([word, null]);
});

test.for([
  ["已開立(已上傳)", "issued"],
  ["已開立／未上傳", "issued"],
  ["已開立未上傳", "issued"],
  ["作廢（上傳成功）", "voided"],
  ["空白-已上傳", "blank"],
  ["0:開立", "issued"],
  ["作廢(C)", "voided"],
  ["1. 註銷", "cancelled"],
] as const)("%s is made of known words and means %s", ([word, meaning]) => {
  expect(statusReader({})(word)).toEqual({ meaning, taught: false });
});

/** How far the data got says nothing of the number; words that contradict one another are a person's to judge. */
test.for([
  "已上傳",
  "待上傳",
  "上傳失敗",
  "開立/空白",
  "空白作廢",
  "空白/作廢",
  "開立(失敗)",
  "1",
  "V",
  "0:1",
  "開立、註銷",
  "-",
])("%s does not say whether the number was used", (word) => {
  expect(statusReader({})(word)).toBeNull();
});

/** 格式代號 of the 媒體申報檔, from the filing instructions: sales with an invoice, allowances for sales, purchases. */
test.for([
  ...["31", "32", "35", "37"].map((code) => [code, "issued"] as const),
  ...["33", "34", "38"].map((code) => [code, "allowance"] as const),
  ...["21", "22", "25", "28", "29"].map((code) => [code, null] as const),
])("格式代號 %s", async ([code, how]) => {
  const { entries, said } = await read(`格式代號,發票號碼,課稅別,銷售人統編\n${code},AB00000001,1,12345675\n`);
  expect(entries.map((entry) => entry.how)).toEqual(how === null ? [] : [how]);
  expect(said.filter(({ doubt }) => doubt === "numbers")).toEqual([]);
});

test.for(["30", "39", "20", "99", "3"])(
  "格式代號 %s is not known: what it says of a number is in doubt",
  async (code) => {
    const { said } = await read(
      `格式代號,發票號碼,課稅別,銷售人統編\n31,AB00000002,1,12345675\n${code},AB00000001,1,12345675\n`,
    );
    expect(said).toMatchObject([{ fault: { code: "media-code-unknown", value: code, line: 3 }, doubt: "numbers" }]);
  },
);
