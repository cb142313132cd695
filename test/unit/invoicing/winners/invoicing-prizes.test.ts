import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { fileOfBytes } from "../../../../robot/invoicing/reading/table.ts";
import { prizeByCode, prizeByWords } from "../../../../robot/invoicing/values/prize.ts";
import { readWinners } from "../../../../robot/invoicing/winners/winning-list.ts";

describe("prizes", () => {
  test.each([
    ["D", "雲端發票獎 500 元", 500],
    ["E", "雲端發票獎 800 元", 800],
  ])("code %s is %s", (code, name, amount) => {
    expect(prizeByCode(code, null)).toEqual({ prize: { code, name, amount } });
    expect(prizeByCode(code, amount)).toEqual({ prize: { code, name, amount } });
  });

  test.each([
    ["雲端發票獎 500 元", "D"],
    ["雲端發票獎500元", "D"],
    ["雲端發票專屬獎500元", "D"],
    ["雲端發票專屬500元獎", "D"],
    ["雲端發票專屬五百元獎", "D"],
    ["５００元雲端發票獎", "D"],
    ["雲端發票專屬獎 800元", "E"],
    ["雲端發票專屬八百元獎", "E"],
    ["雲端發票專屬2,000元獎", "B"],
    ["雲端發票專屬2千元獎", "B"],
    ["雲端發票專屬百萬元獎", "C"],
    ["雲端發票專屬獎 1,000,000 元", "C"],
    ["雲端發票專屬100萬元獎", "C"],
    ["統一發票六獎", "6"],
    ["增開六獎", "6"],
    ["六獎（200元）", "6"],
    ["特別獎 1,000萬元", "A"],
    ["特獎", "0"],
    ["D", "D"],
  ])("a list that says 「%s」 means code %s", (words, code) => {
    expect(prizeByWords(words, null).prize.code).toBe(code);
  });

  test("a prize for cloud invoices without an amount in its name is known by what it pays", () => {
    expect(prizeByWords("雲端發票專屬獎", 500).prize.code).toBe("D");
    expect(prizeByWords("雲端發票專屬獎", 800).prize.code).toBe("E");
    expect(prizeByWords("雲端發票專屬獎", null).prize).toEqual({ code: "", name: "雲端發票專屬獎", amount: null });
    expect(prizeByWords("某某獎", 500).prize).toEqual({ code: "", name: "某某獎", amount: 500 });
  });

  test("the ministry's list with code D is read without a remark", async () => {
    const bytes = await readFile(new URL("../../../fixtures/cases/c06-winners.txt", import.meta.url));
    const remarks: string[] = [];
    const winners = await Array.fromAsync(
      readWinners("winning-list", fileOfBytes("c06-winners.txt", bytes), {
        onFault: () => undefined,
        onRemark: ({ text }) => remarks.push(text.zh),
      }),
    );
    expect(winners.map(({ prize }) => prize)).toEqual([
      { code: "D", name: "雲端發票獎 500 元", amount: 500 },
      { code: "E", name: "雲端發票獎 800 元", amount: 800 },
      { code: "6", name: "六獎", amount: 200 },
      { code: "B", name: "雲端發票獎 2,000 元", amount: 2_000 },
    ]);
    expect(remarks).toEqual([]);
  });
});
