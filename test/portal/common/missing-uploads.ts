import type { Session } from "../model/sign-in.ts";

/** 漏上傳資料清冊 of one period as the practice portal writes it; the real layout is not known. Null where nothing is missing. */
export function missingUploads({ company }: Session, period: string): { name: string; content: Buffer } | null {
  const lines = company.missing.filter((one) => one.period === period);
  if (lines.length === 0) return null;
  const rows = lines.map(({ number, day }, index) => [index + 1, company.ban, number, day, "尚未上傳"].join(","));
  const text = ["項次,營業人統編,發票號碼,發票日期,原因", ...rows].map((row) => `${row}\r\n`).join("");
  return { name: `missing-${company.ban}-${period}.csv`, content: Buffer.from(text, "utf8") };
}
