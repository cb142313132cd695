/** Two months, named by the code that files print: ROC year and even month. */
export type PeriodCode = string;

/** The period a day belongs to, counted in Taipei. */
export function periodOn(day: Date): PeriodCode {
  const taipei = new Date(day.getTime() + 8 * 3_600_000);
  const month = taipei.getUTCMonth() + 1;
  return code(taipei.getUTCFullYear() - 1911, month + (month % 2));
}

export function periodAfter(period: PeriodCode, steps = 1): PeriodCode {
  const { year, month } = parts(period);
  const months = year * 12 + month - 2 + steps * 2;
  return code(Math.floor(months / 12), (months % 12) + 2);
}

export function parts(period: PeriodCode): { readonly year: number; readonly month: number } {
  return { year: Number(period.slice(0, 3)), month: Number(period.slice(3)) };
}

/** `115/11 ~ 115/12` */
export function slashed(period: PeriodCode, joint = " ~ "): string {
  const { year, month } = parts(period);
  return `${year}/${two(month - 1)}${joint}${year}/${two(month)}`;
}

/** `2026年11-12月期` */
export function western(period: PeriodCode): string {
  const { year, month } = parts(period);
  return `${year + 1911}年${two(month - 1)}-${two(month)}月`;
}

/** `115年11-12月` */
export function local(period: PeriodCode): string {
  const { year, month } = parts(period);
  return `${year}年${two(month - 1)}-${two(month)}月`;
}

/** A moment as pages print it. */
export function stamp(time: Date): string {
  return new Date(time.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace("T", " ");
}

function code(year: number, month: number): PeriodCode {
  return `${year}${two(month)}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
