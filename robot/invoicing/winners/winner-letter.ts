import type { Member } from "./members.ts";
import { formatPeriod, isPeriod } from "../values/period.ts";
import { type Winner, holderOf, shownInvoice } from "./winner.ts";

/** Subject and text of the mail to a winner, with places in braces such as `{invoice}`. */
export type LetterTemplate = { readonly subject: string; readonly text: string };

/** The places that a template may have. */
export const LETTER_PLACES = ["name", "company", "period", "invoice", "day", "prize", "amount"] as const;
type LetterPlace = (typeof LETTER_PLACES)[number];

const PLACE = /\{([^{}]*)\}/g;

/** Names in braces that no letter can fill. */
export function unknownPlaces(template: string): string[] {
  return [...template.matchAll(PLACE)]
    .map(([, name = ""]) => name)
    .filter((name) => !LETTER_PLACES.some((known) => known === name));
}

/** How a winner is told. */
export type WinnerNotice = { readonly winner: Winner } & (
  | { readonly way: "mail"; readonly address: string; readonly name: string }
  /** On paper: nobody knows an address, or it wants no mail. */
  | { readonly way: "paper"; readonly why: "no-address" | "opted-out"; readonly name: string }
  /** A line that can't be read: a person has to find out who that is. */
  | { readonly way: "person" }
);

/**
 * Who is notified how, in the order of the lists; an invoice that stands in two lists is told once.
 * @param optedOut addresses in small letters
 */
export function noticesOf(
  winners: readonly Winner[],
  members: ReadonlyMap<string, Member>,
  optedOut: ReadonlySet<string>,
): WinnerNotice[] {
  const seen = new Set<string>();
  return winners.flatMap((winner): WinnerNotice[] => {
    const { invoice, member, carrierClear, carrierHidden } = winner.fields;
    if (!winner.whole || invoice === "") return [{ winner, way: "person" }];
    if (seen.has(invoice)) return [];
    seen.add(invoice);
    const found = [member, carrierClear, carrierHidden]
      .filter((key) => key !== "")
      .map((key) => members.get(key))
      .find((one) => one !== undefined);
    const name = found?.name ?? "";
    const address = found?.address ?? "";
    if (address === "") return [{ winner, way: "paper", why: "no-address", name }];
    if (optedOut.has(address.toLowerCase())) return [{ winner, way: "paper", why: "opted-out", name }];
    return [{ winner, way: "mail", address, name }];
  });
}

/** The mail to one winner. */
export function letterTo(
  { winner, name }: { readonly winner: Winner; readonly name: string },
  { subject, text }: LetterTemplate,
  company: string,
): { readonly subject: string; readonly text: string } {
  const { fields, prize } = winner;
  const values: { readonly [place in LetterPlace]: string } = {
    name: name === "" ? "中獎人" : name,
    company,
    period: isPeriod(fields.period) ? formatPeriod(fields.period, "zh") : fields.period,
    invoice: shownInvoice(fields.invoice),
    day: fields.day,
    prize: prize.name,
    amount: prize.amount === null ? "" : prize.amount.toLocaleString("en"),
  };
  const filled = (template: string): string =>
    template.replaceAll(PLACE, (whole: string, place: string) => {
      const known = LETTER_PLACES.find((one) => one === place);
      return known === undefined ? whole : values[known];
    });
  // A name from a list must not add lines to the head of a mail.
  return { subject: filled(subject).replaceAll(/[\r\n]+/g, " "), text: filled(text) };
}

/**
 * Sheets to print and send by post, one for each winner, as a page that any browser prints: nothing is loaded from anywhere.
 * @param template the same words as in the mail
 */
export function winnerSheets(
  notices: readonly { readonly winner: Winner; readonly name: string }[],
  template: LetterTemplate,
  company: string,
): string {
  const sheets = notices.map((one) => {
    const { subject, text } = letterTo(one, template, company);
    const holder = [one.name, holderOf(one.winner.fields)].filter((part) => part !== "").join("　");
    return `<section><p class="to">${escaped(holder)}</p><h1>${escaped(subject)}</h1><pre>${escaped(text)}</pre></section>`;
  });
  return `<!doctype html>
<html lang="zh-Hant"><meta charset="utf-8"><title>${escaped(company)} 中獎通知</title>
<style>
body { font-family: "Noto Sans TC", "Microsoft JhengHei", sans-serif; margin: 2rem }
section { break-after: page; max-width: 40rem } section:last-child { break-after: auto }
h1 { font-size: 1.2rem } pre { white-space: pre-wrap; font: inherit; line-height: 1.7 } .to { text-align: right }
</style>
${sheets.join("\n")}
</html>
`;
}

const ESCAPES: { readonly [character: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ESCAPES[character] ?? "");
}
