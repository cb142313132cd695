import type { FilePage } from "./file-page.ts";

/** 漏上傳資料清冊 of one period as the practice portal writes it: the facts only name it, the real layout is not known. */
export const missingUploads: FilePage = {
  id: "missing",
  title: "漏上傳資料清冊",
  code: "MISSING",
  group: { current: "查詢與下載", classic: "電子發票上傳作業" },
  button: { current: "下載明細", classic: "下載" },
  file({ company }, period) {
    const lines = company.missing.filter((one) => one.period === period);
    if (lines.length === 0) return null;
    const rows = lines.map(({ number, day }, index) => [index + 1, company.ban, number, day, "尚未上傳"].join(","));
    const text = ["項次,營業人統編,發票號碼,發票日期,原因", ...rows].map((row) => `${row}\r\n`).join("");
    return { name: `missing-${company.ban}-${period}.csv`, content: Buffer.from(text, "utf8") };
  },
};
