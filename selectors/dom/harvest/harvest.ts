import { reversibleSpecs, submitSpecs } from "../local/known-parts.ts";
import { match } from "../reading/match.ts";
import type { PageReading } from "../reading/reading.ts";
import { anonymised } from "./anonymise.ts";
import { rebuilt } from "./rebuild.ts";

/** A page as it was read, without anybody's data. */
export interface HarvestedPage {
  readonly format: 1;
  readonly page: string;
  /** What people call it. */
  readonly title: string;
  /** Each part that was looked for on it, and as which control it is recognised in the reading; null where it is not. */
  readonly parts: { readonly [id: string]: string | null };
  /** Parts that were recognised on the page itself and no longer are, since what they are called was taken for somebody's data. */
  readonly lost: readonly string[];
  readonly reading: PageReading;
  /** The same as a page that a browser shows. */
  readonly html: string;
}

/**
 * @param about.parts what was looked for, by id
 * @param known words of the installation that are to go wherever they stand
 */
export function harvested(
  reading: PageReading,
  about: { readonly page: string; readonly title: string; readonly parts: readonly string[] },
  known: readonly string[],
): HarvestedPage {
  const clean = anonymised(reading, known);
  const before = recognised(reading, about.parts);
  const parts = recognised(clean, about.parts);
  const lost = about.parts.filter((id) => before[id] !== null && before[id] !== parts[id]);
  return { format: 1, page: about.page, title: about.title, parts, lost, reading: clean, html: rebuilt(clean) };
}

/** As which control, or which words, each part is recognised on a reading: by its kind, its frame and its handle there; null where it is not. */
export function recognised(reading: PageReading, ids: readonly string[]): { readonly [id: string]: string | null } {
  const specs = [...reversibleSpecs(), ...submitSpecs()];
  return Object.fromEntries(
    ids.map((id) => {
      const spec = specs.find((one) => one.id === id);
      const found = spec === undefined ? null : match(reading, spec);
      if (found === null || found.found !== "one") return [id, null];
      const { control, line } = found.what;
      return [
        id,
        control === null ? `words ${line.frame}/${line.id}` : `${control.kind} ${control.frame}/${control.id}`,
      ];
    }),
  );
}
