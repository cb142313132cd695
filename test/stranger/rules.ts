// What this imitation knows of the business: periods, quotas, takes. Written from the facts alone; it shares nothing with
// the practice portal under test/portal.

export type Company = {
  ubn: string;
  name: string;
  account: string;
  password: string;
  /** 可取用本數 of every period and category. */
  quota: number;
  /** 取號電子郵件信箱; the portal takes nothing while it is empty. */
  mailboxes: string[];
};

export type Category = "07" | "08";
export const CATEGORY_NAMES: Record<Category, string> = { "07": "一般稅額計算", "08": "特種稅額計算" };

export type Run = { track: string; begin: string; end: string };
export type Take = {
  id: number;
  ubn: string;
  period: string;
  category: Category;
  books: number;
  extra: number;
  at: number;
  runs: Run[];
};
export type TakeState = "否" | "已配號，檢核中" | "是";

/** `YYYMM`, ROC year and even month, of the two-month period holding this instant in Taiwan. */
export function periodAt(time: number): string {
  const taipei = new Date(time + 8 * 3_600_000);
  const month = taipei.getUTCMonth() + 1;
  return writePeriod(taipei.getUTCFullYear(), month + (month % 2));
}

export function periodAfter(period: string): string {
  const { year, month } = readPeriod(period);
  return month === 12 ? writePeriod(year + 1, 2) : writePeriod(year, month + 2);
}

export function periodBefore(period: string): string {
  const { year, month } = readPeriod(period);
  return month === 2 ? writePeriod(year - 1, 12) : writePeriod(year, month - 2);
}

/** `2026年11-12期`, as the screens print it. */
export function periodOnScreen(period: string): string {
  const { year, month } = readPeriod(period);
  return `${year}年${pad(month - 1)}-${pad(month)}期`;
}

/** `2026/11~2026/12`, as the file prints it: CE year, no blanks around the tilde. */
function periodInFile(period: string): string {
  const { year, month } = readPeriod(period);
  return `${year}/${pad(month - 1)}~${year}/${pad(month)}`;
}

function readPeriod(period: string) {
  return { year: Number(period.slice(0, 3)) + 1911, month: Number(period.slice(3)) };
}

function writePeriod(year: number, month: number): string {
  return `${year - 1911}${pad(month)}`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

/** The books of a take, in two tracks, with numbers that need their leading zeros. */
export function allocate(period: string, books: number, serial: number): Run[] {
  const first = Math.ceil(books / 2);
  const letters = "QWERTYUPAS";
  const seed = Number(period) + serial;
  const track = (offset: number) => `${letters[(seed + offset) % 10]}${letters[(seed + offset + 3) % 10]}`;
  const run = (name: string, start: number, count: number): Run => ({
    track: name,
    begin: String(start).padStart(8, "0"),
    end: String(start + count * 50 - 1).padStart(8, "0"),
  });
  const runs = [run(track(0), 41_250 + serial * 1_000, first)];
  if (books > first) runs.push(run(track(1), 7_300_050 + serial * 1_000, books - first));
  return runs;
}

export function trackFile(takes: Take[]): string {
  const lines = takes.flatMap((take) =>
    take.runs.map((run) =>
      [
        take.ubn,
        take.category,
        CATEGORY_NAMES[take.category],
        periodInFile(take.period),
        run.track,
        run.begin,
        run.end,
      ].join(","),
    ),
  );
  return `營業人統編,發票類別代號,發票類別,發票期別,發票字軌名稱,發票起號,發票迄號\n${lines.join("\n")}\n`;
}

/** Why the portal refuses this take, in its own words; undefined when it is allowed. */
export function refusal(
  company: Company,
  earlier: Take[],
  wish: { period: string; books: number; extra: number },
  now: number,
): string | undefined {
  const current = periodAt(now);
  if (company.mailboxes.length === 0) return "請先至「取號電子郵件信箱維護」建立通知配號結果之電子郵件信箱";
  if (wish.period !== current && wish.period !== periodAfter(current)) return "僅可取用本期及下期發票號碼";
  const taken = earlier.reduce((sum, take) => sum + take.books + take.extra, 0);
  if (taken === 0 && wish.books < 1) return "請輸入取用本數";
  if (taken > 0 && (wish.books > 0 || wish.extra < 1)) return "本期別已取號，如需增加請填寫增加本數";
  if (taken + wish.books + wish.extra > company.quota) return "取用本數合計不得大於可取用本數";
  return undefined;
}
