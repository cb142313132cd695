import { z } from "zod";

const found = z.object({ month: z.coerce.number(), day: z.coerce.number(), hour: z.coerce.number() });

/** Half of the day before an hour, such as 下午; minutes; 時, 點 or a colon. */
const MOMENT =
  /(?:(?:(?<year>\d{2,4})\s*[年/.-])?\s*(?<month>\d{1,2})\s*[月/.-])?\s*(?<day>\d{1,2})\s*日?\s*(?:[(（][一二三四五六日週星期]+[)）])?\s*(?<half>[上下]午|中午|凌晨|晚上)?\s*(?<hour>\d{1,2})\s*(?:[:：時點]\s*(?<minute>\d{1,2})?)/gu;

/**
 * Until when an outage that the portal announced lasts, as its page says: 「115年12月18日18時至12月20日10時」. The platform is upgraded each year
 * around the third Friday of December; nobody can work on it then, and waiting is all there is to do.
 * @param words what the page says
 * @param now for the year, where the page gives none
 * @returns Taipei time, `2026-12-20 10:00`; null where the words name no end
 */
export function plannedOutageEnd(words: string, now: Date): string | null {
  // Blanks that may stand anywhere would be tried in every length.
  const plain = words.normalize("NFKC").replaceAll(/\s+/g, " ");
  const moments = [...plain.matchAll(MOMENT)].map(({ groups = {} }) => groups);
  if (!/至|到|~|～|-|—/u.test(words) || moments.length < 2) return null;
  const last = moments.at(-1) ?? {};
  const earlier = moments.at(-2) ?? {};
  const read = found.safeParse({ ...last, month: last["month"] ?? earlier["month"] });
  if (!read.success) return null;
  const { month, day, hour } = read.data;
  const printed = Number(last["year"] ?? earlier["year"] ?? Number.NaN);
  const year = Number.isNaN(printed) ? new Date(now.getTime() + 8 * 3_600_000).getUTCFullYear() : yearOf(printed);
  const late = last["half"] === "下午" || last["half"] === "晚上";
  const at = late && hour < 12 ? hour + 12 : hour;
  if (month < 1 || month > 12 || day < 1 || day > 31 || at > 24) return null;
  return `${year}-${pad(month)}-${pad(day)} ${pad(at)}:${pad(Number(last["minute"] ?? 0))}`;
}

/** Years of the Republic have three digits at most. */
function yearOf(printed: number): number {
  return printed < 1_000 ? printed + 1_911 : printed;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
