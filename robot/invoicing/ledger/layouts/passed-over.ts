import { numbersIn, plainCell } from "../numbers.ts";

/** Words of a row that adds up others. */
const TOTAL = /合計|小計|總計|累計|加總|總額|總筆數|總張數|^(?:sub)?total/i;

/** Words with which titles, remarks and page footers begin. */
const NOTE =
  /^[※*＊(（【[]?(?:備註|附註|註[一二三四1-9]?[:：.、]|註$|說明|注意|製表|列印|印表|頁次|頁數|頁碼|第.{1,6}頁|共.{1,8}(?:頁|筆|張|列)|查詢|期間|資料期間|報表|以下空白|以上|捐贈|資料來源|匯出|下載|產生時間|產出|主管|覆核|經辦|審核|核准|公司名稱|營業人名稱|公司[:：]|營業人[:：]|統一編號[:：]|統編[:：]|電話|地址|page ?[0-9]|printed|note)/i;

/** A page number alone in its row: `3`, `- 3 -`, `3/12`, `第 3 頁`. */
const PAGE_NUMBER = /^-?[0-9]{1,3}(?:\/[0-9]{1,3})?-?$/;

/** What a row without an invoice is: it adds up, remarks, or nothing of both is known. */
export type PassedOver = "total" | "note" | null;

/**
 * Whether the row adds up others or is a remark, a title or a footer, by its first filled cell or the cell where a number would stand.
 */
export function passedOver(cells: readonly string[], numberText: string): PassedOver {
  const filled = cells.filter((cell) => cell.trim() !== "");
  const [first = ""] = filled;
  const texts = [first, numberText].map((text) => text.normalize("NFKC").trim());
  if (texts.some((text) => TOTAL.test(text.replaceAll(/\s/g, "")))) return "total";
  if (texts.some((text) => NOTE.test(text))) return "note";
  if (filled.length === 1 && cells.length > 1 && PAGE_NUMBER.test(first.replaceAll(/\s/g, ""))) return "note";
  return null;
}

/** Whether some cell says that the row adds up others. */
export function addsUp(cells: readonly string[]): boolean {
  return cells.some((cell) => TOTAL.test(cell.replaceAll(/\s/g, "")) && cell.length <= 12);
}

/** Invoice numbers that stand anywhere in the row, also with track and digits in two cells that adjoin. */
export function numbersOfRow(cells: readonly string[]): string[] {
  const single = cells.flatMap((cell) => numbersIn(cell));
  const pairs = cells.slice(0, -1).flatMap((cell, index) => {
    const [track, digits] = [plainCell(cell), plainCell(cells[index + 1] ?? "")];
    return /^[A-Z]{2}$/.test(track) && /^[0-9]{8}$/.test(digits) ? [`${track}${digits}`] : [];
  });
  return [...single, ...pairs];
}
