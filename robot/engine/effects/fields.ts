import type { Fields, FormState } from "../../../selectors/pages.ts";

/** The first label whose value differs, in words. With `shown`, labels that the page does not show are not compared. */
export function firstDifference(wanted: Fields, held: Fields, which: "all" | "shown"): string | null {
  for (const [label, value] of Object.entries(wanted)) {
    const seen = held[label];
    if (seen === undefined && which === "shown") continue;
    if (seen !== value) return `${label}：要「${value}」，頁面是「${seen ?? "（沒有這一欄）"}」`;
  }
  return null;
}

/** What would be typed over although the act only adds, in words; null where nothing is. */
export function occupied(untouched: FormState): string | null {
  const held = untouched.find(({ asked, value }) => asked === "adds" && value !== "");
  return held ? `${held.name}：原來有「${held.value}」，不會蓋掉` : null;
}

/**
 * The first control that nobody asked for and that no longer holds what it held, in words; null where there is none. Controls that appear
 * because of what was chosen are the form's own.
 */
export function strayChange(before: FormState, after: FormState): string | null {
  const now = new Map(after.map((control) => [control.name, control]));
  for (const { name, value, asked } of before) {
    const seen = now.get(name);
    if (asked !== null || (seen && seen.asked !== null)) continue;
    if (seen === undefined && value !== "") return `${name}：原來是「${value}」，現在沒有這一欄了`;
    if (seen !== undefined && seen.value !== value)
      return `${name}：原來是「${value}」，現在是「${seen.value}」，但沒有要改它`;
  }
  return null;
}
