import type { Page } from "playwright";
import { readPage } from "../dom/reading/read-page.ts";
import type { PageReading } from "../dom/reading/reading.ts";
import { keyOf } from "../dom/reading/words.ts";

/** 待辦事項 (BTB013W), where the portal leads after the sign-in: how much of what others did for the business it has not confirmed. */
export type Unconfirmed = { readonly job: string; readonly count: number };

const JOB = "作業名稱";
const COUNT = "尚未接收筆數";

/** 尚未接收確認 with its counts, without what has none; empty where the page does not show it. */
export async function unconfirmedOn(page: Page): Promise<Unconfirmed[]> {
  const reading = await readPage(page).catch(() => null);
  return reading === null ? [] : unconfirmedIn(reading);
}

/** The same of a page that has been read. */
export function unconfirmedIn({ lists }: PageReading): Unconfirmed[] {
  return lists.flatMap(({ header, rows }) => {
    const keys = header.map(keyOf);
    const job = keys.indexOf(JOB);
    const count = keys.indexOf(COUNT);
    if (job < 0 || count < 0) return [];
    return rows.flatMap(({ cells }) => {
      const number = Number((cells[count]?.text ?? "").replaceAll(/[,\s筆]/g, ""));
      const name = cells[job]?.text ?? "";
      return name !== "" && Number.isInteger(number) && number > 0 ? [{ job: name, count: number }] : [];
    });
  });
}
